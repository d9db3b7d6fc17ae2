"""What is checked of every answer: status or catch, warnings, shard failures."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from specgen.dialect.java_regex import compile_java
from specgen.replay.numbers import java_text
from specgen.replay.values import Awaited
from specgen.target.values import Answer

__all__ = [
    "answer_failure",
    "catch_failure",
    "error_reason",
    "has_api",
    "is_overloaded",
    "is_unsupported",
    "status_failure",
    "undocumented_status",
    "unexpected_warnings",
    "wanted",
    "warnings_of",
]

CATCHES = {
    "bad_request": 400,
    "unauthorized": 401,
    "forbidden": 403,
    "missing": 404,
    "request_timeout": 408,
    "conflict": 409,
    "unavailable": 503,
}
# What a cluster answers with 503 while it starts, has lost its master, or refuses more work.
NOT_READY = frozenset(
    {
        "cluster_block_exception",
        "cluster_manager_not_discovered_exception",
        "es_rejected_execution_exception",
        "master_not_discovered_exception",
        "rejected_execution_exception",
    }
)
# What it says when its disk is full, most often with 500.
FULL = re.compile(r"No space left on device|disk usage exceeded flood-stage watermark")
# Where in a request's body the parser was when it warned: `[parser][line:column] `.
POSITION = re.compile(r"\A\[[^\]]*\]\[-?\d+:-?\d+\] ")
# How deep causes are followed, and how much of the innermost is told, in characters.
MOST_CAUSES = 20
LONGEST_CAUSE = 300
# What `catch: request` does not stand for, since these have names of their own.
NAMED = frozenset({400, 401, 403, 404, 408, 409})


def answer_failure(awaited: Awaited, method: str, answer: Answer) -> str:
    """Why an answer has not the status that is awaited; empty if it has.

    Raises:
        JavaRegexError: The expression of a catch cannot be used.
    """
    if awaited.status:
        # That there is no such API at all is not what the page means by any code.
        if answer.status == awaited.status and not is_unsupported(answer):
            return ""
        reason = error_reason(answer)
        return f"expected {awaited.status}, the cluster answered {answer.status}{reason}"
    if awaited.catch:
        return catch_failure(awaited.catch, method, answer)
    return status_failure(method, answer)


def status_failure(method: str, answer: Answer) -> str:
    """Why an answer is no success; empty if it is one. A HEAD may answer 404."""
    if 200 <= answer.status < 300 or (method == "HEAD" and answer.status == 404):
        return ""
    return f"expected success, the cluster answered {answer.status}{error_reason(answer)}"


def catch_failure(catch: str, method: str, answer: Answer) -> str:
    """Why an answer is not the error that is expected; empty if it is.

    Raises:
        JavaRegexError: The expression of the catch cannot be used.
    """
    if catch.startswith("/"):
        return _pattern_failure(catch, answer)
    status = answer.status
    if method == "HEAD" and status == 404:
        return "expected an error, but 404 is a regular answer to HEAD"
    if catch == "request":
        fits = 400 <= status < 600 and status not in NAMED
    else:
        fits = status == CATCHES.get(catch)
    reason = error_reason(answer)
    return "" if fits else f"expected {wanted(catch)}, the cluster answered {status}{reason}"


def undocumented_status(codes: Sequence[str], answer: Answer) -> str:
    """Why an answer is none that the page documents; empty if it is one, or none is documented."""
    status = str(answer.status)
    if not codes or any(status == code or f"{status[0]}xx" == code for code in codes):
        return ""
    return f"the page documents {', '.join(codes)}, the cluster answered {status}"


def wanted(catch: str) -> str:
    """What must come, in words: success where nothing is caught."""
    if not catch:
        return "success (2xx)"
    if catch in CATCHES:
        return f"{CATCHES[catch]} ({catch})"
    return f"an error with {catch}" if catch.startswith("/") else "an error that has no own name"


def _pattern_failure(catch: str, answer: Answer) -> str:
    if answer.status < 400:
        return f"expected {wanted(catch)}, the cluster answered {answer.status}"
    document = _json(answer)
    if not isinstance(document, dict) or "error" not in document:
        return f"expected an error that says why, the cluster answered {answer.status} without"
    text = java_text(document["error"])
    if compile_java(catch[1:-1]).find(text):
        return ""
    return f"expected {wanted(catch)}, the cluster answered {answer.status}: {text[:300]}"


def error_reason(answer: Answer) -> str:
    """`: type: reason` of an error answer, as far as it tells them.

    Where the innermost reason says more (`all shards failed` says nothing), it follows.
    """
    document = _json(answer)
    error = document.get("error") if isinstance(document, dict) else None
    if isinstance(error, str):
        return f": {error}"
    if not isinstance(error, dict):
        return ""
    outer, inner = _told(error), _told(_innermost(error))
    more = f", caused by {inner[:LONGEST_CAUSE]}" if inner and not _says(outer, inner) else ""
    return f": {outer}{more}" if outer else ""


def _told(error: Mapping[str, object]) -> str:
    return ": ".join(str(error[key]) for key in ("type", "reason") if error.get(key))


def _innermost(error: Mapping[str, object]) -> Mapping[str, object]:
    """What caused an error in the end; of a search that failed, what a shard says."""
    roots = error.get("root_cause")
    inner = roots[0] if error.get("failed_shards") and isinstance(roots, list) and roots else error
    for _ in range(MOST_CAUSES):
        below = inner.get("caused_by") if isinstance(inner, dict) else None
        if not isinstance(below, dict):
            break
        inner = below
    return inner if isinstance(inner, dict) else error


def _says(outer: str, inner: str) -> bool:
    return inner in outer or inner.partition(": ")[2] in outer


def is_unsupported(answer: Answer) -> bool:
    """Whether the target says that it does not know such a request at all."""
    reason = error_reason(answer)
    return answer.status in {400, 404, 405, 501} and (
        "no handler found for uri" in reason or "Incorrect HTTP method for uri" in reason
    )


def is_overloaded(answer: Answer) -> bool:
    """Whether an answer says that the target has too much to do, no room or no master now.

    That is nothing that a page is about. A 503 of another type may come of the request itself,
    such as one whose shards all failed.
    """
    if answer.status >= 500 and FULL.search(error_reason(answer)):
        return True
    if answer.status != 503:
        return answer.status in {429, 507}
    document = _json(answer)
    error = document.get("error") if isinstance(document, dict) else None
    return isinstance(error, dict) and error.get("type") in NOT_READY


def has_api(answer: Answer) -> bool:
    """Whether a target that was asked for an API by `GET` has it.

    A path that it has not may be taken for the name of an index, which none can have; another
    method than `GET` is no matter. Serverless answers 410 for what is left out there.
    """
    reason = error_reason(answer)
    unknown = "no handler found for uri" in reason or "invalid_index_name_exception" in reason
    return answer.status != 410 and not unknown


def warnings_of(answer: Answer) -> tuple[str, ...]:
    """The texts of the deprecation warnings of an answer, in order, without positions."""
    texts = (_warning_text(value) for value in answer.all_headers("warning"))
    return tuple(POSITION.sub("", text) for text in texts)


def _warning_text(header: str) -> str:
    # 299 Elasticsearch-8.15.0-abc "text with \" and \\ escaped" "date"
    start = header.find('"')
    if start < 0:
        return header
    text: list[str] = []
    index = start + 1
    while index < len(header) and header[index] != '"':
        index += header[index] == "\\"
        text.append(header[index : index + 1])
        index += 1
    return "".join(text)


def unexpected_warnings(expected: Sequence[str], actual: Sequence[str]) -> tuple[str, ...]:
    """Warnings that came although the page does not tell of them."""
    return tuple(
        text for text in actual if text not in expected and not text.startswith("[types removal]")
    )


def _json(answer: Answer) -> object:
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
