"""The nouns of mending: edits of a body, what was mended, and what was refused and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from specgen.mending.corrections.values import Correction
from specgen.replay.values import DifferingAnswer, Json, Kind
from specgen.source import Span

__all__ = [
    "Catch",
    "Edit",
    "Mend",
    "NotMendable",
    "Proposal",
    "Reason",
    "Refusal",
    "ReplyOf",
    "Response",
    "Rewrite",
    "Where",
]


class Reason(StrEnum):
    """Why something is not written back; the words that count refusals."""

    SUBSTITUTION = "substitution"
    ATTRIBUTE = "attribute"
    STASH = "stash"
    CALLOUT = "callout"
    COMMENT = "comment"
    STYLE = "style"
    SHAPE = "shape"
    VOLATILE = "volatile"
    EMULATED = "emulated"
    SHARED = "shared"
    SECRET = "secret"
    TEXT = "text"
    NO_BODY = "no-body"
    OTHER_PLAN = "other-plan"
    UNSTABLE = "unstable"
    ACCEPTED = "accepted"
    CHANGED = "changed"
    STATUS = "status"
    NOT_A_BODY = "not-a-body"
    NOT_JUDGED = "not-judged"


class NotMendable(Exception):
    """A difference that cannot be written into the page by itself.

    Attributes:
        reason: The sort of reason.
        words: The reason for people.
        hint: What a person may do; empty if nobody knows.
        only_value: Whether it is about a value alone: a new key with it came each time.
    """

    def __init__(
        self, reason: Reason, words: str, hint: str = "", *, only_value: bool = False
    ) -> None:
        super().__init__(words)
        self.reason = reason
        self.words = words
        self.hint = hint
        self.only_value = only_value


class Edit(NamedTuple):
    """A stretch of a documented body that is to say something else.

    Attributes:
        start: Where it begins in the body as it is compared.
        end: Where it ends.
        text: What it is to say there, lines ended by a newline.
        page: The same stretch in the page, callouts around it left out.
    """

    start: int
    end: int
    text: str
    page: Span


class Where(NamedTuple):
    """A place as people see it: file below the docs root, line and column counted from 1."""

    file: str
    line: int
    column: int


class Response(NamedTuple):
    """A documented response: the id of its case, and which of its comparisons it is, from 0."""

    case: str
    comparison: int


@dataclass(frozen=True, slots=True)
class ReplyOf:
    """What the cluster answered in place of a documented response."""

    response: Response
    answer: DifferingAnswer


@dataclass(frozen=True, slots=True)
class Mend:
    """One difference that the page does not have any more.

    Attributes:
        response: The response that had it.
        where: Where the difference stood, before.
        kind: What it was about.
        pointer: JSON pointer of the value.
        expected: What the page said; None also where it said nothing.
        actual: What it says now; None also where it says nothing.
        renamed: Of a key that has another name now, and of that name: its pointer.
    """

    response: Response
    where: Where
    kind: Kind
    pointer: str
    expected: Json
    actual: Json
    renamed: str = ""


@dataclass(frozen=True, slots=True)
class Catch:
    """The marker of a snippet that documents how its request ends.

    Attributes:
        was: The error that is documented, as in `TEST[catch:…]`; empty for success.
        now: The error that came; empty for success.
    """

    was: str
    now: str

    @property
    def words(self) -> str:
        """What it does, for people."""
        if not self.now:
            return f"`catch:{self.was}` taken out"
        if not self.was:
            return f"`catch:{self.now}` put in"
        return f"`catch:{self.was}` -> `catch:{self.now}`"


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A request that says something else: corrections, each of them of what those before left."""

    corrections: tuple[Correction, ...]

    @property
    def words(self) -> str:
        """What it does, for people."""
        return ", ".join(each.words for each in self.corrections)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A request that ended otherwise than documented, and what would make the page true.

    Attributes:
        page: The page of its case.
        case: The id of the case that showed it.
        in_setup: Whether the setup of the page sends the request, for each of its cases.
        step: Which step of the setup, or of the case, sends it, from 0.
        where: The request.
        status: The status that came.
        reason: The reason that came with it; empty if none did.
        change: What is proposed.
    """

    page: str
    case: str
    in_setup: bool
    step: int
    where: Where
    status: int
    reason: str
    change: Catch | Rewrite

    def settles(self, refusal: Refusal) -> bool:
        """Whether a refusal is about its request."""
        same = self.in_setup or refusal.response.case == self.case
        return same and refusal.where == self.where


@dataclass(frozen=True, slots=True)
class Refusal:
    """One difference that is left to a person.

    Attributes:
        response: The response that has it; the comparison is -1 if it is none of a body.
        where: Where it stands.
        kind: What it is about; None if the case could not be judged at all.
        pointer: JSON pointer of the value; empty for none.
        reason: The sort of reason.
        words: The reason for people.
        hint: What a person may do; empty if nobody knows.
    """

    response: Response
    where: Where
    kind: Kind | None
    pointer: str
    reason: Reason
    words: str
    hint: str = ""
