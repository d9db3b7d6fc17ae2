"""The GitHub action and the hooks of pre-commit: their own steps, run as far as can be here."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from pages import answers, asks, page
from project import Project

ROOT = Path(__file__).resolve().parents[1]
GOOD = page(asks("PUT books", name="made"))
MISSPELT = page(asks("PUT books", "// TEST[catsh:missing]"))
WRONG = page(asks("PUT books", name="made"), answers('{"acknowledged": false}'))
INPUT = re.compile(r"\$\{\{ inputs\.([\w-]+) \}\}")


def action() -> dict[str, Any]:
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    document: dict[str, Any] = yaml.safe_load(text)
    return document


def stepped(project: Project, **inputs: str) -> tuple[dict[str, int], str, str]:
    """Runs the action's own steps but the installation; a step that fails ends it."""
    folder = project.path / "bin"
    folder.mkdir()
    (folder / "specgen").write_text(f'#!/bin/sh\nexec {sys.executable} -m specgen "$@"\n')
    (folder / "specgen").chmod(0o700)
    summary = project.path / "summary.md"
    defaults = {name: str(each["default"]) for name, each in action()["inputs"].items()}
    given = defaults | {name.replace("_", "-"): value for name, value in inputs.items()}
    codes, printed = {}, ""
    for step in action()["runs"]["steps"]:
        if step.get("id") in {None, "install"}:
            continue
        mine = {k: INPUT.sub(lambda m: given[m[1]], v) for k, v in step["env"].items()}
        path = f"{folder}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=project.path,
            env={**os.environ, **mine, "PATH": path, "GITHUB_STEP_SUMMARY": str(summary)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        codes[step["id"]] = done.returncode
        printed += done.stdout + done.stderr
        if done.returncode:
            break
    return codes, printed, summary.read_text(encoding="utf-8") if summary.exists() else ""


def test_true_pages_pass() -> None:
    codes, _, summary = stepped(Project({"docs/a.adoc": GOOD}))
    assert codes == {"check": 0, "drift": 0}
    assert summary


def test_drift_fails_with_an_annotation_and_a_summary() -> None:
    project = Project({"docs/a.adoc": WRONG, "other/b.adoc": GOOD})
    codes, printed, summary = stepped(project, pages="docs other/b.adoc", sarif="drift.sarif")
    assert codes == {"check": 0, "drift": 1}
    assert "::error file=docs/a.adoc,line=13" in printed
    assert "acknowledged" in summary
    assert "drift.sarif" in project.files()
    # A branch of a stranger can hold links: nothing is written there but what is asked for.
    assert set(project.files()) - {"drift.sarif", "summary.md", "bin/specgen"} == {
        "docs/a.adoc",
        "other/b.adoc",
    }


def test_a_page_that_cannot_be_read_ends_it_before_anything_is_sent() -> None:
    project = Project({"docs/a.adoc": MISSPELT})
    codes, printed, _ = stepped(project)
    assert codes == {"check": 1}
    assert "::error" in printed


@pytest.mark.parametrize(("wanted", "installed"), [("", "the action"), ("a b.whl", "a b.whl")])
def test_the_action_installs_what_it_is_a_part_of(
    wanted: str, installed: str, tmp_path: Path
) -> None:
    (tmp_path / "python").write_text('#!/bin/sh\nfor each; do echo "$each"; done\n')
    (tmp_path / "python").chmod(0o700)
    (step,) = (each for each in action()["runs"]["steps"] if each.get("id") == "install")
    assert step["env"] == {"WANTED": "${{ inputs.install }}"}
    assert action()["inputs"]["install"]["default"] == ""
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        env={"PATH": path, "WANTED": wanted, "GITHUB_ACTION_PATH": "the action"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.splitlines() == ["-m", "pip", "install", "--quiet", installed]


def test_inputs_are_words_and_no_code() -> None:
    project = Project({"docs/a.adoc": GOOD})
    stepped(project, pages="docs $(touch harm) `touch harm`; touch harm", target="$(touch harm)")
    assert "harm" not in project.files()


def test_what_the_action_uses_is_pinned() -> None:
    uses = [step["uses"] for step in action()["runs"]["steps"] if "uses" in step]
    assert uses
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", each) for each in uses)
    assert not re.search(r"run:.*\$\{\{", (ROOT / "action.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("text", "code"), [(GOOD, 0), (MISSPELT, 1)])
def test_the_hooks_run_what_they_say(text: str, code: int) -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    entries = {each["id"]: each["entry"] for each in hooks}
    assert set(entries) == {"specgen-check", "specgen-generate"}
    project = Project({"docs/a.adoc": text})
    checked = project.run(*entries["specgen-check"].split()[1:], "docs/a.adoc")
    assert checked.code == code
    stale = project.run(*entries["specgen-generate"].split()[1:])
    assert stale.code == 1


def test_the_hooks_work_in_pre_commit() -> None:
    if shutil.which("git") is None:
        pytest.skip("git is not here")
    project = Project({"docs/a.adoc": WRONG})
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b.c"]
    config = """repos:
- repo: local
  hooks:
"""
    for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")):
        hook = {**hook, "language": "system", "entry": f"{sys.executable} -m {hook['entry']}"}
        config += "  - " + yaml.safe_dump(hook).replace("\n", "\n    ").rstrip() + "\n"
    (project.path / ".pre-commit-config.yaml").write_text(config, encoding="utf-8")
    subprocess.run([*git, "init", "-q"], cwd=project.path, check=True)
    subprocess.run([*git, "add", "."], cwd=project.path, check=True)
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "run", "--all-files"],
        cwd=project.path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert re.search(r"specgen check\.+Passed", done.stdout)
    assert re.search(r"specgen generate --check\.+Failed", done.stdout)
