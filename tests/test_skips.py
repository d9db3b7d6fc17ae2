"""Skips are looked after: `specgen skips`, `run --try-skipped`, `run --max-skipped`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pages import answers, asks, page
from project import Project, Told, document_of

ROOT = Path(__file__).resolve().parents[1]
SCHEMA = json.loads((ROOT / "specgen/schemas/skips.schema.json").read_text(encoding="utf-8"))
LOOK = "GET _cluster/health?filter_path=timed_out"
RIGHT, WRONG = '{"timed_out": false}', '{"timed_out": true}'
SKIPPED = asks(LOOK, "// TEST[skip:not here]", name="skipped")
UNCOMPARED = asks(LOOK, name="loose"), answers(WRONG, "// TESTRESPONSE[skip:too long]")
NO_TEST = asks("GET books", "// SPECGEN[not-a-test:shows an error]", name="error")
DAY = 24 * 60 * 60


def git(project: Project, *arguments: str, day: int = 0) -> None:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    times = {f"GIT_{who}_DATE": f"@{day * DAY} +0000" for who in ("AUTHOR", "COMMITTER")}
    environment = {**os.environ, **times}
    subprocess.run(["git", *identity, *arguments], cwd=project.path, check=True, env=environment)


def committed(project: Project, day: int) -> None:
    git(project, "add", ".")
    git(project, "commit", "-q", "-m", "pages", day=day)


def document(told: Told) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(told.out)
    jsonschema.validate(found, SCHEMA, jsonschema.Draft202012Validator)
    return found


def skips(project: Project, *arguments: str) -> list[dict[str, Any]]:
    return list(document(project.run("skips", *arguments, "--json", "-"))["skips"])


def test_every_sort_of_skip_is_listed_with_place_and_reason() -> None:
    project = Project({"docs/a.adoc": page(SKIPPED, *UNCOMPARED, NO_TEST)})
    told = project.run("skips", "docs")
    assert told.code == 0
    assert told.out.splitlines() == [
        "docs/a.adoc:9:9: skipped skipped: not here",
        "docs/a.adoc:21:17: response of loose not compared: too long",
        "docs/a.adoc:27:12: no test: shows an error",
        "1 skipped case, 1 response not compared, 1 example that is no test in 1 page",
    ]
    found = document(project.run("skips", "docs", "--json", "-"))
    assert found["summary"] == {"test": 1, "response": 1, "not-a-test": 1}
    assert found["skips"][1] == {
        "page": "a.adoc",
        "line": 21,
        "column": 17,
        "kind": "response",
        "case": "a.adoc::loose",
        "reason": "too long",
        "committed": None,
        "since": None,
    }


def test_a_page_without_skips() -> None:
    told = Project({"docs/a.adoc": page(asks(LOOK))}).run("skips", "docs")
    assert (told.code, told.out) == (0, "nothing is skipped\n")


def test_what_only_sounds_like_a_skip_is_none() -> None:
    marked = (
        asks(LOOK, "// TEST[skip_shard_failures]"),
        asks(LOOK, "// SPECGEN[requires:version>=8]"),
    )
    assert skips(Project({"docs/a.adoc": page(*marked)}), "docs") == []


def test_a_line_names_the_skips_of_its_case() -> None:
    project = Project({"docs/a.adoc": page(SKIPPED, *UNCOMPARED, NO_TEST)})
    assert [each["line"] for each in skips(project, "docs/a.adoc:12")] == [21]


def test_a_page_that_cannot_be_read_in_full_is_told() -> None:
    told = Project({"docs/a.adoc": page(SKIPPED, asks(LOOK, "// TEST[skp:x]"))}).run(
        "skips", "docs"
    )
    assert told.code == 3
    assert "docs/a.adoc:9:9: skipped skipped: not here" in told.out


@pytest.fixture
def repository() -> Project:
    """Skips of three ages, the oldest on the last page."""
    project = Project({"docs/c.adoc": page(SKIPPED)})
    git(project, "init", "-q")
    committed(project, day=100)
    project.write("docs/b.adoc", page(SKIPPED))
    committed(project, day=200)
    project.write("docs/c.adoc", "// a line more\n" + page(SKIPPED))
    committed(project, day=300)
    project.write("docs/a.adoc", page(SKIPPED))
    return project


def test_skips_are_sorted_by_their_age_in_git(repository: Project) -> None:
    found = skips(repository, "docs")
    assert [each["page"] for each in found] == ["c.adoc", "b.adoc", "a.adoc"]
    times = [each["since"] and each["since"]["time"] for each in found]
    assert times == ["1970-04-11T00:00:00Z", "1970-07-20T00:00:00Z", None]
    assert [each["committed"] for each in found] == [True, True, False]
    assert len(found[0]["since"]["commit"]) == 9
    lines = repository.run("skips", "docs").out.splitlines()
    assert lines[0].startswith("docs/c.adoc:10:9: skipped skipped: not here (since 1970-04-11, ")
    assert lines[0].endswith(f" days, {found[0]['since']['commit']})")
    assert lines[2] == "docs/a.adoc:9:9: skipped skipped: not here (not committed yet)"


def test_a_skip_that_was_changed_is_new(repository: Project) -> None:
    text = (repository.path / "docs/c.adoc").read_text(encoding="utf-8")
    repository.write("docs/c.adoc", text.replace("not here", "not there"))
    found = {each["page"]: each["committed"] for each in skips(repository, "docs")}
    assert found == {"a.adoc": False, "b.adoc": True, "c.adoc": False}


def test_the_age_of_a_skip_in_an_included_file(repository: Project) -> None:
    repository.write("docs/a.adoc", "= Books\n\ninclude::c.adoc[]\n")
    found = skips(repository, "docs/a.adoc", "--includes", "follow")
    assert [(each["page"], each["line"], each["case"].split("::")[0]) for each in found] == [
        ("c.adoc", 10, "a.adoc")
    ]
    assert found[0]["since"]["time"] == "1970-04-11T00:00:00Z"


def test_a_shallow_clone_knows_no_age_for_sure(repository: Project) -> None:
    clone = Project({})
    git(clone, "clone", "-q", "--depth", "1", f"file://{repository.path}", "clone")
    found = skips(clone, "clone/docs/c.adoc")
    assert found[0]["since"]["time"] == "1970-10-28T00:00:00Z"
    assert found[0]["since"]["or_before"] is True
    assert "since 1970-10-28 or before, " in clone.run("skips", "clone/docs/c.adoc").out
    assert skips(repository, "docs/c.adoc")[0]["since"]["or_before"] is False


@pytest.mark.parametrize(
    "name", ["--upload-pack=x.adoc", ":(top)a.adoc", "$(touch x).adoc", "é.adoc"]
)
def test_the_name_of_a_page_is_only_a_name(name: str) -> None:
    project = Project({f"docs/{name}": page(SKIPPED)})
    git(project, "init", "-q")
    assert [each["committed"] for each in skips(project, "docs")] == [False]
    committed(project, day=100)
    assert [each["committed"] for each in skips(project, "docs")] == [True]
    assert sorted(project.files()) == [f"docs/{name}"]


def test_the_text_of_a_page_cannot_pass_for_what_git_tells() -> None:
    forged = f"{'1' * 40} 1 1\rcommitter-time 1\n\r{'0' * 40} 9 9 1\nauthor-time 1\nboundary\n"
    project = Project({"docs/a.adoc": (forged + page(SKIPPED)).encode()})
    git(project, "init", "-q")
    committed(project, day=100)
    (found,) = skips(project, "docs")
    assert found["since"]["time"] == "1970-04-11T00:00:00Z"
    assert found["since"]["or_before"] is False


def test_a_repository_that_git_refuses_is_told_and_no_more(repository: Project) -> None:
    (repository.path / ".git/HEAD").write_text("no\n", encoding="utf-8")
    told = repository.run("skips", "docs")
    assert told.code == 0
    assert told.err.count("note: age: git says: fatal: ") == 1
    assert told.out.splitlines()[0] == "docs/a.adoc:9:9: skipped skipped: not here"


def test_without_git_there_is_no_age(repository: Project) -> None:
    told = repository.run("skips", "docs", PATH=str(Path(sys.executable).parent))
    assert told.err == "note: age needs git, which is not here\n"
    assert told.out.splitlines()[0] == "docs/a.adoc:9:9: skipped skipped: not here"


TRIED = {
    "docs/a.adoc": page(
        SKIPPED,
        asks("GET no-such-index", "// TEST[skip:no index]", name="fails"),
        asks("GET _nodes", "// TEST[skip:no setup]\n// TEST[setup:none]", name="blocked"),
        asks(LOOK, name="runs"),
    ),
}


def would(project: Project, *arguments: str) -> dict[str, list[str]]:
    """What would come of the skips, by the name of the case."""
    replayed = project.replay("docs", "--try-skipped", *arguments)
    return {
        each["case"]: [skip["would"] for skip in each["tried"]]
        for each in replayed.results
        if "tried" in each
    }


@pytest.mark.parametrize("workers", ["0", "2"])
def test_skipped_cases_are_tried_and_stay_skipped(workers: str) -> None:
    project = Project(TRIED)
    replayed = project.replay("docs", "--try-skipped", "-n", workers)
    plain = project.replay("docs", "-n", workers)
    assert replayed.outcomes == plain.outcomes
    assert replayed.outcomes["skipped"] == "skipped"
    assert replayed.told.code == plain.told.code
    for figure in ("passed", "skipped", "failed", "statuses_checked"):
        assert replayed.document["summary"][figure] == plain.document["summary"][figure]
    lines = replayed.told.err.splitlines()
    assert "docs/a.adoc:9:9: would pass now: take the skip out (not here)" in lines
    failing = "docs/a.adoc:15:9: still fails: line 13: expected status 200"
    assert [line for line in lines if line.startswith(failing[:30])] != []
    assert any(line.startswith("docs/a.adoc:21:9: cannot be judged: ") for line in lines)
    assert "3 skips tried: 1 would pass now" in lines
    assert lines[-1].startswith("1 passed")
    tried = {each["case"]: each["tried"] for each in replayed.results if "tried" in each}
    assert tried["skipped"] == [
        {
            "kind": "test",
            "file": "a.adoc",
            "line": 9,
            "column": 9,
            "reason": "not here",
            "would": "passed",
            "message": "",
        }
    ]
    assert "no such index [no-such-index]" in tried["fails"][0]["message"]
    assert all("tried" not in each for each in plain.results)


def test_a_response_is_compared_when_it_is_tried() -> None:
    right = asks(LOOK, name="right"), answers(RIGHT, "// TESTRESPONSE[skip:too long]")
    project = Project({"docs/a.adoc": page(*UNCOMPARED, *right)})
    replayed = project.replay("docs", "--try-skipped")
    assert replayed.told.code == 0
    assert replayed.outcomes == {"loose": "passed", "right": "passed"}
    assert replayed.document["summary"]["bodies_checked"] == 0
    assert would(project) == {"loose": ["failed"], "right": ["passed"]}
    message = replayed.results[0]["tried"][0]["message"]
    assert message.startswith("line 13: ")


def test_of_several_responses_each_has_its_own_answer() -> None:
    skip = "// TESTRESPONSE[skip:too long]"
    again = asks(LOOK, "// TEST[continued]")
    bodies = RIGHT, WRONG, RIGHT
    snippets = [part for body in bodies for part in (again, answers(body, skip))]
    project = Project({"docs/a.adoc": page(asks(LOOK, name="one"), *snippets)})
    assert would(project) == {"one": ["passed", "failed", "error"]}
    assert "its case fails before it: line " in project.run("run", "docs", "--try-skipped").out


def test_a_case_that_fails_later_says_nothing_against_a_response() -> None:
    right = answers(RIGHT, "// TESTRESPONSE[skip:too long]")
    later = asks("GET no-such-index", "// TEST[continued]")
    project = Project({"docs/a.adoc": page(asks(LOOK, name="one"), right, later)})
    assert would(project) == {"one": ["passed"]}


def test_only_what_was_chosen_is_tried() -> None:
    project = Project(TRIED)
    assert would(project, "-k", "skipped or runs") == {"skipped": ["passed"]}
    replayed = project.replay("docs/a.adoc:8", "--try-skipped")
    assert [each["case"] for each in replayed.results if "tried" in each] == ["skipped"]


def test_nothing_to_try() -> None:
    told = Project({"docs/a.adoc": page(asks(LOOK))}).run("run", "docs", "--try-skipped")
    assert told.code == 0
    assert "0 skips tried: none would pass now" in told.out


def test_a_case_that_is_not_applicable_cannot_be_tried() -> None:
    marker = "// TEST[skip:not here]\n// SPECGEN[requires:version>=99]"
    project = Project({"docs/a.adoc": page(asks(LOOK, marker, name="one"))})
    assert would(project) == {"one": ["skipped"]}
    told = project.run("run", "docs", "--try-skipped").out
    assert "docs/a.adoc:9:9: cannot be tried: not applicable to " in told


def test_what_was_tried_survives_a_merge() -> None:
    project = Project(TRIED)
    project.run("run", "docs", "--try-skipped", "--json", "1.json")
    told = project.run("merge", "1.json", "--json", "m.json")
    before, after = (document_of(told.files[name].decode()) for name in ("1.json", "m.json"))
    assert after["results"] == before["results"]
    assert "3 skips tried: 1 would pass now" in told.out


SEVERAL = {
    "docs/a.adoc": page(*[asks(LOOK, "// TEST[skip:why]") for _ in range(3)]),
    "docs/b.adoc": page(asks(LOOK), asks(LOOK, "// SPECGEN[requires:version>=99]")),
}


@pytest.mark.parametrize(("most", "code"), [(2, 1), (3, 0), (0, 1)])
def test_pages_may_skip_so_many_cases_and_no_more(most: int, code: int) -> None:
    told = Project(SEVERAL).run("run", "docs", "--max-skipped", str(most))
    assert told.code == code
    said = f"3 cases skipped by pages, {3 - most} more than --max-skipped {most}:"
    assert (said in told.out) is bool(code)
    assert ("  docs/a.adoc:6: why" in told.out) is bool(code)
    assert told.out.splitlines()[-1].startswith("1 passed")


def test_many_skipped_cases_are_counted_not_listed() -> None:
    many = page(*[asks(LOOK, "// TEST[skip:why]") for _ in range(12)])
    told = Project({"docs/a.adoc": many}).run("run", "docs", "--max-skipped", "0", "--quiet")
    assert told.code == 1
    assert told.out.count(": why") == 8
    assert "  and 4 more: `specgen skips` lists all" in told.out


def test_the_configuration_limits_skips_too() -> None:
    project = Project({**SEVERAL, "specgen.toml": "max-skipped = 2\n"})
    assert project.run("run", "docs").code == 1
    assert project.run("run", "docs", "--max-skipped", "3").code == 0
    project.run("run", "docs", "--max-skipped", "3", "--json", "1.json")
    assert project.run("merge", "1.json").code == 1
    assert project.run("merge", "1.json", "--max-skipped", "3").code == 0


@pytest.mark.parametrize("value", ["-1", '"2"', "true", "1.5"])
def test_a_limit_that_is_no_number(value: str) -> None:
    told = Project({**SEVERAL, "specgen.toml": f"max-skipped = {value}\n"}).run("run", "docs")
    assert told.code == 2
    assert "`max-skipped` must be a number, 0 or more" in told.err
