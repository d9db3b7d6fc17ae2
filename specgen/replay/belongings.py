"""The sorts of things that a case can make on a cluster: how each is listed and removed.

ILM and SLM policies, enrich policies, roles and users are written from the documentation:
none of the targets that specgen starts has them, so that part is untested.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from specgen.target.guard import reads_only
from specgen.target.values import Call, Target

__all__ = ["SORTS", "Sort", "names_of", "removal_of", "sorts_of"]

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of thing.

    Attributes:
        name: As people call it.
        paths: Which paths of requests that write can make one.
        listing: The path that lists all of them.
        query: Its parameters.
        read: Takes the names out of the listing's answer.
        removal: The path that removes one, its name in place of `{}`.
    """

    name: str
    paths: re.Pattern[str]
    listing: str
    query: tuple[tuple[str, str], ...]
    read: Callable[[Any], Iterator[str]]
    removal: str


def _keys(document: Document) -> Iterator[str]:
    yield from document


def _named(key: str, name: str = "name") -> Callable[[Document], Iterator[str]]:
    def read(document: Document) -> Iterator[str]:
        yield from (str(item[name]) for item in document.get(key, ()))

    return read


def _indices(rows: list[Document]) -> Iterator[str]:
    yield from (str(row["index"]) for row in rows)


def _aliases(document: Document) -> Iterator[str]:
    for index, entry in document.items():
        yield from (f"{index}/{alias}" for alias in entry.get("aliases", ()))


def _scripts(document: Document) -> Iterator[str]:
    yield from document.get("metadata", {}).get("stored_scripts", {})


def _sort(
    name: str,
    paths: str,
    listing: str,
    removal: str,
    read: Callable[[Any], Iterator[str]] = _keys,
    **query: str,
) -> Sort:
    return Sort(name, re.compile(paths), listing, tuple(query.items()), read, removal)


# In the order of removal: data streams before their templates, indices before what they are
# made of, index templates before the component templates that they are composed of.
SORTS = (
    _sort("connector sync job", "_connector/_sync_job", "_connector/_sync_job",
          "_connector/_sync_job/{}", _named("results", "id"), size="1000"),
    _sort("connector", "_connector(?!/_sync_job)", "_connector", "_connector/{}",
          _named("results", "id"), size="1000"),
    _sort("data stream", "_data_stream/", "_data_stream", "_data_stream/{}",
          _named("data_streams"), expand_wildcards="all"),
    _sort("index", "(?!_)|_(?:bulk|reindex|aliases|data_stream|snapshot/.*_restore)",
          "_cat/indices", "{}", _indices, h="index", format="json", expand_wildcards="all"),
    _sort("alias", "_aliases|.*/_alias(?:es)?(?:/|$)", "_alias", "{}", _aliases),
    _sort("snapshot repository", "_snapshot/", "_snapshot", "_snapshot/{}"),
    _sort("index template", "_index_template/", "_index_template", "_index_template/{}",
          _named("index_templates")),
    _sort("component template", "_component_template/", "_component_template",
          "_component_template/{}", _named("component_templates")),
    _sort("legacy template", "_template/", "_template", "_template/{}"),
    _sort("pipeline", "_ingest/pipeline/", "_ingest/pipeline", "_ingest/pipeline/{}"),
    _sort("script", "_scripts/", "_cluster/state/metadata", "_scripts/{}", _scripts,
          filter_path="metadata.stored_scripts"),
    _sort("enrich policy", "_enrich/policy/", "_enrich/policy", "_enrich/policy/{}",
          lambda d: (str(p["config"]["match"]["name"]) for p in d.get("policies", ()))),
    _sort("SLM policy", "_slm/policy/", "_slm/policy", "_slm/policy/{}"),
    _sort("ILM policy", "_ilm/policy/", "_ilm/policy", "_ilm/policy/{}"),
    _sort("role", "_security/role/", "_security/role", "_security/role/{}"),
    _sort("user", "_security/user/", "_security/user", "_security/user/{}"),
)  # fmt: skip


def sorts_of(call: Call) -> tuple[Sort, ...]:
    """The sorts of which a request may make one; none for a request that only reads."""
    if call.method == "DELETE" or reads_only(call.method, call.path, call.query, call.body):
        return ()
    path = call.path.removeprefix("/")
    return tuple(sort for sort in SORTS if sort.paths.match(path))


def names_of(target: Target, sort: Sort) -> frozenset[str]:
    """The names of all things of a sort; none where the target does not know the sort."""
    answer = target.send(Call("GET", sort.listing, sort.query))
    if answer.status != 200:
        return frozenset()
    try:
        return frozenset(sort.read(json.loads(answer.body)))
    except (ValueError, KeyError, TypeError, AttributeError):
        return frozenset()  # an answer of another shape: the target has something else there


def removal_of(sort: Sort, name: str) -> Call:
    """The request that removes one thing."""
    if sort.name == "alias":
        index, _, alias = name.partition("/")
        return Call("DELETE", f"{quote(index, safe='')}/_alias/{quote(alias, safe='')}")
    return Call("DELETE", sort.removal.format(quote(name, safe="")))
