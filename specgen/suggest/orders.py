"""Lists whose items come in another order each time, and differ in more than their order."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from specgen.replay.values import Finding, Kind
from specgen.suggest.pointers import tokens_of

__all__ = ["reordered_lists"]

Findings = Mapping[str, Finding]


class _Column(NamedTuple):
    """One and the same place in each item of a list."""

    above: tuple[str, ...]
    below: tuple[str, ...]

    def holds(self, pointer: str) -> bool:
        tokens, at = tokens_of(pointer), len(self.above)
        return tokens[:at] == self.above and tokens[at + 1 :] == self.below and tokens[at].isdigit()


def reordered_lists(runs: Sequence[tuple[str, Findings]]) -> dict[str, tuple[str, ...]]:
    """Finds lists in which one and the same key has the documented values, but elsewhere.

    A list that is reordered and has ids of its own is not told as one of another order, for no
    item is like any other. It shows in a key that all items have: its values have only moved,
    in every run in which they differ, and not always in the same way.

    Args:
        runs: The target of each run, and what it found in one response, by pointer.

    Returns:
        The pointers of lists, each with the places below it that are explained by that.
    """
    found: dict[str, set[str]] = {}
    for column in _columns(runs):
        orders: dict[str, set[str | None]] = {}
        for target, findings in runs:
            orders.setdefault(target, set()).add(_order(findings, column))
        seen = set[str | None]().union(*orders.values())
        if None not in seen and any(len(each) > 1 for each in orders.values()):
            pointers = {each for _, findings in runs for each in findings if column.holds(each)}
            found.setdefault("".join(f"/{part}" for part in column.above), set()).update(pointers)
    return {above: tuple(sorted(inside)) for above, inside in found.items() if above}


def _columns(runs: Sequence[tuple[str, Findings]]) -> tuple[_Column, ...]:
    columns: dict[_Column, None] = {}
    for _, findings in runs:
        for tokens in map(tokens_of, findings):
            for at, token in enumerate(tokens):
                if token.isdigit():
                    columns[_Column(tokens[:at], tokens[at + 1 :])] = None
    return tuple(columns)


def _order(findings: Findings, column: _Column) -> str | None:
    """How the values of a column stand where they differ; None if others than documented came."""
    mine = [each for pointer, each in findings.items() if column.holds(pointer)]
    expected = Counter(_text(each.expected) for each in mine)
    actual = Counter(_text(each.actual) for each in mine)
    if expected != actual or any(each.kind is not Kind.VALUE for each in mine):
        return None
    return _text([[each.pointer, each.actual] for each in mine])


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True)
