"""How many characters a part of a pattern takes, as Java reckons it.

A look-behind must have "an obvious maximum length", and which ones have it follows from
how Java adds up: in 32 bits, with its own ideas of what repeats without a limit. Also here:
the weight of a pattern, because the `regex` package writes repeated parts out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from specgen.dialect.java_regex.fold import also
from specgen.dialect.java_regex.tree import (
    Atomic,
    BackReference,
    Both,
    Capture,
    Chars,
    CharSet,
    Choice,
    Edge,
    Greed,
    Group,
    LineBreak,
    Negated,
    Node,
    Range,
    Repeat,
    Sequence,
    Union,
    parts_of,
)

__all__ = ["MANY", "Width", "weight", "width"]

# What Java takes for "without a limit".
MANY = 0x7FFFFFFF


@dataclass(frozen=True, slots=True)
class Width:
    """What Java knows about the length of a part.

    Attributes:
        low: Its smallest length.
        high: Its largest, wrapped to 32 bits: below 0 if Java got it wrong.
        fresh: The largest of what follows the last choice: there Java starts anew.
        limited: Whether Java thinks that there is a largest.
        simple: Whether it can match in one way only.
        wrapped: Whether `high` got wrong on the way.
    """

    low: int = 0
    high: int = 0
    fresh: int = 0
    limited: bool = True
    simple: bool = True
    wrapped: bool = False

    def plus(self, low: int, high: int) -> Width:
        """This length with another one after it."""
        total = _wrap(self.high + high)
        wrapped = self.wrapped or total != self.high + high
        fresh = _wrap(self.fresh + high)
        return replace(self, low=self.low + low, high=total, fresh=fresh, wrapped=wrapped)


def width(node: Node, before: Width | None = None) -> Width:
    """The length of a node together with what stands before it in its sequence."""
    before = before or Width()
    match node:
        case Chars():
            return before.plus(1, 1)
        case LineBreak():
            return before.plus(1, 2)
        case BackReference():
            return replace(before, limited=False)
        case Sequence(items):
            for item in items:
                before = width(item, before)
            return before
        case Group(body) | Capture(_, body) | Atomic(body):
            return width(body, before)
        case Choice(options):
            return _choice([width(option) for option in options], before)
        case Repeat():
            return _repeat(node, before)
    return before


def _choice(options: list[Width], before: Width) -> Width:
    low = min(option.low for option in options)
    high = max(option.high for option in options)
    return replace(
        before.plus(low, high),
        fresh=0,
        limited=before.limited and all(option.limited for option in options),
        wrapped=before.wrapped or any(option.wrapped for option in options),
        simple=False,
    )


def _repeat(node: Repeat, before: Width) -> Width:
    one = width(node.item)
    if (node.low, node.high) == (0, 1):
        if isinstance(node.item, Group | Capture) and node.greed is not Greed.POSSESSIVE:
            return _choice([Width(), one], before)
        return replace(
            before.plus(0, one.high), limited=before.limited and one.limited, simple=False
        )
    if isinstance(node.item, Chars) and node.high is None and node.greed is Greed.GREEDY:
        return replace(before.plus(node.low, MANY), simple=False)
    grouped = isinstance(node.item, Group | Capture)
    if grouped and not one.simple and node.greed is not Greed.POSSESSIVE:
        return replace(before, limited=False, simple=False)
    most = MANY if node.high is None else node.high
    total = before.plus(one.low * node.low, one.high * most)
    return replace(
        total,
        limited=before.limited and one.limited and total.fresh >= before.fresh,
        simple=before.simple and one.simple and node.low == most,
        wrapped=total.wrapped or one.wrapped,
    )


def _wrap(number: int) -> int:
    return (number + 0x80000000) % 0x100000000 - 0x80000000


def weight(node: Node) -> int:
    """How large a part becomes once its repetitions are written out."""
    match node:
        case Chars(chars):
            return _set_weight(chars)
        case Repeat(item, low, _, _):
            return weight(item) * (low + 1) + 1
        case LineBreak():
            return 5
        case Edge():
            # What an end of a word is takes many words to tell.
            return 100
    return 1 + sum(weight(part) for part in parts_of(node))


def _set_weight(chars: CharSet) -> int:
    match chars:
        case Union(parts):
            return 1 + sum(_set_weight(part) for part in parts)
        case Both(left, right):
            return 1 + _set_weight(left) + _set_weight(right)
        case Negated(of):
            return 1 + _set_weight(of)
        case Range():
            return 1 + len(also(chars))
    return 3
