r'''Reads the expected body of a page: JSON as YAML 1.1 sees it, every value with its place.

Documented bodies are JSON plus plain words, `$…` and `"""` strings. The reference writes
them into a YAML file, indented, and reads that with Jackson over SnakeYAML; so that is the
language here, differences from other YAML readers included: no tab outside quotes, no `\/`,
no key twice, a key on one line and of at most 1024 characters, a trailing comma is fine.
'''

from __future__ import annotations

import re
from typing import NoReturn

from specgen.dialect.triple_quotes import TRIPLE, UnclosedString, converted, json_string
from specgen.replay.block import BlockUnreadable, read_block
from specgen.replay.nodes import MAX_DEPTH, ListNode, Member, Node, ObjectNode, Scalar
from specgen.replay.quoted import BREAK, fold, unescape
from specgen.replay.scalars import plain_value, tagged_value

__all__ = ["ExpectedUnreadable", "read_expected"]

LONGEST_KEY = 1024

BLANK = r"[\0 \t\r\n\x85\u2028\u2029]"
SPACE = re.compile(r"(?:[ \r\n\x85\u2028\u2029]+|#[^\r\n\x85\u2028\u2029]*)*")
SPACE_STARTS = frozenset(" \r\n\x85\u2028\u2029#")
UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
DOUBLE = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)"', re.DOTALL)
SINGLE = re.compile(r"'([^']*(?:''[^']*)*)'")
LINE_END = re.compile(BREAK)


def _plain(stops: str) -> re.Pattern[str]:
    """Plain words on one or several lines, where `stops` end a word besides blanks."""
    first = rf"(?:(?!{BLANK})[^-?:,\[\]{{}}#&*!|>'\"%@`]|-(?!{BLANK}|\Z)"
    first += ")" if stops else rf"|[?:](?!{BLANK}|\Z))"
    colon = rf":(?!{BLANK}|\Z" + (r"|[,\[\]{}])" if stops else ")")
    word = rf"(?:[^\0 \t\r\n\x85\u2028\u2029:{stops}]|{colon})"
    gap = rf"(?:[ \t]*{BREAK}(?: |{BREAK})*|[ \t]+)"
    return re.compile(rf"(?={first}){word}+(?:{gap}(?!#){word}+)*[ \t]*")


PLAIN_IN_FLOW = _plain(r",?\[\]{}")
PLAIN_AT_ROOT = _plain("")
PROPERTY = re.compile(
    r"&[0-9A-Za-z_-]+(?=[\0 \t\r\n\x85\u2028\u2029?:,\]}%@`]|\Z)"
    r"|(?P<tag>!(?:<[^>\s]*>|[0-9A-Za-z;/?:@&=+$,_.!~*'()\[\]%-]*))(?=[ \r\n\x85\u2028\u2029]|\Z)"
)
ALIAS = re.compile(r"\*([0-9A-Za-z_-]+)(?=[\0 \t\r\n\x85\u2028\u2029?:,\]}%@`]|\Z)")
STARTS_BLOCK = re.compile(rf"[-?]{BLANK}|[-?]\Z|[|>]")
AFTER_ROOT_KEY = re.compile(rf" *:(?={BLANK}|\Z)")


class ExpectedUnreadable(ValueError):
    """An expected body that the reference could not read either.

    Attributes:
        message: What was expected and what was found.
        offset: Where, in characters of the text that was given.
    """

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


def read_expected(text: str) -> Node:
    r"""Reads an expected body as the page has it, `\"\"\"` strings unconverted.

    Every offset in the result counts characters of `text`. A scalar's `raw` is what stands
    there; a plain word keeps its digits in it.

    Raises:
        ExpectedUnreadable: It is no YAML 1.1 as the reference reads it.
    """
    found = UNPRINTABLE.search(text)
    if found:
        raise ExpectedUnreadable(f"the character {found[0]!r} cannot stand here", found.start())
    try:
        return _Reader(text).read()
    except UnclosedString as problem:
        raise ExpectedUnreadable(str(problem), problem.offset) from None


class _Reader:
    """Goes over a text once, from left to right; `position` is what comes next."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.depth = 0

    def read(self) -> Node:
        """Reads the whole text as one value."""
        sign, start = self._next(), self.position
        if not sign:
            return Scalar(None, start, start, "")
        if STARTS_BLOCK.match(self.text, start):
            return self._block()
        node = self._value(PLAIN_AT_ROOT)
        if isinstance(node, Scalar) and AFTER_ROOT_KEY.match(self.text, self.position):
            return self._block()
        if self._next():
            self._fail("the end of the body")
        return node

    def _block(self) -> Node:
        """The text in block style (`a: 1`, `- 1`), which hardly any page uses."""
        text = converted(self.text)
        try:
            return read_block(text, exact=text == self.text)
        except BlockUnreadable as problem:
            offset = min(problem.offset, len(self.text))
            raise ExpectedUnreadable(problem.message, offset) from None

    def _value(self, plain: re.Pattern[str] = PLAIN_IN_FLOW) -> Node:
        sign = self.text[self.position : self.position + 1]
        if sign == "{":
            return self._object()
        if sign == "[":
            return self._list()
        if sign == '"':
            return self._double_quoted()
        if sign == "'":
            return self._single_quoted()
        if sign in ("&", "!"):
            return self._with_properties(plain)
        if sign == "*":
            return self._alias()
        return self._plain(plain)

    def _object(self) -> ObjectNode:
        start = self._enter()
        members: list[Member] = []
        keys: set[str] = set()
        while self._next() != "}":
            member = self._rest_of_member(self._value())
            if member.key in keys:
                self._stop(f'the key "{member.key}" stands here twice', member.start)
            keys.add(member.key)
            members.append(member)
            self._comma_before("}")
        return ObjectNode(tuple(members), start, self._leave())

    def _list(self) -> ListNode:
        start = self._enter()
        items: list[Node] = []
        while self._next() != "]":
            item = self._value()
            if self._next() == ":":
                member = self._rest_of_member(item)
                item = ObjectNode((member,), member.start, member.value.end)
            items.append(item)
            self._comma_before("]")
        return ListNode(tuple(items), start, self._leave())

    def _rest_of_member(self, key: Node) -> Member:
        """The colon and the value after a key; a key without them has the value null."""
        if not isinstance(key, Scalar) or key.raw.startswith("*"):
            self._stop("a key must be text", key.start)
        name = key.value if isinstance(key.value, str) else key.raw
        if self._next() != ":":
            return Member(name, Scalar(None, key.end, key.end, ""), key.start, key.end)
        if LINE_END.search(self.text, key.start, self.position):
            self._stop("a key and its colon must stand on one line", key.start)
        if self.position - key.start > LONGEST_KEY:
            self._stop(f"a key cannot be longer than {LONGEST_KEY} characters", key.start)
        self.position += 1
        if self._next() in (",", "}", "]", ""):
            value: Node = Scalar(None, self.position, self.position, "")
        else:
            value = self._value()
        return Member(name, value, key.start, key.end)

    def _double_quoted(self) -> Scalar:
        start = self.position
        found = DOUBLE.match(self.text, start)
        if not found:
            self._stop("a string is not closed", start)
        if not found[1] and self.text.startswith(TRIPLE, start):
            return self._triple_quoted()
        try:
            value = unescape(found[1])
        except ValueError as problem:
            self._stop(str(problem.args[0]), start + 1 + int(problem.args[1]))
        return self._scalar(value, found.end())

    def _triple_quoted(self) -> Scalar:
        start = self.position
        end = self.text.find(TRIPLE, start + 3)
        if end < 0:
            raise UnclosedString(start)
        string = json_string(self.text[start + 3 : end])
        if not DOUBLE.fullmatch(string):
            self._stop('a quote inside """ cannot stand after a backslash', start)
        try:
            value = unescape(string[1:-1])
        except ValueError as problem:
            self._stop(str(problem.args[0]), start)
        return self._scalar(value, end + 3)

    def _single_quoted(self) -> Scalar:
        found = SINGLE.match(self.text, self.position)
        if not found:
            self._stop("a string is not closed", self.position)
        return self._scalar(fold(found[1]).replace("''", "'"), found.end())

    def _plain(self, pattern: re.Pattern[str]) -> Scalar:
        found = pattern.match(self.text, self.position)
        if not found:
            self._fail("a value")
        words = found[0].rstrip(" \t")
        try:
            value = plain_value(fold(words))
        except ValueError as problem:
            self._stop(str(problem), self.position)
        scalar = self._scalar(value, self.position + len(words))
        self.position = found.end()
        return scalar

    def _alias(self) -> Scalar:
        """`*name`: Jackson does not follow it, it reads the name."""
        found = ALIAS.match(self.text, self.position)
        if not found:
            self._fail("a value")
        return self._scalar(found[1], found.end())

    def _with_properties(self, plain: re.Pattern[str]) -> Node:
        """A value after `&anchor`, which says nothing, or `!!tag`, which gives a type."""
        start, tag = self.position, None
        while found := PROPERTY.match(self.text, self.position):
            tag = found["tag"] or tag
            self.position = found.end()
            self._next()
        if self.position == start:
            self._fail("a value")
        content, position = "", self.position
        if self.text[position : position + 1] not in (",", "}", "]", ":", ""):
            node = self._value(plain)
            if tag is None or not isinstance(node, Scalar):
                return node
            content = node.value if isinstance(node.value, str) else node.raw
            position = node.end
        try:
            value = tagged_value(tag, content) if tag else None
        except ValueError as problem:
            self._stop(str(problem), start)
        return Scalar(value, start, position, self.text[start:position])

    def _scalar(self, value: bool | int | float | str | None, end: int) -> Scalar:
        start, self.position = self.position, end
        return Scalar(value, start, end, self.text[start:end])

    def _enter(self) -> int:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self._stop(f"nested more than {MAX_DEPTH} levels deep", self.position)
        self.position += 1
        return self.position - 1

    def _leave(self) -> int:
        self.depth -= 1
        self.position += 1
        return self.position

    def _comma_before(self, bracket: str) -> None:
        sign = self._next()
        if sign == ",":
            self.position += 1
        elif sign != bracket:
            self._fail(f'"," or "{bracket}"')

    def _next(self) -> str:
        """The character behind white space and comments; empty at the end."""
        sign = self.text[self.position : self.position + 1]
        if sign in SPACE_STARTS:
            self.position = SPACE.match(self.text, self.position).end()  # type: ignore[union-attr]
            sign = self.text[self.position : self.position + 1]
        return sign

    def _fail(self, wanted: str) -> NoReturn:
        sign = self.text[self.position : self.position + 1]
        if sign == "\t":
            self._stop("a tab cannot stand outside quotes", self.position)
        found = f'"{sign}"' if sign else "the end of the body"
        self._stop(f"expected {wanted}, found {found}", self.position)

    def _stop(self, message: str, offset: int) -> NoReturn:
        raise ExpectedUnreadable(message, offset)
