"""`specgen coverage --html`: one file for a browser, without script and without other files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from specgen.coverage.report.words import (
    basis_lines,
    request_told,
    state_label,
    state_told,
    total_told,
    unverified_told,
)
from specgen.coverage.values import Count, Coverage, Entry, Group, PageCoverage, State, UsedRequest
from specgen.messages import counted, printable
from specgen.render.browser import browser_report

__all__ = ["coverage_html"]

Shown = Callable[[str], str]
View = dict[str, Any]

# How much of a line of a page is shown.
LONGEST_LINE = 240


def coverage_html(coverage: Coverage, shown: Shown) -> str:
    """The report; a page can put nothing into it but text.

    Args:
        coverage: What was measured.
        shown: Gives a page's name as people can open it.
    """
    pages = [_page(page, number) for number, page in enumerate(coverage.pages, 1)]
    unverified = [entry for page in pages for entry in page["entries"] if entry["unverified"]]
    view = {
        "basis": [printable(line) for line in basis_lines(coverage.basis)],
        "percent": Count.of(coverage.entries).whole_percent,
        "total": _sentence(total_told(coverage)),
        "figures": [_figure("all", Count.of(coverage.entries)), *_cells(coverage.entries)],
        "groups": [group.value for group in Group],
        "cells": _cells(coverage.entries),
        "pages": pages,
        "silent": _silent(coverage),
        "unverified": unverified,
        "unverified_told": _unverified(coverage),
        "undocumented": [_request(each, shown) for each in coverage.undocumented],
    }
    return browser_report("coverage.html.j2", view, "coverage.css")


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _silent(coverage: Coverage) -> str:
    if not coverage.silent:
        return ""
    pages = counted(coverage.silent, "page documents", "pages document")
    return f"{pages} no endpoint, parameter, field or code."


def _unverified(coverage: Coverage) -> str:
    requests = counted(coverage.requests, "request")
    return f"Of {requests} that cases send, {coverage.unverified} are held against no response."


def _figure(name: str, count: Count) -> View:
    tone = "good" if count.covered == count.total else "part" if count.covered else "bad"
    return {
        "name": name,
        "covered": count.covered,
        "total": count.total,
        "percent": count.whole_percent,
        "tone": tone if count.total else "",
    }


def _cells(entries: Sequence[Entry]) -> list[View]:
    return [_figure(group.value, Count.of(entries, group)) for group in Group]


def _page(page: PageCoverage, number: int) -> View:
    count = Count.of(page.entries)
    return {
        "id": f"page-{number}",
        "page": printable(page.page),
        "title": printable(page.title),
        "told": f"{count.covered} of {count.total} covered, {count.whole_percent}",
        "complete": count.covered == count.total,
        "cells": _cells(page.entries),
        "entries": list(_entries(page, number)),
    }


def _entries(page: PageCoverage, number: int) -> Iterator[View]:
    """The entries as they stand in the page, those of included files after its own."""
    ordered = sorted(page.entries, key=lambda entry: _order(entry, page.page))
    for index, entry in enumerate(ordered, 1):
        source, line = entry.span.source, entry.span.line
        yield {
            "id": f"entry-{number}-{index}",
            "line": line,
            "file": printable(source.path) if source.path != page.page else "",
            "source": _cut(printable(source.line_text(line))),
            "sort": entry.sort.value,
            "name": printable(entry.name),
            "tone": _tone(entry),
            "state": state_label(entry),
            "told": state_told(entry),
            "cases": [printable(case) for case in entry.cases],
            "cases_told": _who(entry),
            "unverified": unverified_told(entry) if entry.unverified else "",
        }


def _order(entry: Entry, page: str) -> tuple[bool, str, int]:
    file = entry.span.source.path
    return file != page, file, entry.span.start


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_LINE else f"{text[:LONGEST_LINE]}…"


def _tone(entry: Entry) -> str:
    tones: Mapping[State, str] = {State.CHECKED: "good covered", State.REQUESTED: "part covered"}
    return tones[entry.state] if entry.covered else "bad"


def _who(entry: Entry) -> str:
    return "Which setups" if entry.state is State.SETUP else "Which cases"


def _request(request: UsedRequest, shown: Shown) -> View:
    return {
        "name": printable(f"{request.method} {request.path}"),
        "place": printable(f"{shown(request.span.source.path)}:{request.span.line}"),
        "beside": request_told(request),
    }
