"""From one report a target to the matrix: a pure function."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import compress

from specgen.comparing.values import CaseRow, CauseRow, Column, Comparison, PageRow, Tally
from specgen.drift.causes import drift_of
from specgen.drift.values import Cause, PageCase, RunReport
from specgen.replay.requirements import NOT_APPLICABLE
from specgen.replay.values import Outcome

__all__ = ["compared"]


def compared(reports: Sequence[RunReport]) -> Comparison:
    """Puts runs of the same cases side by side.

    Args:
        reports: One a target, of the same pages and cases.
    """
    first = reports[0]
    by_case = list(zip(*(report.cases for report in reports), strict=True))
    answered = tuple(report.target is not None for report in reports)
    return Comparison(
        tuple(_column(name, report) for name, report in zip(_names(reports), reports, strict=True)),
        tuple(_pages(by_case, answered)),
        tuple(_causes(reports)),
        tuple(_cases(by_case, answered)),
        first.unreadable,
    )


def _names(reports: Sequence[RunReport]) -> Iterator[str]:
    """What targets are called; one that is asked for twice gets a number."""
    often, so_far = Counter(report.wanted for report in reports), Counter[str]()
    for report in reports:
        so_far[report.wanted] += 1
        number = f" #{so_far[report.wanted]}" if often[report.wanted] > 1 else ""
        yield f"{report.wanted}{number}"


def _column(name: str, report: RunReport) -> Column:
    trouble = report.lost.message if report.lost else report.crashed.strip()
    return Column(name, report.target, trouble, _tally(report.cases), report.duration_s)


def _is_applicable(each: PageCase) -> bool:
    return not each.result.reason.startswith(NOT_APPLICABLE)


def _tally(cases: Iterable[PageCase]) -> Tally:
    cases = tuple(cases)
    counts = Counter(each.result.outcome for each in cases if _is_applicable(each))
    return Tally(
        counts[Outcome.PASSED],
        counts[Outcome.FAILED],
        counts[Outcome.ERROR],
        counts[Outcome.SKIPPED],
        sum(not _is_applicable(each) for each in cases),
    )


def _pages(by_case: Sequence[tuple[PageCase, ...]], answered: Sequence[bool]) -> Iterator[PageRow]:
    pages: dict[str, list[tuple[PageCase, ...]]] = {}
    for together in by_case:
        pages.setdefault(together[0].case.page, []).append(together)
    for page, rows in pages.items():
        tallies = tuple(map(_tally, zip(*rows, strict=True)))
        red = {tally.is_red for tally in compress(tallies, answered) if tally.judged}
        yield PageRow(page, tallies, differs=len(red) > 1)


def _causes(reports: Sequence[RunReport]) -> Iterator[CauseRow]:
    found = [{cause.id: cause for cause in drift_of(report).causes} for report in reports]
    titles: dict[str, Cause] = {}
    for causes in found:
        titles = {**causes, **titles}
    rows = (
        CauseRow(
            cause.id,
            cause.title,
            cause.hint,
            tuple(len(causes[cause.id].cases) if cause.id in causes else 0 for causes in found),
        )
        for cause in titles.values()
    )
    yield from sorted(rows, key=lambda row: (-sum(row.cases), row.title))


def _cases(by_case: Sequence[tuple[PageCase, ...]], answered: Sequence[bool]) -> Iterator[CaseRow]:
    for together in by_case:
        outcomes = tuple(each.result.outcome if _is_applicable(each) else None for each in together)
        judged = [each for each in compress(outcomes, answered) if each is not None]
        if Outcome.PASSED in judged and any(each.is_red for each in judged):
            yield CaseRow(together[0].case.id, outcomes)
