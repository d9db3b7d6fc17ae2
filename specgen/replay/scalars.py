"""What a plain word of YAML 1.1 means, as Jackson's YAML reader takes it.

Source of the rules: `org.yaml.snakeyaml.resolver.Resolver` finds the type of a word, and
Jackson then reads only decimal digits as integers, so that `0123` is 123 and `0x1F`,
`12:30` stay text. Timestamps stay text, too.
"""

from __future__ import annotations

import re

from specgen.replay.numbers import Double, exact_int

__all__ = ["plain_value", "tagged_value"]

WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE"), True),
    **dict.fromkeys(("no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
}
INTEGER = re.compile(
    r"[-+]?(?:0b_*[01_]+|0[0-7_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+|[1-9][0-9_]*(?::[0-5]?[0-9])+)"
)
FLOAT = re.compile(
    r"[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+"
    r"|[-+]?\.[0-9_]+(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
NUMBER_STARTS = frozenset("-+.0123456789")


def plain_value(text: str) -> bool | int | float | str | None:
    """What a word without quotes means.

    Raises:
        ValueError: It has the form of a number that Java cannot read (`1_000`, `.inf`).
    """
    if text in WORDS:
        return WORDS[text]
    if text[0] in NUMBER_STARTS:
        if INTEGER.fullmatch(text):
            return _integer(text)
        if FLOAT.fullmatch(text):
            return _float(text)
    return text


def tagged_value(tag: str, text: str) -> bool | int | float | str | None:
    """What a scalar means that carries a tag such as `!!int`; an unknown tag makes it text.

    Raises:
        ValueError: It is no number though its tag says so.
    """
    match tag.removeprefix("!!"):
        case "bool" if text.lower() in ("y", "yes", "on", "true"):
            return True
        case "bool" if text.lower() in ("n", "no", "off", "false"):
            return False
        case "int":
            return _integer(text)
        case "float":
            return _float(text)
        case "null":
            return None
    return text


def _integer(text: str) -> int | str:
    digits = text.lstrip("-+")
    if digits.isascii() and digits.isdigit():
        return exact_int(text)
    if digits and set(digits) <= set("0123456789_"):
        raise ValueError(f"{text} is no number: digits cannot be grouped by an underscore")
    return text


def _float(text: str) -> Double:
    if set(text) & set("_:iInN"):
        raise ValueError(f"{text} is no number that can be read; quote it if it is text")
    return Double(text)
