"""What cannot be seen: characters that turn the direction of a text, bytes that are no text."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from specgen.dialect.values import Snippet
from specgen.drift.checks.allowing import by_file
from specgen.plan.reading import PageStages
from specgen.problems import Problem
from specgen.source import Source, Span

__all__ = ["bidi_controls", "broken_text"]

# Embeddings, overrides and isolates, as "Trojan Source" (CVE-2021-42574) lists them. The marks
# of one direction (U+200E, U+200F, U+061C) move no other character; right-to-left prose needs
# none of these, for letters have a direction of their own.
CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def bidi_controls(stages: PageStages) -> Iterator[Problem]:
    """One warning for each line with such a character, in the page and in what it includes."""
    for source in _sources(stages):
        if CONTROLS.search(source.text):
            yield from _of_source(source, stages)


def broken_text(stages: PageStages) -> Iterator[Problem]:
    """The first byte of a file that is no UTF-8: specgen reads it, and sends it, as U+FFFD."""
    for source in _sources(stages):
        try:
            source.data.decode()
        except UnicodeDecodeError as trouble:
            before = source.data[: trouble.start].decode().removeprefix("\ufeff")
            span = Span(source, len(before), min(len(before) + 1, len(source.text)))
            byte = source.data[trouble.start]
            message = f"the byte 0x{byte:02x} is no UTF-8, so what stands here is lost"
            yield Problem.warning("broken-text", span, message)


def _sources(stages: PageStages) -> Iterable[Source]:
    """The page and what it includes, each once."""
    lines = (line.span.source for line in stages.document.page.lines)
    return dict.fromkeys((stages.page.source, *lines))


def _of_source(source: Source, stages: PageStages) -> Iterator[Problem]:
    snippets = by_file(stages.reading.snippets).get(source.path, ())
    told = 0
    for found in CONTROLS.finditer(source.text):
        line = source.locate(found.start()).line
        if line == told:
            continue
        told = line
        code = f"U+{ord(found[0]):04X} {unicodedata.name(found[0])}"
        where = "snippet" if _is_inside(found.start(), snippets) else "line"
        message = f"this {where} reads otherwise than it is: a hidden {code} turns its direction"
        yield Problem.warning("bidi-control", Span(source, *found.span()), message)


def _is_inside(offset: int, snippets: Sequence[Snippet]) -> bool:
    before = bisect_right(snippets, offset, key=lambda each: each.opening.start)
    return bool(before) and offset < snippets[before - 1].closing.end
