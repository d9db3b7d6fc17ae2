"""The options of `specgen run`: which cases, how many, in what order, and what is written."""

from __future__ import annotations

import shutil
import subprocess
import xml.etree.ElementTree as ET

import pytest
from pages import answers, asks, page
from project import Project, document_of

LOOK = "GET _cluster/health?filter_path=status"
FALSE = asks("GET no-such-index", name="false")
TRUE = asks(LOOK, name="true")
PAGES = {
    "docs/a.asciidoc": page(TRUE, FALSE),
    "docs/b/c.asciidoc": page(asks(LOOK, name="first"), asks(LOOK, name="second")),
    "docs/b/d.asciidoc": page(asks("PUT books"), answers('{"acknowledged": false}')),
    "docs/e.asciidoc": "= Nothing\n\nto see.\n",
    "docs/f.asciidoc": page(asks(LOOK, "// TEST[skip:not here]")),
}
ALL = [
    "a.asciidoc::true",
    "a.asciidoc::false",
    "b/c.asciidoc::first",
    "b/c.asciidoc::second",
    "b/d.asciidoc::books",
    "f.asciidoc::books",
]


@pytest.fixture(scope="module")
def project() -> Project:
    return Project(PAGES)


@pytest.mark.parametrize("workers", ["0", "2"])
def test_results_are_in_page_and_case_order(project: Project, workers: str) -> None:
    replayed = project.replay("docs", "-n", workers)
    assert [each["id"] for each in replayed.results] == ALL
    outcomes = ["passed", "failed", "passed", "passed", "failed", "skipped"]
    assert [each["outcome"] for each in replayed.results] == outcomes
    assert replayed.told.code == 1
    summary = replayed.document["summary"]
    assert {name: summary[name] for name in ("cases", "passed", "failed", "error", "skipped")} == {
        "cases": 6,
        "passed": 3,
        "failed": 2,
        "error": 0,
        "skipped": 1,
    }
    assert summary["pages_without_tests"] == ["e.asciidoc", "f.asciidoc"]
    assert replayed.told.err.splitlines()[-1].startswith("2 failed, 3 passed (0 with the body")


def test_a_run_leaves_nothing_behind_but_what_was_asked_for(project: Project) -> None:
    told = project.run("run", "docs/b", "--out", "modules", "--junit", "j.xml", "--json", "r.json")
    written = sorted(told.files.keys() - told.before.keys())
    assert written == [
        "j.xml",
        "modules/__init__.py",
        "modules/test_c.py",
        "modules/test_d.py",
        "r.json",
    ]
    assert len(document_of(told.files["r.json"].decode())["results"]) == 3
    for name in ("modules", "j.xml", "r.json"):
        path = project.path / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert project.run("run", "docs/b/c.asciidoc").diff == ""


def test_junit_has_a_suite_for_each_page(project: Project) -> None:
    told = project.run("run", "docs", "--junit", "out/j.xml")
    root = ET.fromstring(told.files["out/j.xml"])
    assert root.attrib | {"tests": "6", "failures": "2", "errors": "0"} == root.attrib
    suites = {suite.attrib["name"]: suite for suite in root.iter("testsuite")}
    assert list(suites) == ["a.asciidoc", "b/c.asciidoc", "b/d.asciidoc", "f.asciidoc"]
    failure = suites["a.asciidoc"].find("testcase/failure")
    assert failure is not None
    assert "no such index [no-such-index]" in failure.attrib["message"]
    assert (failure.text or "").startswith("a.asciidoc:13:1: error[status]")
    skipped = suites["f.asciidoc"].find("testcase/skipped")
    assert skipped is not None
    assert skipped.attrib["message"] == "not here"
    shutil.rmtree(project.path / "out")


def test_all_workers_stop_when_enough_has_failed() -> None:
    false = [asks("GET no-such-index", name=f"c{number}") for number in range(30)]
    project = Project({f"docs/{name}.asciidoc": page(*false) for name in "abcd"})
    results = project.replay("docs", "-n", "2", "--maxfail", "3").results
    failed = [each for each in results if each["outcome"] == "failed"]
    assert 3 <= len(failed) < 60
    rest = [each for each in results if each not in failed]
    assert {(each["outcome"], each["reason"]) for each in rest} == {
        ("skipped", "not run: stopped by --maxfail 3")
    }


def test_junit_tells_what_a_pass_is_worth() -> None:
    health = '{"status": "green"}'
    text = page(
        asks(LOOK, name="whole") + answers(health),
        asks(LOOK, name="part") + answers(health, "// SPECGEN[shape]"),
        asks(LOOK, name="bare"),
    )
    told = Project({"docs/a.asciidoc": text}).run("run", "docs", "--junit", "j.xml")
    cases = ET.fromstring(told.files["j.xml"]).iter("testcase")
    assert {case.attrib["name"]: case.findtext("system-out") for case in cases} == {
        "whole": None,
        "part": "passed, but a response was compared in part",
        "bare": "passed, but only statuses were checked",
    }


def test_junit_holds_what_xml_cannot() -> None:
    text = page(
        asks("PUT books/_doc/1?refresh\n{}\n\nGET books/_source/1"),
        answers('{"a": "\\u0001 <&]]>"}'),
    )
    told = Project({"docs/a.asciidoc": text}).run("run", "docs", "--junit", "j.xml")
    case = ET.fromstring(told.files["j.xml"]).find("testsuite/testcase/failure")
    assert case is not None
    assert "<&]]>" in str(case.attrib["message"])


@pytest.mark.parametrize(
    ("options", "ids", "code"),
    [
        (["docs", "-k", "true or first"], [ALL[0], ALL[2]], 0),
        (["docs", "-k", "not false and not books"], [ALL[0], ALL[2], ALL[3]], 0),
        (["docs", "-k", "nowhere"], [], 0),
        (["docs/a.asciidoc:7"], [ALL[0]], 0),
        (["docs/a.asciidoc:14", "docs/b/c.asciidoc"], [ALL[1], ALL[2], ALL[3]], 1),
        (["docs/**/c.asciidoc"], ["c.asciidoc::first", "c.asciidoc::second"], 0),
        (["docs/b", "--docs-root", "."], ["docs/" + each for each in ALL[2:5]], 1),
    ],
)
def test_which_cases_are_run(
    project: Project, options: list[str], ids: list[str], code: int
) -> None:
    replayed = project.replay(*options)
    assert [each["id"] for each in replayed.results] == ids
    assert replayed.told.code == code


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (1, " docs/0.adoc\n"),
        (2, " docs/0.adoc, docs/1.adoc\n"),
        (3, "\n  docs/0.adoc\n  docs/1.adoc\n  docs/2.adoc\n"),
        (
            9,
            "\n  docs/0.adoc"
            + "".join(f"\n  docs/{i}.adoc" for i in range(1, 8))
            + "\n  and 1 more\n",
        ),
    ],
)
def test_pages_without_a_request_can_be_read_as_a_list(count: int, told: str) -> None:
    silent = page(asks("PUT books", "// TEST[skip:no paper]"))
    err = Project({f"docs/{index}.adoc": silent for index in range(count)}).run("run", "docs").text
    assert f"no request sent, so nothing checked:{told}" in err


def test_a_word_that_selects_nothing_is_told(project: Project) -> None:
    assert "-k: no case of these pages is selected by 'nowhere'" in (
        project.replay("docs", "-k", "nowhere").told.err
    )
    assert "-k: no case" not in project.replay("docs", "-k", "first").told.err


def test_what_is_not_run_after_enough_failures_is_told(project: Project) -> None:
    replayed = project.replay("docs", "--maxfail", "1")
    assert [each["id"] for each in replayed.results] == ALL
    assert [each["outcome"] for each in replayed.results[:2]] == ["passed", "failed"]
    reasons = {each["reason"] for each in replayed.results[2:]}
    assert reasons == {"not run: stopped by --maxfail 1"}
    assert {each["outcome"] for each in replayed.results[2:]} == {"skipped"}
    assert replayed.told.code == 1


def test_shards_are_all_cases_each_once(project: Project) -> None:
    parts = [project.replay("docs", "--shard", f"{index}/3") for index in (1, 2, 3)]
    ids = [[each["id"] for each in part.results] for part in parts]
    assert all(ids)
    assert sorted(id for part in ids for id in part) == sorted(ALL)
    silent = [name for part in parts for name in part.document["summary"]["pages_without_tests"]]
    assert sorted(silent) == ["e.asciidoc", "f.asciidoc"]


def test_a_page_that_cannot_be_read_is_told_by_one_shard() -> None:
    broken = "// TEST[continued]\n"
    project = Project({"docs/a.asciidoc": page(TRUE), "docs/b.asciidoc": broken})
    assert sorted(project.run("run", "docs", "--shard", f"{i}/2").code for i in (1, 2)) == [0, 3]


@pytest.mark.parametrize(
    ("name", "code"), [("a", 0), ("e", 1), ("f", 1)], ids=["sends", "says-nothing", "skips-all"]
)
def test_pages_without_tests_can_be_forbidden(name: str, code: int) -> None:
    text = {"a": page(TRUE), "e": PAGES["docs/e.asciidoc"], "f": PAGES["docs/f.asciidoc"]}[name]
    project = Project({"docs/a.asciidoc": text})
    assert project.run("run", "docs", "--require-tests").code == code
    assert project.run("run", "docs").code == 0


def test_only_pages_that_changed(project: Project) -> None:
    def git(*arguments: str) -> None:
        identity = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        subprocess.run(["git", *identity, *arguments], cwd=repository.path, check=True)

    repository = Project(
        {
            "docs/same.asciidoc": page(TRUE),
            "docs/changed.asciidoc": page(TRUE),
            "docs/includes.asciidoc": page(TRUE) + "\ninclude::parts/part.adoc[]\n",
            "docs/loses.asciidoc": page(TRUE) + "\ninclude::parts/gone.adoc[]\n",
            "docs/parts/part.adoc": "one\n",
            "docs/parts/gone.adoc": "two\n",
        }
    )
    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "-m", "pages")
    assert repository.replay("docs", "--changed-since", "HEAD").results == []
    repository.write("docs/changed.asciidoc", page(TRUE) + "more\n")
    repository.write("docs/new.asciidoc", page(TRUE))
    repository.write("docs/parts/part.adoc", "two\n")
    (repository.path / "docs/parts/gone.adoc").unlink()
    replayed = repository.replay("docs", "--changed-since", "HEAD")
    pages = [each["page"].removesuffix(".asciidoc") for each in replayed.results]
    assert pages == ["changed", "includes", "loses", "new"]


def test_a_commit_that_is_not_there() -> None:
    told = Project({"docs/a.asciidoc": page(TRUE)}).run("run", "docs", "--changed-since", "v1")
    assert told.code == 2
    assert "--changed-since" in told.err


def test_the_configuration_names_what_no_option_does() -> None:
    project = Project(
        {
            "specgen.toml": 'pages = ["reference"]\ndefine = {path = "_cluster/health"}\n',
            "reference/a.asciidoc": page(asks("GET {path}")),
            "docs/b.asciidoc": page(asks("GET no-such-index")),
        }
    )
    assert project.replay().told.code == 0
    assert project.replay("--define", "path=no-such-index").told.code == 1


def test_another_order_gives_the_same_results(project: Project) -> None:
    told = project.run("run", "docs", "--shuffle", "3", "--verbose")
    lines = [line.split() for line in told.out.splitlines() if "docs/" in line and " s" in line]
    ran = [f"{line[1]} {line[2]}" for line in lines if line[-1] == "s"]
    assert len(ran) == len(ALL)
    assert ran != sorted(ran)
    shuffled = project.replay("docs", "--shuffle", "3")
    plain = project.replay("docs")
    outcomes = [[each["outcome"] for each in told.results] for told in (shuffled, plain)]
    assert [each["id"] for each in shuffled.results] == ALL
    assert outcomes[0] == outcomes[1]
