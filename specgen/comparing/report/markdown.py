"""`specgen compare --markdown`: tables for a pull request or an issue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from specgen.comparing.report.words import column_told, outcome_told, tally_told, total_told
from specgen.comparing.values import Comparison
from specgen.drift.report.markdown_text import plain_markdown

__all__ = ["comparison_markdown"]


def comparison_markdown(comparison: Comparison) -> str:
    """The comparison; a page can put nothing into it but text."""
    return "\n".join(_lines(comparison)) + "\n"


def _lines(comparison: Comparison) -> Iterator[str]:
    names = [column.name for column in comparison.columns]
    yield "# The same pages on several targets"
    yield ""
    yield f"{plain_markdown(total_told(comparison))}."
    yield ""
    for column in comparison.columns:
        yield f"- {plain_markdown(column_told(column))}"
    yield ""
    yield "## Pages"
    yield ""
    rows = ((row.page, *map(tally_told, row.tallies)) for row in comparison.pages)
    yield from _table(("page", *names), rows)
    if comparison.causes:
        yield "## Causes"
        yield ""
        causes = ((each.title, *map(_count, each.cases)) for each in comparison.causes)
        yield from _table(("cause", *names), causes)
    if comparison.cases:
        yield "## Green here, red there"
        yield ""
        cases = ((each.case, *map(outcome_told, each.outcomes)) for each in comparison.cases)
        yield from _table(("case", *names), cases)
    for page, reason in comparison.unreadable:
        yield f"- {plain_markdown(page)} was not read: {plain_markdown(reason)}"


def _count(cases: int) -> str:
    return str(cases or "-")


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield _row(head)
    yield f"|---|{'---:|' * (len(head) - 1)}"
    yield from map(_row, rows)
    yield ""


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(map(plain_markdown, cells))} |"
