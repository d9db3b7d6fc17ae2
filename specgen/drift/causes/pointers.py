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
    path = request.partition(" ")[2].partition("?")[0]
    own = {word for word in re.split(r"[/,]", path) if word and not word.startswith("_")}
    return "/" + "/".join(_segments(pointer[1:].split("/"), own))


def _segments(segments: list[str], own: set[str]) -> Iterator[str]:
    before, last = "", ""
    for index, segment in enumerate(segments):
        if before == DOCUMENT:
            yield "**"
            return
        numbered = NUMBER.fullmatch(segment) or ID.fullmatch(segment)
        in_bucket = last == "buckets" and before == "*" and segment not in BUCKET
        invented = before in NAMED or in_bucket or (index < len(segments) - 1 and segment in own)
        # Only of a name does anything hang: the last segment is what differs.
        made_up = numbered or (invented and not (segment.startswith("_") or segment in NAMED))
        last, before = before, "*" if made_up else segment
        yield before
