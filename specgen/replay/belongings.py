"""The sorts of things that a case can make on a cluster: what makes, lists and removes each.

ILM, SLM and enrich policies, role mappings, roles and users are written from Elasticsearch's
documentation: none of the targets that specgen starts has them, so these rows are untested.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from specgen.target.guard import reads_only
from specgen.target.values import Answer, Call

__all__ = [
    "DATA_STREAM",
    "SORTS",
    "Belonging",
    "Sort",
    "listing_of",
    "names_in",
    "of_the_cluster",
    "removal_of",
    "what_it_makes",
]

Document = dict[str, Any]
Reader = Callable[[Any], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of thing.

    Attributes:
        name: As people call it.
        makes: The paths of requests that write and can make one. Where the path names it, the
            group `name` does, and nothing else of that sort is ever removed: what comes up
            beside it, as built-in templates do, is the cluster's own. Elsewhere a listing tells.
            The group `within` says in what it stands, as a snapshot in its repository.
        listing: The path that lists all of them, with `{}` in place of `within`.
        query: Its parameters.
        read: Takes the names out of the listing's answer.
        removal: The path that removes some, with `{}` in place of `within` and of the name.
    """

    name: str
    makes: re.Pattern[str]
    listing: str
    query: tuple[tuple[str, str], ...]
    read: Reader
    removal: str


@dataclass(frozen=True, slots=True)
class Belonging:
    """What a request may make: a thing by its name, or some that only a listing can tell.

    Attributes:
        sort: Of what sort.
        within: In what it stands; empty for most.
        name: Its name, or empty.
    """

    sort: Sort
    within: str = ""
    name: str = ""

    def __str__(self) -> str:
        """As messages call it: `pipeline tide`, `snapshot shed/monday`, `alias quay/_alias/q`."""
        return f"{self.sort.name} {self.within}{'/' if self.within else ''}{self.name}"


def _keys(document: Document) -> Iterable[str]:
    return document


def _named(key: str, name: str = "name") -> Reader:
    return lambda document: (str(item[name]) for item in document.get(key, ()))


def _aliases(document: Document) -> Iterator[str]:
    for index, entry in document.items():
        yield from (f"{index}/_alias/{alias}" for alias in entry.get("aliases", ()))


def _snapshots(document: Document) -> Iterator[str]:
    # Elasticsearch 7.6 to 7.x answers by repository, all others at once.
    for answer in document.get("responses", (document,)):
        yield from (str(each["snapshot"]) for each in answer.get("snapshots", ()))


def _scripts(document: Document) -> Iterable[str]:
    scripts: Document = document.get("metadata", {}).get("stored_scripts", {})
    return scripts


def _enrich_policies(document: Document) -> Iterator[str]:
    for policy in document.get("policies", ()):
        yield from (str(config["name"]) for config in policy["config"].values())


def _sort(
    name: str, makes: str, listing: str, removal: str, read: Reader = _keys, **query: str
) -> Sort:
    return Sort(name, re.compile(makes), listing, tuple(query.items()), read, removal)


def _kept_at(name: str, path: str, read: Reader = _keys, **query: str) -> Sort:
    """A sort that is made, listed and removed below one path."""
    return _sort(name, rf"{path}/(?P<name>[^/_][^/]*)/?$", path, f"{path}/{{1}}", read, **query)


DATA_STREAM = _sort("data stream", "(?!)", "_data_stream", "_data_stream/{1}",
                    _named("data_streams"), expand_wildcards="all")  # fmt: skip
"""Streams are never looked for: their backing indices tell of them."""

INDEX_MAKERS = "(?!_)|_(?:bulk|reindex|aliases|data_stream|snapshot/.*_restore)"

# In the order of removal: what makes or holds others goes before these, an index before what
# it was made from, an index template before the component templates that it is composed of.
SORTS = (
    _kept_at("SLM policy", "_slm/policy"),
    _sort("connector sync job", "_connector/_sync_job", "_connector/_sync_job",
          "_connector/_sync_job/{1}", _named("results", "id"), size="1000"),
    _sort("connector", "_connector(?!/_sync_job)", "_connector", "_connector/{1}",
          _named("results", "id"), size="1000"),
    _sort("snapshot", "_snapshot/(?P<within>[^/]+)/[^/_][^/]*(?:/?$|/_clone/)",
          "_snapshot/{0}/_all", "_snapshot/{0}/{1}", _snapshots),
    # Both in one listing, which costs less than half of what `_cat/indices` does.
    _sort("index", INDEX_MAKERS, "_alias", "{1}"),
    _sort("alias", INDEX_MAKERS, "_alias", "{1}", _aliases),
    _kept_at("snapshot repository", "_snapshot"),
    _kept_at("index template", "_index_template", _named("index_templates")),
    _kept_at("component template", "_component_template", _named("component_templates")),
    _kept_at("legacy template", "_template"),
    _kept_at("pipeline", "_ingest/pipeline"),
    _kept_at("search pipeline", "_search/pipeline"),
    _sort("script", "_scripts/(?P<name>[^/]+)", "_cluster/state/metadata",
          "_scripts/{1}", _scripts, filter_path="metadata.stored_scripts"),
    _kept_at("enrich policy", "_enrich/policy", _enrich_policies),
    _kept_at("ILM policy", "_ilm/policy"),
    _kept_at("role mapping", "_security/role_mapping"),
    _kept_at("user", "_security/user"),
    _kept_at("role", "_security/role"),
)  # fmt: skip

# Indices that Elasticsearch makes for itself, at a time of its own.
CLUSTERS_OWN = re.compile(
    r"\.(?:ds-)?\.?(?:async-search|deprecation|fleet|geoip_databases|ilm-history|kibana"
    r"|logs-deprecation|ml-|monitoring|security|slm-history|transform-|watcher-history)"
)


def what_it_makes(call: Call) -> tuple[Belonging, ...]:
    """What a request may make; nothing if it only reads, or removes."""
    if call.method == "DELETE" or reads_only(call.method, call.path, call.query, call.body):
        return ()
    path = call.path.removeprefix("/")
    found = ((sort, match) for sort in SORTS if (match := sort.makes.match(path)))
    return tuple(Belonging(sort, **_groups(match)) for sort, match in found)


def _groups(match: re.Match[str]) -> dict[str, str]:
    return {key: unquote(value) for key, value in match.groupdict().items()}


def listing_of(sort: Sort, within: str = "") -> Call:
    """The request that lists all things of a sort."""
    return Call("GET", sort.listing.format(quote(within, safe="")), sort.query)


def names_in(answer: Answer, sort: Sort) -> frozenset[str] | None:
    """The names that the answer to a listing holds; None if the target cannot tell."""
    if answer.status in {400, 404, 405}:  # there is none, or no such API
        return frozenset()
    if answer.status != 200:
        return None
    try:
        return frozenset(sort.read(json.loads(answer.body)))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None  # an answer of another shape: the target has something else there


def removal_of(sort: Sort, names: Sequence[str], within: str = "") -> Call | None:
    """The request that removes things by their names; None if one of them is a wildcard."""
    if any("*" in name for name in names):
        return None
    apart = "/" if sort.name == "alias" else ""
    listed = ",".join(quote(name, safe=apart) for name in names)
    return Call("DELETE", sort.removal.format(quote(within, safe=""), listed))


def of_the_cluster(name: str) -> bool:
    """Whether an index is one that Elasticsearch makes for itself."""
    return CLUSTERS_OWN.match(name) is not None
