"""What `specgen drift` writes for code scanning, pull requests and browsers."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import jsonschema
import pytest
from drifting import BIRDS, HOSTILE, HOSTILE_NAME, aviary, birds, hostile_answers
from pages import answers, asks, page
from project import Loopback, Project, Told
from test_check import sarif_schema
from test_coverage_reports import Reader

HOLD = ("--baseline", "known.json")


@pytest.fixture(scope="module")
def cluster() -> Iterator[tuple[str, ...]]:
    with Loopback(aviary()) as server:
        yield "--target", server.url, "--disposable"


@pytest.fixture(scope="module")
def hostile() -> Told:
    """All reports of a page and a cluster that mean no good."""
    project = Project({HOSTILE_NAME: HOSTILE, "docs/birds.adoc": BIRDS})
    with Loopback(hostile_answers) as server:
        target = ("--target", server.url, "--disposable")
        return project.run("drift", "docs", *target, *outputs("sarif", "markdown", "html"))


def outputs(*formats: str) -> tuple[str, ...]:
    return tuple(each for name in formats for each in (f"--{name}", f"out.{name}"))


def text_of(told: Told, name: str) -> str:
    return told.files[f"out.{name}"].decode()


def sarif_of(told: Told) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(text_of(told, "sarif"))
    validator = jsonschema.Draft4Validator(sarif_schema())
    assert [error.message for error in validator.iter_errors(document)] == []
    (run,) = document["runs"]
    return dict(run)


def prints(run: dict[str, Any]) -> list[str]:
    return [each["partialFingerprints"]["primaryLocationLineHash"] for each in run["results"]]


def test_sarif_stands_at_the_line_of_the_page(cluster: tuple[str, ...]) -> None:
    run = sarif_of(birds().run("drift", "docs", *cluster, *outputs("sarif")))
    assert [each["ruleId"] for each in run["results"]] == ["value", "order", "surplus", "status"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert [rules[each["ruleIndex"]] for each in run["results"]] == [
        each["ruleId"] for each in run["results"]
    ]
    value, *_, status = run["results"]
    place = value["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "docs/birds.adoc"
    assert place["region"] == {"startLine": 15, "startColumn": 11, "endColumn": 12}
    assert "cluster: integer 7" in value["message"]["text"]
    assert value["properties"]["case"] == "birds.adoc::wren"
    assert status["locations"][0]["physicalLocation"]["region"] == {"startLine": 35}
    assert "baselineState" not in value


def test_fingerprints_stay_when_lines_move_and_differ_from_each_other(
    cluster: tuple[str, ...],
) -> None:
    project = birds()
    before = sarif_of(project.run("drift", "docs", *cluster, *outputs("sarif")))
    project.write("docs/birds.adoc", BIRDS.replace("= Books\n", "= Books\n\nMore.\n"))
    after = sarif_of(project.run("drift", "docs", *cluster, *outputs("sarif")))
    assert prints(before) == prints(after)
    assert len(set(prints(after))) == len(after["results"]) == 4
    lines = [
        each["locations"][0]["physicalLocation"]["region"]["startLine"] for each in after["results"]
    ]
    assert lines[0] == 17


def test_sarif_suppresses_what_is_accepted(cluster: tuple[str, ...]) -> None:
    project = birds()
    project.run("drift", "docs", *cluster, *HOLD, "--write-baseline")
    project.write("docs/birds.adoc", BIRDS.replace('"gull", "eggs": 3', '"gull", "eggs": 2'))
    run = sarif_of(project.run("drift", "docs", *cluster, *HOLD, *outputs("sarif")))
    states = [(each["baselineState"], "suppressions" in each) for each in run["results"]]
    assert sorted(states) == [("new", False), *[("unchanged", True)] * 4]


def test_sarif_tells_a_case_that_nobody_could_judge() -> None:
    target = ("--target", "http://127.0.0.1:1", "--disposable")
    run = sarif_of(birds().run("drift", "docs", *target, *outputs("sarif")))
    assert {each["ruleId"] for each in run["results"]} == {"not-judged"}
    assert len(run["results"]) == 4


def test_markdown_tells_causes_and_suggests_what_is_certain(cluster: tuple[str, ...]) -> None:
    text = text_of(birds().run("drift", "docs", *cluster, *outputs("markdown")), "markdown")
    assert text.startswith("## 3 causes of drift, in 3 of 4 cases on 1 page\n")
    assert "### 1 certain edit\n" in text
    assert '`docs/birds.adoc:15`\n\n```suggestion\n  "eggs": 7,\n```\n' in text
    assert text.count("```suggestion") == 1
    assert text.count("<details>") == text.count("</details>") == 3
    assert "`docs/birds.adoc:35:1`" in text


UNCERTAIN = {
    "a moment": ('{"at": "2024-01-01T00:00:00Z"}', {"at": "2025-01-01T00:00:00Z"}),
    "a list": ('{"at": [1, 2]}', {"at": [2, 1]}),
    "a missing value": ('{"at": 1, "to": 2}', {"at": 1}),
    "an attribute": ('{"at": "{version}"}', {"at": "8.15.3"}),
    "what cannot be seen": ('{"at": "x"}', {"at": "\u202ey"}),
}


@pytest.mark.parametrize("name", UNCERTAIN)
def test_nothing_else_is_suggested(name: str) -> None:
    body, said = UNCERTAIN[name]
    project = birds(page(asks("GET birds/_doc/tit"), answers(body)))
    assert "suggestion" not in markdown_of(project, tit=said)


def markdown_of(project: Project, **said: object) -> str:
    with Loopback(aviary(**said)) as server:  # type: ignore[arg-type]
        target = ("--target", server.url, "--disposable")
        return text_of(project.run("drift", "docs", *target, *outputs("markdown")), "markdown")


def test_what_a_substitution_made_is_not_suggested() -> None:
    body = answers('{"eggs": TEN}', "// TESTRESPONSE[s/TEN/10/]")
    project = birds(page(asks("GET birds/_doc/tit"), body))
    assert "suggestion" not in markdown_of(project, tit={"eggs": 11})


def test_two_values_of_a_line_are_one_suggestion() -> None:
    project = birds(page(asks("GET birds/_doc/tit"), answers('{"eggs": 1, "name": "`tit`"}')))
    text = markdown_of(project, tit={"eggs": 22, "name": "great ``` tit"})
    assert '````suggestion\n{"eggs": 22, "name": "great ``` tit"}\n````' in text


def test_a_page_that_changed_since_gets_no_suggestion(cluster: tuple[str, ...]) -> None:
    project = birds()
    project.run("run", "docs", *cluster, "--json", "results.json")
    project.write("docs/birds.adoc", BIRDS.replace("= Books\n", "= Books\n\nMore.\n"))
    told = project.run("drift", "--results", "results.json", *outputs("markdown", "html"))
    assert "suggestion" not in text_of(told, "markdown")
    assert "```" not in text_of(told, "markdown")
    assert '15 "eggs": 6 , What each side says' in Reader(text_of(told, "html")).text


def test_markdown_fits_into_a_comment() -> None:
    texts = [f"{'long' * 60}{n}" for n in range(400)]
    snippets = (
        part
        for n, text in enumerate(texts)
        for part in (asks(f"GET birds/_doc/b{n}", name=f"b{n}"), answers(f'{{"{text}": 1}}'))
    )
    text = markdown_of(birds(page(*snippets)))
    assert 1000 < len(text) < 65_536
    assert "more" in text


def test_what_is_said_is_no_markup_in_markdown(hostile: Told) -> None:
    text = text_of(hostile, "markdown")
    plain = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", text, flags=re.S)
    known = ("details", "summary", "code")
    tags = {f"<{slash}{tag}>" for tag in known for slash in ("", "/")}
    assert set(re.findall(r"<[^>]*>", plain)) <= tags
    assert "@" not in plain
    assert "](" not in plain
    for bad in ("\x1b", "\u202e", "\x07"):
        assert bad not in text
    table = [line for line in text.splitlines() if line.startswith("|")]
    assert {line.count("|") - line.count("\\|") for line in table} == {6}


def test_what_is_said_is_only_text_in_sarif(hostile: Told) -> None:
    run = sarif_of(hostile)
    assert "\u202e" not in json.dumps(run, ensure_ascii=False)
    uris = {
        each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for each in run["results"]
    }
    assert all(re.fullmatch(r"[\w%./-]+", uri) for uri in uris)


def test_what_is_said_is_only_text_in_html(hostile: Told) -> None:
    assert hostile.code == 1
    read = Reader(text_of(hostile, "html"))
    assert [tag for tag, _ in read.tags].count("script") == 1
    assert {tag for tag, _ in read.tags}.isdisjoint({"img", "svg", "b", "iframe", "link", "base"})
    assert not [name for _, attributes in read.tags for name in attributes if name[:2] == "on"]
    assert '"</script><script>alert(1)</script>' in read.text
    assert "\u202e" not in read.text
    assert read.open == []


def html_of(project: Project, *arguments: str) -> Reader:
    return Reader(text_of(project.run("drift", "docs", *arguments, *outputs("html")), "html"))


def test_the_html_report_shows_both_sides_beside_the_page(cluster: tuple[str, ...]) -> None:
    read = html_of(birds(), *cluster)
    assert "3 causes of drift, in 3 of 4 cases on 1 page" in read.text
    assert "page says cluster said integer 6 integer 7" in read.text
    assert '13 { 14 "name": "wren", 15 "eggs": 6 , 16 "songs": ["trill", "chirp"]' in read.text
    assert '"chirp",' in read.text
    assert 'If the cluster is right, the line becomes "eggs": 7,' in read.text
    assert '"sticks": 90,' in read.text
    kinds = [attributes["data-kind"] for tag, attributes in read.tags if tag == "article"]
    assert kinds == ["value", "order", "surplus", "status"]


def test_the_html_report_tells_what_is_accepted_and_gone(cluster: tuple[str, ...]) -> None:
    project = birds()
    project.run("drift", "docs", *cluster, *HOLD, "--write-baseline")
    project.write("docs/birds.adoc", BIRDS.replace('"eggs": 6', '"eggs": 7'))
    read = html_of(project, *cluster, *HOLD)
    assert "No new drift in 4 cases" in read.text
    assert "birds.adoc::wren value at /eggs: 7" in read.text
    known = [attributes["data-known"] for tag, attributes in read.tags if tag == "article"]
    assert known == ["accepted"] * 3


def test_the_html_report_needs_and_allows_nothing_from_elsewhere(hostile: Told) -> None:
    text = text_of(hostile, "html")
    read = Reader(text)
    (policy,) = [
        attributes["content"]
        for tag, attributes in read.tags
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    (style,), (script,) = (
        re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.S) for tag in ("style", "script")
    )
    css, js = (
        base64.b64encode(hashlib.sha256(each.encode()).digest()).decode()
        for each in (style, script)
    )
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{css}'; script-src 'sha256-{js}'; "
        "base-uri 'none'; form-action 'none'"
    )
    assert "style" not in {name for _, attributes in read.tags for name in attributes}
    assert read.values("src") == []
    assert "url(" not in style
    assert "@import" not in style
    assert all(value.startswith("#") for value in read.values("href"))
    assert {value[1:] for value in read.values("href")} <= set(read.values("id"))


def test_the_html_report_can_be_read_without_seeing_it(cluster: tuple[str, ...]) -> None:
    read = html_of(birds(), *cluster)
    levels = [int(tag[1]) for tag, _ in read.tags if re.fullmatch(r"h\d", tag)]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    scopes = [attributes.get("scope") for tag, attributes in read.tags if tag == "th"]
    assert set(scopes) == {"col", "row"}
    assert set(read.values("aria-labelledby")) <= set(read.values("id"))
    assert len(read.values("id")) == len(set(read.values("id")))


def test_a_long_value_is_cut() -> None:
    project = birds(page(asks("GET birds/_doc/tit"), answers('{"a": 1}')))
    with Loopback(aviary(tit={"a": 1, "rows": list(range(500))})) as server:
        read = html_of(project, "--target", server.url, "--disposable")
    assert "… and 442 more lines" in read.text
