r"""The characters of a pattern, one after the other.

Java knows white space and comments (`(?x)`) below its grammar: they may stand between any
two characters that belong together, such as `(` and `?`, but for a few places where the
next character is taken as it is. `peek` and `take` skip them, `raw` and `take_raw` do not.
"""

from __future__ import annotations

from enum import Flag, auto

from specgen.dialect.java_regex.errors import RegexInvalid
from specgen.dialect.java_regex.tree import Fold

__all__ = ["Flags", "Scanner"]

_LINE_ENDS = "\n\r\x85\u2028\u2029"
_SPACE = " \t\n\v\f\r"


class Flags(Flag):
    """The flags of a pattern that change what it means."""

    NONE = 0
    IGNORE_CASE = auto()
    UNICODE_CASE = auto()
    MULTILINE = auto()
    DOTALL = auto()
    COMMENTS = auto()
    UNIX_LINES = auto()
    UNICODE_CLASSES = auto()

    @property
    def fold(self) -> Fold:
        """Which letters count as the same in either case under these flags."""
        if Flags.IGNORE_CASE not in self:
            return Fold.NONE
        return Fold.UNICODE if Flags.UNICODE_CASE in self else Fold.ASCII


class Scanner:
    r"""A place in a pattern, and the flags that hold there.

    Attributes:
        at: Index of the next character, counted after `\Q…\E` were resolved.
        flags: The flags from here on; the parser sets them.
    """

    def __init__(self, pattern: str, flags: Flags) -> None:
        self._chars, self._offsets = _unquote(pattern)
        self.at = 0
        self.flags = flags

    def raw(self, ahead: int = 0) -> str:
        """The character so many places ahead as it is; empty at the end."""
        index = self.at + ahead
        return self._chars[index] if index < len(self._chars) else ""

    def peek(self) -> str:
        """The next character that counts, without going past it; empty at the end."""
        if Flags.COMMENTS in self.flags:
            while (char := self.raw()) and (char in _SPACE or char == "#"):
                self.at += 1
                if char == "#":
                    self._skip_comment()
        return self.raw()

    def take(self) -> str:
        """The next character that counts, going past it; empty at the end."""
        self.peek()
        return self.take_raw()

    def take_raw(self) -> str:
        """The next character as it is, going past it; empty at the end."""
        char = self.raw()
        self.at += bool(char)
        return char

    def text(self, start: int, end: int) -> str:
        """The characters between two indexes as they are."""
        return "".join(self._chars[start:end])

    def offset(self, index: int | None = None) -> int:
        """The offset in the pattern as it was written; of the next character by default."""
        return self._offsets[min(self.at if index is None else index, len(self._chars))]

    def error(self, message: str, index: int | None = None) -> RegexInvalid:
        """An error at an index; at the next character by default."""
        return RegexInvalid(message, self.offset(index))

    def _skip_comment(self) -> None:
        ends = "\n" if Flags.UNIX_LINES in self.flags else _LINE_ENDS
        while (char := self.raw()) and char not in ends:
            self.at += 1


def _unquote(pattern: str) -> tuple[list[str], list[int]]:
    r"""Replaces `\Q…\E` by single escapes, with the offset of each character.

    Java does this before it reads anything, so it holds inside classes, names and counts
    too: letters stay bare there.
    """
    chars: list[str] = []
    offsets: list[int] = []
    index, quoted, first = 0, False, False
    while index < len(pattern):
        if pattern.startswith("\\E" if quoted else "\\Q", index):
            quoted = first = not quoted
            index += 2
            continue
        width = 1 if quoted or pattern[index] != "\\" else 2
        text = pattern[index : index + width]
        text = _escaped(text, first) if quoted else text
        chars.extend(text)
        offsets.extend([index] * len(text) if quoted else range(index, index + len(text)))
        index, first = index + width, False
    return chars, [*offsets, len(pattern)]


def _escaped(char: str, first: bool) -> str:
    if not char.isascii() or char.isalpha():
        return char
    if char.isdigit():
        # So that it does not join a back reference or a count before it.
        return f"\\x3{char}" if first else char
    return "\\" + char
