"""Place maps: where each character of a text stands in its page, in a few characters.

A rendered module carries the lines of its page in one string, so that a difference found
while it runs is shown at its line and column of the page without the page being read again.
A text whose lines follow each other as in the page needs nothing but its first line:

    78                  the text begins at line 78, column 1
    78,40:81.12         from its character 40 on it stands at line 81, column 12
    78,40:81.12~,52:81.20
                        `~`: characters 40 to 51 were made by a substitution, and stand
                        as a whole for line 81, column 12
    78,40:3.1@1         from its character 40 on it stands in the first of the files that
                        the module lists beside its page
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from specgen.source import MappedText, Place, Span

__all__ = ["Anchor", "PlaceMap"]

ANCHOR = re.compile(
    r"(?P<offset>\d+):(?P<line>\d+)\.(?P<column>\d+)(?:@(?P<file>\d+))?(?P<made>~?)"
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """From `offset` on, a text stands at `place`, and goes on as its file does if `exact`.

    The file is a path below the docs root; in a map that was read, it is empty for the page.
    """

    offset: int
    place: Place
    exact: bool
    file: str = ""

    def follow(self, text: str, offset: int) -> Place:
        """The place of a later offset, if the text from here on is as in the page."""
        if not self.exact:
            return self.place
        passed = text[self.offset : offset]
        newlines = passed.count("\n")
        if not newlines:
            return Place(self.place.line, self.place.column + len(passed))
        return Place(self.place.line + newlines, len(passed) - passed.rfind("\n"))


@dataclass(frozen=True, slots=True)
class PlaceMap:
    """The places of one text, as anchors in ascending order; the first is at offset 0."""

    anchors: tuple[Anchor, ...]

    @classmethod
    def of(cls, mapped: MappedText) -> PlaceMap:
        """The fewest anchors that give every piece of a mapped text its place."""
        anchors: list[Anchor] = []
        reached: Anchor | None = None  # the last anchor, gone on to the piece before
        for piece in mapped.segments:
            place, file = piece.span.place, piece.span.source.path
            made = not piece.exact and mapped.text[piece.start : piece.end] != "\n"
            if piece.start == piece.end:
                continue
            last = anchors[-1] if anchors else None
            if reached is not None:
                expected = reached.follow(mapped.text, piece.start)
                reached = Anchor(piece.start, expected, reached.exact, reached.file)
            regular = reached is not None and (reached.file, reached.place) == (file, place)
            if not (regular and last is not None and last.exact and not made):
                if mapped.text[piece.start : piece.end] == "\n" and last and last.exact:
                    continue  # a line end after cut white space: the next line is in order
                reached = Anchor(piece.start, place, not made, file)
                anchors.append(reached)
        return cls(tuple(anchors) or (Anchor(0, Place(1, 1), True),))

    @classmethod
    def line(cls, span: Span) -> PlaceMap:
        """The map of a text that begins where the line of a span does."""
        return cls((Anchor(0, Place(span.line, 1), True, span.source.path),))

    def next_line(self) -> PlaceMap:
        """The map of a text that begins on the line after the first of this one."""
        first = self.anchors[0]
        return PlaceMap((Anchor(0, Place(first.place.line + 1, 1), True, first.file),))

    @classmethod
    def parse(cls, encoded: str, files: Sequence[str] = ("",)) -> PlaceMap:
        """Reads what `encode` wrote, with the names of its files.

        Raises:
            ValueError: It is something else.
        """
        first, *rest = encoded.split(",")
        anchors = []
        for text in (first if ":" in first else _in_full(first), *rest):
            found = ANCHOR.fullmatch(text)
            number = int(found["file"] or 0) if found else 0
            if found is None or number >= len(files):
                raise ValueError(f"no place map: {encoded!r}")
            place = Place(int(found["line"]), int(found["column"]))
            anchors.append(Anchor(int(found["offset"]), place, not found["made"], files[number]))
        return cls(tuple(anchors))

    def encode(self, files: dict[str, int] | None = None) -> str:
        """The map in a few characters without spaces.

        Args:
            files: The number of each file so far, 0 for the page; one that is new gets the
                next. Without them the first file is the page.
        """
        numbers = {} if files is None else files
        first = self.anchors[0]
        plain = first.offset == 0 and first.place.column == 1 and first.exact
        head = f"{first.place.line}{_file(first, numbers)}" if plain else _encode(first, numbers)
        return ",".join((head, *(_encode(anchor, numbers) for anchor in self.anchors[1:])))

    def place(self, text: str, offset: int) -> Place:
        """Line and column in the page of a character of the text."""
        return self._anchor(offset).follow(text, offset)

    def file(self, offset: int) -> str:
        """The file in which a character of the text stands; empty for the page."""
        return self._anchor(offset).file

    def exact(self, offset: int) -> bool:
        """Whether the character stands in the page as it is."""
        return self._anchor(offset).exact

    def _anchor(self, offset: int) -> Anchor:
        reached = [anchor for anchor in self.anchors if anchor.offset <= offset]
        return reached[-1] if reached else self.anchors[0]


def _encode(anchor: Anchor, files: dict[str, int]) -> str:
    made = "" if anchor.exact else "~"
    place = f"{anchor.place.line}.{anchor.place.column}"
    return f"{anchor.offset}:{place}{_file(anchor, files)}{made}"


def _in_full(text: str) -> str:
    """`12@1`, which is an anchor at the start of a text and of a line, with all its parts."""
    line, at, file = text.partition("@")
    return f"0:{line}.1{at}{file}"


def _file(anchor: Anchor, files: dict[str, int]) -> str:
    number = files.setdefault(anchor.file, len(files)) if anchor.file else 0
    return f"@{number}" if number else ""
