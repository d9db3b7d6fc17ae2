"""From what a replay came to, to the report of it."""

from __future__ import annotations

from specgen.cli.rendering import RenderedSelection
from specgen.drift.values import PageCase, PageRead, RunReport
from specgen.replay.run import Replayed
from specgen.target.opening import TargetSettings

__all__ = ["report_of"]


def report_of(
    pages: RenderedSelection,
    cases: tuple[PageCase, ...],
    settings: TargetSettings,
    replayed: Replayed,
    seconds: float = 0.0,
) -> RunReport:
    """The report of a replay.

    Args:
        pages: Those that were read.
        cases: Those that were selected, each with how it ended.
        settings: The target.
        replayed: What came of it.
        seconds: How long it took.
    """
    return RunReport(
        tuple(map(PageRead.of, pages.pages)),
        cases,
        settings.target,
        replayed.target,
        replayed.lost,
        pages.unreadable,
        replayed.interrupted,
        round(seconds, 3),
        settings.secrets.redact(replayed.crashed),
    )
