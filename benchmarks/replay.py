"""What `specgen run` takes over the requests that it sends, against sending just these.

One run is recorded; the list of its requests, cleaning included, is then sent in turns by bare
`requests`, by plain pytest with `requests`, by Hurl if it is installed, and by `specgen run`
itself. Bare `requests` also sends the cases alone with a blind wipe after each, and tells what
of its time went into removing things either way. All are whole processes, in another order each
round, against one server that is up already; `specgen run` alone also reads and plans the
pages, and on `embedded` starts an engine of its own. Run by hand:
`.venv/bin/python benchmarks/replay.py [embedded|elasticsearch-7.10 [ROUNDS [PAGES SETUPS]]]`.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from specgen.target.opening import TargetSettings, open_target

CORPUS = Path(__file__).resolve().parents[2] / "shared/corpus/es2018"
# What the reference's own runner removes after each test, as far as it can be asked for blindly.
WIPE = (
    ("DELETE", "/_data_stream/*?expand_wildcards=all"),
    ("DELETE", "/*?expand_wildcards=all"),
    ("DELETE", "/_template/*"),
    ("DELETE", "/_index_template/*"),
    ("DELETE", "/_component_template/*"),
    ("DELETE", "/_ingest/pipeline/*"),
    ("DELETE", "/_snapshot/*"),
    ("PUT", "/_cluster/settings"),
)
NO_SETTINGS = '{"persistent":{"*":null},"transient":{"*":null}}'
BARE = """
import json, sys, time, requests
session = requests.Session()
cleaning = 0.0
for case in json.load(open(sys.argv[1])):
    for method, path, headers, body, cleans in case:
        data = body.encode() if body is not None else None
        started = time.perf_counter()
        session.request(method, sys.argv[2] + path, headers=headers, data=data)
        cleaning += (time.perf_counter() - started) * cleans
open(sys.argv[3], "a").write(f"{cleaning}\\n")
"""
PYTEST = """
import json, os, pytest, requests
session = requests.Session()

@pytest.mark.parametrize("case", json.load(open(os.environ["CASES"])), ids=lambda case: "")
def test_case(case):
    for method, path, headers, body, _ in case:
        data = body.encode() if body is not None else None
        session.request(method, os.environ["SERVER"] + path, headers=headers, data=data)
"""


class Request(NamedTuple):
    """One request as a client needs it."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: str | None
    cleans: bool


Case = Sequence[Request]


def seconds(command: Sequence[str], work: Path, **environment: str) -> float:
    """Runs a process to its end; drift is no failure here."""
    quiet = subprocess.DEVNULL
    started = time.perf_counter()
    code = subprocess.call(
        command, cwd=work, env={**os.environ, **environment}, stdout=quiet, stderr=quiet
    )
    took = time.perf_counter() - started
    if code not in {0, 1, 3}:
        raise subprocess.CalledProcessError(code, command)
    return took


def recorded(file: Path, cleaning: bool) -> Iterator[Case]:
    """The requests of each case in order."""
    entries = json.loads(file.read_text(encoding="utf-8"))["log"]["entries"]
    for _, group in groupby(entries, key=lambda entry: entry["_specgen"]["case"]):
        wanted = ("case", "cleaning") if cleaning else ("case",)
        chosen = [each for each in group if each["_specgen"]["part"] in wanted]
        yield [_request(each["request"], each["_specgen"]["part"]) for each in chosen]


def _request(fields: dict[str, object], part: str) -> Request:
    url = urlsplit(str(fields["url"]))
    headers = fields["headers"]
    assert isinstance(headers, list)
    body = fields.get("postData")
    return Request(
        str(fields["method"]),
        url.path + (f"?{url.query}" if url.query else ""),
        {each["name"]: each["value"] for each in headers},
        body["text"] if isinstance(body, dict) else None,
        part == "cleaning",
    )


def wiped(cases: Sequence[Case]) -> Iterator[Case]:
    """The cases, each with a blind wipe behind it."""
    kind = {"Content-Type": "application/json"}
    for case in cases:
        wipe = [
            Request(method, path, kind, NO_SETTINGS if method == "PUT" else None, True)
            for method, path in WIPE
        ]
        yield [*case, *wipe]


def hurl_text(cases: Sequence[Case], server: str) -> str:
    """The requests as a Hurl file."""
    parts = []
    for method, path, headers, body, _ in (request for case in cases for request in case):
        lines = [f"{method} {server}{path}", *(f"{name}: {headers[name]}" for name in headers)]
        lines += ["```", body, "```"] if body is not None else []
        parts.append("\n".join([*lines, "HTTP *"]))
    return "\n\n".join(parts) + "\n"


def main(
    target: str = "embedded",
    rounds: str = "5",
    pages: str = str(CORPUS / "docs"),
    setups: str = str(CORPUS / "setups.json"),
) -> None:
    """Takes turns, so that whatever else the machine does meets all alike."""
    with tempfile.TemporaryDirectory() as folder, open_target(TargetSettings(target)) as server:
        work, url = Path(folder), server.info.url.rstrip("/")
        run = [sys.executable, "-m", "specgen", "run", pages, "--docs-root", pages]
        run += ["--setups", setups, "-q"]
        run += [] if target == "embedded" else ["--target", url, "--disposable"]
        seconds([*run, "--record", str(work / "list.har")], work)
        with_cleaning = list(recorded(work / "list.har", cleaning=True))
        alone = list(recorded(work / "list.har", cleaning=False))
        ways = _ways(work, url, with_cleaning, alone) | {"specgen run": (run, {})}
        print(f"{target}: {len(with_cleaning)} cases, {sum(map(len, alone))} requests of theirs")
        print(f"and {sum(map(len, with_cleaning)) - sum(map(len, alone))} that clean")
        times: dict[str, list[float]] = {way: [] for way in ways}
        for turn in range(int(rounds)):
            order = deque(ways.items())
            order.rotate(turn)  # no way always comes behind the same other one
            for way, (command, environment) in order:
                times[way].append(seconds(command, work, **environment))
        cleaning = [(work / f"{way}.times").read_text().split() for way in ("wipe", "list")]
    print_ratios(times, rounds)
    wipe, named = (statistics.median(map(float, each)) for each in cleaning)
    print(f"thereof blind wipe {wipe:.2f} s, cleaning by name {named:.2f} s: {named / wipe:.2f}")


def print_ratios(times: Mapping[str, Sequence[float]], rounds: str) -> None:
    """One line for each way, against the first."""
    unit = statistics.median(next(iter(times.values())))
    for way, each in times.items():
        middle = statistics.median(each)
        print(f"{way:30} {middle:7.2f} s (median of {rounds})  ratio {middle / unit:.2f}")


def _ways(
    work: Path, url: str, with_cleaning: Sequence[Case], alone: Sequence[Case]
) -> dict[str, tuple[list[str], dict[str, str]]]:
    """The commands that send the requests without specgen, each with its environment."""
    for name, cases in (("list", with_cleaning), ("wipe", list(wiped(alone)))):
        (work / f"{name}.json").write_text(json.dumps(cases), encoding="utf-8")
    (work / "test_plain.py").write_text(PYTEST, encoding="utf-8")
    (work / "list.hurl").write_text(hurl_text(with_cleaning, url), encoding="utf-8")
    bare = [sys.executable, "-c", BARE]
    ways: dict[str, tuple[list[str], dict[str, str]]] = {
        "bare requests": ([*bare, *_files(work, url, "list")], {}),
        "bare requests, blind wipe": ([*bare, *_files(work, url, "wipe")], {}),
        "plain pytest with requests": (
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_plain.py"],
            {
                "CASES": str(work / "list.json"),
                "SERVER": url,
                "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            },
        ),
    }
    if hurl := shutil.which("hurl"):
        ways["hurl"] = ([hurl, "--jobs", "1", "--no-output", str(work / "list.hurl")], {})
    return ways


def _files(work: Path, url: str, name: str) -> list[str]:
    return [str(work / f"{name}.json"), url, str(work / f"{name}.times")]


if __name__ == "__main__":
    main(*sys.argv[1:])
