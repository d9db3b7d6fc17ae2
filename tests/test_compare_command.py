"""`specgen compare`: the same pages on several targets, and where these differ."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pages import answers, asks, page
from project import Loopback, Project, Reply, Seen, Told

ROOT = Path(__file__).resolve().parents[1]
SCHEMA = json.loads((ROOT / "specgen/schemas/compare.schema.json").read_text(encoding="utf-8"))

SAME = page(asks("GET same"), answers('{"one": 1}'))
OTHER = page(
    asks("GET other", name="other"),
    answers('{"one": 1}'),
    asks("GET same", "// SPECGEN[requires:version>=8]", name="new"),
)
WRONG = page(asks("GET same"), answers('{"one": 2}'))
PAGES = {"docs/other.adoc": OTHER, "docs/same.adoc": SAME, "docs/wrong.adoc": WRONG}


class Rooms:
    """A cluster of some version that may know `GET other`."""

    def __init__(self, version: str, other: int) -> None:
        self.version, self.other = version, other

    def __call__(self, seen: Seen) -> Reply:
        if seen.path == "/":
            return Reply(body=json.dumps({"version": {"number": self.version}}).encode())
        return Reply(body=json.dumps({"one": self.other if "other" in seen.path else 1}).encode())


def compare(*options: str, pages: dict[str, str] | None = None) -> tuple[Told, dict[str, Any]]:
    with Loopback(Rooms("8.15.3", 1)) as new, Loopback(Rooms("7.10.2", 3)) as old:
        targets = ("--target", new.url, "--target", old.url, "--disposable")
        project = Project(PAGES if pages is None else pages)
        told = project.run("compare", "docs", *targets, *options, "--json", "-")
    document: dict[str, Any] = json.loads(told.out)
    jsonschema.validate(document, SCHEMA, jsonschema.Draft202012Validator)
    return told, document


def test_pages_and_causes_stand_side_by_side() -> None:
    told, document = compare()
    assert told.code == 1
    assert [each["version"] for each in document["targets"]] == ["8.15.3", "7.10.2"]
    assert [each["not_applicable"] for each in document["targets"]] == [0, 1]
    rows = {each["page"]: each for each in document["pages"]}
    assert {name: each["differs"] for name, each in rows.items()} == {
        "other.adoc": True,
        "same.adoc": False,
        "wrong.adoc": False,
    }
    passed = [each["passed"] for each in rows["other.adoc"]["results"]]
    assert passed == [2, 0]
    assert sum(each["cases"][0] for each in document["causes"]) == 1
    assert sum(each["cases"][1] for each in document["causes"]) == 2
    assert document["differing"] == [{"id": "other.adoc::other", "outcomes": ["passed", "failed"]}]
    assert "1 case is green on one target and red on another, in 1 page" in told.err


def test_pages_of_one_colour_are_shown_if_asked_for() -> None:
    told, _ = compare()
    assert "same.adoc" not in told.err
    assert "2 pages are of one colour everywhere" in told.err
    told, _ = compare("-v")
    assert "same.adoc" in told.err


def test_a_target_that_nobody_reaches_stops_no_other_and_differs_from_none() -> None:
    with Loopback(Rooms("8.15.3", 1)) as one:
        targets = ("--target", "http://127.0.0.1:1", "--target", one.url, "--disposable")
        told = Project({"docs/same.adoc": SAME}).run("compare", "docs", *targets, "--json", "-")
    document = json.loads(told.out)
    assert told.code == 4
    assert [each["passed"] for each in document["targets"]] == [0, 1]
    assert document["targets"][0]["trouble"]
    assert document["targets"][0]["version"] is None
    assert not document["differing"]
    assert not document["pages"][0]["differs"]


def test_one_target_twice_is_told_apart() -> None:
    with Loopback(Rooms("8.15.3", 1)) as one:
        targets = ("--target", one.url, "--target", one.url, "--disposable")
        told = Project({"docs/same.adoc": SAME}).run("compare", "docs", *targets, "--json", "-")
    names = [each["name"] for each in json.loads(told.out)["targets"]]
    assert told.code == 0
    assert names == [f"{one.url} #1", f"{one.url} #2"]


def test_one_target_alone_is_no_comparison() -> None:
    told = Project(PAGES).run("compare", "docs", "--target", "embedded")
    assert told.code == 2
    assert "at least twice" in told.err


def test_no_cluster_is_told_the_secrets_of_another() -> None:
    targets = ("--target", "http://127.0.0.1:1", "--target", "http://127.0.0.1:2")
    told = Project(PAGES).run("compare", "docs", *targets, "--bearer", "secret")
    assert told.code == 2
    assert "secret" not in told.text


HOSTILE = "docs/<script>alert(1)</script>|x.adoc"


@pytest.mark.parametrize("form", ["html", "markdown"])
def test_reports_hold_nothing_of_a_page_but_text(form: str) -> None:
    with Loopback(Rooms("8.15.3", 1)) as new, Loopback(Rooms("7.10.2", 3)) as old:
        targets = ("--target", new.url, "--target", old.url, "--disposable")
        project = Project({HOSTILE: OTHER, "docs/same.adoc": SAME})
        told = project.run("compare", "docs", *targets, f"--{form}", "report")
    text = told.files["report"].decode()
    assert "alert(1)" in text.replace("\\", "")
    assert not re.search(r"(?<!\\)<script", text)
    assert "1/1" in text or "1/1" in text.replace("\\", "")
    assert "same.adoc" in text.replace("\\", "")


def test_the_html_says_what_colours_say_and_needs_nothing_else() -> None:
    told, _ = compare("--html", "report.html")
    text = told.files["report.html"].decode()
    assert "default-src 'none'" in unescape(text)  # as a browser reads it
    assert '<span class="unseen"> (red)</span>' in text
    assert "&lt;tr" not in text
    assert text.count('<tr role="row" class="covered">') == 2
    assert "http" not in text.replace("http-equiv", "").replace("http://127.0.0.1", "")
