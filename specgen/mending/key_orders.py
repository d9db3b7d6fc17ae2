"""In which order keys stand: as in objects of the same sort in the page, else as they came."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from specgen.replay.nodes import ListNode, Node, ObjectNode
from specgen.replay.values import Json

__all__ = ["KeyOrders", "is_in_order"]

Path = tuple[str, ...]
_Keys = tuple[Path, tuple[str, ...]]
# What stands for any item of a list, and for any key.
ANY = "*"


@dataclass(frozen=True, slots=True)
class KeyOrders:
    """In which order a page writes keys.

    Attributes:
        known: The keys of all objects of a body: by path, with `*` for items, and in the order
            written.
        elsewhere: The same of the other responses of its page.
    """

    known: tuple[_Keys, ...]
    elsewhere: tuple[_Keys, ...] = ()

    @classmethod
    def of(cls, root: Node, others: Iterable[Node] = ()) -> KeyOrders:
        """Those of a documented body, and of the others of its page."""
        elsewhere = (found for each in others for found in _objects(each, ()))
        return cls(tuple(dict.fromkeys(_objects(root, ()))), tuple(dict.fromkeys(elsewhere)))

    def ordered(self, path: Sequence[str], keys: Sequence[str]) -> list[str]:
        """Keys in the order of the most similar object of the same sort; the others as they came.

        What no such object of the body has stands as other responses of the page agree on.

        Args:
            path: The way to the object: keys, and numbers of items.
            keys: Its keys as they came.
        """
        example = self._example(path, keys)
        found = [key for key in example if key in keys]
        before = ""
        for key in keys:
            if key not in example:
                came = found.index(before) + 1 if before else 0
                found.insert(self._place(path, key, found, came), key)
            before = key
        return found

    def _place(self, path: Sequence[str], key: str, beside: Sequence[str], came: int) -> int:
        """Where a key stands among others: as the other responses agree on, else as it came."""
        lowest, highest = 0, len(beside)
        for other in self._elsewhere(path):
            if key not in other:
                continue
            at = other.index(key)
            lower = [n + 1 for n, each in enumerate(beside) if each in other[:at]]
            upper = [n for n, each in enumerate(beside) if each in other[at:]]
            lowest, highest = max([lowest, *lower]), min([highest, *upper])
        return min(max(came, lowest), highest) if lowest <= highest else came

    def _elsewhere(self, path: Sequence[str]) -> Iterator[tuple[str, ...]]:
        starred = _starred(path)
        return (each for known, each in self.elsewhere if _fits(known, starred))

    def applied(self, path: Sequence[str], value: Json) -> Json:
        """A value with the keys of all its objects in their order."""
        if isinstance(value, list):
            return [self.applied((*path, str(at)), each) for at, each in enumerate(value)]
        if isinstance(value, dict):
            keys = self.ordered(path, tuple(value))
            return {key: self.applied((*path, key), value[key]) for key in keys}
        return value

    def _example(self, path: Sequence[str], keys: Sequence[str]) -> tuple[str, ...]:
        """The keys of the object of the same sort that has most of these; of two, the first."""
        starred = _starred(path)
        # Objects in the same list, or in lists of that name; else those beside it.
        for alike in (starred, (*starred[:-1], ANY)):
            found = [each for known, each in self.known if _fits(known, alike)]
            best = max(found, key=lambda each: len({*each} & {*keys}), default=())
            if len({*best} & {*keys}) > 1:
                return best
        return ()


def _starred(path: Sequence[str]) -> Path:
    return tuple(ANY if part.isdigit() else part for part in path)


def is_in_order(keys: Iterable[str], order: Sequence[str]) -> bool:
    """Whether keys stand in the same order as in another object; those not there do not count."""
    places = [order.index(key) for key in keys if key in order]
    return places == sorted(places)


def _fits(path: Path, pattern: Path) -> bool:
    return len(path) == len(pattern) and all(
        wanted in (part, ANY) for part, wanted in zip(path, pattern, strict=True)
    )


def _objects(node: Node, path: Path) -> Iterator[tuple[Path, tuple[str, ...]]]:
    if isinstance(node, ObjectNode):
        yield path, tuple(member.key for member in node.members)
        for member in node.members:
            yield from _objects(member.value, (*path, member.key))
    elif isinstance(node, ListNode):
        for item in node.items:
            yield from _objects(item, (*path, ANY))
