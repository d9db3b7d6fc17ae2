"""The words that pages have for types, and the types of JSON that each may mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["meant_types", "shown_types"]

STRING = frozenset({"string"})
NUMBER = frozenset({"number"})
BOOLEAN = frozenset({"boolean"})
OBJECT = frozenset({"object"})
ARRAY = frozenset({"array"})
# "10s" and -1, "2024-01-01" and milliseconds, "1kb" and 1024: both forms are taken.
TEXT_OR_NUMBER = STRING | NUMBER
# A list may be written with commas.
LIST = ARRAY | STRING

WORDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        **dict.fromkeys(("string", "text", "str", "enum", "enumeration", "keyword"), STRING),
        **dict.fromkeys(("integer", "int", "long", "short", "number", "float", "double"), NUMBER),
        **dict.fromkeys(("unsigned integer", "positive integer", "half float"), NUMBER),
        **dict.fromkeys(("boolean", "bool", "boolean flag"), BOOLEAN),
        **dict.fromkeys(("object", "json object", "map", "hash"), OBJECT),
        **dict.fromkeys(("array", "json array"), ARRAY),
        **dict.fromkeys(("list", "comma-separated list", "comma-separated string"), LIST),
        **dict.fromkeys(("datetime", "date", "timestamp", "instant", "time"), TEXT_OR_NUMBER),
        **dict.fromkeys(("time value", "time unit", "time units", "duration"), TEXT_OR_NUMBER),
        **dict.fromkeys(("byte value", "byte units", "byte size"), TEXT_OR_NUMBER),
    }
)

# <<time-units,time value>>   {ref}/x.html[time value]
REFERENCE = re.compile(r"<<[^<>,]*,\s*([^<>]*)>>|\S+\[([^\[\]]*)\]")
ALTERNATIVES = re.compile(r"\s*(?:,\s*or\b|,|\bor\b|/|\|)\s*")
LISTS = re.compile(r"(?P<word>array|list|comma-separated list) of\b.*")


def meant_types(words: str) -> tuple[frozenset[str], ...] | None:
    """What a page's words for a type may mean, one set for each alternative that they name.

    None if a word is not known: of such a type nothing can be said.
    """
    plain = REFERENCE.sub(lambda found: found[1] or found[2] or "", words)
    plain = " ".join(re.sub(r"[`*_^+]", "", plain).casefold().split())
    found = tuple(_alternative(each) for each in ALTERNATIVES.split(plain) if each)
    known = tuple(each for each in found if each is not None)
    return known if known and len(known) == len(found) else None


def _alternative(words: str) -> frozenset[str] | None:
    words = re.sub(r"^(?:an?|the|one)\s+", "", words)
    if words in WORDS:
        return WORDS[words]
    if found := LISTS.fullmatch(words):
        return WORDS[found["word"]]
    if re.fullmatch(r"[\w -]+ objects?", words):
        return OBJECT
    return None


def shown_types(types: frozenset[str]) -> str:
    """Types of a schema in words."""
    return " or ".join(sorted(types - {"null"} or types))
