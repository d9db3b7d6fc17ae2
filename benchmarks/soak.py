"""Runs pages again and again, and tells what is left behind: nothing should be.

Of three runs one is killed, one goes to a target that is kept all the time, and one starts an
engine of its own. All of it has folders of its own and descends from this process, to which
orphans come back too, so whatever else goes on on the machine is not looked at. Linux alone tells
all this.

Run by hand: `.venv/bin/python benchmarks/soak.py [MINUTES [TARGET [LEAK [WORDS OF RUN...]]]]`.
TARGET is `embedded` or another name of `specgen cluster up`. LEAK is what to leave behind on
purpose after each run, `all` or one of `LEAKS`, by which to see that it is found; `none` by
default. The words are given to each `specgen run`. The exit code is 1 if anything was left.
"""

from __future__ import annotations

import contextlib
import ctypes
import http.client
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[1]
LISTINGS = (
    "_alias?expand_wildcards=all",
    "_template",
    "_index_template",
    "_component_template",
    "_ingest/pipeline",
    "_snapshot",
    "_cluster/settings",
    "_cluster/state/metadata?filter_path=metadata.stored_scripts.*",
)
PR_SET_CHILD_SUBREAPER = 36
SECONDS = 5.0
"""How long after a run a process may take to end."""
FLAT = 1.1
"""What memory may be in the last third of the time to what it was in the second."""


class Process(NamedTuple):
    """One that descends from this one."""

    pid: int
    parent: int
    name: str


class Left(NamedTuple):
    """What is there at one moment; each value is told by its name."""

    processes: frozenset[str]
    ports: frozenset[str]
    files: frozenset[str]
    names: frozenset[str]


class Place:
    """Folders of the soak's own, and the target that is kept in them."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        for each in ("tmp", "cache/specgen", "state", "work"):
            (folder / each).mkdir(parents=True)
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "specgen"
        for each in ("jars", "nodes"):  # what nodes boot from is large, and checked
            (cache / each).mkdir(parents=True, exist_ok=True)
            (folder / "cache/specgen" / each).symlink_to(cache / each)
        shutil.copytree(ROOT / "specs", folder / "work/specs")
        shutil.copy(ROOT / "specgen.toml", folder / "work")
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "TMPDIR": str(folder / "tmp"),
            "XDG_CACHE_HOME": str(folder / "cache"),
            "XDG_STATE_HOME": str(folder / "state"),
        }
        self.data = frozenset[Path]()
        (self.node,) = json.loads(self.specgen("cluster", "up", name, "--detach", "--json", "-"))[
            "nodes"
        ]
        self.data = frozenset((folder / "tmp").glob("specgen-*/*"))
        (self.keeper,) = {each.parent for each in descendants() if each.pid == self.node["pid"]}

    def specgen(self, *arguments: str) -> str:
        """What a command says, which has to succeed."""
        with self._start(arguments, subprocess.PIPE, None) as run:
            said, _ = run.communicate()
        if run.returncode:
            raise subprocess.CalledProcessError(run.returncode, run.args)
        return said

    def code(self, *arguments: str) -> int:
        """How a command ends."""
        with self._start(arguments, subprocess.DEVNULL, subprocess.DEVNULL) as run:
            return run.wait()

    def killed(self, arguments: Sequence[str], seconds: float) -> None:
        """Kills a command after so many seconds, whatever it is at."""
        with self._start(arguments, subprocess.DEVNULL, subprocess.DEVNULL) as run:
            time.sleep(seconds)
            run.kill()

    def _start(self, arguments: Sequence[str], out: int, err: int | None) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "specgen", *arguments],
            cwd=self.folder / "work",
            env=self.environment,
            stdout=out,
            stderr=err,
            text=True,
        )

    def send(self, method: str, path: str, body: object = None) -> str:
        """The status and the body that the kept target answers with."""
        connection = self.connection()
        data = json.dumps(body) if body is not None else None
        connection.request(method, f"/{path}", data, {"Content-Type": "application/json"})
        with contextlib.closing(connection), connection.getresponse() as response:
            return f"{path} {response.status} {response.read().decode()}"

    def connection(self) -> http.client.HTTPConnection:
        """A connection to the kept target."""
        return http.client.HTTPConnection(urlsplit(self.node["url"]).netloc, timeout=60)

    def files(self) -> frozenset[str]:
        """All files but the data of the kept target."""
        found = (
            Path(folder) / name
            for folder, folders, names in os.walk(self.folder)
            for name in (*folders, *names)
        )
        kept = (path for path in found if not self.data.intersection(path.parents))
        return frozenset(str(path.relative_to(self.folder)) for path in kept)

    def tree(self) -> list[Process]:
        """The processes of the kept target."""
        below = {self.keeper}
        found = []
        for each in sorted(descendants()):
            if each.pid in below or each.parent in below:
                below.add(each.pid)
                found.append(each)
        return found

    def left(self) -> Left:
        """What is there now."""
        found = descendants()
        return Left(
            frozenset(f"{each.name} {each.pid}" for each in found),
            frozenset(f"{each.name} {port}" for each in found for port in ports(each.pid)),
            self.files(),
            frozenset(self.send("GET", each) for each in LISTINGS),
        )


def descendants() -> list[Process]:
    """All processes that this one started, directly or not, but for ended ones that it has."""
    listed = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            pid, _, rest = path.read_text("utf-8", "replace").partition(" (")
            name, _, rest = rest.rpartition(") ")
            state, parent, *_ = rest.split()
            if (state, int(parent)) != ("Z", os.getpid()):
                listed[int(pid)] = Process(int(pid), int(parent), name)

    def belongs(each: Process) -> bool:
        while each.parent in listed and each.parent != os.getpid():
            each = listed[each.parent]
        return each.parent == os.getpid()

    return [each for each in listed.values() if belongs(each)]


def ports(pid: int) -> set[int]:
    """The ports at which a process listens."""
    sockets = {link[8:-1] for link in links(pid) if link.startswith("socket:[")}
    found = set()
    for table in ("tcp", "tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{pid}/net/{table}").read_text("ascii").splitlines()[1:]:
                _, local, _, state, *_, inode = line.split()[:10]
                if state == "0A" and inode in sockets:
                    found.add(int(local.rpartition(":")[2], 16))
    return found


def links(pid: int) -> list[str]:
    """What a process has open."""
    found = []
    with contextlib.suppress(OSError):
        for path in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                found.append(str(path.readlink()))
    return found


def megabytes(pid: int) -> float:
    """The memory of a process."""
    status = Path(f"/proc/{pid}/status").read_text("ascii", "replace")
    (line,) = (line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


# What may be left behind, so that one sees it found.
LISTENER = "import socket, time; s = socket.create_server(('127.0.0.1', 0)); time.sleep(600)"


def leak_process(place: Place) -> None:
    """Leaves an orphan with an environment of its own."""
    subprocess.run(["sh", "-c", "setsid sleep 600 &"], env={"PATH": os.environ["PATH"]}, check=True)


def leak_port(place: Place) -> None:
    """Leaves an orphan that listens."""
    orphan = f'setsid "{sys.executable}" -c "{LISTENER}" &'
    subprocess.run(["sh", "-c", orphan], env=place.environment, check=True)
    time.sleep(0.3)


def leak_file(place: Place) -> None:
    """Leaves a temporary folder."""
    tempfile.mkdtemp(prefix="left-", dir=place.folder / f"tmp/specgen-{os.getuid()}")


def leak_name(place: Place) -> None:
    """Leaves an index."""
    place.send("PUT", f"left-{time.monotonic_ns()}")


def leak_memory(place: Place) -> None:
    """Leaves documents, which an engine that keeps all in memory holds."""
    for number in range(40):
        text = {"text": [f"{number}-{word}-{time.monotonic_ns()}" for word in range(5000)]}
        place.send("POST", "left/_doc", text)


def leak_open(place: Place) -> None:
    """Leaves connections open."""
    for _ in range(20):
        connection = place.connection()
        connection.connect()
        HELD.append(connection)


HELD: list[http.client.HTTPConnection] = []
LEAKS: Mapping[str, Callable[[Place], None]] = {
    "process": leak_process,
    "port": leak_port,
    "file": leak_file,
    "name": leak_name,
    "memory": leak_memory,
    "open": leak_open,
}


class Soak:
    """Runs in a loop, what was there before and after, and samples in between."""

    def __init__(self, place: Place, leak: str, words: Sequence[str]) -> None:
        self.place = place
        self.leaks = [each for name, each in LEAKS.items() if leak in {name, "all"}]
        kept = ("--target", place.node["url"], "--disposable")
        self.kinds = (("run", *words, *kept), ("run", *words, "--target", "embedded"))
        self.codes: dict[int, set[int]] = defaultdict(set)
        self.samples: dict[str, list[float]] = defaultdict(list)
        self.runs = 0
        self.failed = False

    def once(self) -> None:
        """Runs once and is killed, once on the kept target, and once on one of its own."""
        self.place.killed(self.kinds[1], self.runs * 0.37 % 2)
        for kind, command in enumerate(self.kinds):
            self.codes[kind].add(self.place.code(*command))
            self.runs += 1
        for leak in self.leaks:
            leak(self.place)

    def sample(self) -> None:
        """Looks at what may grow."""
        for each in self.place.tree():
            self.samples[f"MB of {each.name}"].append(megabytes(each.pid))
            self.samples[f"open files of {each.name}"].append(len(links(each.pid)))
        store = self.place.folder / "cache/specgen"
        total = sum(path.stat().st_size for path in store.glob("*.sqlite*"))
        self.samples["kB of the cache"].append(total / 1024)

    def tell(self, what: str, trouble: object, shown: str = "") -> None:
        """Prints a line, which is a failure if there is trouble."""
        self.failed |= bool(trouble)
        print(f"{'FAILED' if trouble else 'ok':6} {what}: {shown or trouble or 'none'}")

    def compare(self, before: Left) -> None:
        """Tells what is there and was not before, given a moment to end."""
        ends = time.monotonic() + SECONDS
        while (last := self.place.left()) and time.monotonic() < ends:
            if last.processes <= before.processes:
                break
            time.sleep(0.1)
        for name in Left._fields:
            more = sorted(getattr(last, name) - getattr(before, name))
            self.tell(f"{name} that were not there before", [each[:300] for each in more[:20]])
        for name, series in self.samples.items():
            third = len(series) // 3
            then, now = (
                statistics.median(series[third : 2 * third]),
                statistics.median(series[-third:]),
            )
            shown = (
                f"{series[0]:.1f} at first, {then:.1f} in the second third, {now:.1f} in the last"
            )
            self.tell(f"{name}, median", now > then * FLAT and now > then + 1, shown)

    def end(self) -> None:
        """Ends the kept target, and tells what is there afterwards."""
        self.place.specgen("cluster", "down", self.place.name)
        ends = time.monotonic() + SECONDS
        while descendants() and time.monotonic() < ends:
            time.sleep(0.1)
        self.tell("processes after `cluster down`", [each.name for each in descendants()])
        left = {each for each in self.place.files() if each.startswith("tmp/")}
        # The folder that all scratch folders are in stays.
        self.tell("temporary files after it", sorted(left - {f"tmp/specgen-{os.getuid()}"}))


@contextlib.contextmanager
def own_folder() -> Iterator[Path]:
    """A folder that goes, with all processes that are left."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        try:
            yield Path(folder)
        finally:
            for each in descendants():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(each.pid, signal.SIGKILL)


def main(minutes: str = "15", target: str = "embedded", leak: str = "none", *words: str) -> int:
    """Runs until the time is over, and prints what was left."""
    with own_folder() as folder:
        place = Place(folder, target)
        soak = Soak(place, leak, words)
        before = place.left()
        ends = time.monotonic() + float(minutes) * 60
        while time.monotonic() < ends or len(soak.samples["kB of the cache"]) < 6:
            soak.once()
            soak.sample()
            if soak.runs == 2:  # by now specgen has what it keeps
                before = before._replace(files=place.files())
        print(f"{target}: {soak.runs} runs, and half as many killed, in {minutes} minutes")
        for kind, name in enumerate(("it", "engines of their own")):
            print(f"       exit codes on {name}: {sorted(soak.codes[kind])}")
        soak.compare(before)
        soak.end()
    return int(soak.failed)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
