"""Replays planned cases from start to end: modules out, pytest over them, events in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

from specgen.errors import ExitCode
from specgen.plan.values import Case, PagePlan
from specgen.render.modules import module_of_page, render_modules, write_modules
from specgen.replay.events import (
    UNWRITABLE,
    CaseFinished,
    CaseStarted,
    Collected,
    Event,
    LeftBehind,
    TargetLost,
    TargetOpened,
)
from specgen.replay.runner import Replay, ReplayOptions
from specgen.replay.standby import Standby, standing_by
from specgen.replay.values import CaseResult
from specgen.target.opening import TargetSettings
from specgen.target.values import TargetInfo

__all__ = ["Replayed", "replay_cases"]

# The exit code of a pytest that selected no test.
NOTHING_SELECTED = 5
OUT_OF_SPACE = TargetLost(
    "results could not be written any more",
    "make room on the disk, then `specgen run --rerun failed`",
    int(ExitCode.DRIFT),
)


@dataclass(slots=True)
class Replayed:
    """What a session came to, as far as it came.

    Attributes:
        results: By the id of the case.
        started: The ids of the cases that began.
        collected: The ids that pytest selected; None if it never got that far.
        target: What is known of the target; None if it was never open.
        lost: Why no further case was run.
        interrupted: Whether a person stopped it.
        crashed: What it printed, if it ended in a way that nobody planned.
    """

    results: dict[str, CaseResult] = field(default_factory=dict)
    started: set[str] = field(default_factory=set)
    collected: set[str] | None = None
    target: TargetInfo | None = None
    lost: TargetLost | None = None
    interrupted: bool = False
    crashed: str = ""

    def why_not(self, case: str) -> str:
        """Why a case has no result, by its id."""
        how = "not finished" if case in self.started else "not run"
        if self.interrupted:
            return f"{how}: the run was interrupted"
        if self.lost is not None:
            return f"{how}: {self.lost.message}"
        if self.crashed or case in self.started:
            return f"{how}: the replaying process ended in the middle"
        return "not run: pytest did not come to it"

    def take(self, event: Event) -> None:
        """Keeps what an event tells."""
        if isinstance(event, Collected):
            self.collected = (self.collected or set()) | set(event.ids)
        elif isinstance(event, TargetOpened):
            self.target = event.info
        elif isinstance(event, TargetLost):
            self.lost = self.lost or event
        elif isinstance(event, CaseStarted):
            self.started.add(event.id)
        elif isinstance(event, CaseFinished):
            self.results[event.result.id] = event.result
        elif isinstance(event, LeftBehind) and (result := self.results.get(event.id)):
            self.results[event.id] = replace(result, left=(*result.left, *event.things))


def replay_cases(
    plans: Sequence[PagePlan],
    cases: Sequence[Case],
    root: Path,
    settings: TargetSettings,
    options: ReplayOptions,
    listen: Callable[[Event], None],
    out: Path | None = None,
    standby: Standby | None = None,
) -> Replayed:
    """Replays cases and returns whatever is known of them in the end.

    Args:
        plans: The pages of the cases.
        cases: Which of their cases to replay, in this order.
        root: The docs root.
        settings: Where to replay.
        options: What else is asked of pytest.
        listen: Is told every event as it comes.
        out: Where to leave the modules; a private folder that goes away by default.
        standby: The process to use, if one was started already for the same settings.

    Raises:
        OSError: The modules cannot be written.
    """
    replayed = Replayed()
    with _ready(settings, standby) as ready:
        folder = out or ready.folder / "modules"
        modules = render_modules(plans, root)
        write_modules(modules, folder)
        names = _node_ids(plans, cases, root)
        replay = Replay.start(ready, folder.resolve(), names, settings, options)
        try:
            for event in replay.follow():
                replayed.take(event)
                listen(event)
        except KeyboardInterrupt:
            replayed.interrupted = True
        finally:
            replay.interrupt()  # over already, unless somebody or something broke it off
        for event in replay.rest():  # what came while the session ended
            listen(event)
        for event in replay.all():
            replayed.take(event)
        _explain(replayed, replay)
    return replayed


def _node_ids(plans: Sequence[PagePlan], cases: Sequence[Case], root: Path) -> list[str]:
    """The cases in their order: a whole module where it is a page's own, else single functions."""
    find = module_of_page(root)
    planned = {plan.page: plan.cases for plan in plans}
    names: list[str] = []
    for page, together in groupby(cases, key=lambda case: case.page):
        path, mine = str(find(page)), tuple(together)
        names += [path] if mine == planned[page] else [f"{path}::test_{c.slug}" for c in mine]
    return names


def _explain(replayed: Replayed, replay: Replay) -> None:
    stopped = replay.stopped()
    if stopped.exit_code == NOTHING_SELECTED and replayed.collected is None:
        replayed.collected = set()  # no case was left, so no plugin woke up to tell
    if stopped.exit_code == UNWRITABLE or replay.out_of_space():
        replayed.lost = replayed.lost or OUT_OF_SPACE
    planned = {
        0,
        1,
        NOTHING_SELECTED,
        *((2, int(ExitCode.TARGET), UNWRITABLE) if replayed.lost else ()),
    }
    if not replayed.interrupted and stopped.exit_code not in planned:
        sign = "signal" if stopped.exit_code < 0 else "exit code"
        replayed.crashed = f"({sign} {abs(stopped.exit_code)})\n{stopped.output}"


def _ready(settings: TargetSettings, standby: Standby | None) -> AbstractContextManager[Standby]:
    return standing_by(settings) if standby is None else nullcontext(standby)
