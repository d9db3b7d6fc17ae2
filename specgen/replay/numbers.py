"""Numbers as JSON texts carry them: integers of any length, doubles with their own digits."""

from __future__ import annotations

from decimal import Decimal

from specgen.replay.values import Json

__all__ = [
    "Double",
    "NumberTooLong",
    "exact_int",
    "is_number",
    "java_double",
    "java_text",
    "same_double",
]

# Above this many digits `int` refuses a text (a guard against slow conversion).
LONGEST_INT_TEXT = 4300
# To read or write a million digits takes minutes. Clusters refuse more than a thousand.
MOST_DIGITS = 20_000


class NumberTooLong(ValueError):
    """An integer of more digits than anybody means."""


class Double(float):
    """A double that remembers how it was written.

    Attributes:
        raw: The digits as they stood in the text, such as `1.4436576E12`.
    """

    __slots__ = ("raw",)

    raw: str

    def __new__(cls, raw: str) -> Double:
        """Reads the text of a number; what is too large becomes infinity, as in Java."""
        number = super().__new__(cls, raw)
        number.raw = raw
        return number


def exact_int(text: str) -> int:
    """The integer that decimal digits with an optional sign stand for, exactly.

    Raises:
        NumberTooLong: There are too many of them.
    """
    if len(text) > MOST_DIGITS:
        raise NumberTooLong(f"a number of more than {MOST_DIGITS} digits")
    return int(text) if len(text) < LONGEST_INT_TEXT else int(Decimal(text))


def is_number(value: object) -> bool:
    """Whether a value is a number; a boolean is none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def same_double(first: float, second: float) -> bool:
    """Whether two doubles are the same for Java's `Double.equals`: 0.0 is not -0.0."""
    return repr(float(first)) == repr(float(second))


def java_double(value: float) -> str:
    """A double as Java's `Double.toString` writes it: `1.0`, `1.0E10`, `Infinity`."""
    if value != value or value in (float("inf"), float("-inf")):
        return {"inf": "Infinity", "-inf": "-Infinity"}.get(repr(float(value)), "NaN")
    exact = Decimal(repr(float(value)))
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        text = f"{exact:f}"
        return text if "." in text else text + ".0"
    sign, digits, exponent = exact.normalize().as_tuple()
    assert isinstance(exponent, int)
    head, tail = str(digits[0]), "".join(map(str, digits[1:])) or "0"
    return f"{'-' if sign else ''}{head}.{tail}E{exponent + len(digits) - 1}"


def java_text(value: Json) -> str:
    """A value as Java's `toString` writes it: `{_id=x1, _score=1.0}`, `[1, null]`.

    Example: the pattern of a `catch` is looked for in an error written this way.
    """
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, float):
        return java_double(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}={java_text(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(java_text, value)) + "]"
    return str(value)
