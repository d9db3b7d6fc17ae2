"""Builds findings: what disagrees, at its place in the page, with the request that showed it."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from specgen.places import PlaceMap
from specgen.replay.describe import describe
from specgen.replay.values import Absent, Finding, Json, Kind, Mismatch
from specgen.target.values import Call, TargetInfo

__all__ = ["Exchange", "body_findings", "curl_line", "request_finding"]


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request as findings tell of it.

    Attributes:
        page: The page that holds it.
        line: Its line in the page.
        request: Its method and target.
        curl: The command that repeats it, or empty.
        emulated: Whether specgen itself answered it.
    """

    page: str
    line: int
    request: str
    curl: str
    emulated: bool = False


def request_finding(
    kind: Kind, exchange: Exchange, message: str, expected: Json = None, actual: Json = None
) -> Finding:
    """A finding about a request as a whole, at its line."""
    labels: tuple[tuple[str, str], ...] = ()
    if expected is not None or actual is not None:
        labels = (("page", str(expected)), ("cluster", str(actual)))
    return Finding(
        kind,
        exchange.page,
        exchange.line,
        1,
        "",
        expected,
        actual,
        message,
        labels,
        exchange.request,
        len(exchange.request),
        exchange.request,
        exchange.line,
        exchange.curl,
        exchange.emulated,
    )


def body_findings(
    mismatches: Sequence[Mismatch], expected: str, places: PlaceMap, exchange: Exchange
) -> tuple[Finding, ...]:
    """A finding for each difference of a body, at the place of the value in the page."""
    return tuple(_body_finding(each, expected, places, exchange) for each in mismatches)


def _body_finding(
    mismatch: Mismatch, expected: str, places: PlaceMap, exchange: Exchange
) -> Finding:
    place = places.place(expected, mismatch.start)
    line_start = expected.rfind("\n", 0, mismatch.start) + 1
    line_end = expected.find("\n", mismatch.start)
    line = expected[line_start : line_end if line_end >= 0 else len(expected)]
    # The excerpt is the page's own line only as far as the text is; a column that a
    # substitution moved is shown where it is in the text that was compared.
    shift = place.column - (mismatch.start - line_start + 1)
    excerpt = " " * shift + line if shift > 0 else line
    end = min(mismatch.end, line_start + len(line))
    return Finding(
        mismatch.kind,
        exchange.page,
        place.line,
        place.column if shift >= 0 else mismatch.start - line_start + 1,
        mismatch.pointer,
        None if isinstance(mismatch.expected, Absent) else mismatch.expected,
        None if isinstance(mismatch.actual, Absent) else mismatch.actual,
        mismatch.message,
        (("page", describe(mismatch.expected)), ("cluster", describe(mismatch.actual))),
        excerpt,
        max(1, end - mismatch.start),
        exchange.request,
        exchange.line,
        exchange.curl,
        exchange.emulated,
    )


def curl_line(call: Call, info: TargetInfo, sent_target: str) -> str:
    """A command that repeats a call, without credentials.

    The embedded engine is gone when the line is read, so its address stands as `$TARGET`.
    """
    base = '"$TARGET"' if info.name == "embedded" else shlex.quote(info.url)
    parts = ["curl", "-X", call.method, f"{base}{shlex.quote('/' + sent_target)}"]
    if call.body is not None:
        parts += ["-H", shlex.quote("Content-Type: application/json")]
        parts += ["--data-binary", shlex.quote(call.body.decode("utf-8", "replace"))]
    return " ".join(parts)
