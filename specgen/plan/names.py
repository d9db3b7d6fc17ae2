"""Names of cases that stay when lines are inserted above them."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence

from specgen.asciidoc.page import Outline
from specgen.dialect.values import Snippet

__all__ = ["identifier", "slugs_for"]


def identifier(text: str) -> str:
    """A lower-case identifier that reads like the text; empty if nothing of it remains."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^0-9a-z]+", "_", plain.lower()).strip("_")[:100].strip("_")


def slugs_for(snippets: Sequence[Snippet], outline: Outline, page: str) -> tuple[str, ...]:
    """A name for the case that each snippet begins.

    The snippet's own name comes first; else that of the nearest anchor or section above,
    with an ordinal from the second case on. Snippets with names of their own take theirs
    before the others, so that adding a name changes only that case.
    """
    marks = sorted(
        [*outline.anchors, *((h.span.start, h.title) for h in outline.headings if not h.anchor)]
    )
    starts = [offset for offset, _ in marks]
    fallback = identifier(page.rpartition("/")[2].rpartition(".")[0]) or "page"
    taken: set[str] = set()
    slugs = ["" for _ in snippets]
    for index, snippet in enumerate(snippets):
        if snippet.name:
            slugs[index] = _free(identifier(snippet.name) or fallback, taken)
    for index, snippet in enumerate(snippets):
        if not snippet.name:
            above = bisect_left(starts, snippet.opening.start)
            nearest = identifier(marks[above - 1][1]) if above else ""
            slugs[index] = _free(nearest or fallback, taken)
    return tuple(slugs)


def _free(name: str, taken: set[str]) -> str:
    candidate, ordinal = name, 1
    while candidate in taken:
        ordinal += 1
        candidate = f"{name}_{ordinal}"
    taken.add(candidate)
    return candidate
