"""Builds findings: what disagrees, at its place in the page, with the request that showed it."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from specgen.places import PlaceMap
from specgen.replay.describe import describe
from specgen.replay.status import error_reason, wanted
from specgen.replay.values import Absent, Awaited, Finding, Json, KeptAnswer, Kind, Mismatch
from specgen.target.auth import Secrets
from specgen.target.values import Answer, Call, TargetInfo

__all__ = [
    "Exchange",
    "answer_without_secrets",
    "body_findings",
    "code_finding",
    "curl_line",
    "not_judged",
    "request_finding",
    "status_finding",
    "without_secrets",
]

# How many characters of a list a label shows.
LONGEST = 80

# A JSON string, or white space that holds a line break.
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|\s*\n\s*')


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request as findings tell of it.

    Attributes:
        page: The page that holds it.
        line: Its line in the page.
        request: Its method and target.
        curl: The command that repeats it, or empty.
        emulated: Whether specgen itself answered it.
        file: The included file that holds the line; empty where the page itself does.
        within: How long it was repeated in vain, in seconds.
    """

    page: str
    line: int
    request: str
    curl: str
    emulated: bool = False
    file: str = ""
    within: float = 0.0


def request_finding(
    kind: Kind,
    exchange: Exchange,
    message: str,
    expected: Json = None,
    actual: Json = None,
    labels: tuple[tuple[str, str], ...] = (),
) -> Finding:
    """A finding about a request as a whole, at its line."""
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
        exchange.file,
        exchange.file,
        exchange.within,
    )


def status_finding(
    kind: Kind, exchange: Exchange, message: str, awaited: Awaited, answer: Answer
) -> Finding:
    """A finding about how a request ended, with what the cluster gave as the reason."""
    said = f"{answer.status}{error_reason(answer)}"
    documented = str(awaited.status or "")
    labels = (("page", documented or wanted(awaited.catch)), ("cluster", said))
    expected = documented or awaited.catch or wanted("")
    return request_finding(kind, exchange, message, expected, answer.status, labels)


def code_finding(exchange: Exchange, message: str, codes: Sequence[str], answer: Answer) -> Finding:
    """A finding about a status that the prose of the page does not list."""
    documented = ", ".join(codes)
    labels = (("page", documented), ("cluster", str(answer.status)))
    return request_finding(Kind.STATUS, exchange, message, documented, answer.status, labels)


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
        _labels(mismatch),
        excerpt,
        max(1, end - mismatch.start),
        exchange.request,
        exchange.line,
        exchange.curl,
        exchange.emulated,
        places.file(mismatch.start),
        exchange.file,
        exchange.within,
    )


def _labels(mismatch: Mismatch) -> tuple[tuple[str, str], ...]:
    """What each side says; nothing where a body could not even be read."""
    expected, actual = mismatch.expected, mismatch.actual
    if expected is None and actual is None:
        return ()
    if mismatch.kind is Kind.ORDER and isinstance(expected, list) and isinstance(actual, list):
        pairs = zip(expected, actual, strict=True)
        at = next((index for index, (one, other) in enumerate(pairs) if one != other), 0)
        return (("page", _items(expected, at)), ("cluster", _items(actual, at)))
    said = describe(expected)
    if mismatch.kind is Kind.TEXT and isinstance(expected, str) and expected.startswith("/"):
        said = f"pattern {expected.strip()}"  # backslashes as the page has them
    return (("page", said), ("cluster", describe(actual)))


def _items(items: list[Json], start: int) -> str:
    """A list in its own words from an item on, shortened."""
    text = json.dumps(items[start:], ensure_ascii=False)
    text = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    return f"from item {start + 1} on: {text}" if start else text


def without_secrets(finding: Finding, secrets: Secrets) -> Finding:
    """The finding with every secret masked that a cluster may have said back or made."""
    hide, shown = secrets.redact, secrets.redact_pieces
    return replace(
        finding,
        pointer=shown(finding.pointer),  # where `/` is `~1`
        expected=_masked(finding.expected, hide),
        actual=_masked(finding.actual, hide),
        message=shown(finding.message),
        labels=tuple((side, shown(says)) for side, says in finding.labels),
        curl=hide(finding.curl),
    )


def answer_without_secrets(answer: KeptAnswer, secrets: Secrets) -> KeptAnswer:
    """The kept answer with every secret masked."""
    hide = secrets.redact
    return replace(answer, path=hide(answer.path), text=hide(answer.text), curl=hide(answer.curl))


def _masked(value: Json, hide: Callable[[str], str]) -> Json:
    if isinstance(value, str):
        return hide(value)
    if isinstance(value, list):
        return [_masked(item, hide) for item in value]
    if isinstance(value, dict):
        return {hide(key): _masked(item, hide) for key, item in value.items()}
    return value


def curl_line(call: Call, info: TargetInfo) -> str:
    """A command that repeats a call, without credentials.

    What specgen started is gone when the line is read, so its address stands as `$TARGET`.
    """
    base = '"$TARGET"' if info.private else shlex.quote(info.url)
    how = ["--head"] if call.method == "HEAD" else ["-X", call.method]
    query = "&".join(f"{name}={value}" if value else name for name, value in call.query)
    target = f"/{call.path}?{query}" if query else f"/{call.path}"
    parts = ["curl", *how, f"{base}{shlex.quote(target)}"]
    if call.body is not None:
        parts += ["--json", _in_one_line(call.body.decode("utf-8", "replace"))]
    return " ".join(parts)


def _in_one_line(text: str) -> str:
    """A text quoted for the shell; bash and its kin read line breaks in `$'…'`.

    One object alone means the same on one line: what is between its tokens is white space.
    Several objects end in a newline each, and keep it.
    """
    if not text.endswith("\n"):
        text = TOKEN.sub(lambda found: found[0] if found[0][0] == '"' else " ", text)
    if "\n" not in text:
        return shlex.quote(text)
    escaped = text.replace("\\", r"\\").replace("'", r"\'").replace("\n", r"\n")
    return f"$'{escaped}'"


def not_judged(finding: Finding) -> Finding:
    """A finding in setup or teardown; what the target does not know at all stays told apart."""
    return finding if finding.kind is Kind.UNSUPPORTED else replace(finding, kind=Kind.SETUP)
