"""What a finding says, freed of what differs from run to run: its key in a baseline."""

from __future__ import annotations

import hashlib
import json
import re

from specgen.drift.values import Accepted
from specgen.replay.values import Finding, Json, Kind

__all__ = ["accepted_of", "is_volatile", "target_key"]

# Each of these is another one in each run, wherever it stands in a text.
VOLATILE = (
    (
        re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)"),
        "<time>",
    ),
    (re.compile(r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b"), "<id>"),
    # Ids as Elasticsearch makes them: twenty characters or more, and no word.
    (re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Z])[\w-]{20,}={0,2}(?![\w-])"), "<id>"),
    (re.compile(r"(?<![\w-])(?=[a-f]*\d)[0-9a-f]{16,}(?![\w-])"), "<id>"),
    (re.compile(r"(?<=@)[0-9a-f]{6,16}\b"), "<id>"),
    (re.compile(r"(?:\b\d{1,3}(?:\.\d{1,3}){3}|\[::1?\]|\blocalhost)(?::\d+)?"), "<address>"),
    (re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?:nanos|micros|ms|s|m|h|d)\b"), "<duration>"),
    (re.compile(r"(?<![\w.])\d+(?:\.\d+)?[kmgt]?b\b"), "<size>"),
)
NUMBER = re.compile(r"(?<![\w<])-?\d+(?:\.\d+)?%?")
BLANKS = re.compile(r"\s+")
# Names of numbers that count time, size or order of what was written before.
VOLATILE_NAME = re.compile(
    r"took(_\w+)?|\w*_?in_(queue_)?(millis|micros|nanos|bytes)|\w+_(millis|micros|nanos|bytes)"
    r"|_?(\w+_)?(seq_no|primary_term|checkpoint)|uptime|timestamp"
)
# What a client stored comes back as it was.
STORED = frozenset({"_source", "fields"})
# Milliseconds since 1970, of this century.
MILLIS = (10**12, 10**13)
# Longer than that, a text is cut and told apart by its digest.
LONGEST = 160
BODY = frozenset({Kind.VALUE, Kind.TYPE, Kind.SURPLUS, Kind.ORDER})


def target_key(distribution: str, version: str) -> str:
    """What a baseline keeps apart: `elasticsearch 8`."""
    return f"{distribution} {version.partition('.')[0]}".strip()


def accepted_of(target: str, case: str, finding: Finding) -> Accepted:
    """The key of a finding: lines, moments, ids and durations may be others next time."""
    tokens = finding.pointer.split("/")[1:]
    pointer = "".join(f"/{_freed_text(token)}" for token in tokens)
    return Accepted(target, case, finding.kind, pointer, _shortened(_came(finding, tokens)))


def is_volatile(finding: Finding) -> bool:
    """Whether what came may be another value next time."""
    tokens = finding.pointer.split("/")[1:]
    return _freed(finding.actual, tokens) != _plain(finding.actual)


def _came(finding: Finding, tokens: list[str]) -> str:
    kind, actual = finding.kind, finding.actual
    if kind is Kind.MISSING:
        return ""
    if kind is Kind.TEXT and isinstance(actual, str) and _is_told(finding):
        return NUMBER.sub("<number>", _freed_text(actual))
    if kind in BODY and finding.labels:
        return json.dumps(_freed(actual, tokens), ensure_ascii=False)
    if kind is Kind.STATUS and finding.labels:
        return _freed_text(finding.labels[-1][1])
    return _freed_text(finding.message)


def _is_told(finding: Finding) -> bool:
    """Whether a difference of texts is about what came; not if a pattern itself is at fault."""
    if not finding.labels:
        return False
    by_pattern = str(finding.expected).startswith("/")
    return not by_pattern or finding.labels[-1][1] in finding.message


def _freed(value: Json, tokens: list[str]) -> Json:
    if isinstance(value, str):
        return _freed_text(value)
    if isinstance(value, dict):
        return {_freed_text(key): _freed(each, [*tokens, key]) for key, each in value.items()}
    if isinstance(value, list):
        return [_freed(each, [*tokens, str(index)]) for index, each in enumerate(value)]
    if isinstance(value, bool) or value is None:
        return value
    return "<number>" if _is_volatile_number(value, tokens) else _plain(value)


def _plain(value: Json) -> Json:
    """A number without the last digits of a calculation."""
    return float(f"{value:.6g}") if isinstance(value, float) else value


def _is_volatile_number(value: float, tokens: list[str]) -> bool:
    names = [token for token in tokens if not token.isdigit()]
    if not names or STORED & {*names[:-1]}:
        return False
    return VOLATILE_NAME.fullmatch(names[-1]) is not None or MILLIS[0] <= value < MILLIS[1]


def _freed_text(text: str) -> str:
    for pattern, word in VOLATILE:
        text = pattern.sub(word, text)
    return BLANKS.sub(" ", text).strip()


def _shortened(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{text[: LONGEST - 20]}… {digest}"
