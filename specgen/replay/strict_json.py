"""JSON as Jackson reads it: comments pass, a key twice and NaN do not, numbers keep all digits."""

from __future__ import annotations

import json
import re
from typing import NoReturn

from specgen.replay.nodes import MAX_DEPTH
from specgen.replay.numbers import Double, NumberTooLong, exact_int
from specgen.replay.values import Json

__all__ = ["SPACE", "JsonUnreadable", "read_json", "without_comments"]

SPACE = re.compile(r"[ \t\r\n]*")
COMMENT = re.compile(r'("[^"\\\n]*(?:\\.[^"\\\n]*)*")|//[^\r\n]*|/\*.*?\*/', re.DOTALL)
TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]:]|NaN|-?Infinity', re.DOTALL)


class JsonUnreadable(ValueError):
    """A text that is no JSON.

    Attributes:
        message: What is wrong.
        offset: Where, in characters of the text.
    """

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


class _Refused(Exception):
    """JSON for Python and not for Jackson; the place is looked for afterwards."""


def without_comments(text: str) -> str:
    """The text with every `//` and `/* */` comment made spaces, so that offsets stay."""
    if "//" not in text and "/*" not in text:
        return text
    return COMMENT.sub(
        lambda found: found[1] or re.sub(r"[^\r\n]", " ", found[0]),
        text,
    )


def read_json(text: str, start: int = 0) -> tuple[Json, int]:
    """Reads one value; what comes after it is not looked at.

    Floats are `Double`s, which know their digits; integers are exact however long.

    Args:
        text: JSON without comments.
        start: Where to begin; white space is skipped.

    Returns:
        The value, and the offset behind it.

    Raises:
        JsonUnreadable: There is no JSON value, it has a key twice, or is nested too deep.
    """
    space = SPACE.match(text, start)
    begin = space.end() if space else start
    try:
        value, end = DECODER.raw_decode(text, begin)
    except json.JSONDecodeError as problem:
        message = f"this is no JSON: {problem.msg[:1].lower()}{problem.msg[1:]}"
        raise JsonUnreadable(message, min(problem.pos, len(text))) from None
    except _Refused:
        raise _refused(text, begin) from None
    except NumberTooLong as problem:
        raise JsonUnreadable(f"this is no JSON: {problem}", begin) from None
    except RecursionError:
        raise JsonUnreadable(f"nested more than {MAX_DEPTH} levels deep", begin) from None
    if _too_deep(value):
        raise JsonUnreadable(f"nested more than {MAX_DEPTH} levels deep", begin)
    return value, end


def _refuse(word: str) -> NoReturn:
    raise _Refused(word)


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _Refused
    return found


def _refused(text: str, start: int) -> JsonUnreadable:
    """Finds the first key that stands twice in one object, or the first NaN."""
    open_keys: list[set[str]] = []
    last = re.compile('"').match(text, start)
    for token in TOKEN.finditer(text, start):
        if token[0] in ("{", "["):
            open_keys.append(set())
        elif token[0] in ("}", "]"):
            open_keys.pop()
        elif token[0].startswith('"'):
            last = token
        elif token[0] != ":":
            return JsonUnreadable(f"{token[0]} is no JSON", token.start())
        elif last:
            key = json.loads(last[0])
            if key in open_keys[-1]:
                return JsonUnreadable(f'the key "{key}" stands here twice', last.start())
            open_keys[-1].add(key)
    return JsonUnreadable("this is no JSON", start)


def _too_deep(value: Json) -> bool:
    level: list[Json] = [value]
    for _ in range(MAX_DEPTH):
        below: list[Json] = []
        for container in level:
            if isinstance(container, dict):
                below.extend(container.values())
            elif isinstance(container, list):
                below.extend(container)
        level = [item for item in below if isinstance(item, (dict, list))]
        if not level:
            return False
    return True


DECODER = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_float=Double,
    parse_int=exact_int,
    parse_constant=_refuse,
)
