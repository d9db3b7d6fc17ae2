"""Where the line reader and AsciiDoc do not see the same snippets.

The line reader knows dashes and `[source,…]`, nothing else. So it takes the underline of a
title for a snippet, ends a block at any dashes, and passes by blocks that AsciiDoc delimits
otherwise. What a page shows is then not what is replayed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from specgen.asciidoc.page import Listing
from specgen.asciidoc.prose import delimiter_of, verbatim
from specgen.dialect.snippets import DASHES
from specgen.dialect.values import Snippet
from specgen.plan.reading import PageStages
from specgen.problems import Problem
from specgen.source import Line, Span

__all__ = ["two_views"]

EXAMPLES = frozenset({"console", "console-result", "js"})
SHELL = frozenset({"sh", "shell"})
# Nobody is misled by a snippet in a comment: pages keep their setup there. What a cell of a
# table shows is not read here.
UNSEEN = "/|,:!"
WRITE_DASHES = "write ---- alone above and below it, and [source,LANGUAGE] right above that"


@dataclass(frozen=True, slots=True)
class _Views:
    """Both views of one page, by the offset at which a block begins.

    Attributes:
        snippets: What the line reader sees.
        listings: What AsciiDoc shows.
        around: The line that opens the verbatim block around each line inside one.
        underlines: Titles by the offset of the line below them.
        unclosed: Where blocks begin that nothing closes.
    """

    snippets: Mapping[int, Snippet]
    listings: Mapping[int, Listing]
    around: Mapping[int, Line]
    underlines: frozenset[int]
    unclosed: frozenset[int]


def two_views(stages: PageStages) -> Iterator[Problem]:
    """Tells of each block that only one of the two sees, or that both see differently.

    Once the two have lost step, all that follows is a consequence and is not told. Lines that
    a conditional leaves out are in no view.
    """
    if not stages.reading.snippets and not stages.document.outline.listings:
        return
    views = _views(stages)
    source, document = stages.page.source, stages.document
    shown = {line.span.start for line in document.page.lines if line.span.source == source}
    for start in sorted({*views.snippets, *views.listings} & shown):
        problem, loses_step = _difference(views, start)
        if problem:
            yield problem
        if loses_step:
            return


def _views(stages: PageStages) -> _Views:
    source, document = stages.page.source, stages.document
    starts = source.line_starts
    lines = (heading.span for heading in document.outline.headings)
    titles = (span.line for span in lines if span.source == source)
    return _Views(
        {
            each.opening.start: each
            for each in stages.reading.snippets
            if each.opening.source == source
        },
        {each.span.start: each for each in document.outline.listings if each.span.source == source},
        _around(stages.page.lines),
        frozenset(starts[line] for line in titles if line < len(starts)),
        frozenset(each.span.start for each in document.problems if each.code == "open-block"),
    )


def _around(lines: Iterable[Line]) -> dict[int, Line]:
    around: dict[int, Line] = {}
    opening: Line | None = None
    for line in lines:
        mark = delimiter_of(line.text)
        if opening is None:
            opening = line if mark and verbatim(mark) else None
        elif mark == delimiter_of(opening.text):
            opening = None
        else:
            around[line.span.start] = opening
    return around


def _difference(views: _Views, start: int) -> tuple[Problem | None, bool]:
    """What is told of the block that begins at an offset, and whether the views lose step."""
    snippet, listing = views.snippets.get(start), views.listings.get(start)
    if snippet and listing:
        return _both(views, snippet, listing)
    if snippet:
        return _only_a_snippet(views, snippet)
    return _only_a_listing(views, listing) if listing else (None, False)


def _both(views: _Views, snippet: Snippet, listing: Listing) -> tuple[Problem | None, bool]:
    end = listing.span.source.locate(listing.span.end).line
    if snippet.opening.start in views.unclosed:
        return None, True  # told as what it is: a block that nothing closes
    if end != snippet.end_line:
        message = f"a snippet ends here, but the block that the page shows ends on line {end}"
        hint = f"write as many dashes here as on line {snippet.line}"
        return Problem.warning("two-views", snippet.closing, message, hint), True
    told = {snippet.language, listing.language}
    if len(told) == 2 and "" not in told and told & (EXAMPLES | SHELL):
        message = (
            f"the page shows {listing.language} here, and it is replayed as {snippet.language}"
        )
        hint = "write its language once, on the line right above the dashes"
        return Problem.warning("two-views", snippet.opening, message, hint), False
    return None, False


def _only_a_snippet(views: _Views, snippet: Snippet) -> tuple[Problem | None, bool]:
    start = snippet.opening.start
    if opening := views.around.get(start):
        mark = delimiter_of(opening.text)
        if mark[0] in UNSEEN and not DASHES.fullmatch(opening.text):
            return None, False
        if DASHES.fullmatch(opening.text):
            message = f"a snippet opens here, inside the block of line {opening.number}"
            return _told(snippet.opening, message, "write as many dashes below as above"), True
        message = (
            f"a snippet inside the {mark} block of line {opening.number}, which shows it as text"
        )
        hint = "take it out, or into a comment if nobody is to see it"
        return _told(snippet.opening, message, hint), False
    if start in views.underlines:
        message = "these dashes underline a title, and the line reader takes them for a snippet"
        return _told(snippet.opening, message, "write `== Title` instead"), True
    if not snippet.language:
        return None, False  # told as a snippet without a language
    message = "a snippet is replayed from here, but the page shows no listing block"
    return _told(snippet.opening, message, "see what the lines above it make of it"), False


def _only_a_listing(views: _Views, listing: Listing) -> tuple[Problem | None, bool]:
    if not _is_example(listing):
        return None, False
    span = listing.span
    within = next(
        (
            each
            for each in views.snippets.values()
            if each.opening.start < span.start < each.closing.start
        ),
        None,
    )
    first = span.source.span(span.start, span.start + len(span.source.line_text(span.line)))
    if within:
        message = f"the page shows a block here that is inside the snippet of line {within.line}"
        return _told(first, message, "see that each block ends with dashes"), True
    what = f"this {listing.language} block is shown, but is no snippet"
    mark = delimiter_of(first.text)
    why = f"{mark} delimits it" if mark else "no dashes delimit it"
    return _told(first, f"{what}, and so not tested: {why}", WRITE_DASHES), False


def _is_example(listing: Listing) -> bool:
    if listing.style != "source":
        return False
    return listing.language in EXAMPLES or (listing.language in SHELL and "curl" in listing.text)


def _told(span: Span, message: str, hint: str) -> Problem:
    return Problem.warning("two-views", span, message, hint)
