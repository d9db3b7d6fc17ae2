r'''`"""…"""`: a JSON string in which quotes and newlines stand as they are.

Nothing else is special inside: a backslash still begins an escape of the string. Source of
the rule: the reference replaces each such string by an ordinary one, in which `"` is `\"`
and a newline `\n`, before anything else reads the body.
'''

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

__all__ = [
    "TRIPLE",
    "UnclosedString",
    "converted",
    "converted_if_closed",
    "json_string",
    "original_offset",
]

TRIPLE = '"""'


class UnclosedString(ValueError):
    """A `\"\"\"` that nothing closes.

    Attributes:
        offset: Where it stands.
    """

    def __init__(self, offset: int) -> None:
        super().__init__('a """ string is not closed')
        self.offset = offset


class Stretch(NamedTuple):
    """Where one triple-quoted string stands, quotes included."""

    start: int
    end: int


def json_string(content: str) -> str:
    """The ordinary string that stands for what is between two triple quotes."""
    escaped = content.replace('"', '\\"').replace("\r\n", "\\n")
    return '"' + escaped.replace("\n", "\\n").replace("\r", "\\n") + '"'


def converted(text: str) -> str:
    """A body with every triple-quoted string made an ordinary one.

    Raises:
        UnclosedString: One of them does not end.
    """
    parts, position = [], 0
    for start, end in _stretches(text):
        parts += [text[position:start], json_string(text[start + 3 : end - 3])]
        position = end
    return "".join(parts) + text[position:]


def converted_if_closed(text: str) -> str:
    """The same, but a body with a string that does not end stays as the page has it.

    The plan tells of such a body, so those who only write it out need not stop.
    """
    try:
        return converted(text)
    except UnclosedString:
        return text


def original_offset(text: str, offset: int) -> int:
    """The place in `text` of an offset in `converted(text)`; inside a string, its start."""
    shift = 0
    for start, end in _stretches(text):
        made = len(json_string(text[start + 3 : end - 3]))
        if offset - shift < start:
            break
        if offset - shift < start + made:
            return start
        shift += made - (end - start)
    return offset - shift


def _stretches(text: str) -> Iterator[Stretch]:
    start = text.find(TRIPLE)
    while start >= 0:
        end = text.find(TRIPLE, start + 3)
        if end < 0:
            raise UnclosedString(start)
        yield Stretch(start, end + 3)
        start = text.find(TRIPLE, end + 3)
