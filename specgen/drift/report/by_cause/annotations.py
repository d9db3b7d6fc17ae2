"""`specgen drift --github`: annotations as GitHub Actions reads them from a job's output."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from specgen.drift.report.by_cause.words import level_of, message_told, place_of, unjudged_of
from specgen.drift.report.github import annotation
from specgen.drift.values import Cause, HeldDrift
from specgen.messages import printable, printable_lines

__all__ = ["drift_annotations"]

Shown = Callable[[str], str]


def drift_annotations(held: HeldDrift, shown: Shown) -> Iterator[str]:
    """A line for each finding that nobody accepted, and for each case that nobody could judge.

    GitHub shows only the first ten of a step: one of each cause comes before all others.
    """
    lines = [[*_annotations(held, cause, shown)] for cause in held.drift.causes]
    yield from (first for first, *_ in filter(None, lines))
    yield from (line for _, *others in filter(None, lines) for line in others)


def _annotations(held: HeldDrift, cause: Cause, shown: Shown) -> Iterator[str]:
    for index in cause.findings:
        if index in held.accepted:
            continue
        finding = held.drift.findings[index].finding
        file, line, column = place_of(finding)
        text = f"{message_told(finding)}\ncause: {cause.title}"
        level, path = level_of(finding), printable(shown(file))
        yield annotation(level, path, line, column, finding.kind.value, printable_lines(text))
    for each in unjudged_of(held, cause):
        why = each.result.reason or each.result.message
        path = printable(shown(each.case.file))
        yield annotation("error", path, each.case.line, 1, "not-judged", printable_lines(why))
