"""Reads a page into lines."""

from __future__ import annotations

from specgen.asciidoc.page import Page
from specgen.files import Files
from specgen.source import Source, lines_of

__all__ = ["page_of_source", "read_page"]


def read_page(files: Files, path: str) -> Page:
    """Reads a page, named relative to the docs root.

    Raises:
        PageUnreadable: There is no such page.
    """
    return page_of_source(files.read(path))


def page_of_source(source: Source) -> Page:
    """The page that a source holds, line by line, nothing included."""
    return Page(source, tuple(lines_of(source)))
