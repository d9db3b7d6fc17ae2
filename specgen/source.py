"""Sources, spans, lines and texts with a map: where every value comes from.

This is the ground floor. It stands on the standard library alone and knows nothing of
AsciiDoc, of tests or of clusters. A position is an offset in characters of `Source.text`;
line and column appear only when something is shown (`Source.locate`).
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

__all__ = ["Line", "MappedText", "Place", "Segment", "Source", "Span", "lines_of"]

# What ends a line for Java's line reader, and so for the reference. Python's `splitlines`
# ends lines at eight more characters (U+2028, form feed, …).
LINE_END = re.compile(r"\r\n|\n|\r")


class Place(NamedTuple):
    """A line and a column, both counted from 1, as editors show them."""

    line: int
    column: int


@dataclass(frozen=True, eq=False)
class Source:
    """One file as it was read, once.

    Attributes:
        path: The path as users see it, relative to the docs root, with `/`.
        data: The bytes of the file.
        text: The decoded characters, line ends untouched, without a byte order mark.
        digest: The first 16 hexadecimal digits of the SHA-256 of `data`.
    """

    path: str
    data: bytes = field(repr=False)
    text: str = field(repr=False)
    digest: str = field(repr=False)

    @classmethod
    def of(cls, path: str, data: bytes | str) -> Source:
        """Makes a source of bytes or of text; bytes that are no UTF-8 become U+FFFD."""
        raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
        text = raw.decode("utf-8", "replace").removeprefix("\ufeff")
        return cls(path, raw, text, hashlib.sha256(raw).hexdigest()[:16])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Source) and self.path == other.path and self.digest == other.digest

    def __hash__(self) -> int:
        return hash((self.path, self.digest))

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        """The offset at which each line begins."""
        return (0, *(match.end() for match in LINE_END.finditer(self.text)))

    def locate(self, offset: int) -> Place:
        """Tells line and column of an offset: the one place where they are computed."""
        line = bisect_right(self.line_starts, offset)
        return Place(line, offset - self.line_starts[line - 1] + 1)

    def line_text(self, line: int) -> str:
        """The characters of a line, counted from 1, without its end."""
        if not 1 <= line <= len(self.line_starts):
            return ""
        start = self.line_starts[line - 1]
        end = LINE_END.search(self.text, start)
        return self.text[start : end.start() if end else len(self.text)]

    def span(self, start: int, end: int) -> Span:
        """The span between two offsets."""
        return Span(self, start, end)


# Of these three there is one for every line of every page: a tuple is made in half the time.
class Span(NamedTuple):
    """A half-open stretch of characters of one source."""

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        """The characters themselves."""
        return self.source.text[self.start : self.end]

    @property
    def place(self) -> Place:
        """Line and column of the first character."""
        return self.source.locate(self.start)

    @property
    def line(self) -> int:
        """The line of the first character, counted from 1."""
        return self.place.line

    def to(self, other: Span) -> Span:
        """The span from the start of this one to the end of `other`; this one in two sources."""
        if other.source is not self.source and other.source != self.source:
            return self
        return Span(self.source, self.start, max(self.end, other.end))

    def __str__(self) -> str:
        place = self.place
        return f"{self.source.path}:{place.line}:{place.column}"


class Line(NamedTuple):
    """A line of a page without its end.

    Attributes:
        text: Its characters, after what the reader did to them.
        span: Where it stands.
        via: The `include::` lines that led here, outermost first.
    """

    text: str
    span: Span
    via: tuple[Span, ...] = ()

    @property
    def number(self) -> int:
        """The line's number in its own file, counted from 1."""
        return self.span.line

    @property
    def in_page(self) -> Span:
        """Where the page itself has it: its own place, or the `include::` line that led here."""
        return self.via[0] if self.via else self.span


def lines_of(source: Source) -> Iterator[Line]:
    """The lines of a source in order; an end of line at the end of the file starts none."""
    if "\r" in source.text:
        yield from _lines_by_any_end(source)
        return
    start = 0
    for text in source.text.split("\n"):  # twice as fast
        end = start + len(text)
        if text or end < len(source.text):
            yield Line(text, Span(source, start, end))
        start = end + 1


def _lines_by_any_end(source: Source) -> Iterator[Line]:
    text, start = source.text, 0
    for found in LINE_END.finditer(text):
        end = found.start()
        yield Line(text[start:end], Span(source, start, end))
        start = found.end()
    if start < len(text):
        yield Line(text[start:], Span(source, start, len(text)))


class Segment(NamedTuple):
    """A piece of a mapped text and the place it came from.

    Attributes:
        start: Where the piece begins in the assembled text.
        end: Where it ends.
        span: The place in the page.
        exact: Whether the piece is the span's text, character by character. What an
            attribute, a substitution or a conversion made is not: it can be shown at
            the span, and never be written back there.
    """

    start: int
    end: int
    span: Span
    exact: bool


@dataclass(frozen=True, slots=True)
class MappedText:
    """A text put together from pieces of a page, each with the place it came from."""

    text: str
    segments: tuple[Segment, ...]

    @classmethod
    def of(cls, span: Span) -> MappedText:
        """The text of a span, exactly."""
        return cls(span.text, (Segment(0, span.end - span.start, span, True),))

    @classmethod
    def made(cls, text: str, span: Span) -> MappedText:
        """A text that stands for a span but is not what the span says."""
        return cls(text, (Segment(0, len(text), span, False),))

    @classmethod
    def join(cls, parts: Iterable[MappedText]) -> MappedText:
        """The parts one after the other; neighbours that continue each other become one."""
        parts = tuple(parts)
        if len(parts) == 1:
            return parts[0]
        segments: list[Segment] = []
        length = 0
        for part in parts:
            for piece in part.segments:
                start, end, span = piece.start + length, piece.end + length, piece.span
                if segments and _continues(segments[-1], piece):
                    last = segments.pop()
                    start, span = last.start, last.span.to(span)
                segments.append(Segment(start, end, span, piece.exact))
            length += len(part.text)
        return cls("".join([part.text for part in parts]), tuple(segments))

    def slice(self, start: int, end: int) -> MappedText:
        """The text between two offsets, with its map."""
        start, end = max(start, 0), min(end, len(self.text))
        pieces = []
        # The first piece that does not end before.
        first = bisect_left(self.segments, start, key=_end)
        for index in range(first, len(self.segments)):
            piece = self.segments[index]
            if piece.start > end:
                break
            low, high = max(piece.start, start), min(piece.end, end)
            if low >= high and not (low == high == start == end):
                continue
            span = piece.span
            if piece.exact:
                shift = span.start - piece.start
                span = Span(span.source, low + shift, high + shift)
            pieces.append(Segment(low - start, high - start, span, piece.exact))
        return MappedText(self.text[start:end], tuple(pieces))

    def replace(self, start: int, end: int, text: str) -> MappedText:
        """The text with one stretch replaced by another that was made."""
        made = MappedText.made(text, self.span(start, end))
        return MappedText.join((self.slice(0, start), made, self.slice(end, len(self.text))))

    def span(self, start: int, end: int | None = None) -> Span:
        """The place in the page that a stretch of this text stands for.

        It is exact where the stretch lies in exact pieces of one source; elsewhere it is
        the smallest known span around it.

        Raises:
            ValueError: The text has no pieces at all, so it stands nowhere.
        """
        first = self._segment_at(start)
        last = first if end is None or end <= start else self._segment_at(end - 1)
        begin = first.span.start + (min(start, first.end) - first.start if first.exact else 0)
        stop = last.span.end
        if last.exact:
            stop = last.span.start + ((start if end is None else end) - last.start)
        if first.span.source != last.span.source:
            return Span(first.span.source, begin, first.span.end)
        return Span(first.span.source, begin, max(begin, min(stop, last.span.end)))

    def exact(self, start: int, end: int) -> bool:
        """Whether a stretch stands in the page just as it is here, in one piece."""
        span = self.span(start, end)
        return span.text == self.text[start:end] and all(
            piece.exact for piece in self.segments if piece.start < end and piece.end > start
        )

    def _segment_at(self, offset: int) -> Segment:
        if not self.segments:
            raise ValueError("a text without pieces has no place")
        index = bisect_right(self.segments, offset, key=lambda piece: piece.start) - 1
        return self.segments[max(index, 0)]


def _end(piece: Segment) -> int:
    return piece.end


def _continues(last: Segment, following: Segment) -> bool:
    return (
        last.exact
        and following.exact
        and last.span.end == following.span.start
        and last.span.source == following.span.source
    )
