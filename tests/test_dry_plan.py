"""`specgen run --plan`: all that a run would send, and nothing is sent."""

from __future__ import annotations

import json
import shutil
from typing import Any

import jsonschema
import pytest
from own_engine import engines_in, install_engine
from pages import asks, page
from project import ROOT, Loopback, Project

SCHEMA = json.loads((ROOT / "specgen/schemas/plan.schema.json").read_text(encoding="utf-8"))
SETUPS = {"setups/flock.console": "PUT gulls\n", "setups/flock.teardown.console": "DELETE gulls\n"}
WHOLE = "= Gulls\n\n" + "\n".join(
    [
        asks("PUT nest", "// TESTSETUP"),
        asks("DELETE nest", "// TEARDOWN"),
        asks('PUT gulls/_doc/1?refresh\n{"a": 1}\n\nGET gulls', "// TEST[setup:flock]", "one"),
        asks("PUT _ingest/pipeline/p\n{}", "// TEST[skip:later]", "two"),
        asks("GET _connector", "// SPECGEN[requires:api=_connector]", "three"),
        asks("PUT _ingest/pipeline/p\n{}", name="four"),
    ]
)


def planned(project: Project, *options: str, **environment: str) -> dict[str, Any]:
    told = project.run("run", *options, "--plan", "--json", "-", **environment)
    assert told.code == 0, told.text
    document: dict[str, Any] = json.loads(told.out)
    jsonschema.validate(document, SCHEMA, jsonschema.Draft202012Validator)
    assert "nothing was sent" in told.err.splitlines()[-1]
    return document


def sent_in(har: bytes) -> list[str]:
    entries = json.loads(har)["log"]["entries"]
    return [
        f"{each['request']['method']} "
        + each["request"]["url"].removeprefix(each["_specgen"]["base"] + "/").partition("?")[0]
        for each in entries
        if each["_specgen"]["part"] == "case"
    ]


def test_what_is_planned_is_what_a_run_sends() -> None:
    project = Project({"specgen.toml": (ROOT / "specgen.toml").read_text(encoding="utf-8")})
    shutil.copytree(ROOT / "specs", project.path / "specs")
    plan = planned(project)
    told = project.run("run", "--record", "r.har")
    assert told.code == 0
    wanted = [
        f"{call['method']} {call['path'].partition('?')[0]}"
        for case in plan["cases"]
        if not case["not_run"]
        for call in case["requests"]
    ]
    assert len(wanted) > 100
    # What is repeated until it is as documented is planned once; stash values are not known yet.
    sent = sent_in(told.files["r.har"])
    stashed = [number for number, request in enumerate(wanted) if "$" in request]
    assert len(sent) == len(wanted)
    assert [s for n, s in enumerate(sent) if n not in stashed] == [
        w.replace("<", "%3C").replace(">", "%3E") for n, w in enumerate(wanted) if n not in stashed
    ]


def test_no_engine_is_started_and_nothing_is_written() -> None:
    project = Project({"docs/a.asciidoc": WHOLE, **SETUPS})
    engine = install_engine(project.path / "engine")
    told = project.run("run", "docs", "--setups", "setups", "--plan", **engine)
    assert told.code == 0
    assert engines_in(project.path / "engine") == []
    assert told.diff == ""


def test_what_a_case_sends_in_order() -> None:
    project = Project({"docs/a.asciidoc": WHOLE, **SETUPS})
    with Loopback() as server:
        target = ("--target", server.url.replace("//", "//ann:open-sesame@"))
        plan = planned(project, "docs", "--setups", "setups", *target)
        assert server.seen == []
    assert plan["target"]["access"] == "marked"
    assert "open-sesame" not in json.dumps(plan)
    assert [call["path"] for call in plan["start"]] == [".specgen-disposable", ""]
    one, two, three, four = plan["cases"]
    told = [
        (call["part"], f"{call['method']} {call['path']}", call["body_bytes"], call["reads"])
        for call in one["requests"]
    ]
    assert told == [
        ("setup", "PUT nest", 0, False),
        ("setup", "PUT gulls", 0, False),
        ("case", "PUT gulls/_doc/1?refresh", 8, False),
        ("case", "GET gulls", 0, True),
        ("teardown", "DELETE gulls", 0, False),
        ("teardown", "DELETE nest", 0, False),
    ]
    assert one["line"] == 16
    assert one["cleaning"]["lists"] == ["GET _alias"]
    assert two["not_run"] == "later"
    assert three["requires"] == ["api=_connector"]
    assert [call["part"] for call in three["requests"]] == [
        "question",
        "setup",
        "case",
        "teardown",
    ]
    removes = {"thing": "pipeline p", "request": "DELETE _ingest/pipeline/p"}
    assert removes in four["cleaning"]["removes"]
    never = planned(project, "docs", "--setups", "setups", "--clean", "never")
    assert never["cases"][3]["cleaning"] == {"lists": [], "removes": []}


@pytest.mark.parametrize(
    ("option", "reasons"),
    [
        (
            ["--disposable"],
            ["refused: POST _shutdown ends nodes (needs --allow shutdown)", "", ""],
        ),
        (["--disposable", "--allow", "shutdown"], ["", "", ""]),
        (
            ["--read-only"],
            ["read-only: PUT gulls would write", "read-only: PUT gulls-a would write", ""],
        ),
        (["--scope", "gulls-"], ["out of scope: names gulls", "", ""]),
    ],
)
def test_what_would_be_refused_is_marked(option: list[str], reasons: list[str]) -> None:
    text = page(asks("PUT gulls\n\nPOST _shutdown"), asks("PUT gulls-a"), asks("GET gulls/_search"))
    project = Project({"docs/a.asciidoc": text})
    with Loopback() as server:
        plan = planned(project, "docs", "--target", server.url, *option)
        replayed = project.replay("docs", "--target", server.url, *option)
    assert [case["not_run"] for case in plan["cases"]] == reasons
    assert [each["reason"] for each in replayed.results] == reasons
    refused = [call["refused"] for call in plan["cases"][0]["requests"]]
    assert [each for each in refused if each][:1] == [each for each in reasons[:1] if each]


def test_a_repository_is_looked_for_before_it_is_registered() -> None:
    project = Project({"docs/a.asciidoc": page(asks("PUT _snapshot/shed\n{}"))})
    (case,) = planned(project, "docs", "--target", "http://h", "--disposable")["cases"]
    told = [(call["part"], call["method"], call["path"]) for call in case["requests"]]
    assert told == [("question", "GET", "_snapshot/shed"), ("case", "PUT", "_snapshot/shed")]
    (case,) = planned(project, "docs")["cases"]
    assert len(case["requests"]) == 1


def test_lines_for_people() -> None:
    text = page(asks("PUT gulls\n{}"), asks("POST _shutdown"))
    project = Project({"docs/a.asciidoc": text})
    told = project.run("run", "docs", "--plan", "--target", "http://h:9200", "--disposable")
    assert told.out.splitlines() == [
        "target http://h:9200: its data may be lost",
        "  start-up  reads    GET /",
        "",
        "docs/a.asciidoc:6: a.asciidoc::books",
        "  case      writes   PUT gulls  2 bytes",
        "  cleaning  reads    GET _alias",
        "  cleaning  removes  index (by name, once it is known)",
        "  cleaning  removes  alias (by name, once it is known)",
        "",
        "docs/a.asciidoc:13: a.asciidoc::books_2",
        "  not run: refused: POST _shutdown ends nodes (needs --allow shutdown)",
        "  case      writes   POST _shutdown"
        "  <- refused: POST _shutdown ends nodes (needs --allow shutdown)",
        "",
        "cases: 2 (1 not run); requests: 1 (0 read, 1 write); nothing was sent",
    ]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["-k", "one"], "--plan sends nothing, so -k has no meaning"),
        (["--record", "r.har"], "--plan sends nothing, so --record has no meaning"),
        (["--target", "embeded"], "'embeded' is not a target"),
        (["--target", "http://h/?x"], "has a query or fragment"),
        (["--allow", "shutdwon"], "nothing dangerous named 'shutdwon'"),
    ],
)
def test_what_cannot_be_planned(options: list[str], told: str) -> None:
    result = Project({"docs/a.asciidoc": WHOLE, **SETUPS}).run("run", "docs", "--plan", *options)
    assert result.code == 2
    assert told in result.err
