"""Calls as a formatter would write them: on one line where they fit, else one argument a line."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

__all__ = ["WIDTH", "call"]

# The width at which a call is broken. The trailing comma of a broken call keeps it broken
# for formatters that are set to wider lines, so the text is right for all of them.
WIDTH = 88


def call(function: str, arguments: Sequence[str], indent: int = 0) -> str:
    """A call with arguments that are already Python text; `indent` is its first column."""
    joined = ", ".join(arguments)
    pad = " " * indent
    line = f"{function}({joined})"
    # A single literal of several lines stays inside the parentheses, as formatters have it.
    hugs = len(arguments) == 1 and "\n" in joined
    if hugs or not arguments or ("\n" not in joined and indent + _columns(line) <= WIDTH):
        return f"{pad}{line}"
    lines = "".join(f"{pad}    {argument},\n" for argument in arguments)
    return f"{pad}{function}(\n{lines}{pad})"


def _columns(text: str) -> int:
    """How wide a text is on a screen; formatters measure lines so."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    marks = sum(unicodedata.combining(character) > 0 for character in text)
    return len(text) + wide - marks
