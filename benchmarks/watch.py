"""How long after a save `specgen watch` has the verdict on the screen, against a whole run.

One page of `specs/` in a private folder is saved again and again. The time is that from the save
to the last line that `watch` prints; beside it stands `specgen run` on the same page, whole.
Run by hand: `.venv/bin/python benchmarks/watch.py [ROUNDS]`.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = "specs/document/get-document.asciidoc"


def until(stream: subprocess.Popen[str], what: str) -> None:
    """Reads what a process prints until a line has something."""
    assert stream.stdout is not None
    for line in stream.stdout:
        if what in line:
            return
    raise SystemExit("specgen watch has ended")


def main(rounds: str = "10") -> None:
    """Takes turns."""
    watched, whole = [], []
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        shutil.copytree(ROOT / "specs", work / "specs")
        shutil.copy(ROOT / "specgen.toml", work)
        command = [sys.executable, "-m", "specgen"]
        watch = subprocess.Popen(
            [*command, "watch", "specs"], cwd=work, stdout=subprocess.PIPE, text=True
        )
        try:
            until(watch, "Ctrl-C ends it")
            for _ in range(int(rounds)):
                time.sleep(1.5)  # a session stands by again
                started = time.perf_counter()
                (work / PAGE).touch()
                until(watch, "passed (")
                watched.append(time.perf_counter() - started)
                time.sleep(1.5)
                started = time.perf_counter()
                subprocess.run([*command, "run", PAGE], cwd=work, check=True, capture_output=True)
                whole.append(time.perf_counter() - started)
        finally:
            watch.kill()
            watch.wait()
    ours, run = statistics.median(watched), statistics.median(whole)
    print(f"watch {ours:.2f} s (median of {rounds}, slowest {max(watched):.2f})")
    print(f"run   {run:.2f} s, ratio {ours / run:.2f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
