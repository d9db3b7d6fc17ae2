"""Tells which lines belong to a list item: its text, what is nested in it, what is attached.

Asciidoctor has no rule but its reading: line by line, with what came before in mind. The
cases below are that reading's, each with what it is for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum, auto

from specgen.asciidoc import patterns
from specgen.asciidoc.delimiters import delimiter
from specgen.asciidoc.reader import CONTINUATION, Reader
from specgen.source import Line

__all__ = ["Marker", "is_block_line", "lines_of_item", "list_start"]

# Numbers, letters and Roman numerals go on with each other whatever they say.
_ORDERED = (
    (re.compile(r"\d+\."), "1."),
    (re.compile(r"[a-z]\."), "a."),
    (re.compile(r"[ivx]+\)"), "i)"),
    (re.compile(r"[A-Z]\."), "A."),
    (re.compile(r"[IVX]+\)"), "I)"),
)


@dataclass(frozen=True, slots=True)
class Marker:
    """What makes a line an item of a list.

    Attributes:
        kind: `bullet`, `number`, `term` or `callout`.
        sibling: What the marker of another item of the list comes to.
        text: What stands behind the marker; empty where the line ends with it.
        term: What stands before it.
    """

    kind: str
    sibling: str
    text: str
    term: str = ""

    def continues(self, text: str) -> bool:
        """Whether a line is another item of this item's list."""
        return self.following(text) is not None

    def following(self, text: str) -> Marker | None:
        """The next item of this item's list, if a line is one."""
        if self.kind == "term":
            if self.sibling not in text:
                return None
            term = patterns.TERM_SIBLINGS[self.sibling].fullmatch(text)
            return _of_term(term) if term else None
        found = _READERS[self.kind](text)
        return found if found and found.sibling == self.sibling else None


def _bullet(text: str) -> Marker | None:
    found = patterns.UNORDERED_ITEM.fullmatch(text)
    return Marker("bullet", found["marker"], found["text"]) if found else None


def _number(text: str) -> Marker | None:
    found = patterns.ORDERED_ITEM.fullmatch(text)
    if not found:
        return None
    marker = found["marker"]
    if marker[0] != ".":
        marker = next((kind for pattern, kind in _ORDERED if pattern.search(marker)), marker)
    return Marker("number", marker, found["text"])


def _term(text: str) -> Marker | None:
    if "::" not in text and ";;" not in text:
        return None
    found = patterns.TERM_ITEM.fullmatch(text)
    return _of_term(found) if found else None


def _of_term(found: re.Match[str]) -> Marker:
    return Marker("term", found["marker"], found["text"] or "", found["term"])


def _callout(text: str) -> Marker | None:
    found = patterns.CALLOUT_ITEM.fullmatch(text) if text.startswith("<") else None
    return Marker("callout", "<1>", found["text"]) if found else None


_READERS: dict[str, Callable[[str], Marker | None]] = {
    "callout": _callout,
    "bullet": _bullet,
    "number": _number,
    "term": _term,
}
_NESTABLE = (_bullet, _number, _term)


def list_start(text: str) -> Marker | None:
    """The item that a line begins a list with, if it begins one."""
    return _first(text, _READERS.values())


def _first(text: str, readers: Iterable[Callable[[str], Marker | None]]) -> Marker | None:
    for read in readers:
        if found := read(text):
            return found
    return None


def is_block_line(text: str) -> bool:
    """Whether a line is an attribute list or an anchor above a block."""
    return text.startswith("[") and bool(
        patterns.BLOCK_ATTRIBUTES.fullmatch(text) or patterns.BLOCK_ANCHOR.fullmatch(text)
    )


class _Attached(Enum):
    """Whether a `+` has been read and what it attaches has not."""

    NO = auto()
    YES = auto()
    TWICE = auto()


class _Continuation(Line):
    """A line that attaches: a lone `+`, or what is left of it once it has been understood."""

    __slots__ = ()


def _attaches(line: Line, text: str) -> _Continuation:
    return _Continuation(text, line.span, line.via)


@dataclass(slots=True)
class _Gathering:
    """The lines of one item so far.

    Attributes:
        reader: Where they come from.
        marker: The item's own.
        has_text: Whether a term has something to say about it yet; any other item has.
        nested: Whether an item of another list has been seen inside.
        detached: Where in `lines` a `+` stands that follows a blank line.
    """

    reader: Reader
    marker: Marker
    has_text: bool
    lines: list[Line] = field(default_factory=list)
    attached: _Attached = _Attached.NO
    nested: bool = False
    detached: int | None = None

    @property
    def of_term(self) -> bool:
        return self.marker.kind == "term"

    def take(self, line: Line) -> bool:
        """Takes a line in; False if the item ends before it, and it is put back."""
        if self.marker.continues(line.text):
            return self._end(line)
        if line.text == CONTINUATION:
            line = _attaches(line, CONTINUATION)
        previous = self.lines[-1] if self.lines else None
        if isinstance(previous, _Continuation):
            if self.attached is _Attached.NO:
                self.attached, self.has_text = _Attached.YES, True
                if not self.nested:
                    self.lines[-1] = _attaches(previous, "")
            if isinstance(line, _Continuation):
                if self.attached is not _Attached.TWICE:
                    self.attached = _Attached.TWICE
                    self.lines.append(line)
                return True
        if opened := delimiter(line.text):
            return self._block(line, opened.terminator)
        active = self.attached is _Attached.YES
        if self.of_term and not active and is_block_line(line.text):
            return self._block_lines(line)
        if active and line.text:
            return self._attach(line)
        if previous is not None and not previous.text:
            return self._after_blank(line)
        return self._plain(line)

    def _end(self, line: Line) -> bool:
        self.reader.put_back(line)
        return False

    def _block(self, line: Line, terminator: str) -> bool:
        """A delimited block belongs to the item only if it is attached."""
        if self.attached is not _Attached.YES:
            return self._end(line)
        inside, closing = self.reader.until(terminator)
        self.lines += [line, *inside, *([closing] if closing else ())]
        self.attached = _Attached.NO
        return True

    def _block_lines(self, line: Line) -> bool:
        """Attribute lists below a term belong to it only if a list of its own follows them."""
        held = [line]
        while (following := self.reader.peek()) is not None:
            text = following.text
            if not delimiter(text) and (not text or is_block_line(text)):
                self.reader.shift()
                held.append(following)
                continue
            starts = not delimiter(text) and patterns.ANY_ITEM.match(text)
            if not starts or self.marker.continues(text):
                self.reader.put_back(*held)
                return False
            self.lines += held
            break
        return True

    def _attach(self, line: Line) -> bool:
        """The first lines of what a `+` attaches."""
        text = line.text
        if text[0] in " \t":
            self._literal(line)
            self.attached = _Attached.NO
            return True
        about_block = (
            is_block_line(text)
            or patterns.BLOCK_TITLE.fullmatch(text)
            or (text[0] == ":" and patterns.ATTRIBUTE_ENTRY.fullmatch(text))
        )
        if not about_block:
            self._look_for_nested(text)
            self.attached = _Attached.NO
        self.lines.append(line)
        return True

    def _after_blank(self, line: Line) -> bool:
        """Below a blank line only lists, literal paragraphs and a `+` go on with the item."""
        if not line.text:
            following = self.reader.read() if self.reader.skip_blank() is not None else None
            if following is None:
                return False
            line = following
            if self.marker.continues(line.text):
                return self._end(line)
        if line.text == CONTINUATION:
            self.detached = len(self.lines)
            self.lines.append(_attaches(line, CONTINUATION))
        elif not self.has_text:
            if not self.nested:
                self.lines.pop()
            self.lines.append(line)
            self.has_text = True
        elif self.marker.continues(line.text):
            return self._end(line)
        elif self._look_for_nested(line.text, all_kinds=True):
            self.lines.append(line)
        elif line.text[:1] in {" ", "\t"}:
            self._literal(line)
        else:
            return self._end(line)
        return True

    def _plain(self, line: Line) -> bool:
        if isinstance(line, _Continuation):
            self.has_text = True
        elif line.text:
            self.has_text = True
            self._look_for_nested(line.text)
        self.lines.append(line)
        return True

    def _literal(self, line: Line) -> None:
        self.reader.put_back(line)
        self.lines += self.reader.paragraph(self.marker.continues if self.of_term else None)

    def _look_for_nested(self, text: str, *, all_kinds: bool = False) -> bool:
        """Notes that a line begins a list inside; inside one only terms are looked for."""
        kinds = (_term,) if self.nested and not all_kinds else _NESTABLE
        found = _first(text, kinds)
        if found is None:
            return False
        self.nested = True
        if found.kind == "term" and not found.text:
            self.has_text = False
        return True


def lines_of_item(reader: Reader, marker: Marker) -> list[Line]:
    """The lines that belong to an item whose own first line was just read.

    A `+` that attaches has become a blank line in them where it attaches to this item.
    """
    gathering = _Gathering(reader, marker, marker.kind != "term" or bool(marker.text))
    while (line := reader.read()) is not None:
        if not gathering.take(line):
            break
    lines = gathering.lines
    if gathering.detached is not None:
        lines[gathering.detached] = _attaches(lines[gathering.detached], "")
    while lines:
        last = lines[-1]
        if isinstance(last, _Continuation):
            lines.pop()
            break
        if last.text:
            break
        lines.pop()
    return lines
