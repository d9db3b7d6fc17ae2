"""Rendered modules under plain pytest, and sessions that have nothing to do with specgen."""

from __future__ import annotations

import ast
import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from pages import answers, asks, page
from project import Loopback, Project, Reply, Seen

pytest_plugins = ("pytester",)

SPECGEN = Path(__file__).resolve().parents[2] / "specgen"
COUNT = asks("PUT books\n\nGET books/_count?filter_path=count")
TRUE = page(COUNT, answers('{"count": 0}'))
FALSE = page(COUNT, answers('{"count": 7}'))


@pytest.fixture
def generated(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    for name in [name for name in os.environ if name.startswith(("SPECGEN_", "PYTEST_"))]:
        if name != "PYTEST_CURRENT_TEST":
            monkeypatch.delenv(name)
    return pytester


def render(pytester: pytest.Pytester, pages: Mapping[str, str]) -> None:
    project = Project({f"docs/{name}": text for name, text in pages.items()})
    told = project.run("generate", "docs", "--out", str(pytester.path / "generated_tests"))
    assert told.code == 0, told.text


def opened(pytester: pytest.Pytester) -> list[str]:
    """The addresses of the targets that the session's processes opened."""
    lines = [
        json.loads(line)
        for path in pytester.path.glob("events*")
        for line in path.read_text("utf-8").splitlines()
    ]
    return [line["info"]["url"] for line in lines if line["event"] == "TargetOpened"]


@pytest.mark.parametrize(("workers", "engines"), [((), 1), (("-n", "2"), 2)])
def test_plain_pytest_needs_no_option(
    generated: pytest.Pytester, workers: tuple[str, ...], engines: int
) -> None:
    render(generated, {"a/books.asciidoc": TRUE, "b/books.asciidoc": FALSE})
    result = generated.runpytest_subprocess(
        "generated_tests", "--strict-markers", "--specgen-events=events", *workers
    )
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["b/books.asciidoc:15:11: error[[]value[]] *", "*page: * 7"])
    assert len(set(opened(generated))) == engines
    assert "Traceback" not in result.stdout.str()


def test_the_summary_tells_where_the_cases_ran(generated: pytest.Pytester) -> None:
    render(generated, {"books.asciidoc": page(asks("GET _connector"))})
    result = generated.runpytest_subprocess("generated_tests")
    result.stdout.fnmatch_lines(
        ["specgen: replayed on embedded: *", "specgen: connector APIs: emulated by specgen"]
    )


def test_a_case_that_writes_is_skipped_on_a_target_that_is_only_read(
    generated: pytest.Pytester,
) -> None:
    render(generated, {"books.asciidoc": page(asks("GET _cat/indices"), asks("PUT books"))})
    result = generated.runpytest_subprocess("generated_tests", "--specgen-read-only", "-rs")
    result.assert_outcomes(passed=1, skipped=1)
    result.stdout.fnmatch_lines(["SKIPPED * read-only: PUT books would write"])


def empty(seen: Seen) -> Reply:
    """A cluster on which nothing stands and all goes well, but for what is called broken."""
    if seen.path in {"/", "/base/"}:
        return Reply(body=b'{"version": {"number": "8.15.3"}}')
    return Reply(500) if "broken" in seen.path else Reply()


def test_a_url_is_used_if_its_data_may_be_lost(generated: pytest.Pytester) -> None:
    render(generated, {"books.asciidoc": page(asks("PUT books"))})
    with Loopback(empty) as server:
        result = generated.runpytest_subprocess(
            "generated_tests", f"--specgen-target={server.url}/base", "--specgen-disposable"
        )
    result.assert_outcomes(passed=1)
    assert ("PUT", "/base/books") in [(seen.method, seen.path) for seen in server.seen]


def test_a_url_of_which_nobody_said_so_is_asked_once(generated: pytest.Pytester) -> None:
    render(generated, {"books.asciidoc": page(asks("PUT books"), asks("PUT shelf"))})
    with Loopback() as server:
        result = generated.runpytest_subprocess("generated_tests", f"--specgen-target={server.url}")
    assert result.ret == 4
    result.stdout.fnmatch_lines(["*not marked as disposable*"])
    assert [(seen.method, seen.path) for seen in server.seen] == [("GET", "/.specgen-disposable")]


BROKEN = {
    "setup": ("PUT broken", "PUT books", "DELETE books"),
    "case": ("PUT books", "PUT broken", "DELETE books"),
}


@pytest.mark.parametrize(("where", "outcome"), [("setup", "errors"), ("case", "failed")])
def test_the_teardown_of_a_page_runs_whatever_failed_before(
    generated: pytest.Pytester, where: str, outcome: str
) -> None:
    setup, case, teardown = BROKEN[where]
    text = page(asks(setup, "// TESTSETUP"), asks(teardown, "// TEARDOWN"), asks(case))
    render(generated, {"books.asciidoc": text})
    with Loopback(empty) as server:
        result = generated.runpytest_subprocess(
            "generated_tests", f"--specgen-target={server.url}", "--specgen-disposable"
        )
    result.assert_outcomes(**{outcome: 1})
    asked = [f"{seen.method} {seen.path[1:]}" for seen in server.seen]
    assert teardown in asked[asked.index("PUT broken") :]
    assert asked.count(case) == (where == "case")


TEARDOWN_FAILS = page(
    asks("PUT books", "// TESTSETUP"),
    asks("DELETE shelf\n\nDELETE desk", "// TEARDOWN"),
    asks("GET books/_count", name="true"),
    asks("GET books/_doc/1", name="false"),
)


def test_a_failing_teardown_is_told_beside_the_verdict(generated: pytest.Pytester) -> None:
    render(generated, {"books.asciidoc": TEARDOWN_FAILS})
    result = generated.runpytest_subprocess("generated_tests", "-rN")
    result.assert_outcomes(passed=1, failed=1, errors=2)
    assert result.stdout.str().count("no such index [shelf]") == 2
    assert result.stdout.str().count("no such index [desk]") == 2


def test_a_failing_teardown_replaces_no_verdict() -> None:
    replayed = Project({"docs/books.asciidoc": TEARDOWN_FAILS}).replay("docs")
    assert replayed.told.code == 1
    assert replayed.outcomes == {"true": "error", "false": "failed"}
    true, false = replayed.results
    assert true["reason"].startswith("teardown: expected success, the cluster answered 404")
    assert true["message"] == true["reason"]
    assert replayed.kinds("true") == ["setup", "setup"]
    assert replayed.kinds("false") == ["status", "setup", "setup"]
    assert false["message"] == false["findings"][0]["message"]


def test_a_failing_setup_is_an_error_and_told_as_that() -> None:
    text = page(asks("GET no-books", "// TESTSETUP"), asks("DELETE shelf", "// TEARDOWN"), COUNT)
    replayed = Project({"docs/books.asciidoc": text}).replay("docs")
    assert replayed.told.code == 1
    [result] = replayed.results
    assert result["outcome"] == "error"
    assert "the setup failed" in result["reason"]
    assert "no such index [no-books]" in result["reason"]
    assert [finding["line"] for finding in result["findings"]] == [7, 13]


def test_a_module_that_was_changed_by_hand_says_so(generated: pytest.Pytester) -> None:
    render(generated, {"books.asciidoc": page(COUNT)})
    module = generated.path / "generated_tests/test_books.py"
    text = module.read_text("utf-8")
    module.write_text(text + '    cluster.request("GET", "shelf")\n', "utf-8")
    result = generated.runpytest_subprocess("generated_tests")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["*test_books.py was changed by hand: run `specgen generate` again"]
    )


FOREIGN = """
import sys
import pytest

@pytest.fixture
def cluster():
    return "ours"

def test_has_nothing_to_do_with_specgen(cluster):
    assert cluster == "ours"
    assert "specgen.replay.session" not in sys.modules
    assert "specgen.target.embedded" not in sys.modules
"""


@pytest.mark.parametrize("options", [("--specgen-events=events",), ("-p", "no:specgen")])
def test_a_session_without_pages_is_left_alone(
    generated: pytest.Pytester, options: tuple[str, ...]
) -> None:
    generated.makepyfile(FOREIGN)
    result = generated.runpytest_subprocess("-W", "error", "--strict-markers", *options)
    result.assert_outcomes(passed=1)
    assert "specgen:" not in result.stdout.str()
    assert not list(generated.path.glob("events*"))


def test_tests_of_others_run_beside_pages(generated: pytest.Pytester) -> None:
    render(generated, {"books.asciidoc": TRUE})
    generated.makepyfile("def test_own(): pass\n\ndef test_lost(cluster): pass\n")
    result = generated.runpytest_subprocess()
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*`cluster` is for modules that specgen rendered from a page"])


def test_nothing_of_pytest_that_is_not_public_is_used() -> None:
    imported = {
        alias.name if isinstance(node, ast.Import) else node.module or ""
        for path in SPECGEN.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert "pytest" in imported
    assert not [name for name in imported if name.split(".")[0] == "_pytest"]
