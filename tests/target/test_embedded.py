from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest

from specgen.errors import TargetUnreachable
from specgen.target.embedded import EmbeddedTarget
from specgen.target.engine import find_binary
from specgen.target.guard import CallRefused
from specgen.target.opening import TargetSettings, open_target
from specgen.target.scratch import Scratch, scratch_parent, sweep
from specgen.target.values import Answer, Call, Target

Way = Literal["tie", "watch"]
posix = pytest.mark.skipif(os.name != "posix", reason="signals and shell scripts are POSIX")
ways = pytest.mark.parametrize(
    "way",
    [
        pytest.param(
            "tie", marks=pytest.mark.skipif(sys.platform != "linux", reason="Linux alone ties")
        ),
        "watch",
    ],
)


class Emulated:
    def __init__(self) -> None:
        self.calls: list[Call] = []

    def answers(self, call: Call) -> Answer | None:
        if not call.path.startswith("_connector"):
            return None
        self.calls.append(call)
        return Answer(200, (), b"{}", emulated=True)

    def clear(self) -> None:
        self.calls.clear()

    def is_empty(self) -> bool:
        return not self.calls


def until(true: Callable[[], bool], seconds: float = 10.0) -> bool:
    ends = time.monotonic() + seconds
    while not true():
        if time.monotonic() > ends:
            return False
        time.sleep(0.02)
    return True


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def child_of(parent: int) -> int:
    if not shutil.which("pgrep"):
        pytest.skip("pgrep is not here to find the engine behind its launcher")
    return int(subprocess.check_output(["pgrep", "-P", str(parent)]))


def program(folder: Path, script: str) -> Path:
    path = folder / "engine"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    return path


@ways
def test_an_engine_answers_until_it_is_closed(tmp_path: Path, way: Way) -> None:
    with EmbeddedTarget(parent=tmp_path, way=way) as embedded:
        target: Target = embedded
        assert (target.info.name, target.info.distribution) == ("embedded", "elasticsearch")
        assert target.info.version.startswith("8.")
        assert target.info.engine.startswith("noida-db ")
        assert target.info.disposable
        assert target.info.emulated == ()
        made = target.send(Call("PUT", "twitter/_doc/1", (("refresh", ""),), b'{"user": "kimchy"}'))
        assert (made.status, made.emulated) == (201, False)
        found = target.send(Call("GET", "twitter/_search", (("q", "user:kimchy"),)))
        assert '"kimchy"' in found.text
        assert found.content_type == "application/json"
        assert embedded.folder.stat().st_mode & 0o777 == 0o700
    assert not answers(target.info.url)
    assert list(tmp_path.iterdir()) == []
    embedded.close()


def test_two_engines_do_not_see_each_other(tmp_path: Path) -> None:
    with EmbeddedTarget(parent=tmp_path) as one, EmbeddedTarget(parent=tmp_path) as two:
        one.send(Call("PUT", "twitter"))
        assert one.send(Call("HEAD", "twitter")).status == 200
        assert two.send(Call("HEAD", "twitter")).status == 404
        one.close()
        assert two.send(Call("GET", "")).status == 200


def test_what_is_emulated_does_not_reach_the_engine(tmp_path: Path) -> None:
    emulated = Emulated()
    with EmbeddedTarget(emulated, parent=tmp_path) as target:
        assert target.info.emulated == ("connector APIs",)
        assert target.send(Call("PUT", "_connector/mine")).emulated
        assert not target.send(Call("GET", "")).emulated
        assert [call.path for call in emulated.calls] == ["_connector/mine"]
        target.forget_emulated()
        assert emulated.is_empty()


def test_the_embedded_target_is_opened_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with open_target(TargetSettings(read_only=True)) as target:
        assert target.info.emulated == ("connector APIs",)
        assert target.send(Call("GET", "_connector")).emulated
        with pytest.raises(CallRefused):
            target.send(Call("PUT", "twitter"))


def test_an_engine_outlives_the_thread_that_opened_it(tmp_path: Path) -> None:
    opened: list[EmbeddedTarget] = []
    thread = threading.Thread(target=lambda: opened.append(EmbeddedTarget(parent=tmp_path)))
    thread.start()
    thread.join()
    with opened[0] as target:
        assert target.send(Call("GET", "")).status == 200


HOLD = """
import sys, time, pathlib
from specgen.target.embedded import EmbeddedTarget
target = EmbeddedTarget(parent=pathlib.Path(sys.argv[1]), way=sys.argv[2])
print(target.info.url, flush=True)
time.sleep(600)
"""


@posix
@ways
@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM])
def test_an_engine_is_gone_with_its_parent(tmp_path: Path, way: Way, sign: signal.Signals) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path), way]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        url = parent.stdout.readline().strip()
        try:
            assert answers(url)
            assert sweep(tmp_path) == 0
            assert answers(url)
        finally:
            parent.send_signal(sign)
    assert until(lambda: not answers(url))
    left = {path.name for path in tmp_path.iterdir()}
    assert left
    with EmbeddedTarget(parent=tmp_path):
        assert not left & {path.name for path in tmp_path.iterdir()}


FORK = """
import os, pathlib, sys
from specgen.target.embedded import EmbeddedTarget
from specgen.target.values import Call
target = EmbeddedTarget(parent=pathlib.Path(sys.argv[1]))
child = os.fork()
if not child:
    sys.exit()
os.waitpid(child, 0)
print(target.send(Call("GET", "")).status, target.folder.is_dir())
"""


@posix
def test_a_fork_does_not_end_the_engine_and_an_exit_does(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "ignore", "-c", FORK, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["200", "True"]
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []


@posix
@ways
def test_an_engine_that_dies_while_running(tmp_path: Path, way: Way) -> None:
    with EmbeddedTarget(parent=tmp_path, way=way) as target:
        os.kill(target.pid if way == "tie" else child_of(target.pid), signal.SIGKILL)
        with pytest.raises(TargetUnreachable, match=r"ended while .*SIGKILL"):
            target.send(Call("GET", ""))
        with pytest.raises(TargetUnreachable, match=r"ended while .*SIGKILL"):
            target.send(Call("PUT", "twitter"))
    assert not answers(target.info.url)
    assert list(tmp_path.iterdir()) == []


@posix
def test_closing_ends_an_engine_that_lost_its_launcher(tmp_path: Path) -> None:
    with EmbeddedTarget(parent=tmp_path, way="watch") as target:
        os.kill(target.pid, signal.SIGKILL)
        assert answers(target.info.url)
    assert not answers(target.info.url)


@posix
@ways
def test_a_program_that_is_garbage(tmp_path: Path, way: Way) -> None:
    garbage = tmp_path / "garbage"
    garbage.write_bytes(b"\x7fNOPE" * 100)
    garbage.chmod(0o700)
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(TargetUnreachable, match=r"cannot be executed .*format") as problem:
        EmbeddedTarget(binary=garbage, parent=folder, way=way)
    assert "--target URL" in problem.value.hint
    assert list(folder.iterdir()) == []


@posix
def test_a_program_that_ends_at_once_is_quoted_without_paths_and_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPECGEN_PASSWORD", "hunter22")
    script = 'echo "weak version X" >&2; echo "$0: no luck $SPECGEN_PASSWORD" >&2; exit 3'
    with pytest.raises(TargetUnreachable) as problem:
        EmbeddedTarget(binary=program(tmp_path, script), parent=tmp_path)
    message = problem.value.message
    assert "ended as it started (exit code 3)" in message
    assert "engine: no luck" in message
    assert str(tmp_path) not in message
    assert "hunter22" not in message
    assert "weak version" not in message


@posix
def test_a_program_that_tells_nothing_is_not_waited_for(tmp_path: Path) -> None:
    silent = program(tmp_path, "exec sleep 600")
    with pytest.raises(TargetUnreachable, match=r"did not answer within 0\.3 s"):
        EmbeddedTarget(binary=silent, parent=tmp_path, start_timeout=0.3)
    assert list(tmp_path.iterdir()) == [silent]


@posix
def test_a_program_that_listens_but_never_answers(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        mute = program(tmp_path, f"echo '  elasticsearch  {address}'; exec sleep 600")
        with pytest.raises(TargetUnreachable, match=r"did not answer within 0\.5 s"):
            EmbeddedTarget(binary=mute, parent=tmp_path, start_timeout=0.5)


def test_a_package_that_is_missing() -> None:
    with pytest.raises(TargetUnreachable, match="not installed") as problem:
        find_binary("no_such_package_at_all")
    assert "pip install noida-db" in problem.value.hint


def test_a_package_without_a_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hollow_engine").mkdir()
    (tmp_path / "hollow_engine" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(TargetUnreachable, match="no engine for this machine"):
        find_binary("hollow_engine")


@posix
def test_a_program_that_lost_its_mode(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "modeless_engine"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "noida-db").touch(0o600)
    monkeypatch.syspath_prepend(tmp_path)
    assert os.access(find_binary("modeless_engine"), os.X_OK)


def test_only_folders_without_an_owner_are_swept(tmp_path: Path) -> None:
    mine = Scratch(tmp_path)
    stale = tmp_path / "0123456789abcdef"
    stale.mkdir()
    (stale / "data").touch()
    (tmp_path / "0123456789abcdef.owner").touch()
    strange = [tmp_path / "fedcba9876543210", tmp_path / "other.owner", tmp_path / "file"]
    strange[0].mkdir()
    strange[1].touch()
    strange[2].touch()
    assert sweep(tmp_path) == 1
    assert not stale.exists()
    assert not stale.with_suffix(".owner").exists()
    assert mine.folder.is_dir()
    assert all(path.exists() for path in strange)
    mine.remove()
    mine.remove()
    assert sorted(tmp_path.iterdir()) == sorted(strange)


@posix
def test_a_sweep_follows_no_links(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "data").touch()
    parent = tmp_path / "parent"
    parent.mkdir()
    (parent / f"{'a' * 16}.owner").touch()
    (parent / ("a" * 16)).symlink_to(precious)
    (parent / f"{'b' * 16}.owner").symlink_to(precious / "data")
    (parent / ("b" * 16)).mkdir()
    (parent / f"{'c' * 16}.owner").touch()
    (parent / ("c" * 16)).mkdir()
    (parent / ("c" * 16) / "link").symlink_to(precious)
    assert sweep(parent) == 1
    assert (precious / "data").exists()
    assert (parent / ("b" * 16)).is_dir()
    assert not (parent / ("c" * 16)).exists()


@posix
def test_the_parent_folder_is_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    parent = scratch_parent()
    assert parent.stat().st_mode & 0o777 == 0o700
    parent.chmod(0o755)
    assert scratch_parent().stat().st_mode & 0o777 == 0o700
    parent.rmdir()
    parent.symlink_to(tmp_path)
    with pytest.raises(TargetUnreachable, match="not a folder of this user"):
        scratch_parent()
