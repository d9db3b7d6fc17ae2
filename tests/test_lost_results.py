"""Whatever ends a run, no result that was there is lost, and every planned case has an outcome."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from own_engine import engines_in, install_engine, is_running, wait_for
from pages import answers, asks, page
from project import Project, document_of

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals are those of POSIX")

PAGES = {
    "docs/a.asciidoc": page(
        asks("GET one", name="one"), asks("GET wait", name="waits"), asks("GET two", name="two")
    ),
    "docs/b.asciidoc": page(*(asks("GET some", name=f"b{number}") for number in range(8))),
    "docs/c.asciidoc": page(asks("GET some", name="c1")),
}
NAMES = ["one", "waits", "two", *(f"b{number}" for number in range(8)), "c1"]
MIDDLE = "the replaying process ended in the middle"


@contextmanager
def waiting(
    *options: str, pages: Mapping[str, str] = PAGES
) -> Iterator[tuple[Project, subprocess.Popen[str]]]:
    """A run of which the case `waits` gets no answer, and the others do."""
    project = Project(pages)
    (project.path / "tmp").mkdir()
    engine = install_engine(project.path / "engine")
    environment = {**engine, "TMPDIR": str(project.path / "tmp")}
    process = project.start("run", "docs", "--json", "r.json", *options, **environment)
    try:
        wait_for(project.path / "engine/waits", lambda: process.poll() is None)
        yield project, process
    finally:
        process.kill()
        process.communicate()


def status_of(pid: int, key: str) -> int:
    path = Path(f"/proc/{pid}/status")
    if not path.exists():
        pytest.skip("this system does not tell of processes in /proc")
    lines = path.read_text("utf-8").splitlines()
    return int(next(line for line in lines if line.startswith(f"{key}:")).split()[1])


def worker_that_waits(project: Project) -> int:
    """The process that replays the case that waits: the parent of the engine it asked."""
    return status_of(int((project.path / "engine/waits").read_text("utf-8")), "PPid")


def results_in(project: Project, name: str = "r.json") -> dict[str, dict[str, Any]]:
    document = document_of((project.path / name).read_text("utf-8"))
    return {each["case"]: each for each in document["results"]}


def test_a_worker_that_is_killed_costs_the_case_it_was_at() -> None:
    with waiting("-n", "2") as (project, process):
        os.kill(worker_that_waits(project), signal.SIGKILL)
        out, err = process.communicate(timeout=60)
        results = results_in(project)
        assert not err
        until(lambda: not any(map(is_running, engines_in(project.path / "engine"))))
        assert "r.json.part" not in project.files()
    assert list(results) == NAMES
    assert results.pop("waits")["message"] == f"not finished: {MIDDLE}"
    assert {each["outcome"] for each in results.values()} == {"passed"}
    assert process.returncode == 1
    assert f"docs/a.asciidoc:12:1: error[not-judged] not finished: {MIDDLE}" in out
    assert out.splitlines()[-1].startswith("1 error, 11 passed")


def test_a_case_that_kills_its_worker_is_run_once() -> None:
    """`GET kill` ends the process that asks for it, whenever it does."""
    deadly = page(asks("GET kill", name="kills"), asks("GET some", name="after"))
    project = Project({"docs/a.asciidoc": deadly, "docs/b.asciidoc": PAGES["docs/b.asciidoc"]})
    engine = install_engine(project.path / "engine")
    told = project.command("run", "docs", "-n", "2", "--json", "r.json", **engine)
    results = results_in(project)
    assert results.pop("kills")["message"] == f"not finished: {MIDDLE}"
    assert {each["outcome"] for each in results.values()} == {"passed"}
    assert told.code == 1
    assert len(engines_in(project.path / "engine")) == 3


def test_an_engine_that_is_killed_in_one_of_two_workers() -> None:
    with waiting("-n", "2") as (project, process):
        os.kill(int((project.path / "engine/waits").read_text("utf-8")), signal.SIGKILL)
        out, _ = process.communicate(timeout=60)
        results = results_in(project)
    assert list(results) == NAMES
    assert results["waits"]["outcome"] == "error"
    assert [each["kind"] for each in results["waits"]["findings"]] == ["target"]
    assert results["one"]["outcome"] == "passed"
    lost = [each for each in results.values() if each["outcome"] == "error"]
    assert {each["message"] for each in lost[1:]} <= {
        "not run: the target was lost while it was in use"
    }
    assert process.returncode == 4
    assert "error: the target was lost while it was in use" in out


def test_the_run_itself_is_killed() -> None:
    with waiting() as (project, process):
        session = worker_that_waits(project)
        until(lambda: '"case": "one"' in later_lines(project))
        process.kill()
        process.communicate()
        assert "r.json" not in project.files()
        told = project.run("merge", "r.json.part", "--json", "m.json", "--docs-root", "docs")
        results = results_in(project, "m.json")
        # What it left behind ends too, when it next looks around.
        os.kill(int((project.path / "engine/waits").read_text("utf-8")), signal.SIGKILL)
        until(lambda: not is_running(session))
    assert list(results) == NAMES
    assert results["one"]["outcome"] == "passed"
    assert {each["message"] for each in list(results.values())[1:]} == {
        "not run: the run was interrupted"
    }
    assert told.code == 130
    assert "a run did not end: what it did not come to counts as an error" in told.out
    assert told.out.splitlines()[-1].startswith("11 error, 1 passed")


def test_what_a_killed_run_leaves_behind_ends_soon() -> None:
    text = page(asks("GET hold", name="waits"), asks("GET mark", name="after"))
    with waiting(pages={"docs/a.asciidoc": text}) as (project, process):
        session = worker_that_waits(project)
        process.kill()
        process.communicate()
        (project.path / "engine/go").touch()
        until(lambda: not is_running(session))
        assert not (project.path / "engine/marked").exists()


def until(happened: Callable[[], bool]) -> None:
    ends = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < ends, "not within 30 s"
        time.sleep(0.02)


def test_an_interrupt_tells_what_began_from_what_did_not() -> None:
    with waiting() as (project, process):
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
        results = results_in(project)
    assert process.returncode == 130
    assert [results[name]["outcome"] for name in ("one", "waits", "c1")] == [
        "passed",
        "error",
        "error",
    ]
    assert results["waits"]["message"] == "not finished: the run was interrupted"
    assert results["c1"]["message"] == "not run: the run was interrupted"


def test_a_temporary_folder_that_is_cleared_loses_no_result_that_was_told() -> None:
    with waiting() as (project, process):
        wait_for(project.path / "r.json.part")
        [private] = {path.parent for path in (project.path / "tmp").glob("specgen-*/*/output")}
        until(lambda: '"case": "one"' in later_lines(project))
        shutil.rmtree(private)
        os.kill(int((project.path / "engine/waits").read_text("utf-8")), signal.SIGKILL)
        out, _ = process.communicate(timeout=30)
        results = results_in(project)
    assert list(results) == NAMES
    assert results["one"]["outcome"] == "passed"
    assert results["waits"]["message"] == "not finished: results could not be written any more"
    assert results["c1"]["message"] == "not run: results could not be written any more"
    assert process.returncode == 1
    assert "error: results could not be written any more" in out


def later_lines(project: Project) -> str:
    """What the run wrote since it told what is planned."""
    return (project.path / "r.json.part").read_text("utf-8").partition("\n")[2]


def limited(project: Project, *options: str, **environment: str) -> tuple[int, str, str]:
    """A run none of whose processes can make a file larger than 20 kilobytes."""
    command = shlex.join([sys.executable, "-m", "specgen", "run", "docs", *options])
    done = subprocess.run(
        ["bash", "-c", f"ulimit -f 20 && exec {command}"],
        cwd=project.path,
        env={**os.environ, **environment, "NO_COLOR": "1", "COLUMNS": "80"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("workers", ["0", "2"])
def test_what_finds_no_room_any_more_ends_the_run(workers: str) -> None:
    false = [asks("GET some", "// TEST[catch:missing]", name=f"c{number}") for number in range(30)]
    project = Project({f"docs/{name}.asciidoc": page(*false) for name in "abc"})
    engine = install_engine(project.path / "engine")
    code, out, err = limited(project, "--json", "-", "-n", workers, **engine)
    results = document_of(out)["results"]
    assert len(results) == 90
    judged = [each for each in results if each["outcome"] == "failed"]
    lost = [each for each in results if each["outcome"] != "failed"]
    assert len(judged) > 5
    assert {each["outcome"] for each in lost} == {"error"}
    assert {each["message"].partition(": ")[2] for each in lost} == {
        "results could not be written any more"
    }
    if workers == "0":  # the result that found no room is there too
        assert [each["message"][:8] for each in lost] == ["not run:"] * len(lost)
    assert "make room on the disk" in err
    assert code == 1


@pytest.mark.parametrize("name", ["/dev/full", "docs/a.asciidoc/r.json"])
def test_a_report_that_cannot_be_written_is_kept_elsewhere(name: str, tmp_path: Path) -> None:
    project = Project({"docs/a.asciidoc": PAGES["docs/c.asciidoc"]})
    engine = install_engine(project.path / "engine")
    environment = {**engine, "TMPDIR": str(tmp_path)}
    told = project.command("run", "docs", "--json", name, "--junit", "j.xml", **environment)
    assert told.code == 2
    assert f"error: {name} cannot be written: " in told.err
    [kept] = tmp_path.glob("specgen-report-*")
    assert f"it is kept in {kept}" in told.err
    assert [each["case"] for each in document_of(kept.read_text("utf-8"))["results"]] == ["c1"]
    assert "j.xml" in told.files
    assert "1 passed" in told.out.splitlines()[-1]


def test_the_cases_of_a_page_stay_together() -> None:
    """Each worker has an engine of its own, which says who it is."""
    who = [asks("GET who", name=f"c{number}") + answers('{"pid": 0}') for number in range(9)]
    project = Project({f"docs/{name}.asciidoc": page(*who) for name in "abcdef"})
    engine = install_engine(project.path / "engine")
    told = project.command("run", "docs", "-n", "2", "--json", "r.json", **engine)
    assert told.code == 1
    results = document_of((project.path / "r.json").read_text("utf-8"))["results"]
    engines = {
        name: {each["findings"][0]["actual"] for each in results if each["page"].startswith(name)}
        for name in "abcdef"
    }
    assert {len(pids) for pids in engines.values()} == {1}
    assert len(set().union(*engines.values())) == 2
