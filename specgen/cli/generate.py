"""`specgen generate`: renders pytest modules from pages."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import Any

import click

from specgen.cli.options import (
    configuration,
    defined_values,
    includes_of,
    page_options,
    selected_pages,
)
from specgen.cli.problems import show_errors
from specgen.errors import ExitCode, UsageProblem, worst
from specgen.render.cache import Cache
from specgen.render.modules import diff_modules, write_modules
from specgen.render.paths import module_of_page
from specgen.render.rendered import Recipe
from specgen.render.rendering import render_pages

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
@click.option(
    "--no-cache",
    is_flag=True,
    envvar="SPECGEN_NO_CACHE",
    help="Render every page anew, and remember nothing.",
)
def command(out: Path | None, check: bool, jobs: int | None, no_cache: bool, **options: Any) -> int:
    """Renders a pytest module from each of PAGES that has a case.

    With --check it writes nothing, prints what is stale, and fails if anything is.
    """
    config = configuration()
    folder = out or config.out or Path("generated_tests")
    selection = selected_pages(config, options)
    recipe = Recipe(
        selection.root,
        options["form"] or "",
        tuple(defined_values(config, options).items()),
        options["setups"] or config.setups,
        includes_of(config, options) == "follow",
        config.lenient,
    )
    cache = None if no_cache else Cache.of(recipe)
    result = render_pages(recipe, [choice.name for choice in selection.pages], cache, jobs)
    messages = chain.from_iterable(each.problems for each in result.pages)
    code = show_errors(selection, result.unreadable, messages)
    find = module_of_page(selection.root)
    modules = {find(each.page): each.module for each in result.pages if each.module}
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
    cases = sum(each.cases for each in result.pages)
    click.echo(
        f"{len(modules)} modules with {cases} cases in {folder}: "
        f"{written} written, {len(modules) - written} unchanged",
        err=True,
    )
    return int(code)
