"""`specgen export`: the same cases for other tools."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from specgen.cli.options import configuration, page_options, read_pages
from specgen.cli.problems import show_problems
from specgen.errors import UsageProblem
from specgen.exporting.curl import render_curl
from specgen.exporting.hurl import render_hurl
from specgen.exporting.yaml_rest import render_yaml_rest
from specgen.files import write_below
from specgen.plan.reading import PageStages
from specgen.render.paths import short_path

__all__ = ["command"]

# What is written of a page: the end of each file's name, and its text.
Files = Iterator[tuple[str, str]]


def _curl(page: PageStages) -> Files:
    if page.plan.cases:
        yield ".sh", render_curl(page.plan)


def _hurl(page: PageStages) -> Files:
    for case in page.plan.cases:
        yield f"/{case.slug}.hurl", render_hurl(page.plan, case)


def _yaml_rest(page: PageStages) -> Files:
    plan = page.plan_reference()
    if plan.cases:
        yield ".yml", render_yaml_rest(plan)


FORMATS: dict[str, Callable[[PageStages], Files]] = {
    "curl": _curl,
    "hurl": _hurl,
    "yaml-rest": _yaml_rest,
}


@click.command("export")
@page_options
@click.option("--format", "form_at", type=click.Choice(list(FORMATS)), required=True)
@click.option(
    "--out",
    metavar="DIR",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the files go.",
)
def command(form_at: str, out: Path, **options: Any) -> int:
    """Writes the cases of PAGES for other tools.

    yaml-rest is what the reference generator writes, a file a page; curl is a shell script of
    requests, a file a page; hurl judges most of an answer, and has a file a case.
    """
    pages = read_pages(configuration(), options)
    count = 0
    for each in pages.stages:
        for suffix, text in FORMATS[form_at](each):
            # As the reference names them; other endings stay, so that no two pages collide.
            name = f"{each.plan.page.removesuffix('.asciidoc')}{suffix}"
            path = short_path(name)
            try:
                write_below(out, path, text)
            except OSError as trouble:
                told = f"{out / path} cannot be written: {trouble.strerror}"
                raise UsageProblem(told) from trouble
            count += 1
    click.echo(f"{count} files in {out}", err=True)
    return int(show_problems(pages))
