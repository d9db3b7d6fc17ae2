"""What a run came to: each planned case with its result, whatever happened to the session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from specgen.errors import ExitCode, worst
from specgen.plan.values import Case, PagePlan
from specgen.problems import Problem, Severity
from specgen.replay.events import TargetLost
from specgen.replay.values import CaseResult, Checks, Outcome
from specgen.target.values import TargetInfo

__all__ = [
    "PageCase",
    "RunReport",
    "broken_pages",
    "collect",
    "exit_code",
    "silent_pages",
    "summary_of",
]


@dataclass(frozen=True, slots=True)
class PageCase:
    """A planned case and how it ended."""

    case: Case
    result: CaseResult


@dataclass(frozen=True, slots=True)
class RunReport:
    """A whole run.

    Attributes:
        plans: The pages that were read, in order.
        cases: Every planned case that was selected, in page and case order.
        wanted: The target as it was asked for, without credentials.
        target: What is known of it; None if it was never open.
        lost: Why no further case was run; None if nothing happened.
        unreadable: Pages that could not be read at all, with the reason.
        interrupted: Whether a person stopped the run.
        emulated: Whether specgen itself answered one of the requests.
        duration_s: Seconds from start to end.
        crashed: What the session printed if it ended in a way that nobody planned.
    """

    plans: tuple[PagePlan, ...]
    cases: tuple[PageCase, ...]
    wanted: str
    target: TargetInfo | None
    lost: TargetLost | None
    unreadable: tuple[tuple[str, str], ...]
    interrupted: bool
    duration_s: float
    crashed: str = ""

    @property
    def emulated(self) -> bool:
        """Whether specgen itself answered a request of one of the cases."""
        return any(each.result.emulated for each in self.cases)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the pages themselves, in page order."""
        return tuple(problem for plan in self.plans for problem in plan.problems)


def collect(
    cases: Sequence[Case],
    results: Mapping[str, CaseResult],
    why_not: str,
    without: Outcome = Outcome.ERROR,
) -> tuple[PageCase, ...]:
    """Gives every planned case a result; one that has none says why.

    Args:
        cases: In the order of the report.
        results: By the id of the case.
        why_not: Why a case has no result.
        without: What such a case counts as: an error, or skipped where it was asked for.
    """
    message = why_not if without is Outcome.ERROR else ""

    def missing(case: Case) -> CaseResult:
        return CaseResult(case.id, without, why_not, 0.0, message, Checks(), ())

    return tuple(PageCase(case, results.get(case.id) or missing(case)) for case in cases)


def summary_of(report: RunReport) -> dict[str, object]:
    """The figures of a run: outcomes, and what the passed ones are worth."""
    count = {
        outcome.value: sum(each.result.outcome is outcome for each in report.cases)
        for outcome in Outcome
    }
    passed = [each.result for each in report.cases if each.result.outcome is Outcome.PASSED]
    with_body = sum(result.checks.body > 0 for result in passed)
    return {
        "cases": len(report.cases),
        **count,
        "passed_with_body": with_body,
        "passed_status_only": len(passed) - with_body,
        "passed_emulated": sum(result.emulated for result in passed),
        "bodies_checked": sum(each.result.checks.body for each in report.cases),
        "statuses_checked": sum(each.result.checks.status for each in report.cases),
        "pages": len(report.plans),
        "pages_without_tests": list(silent_pages(report)),
        "duration_s": round(report.duration_s, 3),
    }


def silent_pages(report: RunReport) -> tuple[str, ...]:
    """The pages that send no request, or skip every case."""
    alive = {each.case.page for each in report.cases if each.result.outcome is not Outcome.SKIPPED}
    return tuple(plan.page for plan in report.plans if plan.page not in alive)


def broken_pages(report: RunReport) -> tuple[str, ...]:
    """The pages of which something could not be read."""
    in_part = {
        plan.page
        for plan in report.plans
        if any(problem.severity is Severity.ERROR for problem in plan.problems)
    }
    return tuple(sorted({page for page, _ in report.unreadable} | in_part))


def exit_code(report: RunReport, *, require_tests: bool = False) -> ExitCode:
    """The exit code of a run, by the rules of `errors.py`.

    A case that cannot be run since its part of the page cannot be read counts as unreadable.
    """
    codes = [ExitCode.TRUE]
    if report.interrupted:
        codes.append(ExitCode.INTERRUPTED)
    if report.lost is not None:
        codes.append(ExitCode(report.lost.exit_code))
    bad = {Outcome.FAILED, Outcome.ERROR}
    unread = _unread(report)
    judged = (each for each in report.cases if (each.case.page, each.case.blocked) not in unread)
    if any(each.result.outcome in bad for each in judged):
        codes.append(ExitCode.DRIFT)
    if require_tests and (silent_pages(report) or not report.cases):
        codes.append(ExitCode.DRIFT)
    if broken_pages(report):
        codes.append(ExitCode.UNREADABLE)
    return worst(codes)


def _unread(report: RunReport) -> set[tuple[str, str]]:
    """Pages with what keeps a case of them from being run: its text, not its setup."""
    return {
        (plan.page, problem.message)
        for plan in report.plans
        for problem in plan.problems
        if problem.severity is Severity.ERROR and problem.code != "unknown-setup"
    }
