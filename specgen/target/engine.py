"""The process of the embedded engine: found, started, watched, ended."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import platform
import re
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from pathlib import Path
from typing import Literal

from specgen.errors import TargetUnreachable
from specgen.target.launcher import CANNOT_EXECUTE

__all__ = ["Engine", "find_binary"]

_LAUNCHER = Path(__file__).with_name("launcher.py")
_ADDRESS = re.compile(r"\s*elasticsearch\s+(http://\S+)")
_VERSION = re.compile(r"(noida-db [\w.+-]+) \|")
_ELSEWHERE = "Name another target with --target URL."
# The loader of an older glibc says this of a symbol that the engine can do without.
_HARMLESS = "weak version"


def find_binary(package: str = "noida_db") -> Path:
    """The engine's native program in its package, ready to be executed.

    The package's own script is passed over: it is a Python process that leaves the engine
    running when it is killed.

    Raises:
        TargetUnreachable: The package or the program is missing or cannot be executed.
    """
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise TargetUnreachable(
            "The embedded engine is not installed: the package noida-db is missing.",
            f"Install it with `pip install noida-db`. {_ELSEWHERE}",
        )
    name = "noida-db.exe" if os.name == "nt" else "noida-db"
    binary = Path(found.submodule_search_locations[0]) / name
    if not binary.is_file():
        raise TargetUnreachable(
            f"The package noida-db holds no engine for this machine ({_machine()}).",
            f"Install its wheel for this platform, if there is one. {_ELSEWHERE}",
        )
    if not os.access(binary, os.X_OK):
        _make_executable(binary)
    return binary


def _make_executable(binary: Path) -> None:
    try:
        binary.chmod(binary.stat().st_mode | 0o100)
    except OSError:
        raise TargetUnreachable(
            "The embedded engine lost its permission to be executed.",
            f"Install noida-db again, or give {binary} its x bit.",
        ) from None


class Engine:
    """A running engine; ends with this process, whatever way that ends.

    Starting returns at once; `address` waits until the engine tells where it listens.

    Args:
        binary: The native program.
        folder: Where it may write.
        way: How it is tied to this process, see `launcher`; told by the platform.

    Attributes:
        ended: Set once the process is gone.
        version: The engine and its version, as it tells with its address.
    """

    def __init__(
        self, binary: Path, folder: Path, way: Literal["tie", "watch"] | None = None
    ) -> None:
        self._owner = os.getpid()
        self._folder = folder
        way = way or ("tie" if sys.platform == "linux" else "watch")
        self._command = [sys.executable, "-I", "-S", str(_LAUNCHER), way, str(self._owner)]
        self._command += [str(binary), "start", "--only", "elasticsearch"]
        self._command += ["--elasticsearch-port", "0", "--data-dir", str(folder / "data")]
        self._hidden = ((str(binary), binary.name), (str(folder), "<folder>"))
        self._lines: deque[str] = deque(maxlen=12)
        self._address = self.version = ""
        self._process: subprocess.Popen[str] | None = None
        self._code: int | None = None
        self._started, self._told, self.ended = (threading.Event() for _ in range(3))
        # The kernel ties a process to the thread that started it, so that thread must stay.
        self._keeper = threading.Thread(target=self._keep, name="specgen-engine", daemon=True)
        self._keeper.start()

    @property
    def pid(self) -> int:
        """The id of the process, 0 if it could not be started."""
        self._started.wait()
        return self._process.pid if self._process else 0

    def address(self, ends: float) -> str:
        """The base URL at which it listens, as soon as it tells.

        Args:
            ends: When to give up waiting, on the clock of `time.monotonic`.

        Raises:
            TargetUnreachable: It ended instead, or told nothing in time.
        """
        self._told.wait(max(0.0, ends - time.monotonic()))
        if not self._address:
            raise TargetUnreachable("The embedded engine tells no address.")
        return self._address

    def answers_now(self) -> None:
        """It is up: what it said as it started explains nothing from here on."""
        self._lines.clear()

    def failure(self, patience: float = 0.0) -> TargetUnreachable | None:
        """What to tell if the engine has ended; None while it runs.

        Args:
            patience: How long to wait for its end, in seconds: a connection breaks a moment
                before the process is gone.
        """
        if not self.ended.wait(patience):
            return None
        if self._code == CANNOT_EXECUTE:
            return TargetUnreachable(
                f"The embedded engine cannot be executed on this machine ({_machine()})"
                f"{self._last_words()}",
                f"noida-db has no build that fits it. {_ELSEWHERE}",
            )
        when = "ended while it was in use" if self._address else "ended as it started"
        return TargetUnreachable(
            f"The embedded engine {when} ({_manner(self._code)}){self._last_words()}",
            f"Run again; if it ends again, report what it said. {_ELSEWHERE}",
        )

    def too_slow(self, timeout: float) -> TargetUnreachable:
        """What to tell if it runs but does not answer."""
        return TargetUnreachable(
            f"The embedded engine did not answer within {timeout:g} s{self._last_words()}",
            f"Is the machine very busy? Give it longer with --timeout. {_ELSEWHERE}",
        )

    def close(self) -> None:
        """Ends it: politely, after a moment by force. May be called twice."""
        if os.getpid() != self._owner:  # a fork of specgen's process does not own it
            return
        self._started.wait()
        if self._process is None:
            return
        for end in (self._ask_to_end, self._force_to_end):
            if not self.ended.is_set():
                end()
            if self.ended.wait(3):
                break
        self._keeper.join(3)

    def _ask_to_end(self) -> None:
        assert self._process is not None
        if self._process.stdin:
            self._process.stdin.close()  # what the watching launcher looks for
        if os.name == "posix":
            self._process.terminate()

    def _force_to_end(self) -> None:
        assert self._process is not None
        if sys.platform == "win32":
            self._process.kill()
        else:  # the engine too, if its launcher was killed
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def _keep(self) -> None:
        """Starts the process and stays with it, reading what it says, until it ends."""
        try:
            with self._start() as process:
                self._process = process
                self._started.set()
                for line in process.stdout or ():
                    self._hear(line.rstrip())
            self._code = process.returncode
        except OSError as error:
            self._code = CANNOT_EXECUTE
            self._lines.append(error.strerror or str(error))
        finally:
            for event in (self.ended, self._started, self._told):
                event.set()

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            cwd=self._folder,
            env={name: value for name, value in os.environ.items() if "SPECGEN_" not in name},
            start_new_session=True,  # an interrupt from the terminal is specgen's to handle
        )

    def _hear(self, line: str) -> None:
        if _HARMLESS in line or not line:
            return
        for path, shown in self._hidden:
            line = line.replace(path, shown)
        self._lines.append(line[:300])
        if told := _VERSION.match(line):
            self.version = told[1]
        if told := _ADDRESS.match(line):
            self._address = told[1]
            self._told.set()

    def _last_words(self) -> str:
        said = [line.removeprefix("launcher: ") for line in self._lines.copy()]
        return (": " + " | ".join(said[-4:])) if said else "."


def _machine() -> str:
    return f"{platform.system()} {platform.machine()}"


def _manner(code: int | None) -> str:
    if code is None or code >= 0:
        return f"exit code {code}"
    try:
        return f"signal {-code}, {signal.Signals(-code).name}"
    except ValueError:
        return f"signal {-code}"
