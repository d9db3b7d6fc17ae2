"""`specgen compare` for people: tables of pages and causes, then the targets."""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from specgen.comparing.report.words import column_told, tally_told, total_told
from specgen.comparing.values import Comparison, Tally
from specgen.messages import counted, printable

__all__ = ["tell"]

# How many causes are shown; the other reports have all.
MOST = 20
# How wide the column of a target is at most: pages have longer names.
WIDEST = 14


def tell(comparison: Comparison, console: Console, *, every: bool = False) -> None:
    """Prints a comparison, what differs last.

    Args:
        comparison: What came of it.
        console: Where to print.
        every: Show pages that are of one colour everywhere, too.
    """
    pages = [row for row in comparison.pages if every or row.differs]
    if pages:
        table = _table(comparison, "page")
        for row in pages:
            table.add_row(Text(printable(row.page)), *map(_cell, row.tallies))
        console.print(table)
    if comparison.causes:
        table = _table(comparison, "cause")
        for cause in comparison.causes[:MOST]:
            counts = (Text(str(each or "-"), "" if each else "dim") for each in cause.cases)
            table.add_row(Text(printable(cause.title)), *counts)
        console.print(table)
    for line in _notes(comparison, shown=len(pages)):
        console.print(Text(printable(line)), soft_wrap=True)
    console.print(Text(total_told(comparison), "bold"), soft_wrap=True)


def _table(comparison: Comparison, first: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(first, overflow="fold", ratio=1)
    for column in comparison.columns:
        name = Text(printable(column.name).replace("-", "-\n", 1))
        table.add_column(name, justify="right", overflow="fold", max_width=WIDEST)
    return table


def _cell(tally: Tally) -> Text:
    style = "red" if tally.is_red else "green" if tally.passed else "dim"
    return Text(tally_told(tally), style)


def _notes(comparison: Comparison, shown: int) -> Iterator[str]:
    if len(comparison.causes) > MOST:
        yield f"and {counted(len(comparison.causes) - MOST, 'more cause')}"
    if others := len(comparison.pages) - shown:
        yield f"{counted(others, 'page is', 'pages are')} of one colour everywhere (-v shows them)"
    for page, reason in comparison.unreadable:
        yield f"{page} was not read: {reason}"
    yield from map(column_told, comparison.columns)
