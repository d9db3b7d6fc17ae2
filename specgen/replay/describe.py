"""Values in the words of a message: `string "noop"`, `list of 3`, `object with 2 keys`."""

from __future__ import annotations

import json
from decimal import Decimal

from specgen.replay.numbers import Double
from specgen.replay.values import Absent, Json

__all__ = ["describe", "difference", "type_of"]

# How many characters of a value a message shows.
LONGEST = 80


def type_of(value: Json | Absent) -> str:
    """The JSON type of a value; integers and floats are two types, as for the reference."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "float"
        case str():
            return "string"
        case list():
            return "list"
        case dict():
            return "object"
    return "nothing"


def describe(value: Json | Absent) -> str:
    """A value with its type, long ones shortened."""
    match value:
        case str():
            return f"string {_quoted(_shortened(value))}"
        case list():
            return f"list of {len(value)}" if value else "empty list"
        case dict():
            keys = "1 key" if len(value) == 1 else f"{len(value)} keys"
            return f"object with {keys}" if value else "empty object"
        case bool():
            return f"boolean {str(value).lower()}"
        case int():
            return f"integer {_shortened(str(Decimal(value)))}"
        case float():
            return f"float {_shortened(value.raw if isinstance(value, Double) else repr(value))}"
    return type_of(value)


def difference(expected: Json | Absent, actual: Json | Absent) -> str:
    """`expected …, found …`; two long strings are shown around the first difference."""
    if isinstance(expected, str) and isinstance(actual, str):
        if max(len(expected), len(actual)) > LONGEST:
            at = _first_difference(expected, actual)
            return (
                f"expected string {_quoted(_around(expected, at))}, "
                f"found string {_quoted(_around(actual, at))}, different from character {at + 1} on"
            )
    elif isinstance(expected, float) and isinstance(actual, float) and expected == actual:
        return f"expected float {expected!r}, found float {actual!r}"
    return f"expected {describe(expected)}, found {describe(actual)}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _around(text: str, at: int) -> str:
    start = max(at - LONGEST // 2, 0)
    piece = _shortened(text[start:])
    return f"…{piece}" if start else piece


def _first_difference(first: str, second: str) -> int:
    pairs = enumerate(zip(first, second, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(first), len(second)))
