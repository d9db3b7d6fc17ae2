"""`specgen coverage --json`: every entry with its state, for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from specgen.coverage.values import Basis, Count, Coverage, Entry, Group, PageCoverage, UsedRequest

__all__ = ["coverage_document"]

Document = dict[str, Any]


def coverage_document(coverage: Coverage) -> Document:
    """The document that `schemas/coverage.schema.json` describes."""
    return {
        "schema": 1,
        "basis": _basis(coverage.basis),
        "summary": {
            **_counts(coverage.entries),
            "requests": coverage.requests,
            "unverified": coverage.unverified,
            "pages": len(coverage.pages),
            "pages_without_contract": coverage.silent,
        },
        "pages": [_page(page) for page in coverage.pages],
        "undocumented": [_request(request) for request in coverage.undocumented],
    }


def _basis(basis: Basis) -> Document:
    return {
        "kind": "measured" if basis.results else "planned",
        "results": basis.results or None,
        "cases": basis.cases,
        "skipped": basis.skipped,
        "blocked": basis.blocked,
        "not_passed": basis.not_passed,
        "not_run": basis.not_run,
        "emulated": basis.emulated,
    }


def _counts(entries: Sequence[Entry]) -> Document:
    groups = {group.value: _count(Count.of(entries, group)) for group in Group}
    return {**_count(Count.of(entries)), **groups}


def _count(count: Count) -> Document:
    percent = None if count.percent is None else round(count.percent, 2)
    return {"covered": count.covered, "total": count.total, "percent": percent}


def _page(page: PageCoverage) -> Document:
    return {
        "page": page.page,
        "title": page.title,
        **_counts(page.entries),
        "entries": [_entry(entry, page.page) for entry in page.entries],
    }


def _entry(entry: Entry, page: str) -> Document:
    place, file = entry.span.place, entry.span.source.path
    requests = {"requests": entry.requests, "unverified": entry.unverified}
    return {
        "kind": entry.sort.value,
        "name": entry.name,
        **({"file": file} if file != page else {}),
        "line": place.line,
        "column": place.column,
        "state": entry.state.value,
        "covered": entry.covered,
        "cases": list(entry.cases),
        **(requests if entry.sort.group is Group.ENDPOINTS else {}),
    }


def _request(request: UsedRequest) -> Document:
    place = request.span.place
    return {
        "method": request.method,
        "path": request.path,
        "page": request.span.source.path,
        "line": place.line,
        "column": place.column,
        "cases": list(request.cases),
        "documented_methods": list(request.documented),
    }
