"""`specgen compare`: the same pages on several targets."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import click

from specgen.cli.console import console_for
from specgen.cli.options import (
    configuration,
    derive_option,
    page_options,
    target_options,
    write_json,
)
from specgen.cli.rendering import RenderedSelection, no_cache_option, rendered_selection
from specgen.cli.targets import check_secrets, settings_of
from specgen.cli.whole_reports import report_of
from specgen.comparing.comparing import compared
from specgen.comparing.report.comparison_json import comparison_document
from specgen.comparing.report.html import comparison_html
from specgen.comparing.report.markdown import comparison_markdown
from specgen.comparing.report.terminal import tell
from specgen.comparing.values import Comparison
from specgen.drift.results import collect, exit_code
from specgen.drift.values import RunReport
from specgen.errors import UsageProblem, worst
from specgen.replay.run import Replayed, replay_cases
from specgen.replay.runner import ReplayOptions
from specgen.target.opening import TargetSettings

__all__ = ["command"]


@click.command("compare")
@page_options
@partial(target_options, several=True)
@derive_option
@no_cache_option
@click.option("--json", "json_file", metavar="FILE", help="Write it as JSON; `-` for stdout.")
@click.option("--html", "html_file", metavar="FILE", help="Write a report for a browser.")
@click.option("--markdown", "markdown_file", metavar="FILE", help="Write tables in Markdown.")
@click.option("--verbose", "-v", is_flag=True, help="Show pages of one colour, too.")
def command(**options: Any) -> int:
    """Replays PAGES on several targets and tells where these differ.

    Targets are replayed one after the other; one that does not answer stops none of the others.

    Exit code 1 if a case failed on one of them, 4 if one could not be reached.
    """
    config = configuration()
    targets = options["target"]
    if len(targets) < 2:
        hint = "for example `--target elasticsearch-7.10 --target opensearch-3.8`"
        raise UsageProblem("compare needs --target at least twice", hint)
    settings = tuple(settings_of(config, {**options, "target": each}) for each in targets)
    check_secrets(targets, settings)
    pages = rendered_selection(config, options)
    reports = []
    for each in settings:
        reports.append(_replayed(pages, each))
        if reports[-1].interrupted:
            raise KeyboardInterrupt
    comparison = compared(reports)
    console = console_for(stderr=options["json_file"] == "-")
    tell(comparison, console, every=options["verbose"])
    _save(comparison, options)
    return int(worst([exit_code(report) for report in reports]))


def _replayed(pages: RenderedSelection, settings: TargetSettings) -> RunReport:
    """What came of all cases on one target."""
    name, started = settings.secrets.redact(settings.target), time.perf_counter()
    cases = pages.cases()
    click.echo(f"{name}: {len(cases)} cases", err=True)
    replayed = Replayed(collected=set())
    if cases:
        replayed = replay_cases(
            pages.pages, cases, pages.root, settings, ReplayOptions(), lambda _: None
        )
    ended = collect(cases, replayed.results, replayed.why_not)
    seconds = time.perf_counter() - started
    return replace(report_of(pages, ended, settings, replayed, seconds), wanted=name)


def _save(comparison: Comparison, options: Mapping[str, Any]) -> None:
    if options["json_file"]:
        document = json.dumps(comparison_document(comparison), ensure_ascii=False, indent=1)
        write_json(document, options["json_file"])
    if options["html_file"]:
        write_json(comparison_html(comparison), options["html_file"])
    if options["markdown_file"]:
        write_json(comparison_markdown(comparison), options["markdown_file"])
