"""Which part of a page is about what, told by the titles of its sections."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from specgen.asciidoc.page import Outline, Page
from specgen.source import Line

__all__ = ["Part", "Topic", "parts_of"]


class Topic(Enum):
    """What a section of an API page is about."""

    REQUEST = auto()
    PATH_PARAMETERS = auto()
    QUERY_PARAMETERS = auto()
    REQUEST_BODY = auto()
    RESPONSE_BODY = auto()
    RESPONSE_CODES = auto()
    OTHER = auto()


# The shared attributes stand for the titles that Elastic's documentation build defines for them
# (`api-request-title` is "Request"); the plain titles are those, and what older pages write.
TITLES: dict[str, Topic] = {
    "{api-request-title}": Topic.REQUEST,
    "request": Topic.REQUEST,
    "requests": Topic.REQUEST,
    "{api-path-parms-title}": Topic.PATH_PARAMETERS,
    "path parameters": Topic.PATH_PARAMETERS,
    "{api-query-parms-title}": Topic.QUERY_PARAMETERS,
    "query parameters": Topic.QUERY_PARAMETERS,
    "url parameters": Topic.QUERY_PARAMETERS,
    "{api-request-body-title}": Topic.REQUEST_BODY,
    "request body": Topic.REQUEST_BODY,
    "{api-response-body-title}": Topic.RESPONSE_BODY,
    "response body": Topic.RESPONSE_BODY,
    "results": Topic.RESPONSE_BODY,
    "{api-response-codes-title}": Topic.RESPONSE_CODES,
    "response codes": Topic.RESPONSE_CODES,
    "{api-prereq-title}": Topic.OTHER,
    "prerequisites": Topic.OTHER,
    "authorization": Topic.OTHER,
    "{api-description-title}": Topic.OTHER,
    "description": Topic.OTHER,
    "{api-example-title}": Topic.OTHER,
    "example": Topic.OTHER,
    "{api-examples-title}": Topic.OTHER,
    "examples": Topic.OTHER,
}


@dataclass(frozen=True, slots=True)
class Part:
    """The lines below one title, up to the next title of any level."""

    topic: Topic
    lines: tuple[Line, ...]


def parts_of(page: Page, outline: Outline) -> tuple[Part, ...]:
    """Cuts a page at its titles; a title that is in no table has the topic of the one above it."""
    titles = {heading.span: heading for heading in outline.headings}
    above: list[tuple[int, Topic]] = []
    parts: list[Part] = []
    lines: list[Line] = []
    for line in page.lines:
        heading = titles.get(line.span)
        if heading is None:
            lines.append(line)
            continue
        parts.append(Part(above[-1][1] if above else Topic.OTHER, tuple(lines)))
        lines = []
        while above and above[-1][0] >= heading.level:
            above.pop()
        inherited = above[-1][1] if above else Topic.OTHER
        title = " ".join(heading.title.casefold().split())
        above.append((heading.level, TITLES.get(title, inherited)))
    return (*parts, Part(above[-1][1] if above else Topic.OTHER, tuple(lines)))
