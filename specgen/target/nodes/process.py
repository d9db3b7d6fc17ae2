"""The process of a node: started, waited for, ended; its log is kept."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import tenacity
from platformdirs import user_log_path

from specgen.errors import TargetUnreachable
from specgen.target.address import base_url
from specgen.target.failures import NoAnswer
from specgen.target.sender import Sender
from specgen.target.values import Answer, Call

__all__ = ["NodeProcess", "new_log"]

# One line of JSON, of our own nodes and of osmem-server.
_URL = re.compile(rb'"url": ?"(http://[\w.:]+)"')
_LOGS_KEPT = 20
_TAIL = 6


class NodeProcess:
    """A program that listens on a loopback port and ends when its standard input does.

    It holds the reading end of a pipe whose other end is this process's alone, so the system
    ends it with this process, whatever way that ends.

    Args:
        name: The node, for messages.
        command: The program and its arguments.
        folder: Where it may write.
        log: Where all that it says goes.

    Raises:
        TargetUnreachable: It cannot be executed.
    """

    def __init__(self, name: str, command: Sequence[str], folder: Path, log: Path) -> None:
        self._name = name
        self._log = log
        self._owner = os.getpid()
        try:
            with log.open("ab") as output:
                self._process = subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    cwd=folder,
                    env={k: v for k, v in os.environ.items() if "SPECGEN_" not in k},
                    start_new_session=True,  # an interrupt is specgen's to handle
                )
        except OSError as error:
            raise TargetUnreachable(f"{name} cannot be started: {error}") from None

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    def first_answer(self, timeout: float) -> tuple[str, Answer]:
        """Its base URL, and its answer to `GET /`, as soon as there is one.

        Args:
            timeout: How long to wait, in seconds.

        Raises:
            TargetUnreachable: It ended, or did not answer in time.
        """
        waiting = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(NoAnswer),
            stop=tenacity.stop_any(tenacity.stop_after_delay(timeout), _Ended(self._process)),
            wait=tenacity.wait_fixed(0.05),
            reraise=True,
        )
        try:
            return waiting(self._ask)
        except NoAnswer:
            slow = f"{self._name} did not answer within {timeout:g} s"
            raise self.failure() or self._trouble(slow) from None

    def failure(self, patience: float = 0.0) -> TargetUnreachable | None:
        """What to tell if it has ended; None while it runs.

        Args:
            patience: How long to wait for its end, in seconds.
        """
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = self._process.wait(patience)
            return self._trouble(f"{self._name} ended (exit code {code})")
        return None

    def close(self) -> None:
        """Ends it: politely, after a moment by force. May be called twice."""
        if os.getpid() != self._owner:  # a fork of specgen's process does not own it
            return
        if self._process.stdin:
            self._process.stdin.close()
        if self.failure(5) is None:
            self._process.kill()
            self._process.wait()

    def _ask(self) -> tuple[str, Answer]:
        found = _URL.search(self._log.read_bytes())
        if found is None:
            raise NoAnswer(f"{self._name} does not listen yet.", "", passing=True)
        url = base_url(found[1].decode("ascii"))
        sender = Sender(url, timeout=5.0)
        try:
            return url, sender.send(Call("GET", ""), retry=False)
        finally:
            sender.close()

    def _trouble(self, what: str) -> TargetUnreachable:
        text = self._log.read_text(encoding="utf-8", errors="replace") if self._log.exists() else ""
        lines = text.splitlines()
        said = " | ".join(line.strip()[:200] for line in lines[-_TAIL:] if line.strip())
        return TargetUnreachable(
            f"{what}{': ' + said if said else '.'}", f"All that it said is in {self._log}"
        )


def new_log(name: str) -> Path:
    """A new file for a log in the user's folder of logs, where the newest 20 are kept."""
    folder = user_log_path("specgen")
    folder.mkdir(parents=True, exist_ok=True)
    for old in sorted(folder.glob("*.log"), key=lambda path: path.name[-26:])[: 1 - _LOGS_KEPT]:
        with contextlib.suppress(OSError):
            old.unlink()
    moment = datetime.now().strftime("%Y%m%d-%H%M%S-%f")
    return folder / f"{name}-{moment}.log"


class _Ended(tenacity.stop.stop_base):
    """Stops waiting for a process that is gone."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def __call__(self, retry_state: tenacity.RetryCallState) -> bool:
        return self._process.poll() is not None
