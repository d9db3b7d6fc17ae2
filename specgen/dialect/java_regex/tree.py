"""A parsed Java pattern: sets of characters, and what is built of them.

Flags do not appear: the parser has put their meaning into the nodes, so that a node means
the same wherever it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

__all__ = [
    "Atomic",
    "BackReference",
    "Both",
    "Capture",
    "CharSet",
    "Chars",
    "Choice",
    "Edge",
    "EdgeKind",
    "Fold",
    "Grapheme",
    "Greed",
    "Group",
    "LineBreak",
    "Look",
    "Named",
    "Negated",
    "Node",
    "Range",
    "Repeat",
    "Sequence",
    "Union",
    "parts_of",
    "walk",
]


class Fold(Enum):
    """Which letters count as the same in either case."""

    NONE = auto()
    ASCII = auto()
    UNICODE = auto()


@dataclass(frozen=True, slots=True)
class Range:
    """The code points from `low` to `high`, both included."""

    low: int
    high: int
    fold: Fold = Fold.NONE


@dataclass(frozen=True, slots=True)
class Named:
    """A set with a name, as text that the `regex` package takes between brackets."""

    text: str


@dataclass(frozen=True, slots=True)
class Union:
    """Characters of any of the parts."""

    parts: tuple[CharSet, ...]


@dataclass(frozen=True, slots=True)
class Both:
    """Characters that are in both sets."""

    left: CharSet
    right: CharSet


@dataclass(frozen=True, slots=True)
class Negated:
    """Characters that are not in the set."""

    of: CharSet


CharSet = Range | Named | Union | Both | Negated


class EdgeKind(Enum):
    r"""A place between characters; the UNIX ones know `\n` as the only end of a line."""

    START = auto()
    LINE_START = auto()
    UNIX_LINE_START = auto()
    END = auto()
    UNIX_END = auto()
    LINE_END = auto()
    UNIX_LINE_END = auto()
    VERY_END = auto()
    WORD = auto()
    NO_WORD = auto()
    UNICODE_WORD = auto()
    UNICODE_NO_WORD = auto()
    LAST_MATCH = auto()


class Greed(Enum):
    """How much a repetition takes."""

    GREEDY = auto()
    RELUCTANT = auto()
    POSSESSIVE = auto()


@dataclass(frozen=True, slots=True)
class Chars:
    """One character of a set."""

    chars: CharSet


@dataclass(frozen=True, slots=True)
class LineBreak:
    r"""Any end of a line (`\R`)."""


@dataclass(frozen=True, slots=True)
class Grapheme:
    r"""What people take for one character (`\X`)."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A place, which takes no character."""

    kind: EdgeKind


@dataclass(frozen=True, slots=True)
class BackReference:
    """What a group took; the group need not exist."""

    number: int
    fold: Fold


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after the other; without items it matches the empty text."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """The first of the options that leads to a match."""

    options: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A group that remembers nothing."""

    body: Node


@dataclass(frozen=True, slots=True)
class Capture:
    """A group that remembers what it took, numbered from 1."""

    number: int
    body: Node


@dataclass(frozen=True, slots=True)
class Atomic:
    """A group that gives nothing back."""

    body: Node


@dataclass(frozen=True, slots=True)
class Look:
    """A condition on what follows, or on what stands before."""

    body: Node
    behind: bool
    negative: bool


@dataclass(frozen=True, slots=True)
class Repeat:
    """An item from `low` to `high` times; None is without a limit."""

    item: Node
    low: int
    high: int | None
    greed: Greed


Node = (
    Chars
    | LineBreak
    | Grapheme
    | Edge
    | BackReference
    | Sequence
    | Choice
    | Group
    | Capture
    | Atomic
    | Look
    | Repeat
)


def parts_of(node: Node) -> tuple[Node, ...]:
    """The nodes that a node is made of."""
    match node:
        case Sequence(parts) | Choice(parts):
            return parts
        case Group(body) | Capture(_, body) | Atomic(body) | Look(body, _, _):
            return (body,)
        case Repeat(item, _, _, _):
            return (item,)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """A node and all that is in it."""
    yield node
    for part in parts_of(node):
        yield from walk(part)
