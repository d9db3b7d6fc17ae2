"""`specgen run`: generate, then replay."""

from __future__ import annotations

from functools import partial
from typing import Any

import click

from specgen.cli.console import console_for
from specgen.cli.leaks import Tries, check_find_leak, find_leak_option, leaks_told
from specgen.cli.options import configuration, page_options, target_options
from specgen.cli.replaying import (
    Chosen,
    ReplaySession,
    prepared,
    replay_options,
    replay_session,
)
from specgen.cli.reports import journal_for, report_options, save_reports
from specgen.cli.skipped import max_skipped_option, most_skipped, skips_told, try_option
from specgen.drift.report.terminal import Terminal
from specgen.drift.results import exit_code
from specgen.errors import ExitCode, worst
from specgen.replay.runner import ReplayOptions

__all__ = ["command"]


@click.command("run")
@page_options
@target_options
@report_options
@replay_options
@click.option(
    "--require-tests", is_flag=True, help="Fail if a page sends no request, or skips everything."
)
@click.option("--plan", is_flag=True, help="Tell all that would be sent, and send nothing.")
@max_skipped_option
@try_option
@find_leak_option
@click.option("--quiet", "-q", is_flag=True, help="Show failures and the last line only.")
@click.option("--verbose", "-v", is_flag=True, help="Show a line for each case.")
def command(**options: Any) -> int:
    """Replays the examples of PAGES against a cluster and tells which are true.

    Without --target it starts an engine of its own, which is gone afterwards.
    """
    check = partial(check_find_leak, options)
    if options["plan"]:
        from specgen.cli.dry_plan import tell_plan  # slow to import, and rarely asked for

        session = prepared(configuration(), options, check)
        chosen = session.choose()
        return int(tell_plan(chosen.pages, session.in_order(chosen), session.settings, options))
    with replay_session(configuration(), options, check) as session:
        return _run(session, options)


def _run(session: ReplaySession, options: dict[str, Any]) -> int:
    chosen = session.choose()
    terminal = _terminal(chosen, options)
    terminal.begin()
    with journal_for(options["json_file"], session.planned(chosen)) as journal:
        report, replayed = session.replay(chosen, terminal, journal)
        if options["try_skipped"]:
            from specgen.cli.trying import try_skipped  # slow to import: it reads pages

            report = try_skipped(report, session.config, chosen.pages, session.settings, options)
        report = session.timed(report)
        chosen.before.remember(report, chosen.pages.root.joinpath)
        most = most_skipped(session.config, options)
        skips_told(report, most, terminal, tried=options["try_skipped"])
        terminal.end(report)
        saved = save_reports(report, options)
        journal.saved = saved is ExitCode.TRUE
    if options["find_leak"]:
        again = ReplayOptions(strict_warnings=options["strict_warnings"], clean=options["clean"])
        for line in leaks_told(report, replayed, Tries(chosen.pages, session.settings, again)):
            terminal.note(line)
    code = exit_code(report, require_tests=options["require_tests"], max_skipped=most)
    return int(worst((code, saved)))


def _terminal(chosen: Chosen, options: dict[str, Any]) -> Terminal:
    console = console_for(stderr=options["json_file"] == "-")
    return Terminal(
        console,
        {case.id: case for case in chosen.cases},
        chosen.pages.selection.shown,
        options["quiet"],
        options["verbose"],
    )
