"""Where commands print: to whoever reads it, and to nobody once they have gone."""

from __future__ import annotations

import os
import sys

from rich.console import Console

__all__ = ["console_for"]


class _Patient(Console):
    """A console that goes on in silence if its reader goes away, as `head` does.

    A report that was asked for is written all the same.
    """

    def on_broken_pipe(self) -> None:
        self.quiet = True
        nobody = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nobody, (sys.stderr if self.stderr else sys.stdout).fileno())
        os.close(nobody)


def console_for(*, stderr: bool = False) -> Console:
    """The console of a command.

    Args:
        stderr: Whether to print there, since standard output is for a document.
    """
    return _Patient(stderr=stderr, highlight=False)
