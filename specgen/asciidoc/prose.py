"""What of a page's lines is prose: not the inside of a comment, a listing, a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from specgen.asciidoc import patterns
from specgen.source import Line, Span

__all__ = ["delimiter_of", "prose_of", "span_in", "verbatim"]

COMMENT = "////"


def prose_of(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines that a reader of the page reads as text, and the delimiters among them.

    Comments and preprocessor directives are left out, comment blocks as a whole. Of a
    verbatim block or a table only the opening delimiter comes: that something stands there
    matters to what is around it (it ends a list), what is in it does not. A block that
    nothing closes reaches to the last line, as in Asciidoctor.
    """
    inside = ""
    for line in lines:
        mark = delimiter_of(line.text)
        if inside:
            if mark == inside:
                inside = ""
            continue
        if mark and verbatim(mark):
            inside = mark
            if mark.startswith(COMMENT):
                continue
        elif patterns.LINE_COMMENT.fullmatch(line.text) or patterns.DIRECTIVE.fullmatch(line.text):
            continue
        yield line


def delimiter_of(text: str) -> str:
    """The mark of a line that opens or closes a block, or empty; a fence without its language."""
    found = patterns.DELIMITER.fullmatch(text) or patterns.TABLE_DELIMITER.fullmatch(text)
    if not found:
        return ""
    return "```" if found["mark"].startswith("```") else found["mark"]


def verbatim(mark: str) -> bool:
    """Whether what a delimiter opens holds no prose: listings, literals, comments, tables."""
    return mark != "--" and mark[0] in "-.+/`|,:!"


def span_in(line: Line, start: int, end: int) -> Span:
    """The place of a stretch of a line; the whole line's where the reader changed its text."""
    if line.text != line.span.text:
        return line.span
    return line.span.source.span(line.span.start + start, line.span.start + end)
