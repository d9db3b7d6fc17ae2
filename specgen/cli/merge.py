"""`specgen merge`: the results of several runs as one report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from specgen.cli.console import console_for
from specgen.cli.options import configuration
from specgen.cli.reports import read_results, report_options, save_reports
from specgen.cli.skipped import max_skipped_option, most_skipped, skips_told
from specgen.drift.merging import Merged, merge
from specgen.drift.report.terminal import Terminal
from specgen.drift.results import exit_code
from specgen.errors import ExitCode, worst
from specgen.selection import Selection

__all__ = ["command"]


@click.command("merge")
@click.argument(
    "results",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@report_options
@click.option(
    "--docs-root",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Show pages as files below DIR.",
)
@click.option(
    "--require-tests", is_flag=True, help="Fail if a page sends no request, or skips everything."
)
@max_skipped_option
@click.option("--quiet", "-q", is_flag=True, help="Show failures and the last line only.")
@click.option("--verbose", "-v", is_flag=True, help="Show a line for each case.")
def command(**options: Any) -> int:
    """Makes one report of RESULTS, files that `specgen run --json FILE` wrote.

    They are the parts of one run (`--shard I/N`), or runs of different pages. What `--rerun
    failed` wrote takes the place of earlier results. Of a run that was killed, FILE.part holds
    all that it came to.
    """
    merged = merge([(str(path), read_results(path)) for path in options["results"]])
    most = most_skipped(configuration(), options)
    _tell(merged, options, most)
    share = merged.report.share
    tests = options["require_tests"]
    codes = [exit_code(merged.report, require_tests=tests, max_skipped=most)]
    if share is not None and share.missing:
        codes.append(ExitCode.DRIFT)
    codes.append(save_reports(merged.report, options))
    return int(worst(codes))


def _tell(merged: Merged, options: dict[str, Any], most: int | None) -> None:
    report = merged.report
    root = options["docs_root"] or configuration().docs_root
    console = console_for(stderr=options["json_file"] == "-")
    terminal = Terminal(
        console,
        {each.case.id: each.case for each in report.cases},
        Selection(root.resolve(), ()).shown if root else str,
        options["quiet"],
        options["verbose"],
    )
    terminal.replay(report)
    for line in _notes(merged, options["results"]):
        console.print(line, style="yellow", soft_wrap=True, markup=False)
    tried = any(each.tried for each in report.cases)
    skips_told(report, most, terminal, tried=tried)
    terminal.end(report)


def _notes(merged: Merged, files: Sequence[Path]) -> list[str]:
    """What a reader of the summary must know besides."""
    share, notes = merged.report.share, []
    if share is not None and share.missing:
        parts = ", ".join(map(str, share.missing))
        what = "part" if len(share.missing) == 1 else "parts"
        notes.append(f"{what} {parts} of {share.count} missing: this is not the whole run")
    if merged.mended:
        notes.append(f"failed first, passed when run again: {', '.join(merged.mended)}")
    if any(path.suffix == ".part" for path in files):
        notes.append("a run did not end: what it did not come to counts as an error")
    return notes
