"""How long `specgen generate` takes for many pages, against a plain loop over the same pages.

The plain loop is a Python that reads every page and matches one regular expression on each of
its lines. Then: how time and memory grow with one page, up to a million lines. Run by hand:
`.venv/bin/python benchmarks/generate.py [PAGES [SETUPS]]`.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

ROUNDS = 9
CORPUS = Path(__file__).resolve().parents[2] / "shared/corpus/es2018"
PLAIN = r"""
import pathlib, re, sys
dashes, count = re.compile(r"-{4,}\s*"), 0
for page in pathlib.Path(sys.argv[1]).rglob("*.asciidoc"):
    for line in page.read_text(encoding="utf-8").split("\n"):
        count += dashes.fullmatch(line) is not None
print(count)
"""
# What each kind of run finds gone, and its options.
KINDS = {
    "cold, one process": (("cache", "out"), ("-j1",)),
    "cold": (("cache", "out"), ()),
    "warm, modules gone": (("out",), ()),
    "no change": ((), ()),
}
PART = "[[part-{0}]]\n== Part {0}\n\n[source,console]\n----\nGET /index-{0}\n----\n\ntext\n\n"


class Cost(NamedTuple):
    """What a process took: seconds from start to end, and megabytes at most."""

    seconds: float
    megabytes: float


def cost(command: Sequence[str], work: Path) -> Cost:
    """Runs a command with a cache of its own."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(work / "cache")}
    environment.pop("SPECGEN_NO_CACHE", None)
    quiet = subprocess.DEVNULL
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=work, env=environment, stdout=quiet, stderr=quiet)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in {0, 3}:  # 3: a part of a page could not be read
        raise subprocess.CalledProcessError(process.returncode, command)
    return Cost(time.perf_counter() - started, usage.ru_maxrss / 1024)


def generate(pages: Path, work: Path, *options: str) -> tuple[str, ...]:
    """The command that renders the pages of a folder."""
    start = (sys.executable, "-m", "specgen", "generate", str(pages), "--docs-root", str(pages))
    return (*start, "--out", str(work / "out"), *options)


def compare(pages: Path, setups: Path, work: Path) -> None:
    """Takes turns, so that whatever else the machine does meets all alike."""
    times: dict[str, list[float]] = {kind: [] for kind in ("plain loop", *KINDS)}
    for _ in range(ROUNDS):
        plain = (sys.executable, "-c", PLAIN, str(pages))
        times["plain loop"].append(cost(plain, work).seconds)
        for kind, (gone, options) in KINDS.items():
            for folder in gone:
                shutil.rmtree(work / folder, ignore_errors=True)
            command = generate(pages, work, "--setups", str(setups), *options)
            times[kind].append(cost(command, work).seconds)
    unit = statistics.median(times["plain loop"])
    for kind, each in times.items():
        middle = statistics.median(each)
        print(f"{kind:20} {middle:.3f} s (median of {ROUNDS})  ratio {middle / unit:.1f}")


def grow(work: Path) -> None:
    """Tells of pages of which each is several times as large as the one before."""
    for lines in (100_000, 300_000, 1_000_000):
        pages = work / f"pages-{lines}"
        pages.mkdir()
        parts = range(lines // PART.count("\n"))
        text = "".join(PART.format(number) for number in parts)
        (pages / "large.asciidoc").write_text(text, encoding="utf-8")
        seconds, megabytes = cost(generate(pages, work, "--no-cache"), work)
        size = f"{lines:9,} lines, {len(text) / 1e6:4.1f} MB"
        print(f"{size}: {seconds:5.1f} s, {megabytes:5.0f} MB of memory")


def main(pages: str = str(CORPUS / "docs"), setups: str = str(CORPUS / "setups.json")) -> None:
    """Compares, then grows."""
    with tempfile.TemporaryDirectory() as work:
        compare(Path(pages).resolve(), Path(setups).resolve(), Path(work))
        grow(Path(work))


if __name__ == "__main__":
    main(*sys.argv[1:])
