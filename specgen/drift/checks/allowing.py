"""Problems that a page allows: `// specgen: allow CODE`, above a block or at the page's head."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import lru_cache
from types import MappingProxyType

from specgen.dialect.values import Snippet
from specgen.nearest import nearest
from specgen.plan.reading import PageStages
from specgen.problems import CODES, Problem, Severity
from specgen.source import Line, Source, Span

__all__ = ["OPENAPI", "allowing", "bad_allows", "by_file", "unused_allows"]

NO_SNIPPETS: Mapping[str, Sequence[Snippet]] = MappingProxyType({})

ALLOW = re.compile(r"// *specgen: *allow +(?P<codes>[\w-]+(?:[ ,]+[\w-]+)*) *")
OURS = re.compile(r"[ \t]*//[ \t]*specgen\b.*")
WORD = re.compile(r"[\w-]+")
# What stands between a comment and the block that it is about.
ABOUT_A_BLOCK = re.compile(r"//.*|\[.*\]\s*|\.[^\s.].*")
# Looked for only when somebody asks for it, so that an `allow` may wait for it.
OPENAPI = frozenset(code for code in CODES if code.startswith("openapi-"))
ASKED_FOR = OPENAPI | {"asciidoc3"}
# How far above a line, and into a page, a comment is looked for.
MOST_ABOVE = 200


def allowing(
    problem: Problem, snippets: Mapping[str, Sequence[Snippet]] = NO_SNIPPETS
) -> tuple[Span, ...]:
    """The words of comments that allow a problem; none if no comment does.

    Such a comment stands among the comments, attributes and titles right above the line or the
    snippet, or before the first title or block of the page, which allows it everywhere in it.

    Args:
        problem: What is wrong, and where.
        snippets: Those of the page by file, as `by_file` has them: what is wrong in one, above
            it or with a marker of it, is allowed above it, since no comment can stand inside.
    """
    source, start, _ = problem.span
    if not _allows_something(source):
        return ()
    words = [*_words_above(source, problem.span.line), *_words_of_head(source)]
    mine = snippets.get(source.path, ())
    before = bisect_right(mine, start, key=lambda each: each.opening.start)
    if before and start <= _end(mine[before - 1]):
        words += _words_above(source, mine[before - 1].line)
    return tuple(dict.fromkeys(word for word in words if word.text == problem.code))


def by_file(snippets: Iterable[Snippet]) -> Mapping[str, Sequence[Snippet]]:
    """Snippets by the file that they begin in, each once and in its order there."""
    found: dict[str, dict[int, Snippet]] = {}
    for snippet in snippets:
        found.setdefault(snippet.opening.source.path, {})[snippet.opening.start] = snippet
    return {path: [each[start] for start in sorted(each)] for path, each in found.items()}


def _end(snippet: Snippet) -> int:
    """Where the last of a snippet's markers ends, or the snippet itself."""
    return max([snippet.closing.end, *(marker.span.end for marker in snippet.markers)])


@lru_cache(maxsize=1024)
def _allows_something(source: Source) -> bool:
    return ALLOW.search(source.text) is not None


def bad_allows(stages: PageStages) -> Iterator[Problem]:
    """Comments that begin as one of ours and allow nothing, or a code that there is not."""
    for line in _comments(stages):
        found = ALLOW.fullmatch(line.text)
        if not found:
            message = "a comment to specgen that it does not understand"
            hint = "write `// specgen: allow CODE` at the start of a line"
            yield Problem.warning("bad-allow", line.span, message, hint)
            continue
        for word in _words(line.span):
            if word.text not in CODES:
                message = f"there is no code {word.text!r} to allow"
                yield Problem.warning("bad-allow", word, message, _closest(word.text))


def unused_allows(stages: PageStages, used: Iterable[Span], asked: Set[str]) -> Iterator[Problem]:
    """Words of comments that allow what is not wrong.

    Args:
        stages: What each stage saw of the page.
        used: The words that allow something.
        asked: Codes that were looked for beside the usual ones: nobody knows of the others.
    """
    needed = set(used)
    for line in _comments(stages):
        for word in _words(line.span):
            waits = word.text in ASKED_FOR - asked
            if word.text in CODES and word not in needed and not waits:
                message = f"this allows {word.text!r}, and nothing of that kind is wrong below it"
                hint = "take it out, so that such a problem is told once there is one"
                yield Problem("unused-allow", Severity.NOTE, word, message, hint)


def _comments(stages: PageStages) -> Iterator[Line]:
    """The comments to specgen of a page; what stands inside a snippet is none."""
    source = stages.page.source
    mine = by_file(stages.reading.snippets).get(source.path, ())
    for line in stages.page.lines:
        if "specgen" in line.text and OURS.fullmatch(line.text):
            start = line.span.start
            before = bisect_right(mine, start, key=lambda each: each.opening.start)
            if not before or start > mine[before - 1].closing.start:
                yield line


def _closest(word: str) -> str:
    close = nearest(word, CODES)
    return f"did you mean `{close}`?" if close else "the code is the word in brackets"


def _words_above(source: Source, line: int) -> Iterator[Span]:
    """The words right above a line, the nearest first."""
    lines, words = _comment_lines(source)
    first = max(_first_above(source)[line - 1], line - MOST_ABOVE)
    for number in reversed(lines[bisect_left(lines, first) : bisect_left(lines, line)]):
        yield from words[number]


@lru_cache(maxsize=64)
def _first_above(source: Source) -> Sequence[int]:
    """For each line the first of those above it that are comments, attributes or titles."""
    found = [1]
    for number in range(1, len(source.line_starts)):
        about = ABOUT_A_BLOCK.fullmatch(source.line_text(number))
        found.append(found[-1] if about else number + 1)
    return found


@lru_cache(maxsize=64)
def _comment_lines(source: Source) -> tuple[Sequence[int], Mapping[int, Sequence[Span]]]:
    """The lines with comments of ours, and the words of each."""
    lines = range(1, len(source.line_starts) + 1)
    found = ((number, tuple(_words(_line(source, number)))) for number in lines)
    words = {number: each for number, each in found if each}
    return tuple(words), words


@lru_cache(maxsize=64)
def _words_of_head(source: Source) -> Sequence[Span]:
    found: list[Span] = []
    for number in range(1, min(len(source.line_starts), MOST_ABOVE) + 1):
        text = source.line_text(number)
        if text.strip() and not text.startswith("//"):
            break
        found += _words(_line(source, number))
    return found


def _line(source: Source, number: int) -> Span:
    start = source.line_starts[number - 1]
    return Span(source, start, start + len(source.line_text(number)))


def _words(line: Span) -> Iterator[Span]:
    """The codes that a line allows, each where it stands; none if it is no such comment."""
    source, start, end = line
    if found := ALLOW.fullmatch(source.text, start, end):
        for word in WORD.finditer(source.text, *found.span("codes")):
            yield Span(source, *word.span())
