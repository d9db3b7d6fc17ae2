"""Patterns in which `*` stands for any text and `?` for one character."""

from __future__ import annotations

import re

__all__ = ["is_like"]


def is_like(text: str, pattern: str) -> bool:
    """Tells whether the whole text is like the pattern; case counts."""
    pieces = re.split(r"(\*+|\?)", pattern)
    signs = {"*": ".*", "?": "."}
    expression = "".join(signs.get(piece[:1], re.escape(piece)) for piece in pieces)
    return re.fullmatch(expression, text, re.DOTALL) is not None
