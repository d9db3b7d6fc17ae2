"""The selected pages as modules, for the commands that need no more of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from specgen.cli.config import Config
from specgen.cli.options import defined_values, includes_of, is_deriving, selected_pages
from specgen.render.cache import Cache
from specgen.render.rendered import Recipe, Rendered, RenderedCase
from specgen.render.rendering import render_pages
from specgen.selection import Selection

__all__ = ["RenderedSelection", "no_cache_option", "rendered_selection"]

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class RenderedSelection:
    """The selected pages as modules.

    Attributes:
        selection: What was asked for.
        pages: Those that could be read, in order.
        unreadable: The names of the others, each with the reason.
    """

    selection: Selection
    pages: tuple[Rendered, ...]
    unreadable: tuple[tuple[str, str], ...]

    @property
    def root(self) -> Path:
        """The docs root."""
        return self.selection.root

    def cases(self) -> tuple[RenderedCase, ...]:
        """The cases asked for: all of a page, or the one that holds the line named."""
        lines = {choice.name: choice.line for choice in self.selection.pages}
        return tuple(
            case for each in self.pages for case in each.cases if _holds(case, lines[each.page])
        )


def _holds(case: RenderedCase, line: int | None) -> bool:
    return line is None or case.first <= line <= case.last


def no_cache_option(command: Command) -> Command:
    """Adds the option that nothing is taken from earlier times."""
    return click.option(
        "--no-cache",
        is_flag=True,
        envvar="SPECGEN_NO_CACHE",
        help="Render every page anew, and remember nothing.",
    )(command)


def rendered_selection(
    config: Config, options: Mapping[str, Any], jobs: int | None = None
) -> RenderedSelection:
    """Renders the selected pages; one that has not changed is taken from the cache.

    Args:
        config: The configuration.
        options: What `page_options` and `no_cache_option` read from the command line.
        jobs: In how many processes; None leaves that to what there is to do.
    """
    selection = selected_pages(config, options)
    includes = includes_of(config, options)
    recipe = Recipe(
        selection.root,
        options["form"] or "",
        tuple(defined_values(config, options).items()),
        options["setups"] or config.setups,
        includes == "follow",
        config.lenient,
        is_deriving(config, options),
        includes != "ignore",
        config.contract,
    )
    cache = None if options["no_cache"] else Cache.of(recipe)
    result = render_pages(recipe, [choice.name for choice in selection.pages], cache, jobs)
    return RenderedSelection(selection, result.pages, result.unreadable)
