"""Finds, reads and cuts the files that `include::` lines ask for."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field, replace

from specgen.asciidoc import patterns
from specgen.asciidoc.attribute_lists import Attrs, parse_attribute_list
from specgen.asciidoc.attributes import DOCS_ROOT, Attributes, whole_number
from specgen.asciidoc.indentation import indented, too_wide
from specgen.asciidoc.line_ranges import select_lines
from specgen.asciidoc.reader import stripped
from specgen.asciidoc.tags import TagChoice, choice_of, select_tagged
from specgen.errors import PageUnreadable
from specgen.files import Files
from specgen.problems import Problem, Related, Severity
from specgen.source import Line, Source, Span, lines_of

__all__ = ["Directive", "Included", "Includer", "included_from"]

# Files whose own directives are followed; of all others the lines are taken as they are.
ASCIIDOC_ENDINGS = (".adoc", ".asciidoc", ".asc", ".ad", ".txt")

MAX_INCLUDES = 20_000
MAX_LINES = 1_000_000
MAX_SEARCHED = 5_000_000

# A page that includes itself twice would else be read 2^64 times. Fifteen cycles may go as deep
# as includes can be nested.
MAX_REPEATED = 1_000
MAX_REPEATED_LINES = 50_000

# How much of a name is told in a message.
LONGEST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Directive:
    """An `include::` line.

    Attributes:
        target: What it names, as it is written.
        attributes: What stands between the brackets.
        span: The line.
        via: The `include::` lines that led to the file it stands in.
        file: The file that Asciidoctor believes it stands in.
        root: The page that is read.
    """

    target: str
    attributes: str
    span: Span
    via: tuple[Span, ...]
    file: str
    root: str

    @property
    def page(self) -> str:
        """The name of that file, for what stands in place of the line."""
        return posixpath.relpath(self.file, posixpath.dirname(self.root) or ".")


@dataclass(frozen=True, slots=True)
class Included:
    """What an include brings.

    Attributes:
        lines: Those that were selected, without white space at their ends.
        path: The file, relative to the docs root.
        number: The line of the file that the first of them is.
        attrs: What the directive says of them.
        processed: Whether directives in them count.
    """

    lines: tuple[Line, ...]
    path: str
    number: int
    attrs: tuple[tuple[int | str, str | None], ...]
    processed: bool

    def attr(self, name: str) -> str | None:
        """What the directive says under a name."""
        return dict(self.attrs).get(name)


@dataclass(slots=True)
class _Count:
    """How many includes there were, and how many lines they brought."""

    includes: int = 0
    lines: int = 0

    def add(self, lines: int) -> None:
        """Counts one more include."""
        self.includes += 1
        self.lines += lines


@dataclass(slots=True)
class Includer:
    """Reads included files for one page, each from disk once.

    Attributes:
        files: Where they are read from.
        problems: What was wrong with the includes so far.
        asked_for: The files that were named so far, also those that cannot be read.
    """

    files: Files
    problems: list[Problem] = field(default_factory=list)
    asked_for: set[str] = field(default_factory=set)
    told: set[tuple[str, Span]] = field(default_factory=set)
    sources: dict[str, Source] = field(default_factory=dict)
    lines: dict[str, tuple[Line, ...]] = field(default_factory=dict)
    searched: int = 0
    total: _Count = field(default_factory=_Count)
    repeated: _Count = field(default_factory=_Count)

    def include(self, directive: Directive, attributes: Attributes) -> Included | str | None:
        """Does what a directive says.

        Returns:
            What it brings; or the line that stands in its place, as Asciidoctor writes it,
            because it cannot be followed; or None where it leaves nothing.
        """
        target = attributes.resolve(directive.target, self._missing(attributes))
        written = parse_attribute_list(attributes.resolve(directive.attributes))
        optional = "optional-option" in written
        if not target:
            if optional or attributes.get("attribute-missing") == "drop-line":
                return None
            self._refuse("unresolved-include", directive, "the include names no file")
            return _unresolved(directive, directive.target)
        if patterns.URI.match(target):
            message = f"{_shown(target)} is not read: includes come from the docs root alone"
            self._refuse("remote-include", directive, message)
            label = f"pass:c[{target}]" if " " in target else target
            return f"link:{label}[role=include]"
        source = self._source(directive, target, optional)
        if isinstance(source, Source):
            return self._cut(directive, source, written, attributes)
        return None if optional else _unresolved(directive, target)

    def refuse_depth(self, directive: Directive, limit: int) -> None:
        """Tells that includes are nested too deep here, and names the cycle if there is one."""
        if ("endless-include", directive.span) in self.told:
            return
        chain = [*(span.source.path for span in directive.via), directive.span.source.path]
        message = f"includes are nested deeper than {limit} here"
        if len(set(chain)) < len(chain):
            last = chain[-1]
            before = len(chain) - 2 - chain[-2::-1].index(last) if last in chain[:-1] else 0
            cycle = " -> ".join(map(_shown, chain[before:]))
            message = f"{message}, since a file includes itself: {cycle}"
        self._refuse("endless-include", directive, message)

    def _missing(self, attributes: Attributes) -> str:
        missing = attributes.get("attribute-missing")
        return "drop-line" if missing == "warn" else missing

    def _source(self, directive: Directive, target: str, optional: bool) -> Source | None:
        path = _path(directive.span.source.path, target)
        if path is None:
            message = f"{_shown(target)} lies outside the docs root and is not read"
            self._refuse("outside-include", directive, message, "see --docs-root")
            return None
        self.asked_for.add(path)
        if path not in self.sources:
            try:
                if not self.files.exists(path):
                    raise PageUnreadable(f"{_shown(path)}: no such file")
                self.sources[path] = self.files.read(path)
            except PageUnreadable as trouble:
                if not optional:
                    self._not_found(directive, target, trouble.message)
                return None
        return self.sources[path]

    def _not_found(self, directive: Directive, target: str, message: str) -> None:
        """Tells that a file is missing; only notes it where the page alone cannot know its path.

        What a book defines for its pages is not known when one of them is read alone: each
        such attribute is noted once.
        """
        names = patterns.ATTRIBUTE_REFERENCE.finditer(target)
        open_names = [found["name"] for found in names if found["name"]]
        own_folder = f"{DOCS_ROOT}/{posixpath.dirname(directive.page)}".rstrip("/")
        guessed = "{docdir}" in directive.target and target.startswith(f"{own_folder}/")
        if not open_names and guessed:
            open_names = ["docdir"]
            told = "{docdir} is taken for the folder of the page itself, where no such file is"
        elif open_names:
            told = f"nothing defines {{{_shown(open_names[0])}}}, so what is there is not read"
        else:
            self._refuse("unresolved-include", directive, message)
            return
        if not any(problem.message == told for problem in self.problems):
            hint = f"say what the book defines: --define {_shown(open_names[0])}=FOLDER"
            note = Problem("unresolved-include", Severity.NOTE, directive.span, told, hint)
            self._add(note, directive.via)

    def _cut(
        self, directive: Directive, source: Source, written: Attrs, attributes: Attributes
    ) -> Included | str | None:
        repeats = any(source.path == span.source.path for span in (*directive.via, directive.span))
        if limit := self._limit(repeats):
            if not any(problem.code == "too-many-includes" for problem in self.problems):
                self._refuse("too-many-includes", directive, limit, "the rest is left out")
            return _unresolved(directive, directive.target)
        lines = self._lines(source)
        self.searched += len(lines)
        numbers = written.get("lines") or ""
        named = "lines" not in written
        choice = choice_of(written.get("tag"), written.get("tags")) if named else None
        if not lines and (numbers.strip(",;") or choice):
            # An empty file has one line where lines are chosen, and else none.
            lines = (Line("", source.span(0, 0)),)
        if choice:
            lines = self._tagged(directive, lines, choice)
        elif numbers:
            lines = select_lines(lines, numbers)
        for count in (self.total, self.repeated) if repeats else (self.total,):
            count.add(len(lines))
        if not lines:
            return None
        number = lines[0].number
        processed = source.path.endswith(ASCIIDOC_ENDINGS)
        texts = [(stripped(line) if processed else line).text for line in lines]
        if (indent := written.get("indent")) is not None:
            width, tab_size = whole_number(indent), whole_number(attributes.get("tabsize"))
            for problem in too_wide(directive.span, width, tab_size):
                self._add(problem, directive.via)
            texts = indented(texts, width, tab_size)
        via = (*directive.via, directive.span)
        placed = (Line(text, line.span, via) for line, text in zip(lines, texts, strict=True))
        return Included(tuple(placed), source.path, number, tuple(written.items()), processed)

    def _limit(self, repeats: bool) -> str:
        """Which limit the includes so far have reached; empty if none.

        Args:
            repeats: Whether a file is to be included into itself.
        """
        if self.total.includes >= MAX_INCLUDES or self.total.lines > MAX_LINES:
            return f"more than {MAX_INCLUDES} includes, or than {MAX_LINES} lines of them"
        if self.searched > MAX_SEARCHED:
            return f"includes choose from more than {MAX_SEARCHED} lines"
        repeated = self.repeated
        if repeats and (repeated.includes >= MAX_REPEATED or repeated.lines > MAX_REPEATED_LINES):
            return f"files include themselves more than {MAX_REPEATED} times"
        return ""

    def _lines(self, source: Source) -> tuple[Line, ...]:
        if source.path not in self.lines:
            self.lines[source.path] = tuple(lines_of(source))
        return self.lines[source.path]

    def _tagged(
        self, directive: Directive, lines: tuple[Line, ...], choice: TagChoice
    ) -> tuple[Line, ...]:
        tagged = select_tagged(lines, choice)
        if tagged.missing:
            names = _shown(", ".join(tagged.missing))
            message = f"{lines[0].span.source.path} has no tag {names}"
            self._warn("unknown-tag", directive.span, message, directive)
        for line in tagged.unclosed:
            self._warn("open-tag", line.span, "nothing closes this tag", directive)
        for line in tagged.mismatched:
            self._warn("open-tag", line.span, "this closes no tag that is open here", directive)
        return tagged.lines

    def _refuse(self, code: str, directive: Directive, message: str, hint: str = "") -> None:
        self._add(Problem.error(code, directive.span, message, hint), directive.via)

    def _warn(self, code: str, span: Span, message: str, directive: Directive) -> None:
        self._add(Problem.warning(code, span, message), (*directive.via, directive.span))

    def _add(self, problem: Problem, via: tuple[Span, ...]) -> None:
        """Adds a problem, once however often its line is read."""
        place = (problem.code, problem.span)
        if place not in self.told:
            self.told.add(place)
            self.problems.append(replace(problem, related=included_from(via)))


def _unresolved(directive: Directive, target: str) -> str:
    written = f"include::{target}[{directive.attributes}]"
    return f"Unresolved directive in {directive.page} - {written}"


def _shown(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def included_from(via: tuple[Span, ...]) -> tuple[Related, ...]:
    """The `include::` lines that led somewhere, the nearest first, as the places of a problem."""
    # The nearest few tell the way; a cycle would else fill a screen.
    return tuple(Related("included from here", span) for span in reversed(via[-3:]))


def _path(including: str, target: str) -> str | None:
    """The path below the docs root that a target means; None where it leads out of it."""
    if target.startswith(f"{DOCS_ROOT}/"):
        joined = target.removeprefix(f"{DOCS_ROOT}/")
    elif target.startswith("/") or "\0" in target:
        return None
    else:
        joined = posixpath.join(posixpath.dirname(including), target)
    path = posixpath.normpath(joined)
    return None if path.split("/")[0] == ".." else path
