"""A field of a response by its dotted path, and whether it counts as true."""

from __future__ import annotations

from specgen.pointers import token_of
from specgen.replay.answers import ResponseBody
from specgen.replay.numbers import java_text
from specgen.replay.stash import Stash, StashFailure, path_parts, refers, walk
from specgen.replay.values import Json

__all__ = ["WHOLE", "field_pointer", "field_value", "is_false", "is_true", "pointer_to"]

# The path of the whole body.
WHOLE = "$body"


def field_value(body: ResponseBody, path: str, stash: Stash) -> Json:
    r"""The value at a path such as `hits.hits.0._id`; None where there is nothing, or null.

    Args:
        body: The response.
        path: `$body` or empty for the whole; `\.` is a dot in a key; another path that
            refers to the stash is looked up there.
        stash: Gives the values of `$name` inside the path.

    Raises:
        StashFailure: The path leads through a scalar, or a list has no such index.
    """
    if path in (WHOLE, ""):
        return body.value
    if refers(path):
        return stash.value(path)
    return None if body.is_text else walk(body.value, path, stash.resolve_text)


def field_pointer(path: str) -> str:
    """The JSON pointer of a dotted path; empty for the whole body."""
    parts = path_parts(path)
    if parts and parts[0] == WHOLE:
        parts = parts[1:]
    return "".join(pointer_to("", part) for part in parts)


def pointer_to(pointer: str, part: str | int) -> str:
    """The JSON pointer (RFC 6901) of a key or index below another pointer."""
    return f"{pointer}/{token_of(str(part))}"


def is_false(body: ResponseBody, path: str, stash: Stash) -> bool:
    """Whether a field is null, absent, empty text, `0`, or `false` in any case.

    An empty list or object and `0.0` count as true; of a text body no field is there, so
    all are false. Source of the rule: `IsFalseAssertion` of the reference.
    """
    try:
        value = field_value(body, path, stash)
    except StashFailure:
        return False
    return not _counts(value)


def is_true(body: ResponseBody, path: str, stash: Stash) -> bool:
    """Whether a field is there and `is_false` does not hold; False if the path is broken."""
    try:
        return _counts(field_value(body, path, stash))
    except StashFailure:
        return False


def _counts(value: Json) -> bool:
    return value is not None and java_text(value).lower() not in ("", "0", "false")
