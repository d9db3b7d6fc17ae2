"""The values of the AsciiDoc room."""

from __future__ import annotations

from dataclasses import dataclass

from specgen.source import Line, Source, Span

__all__ = ["Heading", "Listing", "Outline", "Page"]


@dataclass(frozen=True, slots=True)
class Page:
    """One page as the line reader sees it: includes and conditionals are not followed."""

    source: Source
    lines: tuple[Line, ...]

    @property
    def name(self) -> str:
        """The page's path relative to the docs root."""
        return self.source.path


@dataclass(frozen=True, slots=True)
class Heading:
    """A section title.

    Attributes:
        level: 0 for the title of a document, 1 for `==`, and so on.
        title: As the page writes it.
        anchor: The id given above it, or empty.
        span: The title's line.
    """

    level: int
    title: str
    anchor: str
    span: Span


@dataclass(frozen=True, slots=True)
class Listing:
    """A visible listing block.

    Attributes:
        style: `source` or `listing`.
        language: Empty where none is given.
        text: The lines between the delimiters, callouts kept.
        span: From the opening delimiter to the closing one.
    """

    style: str
    language: str
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Outline:
    """What a reader of the page sees of its structure.

    Attributes:
        headings: Section titles in page order.
        anchors: Offset and id of every block anchor, also those of no section.
        listings: Visible listing blocks in page order.
    """

    headings: tuple[Heading, ...]
    anchors: tuple[tuple[int, str], ...]
    listings: tuple[Listing, ...]
