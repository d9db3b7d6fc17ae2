"""Which part of a page is about what, told by the titles of its sections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from specgen.asciidoc import patterns
from specgen.asciidoc.page import Outline, Page
from specgen.asciidoc.prose import prose_of
from specgen.source import Line

__all__ = ["STANDARD", "Part", "Titles", "Topic", "near_titles", "parts_of", "titles_with"]


class Topic(StrEnum):
    """What a section of an API page is about; the words are those of the configuration."""

    REQUEST = "request"
    PATH_PARAMETERS = "path-parameters"
    QUERY_PARAMETERS = "query-parameters"
    REQUEST_BODY = "request-body"
    RESPONSE_BODY = "response-body"
    RESPONSE_CODES = "response-codes"
    OTHER = "other"


# What a title says of its section, by the title in lower case with single spaces.
Titles = Mapping[str, Topic]

# The shared attributes stand for the titles that Elastic's documentation build defines for them
# (`api-request-title` is "Request"); the plain titles are those, and what older pages write.
STANDARD: Titles = MappingProxyType(
    {
        "{api-request-title}": Topic.REQUEST,
        "request": Topic.REQUEST,
        "requests": Topic.REQUEST,
        "{api-path-parms-title}": Topic.PATH_PARAMETERS,
        "path parameters": Topic.PATH_PARAMETERS,
        "path parameter": Topic.PATH_PARAMETERS,
        "{api-query-parms-title}": Topic.QUERY_PARAMETERS,
        "query parameters": Topic.QUERY_PARAMETERS,
        "query parameter": Topic.QUERY_PARAMETERS,
        "query string parameters": Topic.QUERY_PARAMETERS,
        "url parameters": Topic.QUERY_PARAMETERS,
        "request parameters": Topic.QUERY_PARAMETERS,
        "{api-request-body-title}": Topic.REQUEST_BODY,
        "request body": Topic.REQUEST_BODY,
        "{api-response-body-title}": Topic.RESPONSE_BODY,
        "response body": Topic.RESPONSE_BODY,
        "results": Topic.RESPONSE_BODY,
        "{api-response-codes-title}": Topic.RESPONSE_CODES,
        "response codes": Topic.RESPONSE_CODES,
        "response code": Topic.RESPONSE_CODES,
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
)


def titles_with(pairs: Mapping[str, Topic]) -> Titles:
    """The standard titles, and those of a project of its own, in whatever case they are."""
    return MappingProxyType({**STANDARD, **{_plain(title): pairs[title] for title in pairs}})


@dataclass(frozen=True, slots=True)
class Part:
    """The lines below one title, up to the next title of any level.

    Attributes:
        topic: What they are about.
        lines: The lines.
        api: Which API: the number of the nearest title above that is none of the known ones,
            counted over the titles of the page from 1; 0 where there is none.
    """

    topic: Topic
    lines: tuple[Line, ...]
    api: int = 0


def parts_of(page: Page, outline: Outline, titles: Titles = STANDARD) -> tuple[Part, ...]:
    """Cuts a page at its titles; a title that is in no table has the topic of the one above it.

    A known title that is none for want of an empty line above it (`near_titles`) counts: what
    stands below it is about what it says.
    """
    known = {heading.span: (heading.level, heading.title) for heading in outline.headings}
    known |= {line.span: _level_and_title(line) for line in near_titles(page, outline, titles)}
    above: list[tuple[int, Topic, int]] = [(-1, Topic.OTHER, 0)]
    parts: list[Part] = []
    lines: list[Line] = []
    number = 0
    for line in page.lines:
        if line.span not in known:
            lines.append(line)
            continue
        _, topic, api = above[-1]
        parts.append(Part(topic, tuple(lines), api))
        lines = []
        number += 1
        level, title = known[line.span]
        while above[-1][0] >= level:
            above.pop()
        _, topic, api = above[-1]
        told = titles.get(_plain(title))
        if told is None and topic is Topic.OTHER:
            api = number
        above.append((level, topic if told is None else told, api))
    _, topic, api = above[-1]
    return (*parts, Part(topic, tuple(lines), api))


def near_titles(page: Page, outline: Outline, titles: Titles = STANDARD) -> tuple[Line, ...]:
    """Lines of prose that look like a known title and are text of what stands above them."""
    there = {heading.span for heading in outline.headings}
    looking = {
        line.span
        for line in page.lines
        if line.text.startswith("==")
        and line.span not in there
        and patterns.SECTION.fullmatch(line.text)
        and _plain(_level_and_title(line)[1]) in titles
    }
    return tuple(line for line in prose_of(page.lines) if line.span in looking) if looking else ()


def _level_and_title(line: Line) -> tuple[int, str]:
    marks, _, title = line.text.partition(" ")
    return len(marks) - 1, title.strip()


def _plain(title: str) -> str:
    return " ".join(title.casefold().split())
