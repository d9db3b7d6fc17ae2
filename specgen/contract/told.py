"""Reads what is told of a field beside its name: need, type, default, deprecation."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["UNTOLD", "Told", "told_of"]

# (Required, string)   (Optional, <<time-units,time value (in hours)>>)
GROUP = re.compile(r"\((?P<words>(?:[^()]|\([^()]*\))*)\)")

# experimental[]   deprecated:[7.0.0]   preview:[] before the words in parentheses
MACROS = re.compile(r"(?:[a-z]+:{0,2}\[[^\]]*\]\s*)*")

DEPRECATED = re.compile(r"\bdeprecated:{0,2}\[|^\W{0,2}deprecated\b", re.IGNORECASE)

# Defaults to `10`.   The default value is `true`   Default: 5.   (a number or a word of JSON may
# stand there without marks, but not the beginning of a phrase, as in "defaults to 1 day")
DEFAULT = re.compile(
    r"\bdefaults?(?: value)?(?: is| of| to|:)?:?\s+(?:the )?"
    r"(?:`\+?(?P<code>[^`]+?)\+?`|(?P<bare>true|false|-?\d+(?:\.\d+)?\w{0,2})(?=[.,;)]|\s*$))",
    re.IGNORECASE,
)

# What a type has behind it: (Optional, integer, default: 10)
DEFAULT_IN_TYPE = re.compile(r"\s*[,;]\s*defaults?\b.*", re.IGNORECASE | re.DOTALL)

NEED = {"required": True, "optional": False}

# What pages write at the start of a text that tells neither need nor type.
NO_TYPE = frozenset({"default", "deprecated", "read-only"})


class Told(NamedTuple):
    """What the words beside a name tell.

    Attributes:
        required: Its need, or `None`.
        type: The page's own words, or `None`.
        default: As the page writes it, or `None`.
        deprecated: Whether it is.
    """

    required: bool | None = None
    type: str | None = None
    default: str | None = None
    deprecated: bool = False


UNTOLD = Told()


def told_of(beside: str, below: str, head: str = "") -> Told:
    """What is told of a field.

    Args:
        beside: What follows the name in its label.
        below: The text of its item.
        head: The label up to there, in which a macro may stand.
    """
    (need, kind), (below_need, below_kind) = _group(beside), _group(below)
    kind = below_kind or kind
    default = DEFAULT.search(below)
    deprecated = any(DEPRECATED.search(text) for text in (head, beside, below))
    required = need if below_need is None else below_need
    value = (default["code"] or default["bare"]) if default else None
    return Told(required, DEFAULT_IN_TYPE.sub("", kind) if kind else None, value, deprecated)


def _group(text: str) -> tuple[bool | None, str | None]:
    macros = MACROS.match(text)
    group = GROUP.match(text, macros.end() if macros else 0)
    if not group:
        return None, None
    first, _, rest = group["words"].partition(",")
    word = first.strip(" *_^").casefold()
    if word.split(" ")[0] in NEED:
        return NEED.get(word), rest.strip() or None
    return None, None if word in NO_TYPE else group["words"].strip() or None
