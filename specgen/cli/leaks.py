"""`specgen run --clean` and `--find-leak`: what cases leave, and which of them break others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import click

from specgen.cli.rendering import RenderedSelection
from specgen.drift.values import RunReport
from specgen.errors import TargetUnreachable, UsageProblem
from specgen.replay.leaks import Broken, Why, what_broke
from specgen.replay.run import Replayed, replay_cases
from specgen.replay.runner import ReplayOptions
from specgen.replay.values import Clean, Outcome
from specgen.target.opening import TargetSettings

__all__ = ["Tries", "check_find_leak", "clean_option", "find_leak_option", "leaks_told"]

Command = TypeVar("Command", bound=Callable[..., Any])

# How many cases that fail alone are named.
MOST = 5


def clean_option(command: Command) -> Command:
    """Adds the option that says when to clean."""
    return click.option(
        "--clean",
        type=click.Choice([each.value for each in Clean]),
        help="When to remove what cases made: after each `case` (default); when the `page` is "
        "over, and before a setup, which always finds a clean cluster; or `never`.",
    )(command)


def find_leak_option(command: Command) -> Command:
    """Adds the option that leaks are to be found."""
    return click.option(
        "--find-leak",
        is_flag=True,
        help="Run failed cases again, to find which earlier case breaks them.",
    )(command)


def check_find_leak(options: Mapping[str, Any], settings: TargetSettings) -> None:
    """Refuses what cannot tell which case ran before which.

    Raises:
        UsageProblem: There are several workers, or there is no cluster.
    """
    if not options["find_leak"]:
        return
    if options["workers"] > 1:
        raise UsageProblem(
            "--find-leak needs one order of all cases, and with -n there is none", "leave out -n"
        )
    if settings.is_recording:
        raise UsageProblem("--find-leak needs a cluster: in a recording nothing is left")


@dataclass(frozen=True, slots=True)
class Tries:
    """Runs some cases of a run again, on a target that is started anew if it has a name.

    Attributes:
        pages: The pages of the run.
        settings: Its target.
        options: What was asked of it.
    """

    pages: RenderedSelection
    settings: TargetSettings
    options: ReplayOptions

    def fails(self, case: str, earlier: Sequence[str]) -> bool:
        """Whether a case fails after some of the earlier ones.

        Raises:
            TargetUnreachable: The target is lost, so nobody knows.
            KeyboardInterrupt: Somebody has had enough.
        """
        wanted = {*earlier, case}
        pages = [page for page in self.pages.pages if any(c.id in wanted for c in page.cases)]
        cases = [case for page in pages for case in page.cases if case.id in wanted]
        root, how = self.pages.root, self.options
        replayed = replay_cases(pages, cases, root, self.settings, how, listen=lambda _: None)
        if replayed.interrupted:
            raise KeyboardInterrupt
        if replayed.lost is not None:
            raise TargetUnreachable(replayed.lost.message, replayed.lost.hint)
        return case not in replayed.results or replayed.results[case].outcome.is_red


def leaks_told(report: RunReport, replayed: Replayed, tries: Tries) -> Iterator[str]:
    """Finds what broke each case that failed, and tells it, a line at a time.

    Args:
        report: The run.
        replayed: The same, its results in the order in which the cases ran.
        tries: Runs cases again.

    Raises:
        TargetUnreachable: The target is lost.
    """
    order = [id for id, each in replayed.results.items() if each.outcome is not Outcome.SKIPPED]
    left = {id: each.left for id, each in replayed.results.items() if each.left}
    suspects, alone = {*left}, list[str]()
    for case in (id for id in order if replayed.results[id].outcome.is_red):
        earlier = order[: order.index(case)]
        broken = what_broke(case, earlier, suspects, partial(tries.fails, case))
        suspects |= {*broken.by}  # who broke one case may well have broken others
        if broken.why is Why.ITSELF:
            alone.append(case)
        else:
            yield _told(broken, left, len(earlier))
    if alone:
        more = f" and {len(alone) - MOST} more" if len(alone) > MOST else ""
        yield f"{'fails' if len(alone) == 1 else 'fail'} alone too: {', '.join(alone[:MOST])}{more}"
        if report.target is not None and not report.target.private:
            yield "  (what an earlier run left there may still be there)"
    elif not report.lost and not any(replayed.results[id].outcome.is_red for id in order):
        yield "no case failed, so no leak broke one"


def _told(broken: Broken, left: Mapping[str, Sequence[str]], earlier: int) -> str:
    if broken.why is Why.UNKNOWN:
        those = f"after the {earlier} that ran before it" if earlier else "again"
        return f"case {broken.case}: not reproduced: it passes alone, and {those}"
    if len(broken.by) == 1:
        (culprit,) = broken.by
        things = left.get(culprit, ())
        what = f"left {', '.join(things)}: it broke" if things else "broke"
        return f"case {culprit} {what} case {broken.case}"
    return f"cases {', '.join(broken.by)} together broke case {broken.case}"
