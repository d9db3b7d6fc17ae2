"""Runs what pages skip, as if they skipped nothing: `specgen run --try-skipped`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

from specgen.cli.config import Config
from specgen.cli.options import read_selected
from specgen.cli.rendering import RenderedSelection
from specgen.drift.trying import with_tried
from specgen.drift.values import RunReport
from specgen.files import DiskFiles
from specgen.plan.reading import PageStages
from specgen.plan.skips import skips_of
from specgen.render.module import render_plan
from specgen.replay.run import Replayed, replay_cases
from specgen.replay.runner import ReplayOptions
from specgen.target.opening import TargetSettings

__all__ = ["try_skipped"]


def try_skipped(
    report: RunReport,
    config: Config,
    pages: RenderedSelection,
    settings: TargetSettings,
    options: Mapping[str, Any],
) -> RunReport:
    """Replays the cases of a run that have a skip as if they had none.

    A target that has a name is started anew. Nothing is tried after a run that was cut short.

    Returns:
        The same report, with what would come of each skip.
    """
    if report.interrupted or report.lost is not None:
        return report
    ran = {each.case.id for each in report.cases}
    stages = _stages(config, pages, options, {each.case.page for each in report.cases})
    found = (skips_of(each.plan, each.reading.snippets) for each in stages)
    skips = [skip for skip in chain.from_iterable(found) if skip.case in ran]
    wanted = {skip.case for skip in skips}
    unskipped = [
        render_plan(each.plan_unskipped())
        for each in stages
        if any(case.id in wanted for case in each.plan.cases)
    ]
    cases = [case for page in unskipped for case in page.cases if case.id in wanted]
    how = ReplayOptions(options["workers"], "", 0, options["strict_warnings"], "", options["clean"])
    replayed = Replayed()
    if cases:
        replayed = replay_cases(unskipped, cases, pages.root, settings, how, listen=lambda _: None)
    report = with_tried(report, skips, replayed.results, replayed.why_not)
    return replace(report, interrupted=replayed.interrupted)


def _stages(
    config: Config, pages: RenderedSelection, options: Mapping[str, Any], names: Collection[str]
) -> tuple[PageStages, ...]:
    """What is known of some of the pages beyond their modules: they are read once more."""
    chosen = tuple(each for each in pages.selection.pages if each.name in names)
    selection = replace(pages.selection, pages=chosen)
    return read_selected(config, options, selection, DiskFiles(pages.root)).stages
