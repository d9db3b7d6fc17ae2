"""Reads blocks: what opens and closes them, what is in them, and which of them are listings.

Compound blocks are read as Asciidoctor reads them: first all their lines, then what these
are. So what a block says of attributes does not reach the directives inside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from specgen.asciidoc import patterns
from specgen.asciidoc.attribute_lists import Attrs, rekey
from specgen.asciidoc.attributes import Attributes, whole_number
from specgen.asciidoc.delimiters import Delimiter, delimiter
from specgen.asciidoc.indentation import indented
from specgen.asciidoc.inline import convert_title, escape
from specgen.asciidoc.list_items import Marker, is_block_line, lines_of_item, list_start
from specgen.asciidoc.metadata import Metadata
from specgen.asciidoc.page import Heading, Listing
from specgen.asciidoc.reader import Reader, ReportedPlace
from specgen.asciidoc.titles import read_title
from specgen.problems import Problem
from specgen.source import Line, Span

__all__ = ["Blocks"]

# Nobody nests blocks and lists this deep; what lies deeper is read over.
MAX_DEPTH = 32

# Converting a title takes time with the square of its length; a page has this much to spend.
LONGEST_TITLE = 1_000
TITLES_BUDGET = 50_000_000

VERBATIM = frozenset({"literal", "listing", "source", "verse"})
PARAGRAPH_STYLES = VERBATIM | {
    *("comment", "example", "normal", "open", "pass", "quote", "sidebar", "abstract", "partintro")
}
ADMONITIONS = frozenset({"NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"})
COMPOUND = frozenset({"sidebar", "open", "abstract", "partintro", "example", "quote", "admonition"})
DISCRETE = frozenset({"discrete", "float"})


@dataclass(frozen=True, slots=True)
class _Start:
    """A block at its first line.

    Attributes:
        line: The line.
        place: Where Asciidoctor reports it.
        context: What the block is.
        attrs: What stands above it.
    """

    line: Line
    place: ReportedPlace
    context: str
    attrs: Attrs


@dataclass(slots=True)
class Blocks:
    """Reads the blocks of one document and gathers what it finds.

    Attributes:
        attributes: Of the document, as they are at the line being read.
    """

    attributes: Attributes
    headings: list[Heading] = field(default_factory=list)
    anchors: list[tuple[Span, str]] = field(default_factory=list)
    listings: list[Listing] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    depth: int = 0
    titles_left: int = TITLES_BUDGET
    metadata: Metadata = field(init=False)

    def __post_init__(self) -> None:
        self.metadata = Metadata(self.attributes, self._anchored, self._unclosed)

    def read_all(self, reader: Reader) -> None:
        """Reads all blocks of a compound block."""
        while reader.peek() is not None:
            self.read_block(reader, {})

    def read_block(
        self,
        reader: Reader,
        attrs: Attrs,
        *,
        metadata: bool = True,
        text_only: bool = False,
        in_list: bool = False,
    ) -> None:
        """Reads the next block, if one follows.

        Args:
            reader: The lines.
            attrs: What stands above it so far; it is emptied once it has found its block.
            metadata: Whether lines about the block may still come.
            text_only: The lines go on with the text of a list item.
            in_list: They are in a list item, where another list ends a paragraph.
        """
        skipped = reader.skip_blank()
        if skipped is None:
            return
        text_only = text_only and not skipped
        if metadata and not self.metadata.take_all(reader, attrs, only_lists=text_only):
            return
        reader.mark()
        line = reader.read()
        if line is None:
            return
        in_list = in_list and not skipped
        opened = delimiter(line.text)
        if opened:
            self._delimited(reader, attrs, line, opened)
        else:
            self._undelimited(reader, attrs, line, text_only, in_list)
        attrs.clear()

    def add_heading(
        self, level: int, title: str, anchor: str, discrete: bool, line: Line, place: ReportedPlace
    ) -> None:
        """Adds a title to what was found, and converts it."""
        self.titles_left -= len(title) ** 2 if len(title) <= LONGEST_TITLE else 0
        converts = len(title) <= LONGEST_TITLE and self.titles_left > 0
        if not converts:
            message = "the titles of this page are too long to be converted, from this one on"
            self.problems.append(Problem.warning("long-title", line.span, message))
        converted = convert_title(title, self.attributes) if converts else escape(title)
        self.headings.append(
            Heading(level, title, converted, anchor, discrete, line.span, *place)
        )

    def _anchored(self, name: str, line: Line) -> None:
        self.anchors.append((line.span, name))

    def _unclosed(self, context: str, line: Line) -> None:
        message = f"nothing closes this {context} block"
        hint = f"write {line.text!r} where it ends" if len(line.text) < 80 else ""
        self.problems.append(Problem.warning("open-block", line.span, message, hint))

    def _delimited(self, reader: Reader, attrs: Attrs, line: Line, opened: Delimiter) -> None:
        context, style = opened.context, attrs.get(1)
        if style is None:
            attrs["style"] = context
        elif style in opened.styles:
            context = style
        elif "admonition" in opened.styles and style in ADMONITIONS:
            context = "admonition"
        start = _Start(line, reader.marked, context, attrs)
        if context == "fence":
            attrs["style"] = "source"
            attrs["language"] = opened.info.partition(",")[0].strip() or self._source_language()
        inner_place = reader.place
        # A comment's directives do not count; those of a table or a listing do.
        lines, closing = reader.until(opened.terminator, raw=context == "comment")
        if closing is None:
            self._unclosed(context, line)
        if context in {"listing", "source", "fence"}:
            self._listing(start, lines, closing or (lines[-1] if lines else line))
        elif context in COMPOUND:
            self._nested(line, lambda: self.read_all(Reader.over(lines, inner_place)))

    def _undelimited(
        self, reader: Reader, attrs: Attrs, line: Line, text_only: bool, in_list: bool
    ) -> None:
        style, text = attrs.get(1), line.text
        if style in VERBATIM:
            reader.put_back(line)
            self._verbatim_paragraph(reader, attrs, line, style)
            return
        if not text_only and (_is_break(text) or _is_macro(text)):
            return
        if item := list_start(text):
            reader.put_back(line)
            self._nested(line, lambda: self._list(reader, item))
            return
        if style in DISCRETE and (title := read_title(text, reader.peek_text())):
            if title.underlined:
                reader.shift()
            level = max(0, title.level + self.attributes.level_offset)
            anchor = attrs.get("id") or title.anchor
            self.add_heading(level, title.text, anchor, True, line, reader.marked)
            return
        reader.put_back(line)
        if style in PARAGRAPH_STYLES and style != "normal":
            self._block_paragraph(reader, style)
        else:
            self._paragraph(reader, line, text_only, in_list, style in ADMONITIONS)
