"""A Java pattern as a tree.

Java's grammar as its documentation tells it, and where that is silent as Java behaves: `{`
with digits repeats the empty text where it has nothing before it, inline flags hold to the
end of their group and across its `|`, a group number takes further digits only as long as
such a group was opened before.
"""

from __future__ import annotations

import string
from collections.abc import Callable
from functools import partial

from specgen.dialect.java_regex.classes import MAX_DEPTH, read_class
from specgen.dialect.java_regex.errors import RegexUnsupported
from specgen.dialect.java_regex.escapes import read_char, read_property
from specgen.dialect.java_regex.properties import predefined
from specgen.dialect.java_regex.scan import Flags, Scanner
from specgen.dialect.java_regex.tree import (
    Atomic,
    BackReference,
    Capture,
    Chars,
    Choice,
    Edge,
    EdgeKind,
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
    walk,
)
from specgen.dialect.java_regex.width import MANY, width

__all__ = ["Parser"]

_FLAGS = {
    "i": Flags.IGNORE_CASE,
    "m": Flags.MULTILINE,
    "s": Flags.DOTALL,
    "d": Flags.UNIX_LINES,
    "u": Flags.UNICODE_CASE,
    "x": Flags.COMMENTS,
    "U": Flags.UNICODE_CLASSES | Flags.UNICODE_CASE,
    # Canonical equivalence: Java takes it inside a pattern and does nothing.
    "c": Flags.NONE,
}
_Wrap = Callable[[Node], Node]
_DIGITS = frozenset(string.digits)
_NAME_START = frozenset(string.ascii_letters)
_NAME = _NAME_START | _DIGITS
_COUNTS: dict[str, tuple[int, int | None]] = {"?": (0, 1), "*": (0, None), "+": (1, None)}
_GREED = {"?": Greed.RELUCTANT, "+": Greed.POSSESSIVE}
# One unlimited part and a little: wrapped to 32 bits, but it does no harm in Java.
_JUST_OVER = -MANY + 1000
_EMPTY = Sequence(())
_DOTALL = Chars(Named(r"\x00-\U0010FFFF"))
_DOT = Chars(Negated(Named(r"\n\r\x85\u2028\u2029")))
_UNIX_DOT = Chars(Negated(Named(r"\n")))
_EDGES = {
    "A": EdgeKind.START,
    "G": EdgeKind.LAST_MATCH,
    "z": EdgeKind.VERY_END,
}


class Parser:
    """Reads one pattern.

    Attributes:
        names: The number of each named group read so far.
        count: How many groups that remember were opened so far.
    """

    def __init__(self, pattern: str, flags: Flags = Flags.NONE) -> None:
        self._scan = Scanner(pattern, flags)
        self._depth = 0
        self.names: dict[str, int] = {}
        self.count = 0

    def parse(self) -> Node:
        """The tree of the whole pattern.

        Raises:
            RegexInvalid: Java refuses it.
            RegexUnsupported: Java takes it, and we do not.
        """
        tree = self._choice()
        if self._scan.peek():
            raise self._scan.error("a closing parenthesis without an opening one")
        return tree

    def _choice(self) -> Node:
        options = [self._sequence()]
        while self._scan.peek() == "|":
            self._scan.at += 1
            options.append(self._sequence())
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def _sequence(self) -> Node:
        items: list[Node] = []
        while (char := self._scan.peek()) not in ("", "|", ")"):
            if char == "(":
                group = self._group()
                if group is None:
                    continue
                items.append(self._quantified(group))
            else:
                items.append(self._quantified(self._atom(char)))
        return items[0] if len(items) == 1 else Sequence(tuple(items))

    def _atom(self, char: str) -> Node:
        if char == "{":
            return _EMPTY
        if char in _COUNTS:
            raise self._scan.error(f"nothing stands before {char}")
        self._scan.at += 1
        flags = self._scan.flags
        match char:
            case "\\":
                return self._escape()
            case "[":
                return Chars(read_class(self._scan))
            case ".":
                unix = _UNIX_DOT if Flags.UNIX_LINES in flags else _DOT
                return _DOTALL if Flags.DOTALL in flags else unix
            case "^":
                return Edge(_start(flags))
            case "$":
                return Edge(_end(flags))
        return self._char(char)

    def _char(self, char: str) -> Node:
        return Chars(Range(ord(char), ord(char), self._scan.flags.fold))

    def _escape(self) -> Node:
        scan, flags = self._scan, self._scan.flags
        letter = scan.take_raw()
        match letter:
            case "p" | "P":
                return Chars(read_property(scan, letter))
            case "b" | "B":
                return self._word_edge(letter)
            case "Z":
                return Edge(EdgeKind.UNIX_END if Flags.UNIX_LINES in flags else EdgeKind.END)
            case "R":
                return LineBreak()
            case "X":
                return Grapheme()
            case "k":
                return BackReference(self._named_reference(), flags.fold)
        if letter in _EDGES:
            return Edge(_EDGES[letter])
        if letter in _DIGITS and letter != "0":
            return BackReference(self._reference(letter), flags.fold)
        chars = predefined(letter, flags)
        return Chars(chars) if chars else self._char(read_char(scan, letter))

    def _word_edge(self, letter: str) -> Node:
        unicode = Flags.UNICODE_CLASSES in self._scan.flags
        if letter == "B":
            return Edge(EdgeKind.UNICODE_NO_WORD if unicode else EdgeKind.NO_WORD)
        if self._scan.peek() == "{" and self._scan.raw(1) not in _DIGITS:
            if self._scan.text(self._scan.at, self._scan.at + 3) == "{g}":
                raise RegexUnsupported("\\b{g} is not known here", self._scan.offset())
            raise self._scan.error("\\b{…} needs a g")
        return Edge(EdgeKind.UNICODE_WORD if unicode else EdgeKind.WORD)

    def _reference(self, digits: str) -> int:
        while self._scan.peek() in _DIGITS and int(digits + self._scan.raw()) <= self.count:
            digits += self._scan.take_raw()
        return int(digits)

    def _named_reference(self) -> int:
        start = self._scan.at
        if self._scan.take() != "<":
            raise self._scan.error("\\k needs a name in < >", start)
        name = self._name(self._scan.take())
        if name not in self.names:
            raise self._scan.error(f"no group is called {name} here", start)
        return self.names[name]

    def _name(self, char: str) -> str:
        """Reads the rest of a group's name with its `>`."""
        start, name = self._scan.at, char
        if char not in _NAME_START:
            raise self._scan.error("a name of a group starts with an ASCII letter", start - 1)
        while (char := self._scan.take()) in _NAME:
            name += char
        if char != ">":
            raise self._scan.error("a name of a group has ASCII letters and digits, then >", start)
        return name

    def _group(self) -> Node | None:
        """Reads a group; None if it only sets flags."""
        scan, start, flags = self._scan, self._scan.at, self._scan.flags
        if self._depth >= MAX_DEPTH:
            raise RegexUnsupported("groups are nested too deeply", scan.offset())
        scan.at += 1
        wrap = self._opening()
        if wrap is None:
            return None
        self._depth += 1
        body = self._choice()
        self._depth -= 1
        if scan.take() != ")":
            raise scan.error("the group does not end", start)
        scan.flags = flags
        group = wrap(body)
        if isinstance(group, Look) and group.behind:
            self._check_behind(group, start)
        return group

    def _opening(self) -> _Wrap | None:
        """Reads what follows an opening parenthesis; None if it only sets flags."""
        scan = self._scan
        if scan.peek() != "?":
            return self._capture()
        scan.at += 1
        match scan.raw():
            case ":":
                wrap: _Wrap = Group
            case "=":
                wrap = partial(Look, behind=False, negative=False)
            case "!":
                wrap = partial(Look, behind=False, negative=True)
            case ">":
                wrap = Atomic
            case "<":
                scan.at += 1
                return self._angle(scan.take())
            case _:
                return self._inline_flags()
        scan.at += 1
        return wrap

    def _capture(self, name: str = "") -> _Wrap:
        self.count += 1
        if name:
            self.names[name] = self.count
        return partial(Capture, self.count)

    def _angle(self, char: str) -> _Wrap:
        if char in ("=", "!"):
            return partial(Look, behind=True, negative=char == "!")
        start = self._scan.at
        name = self._name(char)
        if name in self.names:
            raise self._scan.error(f"two groups are called {name}", start - 1)
        return self._capture(name)

    def _inline_flags(self) -> _Wrap | None:
        scan, minus = self._scan, False
        while (char := scan.peek()) in _FLAGS or (char == "-" and not minus):
            scan.at += 1
            if char == "-":
                minus = True
            elif minus:
                scan.flags &= ~_FLAGS[char]
            else:
                scan.flags |= _FLAGS[char]
        if scan.peek() not in (")", ":"):
            raise scan.error("there is no such kind of group or flag")
        return None if scan.take_raw() == ")" else Group

    def _check_behind(self, look: Look, start: int) -> None:
        size = width(look.body)
        if not size.limited:
            raise self._scan.error("a look-behind needs an obvious maximum length", start)
        varying, parts = size.low != size.high, tuple(walk(look.body))
        if any(isinstance(part, Grapheme) for part in parts) or (
            size.wrapped and size.high > _JUST_OVER
        ):
            reason = "a look-behind that Java itself gets wrong"
        elif varying and any(map(_one_way, parts)):
            reason = "a group that remembers, or gives nothing back, in such a look-behind"
        else:
            return
        raise RegexUnsupported(reason, self._scan.offset(start))

    def _quantified(self, item: Node) -> Node:
        scan = self._scan
        char = scan.peek()
        if char in _COUNTS:
            scan.at += 1
            low, high = _COUNTS[char]
        elif char == "{":
            low, high = self._counts()
        else:
            return item
        greed = _GREED.get(scan.peek(), Greed.GREEDY)
        if greed is not Greed.GREEDY:
            scan.at += 1
        return Repeat(item, low, high, greed)

    def _counts(self) -> tuple[int, int | None]:
        scan, start = self._scan, self._scan.at
        if scan.raw(1) not in _DIGITS:
            raise scan.error("{ needs a count; as a plain character it is written \\{", start)
        scan.at += 1
        low, char = self._number(start)
        high: int | None = low
        if char == ",":
            high, char = self._number(start)
            high = None if high < 0 else high
        if char != "}":
            raise scan.error("the count does not end", start)
        if high is not None and high < low:
            raise scan.error("the counts run backwards", start)
        return low, None if high == MANY else high

    def _number(self, start: int) -> tuple[int, str]:
        """Reads digits (-1 if there are none) and the character after them."""
        number = -1
        while (char := self._scan.take()) in _DIGITS:
            number = max(number, 0) * 10 + int(char)
            if number > MANY:
                raise self._scan.error("the count is too large", start)
        return number, char


def _start(flags: Flags) -> EdgeKind:
    if Flags.MULTILINE not in flags:
        return EdgeKind.START
    return EdgeKind.UNIX_LINE_START if Flags.UNIX_LINES in flags else EdgeKind.LINE_START


def _end(flags: Flags) -> EdgeKind:
    unix = Flags.UNIX_LINES in flags
    if Flags.MULTILINE in flags:
        return EdgeKind.UNIX_LINE_END if unix else EdgeKind.LINE_END
    return EdgeKind.UNIX_END if unix else EdgeKind.END


def _one_way(node: Node) -> bool:
    """Whether it matters from which side a node is matched."""
    possessive = isinstance(node, Repeat) and node.greed is Greed.POSSESSIVE
    return possessive or isinstance(node, Capture | Atomic)
