"""Leaves a cluster as it was found: what a case made is removed by name, never by wildcard.

What a case made is the difference between two inventories of the cluster's metadata, one
taken before it and one after. Data streams go before their templates, index templates before
the component templates they are composed of.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from specgen.target.values import Call, Target

__all__ = ["Inventory", "clean", "made_by", "take_inventory"]


@dataclass(frozen=True, slots=True)
class _Sort:
    """One sort of thing that a case can make: how to list it and how to remove one."""

    name: str
    path: str
    query: tuple[tuple[str, str], ...]
    delete: str


# In the order of removal.
SORTS = (
    _Sort("data stream", "_data_stream", (("expand_wildcards", "all"),), "_data_stream/{}"),
    _Sort(
        "index",
        "_cat/indices",
        (("h", "index"), ("format", "json"), ("expand_wildcards", "all")),
        "{}",
    ),
    _Sort("index template", "_index_template", (), "_index_template/{}"),
    _Sort("component template", "_component_template", (), "_component_template/{}"),
    _Sort("legacy template", "_template", (), "_template/{}"),
    _Sort("pipeline", "_ingest/pipeline", (), "_ingest/pipeline/{}"),
    _Sort(
        "script",
        "_cluster/state/metadata",
        (("filter_path", "metadata.stored_scripts"),),
        "_scripts/{}",
    ),
)


@dataclass(frozen=True, slots=True)
class Inventory:
    """The names of everything found, as pairs of a sort and a name."""

    items: frozenset[tuple[str, str]]

    def since(self, before: Inventory) -> frozenset[tuple[str, str]]:
        """What is here and was not there before."""
        return self.items - before.items


def take_inventory(target: Target) -> Inventory:
    """Lists what stands on a target; what it does not know of is taken as not there."""
    return Inventory(
        frozenset((sort.name, name) for sort in SORTS for name in _names(target, sort))
    )


def clean(
    target: Target, before: Inventory, made: frozenset[tuple[str, str]] = frozenset()
) -> tuple[str, ...]:
    """Removes what has come since, and names what could not be removed.

    Args:
        target: Where to remove it.
        before: What stood there before the case.
        made: What the case is known to have made, for what a target does not list.
    """
    left: list[str] = []
    new = take_inventory(target).since(before) | (made - before.items)
    for sort in SORTS:
        for name in sorted(name for kind, name in new if kind == sort.name):
            path = sort.delete.format(quote(name, safe=""))
            answer = target.send(Call("DELETE", path))
            if answer.status not in {200, 404}:
                left.append(f"{sort.name} {name}")
    return tuple(left)


def made_by(call: Call) -> frozenset[tuple[str, str]]:
    """What a call makes that not every target lists: stored scripts."""
    kind, _, name = call.path.partition("/")
    if kind == "_scripts" and name and call.method in {"PUT", "POST"}:
        return frozenset({("script", name.partition("/")[0])})
    return frozenset()


def _names(target: Target, sort: _Sort) -> Iterator[str]:
    answer = target.send(Call("GET", sort.path, sort.query))
    if answer.status != 200:
        return
    try:
        document = json.loads(answer.body)
    except ValueError:
        return
    yield from _listed(sort.name, document)


def _listed(sort: str, document: object) -> Iterator[str]:
    """The names in a listing, which each API gives in a shape of its own."""
    if isinstance(document, list):
        yield from (
            str(row["index"]) for row in document if isinstance(row, dict) and "index" in row
        )
        return
    if not isinstance(document, dict):
        return
    lists = {
        "data stream": "data_streams",
        "index template": "index_templates",
        "component template": "component_templates",
    }
    if sort in lists:
        yield from (str(item["name"]) for item in document.get(lists[sort], ()))
    elif sort == "script":
        yield from map(str, document.get("metadata", {}).get("stored_scripts", {}))
    else:
        yield from map(str, document)
