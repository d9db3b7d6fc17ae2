"""Reads the requests of pages that present an API by examples alone.

Pages of 2018 seldom have a Request section: below the title "Cluster Health" stands "The
cluster health API …" and then an example. That documents a request only if nothing in its path
is somebody's choice, but for the index in front.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from specgen.asciidoc.page import Outline, Page
from specgen.contract.endpoints import path_template
from specgen.contract.values import Endpoint
from specgen.source import Span

__all__ = ["endpoints_by_example"]

# An example is written as console shows it, or as pages of 2018 did.
LANGUAGES = frozenset({"console", "js"})

# GET /_cat/count?v   (as a line of an example)
REQUEST = re.compile(
    r"^(?P<method>GET|PUT|POST|HEAD|DELETE)[ \t]+(?P<path>[^\s?]+)(?:\?\S*)?[ \t]*(?:<\d+>)?$",
    re.MULTILINE,
)
WORD = re.compile(r"[^\W_]+")
# Shorter words of a title, such as "get", are part of too many others.
LONG = 4
# What else a page says of an API that is its own.
OF_ITS_OWN = re.compile(r"\b(?:this|the) API\b|\bendpoints? (?:include|is|are)\b", re.IGNORECASE)
# Names of compact APIs, such as "cat count", without the word API.
COMPACT = re.compile(r"cat\s+\S")


def endpoints_by_example(page: Page, outline: Outline) -> tuple[Endpoint, ...]:
    """The requests of the first examples below the title of an API's page.

    A page is an API's if its title ends in "API", or if its text there says "The <title> API",
    "this API" or "endpoints include". A part of a path is fixed if it begins with `_`, or is a
    word of the title; one in front of such is an index. A request with any other part is left
    out, and so is one that no fixed part shares a word with the title: it prepares the example.
    """
    if not outline.headings:
        return ()
    title, words = outline.headings[0], _words(outline.headings[0].title)
    for start, end in _sections(outline):
        shown = [
            listing.span
            for listing in outline.listings
            if listing.language in LANGUAGES and _between(listing.span, title.span, start, end)
        ]
        if shown:
            break
    else:
        return ()
    lead = (line.text for line in page.lines if _between(line.span, title.span, 0, end))
    if not words or not _presents_api(title.title, " ".join(lead)):
        return ()
    found: dict[tuple[str, str], Endpoint] = {}
    for endpoint in (each for span in shown for each in _endpoints(span, words)):
        found.setdefault((endpoint.method, endpoint.path), endpoint)
    return tuple(found.values())


def _sections(outline: Outline) -> tuple[tuple[int, int], ...]:
    """What stands between the title and the next one, and the section after that."""
    title, *others = (heading.span for heading in outline.headings)
    bounds = [title.end, *(each.start for each in others[:2] if each.source == title.source)]
    if len(bounds) < 3:
        bounds.append(len(title.source.text))
    return tuple(pairwise(bounds))


def _between(span: Span, title: Span, start: int, end: int) -> bool:
    return span.source == title.source and start <= span.start < end


def _presents_api(title: str, lead: str) -> bool:
    name = re.sub(r"\s+API$", "", " ".join(title.split()), flags=re.IGNORECASE)
    if name != " ".join(title.split()) or COMPACT.match(name):
        return True
    said = " ".join(lead.split())
    named = rf"\bthe (?:\w+ )?{re.escape(name)} APIs?\b"
    return OF_ITS_OWN.search(said) is not None or bool(re.search(named, said, re.IGNORECASE))


def _words(text: str) -> frozenset[str]:
    return frozenset(_stem(word[0]) for word in WORD.finditer(text)) - {"api", "apis", "the"}


def _stem(word: str) -> str:
    return word.casefold().removesuffix("s")


def _endpoints(listing: Span, words: frozenset[str]) -> Iterator[Endpoint]:
    source = listing.source
    for request in REQUEST.finditer(source.text, listing.start, listing.end):
        path = _template(path_template(request["path"]).strip("/").split("/"), words)
        if path:
            span = source.span(request.start(), request.end("path"))
            yield Endpoint(request["method"], path, span, by_example=True)


def _template(segments: list[str], words: frozenset[str]) -> str:
    """The path, or nothing if it holds something that only the example knows."""
    if len(segments) > 1 and not _fixed(segments[0], words) and segments[1].startswith("_"):
        segments = ["{index}", *segments[1:]]
    fixed = [segment for segment in segments if segment != "{index}"]
    if not all(_fixed(segment, words) for segment in fixed):
        return ""
    return "/" + "/".join(segments) if _shares(fixed, words) else ""


def _fixed(segment: str, words: frozenset[str]) -> bool:
    named = _words(segment)
    return segment.startswith("_") or bool(named and named <= words)


def _shares(segments: Iterable[str], words: frozenset[str]) -> bool:
    told = [word for segment in segments for word in _words(segment)]
    return any(
        word in each if len(word) >= LONG else word == each for each in told for word in words
    )
