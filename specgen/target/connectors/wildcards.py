"""Patterns in which `*` stands for any text and `?` for one character."""

from __future__ import annotations

__all__ = ["is_like"]


def is_like(text: str, pattern: str) -> bool:
    """Tells whether the whole text is like the pattern; case counts.

    Only the last `*` is ever tried again, so that no pattern takes longer than the product of
    both lengths: patterns come from strangers.
    """
    at = here = 0
    star, taken = -1, 0
    while at < len(text):
        if here < len(pattern) and pattern[here] == "*":
            star, taken, here = here, at, here + 1
        elif here < len(pattern) and pattern[here] in (text[at], "?"):
            at, here = at + 1, here + 1
        elif star >= 0:
            taken += 1
            at, here = taken, star + 1
        else:
            return False
    return not pattern[here:].strip("*")
