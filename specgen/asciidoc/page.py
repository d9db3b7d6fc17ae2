"""The values of the AsciiDoc room."""

from __future__ import annotations

from dataclasses import dataclass

from specgen.problems import Problem
from specgen.source import Line, Source, Span

__all__ = ["Document", "Heading", "Listing", "Outline", "Page"]


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of one page: as its file has them, or with includes and conditionals followed."""

    source: Source
    lines: tuple[Line, ...]

    @property
    def name(self) -> str:
        """The page's path relative to the docs root."""
        return self.source.path


@dataclass(frozen=True, slots=True)
class Heading:
    """A section title, or one that begins no section.

    Attributes:
        level: 0 for the title of a document, 1 for `==`, and so on, with level offsets.
        title: As the page writes it, without marks.
        converted: As Asciidoctor's HTML has it.
        anchor: The id given above it or in it, or empty.
        discrete: Whether `[discrete]` or `[float]` makes it begin no section.
        span: The title's line.
        file: Where Asciidoctor's source map puts it, a path below the docs root.
        line: The line it gives there.
    """

    level: int
    title: str
    converted: str
    anchor: str
    discrete: bool
    span: Span
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Listing:
    """A visible listing block.

    Attributes:
        style: `source` or `listing`, as a rule.
        language: Empty where none is given.
        text: Its lines, callouts kept.
        span: From the opening delimiter to the closing one, or the lines of a paragraph.
        file: Where Asciidoctor's source map puts it, a path below the docs root.
        line: The line it gives there.
    """

    style: str
    language: str
    text: str
    span: Span
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Outline:
    """What a reader of the page sees of its structure.

    Attributes:
        headings: Section titles in page order.
        anchors: Line and id of every block anchor in page order, also those of no section.
        listings: Visible listing blocks in page order.
    """

    headings: tuple[Heading, ...]
    anchors: tuple[tuple[Span, str], ...]
    listings: tuple[Listing, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A page as AsciiDoc.

    Attributes:
        page: Its lines, conditionals decided and, if they were to be, includes followed.
        outline: Its structure.
        problems: What is wrong with it as AsciiDoc.
        asked_for: The files that its includes name, also those that cannot be read.
    """

    page: Page
    outline: Outline
    problems: tuple[Problem, ...]
    asked_for: frozenset[str] = frozenset()
