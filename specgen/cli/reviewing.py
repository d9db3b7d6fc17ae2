"""`--review`: one change after the other is shown, and a person says which of them are made."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import click

from specgen.mending.pages import MendedPage, texts_of
from specgen.mending.rounds import Mended
from specgen.mending.values import Proposal, Response, Rewrite
from specgen.mending.words import cause_of, diff_of
from specgen.messages import printable, printable_lines

__all__ = ["Review", "changed_in", "show"]


@dataclass(slots=True)
class Review:
    """What a person said so far.

    Attributes:
        left: What is not asked for once more: changes that were not taken, by what they are about.
        ended: Whether nothing more is to be asked.
    """

    left: set[object] = field(default_factory=set)
    ended: bool = False

    def taken(self, mended: Mended, disk: Mapping[str, bytes]) -> tuple[MendedPage, ...]:
        """Asks for each response and each proposal whether it is to be made; `q` takes no more.

        A proposal that rests on one which was not taken, of the same case or of the setup of the
        page, is not asked for.
        """
        taken: list[Response | Proposal] = []
        declined: set[str] = set()
        before = dict(disk)
        for change in mended.changes:
            if isinstance(change, Proposal) and declined & {change.case, change.page}:
                continue
            wanted = [*taken, change]
            after = dict(disk) | texts_of(_only(mended, wanted))
            answer = "n" if _subject(change) in self.left else _answer(change, before, after)
            if answer == "q":
                self.ended = True
                break
            if answer == "y":
                taken, before = wanted, after
                continue
            self.left.add(_subject(change))
            if isinstance(change, Proposal):
                declined.add(change.page if change.in_setup else change.case)
        return _only(mended, taken)


def _only(mended: Mended, changes: Sequence[Response | Proposal]) -> tuple[MendedPage, ...]:
    responses = [each for each in changes if isinstance(each, Response)]
    return mended.only(responses, [each for each in changes if isinstance(each, Proposal)])


def _subject(change: Response | Proposal) -> object:
    """What a change is about, wherever it stands by now."""
    if isinstance(change, Response):
        return change
    return change.case, change.in_setup, change.step, change.change


def _answer(
    change: Response | Proposal, before: Mapping[str, bytes], after: Mapping[str, bytes]
) -> str:
    show(diff_of(before, changed_in(before, after)))
    if isinstance(change, Proposal):
        click.echo(cause_of(change), err=True)
    question = printable(_question(change))
    return str(click.prompt(question, type=click.Choice(["y", "n", "q"]), err=True))


def _question(change: Response | Proposal) -> str:
    if isinstance(change, Response):
        return f"Mend this response of {change.case}?"
    if isinstance(change.change, Rewrite):
        return f"Should {change.case} ask for that ({change.change.words})?"
    return f"Is that right, and to be documented in {change.case} ({change.change.words})?"


def changed_in(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files that are others now."""
    return {path: data for path, data in after.items() if before.get(path) != data}


def show(diff: str) -> None:
    """Shows a diff; it is no message, and goes to standard output.

    On a terminal, where a stranger's page could hide a line of it, nothing in it gives orders.
    """
    click.echo(printable_lines(diff) if sys.stdout.isatty() else diff, nl=False)
