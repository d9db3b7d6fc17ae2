"""How every message about a place in a page looks: one form for problems and for findings.

    specs/check-in.asciidoc:79:13: error[value] the response is not what the page says
       |
    79 |   "result": "updated"
       |             ^^^^^^^^^ page:    string "updated"
       |                       cluster: string "noop"
       = request: line 73, PUT _connector/my-connector/_check_in

The text is made of styled pieces, so that colour is decided where it is printed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from specgen.problems import Problem
from specgen.source import Span

__all__ = [
    "Message",
    "Piece",
    "Style",
    "counted",
    "message_of",
    "notes_of",
    "plain",
    "printable",
    "printable_lines",
    "render",
    "xml_text",
]

# Characters that XML 1.0 cannot hold, not even escaped.
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# More of a line is never shown; pages may hold lines of any length.
MAX_EXCERPT = 160


class Style(StrEnum):
    """What a piece of a message is, for those who give it a colour."""

    PLAIN = "plain"
    PLACE = "place"
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    GUTTER = "gutter"
    PAGE = "page"
    CLUSTER = "cluster"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a message in one style."""

    text: str
    style: Style = Style.PLAIN


@dataclass(frozen=True, slots=True)
class Message:
    """One message about one place.

    Attributes:
        path: The page as people can open it.
        line: Counted from 1.
        column: Counted from 1.
        severity: `error`, `warning` or `note`.
        code: The stable word for what is wrong.
        title: What is wrong, in one sentence.
        excerpt: The line of the page; empty shows none.
        width: How many of its characters are marked, at least one.
        labels: Pairs of what a side is called and what it says, beside the caret.
        notes: Pairs of a word and a text, below.
    """

    path: str
    line: int
    column: int
    severity: str
    code: str
    title: str
    excerpt: str = ""
    width: int = 1
    labels: tuple[tuple[str, str], ...] = ()
    notes: tuple[tuple[str, str], ...] = ()


def counted(count: int, noun: str, plural: str = "") -> str:
    """A number with its noun: `1 page`, `3 pages`; `plural` is for nouns that take no `s`."""
    return f"{count} {noun if count == 1 else plural or f'{noun}s'}"


def message_of(problem: Problem, shown: Callable[[str], str] = str) -> Message:
    """The message for a problem of a page; `shown` gives a page's name as people can open it."""
    span = problem.span
    place = span.place
    notes = (("help", problem.hint),) if problem.hint else ()
    others = (each for each in problem.related if each.span != span)
    related = tuple((f"see {_opened(each.span, shown)}", each.message) for each in others)
    return Message(
        shown(span.source.path),
        place.line,
        place.column,
        problem.severity.value,
        problem.code,
        problem.message,
        span.source.line_text(place.line),
        max(1, span.end - span.start),
        (),
        (*notes, *related),
    )


def _opened(span: Span, shown: Callable[[str], str]) -> str:
    return f"{shown(span.source.path)}:{span.place.line}:{span.place.column}"


def render(message: Message, *, notes: bool = True) -> tuple[Piece, ...]:
    """The message as styled pieces; its lines end with a newline."""
    return tuple(_pieces(message, notes))


def plain(pieces: Sequence[Piece]) -> str:
    """The characters of a message without any style."""
    return "".join(piece.text for piece in pieces)


def printable(text: str) -> str:
    """A text that cannot move the cursor, change colours or hide behind another direction.

    Nor does it give orders to GitHub Actions, which looks for `##[` anywhere in a line.
    """
    if not text.isprintable():
        text = "".join(c if c.isprintable() else _visible(c) for c in text)
    return text.replace("##[", "##\\x5b")


def printable_lines(text: str) -> str:
    """Several lines that cannot do anything to the terminal."""
    return "\n".join(printable(line) for line in text.split("\n"))


def _visible(character: str) -> str:
    if character == "\t":
        return " "
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def xml_text(text: str) -> str:
    """A text that an XML document can hold; what it cannot becomes U+FFFD."""
    return NOT_XML.sub("\ufffd", text)


def _pieces(message: Message, with_notes: bool) -> Iterator[Piece]:
    style = Style(message.severity)
    yield Piece(f"{printable(message.path)}:{message.line}:{message.column}: ", Style.PLACE)
    yield Piece(f"{message.severity}[{message.code}]", style)
    yield Piece(f" {printable(message.title)}\n")
    number = str(message.line)
    pad = " " * len(number)
    if message.excerpt.strip():
        yield from _excerpt(message, number, pad)
    if with_notes:
        yield from notes_of(message.notes, pad)


def notes_of(notes: Sequence[tuple[str, str]], pad: str = "  ") -> Iterator[Piece]:
    """The lines that say what belongs to a message and what to do."""
    for word, text in notes:
        yield Piece(f"{pad} = {word}: ", Style.GUTTER)
        yield Piece(f"{printable(text)}\n", Style.HINT if word == "help" else Style.PLAIN)


def _excerpt(message: Message, number: str, pad: str) -> Iterator[Piece]:
    text, column = _window(message.excerpt, message.column)
    marked = text[column - 1 : column - 1 + max(0, message.width)]
    width = max(1, len(printable(marked)))
    yield Piece(f"{pad} |\n{number} | ", Style.GUTTER)
    yield Piece(f"{printable(text)}\n")
    before = " " * len(printable(text[: column - 1]))
    yield Piece(f"{pad} | ", Style.GUTTER)
    yield Piece(f"{before}{'^' * width}", Style(message.severity))
    longest = max((len(side) for side, _ in message.labels), default=0)
    for index, (side, says) in enumerate(message.labels):
        if index:
            yield Piece(f"{pad} | ", Style.GUTTER)
            yield Piece(" " * (len(before) + width))
        yield Piece(f" {side}:{' ' * (longest - len(side))} ", Style.GUTTER)
        yield Piece(f"{printable(says)}\n", Style.CLUSTER if index else Style.PAGE)
    if not message.labels:
        yield Piece("\n")


def _window(text: str, column: int) -> tuple[str, int]:
    """The part of a long line around a column, and the column inside it."""
    if len(text) <= MAX_EXCERPT:
        return text, min(column, len(text) + 1)
    start = max(0, min(column - 40, len(text) - MAX_EXCERPT))
    shown = text[start : start + MAX_EXCERPT]
    return (f"…{shown}", column - start + 1) if start else (f"{shown}…", column)
