"""A process that is ready to replay before anybody knows what: it starts while pages are read.

It imports what a session of pytest needs, which takes about as long as reading a few hundred
pages, and then waits for one line on its standard input. If that ends instead, so does it.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from specgen.target.opening import TargetSettings
from specgen.target.scratch import Scratch, scratch_parent, sweep

__all__ = ["Standby", "main", "standing_by"]


@dataclass(frozen=True, slots=True)
class Standby:
    """The process, and what belongs to it.

    Attributes:
        number: Counted from 0 among those that are there together.
        folder: A private folder for the session's own files.
        output: Where it prints to.
        process: The process itself.
    """

    number: int
    folder: Path
    output: Path
    process: subprocess.Popen[bytes]

    def begin(self, folder: Path, arguments: Sequence[str]) -> None:
        """Has it run pytest in a folder; if it is gone already, that shows when it is waited for.

        Args:
            folder: Where pytest runs.
            arguments: What it is called with.
        """
        told = {"folder": str(folder), "arguments": list(arguments)}
        assert self.process.stdin is not None
        with suppress(BrokenPipeError), self.process.stdin as pipe:
            pipe.write(json.dumps(told).encode() + b"\n")

    def dismiss(self) -> None:
        """Ends it, if it still runs."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        if self.process.stdin is not None:
            with suppress(BrokenPipeError):
                self.process.stdin.close()


@contextmanager
def standing_by(
    settings: TargetSettings, count: int = 1, first: int = 0
) -> Iterator[tuple[Standby, ...]]:
    """Starts processes; they and their folders are gone afterwards, also if specgen is ended.

    What a specgen that was killed left of its folders goes, too.

    Args:
        settings: Where to replay.
        count: How many.
        first: The number of the first of them.

    Raises:
        TargetUnreachable: There is no place for their folders.
    """
    parent = scratch_parent()
    sweep(parent)
    folders: list[Scratch] = []
    ready: list[Standby] = []
    try:
        for number in range(first, first + count):
            folders.append(Scratch(parent))
            ready.append(_started(number, folders[-1].folder, settings))
        yield tuple(ready)
    finally:
        for standby in ready:
            standby.dismiss()
        for folder in folders:
            folder.remove()


def _started(number: int, folder: Path, settings: TargetSettings) -> Standby:
    output = folder / "output"
    with output.open("wb") as sink:
        process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            cwd=folder,
            env=_environment(settings),
            stdin=subprocess.PIPE,
            # Ctrl-C is meant for the process that plans; it hands it on.
            start_new_session=True,
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
    return Standby(number, folder, output, process)


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


def main() -> int:
    """Waits to be told what to run, runs it, and returns pytest's exit code."""
    # All this is imported early, which is what this process is for.
    import pytest

    import specgen.replay.session
    import specgen.target.sender  # noqa: F401

    # A shell that starts specgen in the background has it ignore this, and so would its children.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    line = sys.stdin.readline()
    if not line:
        return 0
    told = json.loads(line)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, sys.stdin.fileno())
    os.chdir(told["folder"])
    gc.freeze()  # what is imported stays: it need not be looked through again
    return int(pytest.main(told["arguments"]))


if __name__ == "__main__":
    sys.exit(main())
