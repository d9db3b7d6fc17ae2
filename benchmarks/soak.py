"""Runs pages again and again on one target, and tells what is left behind: nothing should be.

Compares what is there after the first run with what is there at the end: processes, folders of
specgen's own, loopback ports that listen, the names on the cluster, and the memory of its process.
Run by hand: `.venv/bin/python benchmarks/soak.py [MINUTES [embedded|elasticsearch-7.10 [PAGES]]]`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[1]
LISTINGS = ("_alias", "_template", "_ingest/pipeline", "_cluster/settings")


class Left(NamedTuple):
    """What is there at one moment."""

    processes: frozenset[str]
    folders: frozenset[str]
    ports: frozenset[str]
    names: Mapping[str, object]
    memory_mb: float


def looked_at(url: str, pid: int) -> Left:
    """Looks at the machine and at the cluster."""
    temporary = Path(tempfile.gettempdir())
    return Left(
        frozenset(filter(None, map(_command, Path("/proc").glob("[0-9]*")))),
        frozenset(path.name for path in temporary.glob("specgen-*")),
        frozenset(_ports()),
        {each: json.load(urlopen(f"{url}/{each}")) for each in LISTINGS},
        _memory(pid),
    )


def _command(process: Path) -> str:
    try:
        words = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
    except OSError:  # it has ended
        return ""
    mine = any(word in words for word in ("specgen", "noida-db", "java"))
    return f"{process.name} {words[:60]}" if mine else ""


def _ports() -> list[str]:
    lines = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    return [line.split()[1] for line in lines if line.split()[3] == "0A"]


def _memory(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    (line,) = (line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def main(minutes: str = "15", target: str = "embedded", pages: str = str(ROOT / "specs")) -> None:
    """Runs until the time is over, and prints what differs."""
    specgen = [sys.executable, "-m", "specgen"]
    up = subprocess.run(
        [*specgen, "cluster", "up", target, "--detach", "--json", "-"],
        capture_output=True,
        check=True,
    )
    (node,) = json.loads(up.stdout)["nodes"]
    run = [*specgen, "run", pages, "--target", node["url"], "--disposable", "-q"]
    try:
        codes, first, runs = set[int](), None, 0
        end = time.monotonic() + float(minutes) * 60
        while time.monotonic() < end:
            codes.add(subprocess.call(run, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
            runs += 1
            if runs == 20:  # engine and node are warm by now
                first = looked_at(node["url"], node["pid"])
        last = looked_at(node["url"], node["pid"])
    finally:
        subprocess.run([*specgen, "cluster", "down", target], check=False, capture_output=True)
    print(f"{target}: {runs} runs, exit codes {sorted(codes)}")
    if first is None:
        raise SystemExit("too short: 20 runs come before the first look")
    for name in ("processes", "folders", "ports"):
        print(
            f"{name} more than after 20 runs: {sorted(getattr(last, name) - getattr(first, name))}"
        )
    print(f"names on the cluster the same: {last.names == first.names}")
    grown = last.memory_mb / first.memory_mb
    print(f"memory {first.memory_mb:.0f} MB, then {last.memory_mb:.0f} MB: ratio {grown:.2f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
