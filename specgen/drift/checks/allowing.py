"""Problems that a page allows: `// specgen: allow CODE`, above a block or at the page's head."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from specgen.dialect.values import Snippet
from specgen.plan.reading import PageStages
from specgen.problems import CODES, Problem
from specgen.source import Source

__all__ = ["allowed", "bad_allows"]

ALLOW = re.compile(r"// *specgen: *allow +(?P<codes>[\w-]+(?:[ ,]+[\w-]+)*) *")
OURS = re.compile(r"[ \t]*//[ \t]*specgen\b.*")
SEPARATOR = re.compile(r"[ ,]+")
# What stands between a comment and the block that it is about.
ABOUT_A_BLOCK = re.compile(r"//.*|\[.*\]\s*|\.[^\s.].*")


def allowed(problem: Problem, snippets: Sequence[Snippet] = ()) -> bool:
    """Whether a comment of the page allows a problem.

    The comment stands among the comments, attributes and titles right above the line or the
    snippet, or before the first title or block of the page, which allows it everywhere in it.

    Args:
        problem: What is wrong, and where.
        snippets: Those of the page: what is wrong in one, or with a marker of it, is allowed
            above it, since no comment can stand inside.
    """
    source, line = problem.span.source, problem.span.line
    codes = {*_codes_above(source, line), *_codes_of_head(source)}
    for snippet in snippets:
        last = max((marker.span.end for marker in snippet.markers), default=0)
        if snippet.opening.source != source:
            continue
        if snippet.opening.start <= problem.span.start <= max(last, snippet.closing.end):
            codes.update(_codes_above(source, snippet.line))
    return problem.code in codes


def bad_allows(stages: PageStages) -> Iterator[Problem]:
    """Comments that begin as one of ours and allow nothing, or a code that there is not."""
    for line in stages.page.lines:
        if "specgen" not in line.text or not OURS.fullmatch(line.text):
            continue
        found = ALLOW.fullmatch(line.text)
        if not found:
            message = "a comment to specgen that it does not understand"
            hint = "write `// specgen: allow CODE` at the start of a line"
            yield Problem.warning("bad-allow", line.span, message, hint)
            continue
        for word in re.finditer(r"[\w-]+", found["codes"]):
            if word[0] not in CODES:
                start = line.span.start + found.start("codes") + word.start()
                span = line.span.source.span(start, start + len(word[0]))
                message = f"there is no code {word[0]!r} to allow"
                yield Problem.warning("bad-allow", span, message, _closest(word[0]))


def _closest(word: str) -> str:
    from difflib import get_close_matches  # only needed for a mistake

    close = get_close_matches(word, CODES, n=1)
    return f"did you mean `{close[0]}`?" if close else "the code is the word in brackets"


def _codes_above(source: Source, line: int) -> Iterator[str]:
    for above in range(line - 1, 0, -1):
        text = source.line_text(above)
        if not ABOUT_A_BLOCK.fullmatch(text):
            return
        yield from _codes(text)


def _codes_of_head(source: Source) -> Iterator[str]:
    for number in range(1, len(source.line_starts) + 1):
        text = source.line_text(number)
        if text.strip() and not text.startswith("//"):
            return
        yield from _codes(text)


def _codes(text: str) -> Iterator[str]:
    if found := ALLOW.fullmatch(text):
        yield from SEPARATOR.split(found["codes"])
