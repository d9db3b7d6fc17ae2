"""Values that are volatile by what they are: durations, moments, names of nodes, numbers.

These may be the same in each run and another one tomorrow. An id is not among them: it shows by
being another in each run, and one that does not may be a hash. A value that was stored comes
back as it was, so nothing below `_source` is volatile by its name. A moment is volatile only if
it is about now: another one may be the answer itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from specgen.replay.values import Json

__all__ = [
    "VolatileKind",
    "is_about_now",
    "kind_of_a_moment",
    "of_one_form",
    "volatile_by_name",
    "volatile_kind",
]

# What a client stored stands below these.
STORED = frozenset({"_source", "fields", "doc", "docs", "script_fields", "params", "preview"})
SETTING = re.compile(r"interval|timeout|keep_?alive|retention|ttl|_age|bucket_span")
# Names that the APIs give to whole numbers of a unit, and such that they give to `1.2s`.
COUNTED_TIME = re.compile(r"took(_\w+)?|\w+_in_(queue_)?(millis|micros|nanos)|\w+_nanos")
WRITTEN_TIME = re.compile(r"took|(\w+_)?time|uptime|duration")
DURATION = re.compile(r"-?\d+(\.\d+)?(nanos|micros|ms|s|m|h|d)")
NUMBER_NAME = re.compile(r"_?(\w+_)?(seq_no|primary_term|checkpoint)")
BUSY_NAME = re.compile(r"number_of_(pending_tasks|in_flight_fetch)")
NODE_NAME = re.compile(
    r"nodes?|node_(name|id)|(transport|http|publish|bound)_address|ephemeral_id|_?scroll_id"
    r"|cluster_(name|uuid)|build_(hash|date)|master_node|(source|target|relocating)_node"
)
# What is a node's only if it stands below one of these.
OF_A_NODE = frozenset({"name", "host", "ip", "id"})
NODES = frozenset({"nodes", "node", "shards", "source", "target"})
MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(?:Z|[+-]\d\d:?\d\d)?")
FRACTION = re.compile(r"(\.\d{6})\d+")
NEAR = timedelta(days=1)
# What stands between the words of a text; an id may have these inside: . / + = _ -
BETWEEN = re.compile(r"([^\w./+=-]+)")
OPAQUE = re.compile(r"[\w-]{20,}")


class VolatileKind(StrEnum):
    """Why a value may be another one although nothing has changed."""

    DURATION = "a duration"
    MOMENT = "the time of the run"
    NUMBER = "a number that depends on what was written before"
    BUSY = "how busy the cluster is at the moment"
    NODE = "what this cluster or node is called"


def volatile_by_name(tokens: Sequence[str]) -> VolatileKind | None:
    """What a place always is, by its name and whatever stands there; None for most places."""
    names = [token for token in tokens if not token.isdigit() and token != "*"]
    if not names or STORED & {*names[:-1]} or SETTING.search(names[-1]):
        return None
    name = names[-1]
    if COUNTED_TIME.fullmatch(name) or WRITTEN_TIME.fullmatch(name):
        return VolatileKind.DURATION
    if NUMBER_NAME.fullmatch(name):
        return VolatileKind.NUMBER
    if BUSY_NAME.fullmatch(name):
        return VolatileKind.BUSY
    of_a_node = name in OF_A_NODE and NODES & {*names[:-1]}
    return VolatileKind.NODE if NODE_NAME.fullmatch(name) or of_a_node else None


def volatile_kind(
    tokens: Sequence[str], expected: Json, actual: Json, now: datetime
) -> VolatileKind | None:
    """Why a value may be another one although it came in every run; None if it may not.

    Args:
        tokens: The parts of its pointer.
        expected: What the page says.
        actual: What came, of the same type.
        now: When it came.
    """
    if _moment(expected) and is_about_now(actual, now):
        return VolatileKind.MOMENT
    kind = volatile_by_name(tokens)
    fits = {
        VolatileKind.DURATION: _is_text(actual) or (_is_counted(tokens[-1]) and _is_count(actual)),
        VolatileKind.NUMBER: _is_count(actual),
        VolatileKind.BUSY: _is_count(actual),
        VolatileKind.NODE: isinstance(actual, str),
    }
    both = _is_count(expected) == _is_count(actual) and _is_text(expected) == _is_text(actual)
    return kind if kind and fits[kind] and both else None


def kind_of_a_moment(tokens: Sequence[str], value: Json) -> VolatileKind | None:
    """What a documented value is that the next moment may change, told by its place."""
    kind = volatile_by_name(tokens)
    if kind is VolatileKind.DURATION:
        return kind if _is_text(value) or (_is_counted(tokens[-1]) and _is_count(value)) else None
    return kind if kind is VolatileKind.BUSY and _is_count(value) else None


def is_about_now(value: Json, now: datetime) -> bool:
    """Whether a value is a moment of about the time of the run."""
    came = _moment(value)
    return came is not None and abs(now - came) < NEAR


def of_one_form(expected: str, actual: Sequence[str]) -> bool:
    """Whether a text is like others, but for the words in which these differ from each other.

    A message with an id in it is another one each time; what it says besides may be drift. A
    word that is the same in all others may be another one only if it is an id too.
    """
    page = BETWEEN.split(expected)
    columns = list(zip(*map(BETWEEN.split, actual), strict=False))
    if any(len(BETWEEN.split(each)) != len(page) for each in actual):
        return False
    return all(
        len({*words}) > 1 or word == words[0] or all(map(OPAQUE.fullmatch, (word, words[0])))
        for word, words in zip(page, columns, strict=True)
    )


def _is_counted(name: str) -> bool:
    return COUNTED_TIME.fullmatch(name) is not None


def _is_text(value: Json) -> bool:
    """Whether it is a duration as the APIs write it for people."""
    return isinstance(value, str) and DURATION.fullmatch(value) is not None


def _is_count(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _moment(value: Json) -> datetime | None:
    """A date with or without a time, or milliseconds since 1970."""
    try:
        if isinstance(value, str) and MOMENT.fullmatch(value):
            found = datetime.fromisoformat(FRACTION.sub(r"\1", value))
            return found if found.tzinfo else found.replace(tzinfo=UTC)
        if isinstance(value, int) and 10**12 <= value < 10**13:
            return datetime.fromtimestamp(value / 1000, UTC)
    except ValueError:
        return None
    return None
