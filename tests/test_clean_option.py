"""`specgen run --clean`: when what cases made is removed, and that all of it is."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from inventory import inventory
from pages import asks, page
from project import Project, corpus_pages

from specgen.target.opening import TargetSettings, open_target
from specgen.target.values import Call, Target

ROOT = Path(__file__).resolve().parents[1]
MAKES = asks("PUT books", name="makes")
SEES = asks("GET books", name="sees")
MISSES = asks("GET books", "// TEST[catch:missing]", name="misses")
LEAKS = asks('PUT _ingest/pipeline/tide*\n{"processors": []}', name="leaks")
SETUP = asks("PUT books", "// TESTSETUP", name="setup")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Target]:
    """A cluster that specgen is given by its URL: it outlives the runs."""
    with open_target(TargetSettings()) as opened:
        yield opened


def outcomes(clean: str, *cases: str, **pages: str) -> dict[str, str]:
    files = {f"docs/{name}.adoc": text for name, text in pages.items()} or {
        "docs/a.adoc": page(*cases)
    }
    return Project(files).replay("docs", "--clean", clean).outcomes


def test_by_default_no_case_sees_what_another_made() -> None:
    project = Project({"docs/a.adoc": page(MAKES, MISSES)})
    assert set(project.replay("docs").outcomes.values()) == {"passed"}


def test_cases_of_a_page_see_what_those_before_them_made() -> None:
    assert set(outcomes("page", MAKES, SEES).values()) == {"passed"}
    assert outcomes("page", MAKES, MISSES)["misses"] == "failed"


def test_another_page_finds_a_clean_cluster() -> None:
    assert set(outcomes("page", a=page(MAKES), b=page(MISSES)).values()) == {"passed"}
    assert outcomes("never", a=page(MAKES), b=page(MISSES))["misses"] == "failed"


def test_a_setup_finds_a_clean_cluster() -> None:
    again = asks("GET books", name="again")
    assert set(outcomes("page", SETUP, SEES, again).values()) == {"passed"}
    assert outcomes("never", SETUP, SEES, again)["again"] == "error"


def test_a_named_setup_finds_a_clean_cluster() -> None:
    setup = asks("GET books", "// TEST[setup:books]", name="setup")
    project = Project({"docs/a.adoc": page(MAKES, setup), "s/books.console": "PUT books\n"})
    replayed = project.replay("docs", "--setups", "s", "--clean", "page")
    assert set(replayed.outcomes.values()) == {"passed"}


def test_what_a_page_leaves_is_told_of_its_last_case() -> None:
    files = {"docs/a.adoc": page(LEAKS, MAKES), "docs/b.adoc": page(LEAKS.replace("tide", "ebb"))}
    replayed = Project(files).replay("docs", "--clean", "page")
    left = {(each["page"], each["case"]): each["left_behind"] for each in replayed.results}
    assert left == {
        ("a.adoc", "leaks"): [],
        ("a.adoc", "makes"): ["pipeline tide*"],
        ("b.adoc", "leaks"): ["pipeline ebb*"],
    }
    assert "case a.adoc::makes left pipeline tide*" in replayed.told.err


def test_with_never_all_is_there_afterwards_and_nothing_is_told(cluster: Target) -> None:
    project = Project({"docs/a.adoc": page(MAKES)})
    options = ("--target", cluster.info.url, "--disposable", "--clean")
    replayed = project.replay("docs", *options, "never")
    assert replayed.results[0]["left_behind"] == []
    assert cluster.send(Call("HEAD", "books")).status == 200
    cluster.send(Call("DELETE", "books"))
    project.replay("docs", *options, "page")
    assert cluster.send(Call("HEAD", "books")).status == 404


def test_the_configuration_may_say_when() -> None:
    project = Project({"docs/a.adoc": page(MAKES, SEES), "specgen.toml": 'clean = "page"'})
    assert set(project.replay("docs").outcomes.values()) == {"passed"}
    assert project.replay("docs", "--clean", "case").outcomes["sees"] == "failed"
    project.write("specgen.toml", 'clean = "often"')
    told = project.run("run", "docs")
    assert told.code == 2
    assert "`clean` must be one of case, page, never" in told.err


def test_plain_pytest_knows_the_option_and_names_what_is_left() -> None:
    project = Project({"docs/a.adoc": page(LEAKS, MAKES, SEES)})
    project.run("generate", "docs", "--out", "generated")
    command = [sys.executable, "-m", "pytest", "generated", "--specgen-clean", "page"]
    done = subprocess.run(command, cwd=project.path, capture_output=True, text=True, check=False)
    assert "3 passed" in done.stdout
    assert "specgen: case a.adoc::sees left pipeline tide*" in done.stdout


@pytest.mark.parametrize(("clean", "count"), [("case", 50), ("page", 10)])
def test_after_many_pages_the_cluster_is_as_before(cluster: Target, clean: str, count: int) -> None:
    project = Project({})
    setups = corpus_pages(project, count)
    shutil.copytree(ROOT / "specs", project.path / "specs")
    before = inventory(cluster)
    target = ("--target", cluster.info.url, "--disposable", "--clean", clean)
    replayed = project.replay("docs", "specs", *setups, *target)
    assert replayed.document["summary"]["passed"] > 30
    assert [each for each in replayed.results if each["left_behind"]] == []
    assert inventory(cluster) == before


def test_the_inventory_sees_what_is_left(cluster: Target) -> None:
    before = inventory(cluster)
    target = ("--target", cluster.info.url, "--disposable")
    Project({"docs/a.adoc": page(LEAKS)}).run("run", "docs", *target)
    assert inventory(cluster) != before
    cluster.send(Call("DELETE", "_ingest/pipeline/tide*"))
    assert inventory(cluster) == before
