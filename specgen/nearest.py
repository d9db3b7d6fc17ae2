"""The word that somebody probably meant."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["nearest"]


def nearest(word: str, known: Iterable[str], likeness: float = 0.6) -> str:
    """The known word that is most like another; empty if none is like it.

    Args:
        word: What was written.
        known: What could have been meant.
        likeness: How much alike they must be, from 0 to 1 (as `difflib` measures it).
    """
    from difflib import get_close_matches  # slow to import, and only needed for a mistake

    return next(iter(get_close_matches(word, list(known), n=1, cutoff=likeness)), "")
