"""Finds the templates and fills them in; a template only lays out."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

__all__ = ["fill"]

PACKAGE = Path(__file__).resolve().parent.parent


@cache
def _environment() -> Environment:
    # In a wheel the templates stand inside the package, in a checkout beside it.
    inside = PACKAGE / "_templates"
    folder = inside if inside.is_dir() else PACKAGE.parent / "templates"
    # In Python and shell text escaping is what `literals` is for.
    return Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        auto_reload=False,
        autoescape=lambda name: name is not None and name.endswith(".html.j2"),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def fill(template: str, view: object, **beside: str) -> str:
    """The text of a template, in which the view is called `view`.

    What the view holds is escaped where the name ends in `.html.j2`, and nowhere else.

    Args:
        template: Its name.
        view: What it lays out.
        beside: Texts that it has by their own names, besides.
    """
    return _environment().get_template(template).render(view=view, **beside)
