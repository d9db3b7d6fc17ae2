"""The nouns of the comparing room: targets in columns, pages and causes in rows."""

from __future__ import annotations

from dataclasses import dataclass

from specgen.replay.values import Outcome
from specgen.target.values import TargetInfo

__all__ = ["CaseRow", "CauseRow", "Column", "Comparison", "PageRow", "Tally"]


@dataclass(frozen=True, slots=True)
class Tally:
    """How the cases of a page ended on one target.

    Attributes:
        passed: They are as documented.
        failed: They are not.
        error: Nobody could judge them.
        skipped: Their page or an option leaves them out.
        not_applicable: The page is about another version, distribution or API.
    """

    passed: int = 0
    failed: int = 0
    error: int = 0
    skipped: int = 0
    not_applicable: int = 0

    @property
    def judged(self) -> int:
        """How many cases have a verdict, or should have one."""
        return self.passed + self.failed + self.error

    @property
    def is_red(self) -> bool:
        """Whether a case failed or could not be judged."""
        return self.failed + self.error > 0


@dataclass(frozen=True, slots=True)
class Column:
    """A target.

    Attributes:
        name: As it was asked for, without credentials; numbered where it stands twice.
        info: What is known of it; None if it was never open.
        trouble: Why it was not replayed to the end; empty if it was.
        total: How all cases ended there.
        seconds: How long that took.
    """

    name: str
    info: TargetInfo | None
    trouble: str
    total: Tally
    seconds: float


@dataclass(frozen=True, slots=True)
class PageRow:
    """A page, with one tally a target.

    Attributes:
        page: Its name.
        tallies: How its cases ended, by target.
        differs: Whether it is true on one target that answered and red on another.
    """

    page: str
    tallies: tuple[Tally, ...]
    differs: bool


@dataclass(frozen=True, slots=True)
class CauseRow:
    """A cause of drift, with the number of its cases on each target."""

    id: str
    title: str
    hint: str
    cases: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case that ended in several ways, by target; None where it was not applicable."""

    case: str
    outcomes: tuple[Outcome | None, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The same pages on several targets.

    Attributes:
        columns: The targets, as they were asked for.
        pages: Each page that has a case, in order.
        causes: Those of most cases first.
        cases: The cases that are green here and red there, in page order.
        unreadable: The names of pages that could not be read, each with the reason.
    """

    columns: tuple[Column, ...]
    pages: tuple[PageRow, ...]
    causes: tuple[CauseRow, ...]
    cases: tuple[CaseRow, ...]
    unreadable: tuple[tuple[str, str], ...]
