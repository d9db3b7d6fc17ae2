"""`specgen drift --update --review` on a terminal of its own, and the answers of a person."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ASKED = b"(y, n, q): "
# How long a question may take, in seconds.
PATIENCE = 600


def reviewed(folder: Path, keys: Iterable[str], *arguments: str) -> str:
    """Answers one question after the other; returns all that stood on the terminal.

    Args:
        folder: Where the command is run.
        keys: The answers; there may be more of them than questions.
        arguments: Pages and options; all pages of `docs` if there are none.
    """
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "specgen", "drift", "--update", "--review"),
            *(arguments or ("docs",)),
        ],
        cwd=folder,
        env={**os.environ, "COLUMNS": "80", "NO_COLOR": "1", "PYTHONPATH": str(ROOT)},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        close_fds=True,
    )
    os.close(theirs)
    told, start = b"", 0
    for key in keys:
        while not told[start:].endswith(ASKED) and (more := _read(ours)):
            told += more
        if not told[start:].endswith(ASKED):
            break
        start = len(told)
        os.write(ours, key.encode() + b"\n")
    while more := _read(ours):
        told += more
    process.wait()
    os.close(ours)
    return told.decode().replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    """What stands there next; empty when the other end is closed."""
    assert select.select([terminal], [], [], PATIENCE)[0], "nothing comes any more"
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""
