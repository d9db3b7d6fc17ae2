"""Runs rendered modules in a pytest of their own and hands on what it tells.

The process that plans outlives the one that replays: whatever happens there, every planned
case has a result here.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from specgen.replay.events import Event, EventLog, stop_file
from specgen.replay.standby import Standby
from specgen.replay.values import Clean
from specgen.target.opening import TargetSettings

__all__ = ["Replay", "ReplayOptions", "Stopped", "follow"]

# How often the files of events are looked at, in seconds.
POLL = 0.02
# How long a session may take to clean up once it was told to stop, in seconds.
GRACE = 10.0

# What pytest brings and no rendered module has use for: each is asked at every phase of a case.
UNUSED = (
    *("cacheprovider", "capture", "debugging", "doctest", "faulthandler", "junitxml"),
    *("legacypath", "logging", "monkeypatch", "pastebin", "recwarn", "setuponly", "setupplan"),
    *("stepwise", "subtests", "threadexception", "tmpdir", "unittest", "unraisableexception"),
    "warnings",
)
INI = f"""\
[pytest]
addopts = --import-mode=importlib --strict-markers {" ".join(f"-p no:{name}" for name in UNUSED)}
"""


@dataclass(frozen=True, slots=True)
class ReplayOptions:
    """What is asked of pytest beyond the modules themselves.

    Attributes:
        workers: How many sessions replay side by side; 0 is one, as 1 is.
        expression: An expression of `-k`, or empty.
        maxfail: After how many failed cases to stop; 0 never does.
        strict_warnings: Whether a warning that no page tells of fails its case.
        record: Where each exchange is kept, an absolute path; empty keeps none.
        clean: When what cases made is removed.
        answers: Whether sessions tell what cases were answered.
        differing: Whether they tell what came instead of what pages show.
    """

    workers: int = 0
    expression: str = ""
    maxfail: int = 0
    strict_warnings: bool = False
    record: str = ""
    clean: Clean = Clean.CASE
    answers: bool = False
    differing: bool = False


@dataclass(frozen=True, slots=True)
class Stopped:
    """How the session ended: its exit code (negative: the signal), and what it printed."""

    exit_code: int
    output: str


@dataclass(slots=True)
class Replay:
    """A running session over modules in a folder."""

    process: subprocess.Popen[bytes]
    events: Path
    output: Path
    logs: dict[Path, EventLog] = field(default_factory=dict)
    asked_to_stop: bool = False

    @classmethod
    def start(
        cls,
        standby: Standby,
        folder: Path,
        modules: Sequence[str],
        settings: TargetSettings,
        options: ReplayOptions,
    ) -> Replay:
        """Starts pytest over modules.

        Args:
            standby: The process that becomes the session.
            folder: Where the modules stand.
            modules: Which of them, or single tests of them, relative to the folder.
            settings: Where to replay.
            options: What else is asked of pytest.
        """
        ini, events = standby.folder / "pytest.ini", standby.folder / "events"
        ini.write_text(INI, encoding="utf-8")
        arguments = ["-p", "specgen.replay.plugin", "-c", str(ini), "--rootdir", str(folder)]
        # Nobody reads its summary, which takes longer for each failure than the failure did.
        arguments += ["--assert=plain", "-q", "--tb=short", "--no-summary"]
        arguments += [f"--specgen-events={events}"]
        if options.record:  # each keeps a part of its own, named as those of pytest-xdist are
            worker = f".gw{standby.number}" if standby.number else ""
            arguments.append(f"--specgen-record={options.record}{worker}")
        arguments += [*_flags(settings, options), "--", *modules]
        standby.begin(folder, arguments)
        return cls(standby.process, events, standby.output)

    @property
    def over(self) -> bool:
        """Whether the session has ended."""
        return self.process.poll() is not None

    def new(self) -> Iterator[Event]:
        """The events since it was last asked for them."""
        yield from self._new(self.logs)

    def all(self) -> Iterator[Event]:
        """All events from the first on: one may have been on its way when a run was stopped."""
        yield from self._new({})

    def stop(self) -> None:
        """Asks the session to end when the case that it is at is over."""
        self.asked_to_stop = True
        stop_file(self.events).touch()

    def interrupt(self) -> None:
        """Asks the session to end at once."""
        if not self.over:
            os.killpg(self.process.pid, signal.SIGINT)

    def end(self) -> None:
        """Waits for the end of a session that was asked to, and ends it if it takes too long."""
        try:
            self.process.wait(GRACE)
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stopped(self) -> Stopped:
        """How it ended; waits for the end."""
        code = self.process.wait()
        try:
            told = self.output.read_text(encoding="utf-8", errors="replace")
        except OSError:  # somebody cleared the temporary folder
            told = ""
        return Stopped(code, told)

    def out_of_space(self) -> bool:
        """Whether a file of events took no more, so that another was begun, or has no place."""
        folder = self.events.parent
        return not folder.is_dir() or any(folder.glob(f"{self.events.name}*.1"))

    def _new(self, logs: dict[Path, EventLog]) -> Iterator[Event]:
        for path in sorted(self.events.parent.glob(f"{self.events.name}*")):
            yield from logs.setdefault(path, EventLog(path)).read()


def follow(replays: Sequence[Replay]) -> Iterator[Event]:
    """The events of sessions as they come, until all of them are over."""
    while True:
        over = all(replay.over for replay in replays)
        for replay in replays:
            yield from replay.new()
        if over:
            return
        time.sleep(POLL)


def _flags(settings: TargetSettings, options: ReplayOptions) -> Iterator[str]:
    yield f"--specgen-timeout={settings.timeout}"
    if settings.disposable:
        yield "--specgen-disposable"
    if settings.read_only:
        yield "--specgen-read-only"
    if settings.scope:
        yield f"--specgen-scope={settings.scope}"
    if settings.allow:
        yield f"--specgen-allow={','.join(sorted(settings.allow))}"
    if options.expression:
        yield from ("-k", options.expression)
    if options.maxfail:
        yield f"--maxfail={options.maxfail}"
    if options.strict_warnings:
        yield "--specgen-strict-warnings"
    if options.clean is not Clean.CASE:
        yield f"--specgen-clean={options.clean}"
    if options.answers:
        yield "--specgen-answers"
    if options.differing:
        yield "--specgen-differing"
