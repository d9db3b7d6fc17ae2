"""What was started by `specgen cluster up` and still runs, as a file in the user's state folder.

Each `up` is one process that keeps its nodes: they end with it. It holds a lock as long as it
lives (see `scratch`), and beside the lock a record of what it keeps.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import tenacity
from platformdirs import user_state_path

from specgen.errors import TargetUnreachable
from specgen.files import write_whole
from specgen.target.scratch import Scratch, sweep

__all__ = ["Cluster", "Node", "end", "new_record", "running", "write_record"]

_RECORD = "cluster.json"
_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Node:
    """One node that answers.

    Attributes:
        name: Its kind, as it was asked for.
        url: Its base URL.
        pid: The id of its process.
    """

    name: str
    url: str
    pid: int


@dataclass(frozen=True, slots=True)
class Cluster:
    """What one `up` keeps.

    Attributes:
        name: The kind of its nodes.
        keeper: The id of the process that keeps them.
        started: When that process was started, in the system's words; empty if it tells none.
        detached: Whether it outlives who asked for it.
        nodes: Its nodes, independent of each other.
    """

    name: str
    keeper: int
    started: str
    detached: bool
    nodes: tuple[Node, ...]


def new_record() -> Scratch:
    """A place for a record that holds as long as this process lives; end it with `remove`."""
    return Scratch(_parent())


def write_record(record: Scratch, name: str, nodes: tuple[Node, ...], detached: bool) -> None:
    """Records the nodes that this process keeps."""
    pid = os.getpid()
    cluster = Cluster(name, pid, _start_of(pid), detached, nodes)
    write_whole(record.folder / _RECORD, json.dumps(asdict(cluster), indent=1))


def running() -> tuple[Cluster, ...]:
    """What runs now; records whose keepers are gone are removed."""
    parent = _parent()
    sweep(parent)
    found = (_read(path) for path in sorted(parent.glob(f"*/{_RECORD}")))
    return tuple(sorted(filter(None, found), key=lambda each: (each.name, each.keeper)))


def end(cluster: Cluster) -> None:
    """Ends the process that keeps a cluster, and with it its nodes.

    Only a process that is still the one recorded is ended, told by its id and its start.

    Raises:
        TargetUnreachable: It does not end.
    """
    ways = (signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM))
    for way in ways:
        if _start_of(cluster.keeper) != cluster.started:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(cluster.keeper, way)
        with contextlib.suppress(tenacity.RetryError):
            _until_gone(cluster)
            return
    raise TargetUnreachable(f"The process {cluster.keeper} that keeps {cluster.name} does not end.")


@tenacity.retry(
    retry=tenacity.retry_if_result(lambda gone: not gone),
    stop=tenacity.stop_after_delay(_SECONDS),
    wait=tenacity.wait_fixed(0.05),
)
def _until_gone(cluster: Cluster) -> bool:
    return cluster not in running()


def _parent() -> Path:
    parent = user_state_path("specgen") / "clusters"
    parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return parent


def _read(path: Path) -> Cluster | None:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        nodes = tuple(Node(**node) for node in record.pop("nodes"))
        cluster = Cluster(**record, nodes=nodes)
    except (OSError, ValueError, TypeError, KeyError):  # it ends just now
        return None
    return cluster if _start_of(cluster.keeper) == cluster.started else None


def _start_of(pid: int) -> str:
    """When a process was started: in ticks since boot on Linux, elsewhere as `ps` writes it."""
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
        return after_name.rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return next(_told_by_ps(pid), "")


def _told_by_ps(pid: int) -> Iterator[str]:
    with contextlib.suppress(OSError):
        done = subprocess.run(
            ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
        yield done.stdout.strip()
