"""What ends a run, and the exit codes.

    0    everything is true
    1    drift: a case failed, or could not be judged (`error`); or what a run was asked to
         insist on does not hold (`--require-tests`, `--max-skipped`)
    2    `UsageProblem`: wrong use, or a configuration that cannot be read
    3    `PageUnreadable`: a part of a page could not be read; all the rest ran
    4    `TargetProblem`: the target cannot be reached (`TargetUnreachable`) or is not safe
         to use (`TargetUnsafe`)
    70   specgen itself failed, in a way that nobody planned
    130  interrupted

If several apply: 130, then 4, then 1, then 3. Trouble inside a page is no exception but a
`problems.Problem`. An exception that is none of these is a defect of specgen.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

__all__ = [
    "ExitCode",
    "PageUnreadable",
    "SpecgenError",
    "TargetProblem",
    "TargetUnreachable",
    "TargetUnsafe",
    "UsageProblem",
    "worst",
]


class ExitCode(IntEnum):
    """The exit codes of every command."""

    TRUE = 0
    DRIFT = 1
    USAGE = 2
    UNREADABLE = 3
    TARGET = 4
    DEFECT = 70
    INTERRUPTED = 130


class SpecgenError(Exception):
    """Ends a run with a message for people.

    Attributes:
        message: What happened, in one sentence.
        hint: What to do about it.
    """

    exit_code = ExitCode.DRIFT

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageProblem(SpecgenError):
    """The command line or the configuration asks for something that cannot be."""

    exit_code = ExitCode.USAGE


class PageUnreadable(SpecgenError):
    """A page that was named cannot be read at all."""

    exit_code = ExitCode.UNREADABLE


class TargetProblem(SpecgenError):
    """Something is wrong with the cluster that was named."""

    exit_code = ExitCode.TARGET


class TargetUnreachable(TargetProblem):
    """The target does not answer, or answers with something that is no cluster's answer."""


class TargetUnsafe(TargetProblem):
    """The target may hold data that nobody allowed specgen to touch."""


_ORDER = (
    ExitCode.INTERRUPTED,
    ExitCode.TARGET,
    ExitCode.USAGE,
    ExitCode.DRIFT,
    ExitCode.UNREADABLE,
)


def worst(codes: Iterable[ExitCode]) -> ExitCode:
    """The one exit code of a run to which several apply."""
    found = set(codes)
    return next((code for code in _ORDER if code in found), ExitCode.TRUE)
