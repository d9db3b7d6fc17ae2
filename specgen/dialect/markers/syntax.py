"""How a marker line and its options are written, and the reader that all markers share."""

from __future__ import annotations

import re
from dataclasses import dataclass

from specgen.dialect.values import Form, Marker, MarkerKind, Option, OptionName
from specgen.problems import Problem
from specgen.source import Line, Span

__all__ = ["BOTH", "MarkerSyntax", "OptionSyntax", "marker_line", "read_marker"]

BOTH = frozenset(Form)


@dataclass(frozen=True, slots=True)
class OptionSyntax:
    """One option: its first group is its value, the second a substitution's replacement."""

    name: OptionName
    pattern: re.Pattern[str]
    forms: frozenset[Form] = BOTH
    example: str = ""


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
    known = tuple(option for option in syntax.options if form in option.forms)
    options, problems = _read_options(text, Span(line.span.source, start, start + len(text)), known)
    return Marker(syntax.kind, options, line.span), problems


def _read_options(
    text: str, span: Span, known: tuple[OptionSyntax, ...]
) -> tuple[tuple[Option, ...], tuple[Problem, ...]]:
    options: list[Option] = []
    offset = 0
    while offset < len(text):
        for syntax in known:
            if found := syntax.pattern.match(text, offset):
                place = Span(span.source, span.start + found.start(), span.start + found.end())
                values = [group.replace("\\/", "/") for group in found.groups()]
                if syntax.name is not OptionName.SUBSTITUTE:
                    values = list(found.groups())
                options.append(Option(syntax.name, "".join(values[:1]), place, *values[1:]))
                offset = found.end()
                break
        else:
            return tuple(options), (_unreadable(text, offset, span, known),)
        if text.startswith(" ", offset):
            offset += 1
    return tuple(options), ()


def _unreadable(text: str, offset: int, span: Span, known: tuple[OptionSyntax, ...]) -> Problem:
    # The list of words is short, and difflib is slow to import: only here is it needed.
    from difflib import get_close_matches

    rest = text[offset:]
    word = re.split(r"[\s:/]", rest, maxsplit=1)[0] or rest[:1]
    place = Span(span.source, span.start + offset, span.end)
    names = [option.name.value for option in known]
    close = get_close_matches(word, names, n=1)
    hint = f"did you mean `{close[0]}`?" if close else f"known here: {', '.join(names)}"
    shown = rest if len(rest) <= 60 else f"{rest[:60]}…"
    return Problem.error("bad-option", place, f"expected an option, found {shown!r}", hint)
