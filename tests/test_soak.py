"""The soak: what each of its lines is for is left behind on purpose, and found."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from project import ROOT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc")

FOUND = {
    "processes that were not there before",
    "ports that were not there before",
    "files that were not there before",
    "names that were not there before",
    "MB of noida-db, median",
    "open files of python, median",
    "processes after `cluster down`",
    "temporary files after it",
}


def red_lines(leak: str) -> tuple[int, set[str], int]:
    """How a short soak ends with a leak: its code, its red lines, and how many it has."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks/soak.py"), "0", "embedded", leak],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.stderr == ""
    lines = re.findall(r"^(ok|FAILED) +(.+?): ", done.stdout, re.MULTILINE)
    return done.returncode, {what for state, what in lines if state == "FAILED"}, len(lines)


# Takes about 20 s where the machine is idle, and so does the other one.
def test_what_is_left_is_found() -> None:
    code, red, count = red_lines("all")
    # Connections that are held open take memory of the process that keeps the engine, too.
    assert FOUND <= red <= FOUND | {"MB of python, median"}
    assert (code, count) == (1, 11)


def test_nothing_is_left() -> None:
    code, red, count = red_lines("none")
    assert (code, red, count) == (0, set(), 11)
