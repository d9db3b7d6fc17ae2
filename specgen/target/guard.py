"""Which requests only read, and whether a target may be written to at all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from urllib.parse import unquote

from specgen.errors import TargetProblem, TargetUnreachable, TargetUnsafe
from specgen.target.values import Answer, Call

__all__ = ["MARKER", "CallRefused", "check_marker", "marker_call", "plain_path", "reads_only"]

MARKER = ".specgen-disposable"
"""The index whose presence says that pages may change or delete anything on a cluster."""

# POST requests that read. `<x>` is one segment that is no endpoint, `<id>` any segment,
# brackets are optional. `<index>/_doc/_search` is left out on purpose: since types are gone
# it writes a document with the id `_search`. Left out too: what opens contexts or stores
# results that outlive the request (`_pit`, `_async_search`, `_query/async`, `_sql/close`).
_READING_POSTS = (
    "[<x>/[<x>/]]_search",
    "[<x>/[<x>/]]_search/template",
    "_search/scroll",
    "[<x>/[<x>/]]_msearch",
    "[<x>/[<x>/]]_msearch/template",
    "[<x>/[<x>/]]_count",
    "[<x>/[<x>/]]_mget",
    "[<x>/[<x>/]]_validate/query",
    "[<x>/[<x>/]]_mtermvectors",
    "<x>/[<x>/]_termvectors",
    "<x>/_termvectors/<id>",
    "<x>/<x>/<id>/_termvectors",
    "<x>/_explain/<id>",
    "<x>/<x>/<id>/_explain",
    "[<x>/]_analyze",
    "[<x>/]_field_caps",
    "[<x>/]_search_shards",
    "[<x>/]_rank_eval",
    "[<x>/]_knn_search",
    "[<x>/]_terms_enum",
    "<x>/_eql/search",
    "<x>/_rollup_search",
    "<x>/[<x>/]_graph/explore",
    "<x>/[<x>/]_xpack/graph/_explore",
    "<x>/_mvt/<x>/<x>/<x>/<x>",
    "_render/template[/<id>]",
    "_sql[/translate]",
    "_xpack/sql[/translate]",
    "_query",
    "_scripts/painless/_execute",
    "_ingest/pipeline/[<x>/]_simulate",
    "_ingest/[<x>/]_simulate",
    "_index_template/_simulate[/<x>]",
    "_index_template/_simulate_index/<x>",
    "_cluster/allocation/explain",
    "_security/user/[<x>/]_has_privileges",
    "_security/_query/api_key",
    "_security/_query/user",
    "_text_structure/find_structure",
    "_text_structure/test_grok_pattern",
    "_xpack/ml/find_file_structure",
    "[_xpack/]_ml/anomaly_detectors/_validate[/detector]",
    "_xpack/ml/anomaly_detectors/_validate[/detector]",
    "_ml/anomaly_detectors/_estimate_model_memory",
    "_ml/data_frame/_evaluate",
    "_ml/data_frame/analytics/[<x>/]_explain",
    "_ml/data_frame/analytics/[<x>/]_preview",
    "_ml/datafeeds/[<x>/]_preview",
    "_transform/[<x>/]_preview",
)

# GET requests that change something: Elasticsearch takes GET for refresh and flush (older
# ones for the caches, optimize and shutdown as well), SQL plug-ins run DELETE statements.
_HARMFUL_GETS = (
    "[<x>/]_refresh",
    "[<x>/]_flush[/synced]",
    "[<x>/]_cache/clear",
    "[<x>/]_forcemerge",
    "[<x>/]_optimize",
    "[_cluster/nodes/[<id>/]]_shutdown",
    "_plugins/_sql",
    "_opendistro/_sql",
    "_nlpcn/sql",
)

# A search that asks for this is stored in an index until somebody deletes it.
_STORES_RESULT = re.compile(r"keep_on_completion|wait_for_completion_timeout")
_BRACES = re.compile(r"\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")


class CallRefused(TargetUnsafe):
    """One call is not sent, since it could do harm; the target itself is well."""


def _shapes(table: Iterable[str]) -> re.Pattern[str]:
    marks = {"[": "(?:", "]": ")?", "<x>": r"(?:_all|(?!_)[^/]+)", "<id>": "[^/]+"}
    parts = re.compile(r"<x>|<id>|[\[\]]|[^<\[\]]+")
    return re.compile(
        "|".join(
            "".join(marks.get(part, re.escape(part)) for part in parts.findall(shape))
            for shape in table
        )
    )


_READS = _shapes(_READING_POSTS)
_HARMS = _shapes(_HARMFUL_GETS)


def plain_path(path: str) -> str | None:
    """The path as a server may see it: decoded, date math cut out; None if it climbs."""
    decoded = _BRACES.sub("", unquote(path.partition("?")[0]))
    segments = [segment for segment in decoded.split("/") if segment]
    return None if {".", ".."} & set(segments) else "/".join(segments)


def reads_only(
    method: str,
    path: str,
    query: Iterable[tuple[str, str]] = (),
    body: bytes | None = None,
) -> bool:
    """Whether a request changes nothing on a cluster.

    That is: GET (but for the few that refresh, flush or the like), HEAD, and POST to an
    endpoint that is documented to read. What is not known to read is taken to write.

    Args:
        method: Upper case.
        path: As in `Call.path`; percent-encoding is seen through.
        query: Names and values; some make a search store its result.
        body: The bytes to send; the same can be asked for there.
    """
    plain = plain_path(path)
    if plain is None or method not in {"GET", "HEAD", "POST"}:
        return False
    if method == "HEAD":
        return True
    if method == "GET" and _HARMS.fullmatch(plain):
        return False
    if method == "POST" and not _READS.fullmatch(plain):
        return False
    asked = " ".join(name for name, _ in query) + (body or b"").decode("utf-8", "replace")
    return not (plain.endswith(("_eql/search", "sql")) and _STORES_RESULT.search(asked))


def marker_call() -> Call:
    """The one request that may go to a target before it is known to be disposable."""
    return Call("GET", MARKER)


def check_marker(answer: Answer, name: str) -> None:
    """Judges the answer to `marker_call`; returns if the marker index is there.

    Args:
        answer: What came back.
        name: What to call the target in messages: its URL without credentials.

    Raises:
        TargetUnsafe: There is no marker, or it cannot be told.
        TargetUnreachable: The target wants (other) credentials.
    """
    if answer.status == 200 and _names_marker(answer.body):
        return
    raise _refusal(answer.status, name)


def _names_marker(body: bytes) -> bool:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):  # an answer may nest as deep as it likes
        return False
    return isinstance(document, dict) and MARKER in document


def _refusal(status: int, name: str) -> TargetProblem:
    allow = (
        f"Say --disposable if its data may be lost, --read-only to run only what reads, "
        f"--scope PREFIX to write only what is named so, "
        f"or mark it for good with: PUT {MARKER}"
    )
    if status == 401:
        return TargetUnreachable(
            f"{name} does not let specgen in (401): credentials are missing or wrong.",
            "Give them with SPECGEN_USER and SPECGEN_PASSWORD, SPECGEN_API_KEY or SPECGEN_BEARER.",
        )
    if status == 403:
        return TargetUnsafe(
            f"{name} does not let these credentials look for the index {MARKER} (403), "
            "so it cannot be told whether its data may be lost.",
            allow,
        )
    if 300 <= status < 400:
        return TargetUnsafe(
            f"{name} answers with a redirect ({status}), which specgen never follows.",
            "Name the address of the cluster itself.",
        )
    if status in (200, 404):
        return TargetUnsafe(
            f"{name} was not started by specgen and is not marked as disposable; "
            "pages may change or delete anything there.",
            allow,
        )
    return TargetUnsafe(
        f"{name} answered {status} when asked for the index {MARKER}, "
        "so it cannot be told whether its data may be lost.",
        allow,
    )
