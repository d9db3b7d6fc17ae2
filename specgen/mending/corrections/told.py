"""What a refusal says of a request: the corrections that a careful writer would think of.

None of them is believed: each is tried, and dropped if the request is refused all the same. The
words are those of Elasticsearch 7 and 8 and of OpenSearch.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from specgen.dialect.values import Request
from specgen.mending.corrections.paths import NO_TYPES, path_corrections
from specgen.mending.corrections.values import Correction, Part
from specgen.mending.corrections.vocabulary import Vocabulary, meant_by
from specgen.replay.answered import Answered

__all__ = ["corrections_for"]

MEANT = r" did you mean (?:any of )?\[(?P<meant>[^\[\]]+)\]"
PARAMETERS = re.compile(r"contains unrecognized parameters?: (?P<named>\[.*)", re.DOTALL)
NAMED = re.compile(rf"\[(?P<name>[^\[\]]+)\](?: ->{MEANT})?")
# A level in a mapping that is no field, told by what it holds, is the name of a type.
LEVEL = re.compile(r"unsupported parameters:\s+\[(?P<name>[^\s:\[\]]+) : \{")
NESTED = re.compile(r"mapping definition cannot be nested under a type(?: \[(?P<name>[^\[\]]+)\])?")
UNKNOWN = re.compile(
    r"\b(?:unknown|unrecognized|unsupported|unexpected|does not support|doesn't support)\b"
    rf"[^\[\]]*\[(?P<name>[^\s:\[\]]+)(?: : [^\[\]]*)?\](?:{MEANT})?",
    re.IGNORECASE,
)


def corrections_for(request: Request, told: Answered, words: Vocabulary) -> Iterator[Correction]:
    """What could be corrected of a request that was refused, the likeliest first.

    Args:
        request: As it was sent.
        told: How it ended.
        words: Those of all requests of the pages.
    """
    if not 400 <= told.status < 500:
        return
    if request.body is not None:
        yield from _levels(told.reason)
    yield from path_corrections(request, told.reason, words)
    yield from _parameters(request, told.reason, words)
    if request.body is not None:
        yield from _fields(told.reason, words)


def _levels(reason: str) -> Iterator[Correction]:
    if found := LEVEL.search(reason) or NESTED.search(reason):
        yield Correction(Part.LEVEL, found["name"] or "")
    elif NO_TYPES.search(reason):
        yield Correction(Part.LEVEL, "")


def _parameters(request: Request, reason: str, words: Vocabulary) -> Iterator[Correction]:
    told = PARAMETERS.search(reason)
    sent = {name for name, _ in request.query}
    for found in NAMED.finditer(told["named"]) if told else ():
        if found["name"] in sent:
            yield from _instead(Part.PARAMETER, found, words.parameters)


def _fields(reason: str, words: Vocabulary) -> Iterator[Correction]:
    for found in UNKNOWN.finditer(reason):
        yield from _instead(Part.FIELD, found, words.fields)


def _instead(part: Part, found: re.Match[str], known: Collection[str]) -> Iterator[Correction]:
    """The names that the cluster thinks of, that of other requests, then none."""
    name = found["name"]
    meant = (*(found["meant"] or "").split(", "), meant_by(name, known))
    for new in dict.fromkeys(filter(None, meant)):
        yield Correction(part, name, new)
    yield Correction(part, name)
