"""`specgen run --rerun failed`: only what failed when it was last run in this folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from pages import asks, page
from project import Project

LOOK = "GET _cluster/health?filter_path=status"
NO = "GET no-such-index"
A = page(asks(LOOK, name="a1"), asks(NO, name="a2"))
B = page(asks(NO, name="b1"))
C = page(asks(LOOK, name="c1"))


@pytest.fixture
def project() -> Project:
    return Project({"docs/a.asciidoc": A, "docs/b.asciidoc": B, "docs/c.asciidoc": C})


def rerun(project: Project, *options: str) -> list[str]:
    return list(project.replay(*(options or ("docs",)), "--rerun", "failed").outcomes)


def test_with_no_earlier_run_all_are_run(project: Project) -> None:
    replayed = project.replay("docs", "--rerun", "failed")
    assert list(replayed.outcomes) == ["a1", "a2", "b1", "c1"]
    assert "no earlier run in this folder is known: all cases are run" in replayed.told.err


def test_only_what_failed_is_run_until_it_passes(project: Project) -> None:
    assert project.run("run", "docs").code == 1
    assert rerun(project) == ["a2", "b1"]
    project.write("docs/a.asciidoc", A.replace(NO, LOOK))
    assert rerun(project) == ["a2", "b1"]
    assert rerun(project) == ["b1"]
    project.write("docs/b.asciidoc", B.replace(NO, LOOK))
    assert rerun(project) == ["b1"]
    told = project.run("run", "docs", "--rerun", "failed")
    assert told.code == 0
    assert "0 passed" in told.out.splitlines()[-1]


def test_what_was_not_run_stays_failed(project: Project) -> None:
    project.run("run", "docs")
    assert project.run("run", "docs/c.asciidoc").code == 0
    assert project.run("run", "docs", "--maxfail", "1").code == 1
    assert rerun(project) == ["a2", "b1"]
    assert rerun(project, "docs/b.asciidoc") == ["b1"]
    assert rerun(project, "docs", "-k", "a2") == ["a2"]


def test_nothing_is_left_beside_the_pages(project: Project) -> None:
    assert project.run("run", "docs").diff == ""


def test_another_folder_is_another_matter(project: Project) -> None:
    project.run("run", "docs")
    other = Project({"docs/a.asciidoc": A})
    assert rerun(other) == ["a1", "a2"]


def test_a_state_that_cannot_be_read_or_written_stops_no_run(
    project: Project, tmp_path: Path
) -> None:
    blocked = tmp_path / "state"
    blocked.write_text("a file where a folder should be")
    told = project.run("run", "docs/c.asciidoc", XDG_STATE_HOME=str(blocked))
    assert (told.code, told.err) == (0, "")
