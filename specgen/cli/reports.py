"""The files that a run leaves where it is asked to, `--json` and `--junit`, and reads again."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from specgen.cli.options import write_json
from specgen.drift.report.journal import Journal
from specgen.drift.report.results_json import results_document
from specgen.drift.report.results_reading import read_report
from specgen.drift.values import RunReport
from specgen.errors import ExitCode, UsageProblem, worst

__all__ = ["journal_for", "read_results", "report_options", "save_reports", "save_text"]

Command = TypeVar("Command", bound=Callable[..., Any])


def report_options(command: Command) -> Command:
    """Adds the options that name reports."""
    for option in (
        click.option(
            "--junit", metavar="FILE", help="Write the results as JUnit XML; `-` for stdout."
        ),
        click.option(
            "--json", "json_file", metavar="FILE", help="Write every result; `-` for stdout."
        ),
    ):
        command = option(command)
    return command


def journal_for(file: str | None, planned: RunReport) -> Journal:
    """What keeps results beside the file of `--json` while a run goes on."""
    if not file or file == "-" or (Path(file).exists() and not Path(file).is_file()):
        return Journal(None, planned)
    return Journal(Path(f"{file}.part"), planned)


def read_results(path: Path) -> RunReport:
    """The report in a file that `--json` wrote.

    Raises:
        UsageProblem: There is none in it.
    """
    try:
        return read_report(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as trouble:
        hint = "`specgen run --json FILE` writes them"
        raise UsageProblem(f"{path} holds no results of this version of specgen", hint) from trouble


def save_reports(report: RunReport, options: Mapping[str, Any]) -> ExitCode:
    """Writes every report that was asked for, and goes on if one cannot be written.

    Returns:
        `TRUE`, or `USAGE` if a file could not be written where it should be.
    """
    codes = [ExitCode.TRUE]
    if options["json_file"]:
        text = json.dumps(results_document(report), indent=1)
        codes.append(save_text(text, options["json_file"]))
    if options["junit"]:
        from specgen.drift.report.junit import junit_text  # slow to import, rarely asked for

        codes.append(save_text(junit_text(report), options["junit"]))
    return worst(codes)


def save_text(text: str, file: str) -> ExitCode:
    """Writes a report; one that its place does not take goes to the temporary folder.

    Returns:
        `TRUE`, or `USAGE` if it could not be written where it should be.
    """
    try:
        write_json(text, file)
    except UsageProblem as trouble:
        click.secho("error: ", fg="red", bold=True, nl=False, err=True)
        click.echo(trouble.message, err=True)
        if kept := _elsewhere(text, Path(file).suffix):
            click.echo(f"  help: it is kept in {kept}", err=True)
        return ExitCode.USAGE
    return ExitCode.TRUE


def _elsewhere(text: str, suffix: str) -> str:
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", prefix="specgen-report-", suffix=suffix, delete=False
        ) as file:
            file.write(text + "\n")
    except OSError:
        return ""
    return file.name
