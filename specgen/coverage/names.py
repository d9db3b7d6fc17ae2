"""The names of what bodies hold: `rules.field` for `{"rules": [{"field": …}]}`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache

from specgen.dialect.leniency import STRICT, Leniency
from specgen.dialect.triple_quotes import UnclosedString, converted
from specgen.replay.fields import pointer_to
from specgen.replay.nodes import ListNode, Node, ObjectNode
from specgen.replay.strict_json import SPACE, JsonUnreadable, read_json, without_comments
from specgen.replay.values import Json

__all__ = ["field_names", "fitting", "names_below", "names_in_body", "shown_names"]

# A part of a documented name for which a body has a name of its own: `<index>.aliases`.
CHOSEN = re.compile(r"<.*>|\{.*\}")


@lru_cache(maxsize=512)  # a setup sends the same for every case that asks for it
def names_in_body(text: str) -> frozenset[str]:
    """The dotted names of all that a request body holds, lists passed through.

    Args:
        text: As the page has it: JSON objects one after the other. Where that ends, so do the
            names; nothing is said of why.
    """
    names: set[str] = set()
    try:
        plain = without_comments(converted(text))
        position = _skip(plain, 0)
        while position < len(plain):
            value, position = read_json(plain, position)
            names.update(names_below(value))
            position = _skip(plain, position)
    except (UnclosedString, JsonUnreadable):
        pass
    return frozenset(names)


def names_below(value: Json, above: str = "") -> Iterator[str]:
    """The dotted names of all that a value holds."""
    if isinstance(value, list):
        for item in value:
            yield from names_below(item, above)
    elif isinstance(value, dict):
        for key, inner in value.items():
            name = _joined(above, key)
            yield name
            yield from names_below(inner, name)


def shown_names(
    node: Node, leniency: Leniency = STRICT, above: str = "", pointer: str = ""
) -> Iterator[str]:
    """The same of a documented response, without what the page asks nobody to compare."""
    if leniency.ignores(pointer):
        return
    if isinstance(node, ListNode):
        for index, item in enumerate(node.items):
            yield from shown_names(item, leniency, above, pointer_to(pointer, index))
    elif isinstance(node, ObjectNode):
        for member in node.members:
            below = pointer_to(pointer, member.key)
            if not leniency.ignores(below):
                name = _joined(above, member.key)
                yield name
                yield from shown_names(member.value, leniency, name, below)


def field_names(parts: Iterable[str]) -> Iterator[str]:
    """The names on the way to a field: `hits` and `hits._id` of the path `hits.0._id`."""
    name = ""
    for part in parts:
        if not part.isdecimal():
            name = _joined(name, part)
            yield name


def fitting(name: str, held: Collection[str]) -> list[str]:
    """Those of the held names that a documented name stands for; `<…>` is any one part."""
    parts = name.split(".")
    chosen = [bool(CHOSEN.fullmatch(part)) for part in parts]
    if not any(chosen):
        return [name] if name in held else []
    return [other for other in held if _fits(parts, chosen, other.split("."))]


def _fits(parts: list[str], chosen: list[bool], other: list[str]) -> bool:
    return len(parts) == len(other) and all(
        free or part == held for part, free, held in zip(parts, chosen, other, strict=True)
    )


def _joined(above: str, key: str) -> str:
    return f"{above}.{key}" if above else key


def _skip(text: str, position: int) -> int:
    space = SPACE.match(text, position)
    return space.end() if space else position
