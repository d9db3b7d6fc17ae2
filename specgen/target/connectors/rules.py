"""What is checked in a body that can be read: rules that look at several fields, or at a value.

A rule gives a complaint, or an empty text; all complaints about a body are told at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

__all__ = [
    "Rule",
    "any_of",
    "configuration_or_values",
    "filtering_or_parts",
    "index_name_can_be",
    "not_empty",
    "not_negative",
]

Rule = Callable[[Mapping[str, Any]], str]

_FORBIDDEN = '\\/*?"<>| ,'


def any_of(first: str, second: str) -> Rule:
    """At least one of two fields must be given, and not as null."""
    return lambda body: (
        ""
        if body.get(first) is not None or body.get(second) is not None
        else f"[{first}] and [{second}] cannot both be [null]. "
        "Please provide a value for at least one of them."
    )


def not_empty(name: str, complaint: str) -> Rule:
    """A text must not be empty."""
    return lambda body: "" if body.get(name) else complaint


def not_negative(name: str) -> Rule:
    """A number, if it is given, must not be negative."""
    return lambda body: f"[{name}] cannot be negative." if (body.get(name) or 0) < 0 else ""


def configuration_or_values(body: Mapping[str, Any]) -> str:
    """A configuration is given either with its schema or as values, not both."""
    given = ("configuration" in body) + ("values" in body)
    return (
        "[configuration] and [values] cannot both be null.",
        "",
        "[configuration] and [values] cannot both be provided in the same request.",
    )[given]


def filtering_or_parts(body: Mapping[str, Any]) -> str:
    """Filtering is given either whole or as rules and snippet of the draft, not both."""
    parts = "rules" in body or "advanced_snippet" in body
    if "filtering" not in body:
        return "" if parts else "[advanced_snippet] and [rules] cannot be both [null]."
    return (
        "If [filtering] is specified, [rules] and [advanced_snippet] should not be present in"
        " the request body."
        if parts
        else ""
    )


def index_name_can_be(body: Mapping[str, Any]) -> str:
    """An index name must be one that an index could have."""
    name = body.get("index_name")
    wrong = "" if name is None else _fault_of_index_name(name)
    return f"Invalid index name [{name}], {wrong}" if wrong else ""


def _fault_of_index_name(name: str) -> str:
    if not name:
        return "must not be empty"
    if any(sign in name for sign in _FORBIDDEN):
        signs = ",".join(f"'{sign}'" for sign in _FORBIDDEN)
        return f"must not contain the following characters [{signs}]"
    if "#" in name or ":" in name:
        return f"must not contain '{'#' if '#' in name else ':'}'"
    if name[0] in "_-+":
        return "must not start with '_', '-', or '+'"
    if name in (".", ".."):
        return "must not be '.' or '..'"
    size = len(name.encode("utf-8", "replace"))
    return f"index name is too long, ({size} > 255)" if size > 255 else ""
