"""A parsed Java pattern in the syntax of the `regex` package.

Nothing is left to the flags of that package: sets are written out, and so are the ends of
lines and words. That way no difference between the two can slip in unseen.
"""

from __future__ import annotations

from specgen.dialect.java_regex.fold import also
from specgen.dialect.java_regex.tree import (
    Atomic,
    BackReference,
    Both,
    Capture,
    Chars,
    CharSet,
    Choice,
    Edge,
    EdgeKind,
    Fold,
    Grapheme,
    Greed,
    Group,
    LineBreak,
    Look,
    Named,
    Negated,
    Node,
    Range,
    Repeat,
    Sequence,
    Union,
)

__all__ = ["Translator"]

_NEVER = "(?!)"
_ALWAYS = "(?!(?!))"
# `regex` prepares its search for a plain text before it looks at the clock, in cubic time
# where the text repeats itself (4,000 times `a` take half a minute): so it gets short ones.
_LONGEST_RUN = 50
_LINE_END = r"[\n\r\x85\u2028\u2029]"
_LINE_BREAK = r"\r\n|[\n-\r\x85\u2028\u2029]"

_LETTERS = r"\p{L}\p{Nd}"
# To the left of a place: a word character, also under marks on a letter.
_WORD_LEFT = rf"[{_LETTERS}_]|[{_LETTERS}]\p{{Mn}}+"
_WORD_RIGHT = rf"(?:(?=[{_LETTERS}_])|(?=\p{{Mn}})(?<=[{_LETTERS}]\p{{Mn}}*))"
_UNICODE_WORD = r"[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]"
_UNICODE_RIGHT = f"(?={_UNICODE_WORD})"


def _word_edge(left: str, right: str) -> str:
    return f"(?:(?<={left})(?!{right})|(?<!{left}){right})"


_EDGES = {
    EdgeKind.START: r"\A",
    EdgeKind.LINE_START: rf"(?!\Z)(?:\A|(?<={_LINE_END})(?<!\r(?=\n)))",
    EdgeKind.UNIX_LINE_START: r"(?!\Z)(?:\A|(?<=\n))",
    EdgeKind.END: r"(?:\Z|(?=(?:\r\n|[\r\x85\u2028\u2029]|(?<!\r)\n)\Z))",
    EdgeKind.UNIX_END: r"(?=\n?\Z)",
    EdgeKind.LINE_END: rf"(?:\Z|(?={_LINE_END})(?<!\r(?=\n)))",
    EdgeKind.UNIX_LINE_END: r"(?=\n|\Z)",
    EdgeKind.VERY_END: r"\Z",
    EdgeKind.WORD: _word_edge(_WORD_LEFT, _WORD_RIGHT),
    EdgeKind.NO_WORD: f"(?!{_word_edge(_WORD_LEFT, _WORD_RIGHT)})",
    EdgeKind.UNICODE_WORD: _word_edge(_UNICODE_WORD, _UNICODE_RIGHT),
    EdgeKind.UNICODE_NO_WORD: f"(?!{_word_edge(_UNICODE_WORD, _UNICODE_RIGHT)})",
}
_GREED = {Greed.GREEDY: "", Greed.RELUCTANT: "?", Greed.POSSESSIVE: "+"}
_LOOK = {(False, False): "?=", (False, True): "?!", (True, False): "?<=", (True, True): "?<!"}


class Translator:
    """Writes one pattern."""

    def __init__(self, groups: int, last_match: str, *, ascii_only: bool = False) -> None:
        """Prepares for a pattern.

        Args:
            groups: How many groups it has; a reference to any other never matches.
            last_match: What to write for the end of the last match.
            ascii_only: Whether the program will run under `regex.ASCII`.
        """
        self._groups = groups
        self._last_match = last_match
        self._ascii_only = ascii_only
        self._run = 0

    def write(self, node: Node) -> str:
        """The node in the syntax of `regex`, complete: anything may follow it."""
        match node:
            case Chars(chars):
                return self._unicode(_write_chars(chars))
            case Sequence(items):
                return "".join(map(self._item, items))
            case Choice(options):
                return f"(?:{'|'.join(map(self.write, options))})"
            case Group(body):
                return f"(?:{self.write(body)})"
            case Capture(_, body):
                return f"({self.write(body)})"
            case Atomic(body):
                return f"(?>{self.write(body)})"
            case Look(body, behind, negative):
                return f"({_LOOK[behind, negative]}{self.write(body)})"
            case Repeat():
                return self._repeat(node)
            case BackReference(number, fold):
                return self._reference(number, fold)
            case Edge(kind):
                return self._unicode(_EDGES.get(kind, self._last_match))
            case LineBreak():
                return f"(?:{_LINE_BREAK})"
            case Grapheme():
                return r"\X"

    def _item(self, node: Node) -> str:
        text = self.write(node)
        self._run += 1
        if self._run < _LONGEST_RUN:
            return text
        self._run = 0
        return text + _ALWAYS

    def _repeat(self, node: Repeat) -> str:
        item = self.write(node.item)
        if not item:
            return ""
        if isinstance(node.item, LineBreak) or (
            node.greed is Greed.POSSESSIVE and not isinstance(node.item, Chars)
        ):
            # Java tries each of them once and never comes back to it.
            item = f"(?>{item})"
        elif not isinstance(node.item, Chars):
            item = f"(?:{item})"
        high = "" if node.high is None else node.high
        return f"{item}{{{node.low},{high}}}{_GREED[node.greed]}"

    def _unicode(self, text: str) -> str:
        """Keeps properties from being cut down to ASCII."""
        named = self._ascii_only and ("\\p" in text or "\\P" in text)
        return f"(?u:{text})" if named else text

    def _reference(self, number: int, fold: Fold) -> str:
        if number > self._groups:
            return _NEVER
        return f"(?:\\{number})" if fold is Fold.NONE else f"(?i-f:\\{number})"


def _write_chars(chars: CharSet) -> str:
    if isinstance(chars, Range) and chars.low == chars.high and not also(chars):
        return _char(chars.low)
    if isinstance(chars, Negated):
        return f"[^{_inside(chars.of)}]"
    return f"[{_inside(chars)}]"


def _inside(chars: CharSet) -> str:
    """A set as it is written between brackets, beside others."""
    match chars:
        case Range(low, high, _):
            first = _char(low) if low == high else f"{_char(low)}-{_char(high)}"
            return first + "".join(map(_char, also(chars)))
        case Named(text):
            return text
        case Union(parts):
            return "".join(map(_inside, parts))
        case Both(left, right):
            return f"[[{_inside(left)}]&&[{_inside(right)}]]"
        case Negated(of):
            return f"[^{_inside(of)}]"


def _char(code: int) -> str:
    char = chr(code)
    if char.isascii() and char.isalnum():
        return char
    return f"\\x{code:02X}" if code < 0x100 else f"\\U{code:08X}"
