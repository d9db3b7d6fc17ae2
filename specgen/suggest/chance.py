"""What is as documented only by chance: how long something took, how much waits just then."""

from __future__ import annotations

from collections.abc import Iterator

from specgen.dialect.leniency import Leniency
from specgen.dialect.values import OptionName
from specgen.replay.fields import pointer_to
from specgen.replay.nodes import ListNode, Node, ObjectNode, Scalar
from specgen.suggest.kinds import kind_of_a_moment
from specgen.suggest.pointers import tokens_of
from specgen.suggest.values import Place

__all__ = ["chance_places"]


def chance_places(body: Node, leniency: Leniency) -> tuple[Place, ...]:
    """The durations and counts of a moment that a documented body asks to be just what it says.

    They may have been so in every run, and be others on a slower day.

    Args:
        body: What is documented.
        leniency: What of it is not asked anyway.
    """
    return tuple(
        Place(OptionName.IGNORE, pointer, f"{kind.value}, as documented by chance: {scalar.raw}")
        for pointer, scalar in _asked(body, "", leniency)
        if pointer and (kind := kind_of_a_moment(tokens_of(pointer), scalar.value))
    )


def _asked(node: Node, pointer: str, leniency: Leniency) -> Iterator[tuple[str, Scalar]]:
    """Each value that must be just as documented, with its place."""
    if leniency.ignores(pointer) or leniency.asks_shape(pointer):
        return
    match node:
        case Scalar():
            yield pointer, node
        case ListNode():
            for index, item in enumerate(node.items):
                yield from _asked(item, pointer_to(pointer, index), leniency)
        case ObjectNode():
            for member in node.members:
                yield from _asked(member.value, pointer_to(pointer, member.key), leniency)
