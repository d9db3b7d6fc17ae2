"""How drift is told: the same words in every report for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from specgen.drift.values import Accepted, CaseFinding, Cause, HeldDrift, PageCase
from specgen.messages import counted
from specgen.replay.telling import message_of_finding
from specgen.replay.values import Finding, Kind

__all__ = [
    "baseline_lines",
    "cause_told",
    "gone_told",
    "level_of",
    "message_told",
    "new_of",
    "pages_of",
    "place_of",
    "sides_of",
    "total_told",
    "typical_of",
    "unjudged_of",
]


def total_told(held: HeldDrift) -> str:
    """The drift of a run in one sentence."""
    drift, report = held.drift, held.drift.report
    red = [each.case for each in report.cases if each.result.outcome.is_red]
    new = [case for case in red if case.id not in held.settled]
    if not red:
        return f"no drift in {counted(len(report.cases), 'case')}"
    causes = [cause for cause in drift.causes if held.is_new(cause)]
    if not causes:
        return f"no new drift in {counted(len(report.cases), 'case')}"
    what = "new drift" if held.accepted else "drift"
    pages = len({case.page for case in new})
    return (
        f"{counted(len(causes), 'cause')} of {what}, in {len(new)} of "
        f"{counted(len(report.cases), 'case')} on {counted(pages, 'page')}"
    )


def baseline_lines(held: HeldDrift) -> Iterator[str]:
    """What the baseline accepts, and what of it is no longer needed."""
    if held.accepted:
        found = counted(len(held.accepted), "finding")
        yield f"{found} accepted by {held.baseline}"
    if held.gone:
        count = sum(each.times for each in held.gone)
        found = counted(count, "accepted finding is", "accepted findings are")
        yield f"{found} gone: --write-baseline takes them out of {held.baseline}"


def gone_told(entry: Accepted) -> str:
    """An accepted finding that is gone, in one line."""
    pointer = f" at {entry.pointer}" if entry.pointer else ""
    came = f": {entry.came}" if entry.came else ""
    return f"{entry.case} {entry.kind.value}{pointer}{came}"


def new_of(held: HeldDrift, cause: Cause) -> tuple[int, ...]:
    """The indexes of those findings of a cause that nobody accepted."""
    return tuple(index for index in cause.findings if index not in held.accepted)


def typical_of(held: HeldDrift, cause: Cause) -> CaseFinding | None:
    """The finding that shows best what a cause is about; None if its cases show none.

    One that nobody accepted, and that is about what the cause is about.
    """
    findings = [held.drift.findings[index] for index in new_of(held, cause) or cause.findings]
    alike = (each for each in findings if each.finding.kind is cause.kind)
    return next(alike, findings[0] if findings else None)


def pages_of(held: HeldDrift, cause: Cause) -> tuple[str, ...]:
    """The pages of a cause, in order."""
    pages = {each.case.id: each.case.page for each in held.drift.report.cases}
    return tuple(dict.fromkeys(pages[case] for case in cause.cases if case in pages))


def cause_told(held: HeldDrift, cause: Cause) -> str:
    """How much of the drift a cause is: its findings, cases and pages."""
    parts = [
        counted(len(cause.findings), "finding") if cause.findings else "",
        counted(len(cause.cases), "case"),
        counted(len(pages_of(held, cause)), "page"),
    ]
    told = ", ".join(filter(None, parts))
    accepted = len(cause.findings) - len(new_of(held, cause))
    return f"{told}; {accepted} accepted" if accepted else told


def place_of(finding: Finding) -> tuple[str, int, int]:
    """The file, line and column of a finding."""
    return finding.file or finding.page, finding.line, finding.column


def sides_of(finding: Finding) -> Sequence[tuple[str, str]]:
    """What each side says; what is wrong in one sentence where there are no two sides."""
    return finding.labels or (("found", finding.message),)


def level_of(finding: Finding) -> str:
    """`warning` for a deprecation warning that no page tells of, `error` for all else."""
    beside = finding.kind is Kind.WARNING and finding.expected is None
    return "warning" if beside else "error"


def message_told(finding: Finding) -> str:
    """A finding in a sentence or two, its sides and its pointer included."""
    message = message_of_finding(finding)
    at = f" at {finding.pointer}" if finding.pointer else ""
    sides = "".join(f"\n{side}: {says}" for side, says in sides_of(finding))
    return f"{message.title}{at}{sides}"


def unjudged_of(held: HeldDrift, cause: Cause) -> tuple[PageCase, ...]:
    """Those cases of a cause that show no finding, but say why they could not be judged."""
    cases = {each.case.id: each for each in held.drift.report.cases}
    found = (cases[case] for case in cause.cases if case in cases)
    return tuple(each for each in found if not each.result.findings)
