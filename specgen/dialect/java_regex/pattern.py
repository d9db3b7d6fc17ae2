"""Java patterns, ready to use, with a limit of time on every use."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from time import monotonic
from types import MappingProxyType
from typing import NamedTuple

import regex

from specgen.dialect.java_regex.errors import RegexTimeout, RegexUnsupported
from specgen.dialect.java_regex.parse import Parser
from specgen.dialect.java_regex.replace import parse_replacement
from specgen.dialect.java_regex.scan import Flags
from specgen.dialect.java_regex.translate import Translator
from specgen.dialect.java_regex.tree import (
    BackReference,
    Edge,
    EdgeKind,
    Fold,
    Grapheme,
    Node,
    walk,
)
from specgen.dialect.java_regex.width import weight

__all__ = ["TIME_LIMIT", "JavaPattern", "Substitution", "compile_java"]

TIME_LIMIT = 1.0
"""How many seconds one use of a pattern may take."""

MAX_LENGTH = 200_000
"""How many characters a pattern may have."""

MAX_WEIGHT = 30_000
"""How many parts a pattern may have once its repetitions are written out."""


MAX_OUTPUT = 50_000_000
"""How many characters all replacements of one text may have together."""


LITERAL = re.compile(r"(?:[\w \n\"'#%&,\-/:;<=>@`~!]|\\[!-/:-@\[-`{-~]){1,1000}", re.ASCII)
"""A pattern that matches one text alone."""

ESCAPED = re.compile(r"\\(.)")

_Program = regex.Pattern[str] | re.Pattern[str]
_Match = regex.Match[str] | re.Match[str]


class Substitution(NamedTuple):
    """One match and what comes in its place; positions are offsets in the input."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, repr=False)
class JavaPattern:
    """A Java pattern; positions are offsets in characters, as everywhere in Python.

    Every method raises `RegexTimeout` after `limit` seconds.

    Attributes:
        pattern: The pattern as it was written.
        groups: How many groups it has.
        names: The numbers of its named groups.
        limit: How many seconds one use may take.
    """

    pattern: str
    groups: int
    names: Mapping[str, int]
    limit: float
    _program: _Program
    _after_empty: _Program

    def __repr__(self) -> str:
        return f"compile_java({self.pattern!r})"

    def find(self, text: str) -> bool:
        """Whether the pattern matches anywhere in the text."""
        return self.search(text) is not None

    def search(self, text: str, start: int = 0) -> tuple[int, int, *tuple[str | None, ...]] | None:
        """The first match at or after `start`: where it begins, where it ends, its groups.

        What stands before `start` still counts for `^`, word ends and look-behinds.
        """
        match = _search(self._program, text, start, self.limit)
        return None if match is None else (match.start(), match.end(), *match.groups())

    def replace_all(self, text: str, replacement: str) -> str:
        r"""The text with every match replaced, as `String.replaceAll` does it.

        Raises:
            ReplacementInvalid: There is a match and the replacement cannot be read.
        """
        parts: list[str] = []
        done = 0
        for start, end, made in self.substitutions(text, replacement):
            parts += (text[done:start], made)
            done = end
        return "".join((*parts, text[done:]))

    def substitutions(self, text: str, replacement: str) -> tuple[Substitution, ...]:
        r"""Every match in order, each with the text that takes its place.

        Args:
            text: The input.
            replacement: `$1` and `${name}` are groups, `\x` is x. As in Java it is read
                only once there is a match, so a bad one does no harm before.

        Raises:
            ReplacementInvalid: There is a match and the replacement cannot be read.
            RegexTimeout: It takes too long, or the result is larger than `MAX_OUTPUT`.
        """
        found: list[Substitution] = []
        parts: tuple[str | int, ...] | None = None
        size = 0
        for match in self._matches(text):
            if parts is None:
                parts = parse_replacement(replacement, self.groups, self.names)
            made = "".join(p if isinstance(p, str) else match[p] or "" for p in parts)
            size += len(made)
            if size > MAX_OUTPUT:
                raise RegexTimeout("the replacements of the regular expression grow too large")
            found.append(Substitution(match.start(), match.end(), made))
        return tuple(found)

    def _matches(self, text: str) -> Iterator[_Match]:
        deadline = monotonic() + self.limit
        program, at = self._program, 0
        while at <= len(text):
            match = _search(program, text, at, deadline - monotonic())
            if match is None:
                return
            yield match
            empty = match.start() == match.end()
            # After an empty match Java goes on one further, where no match has ended.
            program = self._after_empty if empty else self._program
            at = match.end() + empty


def _search(program: _Program, text: str, start: int, seconds: float) -> _Match | None:
    try:
        if seconds <= 0:
            raise TimeoutError
        if isinstance(program, re.Pattern):
            return program.search(text, start)
        return program.search(text, start, timeout=seconds)
    except TimeoutError:
        raise RegexTimeout("the regular expression takes too long on this text") from None
    except MemoryError:
        raise RegexTimeout("the regular expression takes too much memory") from None


@lru_cache(maxsize=1024)
def compile_java(pattern: str, *, comments: bool = False, limit: float = TIME_LIMIT) -> JavaPattern:
    """Makes a Java pattern usable.

    Args:
        pattern: A pattern of `java.util.regex` (as of Java 17).
        comments: Java's flag of that name: white space and `#` comments do not count.
        limit: How many seconds one use of it may take.

    Raises:
        RegexInvalid: Java refuses the pattern.
        RegexUnsupported: Java takes it, but it cannot be translated, or is too large.
    """
    if len(pattern) > MAX_LENGTH:
        raise RegexUnsupported("the regular expression is too long")
    if LITERAL.fullmatch(pattern) and not comments:
        # Most patterns of pages are plain text: `re` finds it, and is ready in no time.
        plain = re.compile(re.escape(ESCAPED.sub(r"\1", pattern)))
        return JavaPattern(pattern, 0, MappingProxyType({}), limit, plain, plain)
    parser = Parser(pattern, Flags.COMMENTS if comments else Flags.NONE)
    tree = parser.parse()
    if weight(tree) > MAX_WEIGHT:
        raise RegexUnsupported("the regular expression repeats too much to be written out")
    program = _program(tree, parser.count, r"\G")
    later = _program(tree, parser.count, "(?!)") if _remembers(tree) else program
    names = MappingProxyType(dict(parser.names))
    return JavaPattern(pattern, parser.count, names, limit, program, later)


def _remembers(tree: Node) -> bool:
    """Whether it matters where the last match ended."""
    return any(isinstance(node, Edge) and node.kind is EdgeKind.LAST_MATCH for node in walk(tree))


def _program(tree: Node, groups: int, last_match: str) -> regex.Pattern[str]:
    nodes = tuple(walk(tree))
    folds = {node.fold for node in nodes if isinstance(node, BackReference)}
    ascii_only = Fold.ASCII in folds
    # `regex` knows this only for a pattern as a whole, and it changes what `\X` takes.
    if ascii_only and (Fold.UNICODE in folds or any(isinstance(n, Grapheme) for n in nodes)):
        raise RegexUnsupported("back references that ignore case in two ways, or beside \\X")
    flags = regex.VERSION1 | (regex.ASCII if ascii_only else 0)
    text = Translator(groups, last_match, ascii_only=ascii_only).write(tree)
    try:
        return regex.compile(text, flags, cache_pattern=False)
    except (regex.error, RecursionError, MemoryError, OverflowError) as problem:
        raise RegexUnsupported(f"the regular expression has no translation: {problem}") from None
