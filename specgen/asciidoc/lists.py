"""Reads the lists of a stretch of a page: labeled, bulleted and numbered, one in another.

Rules of Asciidoctor (user manual, "Lists" and "List Continuation"): an item that has the
marker of a list still open goes on with that list, any other marker opens a list inside the
innermost item. A line with a lone `+` attaches the block below to the item, and each blank
line before the `+` goes out by one level. A paragraph or a block that nothing attaches ends
the lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from specgen.asciidoc import patterns
from specgen.asciidoc.prose import delimiter_of, prose_of, span_in, verbatim
from specgen.source import Line, Span

__all__ = ["ListItem", "lists_of"]

CONTINUATION = "+"
HARD_BREAK = " +"
# How many lines above a list are looked at.
LONGEST_LEAD = 20
DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class ListItem:
    """An item of a list with all that belongs to it.

    Attributes:
        marker: `::`, `:::`, `;;` of a labeled item, `*`, `-`, `.`, … of any other.
        label: The term of a labeled item as the page writes it, else empty.
        text: Its own paragraphs, attached ones too, with white space collapsed and hard line
            breaks dropped; attributes and markup stay as they are.
        span: The label, or the first line's text where there is none.
        parent: The item whose text it stands in: its index in what `lists_of` gives.
        lead: The paragraph above the list, if the list stands in no item and no block.
    """

    marker: str
    label: str
    text: str
    span: Span
    parent: int | None = None
    lead: str = ""

    @property
    def labeled(self) -> bool:
        """Whether the item has a label, and so tells what that means."""
        return self.marker[0] in ":;"


@dataclass(slots=True)
class _Building:
    marker: str
    label: str
    span: Span
    text: list[str] = field(default_factory=list)
    index: int = 0
    parent: int | None = None
    lead: tuple[str, ...] = ()

    def done(self) -> ListItem:
        text, lead = (" ".join(" ".join(lines).split()) for lines in (self.text, self.lead))
        return ListItem(self.marker, self.label, text, self.span, self.parent, lead)


@dataclass(slots=True)
class _Frame:
    """A compound block that is open, or the page itself: lists do not reach out of it."""

    mark: str = ""
    owner: _Building | None = None
    open: list[_Building] = field(default_factory=list)

    @property
    def innermost(self) -> _Building | None:
        return self.open[-1] if self.open else self.owner


@dataclass(slots=True)
class _Scan:
    """How far the reading is; lives only inside `lists_of`.

    Attributes:
        items: All items so far.
        frames: The blocks that are open, the page first.
        attached: A `+` has been read, and not yet what it attaches.
        blanks: How many blank lines were just read.
        loose: The last line was of a paragraph in no list, where no list can begin.
        flowing: A line of text goes on with the innermost item.
        paragraph: The lines of the last paragraph that stood in no list.
    """

    items: list[_Building] = field(default_factory=list)
    frames: list[_Frame] = field(default_factory=lambda: [_Frame()])
    attached: bool = False
    blanks: int = 0
    loose: bool = False
    flowing: bool = False
    paragraph: tuple[str, ...] = ()


def lists_of(lines: Iterable[Line]) -> tuple[ListItem, ...]:
    """The items of all lists, in page order; each tells in which other it stands.

    Lists in a block that is attached to an item are inside that item; those in a block by
    itself stand in none.
    """
    scan = _Scan()
    for line in prose_of(lines):
        _take(scan, line)
    return tuple(item.done() for item in scan.items)


def _take(scan: _Scan, line: Line) -> None:
    if not line.text.strip():
        _blank(scan)
        return
    if line.text.rstrip() == CONTINUATION:
        _attach(scan)
    elif mark := delimiter_of(line.text):
        _block(scan, mark)
    elif _block_line(line.text):
        scan.loose = False
    elif not scan.loose and (item := _item(line)):
        _begin(scan, item)
    else:
        _text(scan, line.text)
    scan.blanks = 0


def _blank(scan: _Scan) -> None:
    scan.blanks += 1
    scan.loose = False
    item = scan.frames[-1].innermost
    unsaid = item is not None and item.marker[0] in ":;" and not item.text
    scan.flowing = scan.attached or unsaid


def _attach(scan: _Scan) -> None:
    frame = scan.frames[-1]
    outward = min(scan.blanks, len(frame.open) - 1)
    if outward > 0:
        del frame.open[-outward:]
    scan.attached = scan.flowing = bool(frame.open)


def _block(scan: _Scan, mark: str) -> None:
    marks = [frame.mark for frame in scan.frames]
    if mark in marks[1:]:
        del scan.frames[marks.index(mark, 1) :]
    else:
        frame = scan.frames[-1]
        if not scan.attached:
            frame.open.clear()
        if not verbatim(mark):
            scan.frames.append(_Frame(mark, frame.innermost))
    scan.attached = scan.loose = scan.flowing = False
    scan.paragraph = ()


def _block_line(text: str) -> bool:
    """Whether a line only says something about the block below it."""
    return any(
        pattern.fullmatch(text)
        for pattern in (patterns.ANCHOR, patterns.ATTRIBUTE_LIST, patterns.BLOCK_TITLE)
    )


def _item(line: Line) -> _Building | None:
    if found := patterns.BULLET_ITEM.fullmatch(line.text):
        text, marker, label, place = found["text"], found["marker"], "", found.span("text")
    elif found := patterns.NUMBERED_ITEM.fullmatch(line.text):
        text, label, place = found["text"], "", found.span("text")
        marker = DIGITS.sub("1", found["marker"])
    elif found := patterns.LABELED_ITEM.fullmatch(line.text):
        text, label, place = found["text"] or "", found["label"], found.span("label")
        marker = found["marker"]
    else:
        return None
    item = _Building(marker, label, span_in(line, *place))
    if text.strip():
        item.text.append(text.rstrip().removesuffix(HARD_BREAK))
    return item


def _begin(scan: _Scan, item: _Building) -> None:
    frame = scan.frames[-1]
    for depth, sibling in enumerate(frame.open):
        if sibling.marker == item.marker:
            del frame.open[depth:]
            break
    outer = frame.innermost
    item.index, item.parent = len(scan.items), outer.index if outer else None
    item.lead = () if outer else scan.paragraph
    scan.items.append(item)
    frame.open.append(item)
    scan.attached, scan.flowing = False, True


def _text(scan: _Scan, text: str) -> None:
    frame = scan.frames[-1]
    indented = text[0] in " \t"
    if frame.open and not scan.flowing and not indented:
        frame.open.clear()
    if frame.innermost and (scan.flowing or not frame.open):
        frame.innermost.text.append(text.rstrip().removesuffix(HARD_BREAK))
    if not frame.innermost:
        scan.paragraph = (*(scan.paragraph[-LONGEST_LEAD:] if scan.loose else ()), text)
    scan.loose = not frame.open
    scan.attached = False
