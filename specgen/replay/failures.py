"""What a generated module raises: the page is wrong, or the case cannot be judged."""

from __future__ import annotations

from specgen.replay.values import Finding

__all__ = ["CannotJudge", "PageDrifted"]


class PageDrifted(AssertionError):
    """The cluster does something else than the page says.

    Attributes:
        findings: Everything that differs in the answer that showed it.
    """

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("; ".join(f"{f.page}:{f.line}: {f.message}" for f in findings))
        self.findings = findings


class CannotJudge(Exception):
    """Setup, target or specgen is at fault, so the page's claim was not put to the test.

    Attributes:
        reason: Why, in one sentence.
        findings: What is known of it, with its place.
    """

    def __init__(self, reason: str, findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.findings = findings
