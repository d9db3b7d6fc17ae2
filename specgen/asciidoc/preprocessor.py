"""Reads a page with its conditionals decided and its includes in their place.

What a directive asks depends on the attributes at its line, and those on what the parser made
of the lines before: so lines come one by one, and the parser stores attributes as it meets
them. The lines handed out are kept, as the page that a reader of it sees.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, fields

from specgen.asciidoc import patterns
from specgen.asciidoc.attributes import Attributes, whole_number
from specgen.asciidoc.conditionals import Conditionals
from specgen.asciidoc.includes import Directive, Included, Includer
from specgen.asciidoc.reader import WHITE, Reader, stripped
from specgen.source import Line, Source, Span

__all__ = ["Preprocessor"]


@dataclass(frozen=True, slots=True)
class _Depth:
    """How deep includes may be nested: `most` levels in all, told as `told` levels from here."""

    most: int
    now: int
    told: int


@dataclass(slots=True)
class _Outer:
    """The file that goes on where an included one ends."""

    lines: list[Line]
    file: str
    number: int
    processing: bool
    depth: _Depth
    via: tuple[Span, ...]


@dataclass(slots=True)
class Preprocessor(Reader):
    """A reader of a page and of what it includes.

    Attributes:
        attributes: As they are at the next line.
        includer: Reads included files; None leaves includes out.
        unescaping: The next line is a directive behind a backslash.
        delivered: The lines handed out so far.
    """

    attributes: Attributes = field(default_factory=lambda: Attributes({}, frozenset()))
    includer: Includer | None = None
    conditionals: Conditionals = field(default_factory=Conditionals)
    unescaping: bool = False
    delivered: list[Line] = field(default_factory=list)
    depth: _Depth = field(default=_Depth(64, 64, 64))
    via: tuple[Span, ...] = ()
    outer: list[_Outer] = field(default_factory=list)
    page: str = ""

    @classmethod
    def reading(
        cls,
        source: Source,
        lines: Iterable[Line],
        attributes: Attributes,
        includer: Includer | None,
    ) -> Preprocessor:
        """A reader of a whole page."""
        # A blank line counts as one that ends with white space, which does no harm.
        waiting = [stripped(line) if line.text[-1:] in WHITE else line for line in lines]
        while waiting and not waiting[-1].text:
            waiting.pop()
        waiting.reverse()
        most = whole_number(attributes.get("max-include-depth", "64"))
        reader = cls(waiting, source.path, attributes=attributes, includer=includer)
        reader.depth, reader.page = _Depth(most, most, most), source.path
        return reader

    def peek(self) -> Line | None:
        """The next line that is no directive; directives on the way to it are followed."""
        while True:
            while self.lines:
                line = self.lines[-1]
                if self.looked_at and not self.unescaping:
                    return line
                found = line if self.looked_at else self._processed(line)
                if found is not None:
                    return _unescaped(found) if self.unescaping else found
            self.looked_at = 0
            if not self.outer:
                return None
            self._pop()

    def read(self) -> Line | None:
        """The next line; None at the end."""
        if not self.lines or self.unescaping:
            return Reader.read(self)
        # Most lines can be no directive, and go this shorter way.
        line = self.lines[-1]
        if self.looked_at:
            self.looked_at -= 1
        elif self.conditionals.open or (line.text[-1:] == "]" and _may_direct(line.text)):
            return Reader.read(self)
        self.number += 1
        self.delivered.append(self.lines.pop())
        return line

    def peek_two(self, *, raw: bool = False) -> tuple[str, str]:
        """The texts of the next two lines, which stay; empty where there is none."""
        if len(self.lines) > 1 and not (raw or self.unescaping or self.conditionals.open):
            first, second = self.lines[-1].text, self.lines[-2].text
            if not (_may_direct(first) or _may_direct(second)):
                if self.looked_at < 2:
                    self.looked_at = 2
                return first, second
        return Reader.peek_two(self, raw=raw)

    def shift(self) -> Line | None:
        """Goes past the next line, which counts as handed out."""
        self.number += 1
        if self.looked_at:
            self.looked_at -= 1
        if not self.lines:
            return None
        line = self.lines.pop()
        if self.unescaping:
            line, self.unescaping = _unescaped(line), False
        self.delivered.append(line)
        return line

    def put_back(self, *lines: Line) -> None:
        """Makes lines the next ones again, in the order given."""
        if lines:
            del self.delivered[-len(lines) :]
        Reader.put_back(self, *lines)

    def saved(self) -> dict[str, object]:
        """What `restore` takes to come back to this line; attributes set since then stay set.

        As in Asciidoctor, what was read of an including file past the end of an included one
        is not brought back.
        """
        state = {each.name: getattr(self, each.name) for each in fields(self)}
        lists = {name: list(value) for name, value in state.items() if isinstance(value, list)}
        return {**state, **lists, "conditionals": self.conditionals.copy()}

    def restore(self, saved: dict[str, object]) -> None:
        """Goes back to the line where this was `saved`."""
        for name, value in saved.items():
            setattr(self, name, value)

    def _processed(self, line: Line) -> Line | None:
        """The line as it is to be read; None if it is gone, or something else in its place."""
        if not self.processing:
            return line
        if line.text[-1:] == "]" and _may_direct(line.text):
            return self._directed(line)
        if self.conditionals.skipping:
            self._drop()
            return None
        self.looked_at += 1
        return line

    def _directed(self, line: Line) -> Line | None:
        found = patterns.CONDITIONAL.fullmatch(line.text) if "if" in line.text else None
        if found and not found["escape"]:
            left = self.conditionals.take(found, line.span, self.attributes)
            if left is None:
                self._drop()
            else:
                # An include on a single-line conditional is followed when it is read again.
                self.lines[-1] = Line(left, line.span, line.via)
                self.looked_at = int(not left.startswith("include::"))
            return None
        if not found and self.conditionals.skipping:
            self._drop()
            return None
        if not found and line.text.startswith(("inc", "\\inc")):
            found = patterns.INCLUDE.fullmatch(line.text)
            if found and not found["escape"]:
                return self._include(line, found)
        # The backslash goes when the next line is read. As in Asciidoctor, that is another line
        # where something was put back before this one: it loses its first character.
        self.unescaping = found is not None
        self.looked_at += 1
        return line

    def _include(self, line: Line, found: re.Match[str]) -> Line | None:
        if self.includer is None:
            self._drop()
            return None
        target, attributes = found["target"], found["attributes"] or ""
        directive = Directive(target, attributes, line.span, self.via, self.file, self.page)
        if len(self.outer) >= self.depth.now:
            self.includer.refuse_depth(directive, self.depth.told)
            self.looked_at += 1
            return line
        brought = self.includer.include(directive, self.attributes)
        if isinstance(brought, str):
            self.lines[-1] = Line(brought, line.span, line.via)
            self.looked_at += 1
            return None
        self._drop()
        if brought is not None:
            self._push(brought, line)
        return None

    def _drop(self) -> None:
        Reader.shift(self)

    def _push(self, brought: Included, line: Line) -> None:
        self.outer.append(
            _Outer(self.lines, self.file, self.number, self.processing, self.depth, self.via)
        )
        self.file, self.number, self.looked_at = brought.path, brought.number, 0
        self.processing, self.via = brought.processed, (*self.via, line.span)
        self.lines = list(reversed(brought.lines))
        if (depth := brought.attr("depth")) is not None:
            self.depth = self._deeper(whole_number(depth))
        if (offset := brought.attr("leveloffset")) is not None:
            self._set_level_offset(offset, line.span)

    def _deeper(self, more: int) -> _Depth:
        most, here = self.depth.most, len(self.outer)
        if more <= 0:
            return _Depth(most, here, 0)
        return _Depth(most, most, most) if here + more > most else _Depth(most, here + more, more)

    def _set_level_offset(self, offset: str, span: Span) -> None:
        """Puts lines around the included ones that set the level offset and set it back."""

        def made(text: str) -> Line:
            return Line(text, span, self.via)

        before = self.attributes.values.get("leveloffset")
        back = ":leveloffset!:" if before is None else f":leveloffset: {before}"
        self.lines[:0] = [made(back), made("")]
        self.lines += [made(""), made(f":leveloffset: {offset}")]
        self.number -= 2

    def _pop(self) -> None:
        outer = self.outer.pop()
        self.lines, self.file, self.number = outer.lines, outer.file, outer.number
        self.processing, self.depth, self.via = outer.processing, outer.depth, outer.via


def _may_direct(text: str) -> bool:
    return text[-1:] == "]" and text[0] != "[" and "::" in text


def _unescaped(line: Line) -> Line:
    return Line(line.text[1:], line.span, line.via)
