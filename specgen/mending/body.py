"""A documented body and where it stands in its page: which stretch may be written, and why not."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from specgen.mending.page_bytes import line_end_after
from specgen.mending.values import Edit, NotMendable, Reason
from specgen.replay.flow import SPACE, read_expected
from specgen.replay.nodes import ListNode, Node, ObjectNode, Scalar
from specgen.source import LINE_END, MappedText, Segment, Span

__all__ = ["Body", "Child", "Container", "children_of"]

CALLOUT = re.compile(r"<\d+>|\[\^\d+\]")
COMMA = re.compile(SPACE.pattern + ",")
# What stands between the values of a container, comments left out.
BETWEEN = re.compile(r"[\s,]*")

Container = ObjectNode | ListNode


@dataclass(frozen=True, slots=True)
class Child:
    """A member of an object or an item of a list: from its first to behind its last character."""

    start: int
    end: int
    value: Node


def children_of(container: Container) -> tuple[Child, ...]:
    """The members or items of a container in the order written."""
    if isinstance(container, ListNode):
        return tuple(Child(each.start, each.end, each) for each in container.items)
    return tuple(
        Child(each.start, max(each.end, each.value.end), each.value) for each in container.members
    )


@dataclass(slots=True)
class Body:
    """A documented body, read without the values of the stash.

    Attributes:
        mapped: Its text after substitutions, with its map.
        root: What it says.
        containers: Objects and lists by where they begin.
        owners: By where a member or item begins: its container and its place there.
        scalars: Values that are no container, by where they begin.
    """

    mapped: MappedText
    root: Node = field(init=False)
    containers: dict[int, Container] = field(init=False, default_factory=dict)
    owners: dict[int, tuple[Container, int]] = field(init=False, default_factory=dict)
    scalars: dict[int, Scalar] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.root = read_expected(self.text)
        for node in _nodes(self.root):
            if isinstance(node, Scalar):
                self.scalars[node.start] = node
            elif isinstance(node, ObjectNode | ListNode) and self.text[node.start] in "{[":
                self.containers[node.start] = node
                for number, child in enumerate(children_of(node)):
                    self.owners[child.start] = (node, number)

    @property
    def text(self) -> str:
        """The text that is compared."""
        return self.mapped.text

    def remove(self, start: int, end: int, *, to_next: bool = False) -> Edit:
        """An edit that takes a stretch out, with all that substitutions made of it.

        Args:
            start: Where it begins.
            end: Where it ends.
            to_next: Whether it ends where something begins that stays, and not behind its own.

        Raises:
            NotMendable: A callout stands in it, or something that is not compared at all.
        """
        before = self.before(start)
        after = self.before(end) if to_next else self.after(end)
        return self._without(start, end, before, after)

    def replace(self, start: int, end: int, text: str) -> Edit:
        """An edit of a stretch that stands in the page just as it is compared.

        Args:
            start: Where it begins.
            end: Where it ends.
            text: What it is to say.

        Raises:
            NotMendable: It does not, or a callout stands in it.
        """
        before, after = self.before(start), self.after(end)
        if before.source != after.source or after.start < before.start:
            raise self._not_as_in_page(start, end)
        page = Span(before.source, before.start, after.start)
        if _tidy(page.text) != self.text[start:end]:
            raise self._not_as_in_page(start, end, page.text)
        return Edit(start, end, text, page)

    def insert_after(self, offset: int, text: str) -> Edit:
        """An edit that puts text right behind what ends at an offset."""
        return Edit(offset, offset, text, self.after(offset))

    def insert_before(self, offset: int, text: str) -> Edit:
        """An edit that puts text right before what begins at an offset."""
        return Edit(offset, offset, text, self.before(offset))

    def insert_at_line_end(self, offset: int, newline: int, text: str) -> Edit:
        """An edit that puts text at the end of a line, behind its callouts.

        Args:
            offset: Where the last value, or the comma behind it, ends.
            newline: Where its line ends.
            text: What to put there.
        """
        return Edit(newline, newline, text, self._line_end(self.after(offset)))

    def remove_lines(self, offset: int, newline: int, end: int) -> Edit:
        """An edit that takes out all from the end of a line on, callouts of that line kept.

        Args:
            offset: Where the last value that stays, or the comma behind it, ends.
            newline: Where its line ends.
            end: Where that ends which goes.
        """
        begin = self._line_end(self.after(offset))
        self.no_callout_after(end)
        return self._without(newline, end, begin, self.after(end))

    def _without(self, start: int, end: int, before: Span, after: Span) -> Edit:
        page = Span(before.source, before.start, after.start)
        segments = self.mapped.segments
        pieces = segments[bisect_right(segments, start, key=_end) :]
        pieces = pieces[: bisect_left(pieces, end, key=_start)]
        emptied = (each for each in pieces if start < each.start == each.end < end)
        if any(emptied) or any(each.span.source != page.source for each in pieces):
            raise _substitution()
        position = page.start
        for piece in pieces:
            shift = max(start - piece.start, 0) if piece.exact else 0
            begin = piece.span.start + shift
            gap = page.source.text[position:begin]
            if gap.strip():
                raise _callout() if CALLOUT.search(gap) else _substitution()
            position = piece.span.end if piece.end <= end else piece.span.start + end - piece.start
        rest = page.source.text[position : page.end]
        if rest.strip() or page.end < page.start:
            raise _callout() if CALLOUT.search(rest) else _substitution()
        return Edit(start, end, "", page)

    def no_callout_after(self, offset: int) -> None:
        """Refuses to take away what a callout behind it speaks of."""
        page = self.after(offset)
        rest = page.source.text[page.start : line_end_after(page.source, page.start)]
        if CALLOUT.search(rest):
            raise _callout()

    def only_values_between(self, start: int, end: int, inside: tuple[Child, ...]) -> None:
        """Refuses to take away a comment that stands between values."""
        position = start
        for child in inside:
            if not BETWEEN.fullmatch(self.text, position, child.start):
                raise NotMendable(Reason.COMMENT, "a comment stands beside it")
            position = child.end
        if not BETWEEN.fullmatch(self.text, position, end):
            raise NotMendable(Reason.COMMENT, "a comment stands beside it")

    def comma_after(self, offset: int) -> int | None:
        """Where the comma stands that follows a value; None if none does."""
        found = COMMA.match(self.text, offset)
        return found.end() - 1 if found else None

    def indent_at(self, offset: int) -> str | None:
        """The white space before what begins at an offset, if it is the first of its line."""
        start = self.text.rfind("\n", 0, offset) + 1
        indent = self.text[start:offset]
        return indent if not indent.strip(" ") else None

    def line_indent(self, offset: int) -> str:
        """The white space at the start of the line that holds an offset."""
        start = self.text.rfind("\n", 0, offset) + 1
        line = self.text[start:offset]
        return line[: len(line) - len(line.lstrip(" "))]

    def after(self, offset: int) -> Span:
        """Where in the page that ends which ends here at an offset."""
        piece = self._piece(offset - 1)
        source, start, end = piece.span
        if piece.exact:
            return Span(source, start + offset - piece.start, start + offset - piece.start)
        if piece.end != offset:
            raise _substitution()
        return Span(source, end, end)

    def before(self, offset: int) -> Span:
        """Where in the page that begins which begins here at an offset."""
        piece = self._piece(offset)
        source, start, _ = piece.span
        if piece.exact:
            return Span(source, start + offset - piece.start, start + offset - piece.start)
        if piece.start != offset:
            raise _substitution()
        return Span(source, start, start)

    def _piece(self, offset: int) -> Segment:
        segments = self.mapped.segments
        place = bisect_right(segments, offset, key=_start) - 1
        if place >= 0 and offset < segments[place].end:
            return segments[place]
        raise _substitution()

    def _line_end(self, place: Span) -> Span:
        end = line_end_after(place.source, place.start)
        return Span(place.source, end, end)

    def _not_as_in_page(self, start: int, end: int, page: str = "") -> NotMendable:
        """Why a stretch does not stand in the page as it is compared."""
        made = (
            piece
            for piece in self.mapped.segments
            if not piece.exact and piece.start < end and piece.end > start
        )
        if any(self.text[piece.start : piece.end] != "\n" for piece in made):
            return _substitution()
        return _callout() if CALLOUT.search(page) else _substitution()


def _start(piece: Segment) -> int:
    return piece.start


def _end(piece: Segment) -> int:
    return piece.end


def _substitution() -> NotMendable:
    words = "a substitution made what is compared there"
    return NotMendable(Reason.SUBSTITUTION, words, "mend the page and its substitution together")


def _callout() -> NotMendable:
    words = "a callout of the page speaks of it"
    return NotMendable(Reason.CALLOUT, words, "mend it together with the list of callouts")


def _tidy(text: str) -> str:
    """What the dialect makes of a stretch of a page: no white space before its line ends."""
    lines = LINE_END.split(text)
    return "\n".join([*(line.rstrip() for line in lines[:-1]), lines[-1]])


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    if isinstance(node, ObjectNode | ListNode):
        for child in children_of(node):
            yield from _nodes(child.value)
