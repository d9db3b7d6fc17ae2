"""`specgen merge`: the results of several runs as one report."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import pytest
from pages import answers, asks, page
from project import Project, Told, document_of

Golden = Callable[[str, str], None]

LOOK = "GET _cluster/health?filter_path=status"
NO = "GET no-such-index"
PAGES = {
    "docs/a.asciidoc": page(asks(LOOK, name="a1"), asks(NO, name="a2")),
    "docs/b/c.asciidoc": page(asks("PUT books"), answers('{"acknowledged": false}')),
    "docs/d.asciidoc": page(asks(LOOK, "// TEST[skip:no]", name="d1")),
    "docs/e.asciidoc": "= Nothing\n\nto see.\n",
    "docs/f.asciidoc": page("// TEST[continued]\n", asks(LOOK, name="f1")),
}


@pytest.fixture(scope="module")
def project() -> Project:
    project = Project(PAGES)
    project.run("run", "docs", "--json", "all.json", "--junit", "all.xml")
    for index in (1, 2, 3):
        part = ("--shard", f"{index}/3", "--durations", "none", "--quiet")
        project.run("run", "docs", "--json", f"{index}.json", *part)
    return project


def document(told: Told, name: str) -> dict[str, Any]:
    return document_of(told.files[name].decode())


def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether documents tell the same, besides how long it took, and where."""
    timeless: list[dict[str, Any]] = []
    for each in (one, other):
        copy = json.loads(json.dumps(each))
        copy["target"]["url"] = copy["run"]["shard"] = copy["summary"]["duration_s"] = None
        for result in copy["results"]:
            result["duration_s"] = 0
        timeless.append(copy)
    first, second = timeless
    return first == second


def test_parts_together_are_the_whole_run(project: Project) -> None:
    told = project.run(
        "merge", "3.json", "1.json", "2.json", "--json", "m.json", "--junit", "m.xml"
    )
    assert told.code == 1
    merged, whole = document(told, "m.json"), document(told, "all.json")
    assert same(merged, whole)
    assert merged["run"]["shard"]["parts"] == [1, 2, 3]
    suites = [
        [suite.attrib["name"] for suite in ET.fromstring(told.files[name]).iter("testsuite")]
        for name in ("m.xml", "all.xml")
    ]
    assert suites[0] == suites[1]


def test_what_is_told_is_what_a_run_tells(project: Project, golden: Golden) -> None:
    ran = project.run("run", "docs").out
    merged = project.run("merge", "1.json", "2.json", "3.json", "--docs-root", "docs").out
    opened = " (0.00 s)"
    assert merged.splitlines() == [line.removesuffix(opened) for line in ran.splitlines()]
    golden("messages/merged.txt", project.run("merge", "1.json", "2.json", "3.json").out)


def test_merging_what_was_merged(project: Project) -> None:
    told = project.run("merge", "1.json", "3.json", "--json", "13.json", "--quiet")
    assert told.code == 1
    told = project.run("merge", "13.json", "2.json", "--json", "m.json", "--quiet")
    assert same(document(told, "m.json"), document(told, "all.json"))


def test_a_part_that_is_missing_is_told() -> None:
    project = Project({f"docs/{name}.asciidoc": page(asks(LOOK)) for name in "abc"})
    for index in (1, 2, 3):
        assert (
            project.run("run", "docs", "--shard", f"{index}/3", "--json", f"{index}.json").code == 0
        )
    told = project.run("merge", "1.json", "3.json")
    assert told.code == 1
    assert "part 2 of 3 missing: this is not the whole run" in told.out
    assert "parts 1, 3 of 3 missing" in project.run("merge", "2.json").out
    assert project.run("merge", "1.json", "2.json", "3.json").code == 0


def test_what_cannot_be_one_run(project: Project) -> None:
    def wrong(*names: str) -> str:
        told = project.run("merge", *names)
        assert told.code == 2
        assert not told.out
        return told.err

    assert "is in 1.json and in 1.json" in wrong("1.json", "1.json")
    assert "a.asciidoc::a1 is in" in wrong("all.json", "1.json", "2.json", "3.json")
    project.run("run", "docs", "--shard", "2/4", "--json", "other.json", "--durations", "none")
    project.run("run", "docs/e.asciidoc", "docs/d.asciidoc", "--json", "o.json", "--shard", "2/3")
    for other in ("other.json", "o.json"):
        assert f"1.json and {other} are parts of different wholes" in wrong("1.json", other)
    text = (project.path / "2.json").read_text("utf-8")
    project.write("elsewhere.json", text.replace('"version": "8.', '"version": "7.'))
    assert "elsewhere.json on elasticsearch 7." in wrong("1.json", "elsewhere.json")
    project.write("text.json", "hello")
    assert "text.json holds no results of this version of specgen" in wrong("text.json")


def test_runs_of_different_pages_are_merged(project: Project) -> None:
    for name in ("d", "a"):
        project.run("run", f"docs/{name}.asciidoc", "--docs-root", "docs", "--json", f"{name}.json")
    told = project.run("merge", "d.json", "a.json", "--json", "m.json")
    assert [each["case"] for each in document(told, "m.json")["results"]] == ["a1", "a2", "d1"]


def test_what_was_run_again_takes_the_place_of_what_failed() -> None:
    project = Project(PAGES)
    project.run("run", "docs", "--json", "first.json")
    project.write("docs/a.asciidoc", PAGES["docs/a.asciidoc"].replace(NO, LOOK))
    again = project.run("run", "docs", "--rerun", "failed", "--json", "again.json")
    assert document(again, "again.json")["run"]["rerun"] is True
    for order in (("first.json", "again.json"), ("again.json", "first.json")):
        told = project.run("merge", *order, "--json", "m.json")
        outcomes = [each["outcome"] for each in document(told, "m.json")["results"]]
        assert outcomes == ["passed", "passed", "failed", "skipped", "passed"]
        assert "failed first, passed when run again: a.asciidoc::a2" in told.out
        assert document(told, "m.json")["run"]["rerun"] is False


def test_json_on_standard_output_is_alone_there(project: Project) -> None:
    told = project.run("merge", "1.json", "2.json", "3.json", "--json", "-")
    assert len(document_of(told.out)["results"]) == 5
    assert "2 passed" in told.err.splitlines()[-1]
