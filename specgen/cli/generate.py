"""`specgen generate`: renders pytest modules from pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from specgen.cli.options import configuration, page_options, read_pages
from specgen.cli.problems import show_problems
from specgen.errors import ExitCode, UsageProblem, worst
from specgen.render.modules import diff_modules, render_modules, write_modules

__all__ = ["command"]


@click.command("generate")
@page_options
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the modules go.  [default: the configured folder, else generated_tests]",
)
@click.option("--check", is_flag=True, help="Write nothing; fail if a module is stale.")
def command(out: Path | None, check: bool, **options: Any) -> int:
    """Renders a pytest module from each of PAGES that has a case.

    With --check it writes nothing, prints what is stale, and fails if anything is.
    """
    config = configuration()
    folder = out or config.out or Path("generated_tests")
    pages = read_pages(config, options)
    modules = render_modules([each.plan for each in pages.stages], pages.selection.root)
    code = show_problems(pages)
    if check:
        stale = diff_modules(modules, folder)
        for text in stale:
            click.echo(text, nl=False)
        click.echo(f"{len(stale)} of {len(modules)} modules are stale", err=True)
        return int(worst([code, ExitCode.DRIFT if stale else ExitCode.TRUE]))
    try:
        written = write_modules(modules, folder)
    except OSError as trouble:
        raise UsageProblem(f"{folder} cannot be written: {trouble.strerror}") from trouble
    cases = sum(len(each.plan.cases) for each in pages.stages)
    click.echo(
        f"{len(modules)} modules with {cases} cases in {folder}: "
        f"{written} written, {len(modules) - written} unchanged",
        err=True,
    )
    return int(code)
