r"""Request bodies: what the page says, made ready to be sent.

A body is one or several JSON objects. The page's own text is sent where nothing had to be
put in: its order of keys, its digits, its layout. Comments are left out, `\"\"\"` strings
converted, and of several objects each gets a line of its own, as bulk requests need it.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache

from specgen.dialect.triple_quotes import UnclosedString, converted, original_offset
from specgen.replay.describe import describe
from specgen.replay.stash import Stash
from specgen.replay.strict_json import SPACE, JsonUnreadable, read_json, without_comments
from specgen.replay.values import Json

__all__ = ["BodyUnreadable", "body_as_written", "body_bytes"]

LINE_WITH_TEXT = re.compile(r"^( *)[^ \r\n]", re.MULTILINE)
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
LINE_ENDS = re.compile(r"[ \t]*[\r\n][ \t\r\n]*")


class BodyUnreadable(ValueError):
    """A request body that cannot be sent.

    Attributes:
        message: What is wrong.
        offset: Where, in characters of the body as the page has it.
    """

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


def body_bytes(text: str, stash: Stash) -> bytes | None:
    """The bytes to send for a body; None if there is nothing but space and comments.

    One object is sent without a last newline, even to `_bulk`; several get one after each.

    Args:
        text: The body as the page has it.
        stash: Values for `$…` in it.

    Raises:
        BodyUnreadable: It is not made of JSON objects.
        StashFailure: A value is not there.
    """
    if _says_itself(text):
        return body_as_written(text)
    return _joined([_sent(part, value, stash) for part, value in _read(text)])


def _says_itself(text: str) -> bool:
    """Whether nothing has to be put into a text, and it names no half of a character."""
    return "$" not in text and "\\u" not in text


@lru_cache(maxsize=128)  # a setup sends the same for every case of its page
def body_as_written(text: str) -> bytes | None:
    """The bytes of a body in which nothing is put in for `$…`.

    Raises:
        BodyUnreadable: It is not made of JSON objects.
    """
    return _joined([part for part, _ in _read(text)])


def _read(text: str) -> list[tuple[str, Json]]:
    """The objects of a body as the page has it, or what is wrong with it, at its place there."""
    try:
        plain = converted(text)
        _check_indent(plain)
        return _parts(without_comments(plain))
    except UnclosedString as problem:
        raise BodyUnreadable(str(problem), problem.offset) from None
    except JsonUnreadable as problem:
        offset = min(original_offset(text, problem.offset), len(text))
        raise BodyUnreadable(problem.message, offset) from None


def _parts(text: str) -> list[tuple[str, Json]]:
    """The objects of a body: the text of each, and what it means."""
    parts: list[tuple[str, Json]] = []
    position = _skip(text, 0)
    while position < len(text):
        value, end = read_json(text, position)
        if not isinstance(value, dict):
            message = f"a body is made of JSON objects, found {describe(value)}"
            raise JsonUnreadable(message, position)
        parts.append((text[position:end], value))
        position = _skip(text, end)
    return parts


def _skip(text: str, position: int) -> int:
    space = SPACE.match(text, position)
    return space.end() if space else position


def _check_indent(text: str) -> None:
    """The reference carries a body as a YAML block, whose first line sets the indentation."""
    first: int | None = None
    for line in LINE_WITH_TEXT.finditer(text):
        indent = len(line[1])
        first = indent if first is None else first
        if indent < first:
            message = "this line is indented less than the first line of the body"
            raise JsonUnreadable(message, line.start())


def _sent(text: str, value: Json, stash: Stash) -> str:
    if _says_itself(text):
        return text
    resolved = stash.resolve_json(value)
    return text if resolved == value else _dumped(resolved)


def _dumped(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return json.dumps(value) if LONE_SURROGATE.search(text) else text


def _joined(objects: list[str]) -> bytes | None:
    if not objects:
        return None
    if len(objects) > 1:
        objects = [LINE_ENDS.sub("", text) + "\n" for text in objects]
    return "".join(objects).encode("utf-8", "replace")
