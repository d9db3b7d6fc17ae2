"""Reads a page as AsciiDoc: its header, its sections, and the blocks in them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from specgen.asciidoc.attribute_lists import Attrs
from specgen.asciidoc.attributes import Attributes
from specgen.asciidoc.blocks import DISCRETE, Blocks
from specgen.asciidoc.converter import Converter
from specgen.asciidoc.includes import Includer
from specgen.asciidoc.inline import escape
from specgen.asciidoc.page import Document, Heading, Outline, Page
from specgen.asciidoc.preprocessor import Preprocessor
from specgen.asciidoc.reader import Reader, ReportedPlace
from specgen.asciidoc.titles import Title, read_title, read_title_lines, split_anchor
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
    known = Attributes.starting(page.name, attributes)
    includer = Includer(files) if files else None
    reader = Preprocessor.reading(page.source, page.lines, known, includer)
    blocks = Blocks(Converter(known), page.name)
    headings = _read(reader, blocks)
    reader.conditionals.finish()
    outline = Outline(headings, tuple(blocks.anchors), tuple(blocks.listings))
    problems = (
        *(includer.problems if includer else ()),
        *reader.conditionals.problems,
        *blocks.problems,
        *blocks.converter.problems,
    )
    asked_for = frozenset(includer.asked_for if includer else ())
    return Document(Page(page.source, tuple(reader.delivered)), outline, problems, asked_for)


def _read(reader: Preprocessor, blocks: Blocks) -> tuple[Heading, ...]:
    attrs: Attrs = {}
    if reader.skip_blank() is not None:
        blocks.metadata.take_all(reader, attrs)
    _header(reader, blocks, attrs)
    left = blocks.attributes.copy()
    is_book = left.get("doctype") == "book"
    while reader.skip_blank() is not None:
        if not blocks.metadata.take_all(reader, attrs):
            break
        title = _next_title(reader, attrs)
        if title:
            _section(reader, blocks, attrs, title, is_book)
        else:
            blocks.read_block(reader, attrs, metadata=False)
    return blocks.headings.finished(left)


def _next_title(reader: Reader, attrs: Attrs) -> Title | None:
    style = attrs.get(1)
    return None if style in DISCRETE else read_title(*reader.peek_two(raw=style == "comment"))


def _header(reader: Preprocessor, blocks: Blocks, attrs: Attrs) -> None:
    """Reads what stands before the first section or block, the document's title among it."""
    title, known = _next_title(reader, attrs), blocks.attributes
    if title and title.level + known.level_offset != 0:
        title = None  # of a section, which follows
    if title:
        if "title" in attrs:
            return
        _titled_header(reader, blocks, attrs, title)
    else:
        _untitled_header(reader, blocks)
    if known.get("doctype") == "manpage":
        # Hardly any page needs this: it is imported here to start fast, as authors are.
        from specgen.asciidoc.manpage import skip_name_section

        was_there = skip_name_section(reader, blocks, attrs)
        # Without a title above it, what follows may be one before it is anything else.
        if was_there and not title and (following := _next_title(reader, attrs)):
            _section(reader, blocks, attrs, following, is_book=False)
    _settle(known)


def _settle(known: Attributes) -> None:
    """Sets what follows from the attributes of the header."""
    known.compat_mode = "compat-mode" in known
    if known.compat_mode and "language" in known:
        known.values["source-language"] = known.get("language")
    if (icons := known.get("icons")) not in {"", "font"} and "icontype" not in known:
        known.values["icons"] = ""
        if icons != "image":
            known.values["icontype"] = icons


def _titled_header(reader: Reader, blocks: Blocks, attrs: Attrs, title: Title) -> None:
    """Reads the document's title with its author and revision lines."""
    from specgen.asciidoc.authors import read_author_and_revision

    known = blocks.attributes
    line, place = read_title_lines(reader, title)
    if title.underlined and "compat-mode" not in known.locked:
        known.values["compat-mode"] = ""
    # A `doctitle` that is set, above the title or below it, takes its place.
    text, name, reference = split_anchor(title.text)
    given = known.get("doctitle")
    taken = known.values["doctitle"] = given or known.resolve(escape(text), "skip")
    above: Attrs = {"id": attrs.get("id") or name, "reftext": attrs.get("reftext") or reference}
    attrs.clear()
    read_author_and_revision(reader, blocks.converter)
    if (set_below := known.get("doctitle")) not in {"", taken}:
        given = set_below
    known.values["doctitle"] = given or taken
    blocks.headings.add_document(given or text, above, line, place)


def _untitled_header(reader: Preprocessor, blocks: Blocks) -> None:
    """Does what attributes say of a document whose title is no line of its own."""
    known = blocks.attributes
    given = known.get("doctitle")
    if given and (line := _entry_of_title(reader)):
        place = ReportedPlace(line.span.source.path, line.number)
        blocks.headings.add_document(given, {}, line, place)
    if "author" in known or "authors" in known:
        from specgen.asciidoc.authors import set_authors

        set_authors(blocks.converter)


def _entry_of_title(reader: Preprocessor) -> Line | None:
    """The line that sets `doctitle`; the next one where that was set from outside."""
    lines = (line for line in reversed(reader.delivered) if line.text.startswith(":doctitle:"))
    return next(lines, None) or reader.peek()


def _section(reader: Reader, blocks: Blocks, attrs: Attrs, title: Title, is_book: bool) -> None:
    style = attrs.get(1)
    level = max(0, title.level + blocks.attributes.level_offset)
    if style is not None and not (style[:4] == "sect" and style[4:].isdigit()):
        # A preface, an appendix and the like are sections of their own.
        level = 1 if is_book and style == "abstract" else max(1, level)
    line, place = read_title_lines(reader, title)
    blocks.headings.add(level, title.text, attrs, line, place)
    above = attrs.get("title")
    attrs.clear()
    if above is not None:
        attrs["title"] = above
