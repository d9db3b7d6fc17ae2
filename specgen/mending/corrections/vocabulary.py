"""The words that the requests of pages use: what a misspelt one was probably meant to be."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from specgen.dialect.values import Request
from specgen.nearest import nearest
from specgen.plan.values import PagePlan, RequestStep

__all__ = ["NO_WORDS", "Vocabulary", "meant_by", "parts_of", "path_of", "vocabulary_of"]

TARGET = re.compile(r"[A-Z]+\s+(?P<path>[^\n?]*)")
WORD = re.compile(r"[a-z][a-z_]*")
KEY = re.compile(r'"(?P<key>[A-Za-z_][\w.]*)"\s*:')
# How much alike a word and the one that was meant are; two letters of four that changed places are.
ALIKE = 0.7
# No word of an API is longer, in characters, and no documentation has more of them; comparing
# words takes its time.
LONGEST = 40
MOST_WORDS = 2_000


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of all requests of some pages.

    Attributes:
        parts: Of paths, as far as they are words of an API.
        parameters: The names of parameters.
        fields: The keys in bodies.
    """

    parts: frozenset[str]
    parameters: frozenset[str]
    fields: frozenset[str]


NO_WORDS = Vocabulary(frozenset(), frozenset(), frozenset())


def vocabulary_of(plans: Iterable[PagePlan]) -> Vocabulary:
    """The words of all requests of pages."""
    requests = [request for plan in plans for request in _requests(plan)]
    bodies = (each.body.text for each in requests if each.body is not None)
    return Vocabulary(
        _short(part for each in requests for _, part in parts_of(each)),
        _short(name for each in requests for name, _ in each.query),
        _short(found["key"] for body in bodies for found in KEY.finditer(body)),
    )


def parts_of(request: Request) -> Iterator[tuple[int, str]]:
    """The parts of a path that are words of an API, each with its place among all parts.

    These begin with an underscore, or stand right behind one that the path begins with.
    """
    parts = path_of(request).split("/")
    first = 0 if parts[0] else 1  # an absolute path has nothing before its first slash
    for place, part in enumerate(parts[first:], first):
        second = place == first + 1 and parts[first].startswith("_")
        if part.startswith("_") or (second and WORD.fullmatch(part)):
            yield place, part


def path_of(request: Request) -> str:
    """The path as the page writes it."""
    found = TARGET.match(request.text.text)
    return found["path"].rstrip() if found else ""


def meant_by(word: str, known: Collection[str]) -> str:
    """The known word that is much like another one; empty if none is.

    What begins with an underscore belongs to an API or its documents, and is no word without it.
    """
    if len(word) > LONGEST or len(known) > MOST_WORDS:
        return ""
    own = word.startswith("_")
    others = (each for each in known if each != word and each.startswith("_") is own)
    return nearest(word, others, ALIKE)


def _requests(plan: PagePlan) -> Iterator[Request]:
    for step in chain(plan.setup, *(case.steps for case in plan.cases)):
        if isinstance(step, RequestStep):
            yield step.request


def _short(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word for word in words if len(word) <= LONGEST)
