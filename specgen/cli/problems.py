"""Shows what is wrong with pages, for the commands that go on all the same."""

from __future__ import annotations

import click

from specgen.cli.options import Pages
from specgen.errors import ExitCode
from specgen.messages import message_of, plain, render
from specgen.problems import Severity

__all__ = ["show_problems"]


def show_problems(pages: Pages, *, prose: bool = False) -> ExitCode:
    """Prints every error of the pages to standard error; tells whether there was one.

    Args:
        pages: What was read.
        prose: Tell what is wrong with them as AsciiDoc, not with their snippets.
    """
    found = bool(pages.unreadable)
    for page, reason in pages.unreadable:
        click.echo(f"{pages.selection.shown(page)}: error: {reason}", err=True)
    for each in pages.stages:
        for problem in each.document.problems if prose else each.plan.problems:
            if problem.severity is Severity.ERROR:
                found = True
                shown = pages.selection.shown(problem.span.source.path)
                click.echo(plain(render(message_of(problem, shown))), nl=False, err=True)
    return ExitCode.UNREADABLE if found else ExitCode.TRUE
