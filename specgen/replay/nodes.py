"""Values with the place where they stand: what a documented body is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from specgen.replay.values import Json

__all__ = [
    "MAX_DEPTH",
    "ListNode",
    "Member",
    "Node",
    "ObjectNode",
    "Scalar",
    "Unresolved",
    "node_of",
    "unresolved_in",
    "value_of",
]

# How deep lists and objects may be nested, in documented bodies and in responses: deeper
# than any API goes, and shallow enough for functions that call themselves once a level.
MAX_DEPTH = 150


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value that is no list and no object.

    Attributes:
        value: What it means.
        start: Offset of its first character, an opening quote included.
        end: Where it ends.
        raw: The characters from `start` to `end`.
    """

    value: bool | int | float | str | None
    start: int
    end: int
    raw: str


@dataclass(frozen=True, slots=True)
class ListNode:
    """A list, from its opening to its closing bracket."""

    items: tuple[Node, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Member:
    """A key and its value; `start` and `end` are those of the key, quotes included."""

    key: str
    value: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ObjectNode:
    """An object, from its opening to its closing brace, members in the order written."""

    members: tuple[Member, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A place where a value of the stash belongs that could not be put in.

    Attributes:
        text: What the page says there, such as `$body.took`.
        message: Why there is no value.
        start: Offset of its first character; of the key, if it is a key that failed.
        end: Where it ends.
    """

    text: str
    message: str
    start: int
    end: int


Node = Scalar | ListNode | ObjectNode | Unresolved


def value_of(node: Node) -> Json:
    """The bare value of a node; of one that is unresolved, the text of the page."""
    match node:
        case ListNode():
            return [value_of(item) for item in node.items]
        case ObjectNode():
            return {member.key: value_of(member.value) for member in node.members}
        case Unresolved():
            return node.text
    return node.value


def node_of(value: Json, start: int, end: int, raw: str = "") -> Node:
    """A value as nodes that all stand at the same place: where the page asks for it."""
    if isinstance(value, list):
        return ListNode(tuple(node_of(item, start, end, raw) for item in value), start, end)
    if isinstance(value, dict):
        members = (
            Member(key, node_of(item, start, end, raw), start, end) for key, item in value.items()
        )
        return ObjectNode(tuple(members), start, end)
    return Scalar(value, start, end, raw)


def unresolved_in(node: Node) -> Iterator[Unresolved]:
    """Every place of a body where a value of the stash is wanting, in order."""
    match node:
        case Unresolved():
            yield node
        case ListNode():
            for item in node.items:
                yield from unresolved_in(item)
        case ObjectNode():
            for member in node.members:
                yield from unresolved_in(member.value)
