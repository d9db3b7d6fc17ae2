"""What would come of skips if they were taken out, read from a replay without them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from specgen.drift.values import PageCase, RunReport, Tried
from specgen.plan.values import Skip, SkipKind
from specgen.replay.values import CaseResult, Finding, Kind, Outcome

__all__ = ["with_tried"]


def with_tried(
    report: RunReport,
    skips: Sequence[Skip],
    results: Mapping[str, CaseResult],
    why_not: Callable[[str], str],
) -> RunReport:
    """The report with what would come of each skip; no verdict in it changes.

    Args:
        report: A run.
        skips: The skips of its cases, in page order.
        results: How the cases ended in a replay without any skip, by id.
        why_not: Tells by the id of a case why it has no result there.
    """
    tried: dict[str, list[Tried]] = {}
    for skip in skips:
        result = results.get(skip.case)
        would = (Outcome.ERROR, why_not(skip.case)) if result is None else _would(skip, result)
        place = skip.span.place
        file = skip.span.source.path
        told = Tried(skip.kind, file, place.line, place.column, skip.reason, *would)
        tried.setdefault(skip.case, []).append(told)
    return replace(report, cases=tuple(_annotated(report.cases, tried)))


def _annotated(
    cases: Sequence[PageCase], tried: Mapping[str, Sequence[Tried]]
) -> Iterator[PageCase]:
    for each in cases:
        yield replace(each, tried=tuple(tried.get(each.case.id, ())))


def _would(skip: Skip, result: CaseResult) -> tuple[Outcome, str]:
    """How a skip would end; a case ends with its first failure, so order tells what held."""
    if result.outcome is Outcome.PASSED:
        return Outcome.PASSED, ""
    if result.outcome is Outcome.SKIPPED:
        return Outcome.SKIPPED, result.reason
    first = next((each for each in result.findings if not _is_remark(each)), None)
    if first is None:
        return result.outcome, result.reason or result.message
    file = first.file or first.page
    here = file == skip.snippet.source.path
    message = f"{'' if here else f'{file}, '}line {first.line}: {first.message}"
    if skip.kind is SkipKind.TEST or not here:
        return result.outcome, message
    last = skip.snippet.source.locate(skip.snippet.end).line
    if first.line > last:
        return Outcome.PASSED, ""
    if first.line < skip.snippet.line:
        return Outcome.ERROR, f"its case fails before it: {message}"
    return result.outcome, message


def _is_remark(finding: Finding) -> bool:
    """Whether it is a deprecation warning that no page tells of: it fails no case by itself."""
    return finding.kind is Kind.WARNING and finding.expected is None
