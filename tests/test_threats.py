"""Every test that docs/reference/threats.asciidoc names exists, and every threat has one."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from junitparser import JUnitXml
from project import Project
from threats import DOCUMENT, ROOT, results_of, threats_in

USES = re.compile(r"^\s*-?\s*uses:\s*(?P<action>\S+)", re.MULTILINE)
PINNED = re.compile(r"\./.*|[\w./-]+@[0-9a-f]{40}|docker://.+@sha256:[0-9a-f]{64}")


def functions_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def missing(text: str) -> list[str]:
    return [
        f"{path}::{name}"
        for _, path, name in threats_in(text)
        if not (ROOT / path).is_file() or name not in functions_in(ROOT / path)
    ]


def test_every_test_of_the_table_exists() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert len(list(threats_in(text))) > 100
    assert missing(text) == []


def test_what_is_missing_is_seen() -> None:
    head = "|===\n|threat |test\n"
    gone = "|x |`+tests/test_threats.py::test_gone+`\n"
    other = "|y |`+tests/gone.py::test_x+`\n"
    assert missing(head + gone + other) == [
        "tests/test_threats.py::test_gone",
        "tests/gone.py::test_x",
    ]
    with pytest.raises(ValueError, match="no threat and test"):
        missing(f"{head}|z |by hand\n")


def test_every_file_of_hostile_tests_is_in_the_table() -> None:
    named = {path for _, path, _ in threats_in(DOCUMENT.read_text(encoding="utf-8"))}
    files = {path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("*.py")}
    hostile = {path for path in files if re.search(r"/test_(hostile|trouble)\w*\.py$", path)}
    assert hostile
    assert hostile <= named


def loose(workflow: str) -> list[str]:
    """The actions of a workflow that are named by a branch or a tag, which may move."""
    actions = (found["action"] for found in USES.finditer(workflow))
    return [action for action in actions if not PINNED.fullmatch(action)]


def test_actions_of_workflows_are_pinned() -> None:
    workflows = {str(path): path.read_text("utf-8") for path in ROOT.glob(".github/**/*.y*ml")}
    workflows["action.yml"] = (ROOT / "action.yml").read_text("utf-8")
    written = Project({"README.md": ""}).run("init").files[".github/workflows/specgen.yml"]
    workflows["init"] = written.decode()
    guide = (ROOT / "docs/how-to/ci.asciidoc").read_text("utf-8")
    workflows["guide"] = guide.replace("@COMMIT", f"@{'0' * 40}")
    assert [each for text in workflows.values() for each in loose(text)] == []
    assert all("uses:" in workflows[name] for name in ("action.yml", "init", "guide"))
    assert loose("- uses: a/b@v4\n  uses: a/c@main\n") == ["a/b@v4", "a/c@main"]
    assert loose(f"- uses: a/b@{'0' * 40}\n- uses: ./here\n") == []


def test_what_came_of_a_threat_is_told_by_its_test() -> None:
    report = """<testsuites><testsuite>
        <testcase classname="tests.a.test_b" name="test_x[1]"/>
        <testcase classname="tests.a.test_b" name="test_x[2]"><failure/></testcase>
        <testcase classname="tests.a.test_b" name="test_y"><skipped/></testcase>
        <testcase classname="tests.a.test_b" name="test_z"><error/></testcase>
    </testsuite></testsuites>"""
    assert results_of(JUnitXml.fromstring(report)) == {
        ("tests/a/test_b.py", "test_x"): {"passed": 1, "failed": 1},
        ("tests/a/test_b.py", "test_y"): {"skipped": 1},
        ("tests/a/test_b.py", "test_z"): {"failed": 1},
    }
