"""Cuts pages into parts that take about the same time.

Weights go in, parts come out; the same weights give the same parts on every machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import median_low

from specgen.render.rendered import RenderedCase

__all__ = ["deal", "heaviest_first", "page_weights", "shares_of"]

# Weights are whole numbers, this many a second, so that no sum depends on its order.
PER_SECOND = 10_000


def deal(weights: Mapping[str, int], count: int) -> tuple[tuple[str, ...], ...]:
    """Deals pages into parts: the heaviest first, each to the part that is lightest so far.

    No part is heavier than 4/3 of the heaviest one of the best deal (R. L. Graham, Bounds on
    Multiprocessing Timing Anomalies, 1969).

    Args:
        weights: By the name of the page, in any order; none is negative.
        count: How many parts; at least 1.

    Returns:
        The names of each part, sorted; every page is in one part.
    """
    parts: list[list[str]] = [[] for _ in range(count)]
    loads = [0] * count
    for page in heaviest_first(weights):
        lightest = min(range(count), key=lambda part: (loads[part], len(parts[part]), part))
        parts[lightest].append(page)
        loads[lightest] += weights[page]
    return tuple(tuple(sorted(part)) for part in parts)


def shares_of(
    cases: Sequence[RenderedCase], weights: Mapping[str, int], count: int
) -> tuple[tuple[RenderedCase, ...], ...]:
    """Deals cases into so many shares, or fewer; those of a page stay together, and in order."""
    parts = deal({case.page: weights[case.page] for case in cases}, count)
    of_page = {page: number for number, part in enumerate(parts) for page in part}
    shares: list[list[RenderedCase]] = [[] for _ in parts]
    for case in cases:
        shares[of_page[case.page]].append(case)
    return tuple(tuple(share) for share in shares if share)


def heaviest_first(weights: Mapping[str, int]) -> list[str]:
    """The pages in the order in which they are dealt; equally heavy ones by name."""
    return sorted(weights, key=lambda page: (-weights[page], page))


def page_weights(
    pages: Iterable[str], cases: Sequence[RenderedCase], seconds: Mapping[str, float]
) -> dict[str, int]:
    """How long each page is expected to take, in ten-thousandths of a second.

    Args:
        pages: All of them, those without a case too.
        cases: The cases of these pages.
        seconds: How long cases took, by id. One that is not known counts as the median of
            those that are; if none are known, all count the same. What is skipped takes none.
    """
    sent = [case for case in cases if not case.skipped]
    known = {case.id: seconds[case.id] for case in sent if case.id in seconds}
    usual = median_low(known.values()) if known else 1.0
    weights = dict.fromkeys(pages, 0)
    for case in sent:
        weights[case.page] += max(1, round(known.get(case.id, usual) * PER_SECOND))
    return weights
