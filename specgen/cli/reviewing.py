"""`--review`: one change after the other is shown, and a person says which of them are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import click

from specgen.mending.pages import MendedPage, texts_of
from specgen.mending.rounds import Mended
from specgen.mending.values import Proposal, Response
from specgen.mending.words import diff_of, marked

__all__ = ["changed", "reviewed", "show"]


def reviewed(mended: Mended, disk: Mapping[str, bytes]) -> tuple[MendedPage, ...]:
    """Asks for each response and each proposal whether it is to be made; `q` takes no more.

    A proposal that rests on one of the same case which was not taken is not asked for.
    """
    responses: list[Response] = []
    proposals: list[Proposal] = []
    left: set[str] = set()
    before = dict(disk)
    for change in mended.changes:
        if isinstance(change, Proposal) and change.case in left:
            continue
        wanted = _with(change, responses, proposals)
        after = dict(disk) | texts_of(mended.only(*wanted))
        show(diff_of(before, changed(before, after)))
        answer = click.prompt(_question(change), type=click.Choice(["y", "n", "q"]), err=True)
        if answer == "q":
            break
        if answer == "y":
            responses, proposals = wanted
            before = after
        elif isinstance(change, Proposal):
            left.add(change.case)
    return mended.only(responses, proposals)


def _with(
    change: Response | Proposal, responses: Sequence[Response], proposals: Sequence[Proposal]
) -> tuple[list[Response], list[Proposal]]:
    if isinstance(change, Proposal):
        return [*responses], [*proposals, change]
    return [*responses, change], [*proposals]


def _question(change: Response | Proposal) -> str:
    if isinstance(change, Proposal):
        return f"Is that right ({marked(change)}), and to be documented in {change.case}?"
    return f"Mend this response of {change.case}?"


def changed(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files that are others now."""
    return {path: data for path, data in after.items() if before.get(path) != data}


def show(diff: str) -> None:
    """Shows a diff; it is no message, and goes to standard output."""
    click.echo(diff, nl=False)
