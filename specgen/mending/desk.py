"""What mending asks of the world around it: replays, plans, leave to write, and the time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from specgen.mending.corrections.vocabulary import Vocabulary
from specgen.mending.pages import Texts
from specgen.plan.reading import PageStages
from specgen.plan.values import PagePlan
from specgen.replay.events import CaseFinished

__all__ = ["Desk", "Observe", "Reread"]


class Observe(Protocol):
    """Replays cases in a session of its own."""

    def __call__(self, texts: Texts, ids: Sequence[str]) -> Mapping[str, CaseFinished]:
        """What came of each case, where some files have other bytes."""


class Reread(Protocol):
    """Takes a page through all stages anew."""

    def __call__(self, page: str, texts: Texts) -> PageStages:
        """What each stage sees of a page where some files have other bytes.

        Raises:
            PageUnreadable: It cannot be read.
        """


@dataclass(frozen=True, slots=True)
class Desk:
    """What mending asks of the world around it.

    Attributes:
        observe: Replays cases.
        reread: Reads a page anew.
        may_write: By the page: raises `NotMendable` if a file is not to be written.
        hide: Masks what is secret in a text.
        now: When all this happens.
        words: Those of all requests of the pages.
    """

    observe: Observe
    reread: Reread
    may_write: Callable[[str], Callable[[str], None]]
    hide: Callable[[str], str]
    now: datetime
    words: Vocabulary

    def replan(self, page: str, texts: Texts) -> PagePlan:
        """Plans a page anew, where some files have other bytes.

        Raises:
            PageUnreadable: It cannot be read.
        """
        return self.reread(page, texts).plan
