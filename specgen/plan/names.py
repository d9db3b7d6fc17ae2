"""Names of cases that stay when lines are inserted above them."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence

from specgen.asciidoc.page import Outline, Page
from specgen.dialect.values import Snippet
from specgen.source import Line, Span

__all__ = ["free", "identifier", "slugs_for"]

_Lines = Mapping[tuple[str, int], Sequence[int]]


def identifier(text: str) -> str:
    """A lower-case identifier that reads like the text; empty if nothing of it remains."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^0-9a-z]+", "_", plain.lower()).strip("_")[:100].strip("_")


def slugs_for(snippets: Sequence[Snippet], outline: Outline, page: Page) -> tuple[str, ...]:
    """A name for the case that each snippet begins.

    The snippet's own name comes first; else that of the nearest anchor or section above,
    with an ordinal from the second case on. Snippets with names of their own take theirs
    before the others, so that adding a name changes only that case.
    """
    # Offsets tell what comes first, unless lines of other files stand in between.
    lines = _indices(page.lines) if any(line.via for line in page.lines) else {}
    titles = [(heading.span, heading.title) for heading in outline.headings if not heading.anchor]
    marks = sorted([*_placed(outline.anchors, lines), *_placed(titles, lines)])
    starts = [position for position, _ in marks]
    openings = _placed([(snippet.opening, "") for snippet in snippets], lines)
    fallback = identifier(page.name.rpartition("/")[2].rpartition(".")[0]) or "page"
    taken: dict[str, int] = {}
    slugs = ["" for _ in snippets]
    for index, snippet in enumerate(snippets):
        if snippet.name:
            slugs[index] = free(identifier(snippet.name) or fallback, taken)
    for index, snippet in enumerate(snippets):
        if not snippet.name:
            above = bisect_left(starts, openings[index][0])
            nearest = identifier(marks[above - 1][1]) if above else ""
            slugs[index] = free(nearest or fallback, taken)
    return tuple(slugs)


def _placed(marks: Sequence[tuple[Span, str]], lines: _Lines) -> list[tuple[int, str]]:
    """Marks in page order with their positions: indices of lines, without lines their offsets."""
    if not lines:
        return [(span.start, name) for span, name in marks]
    placed, reached = [], -1
    for span, name in marks:
        # A file that is included twice has each of its lines twice: the next one is meant.
        indices = lines.get((span.source.path, span.start), ())
        after = bisect_right(indices, reached)
        reached = indices[after] if after < len(indices) else reached
        placed.append((reached, name))
    return placed


def _indices(lines: Sequence[Line]) -> _Lines:
    """Where in the page each line of each file stands, by the file and the line's offset there."""
    found: dict[tuple[str, int], list[int]] = {}
    for index, line in enumerate(lines):
        found.setdefault((line.span.source.path, line.span.start), []).append(index)
    return found


def free(name: str, taken: dict[str, int]) -> str:
    """The name, with an ordinal if it is taken.

    Args:
        name: What is wanted.
        taken: Of each name that is taken the last ordinal that was given to it; what is
            returned is added.
    """
    candidate, ordinal = name, taken.get(name, 1)
    while candidate in taken:
        ordinal += 1
        candidate = f"{name}_{ordinal}"
    taken[name] = ordinal
    taken.setdefault(candidate, 1)
    return candidate
