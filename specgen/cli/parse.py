"""`specgen parse`: what each stage sees in pages."""

from __future__ import annotations

import json
from typing import Any

import click

from specgen.cli.documents import STAGES, stage_document
from specgen.cli.options import configuration, page_options, read_pages, write_json
from specgen.errors import ExitCode
from specgen.messages import message_of, plain, render
from specgen.problems import Severity

__all__ = ["command"]


@click.command("parse")
@page_options
@click.option(
    "--stage",
    type=click.Choice(list(STAGES)),
    default="snippets",
    show_default=True,
    help="Which stage to show.",
)
@click.option("--json", "json_file", metavar="FILE", default="-", help="Where to write it.")
def command(stage: str, json_file: str, **options: Any) -> int:
    """Shows what a stage sees in PAGES: blocks, snippets, cases.

    The result is JSON on standard output, or in FILE; what is wrong with the pages goes to
    standard error.
    """
    pages = read_pages(configuration(), options)
    document = stage_document(stage, pages.stages)
    write_json(json.dumps(document, ensure_ascii=False, indent=1), json_file)
    unreadable = bool(pages.unreadable)
    for page, reason in pages.unreadable:
        click.echo(f"{pages.selection.shown(page)}: {reason}", err=True)
    for each in pages.stages:
        for problem in each.plan.problems:
            unreadable = unreadable or problem.severity is Severity.ERROR
            click.echo(plain(render(message_of(problem))), nl=False, err=True)
    return int(ExitCode.UNREADABLE if unreadable else ExitCode.TRUE)
