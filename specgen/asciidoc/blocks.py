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
from specgen.asciidoc.catalog import Label
from specgen.asciidoc.converter import Converter
from specgen.asciidoc.delimiters import Delimiter, delimiter
from specgen.asciidoc.headings import Headings
from specgen.asciidoc.indentation import indented, too_wide
from specgen.asciidoc.list_items import Marker, is_block_line, lines_of_item, list_start
from specgen.asciidoc.metadata import Metadata
from specgen.asciidoc.page import Listing
from specgen.asciidoc.reader import Reader, ReportedPlace
from specgen.asciidoc.titles import read_title
from specgen.problems import Problem
from specgen.source import Line, Span

__all__ = ["Blocks"]

# Nobody nests blocks and lists this deep; what lies deeper is read over.
MAX_DEPTH = 32

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
        converter: Of the document, with the attributes as they are at the line being read.
        page: The page's name.
    """

    converter: Converter
    page: str
    attributes: Attributes = field(init=False)
    headings: Headings = field(init=False)
    anchors: list[tuple[Span, str]] = field(default_factory=list)
    listings: list[Listing] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    depth: int = 0
    metadata: Metadata = field(init=False)

    def __post_init__(self) -> None:
        self.attributes = self.converter.attributes
        self.headings = Headings(self.converter, self._anchored)
        self.metadata = Metadata(self.converter, self._anchored, self._unclosed)

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
        if name := attrs.get("id"):
            self.converter.catalog.add(name, _label(attrs, line.span))
        attrs.clear()

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
            language = opened.info.partition(",")[0].strip() or opened.info.lstrip()
            if language := language or self._source_language() or "":
                attrs["language"] = language
        inner_place = reader.place
        # A comment's directives do not count; those of a table or a listing do.
        lines, closing = reader.until(opened.terminator, raw=context == "comment")
        if closing is None:
            self._unclosed(context, line)
        if context in {"listing", "source", "fence"}:
            self._listing(start, lines, closing or (lines[-1] if lines else line))
        elif context in COMPOUND:
            self._compound(line, Reader.over(lines, inner_place))
        elif context == "table":
            self.converter.catalog.add_anchors(lines, self.attributes)

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
            self._list(reader, item, line)
            return
        if style in DISCRETE and (title := read_title(text, reader.peek_text())):
            if title.underlined:
                reader.shift()
            level = max(0, title.level + self.attributes.level_offset)
            self.headings.add(level, title.text, attrs, line, reader.marked, discrete=True)
            return
        reader.put_back(line)
        if style in ADMONITIONS or (style in PARAGRAPH_STYLES and style != "normal"):
            reader.paragraph(_starts_block, skip_comments=True, raw=style == "comment")
        else:
            self._paragraph(reader, line, style, text_only, in_list)

    def _paragraph(
        self, reader: Reader, line: Line, style: str | None, text_only: bool, in_list: bool
    ) -> None:
        text, ends = line.text, _starts_block_or_item if in_list else _starts_block
        literal = text[0] in " \t" and style != "normal"
        lines = reader.paragraph(ends, skip_comments=text_only or not literal)
        if not lines:
            reader.shift()
            return
        self.converter.catalog.add_anchors(lines, self.attributes)
        if text.startswith("> ") and not text_only:
            # Asciidoctor forgets where a quotation in Markdown's form stands.
            self._compound(line, Reader.over(_unquoted(lines), ReportedPlace(self.page, 1)))

    def _verbatim_paragraph(self, reader: Reader, attrs: Attrs, line: Line, style: str) -> None:
        lines = reader.paragraph(keep_end=False)
        if style in {"listing", "source"}:
            start = _Start(line, reader.marked, style, attrs)
            self._listing(start, lines, lines[-1] if lines else line)

    def _listing(self, start: _Start, lines: Sequence[Line], last: Line) -> None:
        """Adds a listing of these lines."""
        attrs = start.attrs
        if start.context == "source":
            rekey(attrs, ("language", "linenums"))
            if "language" not in attrs:
                attrs["language"] = self._source_language()
        elif start.context == "listing" and attrs.get(1) is None:
            second = attrs.get(2)
            language = self._source_language() if second is None else second
            if language is not None:
                attrs["style"], attrs["language"] = "source", language
        if attrs["style"] == "source" and "source-indent" in self.attributes:
            attrs.setdefault("indent", self.attributes.get("source-indent"))
        texts = [line.text for line in lines]
        tab_size = whole_number(attrs.get("tabsize") or self.attributes.get("tabsize"))
        if (written := attrs.get("indent")) is not None or tab_size > 0:
            indent = -1 if written is None else whole_number(written)
            self.problems.extend(too_wide(start.line.span, indent, tab_size))
            texts = indented(texts, indent, tab_size)
        language = attrs.get("language") or ""
        span = _span(start.line, last)
        self.listings.append(
            Listing(attrs["style"] or "", language, "\n".join(texts), span, *start.place)
        )

    def _source_language(self) -> str | None:
        return self.attributes.values.get("source-language")

    def _compound(self, line: Line, inside: Reader) -> None:
        if self._goes_deeper(line):
            self.read_all(inside)
            self.depth -= 1

    def _list(self, reader: Reader, item: Marker | None, line: Line) -> None:
        """Reads a list from its first item on."""
        if not self._goes_deeper(line):
            while reader.read():
                pass
            return
        kind = item.kind if item else ""
        while item:
            self._item(reader, item)
            # Items of terms and callouts follow each other at once, or their lines say so.
            if kind in {"bullet", "number"}:
                reader.skip_blank()
                following = list_start(reader.peek_text())
                item = following if following and following.kind == kind else None
            else:
                item = item.following(reader.peek_text())
        self.depth -= 1

    def _item(self, reader: Reader, item: Marker) -> None:
        if (line := reader.shift()) and "[[" in line.text:
            self._item_anchor(line, item)
        place = reader.place
        inside = Reader.over(lines_of_item(reader, item), place)
        has_text = item.kind != "term" or bool(item.text)
        comments = []
        while inside.peek_text().startswith("//") and (comment := inside.read()):
            comments.append(comment)
        if (following := inside.peek()) is not None:
            inside.put_back(*comments)
            if following.text and item.kind != "term":
                has_text = False
        self.read_block(inside, {}, text_only=not has_text, in_list=True)
        while inside.peek() is not None:
            self.read_block(inside, {}, in_list=True)

    def _item_anchor(self, line: Line, item: Marker) -> None:
        """Registers the anchor that an item begins with; a term is what references to it show."""
        of_term = item.kind == "term"
        text = item.term if of_term else item.text
        if found := patterns.LEADING_ANCHOR.match(text):
            written = found["text"] or (text[found.end() :].lstrip() if of_term else "")
            written = self.attributes.resolve(written)
            label = Label(written, line.span, of_title=False) if written else None
            self.converter.catalog.add(found["id"], label)

    def _goes_deeper(self, line: Line) -> bool:
        """Goes one level deeper, if that is not too deep."""
        if self.depth < MAX_DEPTH:
            self.depth += 1
            return True
        if not any(problem.code == "too-deep" for problem in self.problems):
            message = f"blocks and lists are nested deeper than {MAX_DEPTH} here, and not read"
            self.problems.append(Problem.error("too-deep", line.span, message))
        return False


def _label(attrs: Attrs, span: Span) -> Label | None:
    """What references to a block show: the text that is given for them, or its title."""
    reference, title = attrs.get("reftext"), attrs.get("title")
    text = reference or title
    return Label(text, span, of_title=not reference) if text else None


def _span(first: Line, last: Line) -> Span:
    """From one line to another; the first alone where they stand in different files."""
    same = first.span.source == last.span.source and first.span.start <= last.span.end
    return first.span.to(last.span) if same else first.span


def _is_break(text: str) -> bool:
    if text[0] == " ":
        return text.lstrip()[0] in "-*_" and bool(patterns.INDENTED_BREAK.fullmatch(text))
    return text[0] in "'<-*_" and bool(patterns.LAYOUT_BREAK.fullmatch(text))


def _is_macro(text: str) -> bool:
    return text[0] in "ivat" and text[-1] == "]" and bool(patterns.BLOCK_MACRO.fullmatch(text))


def _starts_block(text: str) -> bool:
    return is_block_line(text) or delimiter(text) is not None


def _starts_block_or_item(text: str) -> bool:
    return _starts_block(text) or patterns.ANY_ITEM.match(text) is not None


def _unquoted(lines: Sequence[Line]) -> list[Line]:
    """The lines of a quotation in Markdown's form, without its marks and its credit line."""
    texts = [line.text.removeprefix("> ") if line.text != ">" else "" for line in lines]
    if texts[-1].startswith("-- "):
        texts.pop()
        while texts and not texts[-1]:
            texts.pop()
    return [Line(text, line.span, line.via) for text, line in zip(texts, lines, strict=False)]
