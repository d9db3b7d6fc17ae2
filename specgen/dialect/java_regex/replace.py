r"""Replacement texts as Java reads them: `$1`, `${name}` and `\x`."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping

from specgen.dialect.java_regex.errors import ReplacementInvalid

__all__ = ["parse_replacement"]

_DIGITS = frozenset(string.digits)
_NAME_START = frozenset(string.ascii_letters)
_NAME = _NAME_START | _DIGITS
_PLAIN = re.compile(r"[^\\$]+")


def parse_replacement(text: str, groups: int, names: Mapping[str, int]) -> tuple[str | int, ...]:
    r"""Splits a replacement into plain pieces and numbers of groups.

    A number takes further digits as long as there is such a group, a backslash makes the
    next character plain (`\n` is an n).

    Args:
        text: The replacement as Java would be given it.
        groups: How many groups the pattern has.
        names: The numbers of its named groups.

    Raises:
        ReplacementInvalid: A group that is not there, or a `$` or `\` that says nothing.
    """
    parts: list[str | int] = []
    at = 0
    while at < len(text):
        if plain := _PLAIN.match(text, at):
            parts.append(plain[0])
            at = plain.end()
        elif text[at] == "$":
            number, at = _group(text, at, groups, names)
            parts.append(number)
        elif at + 1 < len(text):
            parts.append(text[at + 1])
            at += 2
        else:
            raise ReplacementInvalid("a backslash at the end", at)
    return tuple(parts)


def _group(text: str, at: int, groups: int, names: Mapping[str, int]) -> tuple[int, int]:
    """The group that a `$` speaks of, and where the text goes on."""
    following = text[at + 1 : at + 2]
    if following == "{":
        return _named(text, at, names)
    if following not in _DIGITS:
        raise ReplacementInvalid("a $ that is no group is written \\$", at)
    end = at + 2
    while text[end : end + 1] in _DIGITS and int(text[at + 1 : end + 1]) <= groups:
        end += 1
    number = int(text[at + 1 : end])
    if number > groups:
        raise ReplacementInvalid(f"the pattern has no group {number}", at)
    return number, end


def _named(text: str, at: int, names: Mapping[str, int]) -> tuple[int, int]:
    end = at + 2
    while text[end : end + 1] in _NAME:
        end += 1
    name = text[at + 2 : end]
    if text[end : end + 1] != "}" or name[:1] not in _NAME_START:
        raise ReplacementInvalid("${ needs the name of a group and a closing brace", at)
    if name not in names:
        raise ReplacementInvalid(f"the pattern has no group called {name}", at)
    return names[name], end + 1
