"""`specgen drift`: replays pages, and tells what is untrue by its causes."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

import click

from specgen.cli.baselines import accepted_in, baseline_options, held_against
from specgen.cli.console import console_for
from specgen.cli.drift_reports import (
    Places,
    check_drift_reports,
    drift_report_options,
    save_drift,
)
from specgen.cli.options import configuration, page_options, target_options
from specgen.cli.replaying import Chosen, replay_options, replay_session
from specgen.cli.reports import journal_for
from specgen.cli.told_results import told_results
from specgen.cli.updating import check_update, check_update_options, update_options
from specgen.drift.baseline.holding import hold
from specgen.drift.causes import drift_of
from specgen.drift.report.by_cause.annotations import drift_annotations
from specgen.drift.report.by_cause.terminal import tell_drift
from specgen.drift.report.terminal import Terminal
from specgen.drift.results import exit_code
from specgen.drift.values import Accepted, RunReport
from specgen.errors import ExitCode, PageUnreadable, worst
from specgen.files import DiskFiles
from specgen.source import Source

__all__ = ["command"]


@click.command("drift")
@page_options
@target_options
@click.option(
    "--results",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Replay nothing: tell what FILE holds, which `specgen run --json FILE` wrote.",
)
@drift_report_options
@baseline_options
@update_options
@replay_options
@click.option("--quiet", "-q", is_flag=True, help="Show the last line only.")
@click.option("--verbose", "-v", is_flag=True, help="Show every finding of every cause.")
def command(**options: Any) -> int:
    """Replays the examples of PAGES and tells what is untrue by its causes.

    It replays as `specgen run` does. With --baseline only drift that nobody accepted is red.
    With --update it writes what the cluster said into the pages, and only what differs.
    """
    check_update_options(options)
    to_stderr = check_drift_reports(options)
    entries = accepted_in(options)
    if options["results"]:
        report, root = told_results(configuration(), options)
        terminal = _terminal(report, _places(root).shown, options, to_stderr=to_stderr)
        terminal.begin()
        return _told(report, root, terminal, entries, lambda _: False, options)
    return _replayed(entries, options, to_stderr=to_stderr)


def _replayed(entries: tuple[Accepted, ...], options: dict[str, Any], *, to_stderr: bool) -> int:
    check = partial(check_update, options)
    with replay_session(configuration(), options, check) as session:
        chosen = session.choose()
        root, planned = chosen.pages.root, session.planned(chosen)
        terminal = _terminal(planned, _places(root).shown, options, to_stderr=to_stderr)
        terminal.begin()
        with journal_for(options["json_file"], planned) as journal:
            report, _ = session.replay(chosen, terminal, journal)
            if options["update"]:
                from specgen.cli.mending import update  # slow to import: it reads pages

                file = str(options["baseline"] or "")
                held = hold(drift_of(report), entries, file, lambda _: False)
                report = update(held, session, chosen)
            report = session.timed(report)
            chosen.before.remember(report, root.joinpath)
            code = _told(report, root, terminal, entries, _complete(chosen, options), options)
            journal.saved = code != ExitCode.USAGE
    return code


def _told(
    report: RunReport,
    root: Path | None,
    terminal: Terminal,
    entries: tuple[Accepted, ...],
    complete: Callable[[str], bool],
    options: dict[str, Any],
) -> int:
    """Tells a report everywhere it was asked for; returns the exit code."""
    places = _places(root)
    held, note = held_against(drift_of(report), entries, complete, options)
    if note:
        terminal.note(note)

    def tell() -> None:
        if not options["quiet"]:
            tell_drift(held, terminal.console, places.shown, verbose=options["verbose"])
        if options["github"]:
            for line in drift_annotations(held, places.shown):
                click.echo(line, err=terminal.console.stderr)

    terminal.end(report, tell, held.settled)
    return int(worst((exit_code(report, accepted=held.settled), save_drift(held, places, options))))


def _terminal(
    report: RunReport, shown: Callable[[str], str], options: dict[str, Any], *, to_stderr: bool
) -> Terminal:
    console = console_for(stderr=to_stderr)
    cases = {each.case.id: each.case for each in report.cases}
    return Terminal(console, cases, shown, options["quiet"], by_case=False)


def _places(root: Path | None) -> Places:
    """Where pages are; nothing outside of the docs root is read."""
    from specgen.selection import Selection

    if root is None:
        return Places(str, lambda _: None)
    files = DiskFiles(root)

    @cache
    def read(name: str) -> Source | None:
        try:
            return files.read(name)
        except PageUnreadable:
            return None

    return Places(Selection(root, ()).shown, read)


def _complete(chosen: Chosen, options: dict[str, Any]) -> Callable[[str], bool]:
    """Tells whether a replay has all cases that a page has now; one that is gone has none."""
    pages, in_part = chosen.pages, options["expression"] or options["rerun"]
    whole = {choice.name for choice in pages.selection.pages if choice.line is None}
    read = {each.page for each in pages.pages if not any(c.unread for c in each.cases)}
    names = set() if in_part else whole & read
    return lambda page: page in names or not (pages.root / page).exists()
