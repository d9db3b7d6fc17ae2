"""Pairs the items of two lists, each with one that fits it, as many as can be paired."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["pairs_of"]


def pairs_of(fits: Sequence[Sequence[int]]) -> dict[int, int]:
    """The largest set of pairs, by the index of each first item that has one.

    Augmenting paths (Kuhn's algorithm), one breadth at a time, so that no list is too long.

    Args:
        fits: For each first item, the indices of the second ones that it may be paired with.
    """
    holder: dict[int, int] = {}
    for start in range(len(fits)):
        came_from: dict[int, tuple[int, int | None]] = {}
        waiting: list[tuple[int, int | None]] = [(start, None)]
        free: int | None = None
        while waiting and free is None:
            item, via = waiting.pop(0)
            for other in fits[item]:
                if other in came_from:
                    continue
                came_from[other] = (item, via)
                if other not in holder:
                    free = other
                    break
                waiting.append((holder[other], other))
        while free is not None:
            item, via = came_from[free]
            holder[free] = item
            free = via
    return {item: other for other, item in holder.items()}
