"""What a cluster gives as a reason, without the names, numbers and values of one case."""

from __future__ import annotations

import re
from dataclasses import dataclass

from specgen.replay.values import Finding

__all__ = ["Answered", "answered", "api_of", "general", "slug"]

# How much of a reason tells causes apart, in characters: it may quote whole documents.
LONGEST = 600
# How many of its words become a part of an id.
MOST_WORDS = 9
GAP = "…"

BRACKETS = re.compile(r"\[[^\[\]]*\]|\{[^{}]*\}|\([^()]*\)")
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`|(?<!\S)/\S+")
WITH_DIGIT = re.compile(r"\S*\d\S*")
# What ends a search tells nothing: what a shard says follows.
NOTHING_TOLD = re.compile(r"\Asearch_phase_execution_exception: all shards failed, caused by ")
STATUS = re.compile(r"(?P<status>[1-5]\d\d)(?:: (?P<reason>.*))?", re.DOTALL)
WORD = re.compile(r"[a-z0-9_]+")
# APIs whose first word only says what family they are of.
FAMILIES = frozenset(
    {
        "_cat",
        "_ccr",
        "_cluster",
        "_connector",
        "_enrich",
        "_ilm",
        "_ingest",
        "_license",
        "_ml",
        "_nodes",
        "_plugins",
        "_rollup",
        "_scripts",
        "_security",
        "_slm",
        "_snapshot",
        "_sql",
        "_transform",
        "_watcher",
        "_xpack",
    }
)


@dataclass(frozen=True, slots=True)
class Answered:
    """How a request ended, as far as a finding tells it.

    Attributes:
        status: The status code that came.
        reason: `type: reason` of the error; empty if none was given.
    """

    status: int
    reason: str


def answered(finding: Finding) -> Answered | None:
    """How the request ended; None where the finding is about something else."""
    says = finding.labels[-1][1] if finding.labels and not finding.pointer else ""
    found = STATUS.fullmatch(says)
    if found is None:
        return None
    return Answered(int(found["status"]), NOTHING_TOLD.sub("", found["reason"] or ""))


def general(reason: str) -> str:
    """A reason with `…` for each name, number, path and quoted value in it."""
    text = reason[:LONGEST]
    for _ in range(8):  # brackets in brackets
        text, before = BRACKETS.sub(GAP, text), text
        if text == before:
            break
    text = WITH_DIGIT.sub(GAP, QUOTED.sub(GAP, text))
    return re.sub(rf"(?:{GAP}[\s,]*)+", f"{GAP} ", text).strip()


def slug(text: str, most: int = MOST_WORDS) -> str:
    """A few words of a text, joined by dashes: the end of an id."""
    return "-".join(WORD.findall(text.lower())[:most])


def api_of(request: str) -> str:
    """The API of a request, without what the page named: `GET …/_doc/…`, `GET _cat/nodes`."""
    method, _, target = request.partition(" ")
    segments = [part for part in target.partition("?")[0].split("/") if part]
    if not segments:
        return f"{method} /"
    kept = 2 if segments[0] in FAMILIES else 0
    told = [
        part if part.startswith("_") or index < kept else GAP for index, part in enumerate(segments)
    ]
    return f"{method} {'/'.join(told)}"
