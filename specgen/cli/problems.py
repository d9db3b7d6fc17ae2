"""Shows what is wrong with pages, for the commands that go on all the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import click

from specgen.cli.options import Pages
from specgen.errors import ExitCode
from specgen.messages import Message, message_of, plain, printable, render
from specgen.problems import Severity
from specgen.selection import Selection

__all__ = ["show_errors", "show_problems"]


def show_problems(pages: Pages, *, prose: bool = False) -> ExitCode:
    """Prints every error of the pages to standard error; tells whether there was one.

    Args:
        pages: What was read.
        prose: Tell what is wrong with them as AsciiDoc, not with their snippets.
    """
    messages = (
        message_of(problem)
        for each in pages.stages
        for problem in (each.document.problems if prose else each.plan.problems)
    )
    return show_errors(pages.selection, pages.unreadable, messages)


def show_errors(
    selection: Selection, unreadable: Iterable[tuple[str, str]], messages: Iterable[Message]
) -> ExitCode:
    """Prints those of the messages that are errors; tells whether there was one.

    Args:
        selection: Tells how pages are shown.
        unreadable: Pages that could not be read at all, with the reason; they come first.
        messages: What is wrong, at paths below the docs root.
    """
    found = False
    for page, reason in unreadable:
        found = True
        click.echo(printable(f"{selection.shown(page)}: error: {reason}"), err=True)
    for message in messages:
        if message.severity == Severity.ERROR:
            found = True
            shown = replace(message, path=selection.shown(message.path))
            click.echo(plain(render(shown)), nl=False, err=True)
    return ExitCode.UNREADABLE if found else ExitCode.TRUE
