"""What a run does as a process: it can be interrupted, and it does not meet other runs."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from own_engine import engines_in, install_engine, is_running, wait_for
from pages import answers, asks, page
from project import Project, document_of

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals are those of POSIX")

WAITS = page(
    asks("GET one", name="one"), asks("GET wait", name="waits"), asks("GET two", name="two")
)


@contextmanager
def waiting(*options: str) -> Iterator[tuple[Project, subprocess.Popen[str]]]:
    """A run of which the second case waits for an answer that does not come."""
    project = Project({"docs/a.asciidoc": WAITS})
    engine = install_engine(project.path / "engine")
    process = project.start("run", "docs", "--json", "r.json", *options, **engine)
    try:
        wait_for(project.path / "engine/waits", lambda: process.poll() is None)
        yield project, process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(
    ("number", "workers"),
    [(signal.SIGINT, ()), (signal.SIGTERM, ()), (signal.SIGINT, ("-n", "2"))],
)
def test_an_interrupt_keeps_the_results_and_ends_the_engine(
    number: signal.Signals, workers: tuple[str, ...]
) -> None:
    with waiting("--junit", "j.xml", *workers) as (project, process):
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
        engines = engines_in(project.path / "engine")
        assert process.returncode == 130
        assert "interrupted" in out
        assert not err
        assert engines
        assert not any(map(is_running, engines))
        results = document_of((project.path / "r.json").read_text("utf-8"))["results"]
        assert "j.xml" in project.files()
    assert [each["case"] for each in results] == ["one", "waits", "two"]
    assert results[0]["outcome"] == "passed" or workers  # the other worker may be slower
    assert results[1]["outcome"] == "error"
    assert results[1]["message"] == "not finished: the run was interrupted"


def test_a_run_in_the_background_of_a_shell_ends_when_it_is_asked_to() -> None:
    """A shell has such a process ignore Ctrl-C, and so would all that it starts."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with waiting() as (project, process):
            process.send_signal(signal.SIGTERM)
            out, _ = process.communicate(timeout=30)
            assert process.returncode == 130
            assert not any(map(is_running, engines_in(project.path / "engine")))
            results = document_of((project.path / "r.json").read_text("utf-8"))["results"]
    finally:
        signal.signal(signal.SIGINT, before)
    assert "interrupted" in out
    assert results[1]["message"] == "not finished: the run was interrupted"


def test_a_session_that_is_killed_is_no_success() -> None:
    with waiting() as (project, process):
        [session] = children(process.pid)
        os.kill(session, signal.SIGKILL)
        out, _ = process.communicate(timeout=30)
        results = document_of((project.path / "r.json").read_text("utf-8"))["results"]
    assert process.returncode == 1
    assert [each["outcome"] for each in results] == ["passed", "error", "passed"]
    assert "the session ended in a way nobody planned" in out
    assert "(signal 9)" in out


def children(pid: int) -> list[int]:
    folder = Path(f"/proc/{pid}/task/{pid}/children")
    if not folder.exists():
        pytest.skip("this system does not list the children of a process")
    return [int(child) for child in folder.read_text().split()]


def test_two_runs_side_by_side_do_not_see_each_other() -> None:
    text = page(
        asks("PUT books/_doc/1?refresh\n{}\n\nGET _cat/indices?format=json&h=index"),
        answers('[{"index": "books"}]'),
    )
    snippet = text.partition("\n\n[")[2]
    project = Project({"docs/a.asciidoc": text + f"\n[{snippet}" * 9})
    runs = [project.start("run", "docs", "--json", f"{name}.json") for name in ("a", "b")]
    errors = [run.communicate(timeout=60)[1] for run in runs]
    assert [(run.returncode, err) for run, err in zip(runs, errors, strict=True)] == [(0, "")] * 2
    documents = [document_of((project.path / f"{name}.json").read_text()) for name in ("a", "b")]
    urls = {document["target"]["url"] for document in documents}
    assert len(urls) == 2
    assert [document["summary"]["passed"] for document in documents] == [10, 10]


def test_json_on_standard_output_is_alone_there() -> None:
    project = Project({"docs/a.asciidoc": page(asks("GET no-such-index"))})
    told = project.command("run", "docs", "--json", "-")
    assert told.code == 1
    assert [each["outcome"] for each in document_of(told.out)["results"]] == ["failed"]
    assert "docs/a.asciidoc:7:1: error[status]" in told.err


def test_a_reader_that_goes_away_is_no_defect() -> None:
    project = Project({"docs/a.asciidoc": page(asks("GET no-such-index"))})
    process = project.start("run", "docs")
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert "Traceback" not in process.stderr.read()
    process.stderr.close()
    assert process.wait(30) in {0, 1}


def test_reports_are_written_although_nobody_reads_the_output_any_more() -> None:
    wrong = page(*(asks("GET nothing", name=f"case{number}") for number in range(300)))
    project = Project({"docs/a.asciidoc": wrong})
    process = project.start("run", "docs", "--json", "r.json", "--junit", "j.xml")
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(60) == 1
    document = document_of((project.path / "r.json").read_text("utf-8"))
    assert document["summary"]["failed"] == 300
    assert "j.xml" in project.files()
    assert process.stderr is not None
    assert not process.stderr.read()
    process.stderr.close()
