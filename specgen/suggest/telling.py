"""What is told of suggestions: lines for people, a document for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from specgen.messages import counted
from specgen.suggest.trying import Found
from specgen.suggest.values import Remark, Suggestion

__all__ = ["document_of", "lines_of", "summary_of"]

# How many reasons are told of one case.
MOST = 8


def lines_of(found: Found, shown: Callable[[str], str]) -> Iterator[str]:
    """Each marker with its reasons, then each case that stays red with its own.

    Args:
        found: What is proposed.
        shown: A page as people can open it.
    """
    for suggestion in found.suggestions:
        yield f"{shown(suggestion.page)}:{suggestion.line}: {_slug(suggestion.case)}"
        yield from (f"  {edit.text}" for edit in suggestion.edits)
        for place in suggestion.places:
            yield f"    {place.pointer}: {place.why}" if place.pointer else f"    {place.why}"
    for case in dict.fromkeys(each.case for each in found.remarks):
        mine = [each for each in found.remarks if each.case == case]
        page, slug = case.partition("::")[0], _slug(case)
        line = next((each.line for each in mine if each.line), 0)
        where = f"{shown(page)}:{line}" if line else shown(page)
        yield f"{where}: {slug} stays red"
        yield from (f"    {_remark(each)}" for each in mine[:MOST])
        if len(mine) > MOST:
            yield f"    and {len(mine) - MOST} more"


def summary_of(found: Found, *, written: bool) -> str:
    """The last line: how many cases ran, and what came of those that were red."""
    steady = len({each.case for each in found.suggestions})
    red = len({each.case for each in found.remarks})
    pages = len({each.page for each in found.suggestions})
    what = f"pass with the markers written to {counted(pages, 'page')}"
    parts = [
        counted(found.cases, "case"),
        f"{found.cases - steady - red} as they should be",
        f"{steady} {what if written else 'would pass with these markers'}",
        f"{red} not to be mended by markers",
    ]
    return ", ".join(parts)


def document_of(found: Found, targets: Sequence[str], times: int, *, written: bool) -> Any:
    """The document that `schemas/suggest.schema.json` describes."""
    return {
        "schema": 1,
        "targets": list(targets),
        "times": times,
        "cases": found.cases,
        "written": written,
        "suggestions": [_suggestion(each) for each in found.suggestions],
        "red": [
            {
                "case": each.case,
                "page": each.case.partition("::")[0],
                "line": each.line,
                "pointer": each.pointer,
                "message": each.message,
            }
            for each in found.remarks
        ],
    }


def _suggestion(suggestion: Suggestion) -> dict[str, object]:
    return {
        "case": suggestion.case,
        "page": suggestion.page,
        "line": suggestion.line,
        "markers": [edit.text for edit in suggestion.edits],
        "places": [
            {"option": each.option.value, "pointer": each.pointer, "why": each.why}
            for each in suggestion.places
        ],
    }


def _slug(case: str) -> str:
    return case.partition("::")[2]


def _remark(remark: Remark) -> str:
    return f"{remark.pointer}: {remark.message}" if remark.pointer else remark.message
