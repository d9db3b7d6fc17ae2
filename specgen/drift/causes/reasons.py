"""What a cluster gives as a reason, without the names, numbers and values of one case."""

from __future__ import annotations

import re

__all__ = ["api_of", "general", "slug"]

# How much of a reason tells causes apart, in characters: it may quote whole documents.
LONGEST = 600
# How many of its words become a part of an id.
MOST_WORDS = 9
LONGEST_SLUG = 120
GAP = "…"

BRACKETS = re.compile(r"\[[^\[\]]*\]|\{[^{}]*\}|\([^()]*\)")
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`|(?<!\S)/\S+")
WITH_DIGIT = re.compile(r"\S*\d\S*")
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
    return "-".join(WORD.findall(text.lower())[:most])[:LONGEST_SLUG].rstrip("-")


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
