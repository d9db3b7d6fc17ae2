"""`specgen coverage`: what of the prose of pages a case touches."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import click

from specgen.cli.console import console_for
from specgen.cli.options import (
    Pages,
    configuration,
    derive_option,
    page_options,
    read_pages,
    write_json,
)
from specgen.cli.problems import show_errors
from specgen.cli.reports import read_results
from specgen.coverage.counting import passed_cases, planned_cases
from specgen.coverage.measuring import measure
from specgen.coverage.report.cobertura import coverage_cobertura
from specgen.coverage.report.coverage_json import coverage_document
from specgen.coverage.report.words import shortfall
from specgen.coverage.values import Coverage
from specgen.errors import ExitCode, UsageProblem, worst
from specgen.messages import message_of

__all__ = ["command"]

REPORTS = ("json_file", "html_file", "cobertura_file")


@click.command("coverage")
@page_options
@derive_option
@click.option(
    "--results",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Count only cases that passed in FILE, which `specgen run --json FILE` wrote.",
)
@click.option("--json", "json_file", metavar="FILE", help="Write every entry; `-` for stdout.")
@click.option("--html", "html_file", metavar="FILE", help="Write a report for a browser.")
@click.option(
    "--cobertura",
    "cobertura_file",
    metavar="FILE",
    help="Write Cobertura XML for services that show coverage.",
)
@click.option(
    "--fail-under",
    metavar="PERCENT",
    type=click.FloatRange(0, 100),
    help="Fail if less than PERCENT of all that is documented is covered.",
)
@click.option("--quiet", "-q", is_flag=True, help="Show the total only.")
def command(results: Path | None, fail_under: float | None, quiet: bool, **options: Any) -> int:
    """Tells what of the prose of PAGES a case touches.

    These are the endpoints, parameters, response fields and response codes that the pages
    document. Without --results it is what the cases would send and compare, as their pages
    have them.

    Exit code 1 if that is less than --fail-under asks for, 3 if a part of a page cannot be read.
    """
    config = configuration()
    to_stdout = [name for name in REPORTS if options[name] == "-"]
    if len(to_stdout) > 1:
        raise UsageProblem("only one report can go to standard output")
    pages = read_pages(config, options, follow=True)
    coverage = _measured(pages, results)
    _tell(coverage, pages, quiet=quiet, to_stderr=bool(to_stdout))
    _save(coverage, pages, options)
    codes = [_show_errors(pages)]
    least = config.fail_under if fail_under is None else fail_under
    if least is not None and (short := shortfall(coverage, least)):
        click.secho(short, fg="red", err=True)
        codes.append(ExitCode.DRIFT)
    return int(worst(codes))


def _measured(pages: Pages, results: Path | None) -> Coverage:
    cases = pages.cases()
    if results is None:
        return measure(pages.stages, *planned_cases(cases))
    counted, basis = passed_cases(cases, read_results(results), str(results))
    if cases and basis.not_run == len(cases):
        hint = "name pages and --docs-root as for the run that wrote it"
        raise UsageProblem(f"{results} knows none of the cases of these pages", hint)
    return measure(pages.stages, counted, basis)


def _tell(coverage: Coverage, pages: Pages, *, quiet: bool, to_stderr: bool) -> None:
    from specgen.coverage.report.terminal import tell

    console = console_for(stderr=to_stderr)
    tell(coverage, console, pages.selection.shown, quiet=quiet)


def _save(coverage: Coverage, pages: Pages, options: dict[str, Any]) -> None:
    if file := options["json_file"]:
        document = coverage_document(coverage)
        write_json(json.dumps(document, ensure_ascii=False, indent=1), file)
    if file := options["cobertura_file"]:
        root = pages.selection.shown("")
        write_json(coverage_cobertura(coverage, root, time.time()), file)
    if file := options["html_file"]:
        from specgen.coverage.report.html import coverage_html

        write_json(coverage_html(coverage, pages.selection.shown), file)


def _show_errors(pages: Pages) -> ExitCode:
    """Tells what could not be read: examples make no cases then, and prose no contract."""
    problems = dict.fromkeys(
        problem
        for each in pages.stages
        for problem in (*each.plan.problems, *each.document.problems)
    )
    messages = (message_of(problem) for problem in problems)
    return show_errors(pages.selection, pages.unreadable, messages)
