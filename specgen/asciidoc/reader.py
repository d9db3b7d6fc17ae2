"""Reads a page into lines, and hands lines to a parser with what it may put back.

A `Reader` knows two places for each line: where it truly stands (`Line.span`), and the file
and number that Asciidoctor gives it, which a counter keeps (`Reader.place`). The two differ
where Asciidoctor loses count: inside blocks that hold includes, and where two lines were
looked at across the end of a file. Its source map is what other tools see, so it is told too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from specgen.asciidoc.page import Page
from specgen.files import Files
from specgen.source import Line, Source, lines_of

__all__ = [
    "CONTINUATION",
    "WHITE",
    "Reader",
    "ReportedPlace",
    "page_of_source",
    "read_page",
    "stripped",
]

# What JavaScript strips from the end of a line, which is what Asciidoctor.js does.
WHITE = (
    "\0\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
    "\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
)

# A line with this alone attaches the block below to a list item.
CONTINUATION = "+"


class ReportedPlace(NamedTuple):
    """Where Asciidoctor's source map puts a block: a path below the docs root, and a line."""

    file: str
    number: int


def read_page(files: Files, path: str) -> Page:
    """Reads a page, named relative to the docs root.

    Raises:
        PageUnreadable: There is no such page.
    """
    return page_of_source(files.read(path))


def page_of_source(source: Source) -> Page:
    """The page that a source holds, line by line, nothing included."""
    return Page(source, tuple(lines_of(source)))


def stripped(line: Line) -> Line:
    """A line without the white space at its end."""
    text = line.text.rstrip(WHITE)
    return line if text == line.text else Line(text, line.span, line.via)


@dataclass(slots=True)
class Reader:
    """Lines to be read, the next one last in `lines`.

    Attributes:
        lines: What is left.
        file: The file that the next line is reported in.
        number: The number that it is reported at.
        looked_at: How many of the next lines have been looked at, or were put back.
        marked: A place to come back to in a message.
        processing: Whether directives count.
    """

    lines: list[Line]
    file: str
    number: int = 1
    looked_at: int = 0
    marked: ReportedPlace = field(default=ReportedPlace("", 0))
    processing: bool = True

    @classmethod
    def over(cls, lines: Iterable[Line], place: ReportedPlace) -> Reader:
        """A reader of lines that were read before, and so are read as they are."""
        waiting = list(lines)
        waiting.reverse()
        return cls(waiting, place.file, place.number)

    @property
    def place(self) -> ReportedPlace:
        """Where the next line is reported."""
        return ReportedPlace(self.file, self.number)

    def mark(self) -> None:
        """Remembers where the next line is reported."""
        self.marked = self.place

    def peek(self) -> Line | None:
        """The next line, which stays; None at the end."""
        if not self.lines:
            self.looked_at = 0
            return None
        self.looked_at = self.looked_at or 1
        return self.lines[-1]

    def peek_text(self) -> str:
        """The text of the next line; empty at the end."""
        line = self.peek()
        return line.text if line else ""

    def read(self) -> Line | None:
        """The next line; None at the end."""
        return self.shift() if self.peek() else None

    def shift(self) -> Line | None:
        """Goes past the next line, whatever it is."""
        self.number += 1
        if self.looked_at:
            self.looked_at -= 1
        return self.lines.pop() if self.lines else None

    def put_back(self, *lines: Line) -> None:
        """Makes lines the next ones again, in the order given."""
        self.number -= len(lines)
        self.looked_at += len(lines)
        self.lines.extend(reversed(lines))

    def peek_two(self, *, raw: bool = False) -> tuple[str, str]:
        """The texts of the next two lines, which stay; empty where there is none."""
        before = self.looked_at
        if raw:
            two = [line for line in self.lines[-1:-3:-1] if self.shift()]
        else:
            two = [line for line in (self.read(), self.read()) if line]
        self.put_back(*two)
        if raw:
            self.looked_at = before
        first, second = [*(line.text for line in two), "", ""][:2]
        return first, second

    def skip_blank(self) -> int | None:
        """Goes past blank lines and tells how many; None at the end."""
        skipped = 0
        while (line := self.peek()) is not None:
            if line.text:
                return skipped
            self.shift()
            skipped += 1
        return None

    def skip_comments(self) -> None:
        """Goes past comment lines and comment blocks that follow each other."""
        while (text := self.peek_text()).startswith("//"):
            if text.startswith("///"):
                if len(text) == 3 or text.strip("/"):
                    return
                self.shift()
                self.until(text, raw=True)
            else:
                self.shift()

    def until(self, terminator: str, *, raw: bool = False) -> tuple[list[Line], Line | None]:
        """The lines up to one with this text, and that one; None if it never comes.

        Args:
            terminator: The whole text of the line, which is read too.
            raw: Directives do not count.
        """
        if raw and self.processing:
            # Where that goes on past the end of an included file, directives count again.
            self.processing = False
            all_raw = self.until(terminator)
            self.processing = True
            return all_raw
        found: list[Line] = []
        while (line := self.read()) is not None:
            if line.text == terminator:
                return found, line
            found.append(line)
        return found, None

    def paragraph(
        self,
        ends: Callable[[str], bool] | None = None,
        *,
        keep_end: bool = True,
        skip_comments: bool = False,
        raw: bool = False,
    ) -> list[Line]:
        """The lines up to a blank one, a lone `+` behind the first, or one that `ends` names.

        Args:
            ends: Tells by its text that a line belongs to the paragraph no more.
            keep_end: Whether the blank line stays to be read; any other line does always.
            skip_comments: Leave comment lines out.
            raw: Directives do not count.
        """
        if raw and self.processing:
            self.processing = False
            found = self.paragraph(ends, keep_end=keep_end, skip_comments=skip_comments)
            self.processing = True
            self.looked_at -= bool(self.lines)
            return found
        found = []
        while (line := self.read()) is not None:
            text = line.text
            stops = found and text == CONTINUATION
            if not text or stops or (ends is not None and ends(text)):
                if text or keep_end:
                    self.put_back(line)
                break
            if skip_comments and text.startswith("//") and not text.startswith("///"):
                continue
            found.append(line)
        return found
