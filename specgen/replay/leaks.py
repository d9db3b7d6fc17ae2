"""Which earlier cases break a later one: pure functions over a question that somebody answers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TypeVar

__all__ = ["Broken", "Why", "smallest_set", "what_broke"]

Item = TypeVar("Item")


class Why(StrEnum):
    """Why a case fails."""

    EARLIER = "earlier cases broke it"
    ITSELF = "fails alone too"
    UNKNOWN = "not reproduced"


@dataclass(frozen=True, slots=True)
class Broken:
    """What is known of a case that failed.

    Attributes:
        case: Its id.
        why: Why it fails.
        by: The earlier cases that break it together, in the order in which they ran.
    """

    case: str
    why: Why
    by: tuple[str, ...] = ()


def what_broke(
    case: str,
    earlier: Sequence[str],
    suspects: Collection[str],
    fails: Callable[[Sequence[str]], bool],
) -> Broken:
    """Finds the earlier cases that make one fail.

    Args:
        case: The id of the case that failed.
        earlier: The ids of all that ran before it, in order.
        suspects: Those that are known to have left something; they are tried first.
        fails: Runs some of the earlier cases and then the case, on a new target, and tells
            whether the case fails.
    """
    if fails(()):
        return Broken(case, Why.ITSELF)
    guess = tuple(each for each in earlier if each in suspects)
    for tried in filter(None, (guess, tuple(earlier))):
        if fails(tried):
            return Broken(case, Why.EARLIER, smallest_set(tried, fails))
    return Broken(case, Why.UNKNOWN)


def smallest_set(
    items: Sequence[Item], fails: Callable[[Sequence[Item]], bool]
) -> tuple[Item, ...]:
    """Takes away from what fails until nothing more can be taken away: delta debugging.

    Where one item alone is to blame, it is found in about 2 log2(n) tries (A. Zeller and
    R. Hildebrandt, Simplifying and Isolating Failure-Inducing Input, 2002).

    Args:
        items: What fails as a whole, while none of it does not.
        fails: Whether some of the items, in their order, still fail.

    Returns:
        Items in their order; without any one of them they do not fail.
    """
    found, parts = tuple(items), 2
    while len(found) > 1:
        smaller = next((some for some in _smaller(found, parts) if fails(some)), None)
        if smaller is not None:
            within = len(smaller) <= -(-len(found) // parts)
            found, parts = smaller, 2 if within else max(parts - 1, 2)
        elif parts < len(found):
            parts = min(2 * parts, len(found))
        else:
            break
    return found


def _smaller(items: tuple[Item, ...], parts: int) -> Sequence[tuple[Item, ...]]:
    """Each of so many parts, then each time all but one of them."""
    cuts = [len(items) * part // parts for part in range(parts + 1)]
    pairs = list(pairwise(cuts))
    chunks = [items[start:end] for start, end in pairs]
    rests = [items[:start] + items[end:] for start, end in pairs]
    return [*chunks, *(rests if parts > 2 else ())]
