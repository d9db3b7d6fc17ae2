"""The files that `specgen drift` leaves where it is asked to."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import click

from specgen.cli.reports import save_text
from specgen.drift.values import HeldDrift
from specgen.errors import ExitCode, UsageProblem, worst
from specgen.source import Source

__all__ = ["Places", "check_drift_reports", "drift_report_options", "save_drift"]

Command = TypeVar("Command", bound=Callable[..., Any])

REPORTS = {
    "json_file": "--json",
    "sarif_file": "--sarif",
    "markdown_file": "--markdown",
    "html_file": "--html",
}


@dataclass(frozen=True, slots=True)
class Places:
    """Where the pages of a report are.

    Attributes:
        shown: Gives a file's name as people can open it.
        read: Gives a file as it is now; None if it cannot be read.
    """

    shown: Callable[[str], str]
    read: Callable[[str], Source | None]


def drift_report_options(command: Command) -> Command:
    """Adds the options that name reports of drift."""
    for option in reversed(
        (
            click.option(
                "--json", "json_file", metavar="FILE", help="Write causes and findings as JSON."
            ),
            click.option(
                "--sarif", "sarif_file", metavar="FILE", help="Write SARIF for code scanning."
            ),
            click.option(
                "--html", "html_file", metavar="FILE", help="Write a report for a browser."
            ),
            click.option(
                "--markdown",
                "markdown_file",
                metavar="FILE",
                help="Write a summary for a pull request, with suggestions.",
            ),
            click.option("--github", is_flag=True, help="Print annotations for GitHub Actions."),
        )
    ):
        command = option(command)
    return command


def check_drift_reports(options: Mapping[str, Any]) -> bool:
    """Whether a report goes to standard output, so that what people read must not.

    Raises:
        UsageProblem: Several would.
    """
    names = [REPORTS[name] for name in REPORTS if options[name] == "-"]
    if len(names) > 1:
        raise UsageProblem(f"{' and '.join(names)} cannot both go to standard output")
    return bool(names)


def save_drift(held: HeldDrift, places: Places, options: Mapping[str, Any]) -> ExitCode:
    """Writes every report that was asked for, and goes on if one cannot be written.

    Returns:
        `TRUE`, or `USAGE` if a file could not be written where it should be.
    """
    codes = [ExitCode.TRUE]
    if file := options["json_file"]:
        from specgen.drift.report.by_cause.drift_json import drift_document

        codes.append(save_text(json.dumps(drift_document(held), indent=1), file))
    # Each of these is slow to import, and not always asked for.
    if file := options["sarif_file"]:
        from specgen.drift.report.by_cause.drift_sarif import drift_sarif

        codes.append(save_text(drift_sarif(held, places.shown), file))
    if file := options["markdown_file"]:
        from specgen.drift.report.by_cause.markdown import drift_markdown

        codes.append(save_text(drift_markdown(held, places.shown, places.read), file))
    if file := options["html_file"]:
        from specgen.drift.report.by_cause.html import drift_html

        codes.append(save_text(drift_html(held, places.shown, places.read), file))
    return worst(codes)
