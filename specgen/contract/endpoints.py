"""Reads the request lines of a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from specgen.asciidoc import patterns
from specgen.asciidoc.page import Listing
from specgen.asciidoc.prose import prose_of, span_in
from specgen.contract.values import Endpoint
from specgen.source import Line

__all__ = ["PLACEHOLDERS", "endpoints_of", "path_template"]

METHOD = "(?:GET|PUT|POST|HEAD|OPTIONS|DELETE|PATCH)"

# PUT _connector/<connector_id>/_check_in   GET|POST _search   POST, PUT <index>/_doc/<doc id>
REQUEST = re.compile(
    rf"(?P<methods>{METHOD}(?:[ \t]*(?:[|/,]|\bor\b)[ \t]*{METHOD})*)[ \t]+"
    r"(?P<path>(?:<[^<>`\n]*>|[^\s`])+)"
)
WORD = re.compile(METHOD)

# <connector_id>
PLACEHOLDER = re.compile(r"<([^<>/]+)>")

# {connector_id}   (in the form of `Endpoint.path`)
PLACEHOLDERS = re.compile(r"\{([^{}/]+)\}")


def endpoints_of(lines: Iterable[Line], listings: Iterable[Listing]) -> tuple[Endpoint, ...]:
    """The requests that a Request section names, each once, in page order.

    They stand in the prose as code (`` `PUT _connector/<connector_id>` ``), or as lines of
    a visible listing block.

    Args:
        lines: The lines of the section.
        listings: The listing blocks of the page.
    """
    lines, listings = tuple(lines), tuple(listings)
    prose = {line.span for line in prose_of(lines)}
    found: dict[tuple[str, str], Endpoint] = {}
    for line in lines:
        if line.span in prose:
            requests = _in_code(line)
        elif any(_holds(listing, line) for listing in listings):
            requests = _at_start(line)
        else:
            continue
        for endpoint in requests:
            found.setdefault((endpoint.method, endpoint.path), endpoint)
    return tuple(found.values())


def path_template(path: str) -> str:
    """A path as the page writes it, in the form of `Endpoint.path`."""
    bare = path.partition("?")[0].replace("\\", "").strip("/")
    return "/" + PLACEHOLDER.sub(r"{\1}", bare)


def _in_code(line: Line) -> Iterator[Endpoint]:
    for code in patterns.INLINE_CODE.finditer(line.text):
        start, end = code.span("code")
        if request := REQUEST.match(line.text, start, end):
            yield from _endpoints(line, request)


def _at_start(line: Line) -> Iterator[Endpoint]:
    if request := REQUEST.match(line.text):
        yield from _endpoints(line, request)


def _endpoints(line: Line, request: re.Match[str]) -> Iterator[Endpoint]:
    path, span = path_template(request["path"]), span_in(line, *request.span())
    return (Endpoint(method[0], path, span) for method in WORD.finditer(request["methods"]))


def _holds(listing: Listing, line: Line) -> bool:
    span = listing.span
    return span.source == line.span.source and span.start < line.span.start < span.end
