"""Markers into pages: lines to put in, and the bytes of a page with them, all others as before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from specgen.dialect.values import MarkerKind, Option, OptionName, Snippet
from specgen.suggest.values import LineEdit, Place

__all__ = ["edited", "is_closed", "last_line", "own_markers"]

LINES = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")
END = re.compile(rb"[\r\n]+\Z")
DASHES = re.compile(r"-{4,} *")
# How long to wait for what is not always so at once.
WAIT = "5s"
# These options take all that follows.
LAST = frozenset({OptionName.REQUIRES, OptionName.NOT_A_TEST})


def edited(data: bytes, edits: Iterable[LineEdit]) -> bytes:
    """The bytes of a page with marker lines put in; no other byte is changed.

    A new line ends as the line above it does; below a last line without an end, it has none
    either.
    """
    lines: list[bytes] = LINES.findall(data)
    usual = next(filter(None, map(_end_of, lines)), b"\n")
    # From the last to the first, so that the numbers of lines above stay as they are.
    in_order = sorted(edits, key=lambda each: each.line)
    for edit in in_order[::-1]:
        above = lines[edit.line - 1]
        end = _end_of(above)
        if edit.replaces:
            lines[edit.line - 1] = edit.text.encode() + end
        elif end:
            lines.insert(edit.line, edit.text.encode() + end)
        else:
            lines[edit.line - 1 :] = [above + usual, edit.text.encode()]
    return b"".join(lines)


def _end_of(line: bytes) -> bytes:
    found = END.search(line)
    return found[0] if found else b""


def is_closed(snippet: Snippet) -> bool:
    """Whether a snippet has its closing dashes: else nothing can be put below them."""
    apart = snippet.closing.start != snippet.opening.start
    return apart and DASHES.fullmatch(snippet.closing.text) is not None


def own_markers(snippet: Snippet, places: Sequence[Place]) -> tuple[LineEdit, ...]:
    """`// SPECGEN[…]` below the snippet's other markers, or more options in one that is there."""
    wanted: dict[OptionName, list[str]] = {}
    for place in places:
        wanted.setdefault(place.option, []).append(place.pointer or WAIT)
    own = [each for each in snippet.markers if each.kind is MarkerKind.SPECGEN and each.options]
    # A character that could not be read would be written as another one.
    if own and "\ufffd" not in own[-1].span.text:
        marker = own[-1]
        text, start = marker.span.text, marker.span.start
        inserts: dict[int, str] = {}
        for name, given in wanted.items():
            at, more = _insert(marker.options, name, given)
            inserts[at] = inserts.get(at, "") + more
        for at in sorted(inserts, reverse=True):
            text = text[: at - start] + inserts[at] + text[at - start :]
        return (LineEdit(marker.span.line, text, replaces=True),)
    options = (f"{name.value}:{','.join(given)}" for name, given in wanted.items())
    return (LineEdit(last_line(snippet), f"// SPECGEN[{' '.join(options)}]"),)


def _insert(options: Sequence[Option], name: OptionName, given: Sequence[str]) -> tuple[int, str]:
    """Where in a page to put more into a marker, and what."""
    for option in options:
        if option.name is name:
            return option.span.end, f",{','.join(given)}"
    text = f"{name.value}:{','.join(given)}"
    first = next((each for each in options if each.name in LAST), None)
    return (first.span.start, f"{text} ") if first else (options[-1].span.end, f" {text}")


def last_line(snippet: Snippet, before: MarkerKind | None = None) -> int:
    """The line of a snippet's last marker, or of its closing dashes.

    Args:
        snippet: The snippet.
        before: Markers of this kind do not count.
    """
    spans = [each.span for each in snippet.markers if each.kind is not before]
    return max(span.line for span in (snippet.closing, *spans))
