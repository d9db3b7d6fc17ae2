"""JSON pointers of a documented body: taken apart, and put together with `*`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from specgen.pointers import key_of
from specgen.replay.nodes import ListNode, Node, ObjectNode

__all__ = ["is_below", "is_writable", "starred", "tokens_of"]

# What an option of `SPECGEN[…]` cannot hold.
UNWRITABLE = re.compile(r"[\s,\]]")


def tokens_of(pointer: str) -> tuple[str, ...]:
    """The parts of a pointer as they are written, `~0` and `~1` untouched."""
    return tuple(pointer.split("/")[1:])


def is_writable(pointer: str) -> bool:
    """Whether an option of `SPECGEN[…]` can name a place: never the whole body."""
    return bool(pointer) and not UNWRITABLE.search(pointer)


def is_below(pointer: str, above: str) -> bool:
    """Whether a place stands below another one, whose pointer may have a `*` in any part."""
    inner, outer = tokens_of(pointer), tokens_of(above)
    both = zip(inner, outer, strict=False)
    return len(inner) > len(outer) and all(part in (token, "*") for token, part in both)


def starred(pointer: str, body: Node | None, covered: Callable[[str], bool]) -> str:
    """A pointer with `*` for items, where the same place of every item is covered.

    All lists on the way are tried together first, then the innermost one, then the others.

    Args:
        pointer: One of the places.
        body: The documented body; None if it is not known.
        covered: Tells of which places as little may be asked.
    """
    tokens = tokens_of(pointer)
    lists = [at for at in range(len(tokens)) if body and _is_item(body, tokens, at)]
    for stars in (lists, *([at] for at in reversed(lists))):
        pattern = ["*" if at in stars else token for at, token in enumerate(tokens)]
        if stars and body and all(map(covered, _places(body, pattern))):
            return "/" + "/".join(pattern)
    return pointer


def _is_item(body: Node, tokens: Sequence[str], at: int) -> bool:
    for token in tokens[:at]:
        found = dict(_below(body, token)).get(token)
        if found is None:
            return False
        body = found
    return isinstance(body, ListNode)


def _places(body: Node, pattern: Sequence[str], above: str = "") -> Iterator[str]:
    """Each place of a body that a pattern stands for."""
    if not pattern:
        yield above
        return
    for token, node in _below(body, pattern[0]):
        yield from _places(node, pattern[1:], f"{above}/{token}")


def _below(node: Node, token: str) -> Iterator[tuple[str, Node]]:
    if isinstance(node, ListNode):
        for index, item in enumerate(node.items):
            if token in ("*", str(index)):
                yield str(index), item
    elif isinstance(node, ObjectNode):
        for member in node.members:
            if member.key == key_of(token):
                yield token, member.value
