"""`specgen run --try-skipped` and `--max-skipped`: skips are looked after."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any, TypeVar

import click

from specgen.cli.config import Config
from specgen.cli.options import Pages
from specgen.drift.report.skips import over_most, tried_lines
from specgen.drift.report.terminal import Terminal
from specgen.drift.trying import with_tried
from specgen.drift.values import RunReport
from specgen.plan.skips import skips_of
from specgen.replay.run import Replayed, replay_cases
from specgen.replay.runner import ReplayOptions
from specgen.target.opening import TargetSettings

__all__ = ["max_skipped_option", "most_skipped", "skips_told", "try_option", "try_skipped"]

Command = TypeVar("Command", bound=Callable[..., Any])


def try_option(command: Command) -> Command:
    """Adds the option that skips are tried."""
    return click.option(
        "--try-skipped",
        is_flag=True,
        help="Afterwards run what pages skip, and tell what would pass now; no verdict changes.",
    )(command)


def max_skipped_option(command: Command) -> Command:
    """Adds the option that limits skips."""
    return click.option(
        "--max-skipped",
        metavar="N",
        type=click.IntRange(min=0),
        help="Fail if pages skip more than N cases.",
    )(command)


def most_skipped(config: Config, options: Mapping[str, Any]) -> int | None:
    """How many cases pages may skip; None for any number."""
    asked: int | None = options["max_skipped"]
    return config.max_skipped if asked is None else asked


def try_skipped(
    report: RunReport, pages: Pages, settings: TargetSettings, options: Mapping[str, Any]
) -> RunReport:
    """Replays the cases of a run that have a skip as if they had none.

    A target that has a name is started anew. Nothing is tried after a run that was cut short.

    Returns:
        The same report, with what would come of each skip.
    """
    if report.interrupted or report.lost is not None:
        return report
    ran = {each.case.id for each in report.cases}
    found = (skips_of(each.plan, each.reading.snippets) for each in pages.stages)
    skips = [skip for skip in chain.from_iterable(found) if skip.case in ran]
    wanted = {skip.case for skip in skips}
    plans = [
        each.plan_unskipped()
        for each in pages.stages
        if any(case.id in wanted for case in each.plan.cases)
    ]
    cases = [case for plan in plans for case in plan.cases if case.id in wanted]
    how = ReplayOptions(options["workers"], "", 0, options["strict_warnings"], "", options["clean"])
    root = pages.selection.root
    replayed = Replayed()
    if cases:
        replayed = replay_cases(plans, cases, root, settings, how, listen=lambda _: None)
    report = with_tried(report, skips, replayed.results, replayed.why_not)
    return replace(report, interrupted=replayed.interrupted)


def skips_told(report: RunReport, most: int | None, terminal: Terminal, *, tried: bool) -> None:
    """Tells what came of the skips that were tried, and if there are too many of them."""
    if tried:
        for line in tried_lines(report, terminal.shown):
            terminal.note(line)
    for line in over_most(report, most, terminal.shown):
        terminal.note(line)
