"""`specgen explain`: what a word in brackets means, and what to do about it."""

from __future__ import annotations

import re
import textwrap

import click

from specgen.drift.explained import Explanation, explained, explanation_of
from specgen.errors import UsageProblem
from specgen.nearest import nearest

__all__ = ["command"]

WIDTH = 88
IN_BRACKETS = re.compile(r"(?:error|warning|note)?\[(.+)\]")


@click.command("explain")
@click.argument("code", required=False)
def command(code: str | None) -> int:
    """Tells what CODE means: a kind of finding, a problem of `check`, or a cause of drift.

    CODE is the word in brackets that messages have (`error[value]`), or the id of a cause.
    Without it, all words are listed.
    """
    if code is None:
        click.echo("\n".join(_list()))
        return 0
    bracketed = IN_BRACKETS.fullmatch(code.strip())
    word = bracketed[1] if bracketed else code.strip()
    page = explanation_of(word)
    if page is None:
        close = nearest(word, explained())
        hint = f"did you mean {close!r}?" if close else "`specgen explain` lists all words"
        raise UsageProblem(f"there is nothing called {word!r}", hint)
    click.echo("\n".join(_text(page)))
    return 0


def _list() -> list[str]:
    lines, sort = list[str](), ""
    for page in explained().values():
        if page.sort != sort:
            sort = page.sort
            lines += [*([""] if lines else []), f"{sort}:"]
        lines.append(f"  {page.word:<26} {page.title}")
    return lines


def _text(page: Explanation) -> list[str]:
    example = [f"  {line}" for line in page.example.split("\n")]
    return [
        f"{page.word}: {page.sort}",
        page.title,
        "",
        *textwrap.wrap(page.means, WIDTH, break_on_hyphens=False),
        "",
        "Example:",
        *example,
        "",
        "What to do:",
        *(f"  {line}" for line in textwrap.wrap(page.hint, WIDTH - 2, break_on_hyphens=False)),
    ]
