"""`specgen check`: what is wrong with pages, without any cluster."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from specgen.cli.console import console_for
from specgen.cli.options import Pages, configuration, page_options, read_pages, write_json
from specgen.drift.checks import check_pages
from specgen.drift.report.github import github_line, unreadable_line
from specgen.drift.report.problems_json import problems_document
from specgen.errors import ExitCode, UsageProblem, worst
from specgen.messages import counted, message_of, printable, render
from specgen.problems import Problem, Severity
from specgen.source import Source

if TYPE_CHECKING:
    from specgen.contract.openapi.document import OpenApi

__all__ = ["command"]


@click.command("check")
@page_options
@click.option("--json", "json_file", metavar="FILE", help="Write every problem; `-` for stdout.")
@click.option("--sarif", "sarif_file", metavar="FILE", help="Write SARIF for code scanning.")
@click.option("--github", is_flag=True, help="Print annotations for GitHub Actions.")
@click.option("--asciidoc3", is_flag=True, help="Ask the program asciidoc3 as well.")
@click.option(
    "--openapi",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Hold the pages against an OpenAPI document, 3.0 or 3.1, JSON or YAML.",
)
@click.option("--quiet", "-q", is_flag=True, help="Show errors only.")
def command(
    json_file: str | None,
    sarif_file: str | None,
    github: bool,
    asciidoc3: bool,
    openapi: Path | None,
    quiet: bool,
    **options: Any,
) -> int:
    """Reads PAGES and tells what is malformed, unmarked or untested.

    A problem that is meant is left out by a comment `// specgen: allow CODE` above its line or
    block, or at the head of its page, and by `allow` in the configuration. `specgen explain`
    lists the codes. With --openapi it tells what differs between the pages and that document too.

    Exit code 1 if one of the problems is an error, 3 if a page cannot be read at all.
    """
    if json_file == sarif_file == "-":
        raise UsageProblem("--json and --sarif cannot both go to standard output")
    config = configuration()
    pages = read_pages(config, options, follow=True)
    ask = _second_opinion() if asciidoc3 else None
    document = _openapi(openapi, pages.selection.root) if openapi else None
    problems = check_pages(pages.stages, config.allow, ask, document)
    _show(pages, problems, quiet=quiet, github=github, to_stderr="-" in {json_file, sarif_file})
    if json_file:
        write_json(json.dumps(problems_document(problems), ensure_ascii=False, indent=1), json_file)
    if sarif_file:
        from specgen.drift.report.sarif import problems_sarif  # slow to import, rarely asked for

        write_json(problems_sarif(problems, pages.selection.shown), sarif_file)
    codes = [ExitCode.UNREADABLE] if pages.unreadable else []
    if any(problem.severity is Severity.ERROR for problem in problems):
        codes.append(ExitCode.DRIFT)
    return int(worst(codes))


def _openapi(path: Path, root: Path) -> OpenApi:
    from specgen.contract.openapi.reading import read_openapi  # slow to import

    return read_openapi(path, Path(os.path.relpath(path, root)).as_posix())


def _second_opinion() -> Callable[[Source], tuple[Problem, ...]]:
    from specgen.asciidoc.second_opinion import second_opinion  # starts a program

    return second_opinion


def _show(
    pages: Pages, problems: Sequence[Problem], *, quiet: bool, github: bool, to_stderr: bool
) -> None:
    from specgen.drift.report.terminal import styled

    console = console_for(stderr=to_stderr)
    for page, reason in pages.unreadable:
        shown = pages.selection.shown(page)
        line = unreadable_line(shown, reason) if github else printable(f"{shown}: error: {reason}")
        click.echo(line, err=to_stderr)
    for problem in problems:
        if quiet and problem.severity is not Severity.ERROR:
            continue
        if github:
            shown = pages.selection.shown(problem.span.source.path)
            click.echo(github_line(problem, shown), err=to_stderr)
        else:
            message = message_of(problem, pages.selection.shown)
            console.print(styled(render(message)), soft_wrap=True)
    console.print(_summary(problems, len(pages.stages)), markup=False)


def _summary(problems: Sequence[Problem], pages: int) -> str:
    count = Counter(problem.severity for problem in problems)
    parts = [counted(count[severity], severity.value) for severity in Severity]
    return f"{', '.join(parts)} in {counted(pages, 'page')}"
