"""What no page should be made to say, whatever the cluster said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from specgen.dialect.leniency import Leniency
from specgen.mending.body import Body
from specgen.mending.values import NotMendable, Reason
from specgen.replay.nodes import ObjectNode
from specgen.replay.stash import refers
from specgen.replay.values import Absent, Json, Kind, Mismatch
from specgen.suggest.kinds import VolatileKind, is_about_now, kind_of_a_moment, volatile_kind
from specgen.suggest.pointers import tokens_of

__all__ = ["check"]

# `{version}`, which the page leaves to whoever publishes it.
ATTRIBUTE = re.compile(r"\{[\w-]+\}")
# What is another value tomorrow, although two replays gave the same.
MOMENTARY = frozenset(
    {VolatileKind.DURATION, VolatileKind.MOMENT, VolatileKind.BUSY, VolatileKind.NODE}
)
MENDED = frozenset({Kind.VALUE, Kind.TYPE, Kind.MISSING, Kind.SURPLUS, Kind.ORDER})


def check(mismatch: Mismatch, body: Body, leniency: Leniency, now: datetime) -> None:
    """Refuses a difference that no page should be mended by.

    Args:
        mismatch: The difference.
        body: The documented body.
        leniency: Where less is asked.
        now: When the answer came.

    Raises:
        NotMendable: It is one of those.
    """
    if mismatch.kind not in MENDED:
        words = "the body is no JSON object or list, or cannot be read"
        raise NotMendable(Reason.TEXT, words, "mend the text by hand")
    if not mismatch.pointer:
        raise NotMendable(Reason.NO_BODY, "the whole body is another", "write it anew")
    if any(leniency.asks_shape(each) for each in _above(mismatch.pointer)):
        words = "only its shape is asked, so no value is better than another"
        raise NotMendable(Reason.SHAPE, words, "choose an example yourself")
    _check_text(mismatch, body)
    if why := _volatile(mismatch, now):
        hint = "`specgen suggest` proposes a marker for it"
        raise NotMendable(Reason.VOLATILE, f"it is {why}", hint, only_value=True)


def _check_text(mismatch: Mismatch, body: Body) -> None:
    """Refuses to write over what is no value but asks for one."""
    node = body.scalars.get(mismatch.start)
    if node is None or not isinstance(node.value, str):
        return
    owner = body.owners.get(mismatch.start)
    # A key that is not there goes with whatever its value is.
    is_key = mismatch.kind is Kind.MISSING and owner and isinstance(owner[0], ObjectNode)
    if refers(node.value) and not is_key:
        if body.mapped.exact(node.start, node.end):
            words = "the page asks there for a value that the cluster gave before"
            raise NotMendable(Reason.STASH, words)
        words = "a substitution asks there for a value of the answer"
        raise NotMendable(Reason.SUBSTITUTION, words)
    attribute = ATTRIBUTE.search(node.value)
    if attribute and mismatch.kind in {Kind.VALUE, Kind.TYPE}:
        words = f"the page has an attribute there, {attribute[0]}"
        raise NotMendable(Reason.ATTRIBUTE, words, "define it with --define or --attributes")


def _volatile(mismatch: Mismatch, now: datetime) -> VolatileKind | None:
    """Why the value that came is not worth writing down."""
    expected, actual, tokens = mismatch.expected, mismatch.actual, tokens_of(mismatch.pointer)
    if isinstance(actual, Absent) or mismatch.kind is Kind.ORDER:
        return None
    if mismatch.kind is Kind.VALUE and not isinstance(expected, Absent):
        kind = volatile_kind(tokens, expected, actual, now)
        return kind if kind in MOMENTARY else None
    return _momentary(tokens, actual, now)


def _above(pointer: str) -> Iterator[str]:
    yield pointer
    while pointer:
        pointer = pointer.rpartition("/")[0]
        yield pointer


def _momentary(tokens: Sequence[str], value: Json, now: datetime) -> VolatileKind | None:
    """Whether something in a value is of the moment alone."""
    inside: Mapping[str, Json] = {}
    if isinstance(value, dict):
        inside = value
    elif isinstance(value, list):
        inside = {str(number): each for number, each in enumerate(value)}
    else:
        about_now = VolatileKind.MOMENT if is_about_now(value, now) else None
        return kind_of_a_moment(tokens, value) or about_now
    found = (_momentary((*tokens, key), each, now) for key, each in inside.items())
    return next(filter(None, found), None)
