"""Calls as a formatter would write them: on one line where they fit, else one argument a line."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

__all__ = ["WIDTH", "call", "function_head", "list_argument"]

# The width at which a call is broken. The trailing comma of a broken call keeps it broken
# for formatters that are set to wider lines, so the text is right for all of them.
WIDTH = 88


def call(function: str, arguments: Sequence[str], indent: int = 0, tail: str = "") -> str:
    """A call with arguments that are already Python text.

    Args:
        function: What is called, with anything that stands before it on the line.
        arguments: Positional and keyword arguments.
        indent: The first column.
        tail: What stands right behind the call, such as a colon.
    """
    joined = ", ".join(arguments)
    pad = " " * indent
    line = f"{function}({joined}){tail}"
    # A single literal of several lines stays inside the parentheses, as formatters have it.
    hugs = len(arguments) == 1 and "\n" in joined
    if hugs or not arguments or ("\n" not in joined and indent + _columns(line) <= WIDTH):
        return f"{pad}{line}"
    lines = "".join(f"{pad}    {argument},\n" for argument in arguments)
    return f"{pad}{function}(\n{lines}{pad}){tail}"


def list_argument(name: str, items: Sequence[str], indent: int) -> str:
    """A keyword argument that is a list, for a call at `indent` that may have to be broken."""
    line = f"{name}=[{', '.join(items)}]"
    pad = " " * (indent + 4)
    if indent + 4 + _columns(f"{line},") <= WIDTH:
        return line
    return f"{name}=[\n" + "".join(f"{pad}    {item},\n" for item in items) + f"{pad}]"


def function_head(slug: str) -> str:
    """The first line of a test function; its parameter stands alone where it is too long."""
    line = f"def test_{slug}(cluster: Cluster) -> None:"
    if len(line) <= WIDTH:
        return line
    return f"def test_{slug}(\n    cluster: Cluster,\n) -> None:"


def _columns(text: str) -> int:
    """How wide a text is on a screen; formatters measure lines so."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    marks = sum(unicodedata.combining(character) > 0 for character in text)
    return len(text) + wide - marks
