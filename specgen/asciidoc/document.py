"""Reads a page as AsciiDoc: its header, its sections, and the blocks in them."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from types import MappingProxyType

from specgen.asciidoc.attribute_lists import Attrs
from specgen.asciidoc.attributes import Attributes
from specgen.asciidoc.blocks import DISCRETE, Blocks
from specgen.asciidoc.includes import Includer
from specgen.asciidoc.inline import escape
from specgen.asciidoc.metadata import take_entries
from specgen.asciidoc.page import Document, Outline, Page
from specgen.asciidoc.preprocessor import Preprocessor
from specgen.asciidoc.reader import Reader, ReportedPlace
from specgen.asciidoc.titles import Title, read_title, split_anchor
from specgen.files import Files
from specgen.source import Line

__all__ = ["NO_ATTRIBUTES", "outline_of", "read_document"]

NO_ATTRIBUTES: Mapping[str, str] = MappingProxyType({})


def outline_of(page: Page) -> Outline:
    """The structure of a page: a pure function of its lines, includes left out."""
    return read_document(page).outline


def read_document(
    page: Page, files: Files | None = None, attributes: Mapping[str, str] = NO_ATTRIBUTES
) -> Document:
    """Reads a page as AsciiDoc.

    Args:
        page: The lines of its file.
        files: Where includes are read from; None leaves them out.
        attributes: Set from outside, so that the page cannot change them.
    """
    folder = posixpath.dirname(page.name)
    known = Attributes.starting(folder, attributes)
    includer = Includer(files) if files else None
    reader = Preprocessor.reading(page.source, page.lines, known, includer)
    blocks = Blocks(known, page.name)
    _read(reader, blocks)
    reader.conditionals.finish()
    outline = Outline(tuple(blocks.headings), tuple(blocks.anchors), tuple(blocks.listings))
    problems = (
        *(includer.problems if includer else ()),
        *reader.conditionals.problems,
        *blocks.problems,
    )
    asked_for = frozenset(includer.asked_for if includer else ())
    return Document(Page(page.source, tuple(reader.delivered)), outline, problems, asked_for)


def _read(reader: Reader, blocks: Blocks) -> None:
    attrs: Attrs = {}
    if reader.skip_blank() is not None:
        blocks.metadata.take_all(reader, attrs)
    _header(reader, blocks, attrs)
    while reader.skip_blank() is not None:
        if not blocks.metadata.take_all(reader, attrs):
            return
        title = _next_title(reader, attrs)
        if title:
            _section(reader, blocks, attrs, title)
        else:
            blocks.read_block(reader, attrs, metadata=False)


def _next_title(reader: Reader, attrs: Attrs) -> Title | None:
    style = attrs.get(1)
    return None if style in DISCRETE else read_title(*reader.peek_two(raw=style == "comment"))


def _header(reader: Reader, blocks: Blocks, attrs: Attrs) -> None:
    """Reads the document's title with its author and revision lines, if the page begins so."""
    title, known = _next_title(reader, attrs), blocks.attributes
    if title is None or title.level + known.level_offset != 0 or "title" in attrs:
        return
    line, place = _read_title(reader, title)
    if title.underlined and "compat-mode" not in known.locked:
        known.values["compat-mode"] = ""
    text, anchor = split_anchor(title.text)
    above: Attrs = {"id": attrs.get("id") or anchor}
    attrs.clear()
    # A `doctitle` that is set, above the title or below it, takes its place.
    given = known.get("doctitle")
    taken = known.values["doctitle"] = given or known.resolve(escape(text))
    _author_and_revision(reader, known)
    if (set_below := known.get("doctitle")) not in {"", taken}:
        given = set_below
    # The title is converted last of all, with the attributes that the header leaves.
    left = known.copy()
    blocks.add_heading(
        0, given or text, above, discrete=False, line=line, place=place, attributes=left
    )


def _author_and_revision(reader: Reader, known: Attributes) -> None:
    """Reads the lines below a document's title: whatever comes first is who wrote it."""
    take_entries(reader, known)
    if not (author := reader.peek_text()):
        return
    reader.shift()
    known.values.setdefault("author", author)
    take_entries(reader, known)
    revision = reader.peek_text()
    if revision and (revision[0] != ":" or "," in revision.replace(",:", "")):
        reader.shift()
        take_entries(reader, known)


def _section(reader: Reader, blocks: Blocks, attrs: Attrs, title: Title) -> None:
    style = attrs.get(1)
    level = max(0, title.level + blocks.attributes.level_offset)
    if style and level == 0 and not (style[:4] == "sect" and style[4:].isdigit()):
        level = 1  # a preface, an appendix and the like are sections of their own
    line, place = _read_title(reader, title)
    blocks.add_heading(level, title.text, attrs, discrete=False, line=line, place=place)
    above = attrs.get("title")
    attrs.clear()
    if above is not None:
        attrs["title"] = above


def _read_title(reader: Reader, title: Title) -> tuple[Line, ReportedPlace]:
    """Goes past a title that comes next; gives its line, and where that is reported."""
    place, line = reader.place, reader.shift()
    if title.underlined:
        reader.shift()
    if line is None:
        raise ValueError("no title comes next")
    return line, place
