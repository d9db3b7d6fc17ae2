"""`specgen cluster`: what `up` starts answers, is listed, and ends when it should."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from platformdirs import user_cache_path

import specgen
from specgen.errors import ExitCode, TargetUnreachable
from specgen.target.nodes.java import find_java
from specgen.target.nodes.lifetime import wait

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")
SPECGEN = [sys.executable, "-m", "specgen", "cluster"]
SCHEMA = json.loads(
    (Path(specgen.__file__).parent / "schemas" / "cluster.schema.json").read_text(encoding="utf-8")
)
Node = dict[str, Any]


class Clusters:
    """The command, with a state of its own; whatever it left is ended afterwards."""

    def __init__(self, folder: Path) -> None:
        self.environment = {**os.environ, "XDG_STATE_HOME": str(folder)}
        self._started: list[subprocess.Popen[str]] = []

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*SPECGEN, *arguments],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def start(self, *command: str) -> tuple[subprocess.Popen[str], list[Node]]:
        """Starts a command that stays, and reads the nodes that it tells."""
        process = subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        self._started.append(process)
        assert process.stdout is not None
        return process, nodes_in(process.stdout.readline())

    def listed(self) -> list[Node]:
        return nodes_in(self.run("list", "--json", "-").stdout)

    def end(self) -> None:
        for node in self.listed():
            self.run("down", node["name"])
        for process in self._started:
            process.kill()
            process.wait()
            assert process.stdout is not None
            process.stdout.close()


@pytest.fixture
def clusters(tmp_path: Path) -> Iterator[Clusters]:
    clusters = Clusters(tmp_path)
    yield clusters
    clusters.end()


def nodes_in(text: str) -> list[Node]:
    document = json.loads(text)
    jsonschema.validate(document, SCHEMA)
    nodes: list[Node] = document["nodes"]
    return nodes


def ask(url: str, method: str = "GET", body: object = None) -> tuple[Any, Mapping[str, str]]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response), response.headers


def runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def comes_true(condition: Callable[[], bool]) -> bool:
    ends = time.monotonic() + 20
    while not condition():
        if time.monotonic() > ends:
            return False
        time.sleep(0.05)
    return True


def test_one_url_answers_as_the_engine_and_for_connectors(clusters: Clusters) -> None:
    _, (node,) = clusters.start(*SPECGEN, "up", "embedded", "--json", "-")
    url = node["url"]
    ask(f"{url}/tides/_doc/1?refresh=true", "PUT", {"level": 6})
    found, headers = ask(f"{url}/tides/_search", "POST", {"query": {"match_all": {}}})
    assert [hit["_source"] for hit in found["hits"]["hits"]] == [{"level": 6}]
    assert "X-Specgen-Emulated" not in headers
    made, headers = ask(f"{url}/_connector/gauge", "PUT", {"name": "Gauge", "index_name": "tides"})
    assert (made, headers["X-Specgen-Emulated"]) == ({"result": "created"}, "connector APIs")
    told, _ = ask(f"{url}/_connector/gauge?filter_path=name")
    assert told == {"name": "Gauge"}


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not here")
def test_curl_can_use_it(clusters: Clusters, tmp_path: Path) -> None:
    _, (node,) = clusters.start(*SPECGEN, "up", "embedded", "--json", "-")
    bulk = tmp_path / "bulk.ndjson"
    bulk.write_text('{"index": {"_id": "1"}}\n' + json.dumps({"note": "calm " * 50_000}) + "\n")
    curl = ["curl", "-sS", "--fail-with-body", "--max-time", "30", "-H"]
    curl.append("Content-Type: application/x-ndjson")

    def sent(*arguments: str) -> str:
        return subprocess.run(
            [*curl, *arguments], capture_output=True, text=True, check=True, timeout=60
        ).stdout

    many = sent(f"{node['url']}/tides/_bulk?refresh=true", "--data-binary", f"@{bulk}")
    assert json.loads(many)["errors"] is False
    # Two requests over one connection, the first without a body to read.
    twice = sent("-I", f"{node['url']}/tides", "--next", *curl[1:], f"{node['url']}/tides/_count")
    assert twice.startswith("HTTP/1.1 200")
    assert json.loads(twice.splitlines()[-1])["count"] == 1


def test_up_ends_with_a_signal_and_leaves_nothing(clusters: Clusters) -> None:
    process, (node,) = clusters.start(*SPECGEN, "up", "embedded", "--json", "-")
    assert clusters.listed() == [node]
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    assert not runs(node["pid"])
    assert clusters.listed() == []


def test_detached_ones_stay_until_they_are_taken_down(clusters: Clusters, tmp_path: Path) -> None:
    file = tmp_path / "nodes.json"
    done = clusters.run("up", "embedded", "--count", "2", "--detach", "--json", str(file))
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    nodes = nodes_in(file.read_text(encoding="utf-8"))
    assert len({node["url"] for node in nodes}) == len({node["pid"] for node in nodes}) == 2
    assert all(ask(node["url"])[0]["version"]["number"] for node in nodes)
    assert clusters.listed() == nodes
    ended = clusters.run("down", "embedded", "--json", "-")
    assert nodes_in(ended.stdout) == nodes
    assert not any(runs(node["pid"]) for node in nodes)
    again = clusters.run("down", "embedded")
    assert again.returncode == ExitCode.USAGE
    assert "No embedded runs here" in again.stderr


def test_what_is_not_the_recorded_process_is_left_alone(clusters: Clusters) -> None:
    _, (node,) = clusters.start(*SPECGEN, "up", "embedded", "--json", "-")
    (record,) = Path(clusters.environment["XDG_STATE_HOME"]).rglob("cluster.json")
    told = json.loads(record.read_text(encoding="utf-8"))
    record.write_text(json.dumps({**told, "started": "another time"}), encoding="utf-8")
    assert clusters.run("down", "embedded").returncode == ExitCode.USAGE
    assert runs(node["pid"])
    record.write_text(json.dumps(told), encoding="utf-8")
    assert clusters.run("down", "embedded").returncode == 0


def test_nothing_outlives_a_caller_that_is_killed(clusters: Clusters) -> None:
    up = shlex.join([*SPECGEN, "up", "embedded", "--json", "-"])
    shell, (node,) = clusters.start("sh", "-c", f"{up} & wait")
    shell.kill()
    assert comes_true(lambda: not runs(node["pid"]))
    assert comes_true(lambda: clusters.listed() == [])


def test_a_caller_that_is_gone_before_anybody_waits_for_its_end_is_gone() -> None:
    wait((), parent=os.getpid())


def test_up_ends_when_its_node_does(clusters: Clusters) -> None:
    process, (node,) = clusters.start(*SPECGEN, "up", "embedded", "--json", "-")
    os.kill(node["pid"], signal.SIGKILL)
    assert process.wait(20) == ExitCode.TARGET


# Takes about 5 s where the machine is idle and the jars are in the cache.
def test_a_real_node_answers_and_does_not_outlive_a_kill(clusters: Clusters) -> None:
    try:
        find_java(17)
    except TargetUnreachable as missing:
        pytest.skip(missing.message)
    cached = any((user_cache_path("specgen") / "jars").glob("org.elasticsearch.elasticsearch-7*"))
    if not (cached or shutil.which("mvn") or os.environ.get("SPECGEN_MAVEN_URL")):
        pytest.skip("the jars of elasticsearch-7.10 are not in the cache, and there is no Maven")
    process, (node,) = clusters.start(*SPECGEN, "up", "elasticsearch-7.10", "--json", "-")
    assert node["name"] == "elasticsearch-7.10"
    assert ask(node["url"])[0]["version"]["number"] == "7.10.2"
    assert clusters.listed() == [node]
    process.kill()
    assert comes_true(lambda: not runs(node["pid"]))
    assert clusters.listed() == []


@pytest.mark.parametrize("detach", [(), ("--detach",)], ids=["kept", "detached"])
def test_what_is_missing_is_told(
    clusters: Clusters, tmp_path: Path, detach: tuple[str, ...]
) -> None:
    package = tmp_path / "noida_db"
    package.mkdir()
    (package / "__init__.py").touch()
    clusters.environment["PYTHONPATH"] = str(tmp_path)
    done = clusters.run("up", "embedded", *detach)
    assert done.returncode == ExitCode.TARGET
    assert done.stderr.startswith("error: The package noida-db holds no engine")
    assert done.stderr.count("help: ") == 1


def test_a_misspelt_name_is_told_the_closest(clusters: Clusters) -> None:
    done = clusters.run("up", "opensearch3.8")
    assert done.returncode == ExitCode.USAGE
    assert "Did you mean opensearch-3.8?" in done.stderr
