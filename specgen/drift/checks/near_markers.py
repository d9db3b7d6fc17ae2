"""Comments that look like a marker and are none: misspelt, or not written as markers are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from specgen.dialect.markers import find_marker
from specgen.dialect.values import Form, MarkerKind
from specgen.nearest import nearest
from specgen.plan.reading import PageStages
from specgen.problems import Problem
from specgen.source import Line

__all__ = ["near_markers"]

NEAR = re.compile(
    r"(?P<before>[ \t]*)(?P<slashes>/{2,})(?P<gap>\s*)(?P<word>[A-Za-z_]{4,})\b(?P<rest>.*)"
)
KINDS = tuple(kind.value for kind in MarkerKind)
WITH_OPTIONS = (
    MarkerKind.TEST.value,
    MarkerKind.TESTRESPONSE.value,
    MarkerKind.SPECGEN.value,
)


def near_markers(stages: PageStages) -> Iterator[Problem]:
    """Tells of every comment outside snippets that was meant as a marker and is none."""
    source, form = stages.page.source, stages.reading.form
    snippets = [each for each in stages.reading.snippets if each.opening.source == source]
    for line in stages.page.lines:
        found = NEAR.fullmatch(line.text) if "//" in line.text else None
        if not found or find_marker(line, form):
            continue
        if any(each.opening.start <= line.span.start < each.closing.start for each in snippets):
            continue
        if kind := _meant(found["word"], found["rest"].strip()):
            yield _problem(line, found, kind, form)


def _meant(word: str, rest: str) -> str:
    """The marker that a word was meant as; empty for prose.

    Prose is told apart by what a marker never has: small letters, or words behind it. A word
    that is spelt as a marker is one of them whatever follows, since the reference is silent
    on it.
    """
    if word in KINDS:
        return word
    options, upper = rest.startswith("["), word.upper()
    if (rest and not options) or (not options and not word.isupper() and upper not in KINDS):
        return ""
    return nearest(upper, KINDS, 0.7 if options else 0.8)


def _problem(line: Line, found: re.Match[str], kind: str, form: Form) -> Problem:
    why = _why(found, kind, form)
    message = f"this comment is no marker: {why}"
    options = re.match(r"\s*(\[[^\]\s].*\])\s*$", found["rest"])
    written = f"// {kind}{options[1] if options and kind in WITH_OPTIONS else ''}"
    if kind == MarkerKind.SPECGEN and not options:
        written += "[…]"
    hint = "leave it out, or use the modern form" if why.endswith("modern form") else ""
    span = line.span.source.span(line.span.start + found.start("slashes"), line.span.end)
    return Problem.warning("misspelt-marker", span, message, hint or f"did you mean `{written}`?")


def _why(found: re.Match[str], kind: str, form: Form) -> str:
    rest = found["rest"]
    if found["word"] != kind:
        return f"there is none called {found['word']}"
    if found["before"]:
        return "one starts in the first column"
    if found["slashes"] != "//":
        return "one starts with two slashes"
    if "\t" in found["gap"] + rest or found["gap"].strip(" "):
        return "only spaces may stand around its word, no tabs"
    if not rest.strip() and kind == MarkerKind.SPECGEN:
        return "SPECGEN says nothing without options"
    if not rest.strip():
        return f"{kind} is known in the modern form" if form is Form.OLD else "it is not known here"
    if not rest.lstrip().startswith("["):
        return f"words follow {kind}"
    if kind not in WITH_OPTIONS:
        return f"{kind} takes no options"
    if rest.strip() == "[]":
        return "its bracket is empty"
    if rest.startswith(" "):
        return "no space may stand before its bracket"
    return "nothing may follow its bracket" if "]" in rest else "its bracket is not closed"
