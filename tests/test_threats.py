"""Every test that docs/threats.md names exists, and every threat has one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs/threats.md"
ROW = re.compile(r"\| (?P<threat>[^|]+) \| `(?P<path>[^`|]+)::(?P<name>test_\w+)` \|")
USES = re.compile(r"^\s*-?\s*uses:\s*(?P<action>\S+)", re.MULTILINE)
PINNED = re.compile(r"\./.*|[\w./-]+@[0-9a-f]{40}|docker://.+@sha256:[0-9a-f]{64}")


def rows_of(text: str) -> Iterator[tuple[str, str]]:
    """The test of each row: its file and its name.

    Raises:
        ValueError: A row is no threat with a test.
    """
    for line in text.splitlines():
        if line.startswith("|") and not re.match(r"\|(---|.* \| test \|$)", line):
            found = ROW.fullmatch(line)
            if not found:
                raise ValueError(f"no threat and test: {line}")
            yield found["path"], found["name"]


def functions_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def missing(text: str) -> list[str]:
    return [
        f"{path}::{name}"
        for path, name in rows_of(text)
        if not (ROOT / path).is_file() or name not in functions_in(ROOT / path)
    ]


def test_every_test_of_the_table_exists() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert len(list(rows_of(text))) > 50
    assert missing(text) == []


def test_what_is_missing_is_seen() -> None:
    head = "| threat | test |\n|---|---|\n"
    gone = "| x | `tests/test_threats.py::test_gone` |\n"
    other = "| y | `tests/gone.py::test_x` |\n"
    assert missing(head + gone + other) == [
        "tests/test_threats.py::test_gone",
        "tests/gone.py::test_x",
    ]
    with pytest.raises(ValueError, match="no threat and test"):
        missing(f"{head}| z | by hand |\n")


def test_every_file_of_hostile_tests_is_in_the_table() -> None:
    named = {path for path, _ in rows_of(DOCUMENT.read_text(encoding="utf-8"))}
    files = {path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("*.py")}
    hostile = {path for path in files if re.search(r"/test_(hostile|trouble)\w*\.py$", path)}
    assert hostile
    assert hostile <= named


def loose(workflow: str) -> list[str]:
    """The actions of a workflow that are named by a branch or a tag, which may move."""
    actions = (found["action"] for found in USES.finditer(workflow))
    return [action for action in actions if not PINNED.fullmatch(action)]


def test_actions_of_workflows_are_pinned() -> None:
    workflows = [*ROOT.glob(".github/**/*.y*ml")]
    assert {str(path): loose(path.read_text("utf-8")) for path in workflows} == {
        str(path): [] for path in workflows
    }
    assert loose("- uses: a/b@v4\n  uses: a/c@main\n") == ["a/b@v4", "a/c@main"]
    assert loose(f"- uses: a/b@{'0' * 40}\n- uses: ./here\n") == []
