"""`pytest docs --specgen-collect`: pages are tests, with no generated files."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import entry_points

import pytest
from pages import answers, asks, page
from project import Project

GOOD = page(asks("PUT books", name="made"), asks("GET books", "// TEST[continued]"))
WRONG = page(asks("PUT books", name="made"), answers('{"acknowledged": false}'))
INSTALLED = any(each.value == "specgen.cli.collecting" for each in entry_points(group="pytest11"))


def collected(project: Project, *options: str) -> subprocess.CompletedProcess[str]:
    plugin = () if INSTALLED else ("-p", "specgen.cli.collecting")
    command = [sys.executable, "-m", "pytest", *plugin, "-p", "no:cacheprovider", *options]
    # What the tests around this one were asked for is no matter here.
    mine = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        command,
        cwd=project.path,
        env=mine,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_pages_are_collected_where_that_is_asked_for() -> None:
    project = Project(
        {"docs/a.adoc": GOOD, "docs/b/a.asciidoc": WRONG, "docs/text.adoc": "= Text\n"}
    )
    without = collected(project, "docs", "-q")
    assert without.returncode == 5
    told = collected(project, "docs", "--specgen-collect", "-q", "-rA")
    assert told.returncode == 1, told.stdout
    assert "PASSED docs/a.adoc::test_made" in told.stdout
    assert "FAILED docs/b/a.asciidoc::test_made" in told.stdout
    assert "docs/b/a.asciidoc:13:18: error[value]" in told.stdout
    assert "1 failed, 1 passed" in told.stdout
    assert sorted(project.files()) == ["docs/a.adoc", "docs/b/a.asciidoc", "docs/text.adoc"]


@pytest.mark.parametrize(
    "options",
    [("-k", "a.adoc"), ("-k", "adoc and made"), ("docs/a.adoc::test_made",)],
    ids=["by page", "by both", "by id"],
)
def test_cases_are_chosen_as_any_tests_are(options: tuple[str, ...]) -> None:
    project = Project({"docs/a.adoc": GOOD, "docs/b.asciidoc": WRONG})
    folder = () if "::" in options[0] else ("docs",)
    told = collected(project, *folder, "--specgen-collect", "-q", *options)
    assert told.returncode == 0, told.stdout
    assert "1 passed" in told.stdout


def test_the_configuration_counts() -> None:
    project = Project(
        {
            "specgen.toml": '[define]\nindex = "books"\n',
            "docs/a.adoc": page(asks("PUT {index}", name="made")),
        }
    )
    told = collected(project, "docs", "--specgen-collect", "-q", "--rootdir", ".")
    assert told.returncode == 0, told.stdout


def test_a_page_that_cannot_be_read_is_told_at_its_line() -> None:
    project = Project({"docs/a.adoc": page(asks("PUT books", "// TEST[catsh:missing]"))})
    told = collected(project, "docs", "--specgen-collect", "-q")
    assert told.returncode == 2
    assert "error[bad-option]" in told.stdout
    assert "a.adoc:9:" in told.stdout
    assert "Traceback" not in told.stdout


def test_with_several_workers() -> None:
    pytest.importorskip("xdist")
    project = Project({"docs/a.adoc": GOOD, "docs/b.adoc": GOOD})
    told = collected(project, "docs", "--specgen-collect", "-q", "-n", "2")
    assert told.returncode == 0, told.stdout
    assert "2 passed" in told.stdout
