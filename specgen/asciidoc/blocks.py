"""Finds the sections, anchors and visible listing blocks of a page.

Delimited blocks are tracked on a stack, so that a title inside a listing is no title and a
listing inside a comment is not visible. Block nesting follows Asciidoctor's rule: a line
equal to the delimiter that is open closes it; inside a verbatim block nothing else opens.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from specgen.asciidoc import patterns
from specgen.asciidoc.page import Heading, Listing, Outline, Page
from specgen.source import Line

__all__ = ["outline_of"]

VERBATIM = frozenset("-.+/`")
VISIBLE_LISTING = frozenset("-`")


@dataclass(frozen=True, slots=True)
class _Open:
    mark: str
    line: Line
    style: str
    language: str

    @property
    def verbatim(self) -> bool:
        return self.mark != "--" and self.mark[0] in VERBATIM


@dataclass(slots=True)
class _Scan:
    """What has been seen so far; lives only inside `outline_of`."""

    stack: list[_Open] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    anchors: list[tuple[int, str]] = field(default_factory=list)
    listings: list[Listing] = field(default_factory=list)
    anchor: str = ""
    style: tuple[str, str] = ("", "")


def outline_of(page: Page) -> Outline:
    """The structure of a page: a pure function of its lines."""
    scan = _Scan()
    for line in page.lines:
        _take(scan, line)
    return Outline(tuple(scan.headings), tuple(scan.anchors), tuple(scan.listings))


def _take(scan: _Scan, line: Line) -> None:
    inner = scan.stack[-1] if scan.stack else None
    mark = _delimiter(line.text)
    if inner and inner.verbatim:
        if mark and _closes(inner, mark):
            _close(scan, line)
        return
    if mark:
        if any(_closes(block, mark) for block in scan.stack):
            while not _closes(scan.stack[-1], mark):
                scan.stack.pop()
            _close(scan, line)
        else:
            style, language = scan.style
            if mark.startswith("```"):
                style, language, mark = "source", mark[3:].partition(",")[0], "```"
            scan.stack.append(_Open(mark, line, style, language))
        scan.style, scan.anchor = ("", ""), ""
    elif anchor := patterns.ANCHOR.fullmatch(line.text):
        scan.anchor = anchor["id"]
        scan.anchors.append((line.span.start, anchor["id"]))
    elif attributes := patterns.ATTRIBUTE_LIST.fullmatch(line.text):
        _attributes(scan, line, attributes["attributes"])
    elif (title := patterns.SECTION.fullmatch(line.text)) and not scan.stack:
        heading = Heading(len(title["level"]) - 1, title["title"], scan.anchor, line.span)
        scan.headings.append(heading)
        scan.style, scan.anchor = ("", ""), ""
    elif not line.text.strip() or patterns.BLOCK_TITLE.fullmatch(line.text):
        pass  # a blank line or a block title keeps the attributes for the block below
    elif not patterns.LINE_COMMENT.fullmatch(line.text):
        scan.style, scan.anchor = ("", ""), ""


def _delimiter(text: str) -> str:
    found = patterns.DELIMITER.fullmatch(text) or patterns.TABLE_DELIMITER.fullmatch(text)
    return found["mark"] if found else ""


def _closes(block: _Open, mark: str) -> bool:
    return block.mark == mark


def _close(scan: _Scan, line: Line) -> None:
    block = scan.stack.pop()
    hidden = any(outer.mark.startswith("////") for outer in scan.stack)
    if block.mark != "--" and block.mark[0] in VISIBLE_LISTING and not hidden:
        source = line.span.source
        first = source.line_starts[block.line.number]
        text = source.text[first : line.span.start].removesuffix("\n").removesuffix("\r")
        style = "source" if block.style.startswith("source") else "listing"
        language = block.language if style == "source" else ""
        scan.listings.append(Listing(style, language, text, block.line.span.to(line.span)))


def _attributes(scan: _Scan, line: Line, text: str) -> None:
    first, _, rest = text.partition(",")
    head = first.strip()
    if "#" in head and "=" not in head and '"' not in head:
        name = head.partition("#")[2]
        for stop in ".%":
            name = name.partition(stop)[0]
        scan.anchor = name
        scan.anchors.append((line.span.start, name))
    if patterns.SOURCE_STYLE.fullmatch(head):
        scan.style = ("source", rest.partition(",")[0].strip().strip('"'))
    elif head and "=" not in head:
        scan.style = (head, "")
