"""Replays planned cases from start to end: modules out, pytest over them, events in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

from specgen.errors import ExitCode
from specgen.render.modules import modules_of, write_modules
from specgen.render.paths import module_of_page
from specgen.render.rendered import Rendered, RenderedCase
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
from specgen.replay.parts import shares_of
from specgen.replay.runner import Replay, ReplayOptions, follow
from specgen.replay.standby import Standby, standing_by
from specgen.replay.values import CaseResult
from specgen.target.opening import TargetSettings
from specgen.target.values import TargetInfo

__all__ = ["Replayed", "replay_cases"]

# The exit code of a pytest that selected no test.
NOTHING_SELECTED = 5
# How many sessions are begun in place of some that died.
MOST_SESSIONS = 20
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

    @property
    def red(self) -> int:
        """How many cases failed, or could not be judged."""
        return sum(each.outcome.is_red for each in self.results.values())

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
    pages: Sequence[Rendered],
    cases: Sequence[RenderedCase],
    root: Path,
    settings: TargetSettings,
    options: ReplayOptions,
    listen: Callable[[Event], None],
    out: Path | None = None,
    standbys: Sequence[Standby] = (),
    weights: Mapping[str, int] | None = None,
    judge: Callable[[CaseFinished], CaseFinished] | None = None,
) -> Replayed:
    """Replays cases and returns whatever is known of them in the end.

    Several workers are as many sessions, each with a target and with pages of its own. What a
    session that died has not begun is run by another one.

    Args:
        pages: The pages of the cases.
        cases: Which of their cases to replay, in this order.
        root: The docs root.
        settings: Where to replay.
        options: What else is asked of pytest.
        listen: Is told every event as it comes.
        out: Where to leave the modules; a private folder that goes away by default.
        standbys: The processes to use, if some were started already for the same settings.
        weights: How long each page is expected to take; by default, as many cases as it has.
        judge: Looks at what came of a case once more before anybody hears of it.

    Raises:
        OSError: The modules cannot be written.
    """
    replayed, judged = Replayed(), _once(judge)
    weights = weights or Counter(case.page for case in cases)
    shares = shares_of(cases, weights, max(1, options.workers))
    with ExitStack() as stack:
        ready = standbys or stack.enter_context(standing_by(settings, len(shares)))
        folder = out or ready[0].folder / "modules"
        write_modules(modules_of(pages, root), folder)
        name, started = _node_ids(pages, root), 0
        while shares and started < MOST_SESSIONS + options.workers:
            replays = [
                Replay.start(standby, folder.resolve(), name(share), settings, options)
                for standby, share in zip(ready, shares, strict=False)
            ]
            started += len(replays)
            died = _follow(replays, replayed, listen, judged, options.maxfail)
            left = (_undone(shares[number], replayed) for number in died)
            shares = tuple(filter(None, left)) if settings.is_private else ()
            ready = stack.enter_context(standing_by(settings, len(shares), started))
    return replayed


def _once(judge: Callable[[CaseFinished], CaseFinished] | None) -> Callable[[Event], Event]:
    """Has each case judged once, however often its result is read."""
    known: dict[str, CaseFinished] = {}

    def judged(event: Event) -> Event:
        if judge is None or not isinstance(event, CaseFinished):
            return event
        if event.result.id not in known:
            known[event.result.id] = judge(event)
        return known[event.result.id]

    return judged


def _follow(
    replays: Sequence[Replay],
    replayed: Replayed,
    listen: Callable[[Event], None],
    judged: Callable[[Event], Event],
    maxfail: int,
) -> tuple[int, ...]:
    """Takes in what sessions tell until they are over; returns those that died on the way."""
    try:
        for event in map(judged, follow(replays)):
            replayed.take(event)
            listen(event)
            if maxfail and isinstance(event, CaseFinished) and replayed.red >= maxfail:
                for replay in replays:
                    replay.stop()
    except KeyboardInterrupt:
        replayed.interrupted = True
    finally:
        # Over already, unless somebody or something broke it off.
        for replay in replays:
            replay.interrupt()
        for replay in replays:
            replay.end()
    for replay in replays:
        for event in map(judged, replay.new()):  # what came while the session ended
            listen(event)
        for event in map(judged, replay.all()):
            replayed.take(event)
    return tuple(number for number, each in enumerate(replays) if _died(replayed, each))


def _undone(share: Sequence[RenderedCase], replayed: Replayed) -> tuple[RenderedCase, ...]:
    """What a session that died has not begun; nothing if it died before it began a case."""
    if not any(case.id in replayed.started for case in share):
        return ()
    return tuple(case for case in share if case.id not in replayed.started)


def _node_ids(
    pages: Sequence[Rendered], root: Path
) -> Callable[[Sequence[RenderedCase]], list[str]]:
    """Names cases in their order: a module where it is a page's own, else single functions."""
    find = module_of_page(root)
    planned = {page.page: page.cases for page in pages}

    def names(cases: Sequence[RenderedCase]) -> list[str]:
        found: list[str] = []
        for page, together in groupby(cases, key=lambda case: case.page):
            path, mine = str(find(page)), tuple(together)
            whole = mine == planned[page]
            found += [path] if whole else [f"{path}::test_{each.slug}" for each in mine]
        return found

    return names


def _died(replayed: Replayed, replay: Replay) -> bool:
    """Explains how a session ended, and tells whether nobody planned that."""
    stopped = replay.stopped()
    if stopped.exit_code == NOTHING_SELECTED and replayed.collected is None:
        replayed.collected = set()  # no case was left, so no plugin woke up to tell
    if stopped.exit_code == UNWRITABLE or replay.out_of_space():
        replayed.lost = replayed.lost or OUT_OF_SPACE
    planned = {0, 1, NOTHING_SELECTED}
    if replayed.lost:
        planned |= {2, int(ExitCode.TARGET), UNWRITABLE}
    if replay.asked_to_stop:
        planned.add(2)
    if replayed.interrupted or stopped.exit_code in planned:
        return False
    sign = "signal" if stopped.exit_code < 0 else "exit code"
    replayed.crashed += f"({sign} {abs(stopped.exit_code)})\n{stopped.output}"
    return True
