"""Sets how far the lines of a block are indented: `indent=` and `tabsize=`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from specgen.problems import Problem
from specgen.source import Span

__all__ = ["indented", "too_wide", "without_tabs"]

# No page means more; the width of a line must not be a page's to choose.
MAX_WIDTH = 200


def indented(texts: Sequence[str], width: int, tab_size: int = 0) -> list[str]:
    """The lines with their common indentation replaced by `width` spaces; below 0 it stays.

    Tabs become spaces first where `tab_size` is not 0. Where a line is not indented at all,
    none loses anything.
    """
    lines = without_tabs(texts, tab_size)
    if width < 0:
        return lines
    common = min((len(line) - len(line.lstrip()) for line in lines if line), default=0)
    margin = " " * min(width, MAX_WIDTH)
    return [margin + line[common:] if line else line for line in lines]


def without_tabs(texts: Sequence[str], tab_size: int) -> list[str]:
    """The lines with spaces up to the next stop in place of each tab; 0 leaves tabs alone."""
    if tab_size <= 0:
        return list(texts)
    size = min(tab_size, MAX_WIDTH)
    return [text.expandtabs(size) if "\t" in text else text for text in texts]


def too_wide(span: Span, indent: int, tab_size: int) -> Iterator[Problem]:
    """Tells which of the two is more than it may be; the place is that of who asks for it."""
    for name, width in (("indent", indent), ("tabsize", tab_size)):
        if width > MAX_WIDTH:
            message = f"{name}={width} is too wide; {MAX_WIDTH} is taken for it"
            yield Problem.warning("too-wide", span, message)
