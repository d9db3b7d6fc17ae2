"""`pytest docs --specgen-collect`: pages are tests, with no generated files."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.metadata import entry_points

import pytest
from pages import answers, asks, page
from project import Project

GOOD = page(asks("PUT books", name="made"), asks("GET books", "// TEST[continued]"))
WRONG = page(asks("PUT books", name="made"), answers('{"acknowledged": false}'))
INSTALLED = any(each.value == "specgen.cli.collecting" for each in entry_points(group="pytest11"))


def collected(
    project: Project, *options: str, cached: bool = False
) -> subprocess.CompletedProcess[str]:
    plugin = () if INSTALLED else ("-p", "specgen.cli.collecting")
    cache = () if cached else ("-p", "no:cacheprovider")
    command = [sys.executable, "-m", "pytest", *plugin, *cache, *options]
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


def test_places_are_such_that_people_can_open_them() -> None:
    skipped = page(asks("PUT books", "// TEST[skip:no paper]", name="made"))
    project = Project(
        {
            "specgen.toml": 'docs-root = "docs"\n',
            "docs/a.adoc": WRONG,
            "docs/deep/b.adoc": skipped,
        }
    )
    told = collected(project, "docs", "--specgen-collect", "-q", "-rs", "--junitxml", "j.xml")
    assert "\ndocs/a.adoc:13:18: error[value]" in told.stdout
    assert "SKIPPED [1] docs/deep/b.adoc:6: no paper" in told.stdout
    assert "specgen-pages" not in told.stdout
    assert b"specgen-pages" not in project.files()["j.xml"]


def test_other_plugins_see_pages_too() -> None:
    pytest.importorskip("pytest_html")
    project = Project({"docs/a.adoc": GOOD, "docs/b.adoc": WRONG})
    told = collected(project, "docs", "--specgen-collect", "-q", "--html", "out.html")
    assert told.returncode == 1, told.stdout
    report = project.files()["out.html"].decode()
    assert "docs/a.adoc::test_made" in report
    assert "docs/b.adoc:13:18: error[value]" in report


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one", "two"])
def test_what_failed_last_runs_alone(workers: tuple[str, ...]) -> None:
    project = Project({"docs/a.adoc": GOOD, "docs/b.adoc": WRONG})
    options = ("docs", "--specgen-collect", "-q", *workers)
    first = collected(project, *options, cached=True)
    assert "1 failed, 1 passed" in first.stdout
    again = collected(project, *options, "--lf", cached=True)
    assert "1 failed" in again.stdout
    assert "passed" not in again.stdout


def test_markers_and_options_are_told_of() -> None:
    told = collected(Project({}), "--markers").stdout
    assert "@pytest.mark.specgen_page(page, at, files): " in told
    assert "@pytest.mark.specgen_requires(*requirements): " in told
    helped = collected(Project({}), "--help").stdout
    section = helped.partition("replay of documentation pages (specgen):")[2]
    options = re.findall(r"^  (--specgen-[\w-]+)(.*(?:\n {6,}.*)*)", section, re.MULTILINE)
    assert {"--specgen-target", "--specgen-collect", "--specgen-clean"} <= dict(options).keys()
    assert all(re.search(r"[a-z]{2} [a-z]", text) for _, text in options)


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
