"""What can be wrong with a pattern, or with using it."""

from __future__ import annotations

__all__ = [
    "JavaRegexError",
    "RegexInvalid",
    "RegexTimeout",
    "RegexUnsupported",
    "ReplacementInvalid",
]


class JavaRegexError(ValueError):
    """A Java pattern that cannot be used.

    Attributes:
        message: What is wrong, in one sentence without the pattern itself.
        offset: Where it is wrong, in characters of the pattern (of the replacement for
            `ReplacementInvalid`); 0 where it is the whole.
    """

    def __init__(self, message: str, offset: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


class RegexInvalid(JavaRegexError):
    """Java refuses the pattern or the replacement itself."""


class ReplacementInvalid(RegexInvalid):
    """Java refuses the replacement text; `offset` counts in that text."""


class RegexUnsupported(JavaRegexError):
    """Java takes the pattern, but it has no translation or is too large for one."""


class RegexTimeout(JavaRegexError):
    """Matching took more time or memory than it may; says nothing about a match."""
