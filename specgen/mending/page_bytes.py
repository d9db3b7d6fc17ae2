"""Edits of characters as edits of bytes: whatever is not edited stays as it is.

A page may begin with a byte order mark, end its lines in any way, and have bytes elsewhere that
are no UTF-8. Lines are split at the byte of a newline, which is the same in characters and in
bytes, so that only the lines that are edited need to be read.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

from specgen.mending.values import NotMendable, Reason
from specgen.source import LINE_END, Source, Span

__all__ = ["edited_bytes", "line_end_after", "line_end_at"]

MARK = b"\xef\xbb\xbf"
NEWLINE = re.compile(rb"\n")


def edited_bytes(source: Source, edits: Iterable[tuple[Span, str]]) -> bytes:
    """The bytes of a source with stretches of its text replaced.

    Args:
        source: As it was read.
        edits: Stretches and their new text, lines ended by a newline; none overlaps another.
            New lines end as the line does in which their stretch begins.

    Raises:
        NotMendable: A line that is edited has bytes that are no UTF-8.
    """
    data, places = source.data, _Places(source)
    in_order = sorted(edits, key=lambda each: (each[0].start, each[0].end))
    parts: list[bytes] = []
    position = 0
    for span, text in in_order:
        written = text.replace("\n", line_end_at(source, span.start))
        parts += [data[position : places.byte(span.start)], written.encode()]
        position = places.byte(span.end)
    return b"".join([*parts, data[position:]])


def line_end_at(source: Source, offset: int) -> str:
    """How the line ends that holds an offset; as the one above does, if it is the last one."""
    found = LINE_END.search(source.text, offset)
    if found is None:
        line = source.locate(offset).line
        above = source.line_starts[line - 1]
        ends = [*LINE_END.finditer(source.text, source.line_starts[max(line - 2, 0)], above)]
        return ends[-1][0] if ends else "\n"
    return found[0]


def line_end_after(source: Source, offset: int) -> int:
    """Where the line ends that holds an offset, its line end left out."""
    found = LINE_END.search(source.text, offset)
    return found.start() if found else len(source.text)


class _Places:
    """Where characters of a source stand among its bytes."""

    def __init__(self, source: Source) -> None:
        self.source = source
        data = source.data
        self.marked = len(MARK) if data.startswith(MARK) else 0
        self.lines = (self.marked, *(found.end() for found in NEWLINE.finditer(data)))
        lengths = (len(line) + 1 for line in source.text.split("\n"))
        self.starts: Sequence[int] = (0, *accumulate(lengths))

    def byte(self, offset: int) -> int:
        """The byte at which a character begins."""
        text = self.source.text
        line = bisect_right(self.starts, offset) - 1
        start = self.starts[line]
        before = text[start:offset].encode("utf-8", "surrogatepass")
        begin = self.lines[line]
        if self.source.data[begin : begin + len(before)] != before:
            raise NotMendable(
                Reason.STYLE,
                "its line has bytes that are no UTF-8",
                "correct the encoding of the page",
            )
        return begin + len(before)
