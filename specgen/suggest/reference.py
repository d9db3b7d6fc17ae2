r"""The same in the reference's own words: `// TESTRESPONSE[s/"took": 11/"took": $body.took/]`.

A substitution goes by text. It can say of a value that it is whatever comes, and it can say so
only where the text of its key and value stands nowhere else; it cannot say that a list has no
order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from specgen.dialect.values import MarkerKind, OptionName, Snippet
from specgen.pointers import key_of
from specgen.replay.flow import ExpectedUnreadable, read_expected
from specgen.replay.nodes import ListNode, Node, ObjectNode, Scalar
from specgen.suggest.pointers import tokens_of
from specgen.suggest.values import LineEdit, Place
from specgen.suggest.writing import last_line

__all__ = ["NotWritable", "reference_markers"]

SPECIAL = re.compile(r"([\\.*+?^${}()|\[\]/])")
# A key that a path of the stash can hold without an escape.
PLAIN = re.compile(r"[\w-]+")


class NotWritable(Exception):
    """A place that no substitution can name."""


@dataclass(frozen=True, slots=True)
class _Spot:
    """A key with its value, or an item: where it stands, and where its value does."""

    start: int
    value: int
    end: int


def reference_markers(snippet: Snippet, places: Sequence[Place]) -> tuple[LineEdit, ...]:
    """A `// TESTRESPONSE[s/…/…/]` for each different text, below the snippet's other ones.

    Raises:
        NotWritable: A place cannot be named by a substitution.
    """
    text = snippet.contents.text
    try:
        body = read_expected(text)
    except ExpectedUnreadable as trouble:
        raise NotWritable(trouble.message) from trouble
    line = last_line(snippet, MarkerKind.SPECGEN)
    concrete = dict.fromkeys(pointer for place in places for pointer in _concrete(place))
    spots = {pointer: _spot(body, tokens_of(pointer), pointer) for pointer in concrete}
    lines = (_substitution(pointer, spots, text) for pointer in spots)
    return tuple(LineEdit(line, each) for each in dict.fromkeys(lines))


def _substitution(pointer: str, spots: Mapping[str, _Spot], text: str) -> str:
    spot = spots[pointer]
    written = text[spot.start : spot.end]
    pattern = SPECIAL.sub(r"\\\1", written)
    if re.search(rf"{pattern}\w", text) and written[-1:].isalnum():
        pattern += r"\b"  # a number must not match the beginning of a longer one
    found = {match.start() for match in re.finditer(pattern, text)}
    if "\n" in written or not found <= {each.start for each in spots.values()}:
        raise NotWritable(f"{written!r} stands elsewhere too")
    path = _path(pointer) if len(found) == 1 else "$_path"
    return f"// TESTRESPONSE[s/{pattern}/{_literal(text[spot.start : spot.value])}$body.{path}/]"


def _concrete(place: Place) -> Iterator[str]:
    if place.option is OptionName.EVENTUALLY:
        raise NotWritable("a substitution cannot say that a request is repeated")
    if place.option is not OptionName.IGNORE:
        raise NotWritable("a substitution cannot say that a list has no order")
    yield from place.concrete or (place.pointer,)


def _path(pointer: str) -> str:
    """The path in the stash; `$_path`, the place itself, where a key would need an escape."""
    keys = [key_of(token) for token in tokens_of(pointer)]
    return ".".join(keys) if all(map(PLAIN.fullmatch, keys)) else "$_path"


def _literal(text: str) -> str:
    return re.sub(r"([\\$])", r"\\\1", text).replace("/", r"\/")


def _spot(body: Node, tokens: Sequence[str], pointer: str) -> _Spot:
    start, node = -1, body
    for token in tokens:
        start, node = _below(node, token, pointer)
    if not isinstance(node, Scalar):
        raise NotWritable(f"{pointer} is more than one value")
    return _Spot(start, node.start, node.end)


def _below(node: Node, token: str, pointer: str) -> tuple[int, Node]:
    if isinstance(node, ObjectNode):
        for member in node.members:
            if member.key == key_of(token):
                return member.start, member.value
    elif isinstance(node, ListNode) and token.isdigit() and int(token) < len(node.items):
        item = node.items[int(token)]
        return item.start, item
    raise NotWritable(f"{pointer} is not in the text of the page")
