"""The line reader: finds the snippets of a page and the markers that speak of them.

It reads line by line and knows no AsciiDoc beyond dashes and `[source,…]`, as the reference
does: a snippet inside a comment counts, since that is where pages keep their setup.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from specgen.asciidoc.page import Page
from specgen.dialect.contents import Substitution, raw_contents, substituted, substitutions_of
from specgen.dialect.java_regex import Patience
from specgen.dialect.markers import ALL, find_marker
from specgen.dialect.values import Form, Marker, MarkerKind, Snippet
from specgen.problems import Problem, Severity
from specgen.source import Line, Span

__all__ = [
    "NAME",
    "SOURCE",
    "Reading",
    "find_snippets",
    "form_of",
    "is_candidate",
    "span_of",
    "without_own_markers",
]

# What every line begins with that is more than text.
STARTS = ("--", "[", "//")
DASHES = re.compile(r"-{4,} *")
SOURCE = {
    Form.OLD: re.compile(
        r'\["?source[.\w-]*"?, *"?(?P<language>\w++)(?!-)"?(?P<rest>[^\]]*)\].*', re.ASCII
    ),
    Form.MODERN: re.compile(
        r'\["?source[.\w-]*"?, *"?(?P<language>[\w-]+)"?(?P<rest>[^\]]*)\].*', re.ASCII
    ),
}
NAME = re.compile(r'(?:^|[ ,])id="?(?P<name>[^",\]]+)"?')
# A source line that stands further above its dashes is hardly meant for them.
MOST_LINES_AWAY = 5
TEST_ENV = re.compile(r'\[testenv= *"(?P<env>[^"\]]+)" *\] *')
MODERN_LANGUAGE = re.compile(r'\["?source[.\w-]*"?, *"?(?:console|\w+-[\w-]+)"?[,\]].*', re.ASCII)
# What stands in every marker that the modern form alone knows; reading markers costs more.
MODERN_WORD = re.compile(
    "|".join(
        {each.kind.value for each in ALL if Form.OLD not in each.forms}
        | {option.word for each in ALL for option in each.options if Form.OLD not in option.forms}
    )
)


@dataclass(frozen=True, slots=True)
class Reading:
    """The snippets of a page in order, and what could not be read.

    Attributes:
        markers: What speaks for the page as a whole: each SPECGEN above the first snippet.
    """

    form: Form
    snippets: tuple[Snippet, ...]
    problems: tuple[Problem, ...]
    markers: tuple[Marker, ...] = ()


@dataclass(slots=True)
class _Draft:
    """A snippet while its lines and markers come in."""

    opening: Line
    language: str
    name: str
    test_env: str
    # How many lines above the dashes a `[source,…]` stands whose language does not reach them.
    away: int = 0
    lines: list[Line] = field(default_factory=list)
    markers: list[Marker] = field(default_factory=list)
    kinds: set[MarkerKind] = field(default_factory=set)
    closing: Line | None = None


@dataclass(slots=True)
class _Reader:
    form: Form
    defaults: tuple[Substitution, ...]
    draft: _Draft | None = None
    source_line: tuple[int, str, str] = (-1, "", "")
    test_env: str = ""
    snippets: list[Snippet] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    markers: list[Marker] = field(default_factory=list)
    patience: Patience = field(default_factory=Patience)


def form_of(page: Page) -> Form:
    """Modern if a snippet or a marker is, else of 2018.

    The languages of the modern form are `console` and `console-result`, and those with a hyphen,
    of which that of 2018 makes nothing. Pages of 2019 say `// CONSOLE` still, and have the markers
    of the modern form already.
    """
    modern = any(
        MODERN_LANGUAGE.fullmatch(line.text)
        if line.text.startswith("[")
        else MODERN_WORD.search(line.text) and _only_modern(line)
        for line in page.lines
        if line.text.startswith(("[", "//"))
    )
    return Form.MODERN if modern else Form.OLD


def _only_modern(line: Line) -> bool:
    """Whether a line is a marker without fault in the modern form, and none in that of 2018."""
    old, modern = (_marks(line, form) for form in (Form.OLD, Form.MODERN))
    return modern and not old


def _marks(line: Line, form: Form) -> bool:
    found = find_marker(line, form)
    return found is not None and not found[1]


def find_snippets(
    page: Page, form: Form | None = None, defaults: Sequence[Substitution] = ()
) -> Reading:
    """Reads the snippets of a page.

    Args:
        page: Its lines.
        form: Which form of the dialect; by default what the page itself tells.
        defaults: Substitutions that come before those of the page's markers.
    """
    reader = _Reader(form or form_of(page), tuple(defaults))
    for index, line in enumerate(page.lines):
        if line.text.startswith(STARTS):
            _take(reader, index, line)
        elif reader.draft is not None:
            _outside(reader, line)
    if reader.draft is not None:
        _finish(reader, page.lines[-1])
    return Reading(
        reader.form, tuple(reader.snippets), tuple(reader.problems), tuple(reader.markers)
    )


def _take(reader: _Reader, index: int, line: Line) -> None:
    draft = reader.draft
    if DASHES.fullmatch(line.text):
        _dashes(reader, index, line)
    elif source := SOURCE[reader.form].fullmatch(line.text):
        if draft is not None and draft.closing is not None:
            _note_glue(reader, line)
            _finish(reader, draft.closing)
        modern = reader.form is Form.MODERN
        name = NAME.search(source["rest"]) if modern else None
        reader.source_line = (index, source["language"], name["name"].strip() if name else "")
    elif (marker := find_marker(line, reader.form)) and _may_mark(reader, marker[0]):
        _mark(reader, *marker)
    elif reader.form is Form.OLD and (env := TEST_ENV.fullmatch(line.text)):
        reader.test_env = env["env"]
        _outside(reader, line)
    else:
        _outside(reader, line)


def _dashes(reader: _Reader, index: int, line: Line) -> None:
    if reader.draft is None:
        above, language, name = reader.source_line
        if above == index - 1:
            reader.draft = _Draft(line, language, name, reader.test_env)
        else:
            away = index - above if language else 0
            reader.draft = _Draft(line, "", "", reader.test_env, away)
        reader.source_line = (-1, "", "")
    else:
        reader.draft.closing = line


def _outside(reader: _Reader, line: Line) -> None:
    draft = reader.draft
    if draft is None:
        return
    if draft.closing is None:
        draft.lines.append(line)
    elif line.text.strip() != "+":
        _finish(reader, draft.closing)


def _may_mark(reader: _Reader, marker: Marker) -> bool:
    """Whether a marker is one where it stands: the reference takes its own inside a snippet too."""
    inside = reader.draft is not None and reader.draft.closing is None
    return not (inside and marker.kind is MarkerKind.SPECGEN)


def _mark(reader: _Reader, marker: Marker, problems: tuple[Problem, ...]) -> None:
    reader.problems += problems
    if marker.kind is MarkerKind.SPECGEN and reader.draft is None and not reader.snippets:
        reader.markers.append(marker)
        return
    if reader.draft is None:
        message = f"{marker.kind.value} is not paired with a snippet"
        hint = "a marker stands right below the closing dashes of its snippet"
        if marker.kind is MarkerKind.SPECGEN:
            hint += ", or above the first snippet for the whole page"
        reader.problems.append(Problem.error("unpaired-marker", marker.span, message, hint))
        return
    kinds = reader.draft.kinds
    if MarkerKind.SPECGEN in kinds and marker.kind is not MarkerKind.SPECGEN:
        message = f"{marker.kind.value} stands below SPECGEN"
        hint = "move SPECGEN below it: the reference reads no marker behind one it does not know"
        reader.problems.append(Problem.error("bad-order", marker.span, message, hint))
        return
    either = {MarkerKind.CONSOLE, MarkerKind.NOTCONSOLE}
    if marker.kind in either and kinds & either:
        message = f"{marker.kind.value}: the snippet is already marked CONSOLE or NOTCONSOLE"
        hint = "leave one of the two markers"
        reader.problems.append(Problem.error("bad-order", marker.span, message, hint))
        return
    reader.draft.markers.append(marker)
    kinds.add(marker.kind)


def _note_glue(reader: _Reader, line: Line) -> None:
    message = "no line between the snippet above and this one"
    hint = "leave an empty line: the reference takes the next block for a part of this snippet"
    reader.problems.append(Problem("glued-snippets", Severity.NOTE, line.span, message, hint))


def _finish(reader: _Reader, last: Line) -> None:
    draft = reader.draft
    assert draft is not None
    reader.draft = None
    closing = draft.closing or last
    options = [option for marker in draft.markers for option in marker.options]
    wanted = substitutions_of(reader.defaults, options, reader.form)
    contents, problems = substituted(
        raw_contents(draft.lines, reader.form), wanted, draft.opening.span, reader.patience
    )
    snippet = Snippet(
        draft.language,
        draft.name,
        contents,
        tuple(draft.markers),
        draft.test_env,
        draft.opening.span,
        closing.span,
        draft.opening.in_page.to(closing.in_page),
        next((each.message for each in problems if each.severity is Severity.ERROR), ""),
    )
    reader.snippets.append(snippet)
    reader.problems += (*problems, *_judge(snippet, draft.away))


def _judge(snippet: Snippet, away: int) -> tuple[Problem, ...]:
    """The errors that show only when a snippet is complete."""
    if not snippet.language:
        message = "expected `[source,LANGUAGE]` on the line above the dashes"
        hint = "without a language the snippet cannot be a test, nor be left out"
        if 0 < away <= MOST_LINES_AWAY:
            hint = f"move the `[source,…]` of line {snippet.line - away} down to it"
        return (Problem.error("missing-language", snippet.opening, message, hint),)
    shell = snippet.language in {"sh", "shell"}
    if shell and snippet.console is False and "curl" not in snippet.contents.text:
        message = "NOTCONSOLE on a shell snippet without curl, which would be no test anyway"
        marker = next(each for each in snippet.markers if each.kind is MarkerKind.NOTCONSOLE)
        return (Problem.error("bad-order", marker.span, message, "take the marker out"),)
    return ()


def without_own_markers(reading: Reading) -> Reading:
    """The same snippets as the reference sees them, which knows no `SPECGEN[…]`."""
    return replace(reading, snippets=tuple(map(_as_reference, reading.snippets)), markers=())


def _as_reference(snippet: Snippet) -> Snippet:
    markers = (marker for marker in snippet.markers if marker.kind is not MarkerKind.SPECGEN)
    return replace(snippet, markers=tuple(markers))


def span_of(snippet: Snippet) -> Span:
    """From the opening dashes of a snippet to its closing ones, if they stand in one file."""
    return snippet.opening.to(snippet.closing)


def is_candidate(snippet: Snippet) -> bool:
    """Whether a snippet should have been a test: `js` without a marker, or curl in a shell."""
    if snippet.markers:
        return False
    if snippet.language == "js":
        return True
    return snippet.language in {"sh", "shell"} and "curl" in snippet.contents.text
