"""Recognizes section titles: `== On one line`, `## As in Markdown`, and with a line below."""

from __future__ import annotations

import re
from dataclasses import dataclass

from specgen.asciidoc import patterns
from specgen.asciidoc.reader import Reader, ReportedPlace
from specgen.source import Line

__all__ = ["Title", "read_title", "read_title_lines", "split_anchor", "split_leading_anchor"]

MARKS = "=#"
MOST_MARKS = 6
UNDERLINES = {"=": 0, "-": 1, "~": 2, "^": 3, "+": 4}
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Title:
    """A section title as it is written.

    Attributes:
        level: 0 for the title of a document, 1 for `==`, and so on.
        text: Without marks.
        underlined: Whether it takes two lines.
    """

    level: int
    text: str
    underlined: bool


def read_title(line: str, below: str) -> Title | None:
    """The title that a line is, or it and the line below; None if it is none."""
    if line[:1] and line[0] in MARKS:
        marks = len(line) - len(line.lstrip(line[0]))
        if marks <= MOST_MARKS and line[marks : marks + 1] in {" ", "\t"}:
            text = _without_closing(line[marks:].lstrip(" \t"), line[:marks])
            return Title(marks - 1, text, underlined=False)
    if not below or (level := UNDERLINES.get(below[0])) is None or below.strip(below[0]):
        return None
    fits = abs(len(line) - len(below)) < 2 and line[:1] != "."
    if fits and _LETTER_OR_DIGIT.search(line):
        return Title(level, line, underlined=True)
    return None


def read_title_lines(reader: Reader, title: Title) -> tuple[Line, ReportedPlace]:
    """Goes past a title that comes next; gives its line, and where that is reported."""
    place, line = reader.place, reader.shift()
    if title.underlined:
        reader.shift()
    if line is None:
        raise ValueError("no title comes next")
    return line, place


def _without_closing(text: str, marks: str) -> str:
    """A title without the marks that may be repeated behind it."""
    bare = text.removesuffix(marks)
    if bare != text and bare[-1:] in {" ", "\t"}:
        return bare.rstrip(" \t")
    return text


def split_anchor(text: str) -> tuple[str, str, str]:
    """A title without the anchor at its end, the id and the text of that; else empty ones."""
    found = patterns.TITLE_ANCHOR.search(text) if text.endswith("]]") else None
    if found is None or found["escape"]:
        return text, "", ""
    return text[: found.start()], found["id"], found["text"] or ""


def split_leading_anchor(text: str) -> tuple[str, str]:
    """A title without the anchor that it begins with, and the id of that; mostly empty."""
    found = patterns.LEADING_ANCHOR.match(text)
    return (text[found.end() :].lstrip(), found["id"]) if found else (text, "")
