"""How a page writes its bodies: what is new is written as its neighbours are."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from specgen.mending.body import Body, Container, children_of
from specgen.replay.nodes import ListNode, Node, ObjectNode

__all__ = ["Style", "is_on_one_line", "most", "style_of"]

COLON = re.compile(r" *: *")
# How long a list of scalars may be that stands on one line where nothing else is known.
LONGEST = 72


@dataclass(frozen=True, slots=True)
class Style:
    """How containers are written that the page has none of yet.

    Attributes:
        colon: What stands between a key and its value.
        colons: The same of keys that the page has already.
        gaps: What stands behind a comma on the same line: in an object, in a list.
        pads: What stands inside the brackets of a container on one line: of an object, a list.
        step: How much deeper each level is indented.
        inline: By key (`[]` for what stands in a list), whether containers there stand on one
            line; for objects and lists apart.
        bare: Whether keys are written without quotes.
    """

    colon: str
    colons: tuple[tuple[str, str], ...]
    gaps: tuple[str, str]
    pads: tuple[str, str]
    step: str
    inline: tuple[tuple[tuple[str, bool], bool], ...]
    bare: bool

    def colon_of(self, key: str) -> str:
        """What stands between this key and its value, as far as the page has it."""
        return dict(self.colons).get(key, self.colon)

    def on_one_line(self, key: str, value: object) -> bool:
        """Whether a new container belongs on one line: as others of its name, else by its size."""
        is_list = isinstance(value, list)
        known = dict(self.inline).get((key, is_list))
        if not value:
            return True
        assert isinstance(value, list | dict)
        inside = value if isinstance(value, list) else value.values()
        flat = not any(isinstance(each, list | dict) and each for each in inside)
        if known is not None:
            return known
        return is_list and flat and len(json.dumps(value)) <= LONGEST


def style_of(body: Body) -> Style:
    """What the page itself does most of the time."""
    colons: Counter[str] = Counter()
    gaps: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    steps: Counter[str] = Counter()
    pads: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    bare: Counter[bool] = Counter()
    for node in body.containers.values():
        _look_at(body, node, colons, gaps, steps, pads)
        if isinstance(node, ObjectNode):
            bare.update(body.text[each.start] not in "\"'" for each in node.members)
    usual = most(gaps[0] + gaps[1], " ")
    return Style(
        most(colons, ": "),
        tuple(_colons_by_key(body).items()),
        (most(gaps[0], usual), most(gaps[1], usual)),
        (most(pads[0], ""), most(pads[1], "")),
        most(steps, "  "),
        tuple(_inline_by_key(body).items()),
        bare[True] > bare[False],
    )


def is_on_one_line(body: Body, node: Node) -> bool:
    """Whether a value has no line end in it."""
    return "\n" not in body.text[node.start : node.end]


def _look_at(
    body: Body,
    node: Container,
    colons: Counter[str],
    gaps: tuple[Counter[str], Counter[str]],
    steps: Counter[str],
    pads: tuple[Counter[str], Counter[str]],
) -> None:
    children = children_of(node)
    text = body.text
    if isinstance(node, ObjectNode):
        found = (text[each.end : each.value.start] for each in node.members)
        colons.update(each for each in found if COLON.fullmatch(each))
    for child, following in pairwise(children):
        comma = body.comma_after(child.end)
        gap = text[comma + 1 : following.start] if comma is not None else "\n"
        if not gap.strip(" "):
            gaps[isinstance(node, ListNode)][gap] += 1
    if not children:
        return
    first = children[0].start
    if is_on_one_line(body, node):
        inner = text[node.start + 1 : first]
        if not inner.strip(" "):
            pads[isinstance(node, ListNode)][inner] += 1
    elif (indent := body.indent_at(first)) is not None:
        step = len(indent) - len(body.line_indent(node.start))
        if step > 0:
            steps[" " * step] += 1


def _colons_by_key(body: Body) -> dict[str, str]:
    found: dict[str, Counter[str]] = {}
    for node in body.containers.values():
        for member in node.members if isinstance(node, ObjectNode) else ():
            colon = body.text[member.end : member.value.start]
            if COLON.fullmatch(colon):
                found.setdefault(member.key, Counter())[colon] += 1
    return {key: counts.most_common(1)[0][0] for key, counts in found.items()}


def _inline_by_key(body: Body) -> dict[tuple[str, bool], bool]:
    found: dict[tuple[str, bool], Counter[bool]] = {}

    def visit(node: Node, key: str) -> None:
        if isinstance(node, ObjectNode | ListNode):
            if children_of(node):
                one = is_on_one_line(body, node)
                found.setdefault((key, isinstance(node, ListNode)), Counter())[one] += 1
            if isinstance(node, ObjectNode):
                for member in node.members:
                    visit(member.value, member.key)
            else:
                for item in node.items:
                    visit(item, "[]")

    visit(body.root, "")
    return {place: counts[True] >= counts[False] for place, counts in found.items()}


def most(counts: Counter[str], usual: str) -> str:
    """What is there most often; what is usual if there is nothing."""
    return counts.most_common(1)[0][0] if counts else usual
