"""`specgen generate`: renders pytest modules from pages."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import Any

import click

from specgen.cli.options import configuration, derive_option, page_options
from specgen.cli.problems import show_errors
from specgen.cli.rendering import no_cache_option, rendered_selection
from specgen.errors import ExitCode, UsageProblem, worst
from specgen.messages import printable_lines
from specgen.render.modules import diff_modules, modules_of, write_modules

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
@click.option(
    "-j",
    "jobs",
    metavar="N",
    type=click.IntRange(min=1),
    help="Render in N processes.  [default: as many as pay]",
)
@derive_option
@no_cache_option
def command(out: Path | None, check: bool, jobs: int | None, **options: Any) -> int:
    """Renders a pytest module from each of PAGES that has a case.

    With --check it writes nothing, prints what is stale, and fails if anything is.
    """
    config = configuration()
    folder = out or config.out or Path("generated_tests")
    found = rendered_selection(config, options, jobs)
    messages = chain.from_iterable(each.problems for each in found.pages)
    code = show_errors(found.selection, found.unreadable, messages)
    modules = modules_of(found.pages, found.root)
    if check:
        stale = diff_modules(modules, folder)
        for text in stale:
            click.echo(printable_lines(text), nl=False)
        click.echo(f"{len(stale)} of {len(modules)} modules are stale", err=True)
        return int(worst([code, ExitCode.DRIFT if stale else ExitCode.TRUE]))
    try:
        written = write_modules(modules, folder)
    except OSError as trouble:
        raise UsageProblem(f"{folder} cannot be written: {trouble.strerror}") from trouble
    cases = sum(len(each.cases) for each in found.pages)
    click.echo(
        f"{len(modules)} modules with {cases} cases in {folder}: "
        f"{written} written, {len(modules) - written} unchanged",
        err=True,
    )
    return int(code)
