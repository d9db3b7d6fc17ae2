"""Characters that turn the direction of a text: what readers see is not what stands there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from specgen.plan.reading import PageStages
from specgen.problems import Problem
from specgen.source import Source, Span

__all__ = ["bidi_controls"]

# Embeddings, overrides and isolates, as "Trojan Source" (CVE-2021-42574) lists them. The marks
# of one direction (U+200E, U+200F, U+061C) move no other character; right-to-left prose needs
# none of these, for letters have a direction of their own.
CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def bidi_controls(stages: PageStages) -> Iterator[Problem]:
    """One warning for each line with such a character, in the page and in what it includes."""
    sources = {line.span.source: None for line in stages.document.page.lines}
    for source in {stages.page.source: None, **sources}:
        if CONTROLS.search(source.text):
            yield from _of_source(source, stages)


def _of_source(source: Source, stages: PageStages) -> Iterator[Problem]:
    told = 0
    for found in CONTROLS.finditer(source.text):
        line = source.locate(found.start()).line
        if line == told:
            continue
        told = line
        span = Span(source, *found.span())
        code = f"U+{ord(found[0]):04X} {unicodedata.name(found[0])}"
        where = "snippet" if _in_snippet(span, stages) else "line"
        message = f"this {where} reads otherwise than it is: a hidden {code} turns its direction"
        yield Problem.warning("bidi-control", span, message)


def _in_snippet(span: Span, stages: PageStages) -> bool:
    return any(
        each.opening.source == span.source and each.opening.start < span.start < each.closing.end
        for each in stages.reading.snippets
    )
