"""How long `specgen run` takes for one page, against a Python that does nothing but import pytest.

Run by hand: `.venv/bin/python benchmarks/cold_start.py [ROUNDS]`.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "specs/cat/aliases.asciidoc"
SPECGEN = (sys.executable, "-m", "specgen", "run", str(PAGE), "--quiet")
BASELINE = (sys.executable, "-c", "import pytest")


def seconds(command: Sequence[str]) -> float:
    """How long a command takes from its start to its end."""
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def main(rounds: int = 9) -> None:
    """Takes turns, so that whatever else the machine does meets both alike."""
    seconds(BASELINE), seconds(SPECGEN)  # bytecode and disk caches are warm from here on
    pairs = [(seconds(BASELINE), seconds(SPECGEN)) for _ in range(rounds)]
    baseline, specgen = (statistics.median(side) for side in zip(*pairs, strict=True))
    print(f"import pytest          {baseline:.2f} s (median of {rounds})")
    print(f"specgen run, one page  {specgen:.2f} s")
    print(f"ratio                  {specgen / baseline:.1f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
