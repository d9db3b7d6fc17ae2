"""Place maps: where each character of a text stands in its page, in a few characters.

A rendered module carries the lines of its page in one string, so that a difference found
while it runs is shown at its line and column of the page without the page being read again.
A text whose lines follow each other as in the page needs nothing but its first line:

    78                  the text begins at line 78, column 1
    78,40:81.12         from its character 40 on it stands at line 81, column 12
    78,40:81.12~,52:81.20
                        `~`: characters 40 to 51 were made by a substitution, and stand
                        as a whole for line 81, column 12
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from specgen.source import MappedText, Place

__all__ = ["Anchor", "PlaceMap"]

ANCHOR = re.compile(r"(?P<offset>\d+):(?P<line>\d+)\.(?P<column>\d+)(?P<made>~?)")


@dataclass(frozen=True, slots=True)
class Anchor:
    """From `offset` on, a text stands at `place`, and goes on as the page does if `exact`."""

    offset: int
    place: Place
    exact: bool

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
        for piece in mapped.segments:
            place = piece.span.place
            made = not piece.exact and mapped.text[piece.start : piece.end] != "\n"
            if piece.start == piece.end:
                continue
            last = anchors[-1] if anchors else None
            regular = last is not None and last.follow(mapped.text, piece.start) == place
            if not (regular and last is not None and last.exact and not made):
                if mapped.text[piece.start : piece.end] == "\n" and last and last.exact:
                    continue  # a line end after cut white space: the next line is in order
                anchors.append(Anchor(piece.start, place, not made))
        return cls(tuple(anchors) or (Anchor(0, Place(1, 1), True),))

    @classmethod
    def parse(cls, encoded: str) -> PlaceMap:
        """Reads what `encode` wrote.

        Raises:
            ValueError: It is something else.
        """
        first, *rest = encoded.split(",")
        anchors = []
        for text in (first if ":" in first else f"0:{first}.1", *rest):
            found = ANCHOR.fullmatch(text)
            if found is None:
                raise ValueError(f"no place map: {encoded!r}")
            place = Place(int(found["line"]), int(found["column"]))
            anchors.append(Anchor(int(found["offset"]), place, not found["made"]))
        return cls(tuple(anchors))

    def encode(self) -> str:
        """The map in a few characters without spaces."""
        first = self.anchors[0]
        plain = first.offset == 0 and first.place.column == 1 and first.exact
        head = str(first.place.line) if plain else _encode(first)
        return ",".join((head, *map(_encode, self.anchors[1:])))

    def place(self, text: str, offset: int) -> Place:
        """Line and column in the page of a character of the text."""
        return self._anchor(offset).follow(text, offset)

    def exact(self, offset: int) -> bool:
        """Whether the character stands in the page as it is."""
        return self._anchor(offset).exact

    def _anchor(self, offset: int) -> Anchor:
        reached = [anchor for anchor in self.anchors if anchor.offset <= offset]
        return reached[-1] if reached else self.anchors[0]


def _encode(anchor: Anchor) -> str:
    made = "" if anchor.exact else "~"
    return f"{anchor.offset}:{anchor.place.line}.{anchor.place.column}{made}"
