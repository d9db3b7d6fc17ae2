"""What of a documented body need not be just as the page has it (`SPECGEN[…]`).

Places are JSON pointers (RFC 6901) in which `*` stands for one key or index, and `**` for any
number of them. The empty pointer is the whole body.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

__all__ = ["STRICT", "ApiLeniency", "Leniency"]


@dataclass(frozen=True, slots=True)
class Leniency:
    """Where less is asked of a response; nowhere by default.

    Attributes:
        ignore: Neither whether these are there nor what they are counts.
        shape: Only the keys and the types of these and of all inside count. A list may have
            another length, and each of its items has the shape of a documented one.
        unordered: The items of these lists may come in any order.
        at_least: These objects and all inside may have more keys than the page shows.
    """

    ignore: tuple[str, ...] = ()
    shape: tuple[str, ...] = ()
    unordered: tuple[str, ...] = ()
    at_least: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.ignore or self.shape or self.unordered or self.at_least)

    def named(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The pointers of each sort, of which there are some, by its name here."""
        found = ((each.name, getattr(self, each.name)) for each in fields(self))
        return ((name, pointers) for name, pointers in found if pointers)

    def with_more(self, other: Leniency) -> Leniency:
        """Where less is asked by either of two."""
        more = dict(other.named())
        pairs = ((getattr(self, each.name), more.get(each.name, ())) for each in fields(self))
        return Leniency(*(tuple(dict.fromkeys((*mine, *others))) for mine, others in pairs))

    def ignores(self, pointer: str) -> bool:
        """Whether a value does not count."""
        return _is_one(pointer, self.ignore)

    def asks_shape(self, pointer: str) -> bool:
        """Whether only the shape of a value counts, since it is here that this begins."""
        return _is_one(pointer, self.shape)

    def any_order(self, pointer: str) -> bool:
        """Whether the items of a list may come in any order."""
        return _is_one(pointer, self.unordered)

    def more_keys(self, pointer: str) -> bool:
        """Whether an object may have keys that are not documented."""
        return any(_is_one(above, self.at_least) for above in _and_above(pointer))


STRICT = Leniency()


@dataclass(frozen=True, slots=True)
class ApiLeniency:
    """What is asked less of the responses of one API, wherever a page shows one.

    Attributes:
        api: Neighbouring parts of a path, such as `_search` or `_cat/indices`; empty for all.
        leniency: Where less is asked.
    """

    api: str
    leniency: Leniency

    def holds(self, path: str) -> bool:
        """Whether it holds for the response to a request of this path, without its query."""
        parts = self.api.strip("/")
        return not parts or f"/{parts}/" in f"/{path.strip('/')}/"


def _and_above(pointer: str) -> Iterator[str]:
    yield pointer
    while pointer:
        pointer = pointer.rpartition("/")[0]
        yield pointer


def _is_one(pointer: str, patterns: Sequence[str]) -> bool:
    if not patterns:
        return False
    parts = pointer.split("/")[1:]
    return any(_fits(parts, pattern.split("/")[1:]) for pattern in patterns)


def _fits(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Whether a pattern stands for a pointer; takes as long as both are long, never more."""
    reached = _passed({0}, pattern)
    for part in parts:
        stay = {at for at in reached if at < len(pattern) and pattern[at] == "**"}
        on = {at + 1 for at in reached if at < len(pattern) and pattern[at] in {"*", part}}
        reached = _passed(stay | on, pattern)
    return len(pattern) in reached


def _passed(reached: set[int], pattern: Sequence[str]) -> set[int]:
    """The places of a pattern that are reached, also by letting `**` stand for nothing."""
    all_reached = set(reached)
    for at in range(len(pattern)):
        if at in all_reached and pattern[at] == "**":
            all_reached.add(at + 1)
    return all_reached
