"""Reading JSON with the place of every value, integers exact, and no key twice.

The standard reader tells no places, and Elasticsearch names the place in every complaint
about a body.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

from specgen.target.connectors.errors import Refused, bad_syntax

__all__ = ["Member", "Node", "read_json"]

_SPACE = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_WORDS = {
    "true": ("VALUE_BOOLEAN", True),
    "false": ("VALUE_BOOLEAN", False),
    "null": ("VALUE_NULL", None),
}
# Far above what a connector holds, far below what the stack of Python carries.
_MAX_DEPTH = 100
_MAX_DIGITS = 1000


@dataclass(frozen=True, slots=True)
class Member:
    """One `name: value` of an object; `place` is the name's `line:column`."""

    name: str
    place: str
    node: Node


@dataclass(frozen=True, slots=True)
class Node:
    """One JSON value.

    Attributes:
        token: Elasticsearch's name for the kind of value: START_OBJECT, START_ARRAY,
            VALUE_STRING, VALUE_NUMBER, VALUE_BOOLEAN or VALUE_NULL.
        place: Its `line:column`, both from 1.
        scalar: The value of what is neither object nor array.
        members: The members of an object.
        items: The items of an array.
    """

    token: str
    place: str
    scalar: str | int | float | bool | None = None
    members: tuple[Member, ...] = ()
    items: tuple[Node, ...] = ()

    def plain(self) -> Any:
        """The value as Python holds it."""
        if self.token == "START_OBJECT":
            return {member.name: member.node.plain() for member in self.members}
        if self.token == "START_ARRAY":
            return [item.plain() for item in self.items]
        return self.scalar


def read_json(data: bytes) -> Node:
    """Reads one JSON value and nothing after it.

    Raises:
        Refused: It is no JSON, or an object has the same key twice.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as trouble:
        raise bad_syntax("1:1", "Invalid UTF-8 in the request body") from trouble
    reader = _Reader(text)
    node, end = reader.value(reader.after_space(0), depth=0)
    if reader.after_space(end) != len(text):
        raise reader.unexpected(reader.after_space(end))
    return node


class _Reader:
    """Reads values from a text; every method takes and gives back offsets."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = [0, *(found.end() for found in re.finditer(r"\r\n|\n|\r", text))]

    def after_space(self, at: int) -> int:
        found = _SPACE.match(self._text, at)
        return found.end() if found else at

    def value(self, at: int, depth: int) -> tuple[Node, int]:
        if depth > _MAX_DEPTH:
            raise bad_syntax(self._place(at), f"Document is nested deeper than {_MAX_DEPTH}")
        first = self._text[at : at + 1]
        if first == "{":
            return self._object(at, depth)
        if first == "[":
            return self._array(at, depth)
        if first == '"':
            text, end = self._string(at)
            return Node("VALUE_STRING", self._place(at), text), end
        return self._word(at)

    def unexpected(self, at: int) -> Refused:
        if at >= len(self._text):
            return bad_syntax(self._place(at), "Unexpected end-of-input")
        sign = self._text[at]
        return bad_syntax(self._place(at), f"Unexpected character ('{sign}' (code {ord(sign)}))")

    def _place(self, at: int) -> str:
        line = bisect_right(self._lines, at)
        return f"{line}:{at - self._lines[line - 1] + 1}"

    def _word(self, at: int) -> tuple[Node, int]:
        for word, (token, scalar) in _WORDS.items():
            if self._text.startswith(word, at):
                return Node(token, self._place(at), scalar), at + len(word)
        found = _NUMBER.match(self._text, at)
        if found is None:
            raise self.unexpected(at)
        if len(found[0]) > _MAX_DIGITS:
            raise bad_syntax(self._place(at), f"Number has more than {_MAX_DIGITS} digits")
        whole = found[1] is None and found[2] is None
        number = int(found[0]) if whole else float(found[0])
        return Node("VALUE_NUMBER", self._place(at), number), found.end()

    def _string(self, at: int) -> tuple[str, int]:
        try:
            text, end = json.JSONDecoder().raw_decode(self._text, at)
        except json.JSONDecodeError as trouble:
            raise bad_syntax(self._place(trouble.pos), trouble.msg) from trouble
        return str(text), end

    def _object(self, at: int, depth: int) -> tuple[Node, int]:
        members: dict[str, Member] = {}
        place, at = self._place(at), self.after_space(at + 1)
        while self._text[at : at + 1] != "}":
            at = self._expect(at, ",") if members else at
            if self._text[at : at + 1] != '"':
                raise self.unexpected(at)
            key_place = self._place(at)
            name, at = self._string(at)
            if name in members:
                raise bad_syntax(key_place, f"Duplicate field '{name}'")
            node, at = self.value(self._expect(self.after_space(at), ":"), depth + 1)
            members[name] = Member(name, key_place, node)
            at = self.after_space(at)
        return Node("START_OBJECT", place, members=tuple(members.values())), at + 1

    def _array(self, at: int, depth: int) -> tuple[Node, int]:
        items: list[Node] = []
        place, at = self._place(at), self.after_space(at + 1)
        while self._text[at : at + 1] != "]":
            at = self._expect(at, ",") if items else at
            node, at = self.value(at, depth + 1)
            items.append(node)
            at = self.after_space(at)
        return Node("START_ARRAY", place, items=tuple(items)), at + 1

    def _expect(self, at: int, sign: str) -> int:
        if self._text[at : at + 1] != sign:
            raise self.unexpected(at)
        return self.after_space(at + 1)
