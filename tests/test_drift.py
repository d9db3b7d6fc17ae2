"""`specgen drift`: what is untrue is told by its causes, from a replay or an earlier run."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from drifting import BIRDS, HOSTILE, HOSTILE_NAME, aviary, birds, hostile_answers
from pages import answers, asks, page
from project import Loopback, Project, Told

ROOT = Path(__file__).resolve().parents[1]
SCHEMA = json.loads((ROOT / "specgen/schemas/drift.schema.json").read_text(encoding="utf-8"))
Golden = Callable[[str, str], None]


@pytest.fixture(scope="module")
def cluster() -> Iterator[tuple[str, ...]]:
    with Loopback(aviary()) as server:
        yield "--target", server.url, "--disposable"


def document_of(told: Told) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(told.out)
    jsonschema.validate(document, SCHEMA, jsonschema.Draft202012Validator)
    return document


@pytest.mark.parametrize("options", [(), ("--verbose",), ("--quiet",)])
def test_how_drift_is_told(
    options: tuple[str, ...], cluster: tuple[str, ...], golden: Golden
) -> None:
    told = birds().run("drift", "docs", *cluster, *options)
    assert told.code == 1
    assert not told.err
    text = told.out.replace(cluster[1], "http://127.0.0.1:PORT")
    golden(f"drift/birds{''.join(options)}.txt", text)
    if "--verbose" not in options:
        assert max(map(len, text.splitlines())) <= 80


def test_a_page_that_is_true_has_no_drift() -> None:
    told = Project({"docs/a.adoc": page(asks("PUT kites"))}).run("drift", "docs")
    assert told.code == 0
    assert "no drift in 1 case" in told.out
    assert told.out.splitlines()[-1].startswith("1 passed")


def test_the_document_tells_every_red_case_once(cluster: tuple[str, ...]) -> None:
    document = document_of(birds().run("drift", "docs", *cluster, "--json", "-"))
    assert document["baseline"] is None
    cases = [case for cause in document["causes"] for case in cause["cases"]]
    assert sorted(cases) == [f"birds.adoc::{name}" for name in ("dodo", "rook", "wren")]
    findings = document["findings"]
    indexes = [index for cause in document["causes"] for index in cause["findings"]]
    assert sorted(indexes) == list(range(len(findings)))
    eggs = next(each for each in findings if each["pointer"] == "/eggs")
    assert (eggs["case"], eggs["line"], eggs["column"]) == ("birds.adoc::wren", 15, 11)
    assert (eggs["expected"], eggs["actual"]) == (6, 7)
    assert document["summary"]["failed"] == 3


def test_another_document_does_not_fit() -> None:
    document = {"schema": 1, "causes": [], "findings": []}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, SCHEMA, jsonschema.Draft202012Validator)


def test_an_earlier_run_is_told_without_a_replay(cluster: tuple[str, ...]) -> None:
    project = birds()
    live = document_of(project.run("drift", "docs", *cluster, "--json", "-"))
    project.run("run", "docs", *cluster, "--json", "results.json")
    told = project.run("drift", "--results", "results.json", "--json", "-")
    assert told.code == 1
    assert "docs/birds.adoc:15:11" in told.err
    later = document_of(told)
    for each in (live, later):
        each["summary"].pop("duration_s")
    assert later == live


def test_of_an_earlier_run_some_pages_can_be_told(cluster: tuple[str, ...]) -> None:
    project = birds(more=BIRDS)
    project.run("run", "docs", *cluster, "--json", "results.json")
    results = ("--results", "results.json")
    told = project.run("drift", "docs/more.adoc", *results, "--docs-root", "docs", "--json", "-")
    assert {each["page"] for each in document_of(told)["findings"]} == {"more.adoc"}
    project.write("docs/new.adoc", BIRDS)
    strange = project.run("drift", "docs/new.adoc", *results, "--docs-root", "docs")
    assert (strange.code, "knows none of these pages" in strange.err) == (2, True)


def test_what_is_no_file_of_results_is_refused() -> None:
    project = Project({"results.json": "{}"})
    told = project.run("drift", "--results", "results.json")
    assert (told.code, "holds no results" in told.err) == (2, True)


def test_annotations_show_each_cause_before_the_rest(cluster: tuple[str, ...]) -> None:
    told = birds().run("drift", "docs", *cluster, "--github")
    lines = [line for line in told.out.splitlines() if line.startswith("::")]
    assert "::error file=docs/birds.adoc,line=15,col=11,title=value::" in "\n".join(lines)
    causes = [line.rpartition("cause: ")[2] for line in lines]
    assert len(set(causes[: len(set(causes))])) == len(set(causes)) == 3


def test_a_case_that_nobody_could_judge_is_told() -> None:
    with Loopback(aviary()) as server:
        url = server.url
    told = birds().run("drift", "docs", "--target", url, "--disposable", "--github", "--json", "-")
    assert told.code == 4
    document = document_of(told)
    assert document["findings"] == []
    assert sum(len(cause["cases"]) for cause in document["causes"]) == 4
    lines = re.findall(r"^::error file=docs/birds.adoc,line=(\d+),.*not-judged::", told.err, re.M)
    assert len(lines) == 4


def test_a_page_that_is_read_in_part_is_told() -> None:
    text = page(asks("PUT kites"), asks("GET _cluster/health", "// TEST[catsch:missing]"))
    told = Project({"docs/a.adoc": text}).run("drift", "docs")
    assert told.code == 3
    assert "error[bad-option]" in told.out


def test_only_one_report_goes_to_standard_output() -> None:
    told = Project({}).run("drift", "--json", "-", "--html", "-")
    assert (told.code, told.out) == (2, "")


def test_reports_that_cannot_be_written_stop_no_other(cluster: tuple[str, ...]) -> None:
    project = birds()
    told = project.run("drift", "docs", *cluster, "--json", "docs", "--markdown", "drift.md")
    assert told.code == 2
    assert "drift.md" in told.files


def test_nothing_that_is_said_reaches_the_terminal_or_the_log_as_a_command() -> None:
    with Loopback(hostile_answers) as server:
        target = ("--target", server.url, "--disposable")
        project = Project({HOSTILE_NAME: HOSTILE})
        told = project.run("drift", "docs", *target, "--verbose", "--github")
    assert told.code == 1
    for bad in ("\x1b", "\x07", "\u202e", "\ud800"):
        assert bad not in told.text
    commands = [line for line in told.out.splitlines() if line.startswith("::")]
    assert commands
    assert all(line.startswith("::error file=docs/<img src=x onerror") for line in commands)
    assert not [line for line in told.out.splitlines() if line.startswith("::stop")]


def test_many_causes_are_counted_and_not_all_shown() -> None:
    snippets = [
        part
        for n in range(25)
        for part in (asks(f"GET birds/_doc/b{n}", name=f"b{n}"), answers(f'{{"field{n}x": 1}}'))
    ]
    with Loopback(aviary()) as server:
        target = ("--target", server.url, "--disposable")
        told = birds(page(*snippets)).run("drift", "docs", *target)
    assert "more causes of" in told.out
    assert told.out.count("page:    ") <= 20
