"""What a run came to: each planned case with its result, whatever happened to the session."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence

from specgen.drift.values import PageCase, RunReport
from specgen.errors import ExitCode, worst
from specgen.render.rendered import Planned
from specgen.replay.values import CaseResult, Checks, Outcome

__all__ = [
    "broken_pages",
    "collect",
    "exit_code",
    "page_skips",
    "silent_pages",
    "summary_of",
]


def collect(
    cases: Sequence[Planned],
    results: Mapping[str, CaseResult],
    why_not: Callable[[str], str],
    without: Outcome = Outcome.ERROR,
) -> tuple[PageCase, ...]:
    """Gives every planned case a result; one that has none says why.

    Args:
        cases: In the order of the report.
        results: By the id of the case.
        why_not: Tells by the id of a case why it has no result.
        without: What such a case counts as: an error, or skipped where it was asked for.
    """

    def missing(case: Planned) -> CaseResult:
        why = why_not(case.id)
        message = why if without is Outcome.ERROR else ""
        return CaseResult(case.id, without, why, 0.0, message, Checks(), ())

    return tuple(PageCase(case, results.get(case.id) or missing(case)) for case in cases)


def summary_of(report: RunReport) -> dict[str, object]:
    """The figures of a run: outcomes, and what the passed ones are worth."""
    count = {
        outcome.value: sum(each.result.outcome is outcome for each in report.cases)
        for outcome in Outcome
    }
    passed = [each.result for each in report.cases if each.result.outcome is Outcome.PASSED]
    with_body = sum(result.checks.body > 0 for result in passed)
    with_shape = sum(result.checks.shape > 0 and not result.checks.body for result in passed)
    in_part = sum(result.checks.lenient > 0 for result in passed)
    return {
        "cases": len(report.cases),
        **count,
        "passed_with_body": with_body,
        "passed_in_part": in_part,
        "passed_by_shape": with_shape,
        "passed_status_only": len(passed) - with_body - with_shape,
        "passed_emulated": sum(result.emulated for result in passed),
        "bodies_checked": sum(each.result.checks.body for each in report.cases),
        "statuses_checked": sum(each.result.checks.status for each in report.cases),
        "pages": len(report.pages),
        "pages_without_tests": list(silent_pages(report)),
        "duration_s": report.duration_s,
    }


def silent_pages(report: RunReport) -> tuple[str, ...]:
    """The pages that send no request, or skip every case."""
    alive = {each.case.page for each in report.cases if each.result.outcome is not Outcome.SKIPPED}
    return tuple(each.page for each in report.pages if each.page not in alive)


def broken_pages(report: RunReport) -> tuple[str, ...]:
    """The pages of which something could not be read."""
    in_part = {each.page for each in report.pages if each.unread}
    return tuple(sorted({page for page, _ in report.unreadable} | in_part))


def page_skips(report: RunReport) -> tuple[PageCase, ...]:
    """The cases that their pages skip; not those that a target or an option leaves out."""
    return tuple(each for each in report.cases if each.case.skipped)


def exit_code(
    report: RunReport,
    *,
    require_tests: bool = False,
    max_skipped: int | None = None,
    accepted: Container[str] = (),
) -> ExitCode:
    """The exit code of a run, by the rules of `errors.py`.

    A case that cannot be run since its part of the page cannot be read counts as unreadable.

    Args:
        report: The run.
        require_tests: Whether each page must have a case that was run.
        max_skipped: How many cases pages may skip; None for any number.
        accepted: The ids of red cases that a baseline accepts, so that they are no drift.
    """
    codes = [ExitCode.TRUE]
    if report.interrupted:
        codes.append(ExitCode.INTERRUPTED)
    if report.lost is not None:
        codes.append(ExitCode(report.lost.exit_code))
    red = (each.case for each in report.cases if each.result.outcome.is_red)
    if any(case.id not in accepted for case in red if not case.unread):
        codes.append(ExitCode.DRIFT)
    if require_tests and (silent_pages(report) or not report.cases):
        codes.append(ExitCode.DRIFT)
    if max_skipped is not None and len(page_skips(report)) > max_skipped:
        codes.append(ExitCode.DRIFT)
    if broken_pages(report):
        codes.append(ExitCode.UNREADABLE)
    return worst(codes)
