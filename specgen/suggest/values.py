"""The nouns of the suggest room: what was seen, what is proposed, what remains."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from specgen.dialect.values import OptionName
from specgen.replay.values import CaseResult

__all__ = ["Judged", "LineEdit", "Place", "Remark", "Seen", "Style", "Suggestion"]


class Style(StrEnum):
    """How markers are written: as `SPECGEN[…]`, or as the reference has it."""

    SPECGEN = "specgen"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Seen:
    """How a case ended in one run.

    Attributes:
        target: Where it ran; values are compared within one target.
        result: What came of it.
    """

    target: str
    result: CaseResult


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a documented body of which less should be asked, or later.

    Attributes:
        option: `ignore`, `unordered`, or `eventually`, which is about the whole body.
        pointer: JSON pointer in which `*` stands for any item of a list.
        why: What was seen there, in one line.
        concrete: The places that were seen to differ, without any `*`.
    """

    option: OptionName
    pointer: str
    why: str
    concrete: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """Why a case stays red, or may: something that no marker should hide.

    Attributes:
        case: Its id.
        line: In its page.
        pointer: Into the response body; empty for the whole or none.
        message: What is not as the page says.
    """

    case: str
    line: int
    pointer: str
    message: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What the runs of one case tell.

    Attributes:
        places: Pairs of the index of a snippet and a place in its body.
        remarks: What remains; with any of them nothing should be proposed.
    """

    places: tuple[tuple[int, Place], ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class LineEdit:
    """A marker line to put below a line of a page, or in its place.

    Attributes:
        line: Counted from 1.
        text: The marker, without a line end.
        replaces: Whether it takes the place of that line.
    """

    line: int
    text: str
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The marker of one snippet that makes its case pass in every run.

    Attributes:
        page: Relative to the docs root.
        line: Of the snippet's opening dashes.
        case: The id of its case.
        edits: What is written.
        places: Of what less is asked.
    """

    page: str
    line: int
    case: str
    edits: tuple[LineEdit, ...]
    places: tuple[Place, ...]
