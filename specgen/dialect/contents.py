"""The contents of a snippet: callouts removed, substitutions made, every piece mapped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from specgen.dialect.java_regex import JavaRegexError, Patience, ReplacementInvalid
from specgen.dialect.values import Form, Option, OptionName
from specgen.problems import Problem, Related
from specgen.source import Line, MappedText, Span

__all__ = [
    "Substitution",
    "attribute_substitutions",
    "raw_contents",
    "substituted",
    "substitutions_of",
]

CALLOUTS = {Form.OLD: re.compile(r"<\d+>"), Form.MODERN: re.compile(r"<\d+>|\[\^\d+\]")}


# What keeps a snippet from being just what its page says: callouts, white space at the end of a
# line (of every sort that Python strips), and other line ends than a newline.
UNTIDY = {
    form: re.compile(rf"{callout.pattern}|[^\S\n](?:\n|\Z)|\r")
    for form, callout in CALLOUTS.items()
}

# How many earlier substitutions that changed something may be the reason why one finds nothing.
MOST_LOOKED_AT = 20
SPACES = re.compile(r" [+*?]?")
# The characters of a pattern as they are written: `\/` is one of them.
ESCAPED_SLASH = re.compile(r"\\/|.", re.DOTALL)
# `{version}` that nothing defined: what would stand there may be what a pattern is meant for.
OPEN_REFERENCE = re.compile(r"\{[\w-]+\}")


@dataclass(frozen=True, slots=True)
class Substitution:
    r"""A Java regular expression and its replacement, made literal where the dialect asks.

    Attributes:
        pattern: Java's syntax, over the whole contents.
        replacement: Java's syntax (`$1`, `${name}`, `\x`).
        span: The option that asks for it; None for one of the build's own.
    """

    pattern: str
    replacement: str
    span: Span | None = None


# A text answer becomes one regular expression, in which white space is any white space.
NON_JSON = (
    ("^", "/"),
    ("\n$", r"\\s*/"),
    ("( +)", r"$1\\s+"),
    ("\n", r"\\s*" + "\n "),
)


def raw_contents(lines: Sequence[Line], form: Form) -> MappedText:
    """The lines of a snippet without callouts and trailing white space, a newline after each."""
    if not lines:
        return MappedText("", ())
    first, last = lines[0].span, lines[-1].span
    whole = Span(first.source, first.start, last.end + 1)
    # Not so where lines come from several files, or are others than their file has.
    together = whole.text == "".join([f"{line.text}\n" for line in lines])
    if together and not UNTIDY[form].search(whole.text):
        return MappedText.of(whole)  # most snippets stand in the page as they are
    parts: list[MappedText] = []
    for line in lines:
        if _is_tidy(line, form):
            source, start, end = line.span
            parts.append(MappedText.of(Span(source, start, end + 1)))
            continue
        stripped = _without_callouts(line, form)
        kept = len(stripped.text.rstrip())
        parts.append(stripped.slice(0, kept))
        source, _, end = line.span
        line_end = Span(source, end, min(end + 1, len(source.text)))
        exact = line_end.text == "\n" and kept == len(stripped.text)
        parts.append(MappedText.of(line_end) if exact else MappedText.made("\n", line_end))
    return MappedText.join(parts)


def _is_tidy(line: Line, form: Form) -> bool:
    """Whether a line stands in its page as it is, with a newline behind it."""
    text, (source, start, end) = line.text, line.span
    return source.text[start : end + 1] == f"{text}\n" and not UNTIDY[form].search(f"{text}\n")


def _without_callouts(line: Line, form: Form) -> MappedText:
    text = _mapped(line)
    parts, last = [], 0
    for callout in CALLOUTS[form].finditer(line.text):
        parts.append(text.slice(last, callout.start()))
        last = callout.end()
    if not parts:
        return text
    parts.append(text.slice(last, len(line.text)))
    return MappedText.join(parts)


def _mapped(line: Line) -> MappedText:
    """The text of a line with its map: an include may have indented it in another way."""
    span, shown = line.span, line.text.lstrip()
    if line.text == span.text:
        return MappedText.of(span)
    found = span.text.rfind(shown)
    if found < 0:
        return MappedText.made(line.text, span)
    start = span.start + found
    indent = line.text[: len(line.text) - len(shown)]
    return MappedText.join(
        (
            MappedText.made(indent, Span(span.source, span.start, start)),
            MappedText.of(Span(span.source, start, start + len(shown))),
        )
    )


def attribute_substitutions(values: Iterable[tuple[str, str]]) -> tuple[Substitution, ...]:
    """The substitutions that put a value in place of each `{name}`."""
    return tuple(
        Substitution(rf"\{{{re.escape(name)}\}}", re.sub(r"([\\$])", r"\\\1", value))
        for name, value in values
    )


def substitutions_of(
    defaults: Sequence[Substitution], options: Sequence[Option], form: Form
) -> tuple[Substitution, ...]:
    """All substitutions of a snippet in the order in which they are made.

    In the modern form the same pattern given twice is made twice at the place of the first,
    since the reference keeps a map from pattern to replacements; in 2018 the order is that
    of writing.
    """
    wanted = list(defaults)
    for option in options:
        if option.name is OptionName.SUBSTITUTE:
            wanted.append(Substitution(option.value, _literal(option.replacement), option.span))
        elif option.name is OptionName.NON_JSON:
            wanted += [Substitution(old, new) for old, new in NON_JSON]
    if form is Form.OLD:
        return tuple(wanted)
    places = {sub.pattern: index for index, sub in reversed(list(enumerate(wanted)))}
    return tuple(sorted(wanted, key=lambda sub: places[sub.pattern]))


def _literal(replacement: str) -> str:
    r"""`$body` and `$_path` become literal text, `\n` a newline, before Java reads the rest."""
    text = replacement.replace("$body", r"\$body").replace("$_path", r"\$_path")
    return text.replace(r"\n", "\n")


def substituted(
    contents: MappedText,
    substitutions: Sequence[Substitution],
    place: Span,
    patience: Patience | None = None,
) -> tuple[MappedText, tuple[Problem, ...]]:
    """The contents after every substitution that can be made, and a problem for each other.

    Args:
        contents: What the lines of the snippet say.
        substitutions: In the order in which they are made.
        place: Where the snippet stands: the place of what is put into an empty one.
        patience: How long the patterns of the page may still take; None if there are no others.
    """
    patience = patience or Patience()
    contents = contents if contents.segments else MappedText.made("", place)
    problems = []
    before: list[tuple[Substitution, MappedText]] = []
    for wanted in substitutions:
        try:
            replaced = _replace_all(contents, wanted, patience)
        except JavaRegexError as trouble:
            where = _place_of(trouble, wanted) if wanted.span else place
            message = f"the substitution cannot be made: {trouble}"
            problems.append(Problem.error("bad-regex", where, message))
            continue
        if replaced is contents and wanted.span and not OPEN_REFERENCE.search(contents.text):
            problems.append(_without_effect(wanted, contents, before, patience))
        if replaced is not contents:
            before.append((wanted, contents))
        contents = replaced
    return contents, tuple(problems)


def _place_of(trouble: JavaRegexError, wanted: Substitution) -> Span:
    """The character of a pattern that is wrong; the whole option where it is not known."""
    assert wanted.span is not None
    source, start, end = wanted.span
    pattern = ESCAPED_SLASH.findall(wanted.span.text.removeprefix("s/"))
    known = not isinstance(trouble, ReplacementInvalid) and trouble.offset < len(wanted.pattern)
    if not known or "".join(pattern[: len(wanted.pattern)]).replace("\\/", "/") != wanted.pattern:
        return wanted.span
    at = start + len("s/") + sum(map(len, pattern[: trouble.offset]))
    return Span(source, at, min(at + len(pattern[trouble.offset]), end))


def _without_effect(
    wanted: Substitution,
    contents: MappedText,
    before: Sequence[tuple[Substitution, MappedText]],
    patience: Patience,
) -> Problem:
    """Tells why a substitution found nothing: another was faster, or nothing is like that."""
    span = wanted.span
    assert span is not None
    for earlier, seen in reversed(before[-MOST_LOOKED_AT:]):
        if _matches(wanted.pattern, seen.text, patience):
            message = "an earlier substitution has changed all that this one matches"
            hint = "put it before that one, or take it out"
            problem = Problem.warning("no-effect", span, message, hint)
            took = earlier.span and Related("this one changed it", earlier.span)
            return replace(problem, related=(took,)) if took else problem
    message = "this substitution matches nothing in its snippet"
    hint = "correct its pattern, or take it out"
    if _matches(SPACES.sub("", wanted.pattern), re.sub(r"\s+", "", contents.text), patience):
        hint = "it would match but for white space: write it as the snippet has it"
    return Problem.warning("no-effect", span, message, hint)


def _matches(pattern: str, text: str, patience: Patience) -> bool:
    try:
        with patience.using(pattern) as compiled:
            return compiled.find(text)
    except JavaRegexError:
        return False


def _replace_all(contents: MappedText, wanted: Substitution, patience: Patience) -> MappedText:
    with patience.using(wanted.pattern) as pattern:
        substitutions = pattern.substitutions(contents.text, wanted.replacement)
    parts, last = [], 0
    for found in substitutions:
        if found.start > last:
            parts.append(contents.slice(last, found.start))
        if found.text or found.end > found.start:
            span = contents.span(found.start, found.end)
            parts.append(MappedText.made(found.text, span))
        last = found.end
    if last == 0 and not parts:
        return contents
    if last < len(contents.text):
        parts.append(contents.slice(last, len(contents.text)))
    return MappedText.join(parts)
