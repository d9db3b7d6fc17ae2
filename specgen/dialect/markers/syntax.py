"""How a marker line and its options are written, and the reader that all markers share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from specgen.dialect.values import Form, Marker, MarkerKind, Option, OptionName
from specgen.nearest import nearest
from specgen.problems import Problem
from specgen.source import Line, Span

__all__ = ["BOTH", "MarkerSyntax", "OptionSyntax", "marker_line", "read_marker", "read_options"]

BOTH = frozenset(Form)
# How much of what cannot be read is told in a message.
LONGEST_SHOWN = 60
WORD_END = re.compile(r"[\s:/\]]")


@dataclass(frozen=True, slots=True)
class OptionSyntax:
    """One option: its first group is its value, the second a substitution's replacement.

    Attributes:
        name: Which one.
        pattern: How it is read.
        written: How a page writes it, for those who did not.
        forms: Where it is known.
    """

    name: OptionName
    pattern: re.Pattern[str]
    written: str
    forms: frozenset[Form] = BOTH

    @property
    def word(self) -> str:
        """What it begins with: `catch`, `s`, `_cat`."""
        return WORD_END.split(self.written, maxsplit=1)[0]


@dataclass(frozen=True, slots=True)
class MarkerSyntax:
    """One marker: the whole line that it takes, with an optional group `options`."""

    kind: MarkerKind
    line: re.Pattern[str]
    options: tuple[OptionSyntax, ...] = ()
    forms: frozenset[Form] = BOTH


def marker_line(word: str, *, options: bool = False) -> re.Pattern[str]:
    """The line of a marker: any number of spaces before its word and after it, no tabs."""
    bracket = r"(?:\[(?P<options>.+)\])?" if options else ""
    return re.compile(rf"// *{word}{bracket} *")


def read_marker(
    syntax: MarkerSyntax, line: Line, form: Form
) -> tuple[Marker, tuple[Problem, ...]] | None:
    """Reads a line as the marker of `syntax`; None if it is not that marker.

    The whole bracket must be used up by options with at most one space after each. What
    cannot be read is a problem at its own place, and the options before it still count.
    """
    found = syntax.line.fullmatch(line.text)
    if found is None or form not in syntax.forms:
        return None
    text = found.groupdict().get("options")
    if text is None:
        return Marker(syntax.kind, (), line.span), ()
    # A conditional or an include can have made the line begin elsewhere than its place.
    start = line.span.start + max(0, line.span.text.find("//")) + found.start("options")
    place = Span(line.span.source, start, start + len(text))
    options, problems = read_options(text, place, syntax, form)
    return Marker(syntax.kind, options, line.span), problems


def read_options(
    text: str, span: Span, marker: MarkerSyntax, form: Form
) -> tuple[tuple[Option, ...], tuple[Problem, ...]]:
    """Reads what stands in the bracket of a marker; see `read_marker`."""
    known = tuple(option for option in marker.options if form in option.forms)
    options: list[Option] = []
    offset = 0
    while offset < len(text):
        for option in known:
            if found := option.pattern.match(text, offset):
                place = Span(span.source, span.start + found.start(), span.start + found.end())
                values = [group.replace("\\/", "/") for group in found.groups()]
                if option.name is not OptionName.SUBSTITUTE:
                    values = list(found.groups())
                options.append(Option(option.name, "".join(values[:1]), place, *values[1:]))
                offset = found.end()
                break
        else:
            place = Span(span.source, span.start + offset, span.end)
            hint = _advice(text[offset:], options, marker, form)
            return tuple(options), (_unreadable(text[offset:], place, hint),)
        if text.startswith(" ", offset):
            offset += 1
    return tuple(options), ()


def _unreadable(rest: str, place: Span, hint: str) -> Problem:
    shown = rest if len(rest) <= LONGEST_SHOWN else f"{rest[:LONGEST_SHOWN]}…"
    return Problem.error("bad-option", place, f"expected an option, found {shown!r}", hint)


def _advice(rest: str, before: Sequence[Option], marker: MarkerSyntax, form: Form) -> str:
    """What to do about the rest of a bracket that no option begins."""
    if rest.startswith(" "):
        return "one space may stand between options, and none before the first"
    if rest.startswith("]"):
        ended = bool(before) and before[-1].name is not OptionName.SUBSTITUTE
        return f"a ] ends `{before[-1].name.value}`: write it without" if ended else "take it out"
    word = WORD_END.split(rest, maxsplit=1)[0]
    known = {option.word: option for option in marker.options if form in option.forms}
    if word in known:
        return f"it is written `{known[word].written}`"
    if any(option.word == word for option in marker.options):
        only = "the modern form" if form is Form.OLD else "the form of 2018"
        return f"`{word}` is known in {only} alone"
    if close := nearest(word, known):
        value = rest[len(word) :].partition(" ")[0]
        return f"did you mean `{close + value if value else known[close].written}`?"
    return f"known here: {', '.join(option.written for option in known.values())}"
