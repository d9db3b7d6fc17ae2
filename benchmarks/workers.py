"""What `specgen run -n 2` takes against one session, over several copies of the same pages.

Both are whole processes on engines of their own, taking turns, with a cache that both share.
Run by hand: `.venv/bin/python benchmarks/workers.py [COPIES [ROUNDS [PAGES SETUPS]]]`.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

CORPUS = Path(__file__).resolve().parents[2] / "shared/corpus/es2018"


def seconds(command: Sequence[str], environment: Mapping[str, str]) -> float:
    """How long a run takes; pages that do not tell the truth are no reason to stop."""
    quiet = subprocess.DEVNULL
    started = time.perf_counter()
    code = subprocess.run(
        command, env=environment, stdin=quiet, stdout=quiet, stderr=quiet, check=False
    ).returncode
    if code not in {0, 1, 3}:
        raise subprocess.CalledProcessError(code, command)
    return time.perf_counter() - started


def main(copies: int, rounds: int, pages: Path, setups: Path) -> None:
    """Measures, and prints a line for each kind of run."""
    with tempfile.TemporaryDirectory() as work:
        root = Path(work) / "pages"
        for number in range(copies):
            shutil.copytree(pages, root / f"copy-{number}")
        environment = {**os.environ, "XDG_CACHE_HOME": f"{work}/cache"}
        environment |= {"XDG_STATE_HOME": f"{work}/state"}
        run = [sys.executable, "-m", "specgen", "run", str(root), "--docs-root", str(root)]
        run += ["--setups", str(setups), "--quiet"]
        kinds = {"one session": run, "-n 2": [*run, "-n", "2"]}
        took: dict[str, list[float]] = {name: [] for name in kinds}
        seconds(run, environment)  # fills the cache
        for _ in range(rounds):
            for name, command in kinds.items():
                took[name].append(seconds(command, environment))
    one = statistics.median(took["one session"])
    for name, times in took.items():
        median = statistics.median(times)
        print(f"{name:12} {median:6.2f} s (median of {rounds})  {one / median:.2f} times as fast")


if __name__ == "__main__":
    given = sys.argv[1:]
    main(
        int(given[0]) if given else 10,
        int(given[1]) if len(given) > 1 else 3,
        Path(given[2]) if len(given) > 3 else CORPUS / "docs",
        Path(given[3]) if len(given) > 3 else CORPUS / "setups.json",
    )
