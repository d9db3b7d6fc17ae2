"""The body of a response, parsed once."""

from __future__ import annotations

from dataclasses import dataclass

from specgen.replay.block import BlockUnreadable, read_block
from specgen.replay.nodes import value_of
from specgen.replay.strict_json import SPACE, JsonUnreadable, read_json, without_comments
from specgen.replay.values import Json

__all__ = ["AnswerUnreadable", "ResponseBody", "read_body"]


class AnswerUnreadable(ValueError):
    """A response whose body is not what its content type says.

    Attributes:
        message: What is wrong, in one sentence.
        offset: Where, in characters of the body.
    """

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


@dataclass(frozen=True, slots=True)
class ResponseBody:
    """What a response says.

    Attributes:
        value: The parsed value; of a body that is neither JSON nor YAML the text, as one
            string; None if there is no body and no content type.
        is_text: Whether the body was not parsed.
        text: The characters as they came.
    """

    value: Json
    is_text: bool
    text: str


def read_body(data: bytes, content_type: str) -> ResponseBody:
    """Reads the body of a response.

    JSON is read strictly (`strict_json`); what follows the first value is ignored, and a
    body without an object or list reads as an empty object, as in the reference.

    Args:
        data: The bytes, decompressed.
        content_type: The header, with or without parameters; empty if there was none.

    Raises:
        AnswerUnreadable: It is not what the content type says.
    """
    text = data.decode("utf-8", "replace")
    media_type = content_type.partition(";")[0].strip().lower()
    subtype = media_type.rpartition("/")[2].rpartition("+")[2]
    try:
        if subtype == "json":
            return ResponseBody(_json(text), False, text)
        if subtype in ("yaml", "x-yaml"):
            return ResponseBody(_container(value_of(read_block(text))), False, text)
    except (JsonUnreadable, BlockUnreadable) as problem:
        message = f"the response cannot be read: {problem.message}"
        raise AnswerUnreadable(message, problem.offset) from None
    return ResponseBody(text if text or media_type else None, True, text)


def _json(text: str) -> Json:
    plain = without_comments(text)
    space = SPACE.match(plain)
    if space and space.end() == len(plain):
        return {}
    return _container(read_json(plain)[0])


def _container(value: Json) -> Json:
    return value if isinstance(value, (dict, list)) else {}
