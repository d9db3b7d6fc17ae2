"""The error that a snippet documents: `catch` put into its markers, changed, or taken out.

A new option goes where a person would write it: into the marker that the snippet has, or onto a
line of its own, whichever the page does. Options that are there stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from specgen.dialect.values import Marker, MarkerKind, Option, OptionName, Snippet
from specgen.mending.page_bytes import line_end_after
from specgen.source import LINE_END, Source, Span
from specgen.suggest.writing import last_line

__all__ = ["catch_edits"]

TextEdit = tuple[Span, str]
SLASHES = re.compile(r"// *")
# These options take all that follows.
LAST = frozenset({OptionName.SKIP, OptionName.WARNING})
# What makes a test of a snippet besides its language.
TESTS = frozenset({MarkerKind.TEST, MarkerKind.CONSOLE})


def catch_edits(snippet: Snippet, page: Sequence[Snippet], catch: str) -> tuple[TextEdit, ...]:
    """The edits after which a snippet documents another error, or none.

    Args:
        snippet: With its closing dashes.
        page: All snippets of its page: how they write markers.
        catch: The error, as in `TEST[catch:…]`; empty for success.

    Returns:
        Stretches of the file that holds the snippet, and what is to stand there.
    """
    markers = [each for each in snippet.markers if each.kind is MarkerKind.TEST]
    known = snippet.options(OptionName.CATCH, MarkerKind.TEST)
    if known and catch:  # the last one counts
        span = known[-1].span
        start = span.end - len(known[-1].value)
        return ((Span(span.source, start, span.end), catch),)
    if known:
        return tuple(edit for marker in markers for edit in _without(snippet, marker))
    if not markers or (all(each.options for each in markers) and _stands_apart(page)):
        return (_new_line(snippet, page, catch),)
    marker = next((each for each in reversed(markers) if each.options), markers[-1])
    return (_one_more(marker, catch),)


def _new_line(snippet: Snippet, page: Sequence[Snippet], catch: str) -> TextEdit:
    """A marker below the others; the reference reads none behind `SPECGEN[…]`."""
    source = snippet.closing.source
    start = source.line_starts[last_line(snippet, MarkerKind.SPECGEN) - 1]
    end = line_end_after(source, start)
    return Span(source, end, end), f"\n{_slashes(snippet, page)}TEST[catch:{catch}]"


def _slashes(snippet: Snippet, page: Sequence[Snippet]) -> str:
    """How markers begin: those of the snippet, else the first ones of the page."""
    for marker in (marker for each in (snippet, *page) for marker in each.markers):
        if found := SLASHES.match(marker.span.text):
            return found[0]
    return "// "


def _one_more(marker: Marker, catch: str) -> TextEdit:
    source, start, _ = marker.span
    if not marker.options:
        end = start + len(marker.span.text.rstrip())
        return Span(source, end, end), f"[catch:{catch}]"
    last = next((each for each in marker.options if each.name in LAST), None)
    if last is not None:
        return Span(source, last.span.start, last.span.start), f"catch:{catch} "
    end = marker.options[-1].span.end
    return Span(source, end, end), f" catch:{catch}"


def _without(snippet: Snippet, marker: Marker) -> tuple[TextEdit, ...]:
    """The edits that take `catch` out of a marker, and the marker along if it says no more."""
    gone = [each.name is OptionName.CATCH for each in marker.options]
    if not any(gone):
        return ()
    if not all(gone):
        return tuple(
            (_with_space(marker.options, place), "") for place, each in enumerate(gone) if each
        )
    others = (each for each in snippet.markers if each is not marker)
    if snippet.language == "console" or any(each.kind in TESTS for each in others):
        return ((_whole_line(marker.span), ""),)
    source, start, _ = marker.span
    bracket = start + marker.span.text.index("[")
    return ((Span(source, bracket, start + len(marker.span.text.rstrip())), ""),)


def _with_space(options: Sequence[Option], place: int) -> Span:
    """An option and the space that parts it from the one before, or from the one behind."""
    source, start, end = options[place].span
    if any(each.name is not OptionName.CATCH for each in options[:place]):
        return Span(source, options[place - 1].span.end, end)
    return Span(source, start, options[place + 1].span.start)


def _whole_line(marker: Span) -> Span:
    """The line of a marker, with its end; at the end of a file, with that of the line above."""
    source: Source = marker.source
    start = source.line_starts[marker.line - 1]
    end = line_end_after(source, start)
    if found := LINE_END.match(source.text, end):
        return Span(source, start, found.end())
    above = source.line_starts[max(marker.line - 2, 0)]
    return Span(source, line_end_after(source, above), end)


def _stands_apart(page: Sequence[Snippet]) -> bool:
    """Whether the page gives each option a line of its own more often than not."""
    apart = together = 0
    for snippet in page:
        own = [each for each in snippet.markers if each.kind is MarkerKind.TEST and each.options]
        apart += len(own) > 1
        together += any(len(each.options) > 1 for each in own)
    return apart > together
