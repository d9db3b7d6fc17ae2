"""`specgen export`: the same cases for other tools."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from specgen.cli.options import configuration, page_options, read_pages
from specgen.cli.problems import show_problems
from specgen.errors import UsageProblem
from specgen.files import write_whole
from specgen.plan.reading import PageStages
from specgen.plan.values import PagePlan
from specgen.render.curl import render_curl
from specgen.render.paths import short_path
from specgen.render.yaml_rest import render_yaml_rest

__all__ = ["command"]

# By name: how files end, what is written of a page, and how.
FORMATS: dict[str, tuple[str, Callable[[PageStages], PagePlan], Callable[[PagePlan], str]]] = {
    "curl": (".sh", lambda page: page.plan, render_curl),
    "yaml-rest": (".yml", lambda page: page.plan_reference(), render_yaml_rest),
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
    """Writes the cases of PAGES for other tools, one file a page that has a case.

    yaml-rest is what the reference generator writes; curl is a shell script of requests.
    """
    pages = read_pages(configuration(), options)
    suffix, plan_of, render = FORMATS[form_at]
    count = 0
    for each in pages.stages:
        plan = plan_of(each)
        if not plan.cases:
            continue
        # As the reference names them; other endings stay, so that no two pages collide.
        target = out / short_path(f"{plan.page.removesuffix('.asciidoc')}{suffix}")
        try:
            write_whole(target, render(plan))
        except OSError as trouble:
            raise UsageProblem(f"{target} cannot be written: {trouble.strerror}") from trouble
        count += 1
    click.echo(f"{count} files in {out}", err=True)
    return int(show_problems(pages))
