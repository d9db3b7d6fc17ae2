"""Runs rendered modules in a pytest of their own and hands on what it tells.

The process that plans outlives the one that replays: whatever happens there, every planned
case has a result here.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from specgen.replay.events import Event, EventLog
from specgen.replay.values import Clean
from specgen.target.opening import TargetSettings

__all__ = ["Replay", "ReplayOptions", "Stopped"]

# How often the files of events are looked at, in seconds.
POLL = 0.02
# How long a session may take to clean up once it was told to stop, in seconds.
GRACE = 10.0

INI = """\
[pytest]
addopts = --import-mode=importlib -p no:cacheprovider --strict-markers
"""


@dataclass(frozen=True, slots=True)
class ReplayOptions:
    """What is asked of pytest beyond the modules themselves.

    Attributes:
        workers: How many processes replay side by side; 0 is this session alone.
        expression: An expression of `-k`, or empty.
        maxfail: After how many failed cases to stop; 0 never does.
        strict_warnings: Whether a warning that no page tells of fails its case.
        record: Where each exchange is kept, an absolute path; empty keeps none.
        clean: When what cases made is removed.
    """

    workers: int = 0
    expression: str = ""
    maxfail: int = 0
    strict_warnings: bool = False
    record: str = ""
    clean: Clean = Clean.CASE


@dataclass(frozen=True, slots=True)
class Stopped:
    """How the session ended: its exit code (negative: the signal), and what it printed."""

    exit_code: int
    output: str


@dataclass(slots=True)
class Replay:
    """A running session over modules in a folder."""

    folder: Path
    process: subprocess.Popen[bytes]
    events: Path
    output: Path
    logs: dict[Path, EventLog] = field(default_factory=dict)

    @classmethod
    def start(
        cls,
        folder: Path,
        modules: Sequence[str],
        private: Path,
        settings: TargetSettings,
        options: ReplayOptions,
    ) -> Replay:
        """Starts pytest over modules.

        Args:
            folder: Where the modules stand.
            modules: Which of them, or single tests of them, relative to the folder.
            private: A folder for the session's own files.
            settings: Where to replay.
            options: What else is asked of pytest.
        """
        ini, events, output = private / "pytest.ini", private / "events", private / "output"
        ini.write_text(INI, encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-p", "specgen.replay.plugin"]
        command += ["-c", str(ini), "--rootdir", str(folder), "--assert=plain", "-q"]
        command += ["--tb=short", f"--specgen-events={events}", *_flags(settings, options)]
        with output.open("wb") as sink:
            process = subprocess.Popen(
                [*command, "--", *(modules or ["."])],
                cwd=folder,
                env=_environment(settings),
                stdin=subprocess.DEVNULL,
                # Ctrl-C is meant for the process that plans; it hands it on.
                start_new_session=True,
                stdout=sink,
                stderr=subprocess.STDOUT,
            )
        return cls(folder, process, events, output)

    def follow(self) -> Iterator[Event]:
        """The events as they come, until the session is over."""
        while True:
            over = self.process.poll() is not None
            yield from self._new(self.logs)
            if over:
                return
            time.sleep(POLL)

    def rest(self) -> Iterator[Event]:
        """The events that came after somebody stopped following."""
        yield from self._new(self.logs)

    def all(self) -> Iterator[Event]:
        """All events from the first on: one may have been on its way when a run was stopped."""
        yield from self._new({})

    def interrupt(self) -> None:
        """Asks the session to end, and ends it if it takes too long."""
        if self.process.poll() is None:
            # Its workers too: left alone, they finish the request that they wait for.
            os.killpg(self.process.pid, signal.SIGINT)
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


def _flags(settings: TargetSettings, options: ReplayOptions) -> Iterator[str]:
    yield f"--specgen-timeout={settings.timeout}"
    if settings.disposable:
        yield "--specgen-disposable"
    if settings.read_only:
        yield "--specgen-read-only"
    if options.workers:
        yield from ("-p", "xdist", f"--numprocesses={options.workers}")
        # A page stays with one worker, and they are dealt in the order in which they are named.
        yield from ("--dist=loadfile", "--no-loadscope-reorder")
    if options.expression:
        yield from ("-k", options.expression)
    if options.maxfail:
        yield f"--maxfail={options.maxfail}"
    if options.strict_warnings:
        yield "--specgen-strict-warnings"
    if options.record:
        yield f"--specgen-record={options.record}"
    if options.clean is not Clean.CASE:
        yield f"--specgen-clean={options.clean}"


def _environment(settings: TargetSettings) -> Mapping[str, str]:
    """The session's environment; what may be secret goes here, never on a command line."""
    environment = dict(os.environ)
    # Plugins of the surrounding project have no business in a private session.
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_XDIST_WORKER"):
        environment.pop(name, None)
    for name in ("USER", "PASSWORD", "BASIC", "API_KEY", "BEARER"):
        environment.pop(f"SPECGEN_{name}", None)
    if settings.credentials:
        name = settings.credentials.scheme.upper()
        environment[f"SPECGEN_{name}"] = settings.credentials.value
    environment["SPECGEN_TARGET"] = settings.target
    environment["SPECGEN_HEADERS"] = "\n".join(f"{n}:{v}" for n, v in settings.headers)
    environment["SPECGEN_CA_FILE"] = settings.ca_file
    environment["SPECGEN_CLIENT_CERT"] = settings.client_cert
    environment["SPECGEN_CLIENT_KEY"] = settings.client_key
    return environment
