"""`specgen coverage` for people: a table of pages, what is missing, and the total."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from itertools import groupby

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from specgen.coverage.report.words import (
    basis_lines,
    request_told,
    state_told,
    total_told,
    unverified_told,
)
from specgen.coverage.values import Count, Coverage, Group, PageCoverage
from specgen.messages import counted, printable
from specgen.source import Span

__all__ = ["tell"]

Shown = Callable[[str], str]

# How many requests that no page documents are listed; the JSON report has all.
MOST = 12
# How narrow the column of pages may get.
LEAST_ROOM = 16


def tell(coverage: Coverage, console: Console, shown: Shown, *, quiet: bool = False) -> None:
    """Prints coverage, the total last.

    Args:
        coverage: What was measured.
        console: Where to print.
        shown: Gives a page's name as people can open it.
        quiet: Print the total alone.
    """
    if not quiet:
        for line in basis_lines(coverage.basis):
            console.print(Text(printable(line), "dim"), soft_wrap=True)
        if coverage.pages:
            console.print(_table(coverage, console.width))
        for part in (_missing, _unverified, _undocumented):
            _block(part(coverage, shown), console)
    console.print(Text(total_told(coverage), "bold"), soft_wrap=True)


def _block(lines: Iterator[str], console: Console) -> None:
    told = tuple(lines)
    for index, line in enumerate(told):
        style = "yellow" if index == 0 else ""
        console.print(Text(printable(line), style), soft_wrap=True)
    if told:
        console.print()


def _table(coverage: Coverage, width: int) -> Table:
    """A row for each page, below one for its folder."""
    table = Table(box=box.SIMPLE_HEAD, show_footer=True, pad_edge=False, collapse_padding=True)
    table.add_column("page", Text("total", "bold"))
    cells = [[_percent(Count.of(coverage.entries, group)) for group in Group]]
    cells += [[_cell(page, group).plain for group in Group] for page in coverage.pages]
    for group, total in zip(Group, cells[0], strict=True):
        table.add_column(group.value, Text(total, "bold"), justify="right", no_wrap=True)
    widths = (max(map(len, column)) + 2 for column in zip(map(str, Group), *cells, strict=True))
    room = max(LEAST_ROOM, width - sum(widths) - 3)
    for folder, pages in groupby(coverage.pages, key=lambda page: _folder(page.page)):
        if folder:
            table.add_row(Text(_wrapped(folder, "", room), "dim"))
        for page in pages:
            name = _wrapped(page.page.removeprefix(folder), "  " if folder else "", room)
            table.add_row(Text(name), *(_cell(page, group) for group in Group))
    return table


def _wrapped(name: str, indent: str, room: int) -> str:
    return textwrap.fill(
        printable(name), room, initial_indent=indent, subsequent_indent=f"{indent}  "
    )


def _folder(page: str) -> str:
    folder, slash, _ = page.rpartition("/")
    return f"{folder}{slash}"


def _cell(page: PageCoverage, group: Group) -> Text:
    count = Count.of(page.entries, group)
    if not count.total:
        return Text("-", "dim")
    return Text(_percent(count), _colour(count))


def _percent(count: Count) -> str:
    return f"{count.covered}/{count.total} {count.whole_percent:>4}" if count.total else "-"


def _colour(count: Count) -> str:
    if count.covered == count.total:
        return "green"
    return "yellow" if count.covered else "red"


def _missing(coverage: Coverage, shown: Shown) -> Iterator[str]:
    missing = [entry for entry in coverage.entries if not entry.covered]
    if missing:
        yield f"{len(missing)} documented, but not covered:"
    for entry in missing:
        yield f"{_place(entry.span, shown)}: {entry.sort.value} {entry.name}: {state_told(entry)}"


def _unverified(coverage: Coverage, shown: Shown) -> Iterator[str]:
    if not coverage.unverified:
        return
    of_all = f"{coverage.unverified} of {counted(coverage.requests, 'request')} of cases"
    yield f"body unverified, only the status is checked: {of_all}"
    for entry in coverage.entries:
        if entry.unverified:
            yield f"{_place(entry.span, shown)}: {entry.name}: {unverified_told(entry)}"


def _undocumented(coverage: Coverage, shown: Shown) -> Iterator[str]:
    requests = coverage.undocumented
    if requests:
        yield f"used by cases, but documented by none of these pages: {len(requests)}"
    for request in requests[:MOST]:
        name = f"{request.method} {request.path}"
        yield f"{_place(request.span, shown)}: {name}: {request_told(request)}"
    if len(requests) > MOST:
        yield f"and {len(requests) - MOST} more (--json lists all)"


def _place(span: Span, shown: Shown) -> str:
    return f"{shown(span.source.path)}:{span.line}"
