"""An engine of the tests' own, for what the real one never does: die or stay silent on demand.

Of a package `noida_db` that is found first, specgen starts this file as the engine. `GET die`
ends it by force, `GET kill` the process that started it; `GET wait` is never answered, and `GET
hold` not before there is a file `go`. All else succeeds with an empty object, `GET mark` leaves
a file `marked`, and `GET who` tells the engine's process id. To delete what is called `stuck`
waits as `GET wait` does, and where a file `late` is, the engine waits before it says that it is
there.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent / "target"))
from loopback import Loopback, Reply, Seen

__all__ = ["engines_in", "install_engine", "is_running", "wait_for"]


def install_engine(folder: Path) -> dict[str, str]:
    """Puts the package into a folder; returns the environment in which it is found.

    The engine leaves a file `folder/PID.pid`, and its id in `folder/waits` once it is asked to
    wait.
    """
    package = folder / "noida_db"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    program = package / "noida-db"
    program.write_text(f"#!/bin/sh\nexec {sys.executable} {Path(__file__).resolve()}\n")
    program.chmod(0o700)
    path = os.pathsep.join(filter(None, (str(folder), os.environ.get("PYTHONPATH", ""))))
    return {"PYTHONPATH": path, "OWN_ENGINE": str(folder)}


def wait_for(path: Path, goes_on: Callable[[], bool] = lambda: True) -> None:
    """Waits until a file is there, as long as what should write it goes on."""
    ends = time.monotonic() + 30
    while not path.exists():
        assert goes_on(), f"ended without {path.name}"
        assert time.monotonic() < ends, f"no {path.name} within 30 s"
        time.sleep(0.01)


def engines_in(folder: Path) -> list[int]:
    """The process ids of the engines that were started."""
    return [int(path.stem) for path in folder.glob("*.pid")]


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _answer(seen: Seen) -> Reply:
    path = seen.path.partition("?")[0]
    if path == "/":
        return Reply(body=b'{"version": {"number": "8.15.3"}}')
    if path == "/die":
        os.kill(os.getpid(), signal.SIGKILL)
    if path == "/kill":
        os.kill(os.getppid(), signal.SIGKILL)
    if seen.method == "DELETE" and path.endswith("/stuck"):
        path = "/wait"
    if path in {"/wait", "/hold"}:
        _leave("waits", str(os.getpid()))
        if path == "/hold":
            wait_for(Path(os.environ["OWN_ENGINE"]) / "go")
        else:
            threading.Event().wait()
    if path == "/who":
        return Reply(body=b'{"pid": %d}' % os.getpid())
    if path == "/mark":
        _leave("marked", "")
    return Reply()


def _leave(name: str, text: str) -> None:
    """Leaves a file that is whole as soon as it is there."""
    folder = Path(os.environ["OWN_ENGINE"])
    draft = folder / f"{os.getpid()}.draft"
    draft.write_text(text)
    draft.replace(folder / name)


def _serve() -> None:
    folder = Path(os.environ["OWN_ENGINE"])
    (folder / f"{os.getpid()}.pid").touch()
    if (folder / "late").exists():
        _leave("waits", str(os.getpid()))
        threading.Event().wait()
    with Loopback(_answer) as server:
        sys.stdout.write(f"noida-db 0.0.0 | tests\n  elasticsearch  {server.url}\n")
        sys.stdout.flush()
        threading.Event().wait()


if __name__ == "__main__":
    _serve()
