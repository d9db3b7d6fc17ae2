"""Members of objects and items of lists that are put in, taken out, or put in another order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from specgen.mending.body import Body, Child, Container, children_of
from specgen.mending.style import Style, is_on_one_line, most
from specgen.mending.values import Edit, NotMendable, Reason
from specgen.mending.writing import key_text, new_value
from specgen.replay.nodes import ListNode, ObjectNode
from specgen.replay.values import Json

__all__ = ["Addition", "insertions", "removals", "reordered"]

SEPARATOR = re.compile(r"(?P<comma> *,)(?P<gap> *|\n *)")


@dataclass(frozen=True, slots=True)
class Addition:
    """What is to be put into a container.

    Attributes:
        before: The place of the member or item before which it belongs; their number for the end.
        key: Its key; empty for an item of a list.
        value: What the cluster said.
    """

    before: int
    key: str
    value: Json


def insertions(
    body: Body, container: Container, additions: Sequence[Addition], style: Style, key: str
) -> Iterator[Edit]:
    """The edits that put members or items into a container, written as their neighbours are.

    Args:
        body: The documented body.
        container: Where they belong.
        additions: In the order in which they are to stand.
        style: How the page writes.
        key: What the container itself is called; empty for none.

    Raises:
        NotMendable: They cannot be put in without changing what else stands there.
    """
    children = children_of(container)
    if not children:
        yield _filled(body, container, additions, style, key)
        return
    for place in dict.fromkeys(each.before for each in additions):
        mine = [each for each in additions if each.before == place]
        writer = _Writer(body, container, children, style)
        yield from writer.first(mine) if place == 0 else writer.after(place - 1, mine)


def _filled(
    body: Body, container: Container, additions: Sequence[Addition], style: Style, key: str
) -> Edit:
    """An empty container with something in it."""
    inside = (container.start + 1, container.end - 1)
    if body.text[slice(*inside)].strip():
        raise NotMendable(Reason.COMMENT, "a comment stands in it")
    indent = body.line_indent(container.start)
    values = [each.value for each in additions]
    value: Json = values
    if isinstance(container, ObjectNode):
        value = {each.key: each.value for each in additions}
    alone = is_on_one_line(body, body.root)
    return body.replace(*inside, new_value(value, indent, key, style, inline=alone)[1:-1])


@dataclass(frozen=True, slots=True)
class _Writer:
    body: Body
    container: Container
    children: tuple[Child, ...]
    style: Style

    def first(self, additions: Sequence[Addition]) -> Iterator[Edit]:
        """Puts members before the first one."""
        body, first = self.body, self.children[0]
        indent = body.indent_at(first.start)
        own_line = indent is not None and "\n" in body.text[self.container.start : first.start]
        comma, gap = self._comma()
        separator = f"{comma}\n{indent}" if own_line else f"{comma}{gap}"
        texts = (self._entry(each, indent or "", 0, own_line=own_line) for each in additions)
        yield body.insert_before(first.start, "".join(f"{text}{separator}" for text in texts))

    def after(self, place: int, additions: Sequence[Addition]) -> Iterator[Edit]:
        """Puts members behind one that is there."""
        body, child = self.body, self.children[place]
        is_last = place + 1 == len(self.children)
        stop = self.container.end - 1 if is_last else self.children[place + 1].start
        comma = body.comma_after(child.end)
        begin = child.end if comma is None else comma + 1
        newline = body.text.find("\n", begin, stop)
        if "\n" in body.text[child.end : begin]:
            raise NotMendable(Reason.STYLE, "its comma stands on another line")
        own_line = newline >= 0 and not (is_last and self._shares_a_line())
        indent = self._indent(child)
        texts = [self._entry(each, indent, place, own_line=own_line) for each in additions]
        written, gap = self._comma()
        closing = written if comma is not None else ""
        if own_line:
            if comma is None:
                yield body.insert_after(child.end, written)
            text = written.join(f"\n{indent}{each}" for each in texts) + closing
            yield body.insert_at_line_end(begin, newline, text)
        elif comma is None:
            yield body.insert_after(child.end, "".join(f"{written}{gap}{t}" for t in texts))
        else:
            yield body.insert_after(begin, "".join(f"{gap}{t}{written}" for t in texts))

    def _comma(self) -> tuple[str, str]:
        """A comma with what stands before it, and what stands behind it on the same line."""
        commas: Counter[str] = Counter()
        gaps: Counter[str] = Counter()
        for child, following in pairwise(self.children):
            found = SEPARATOR.fullmatch(self.body.text, child.end, following.start)
            if found is not None:
                commas[found["comma"]] += 1
                gaps.update([found["gap"]] if "\n" not in found["gap"] else [])
        usual = self.style.gaps[isinstance(self.container, ListNode)]
        return (most(commas, ","), most(gaps, usual))

    def _shares_a_line(self) -> bool:
        """Whether all of several members stand on the same line."""
        text = self.body.text
        pairs = list(pairwise(self.children))
        return bool(pairs) and all("\n" not in text[a.end : b.start] for a, b in pairs)

    def _indent(self, child: Child) -> str:
        """The indentation of a line of its own beside a member."""
        others = (self.body.indent_at(each.start) for each in (child, *self.children))
        own = self.body.line_indent(self.container.start) + self.style.step
        return next((each for each in others if each is not None), own)

    def _entry(self, addition: Addition, indent: str, place: int, *, own_line: bool) -> str:
        inline = not own_line and is_on_one_line(self.body, self.container)
        if isinstance(self.container, ListNode):
            return new_value(addition.value, indent, "[]", self.style, inline=inline)
        member = self.container.members[place]
        colon = self.body.text[member.end : member.value.start]
        usual = colon if colon.strip(" ") == ":" else self.style.colon
        colon = dict(self.style.colons).get(addition.key, usual)
        value = new_value(addition.value, indent, addition.key, self.style, inline=inline)
        return f"{key_text(addition.key, self.style)}{colon}{value}"


def removals(body: Body, container: Container, places: Sequence[int]) -> Iterator[Edit]:
    """The edits that take members or items out of a container, with the commas that go.

    Raises:
        NotMendable: A callout or a comment speaks of them, or a substitution made them.
    """
    children = children_of(container)
    gone = frozenset(places)
    if len(gone) == len(children):
        inside = (container.start + 1, container.end - 1)
        body.only_values_between(*inside, children)
        yield body.remove(*inside)
        return
    first = 0
    while first < len(children):
        if first not in gone:
            first += 1
            continue
        last = first
        while last + 1 in gone:
            last += 1
        run = children[first : last + 1]
        if last + 1 < len(children):
            yield _before_others(body, container, children, first, last)
        else:
            yield from _without_tail(body, container, children[first - 1], run)
        first = last + 1


def _before_others(
    body: Body, container: Container, children: Sequence[Child], first: int, last: int
) -> Edit:
    """Takes out members with the comma behind them, up to where the next one begins.

    One that begins a line of its own still does, where those before it did not.
    """
    run, following = tuple(children[first : last + 1]), children[last + 1].start
    body.only_values_between(run[0].start, following, run)
    comma = body.comma_after(run[-1].end)
    breaks = comma is not None and "\n" in body.text[comma:following]
    if comma is None or not breaks or body.indent_at(run[0].start) is not None:
        return body.remove(run[0].start, following, to_next=True)
    body.no_callout_after(comma + 1)
    before = body.comma_after(children[first - 1].end) if first else container.start
    return body.remove(run[0].start if before is None else before + 1, comma + 1)


def _without_tail(
    body: Body, container: Container, kept: Child, run: Sequence[Child]
) -> Iterator[Edit]:
    """Takes out the last members; the comma before them goes, unless one stands behind, too."""
    comma = body.comma_after(kept.end)
    assert comma is not None
    trailing = body.comma_after(run[-1].end)
    end = run[-1].end if trailing is None else trailing + 1
    body.only_values_between(comma + 1, container.end - 1, tuple(run))
    newline = body.text.find("\n", comma, run[0].start)
    if newline < 0:
        start = kept.end if trailing is None else comma + 1
        body.no_callout_after(end)
        yield body.remove(start, end)
        return
    if trailing is None:
        yield body.remove(comma, comma + 1)
    yield body.remove_lines(comma + 1, newline, end)


def reordered(body: Body, container: ListNode, order: Sequence[int]) -> Iterator[Edit]:
    """The edits that give a list its items in another order, each as the page writes it.

    Args:
        body: The documented body.
        container: The list.
        order: For each place, which of the items belongs there.

    Raises:
        NotMendable: An item does not stand in the page as it is compared.
    """
    items = container.items
    for place, wanted in enumerate(order):
        if place != wanted:
            taken = body.text[items[wanted].start : items[wanted].end]
            yield body.replace(items[place].start, items[place].end, taken)
