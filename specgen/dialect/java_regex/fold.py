"""Which characters Java takes for the same where case does not count.

Java compares single characters: `toLowerCase(toUpperCase(c))`, each of one character. What
Python's longer mappings do (sharp s to two letters) does not happen.
"""

from __future__ import annotations

from functools import cache, lru_cache

from specgen.dialect.java_regex.tree import Fold, Range

__all__ = ["also"]

# No character above has a case.
_LAST_CASED = 0x1FFFF
_DOTTED_CAPITAL_I = "\u0130"


@lru_cache(maxsize=4096)
def also(wanted: Range) -> tuple[int, ...]:
    """The code points outside a range that match it because case does not count."""
    if wanted.fold is Fold.NONE:
        return ()
    if wanted.fold is Fold.ASCII:
        return tuple(
            code
            for code in (*range(ord("A"), ord("Z") + 1), *range(ord("a"), ord("z") + 1))
            if not _within(wanted, code) and _within(wanted, code ^ 0x20)
        )
    if wanted.low == wanted.high:
        same = _folded(chr(wanted.low))
        return tuple(code for code, _, folded in _cased() if folded == same and code != wanted.low)
    return tuple(
        code
        for code, upper, folded in _cased()
        if not _within(wanted, code)
        and (_within(wanted, ord(upper)) or _within(wanted, ord(folded)))
    )


def _within(wanted: Range, code: int) -> bool:
    return wanted.low <= code <= wanted.high


@cache
def _cased() -> tuple[tuple[int, str, str], ...]:
    """Every code point that has a case, its upper case, and what it is compared by."""
    every = map(chr, range(_LAST_CASED + 1))
    return tuple(
        (ord(char), _upper(char), _folded(char))
        for char in every
        if char.upper() != char or char.lower() != char
    )


def _folded(char: str) -> str:
    upper = _upper(char)
    if upper == _DOTTED_CAPITAL_I:
        return "i"
    lower = upper.lower()
    return lower if len(lower) == 1 else upper


def _upper(char: str) -> str:
    upper = char.upper()
    if len(upper) == 1:
        return upper
    title = char.title()
    return title if len(title) == 1 else char
