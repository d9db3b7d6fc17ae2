"""What a generated module raises: the page is wrong, or the case cannot be judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from specgen.replay.findings import Exchange, request_finding
from specgen.replay.values import Finding, Kind

__all__ = ["CannotJudge", "PageDrifted", "timed_out"]

# Of what `pytest.fail` raises pytest makes no traceback, which nobody would see: the words of
# the page are shown instead, and to read the source of each frame takes longer than the case.
if TYPE_CHECKING:

    class _Failed(BaseException):
        def __init__(self, msg: str, pytrace: bool) -> None: ...

else:
    _Failed = pytest.fail.Exception


class PageDrifted(_Failed):
    """The cluster does something else than the page says.

    Attributes:
        findings: Everything that differs in the answer that showed it.
    """

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        told = "; ".join(f"{f.page}:{f.line}: {f.message}" for f in findings)
        super().__init__(told, pytrace=False)
        self.findings = findings


class CannotJudge(_Failed):
    """Setup, target or specgen is at fault, so the page's claim was not put to the test.

    Attributes:
        reason: Why, in one sentence.
        findings: What is known of it, with its place.
    """

    def __init__(self, reason: str, findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(reason, pytrace=False)
        self.reason = reason
        self.findings = findings


def timed_out(message: str, exchange: Exchange) -> CannotJudge:
    """What is raised where a pattern of the page takes too long: that is no answer to it."""
    return CannotJudge(message, (request_finding(Kind.TEXT, exchange, message),))
