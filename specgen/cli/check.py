"""`specgen check`: what is wrong with pages, without any cluster."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import click

from specgen.cli.options import Pages, configuration, page_options, read_pages, write_json
from specgen.drift.checks import page_problems
from specgen.drift.report.github import github_line
from specgen.drift.report.problems_json import problems_document
from specgen.errors import ExitCode
from specgen.messages import message_of, render
from specgen.problems import Problem, Severity

__all__ = ["command"]


@click.command("check")
@page_options
@click.option("--json", "json_file", metavar="FILE", help="Write every problem; `-` for stdout.")
@click.option("--sarif", "sarif_file", metavar="FILE", help="Write SARIF for code scanning.")
@click.option("--github", is_flag=True, help="Print annotations for GitHub Actions.")
@click.option("--asciidoc3", is_flag=True, help="Ask the program asciidoc3 as well.")
@click.option("--quiet", "-q", is_flag=True, help="Show errors only.")
def command(
    json_file: str | None,
    sarif_file: str | None,
    github: bool,
    asciidoc3: bool,
    quiet: bool,
    **options: Any,
) -> int:
    """Reads PAGES and tells what is malformed, unmarked or untested.

    Exit code 1 if one of the problems is an error, 3 if a page cannot be read at all.
    """
    config = configuration()
    pages = read_pages(config, options, follow=True)
    problems = [problem for each in pages.stages for problem in page_problems(each, config.allow)]
    if asciidoc3:
        problems = _with_second_opinion(pages, problems)
    _show(pages, problems, quiet=quiet, github=github, to_stderr=json_file == "-")
    if json_file:
        write_json(json.dumps(problems_document(problems), indent=1), json_file)
    if sarif_file:
        from specgen.drift.report.sarif import problems_sarif  # slow to import, rarely asked for

        write_json(problems_sarif(problems, pages.selection.shown), sarif_file)
    if any(problem.severity is Severity.ERROR for problem in problems):
        return int(ExitCode.DRIFT)
    return int(ExitCode.UNREADABLE if pages.unreadable else ExitCode.TRUE)


def _with_second_opinion(pages: Pages, problems: list[Problem]) -> list[Problem]:
    from specgen.asciidoc.second_opinion import second_opinion  # starts a program; rarely asked

    for each in pages.stages:
        problems += second_opinion(each.page.source)
    return sorted(problems, key=lambda each: (each.span.source.path, each.span.start))


def _show(
    pages: Pages, problems: list[Problem], *, quiet: bool, github: bool, to_stderr: bool
) -> None:
    from rich.console import Console

    from specgen.drift.report.terminal import styled

    console = Console(stderr=to_stderr, highlight=False)
    for page, reason in pages.unreadable:
        console.print(f"{pages.selection.shown(page)}: error: {reason}", markup=False)
    for problem in problems:
        if github:
            click.echo(github_line(problem, pages.selection.shown(problem.span.source.path)))
        elif problem.severity is Severity.ERROR or not quiet:
            message = message_of(problem, pages.selection.shown(problem.span.source.path))
            console.print(styled(render(message)), soft_wrap=True)
    count = Counter(problem.severity for problem in problems)
    parts = [
        f"{count[severity]} {severity.value}{'s' if count[severity] != 1 else ''}"
        for severity in Severity
    ]
    console.print(f"{', '.join(parts)} in {len(pages.stages)} pages", markup=False)
