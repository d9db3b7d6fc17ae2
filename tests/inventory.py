"""What there is on a cluster, asked in a way that owes nothing to what cleans it."""

from __future__ import annotations

import json
from typing import Any

from specgen.target.values import Call, Target

__all__ = ["inventory"]

LISTINGS = (
    "_cat/indices?h=index&format=json&expand_wildcards=all",
    "_cat/aliases?h=alias,index&format=json",
    "_data_stream",
    "_index_template",
    "_component_template",
    "_template",
    "_ingest/pipeline",
    "_search/pipeline",
    "_cluster/settings?flat_settings=true",
    "_cluster/state/metadata?filter_path=metadata.stored_scripts.*",
    "_snapshot",
    "_scripts/wave",
    "_connector",
    "_connector/_sync_job",
)


def inventory(target: Target) -> dict[str, Any]:
    """Each listing with its answer; lists in an order that means nothing are sorted."""
    found: dict[str, Any] = {}
    for listing in LISTINGS:
        path, _, query = listing.partition("?")
        pairs = tuple(tuple(pair.split("=", 1)) for pair in query.split("&")) if query else ()
        answer = json.loads(target.send(Call("GET", path, pairs)).body)  # type: ignore[arg-type]
        found[listing] = sorted(map(str, answer)) if isinstance(answer, list) else answer
    for volatile in ("took", "_shards"):  # of a target that takes a listing for a search
        found["_search/pipeline"].pop(volatile, None)
    return found
