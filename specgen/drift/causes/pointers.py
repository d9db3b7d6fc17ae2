"""JSON pointers without the names that a page or a cluster made up."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["pointer_pattern"]

# Below these stand names that somebody made up, one for each thing.
NAMED = frozenset(
    {
        "aggregations",
        "aggs",
        "aliases",
        "analyzers",
        "deleted",
        "fields",
        "highlight",
        "indices",
        "inner_hits",
        "nodes",
        "nodes_stopping",
        "policies",
        "properties",
        "repositories",
        "roles",
        "suggest",
        "tasks",
        "templates",
        "transient",
        "persistent",
        "term_vectors",
        "users",
    }
)
# What a bucket of an aggregation holds besides the aggregations that are made of it.
BUCKET = frozenset(
    {
        "bg_count",
        "doc_count",
        "doc_count_error_upper_bound",
        "from",
        "from_as_string",
        "key",
        "key_as_string",
        "score",
        "to",
        "to_as_string",
    }
)
NUMBER = re.compile(r"\d+")
# An id that a cluster made: 20 or 22 characters of base64, or one with its number.
ID = re.compile(r"(?=.*\d)(?=.*[A-Z])[\w-]{20,22}(?::\d+)?")
DOCUMENT = "_source"
# These answer with an object that has a key for each thing that was asked for.
BY_NAME = frozenset(
    {
        "_alias",
        "_aliases",
        "_ingest",
        "_mapping",
        "_mappings",
        "_recovery",
        "_scripts",
        "_settings",
        "_snapshot",
        "_template",
    }
)


def pointer_pattern(pointer: str, request: str = "") -> str:
    """A pointer with `*` for each index and each name that is not the API's own.

    Names are told by where they stand (`/nodes/…`, `/aggregations/…`), or since the path of the
    request holds them. A document is the page's own in all it has: `/_source/**`.

    Args:
        pointer: A JSON pointer.
        request: Method and target of the request that was answered.
    """
    if not pointer:
        return ""
    asked = [each for each in request.partition(" ")[2].partition("?")[0].split("/") if each]
    own = {name for each in asked for name in each.split(",") if not name.startswith("_")}
    apis = [each for each in asked if each.startswith("_")]
    by_name = bool(apis) and apis[-1] in BY_NAME
    return "/" + "/".join(_segments(pointer[1:].split("/"), own, by_name))


def _segments(segments: list[str], own: set[str], by_name: bool) -> Iterator[str]:
    before, last = "", ""
    for index, segment in enumerate(segments):
        if before == DOCUMENT:
            yield "**"
            return
        numbered = NUMBER.fullmatch(segment) or ID.fullmatch(segment)
        invented = (
            before in NAMED
            or (last == "buckets" and before == "*" and segment not in BUCKET)
            # Of a name something hangs: the last segment is what differs.
            or (index < len(segments) - 1 and (segment in own or (by_name and index == 0)))
        )
        made_up = numbered or (invented and not (segment.startswith("_") or segment in NAMED))
        last, before = before, "*" if made_up else segment
        yield before
