"""What `specgen init` writes for CI: by the published schemas, and run as the services run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml
from pages import answers, asks, page
from project import Project

from specgen.starting.looking import look_at
from specgen.starting.origin import requirement_of
from specgen.starting.planning import new_files

ROOT = Path(__file__).resolve().parents[1]
GOOD = page(asks("PUT books", name="made"))
WRONG = page(asks("PUT books", name="made"), answers('{"acknowledged": false}'))
GITHUB, GITLAB = ".github/workflows/specgen.yml", ".gitlab/specgen.yml"
SCHEMAS = {GITHUB: "vendor.github-workflows", GITLAB: "vendor.gitlab-ci"}
SHELLS = {
    GITHUB: ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"],
    GITLAB: ["sh", "-e", "-c"],
}
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def prepared(name: str, text: str = GOOD) -> Project:
    """A repository that `init` was run in, with a page."""
    project = Project({"docs/a.adoc": text, **({".gitlab-ci.yml": ""} if name == GITLAB else {})})
    assert project.run("init").code == 0
    return project


def asked(schema: str, path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(path)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("name", [GITHUB, GITLAB])
def test_it_is_what_the_service_takes(name: str) -> None:
    project = prepared(name)
    path = project.path / name
    done = asked(SCHEMAS[name], path)
    assert done.returncode == 0, done.stdout
    for old, new in (("runs-on:", "run-on:"), ("script:", "scripts:")):
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert asked(SCHEMAS[name], path).returncode == 1


def test_the_action_is_what_the_service_takes(tmp_path: Path) -> None:
    assert asked("vendor.github-actions", ROOT / "action.yml").returncode == 0
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    (tmp_path / "action.yml").write_text(text.replace("using:", "use:"), encoding="utf-8")
    assert asked("vendor.github-actions", tmp_path / "action.yml").returncode == 1


@pytest.mark.parametrize(
    ("head", "branch"),
    [
        ("ref: refs/remotes/origin/8.x\n", "8.x"),
        ("ref: refs/remotes/origin/a]b\n", "main"),
        ("", "main"),
    ],
)
def test_it_runs_on_the_branch_that_clones_begin_with(head: str, branch: str) -> None:
    project = Project({".git/refs/remotes/origin/HEAD": head, "docs/a.adoc": GOOD})
    assert project.run("init").code == 0
    document = yaml.safe_load((project.path / GITHUB).read_text(encoding="utf-8"))
    # YAML 1.1 reads the key `on` as true.
    assert document[True]["push"] == {"branches": [branch]}


def script_of(name: str, project: Project) -> tuple[list[str], dict[str, str]]:
    """The lines that the service gives to a shell, and the variables that it sets."""
    document: dict[str, Any] = yaml.safe_load((project.path / name).read_text(encoding="utf-8"))
    if name == GITLAB:
        job = document["specgen"]
        return ["\n".join(job["script"])], job["variables"]
    steps = document["jobs"]["pages"]["steps"]
    return [step["run"] for step in steps if "run" in step], document["env"]


def served(name: str, project: Project, **given: str) -> tuple[int, str]:
    """Runs what the service would, with a `python` that writes down what it was to install."""
    folder = project.path / "bin"
    folder.mkdir()
    (folder / "specgen").write_text(f'#!/bin/sh\nexec {sys.executable} -m specgen "$@"\n')
    (folder / "python").write_text('#!/bin/sh\nfor each; do echo "$each"; done >"$INSTALLED"\n')
    for program in folder.iterdir():
        program.chmod(0o700)
    lines, variables = script_of(name, project)
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("SPECGEN_", "PYTEST_"))},
        **variables,
        "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
        "GITHUB_STEP_SUMMARY": str(project.path / "summary.md"),
        "INSTALLED": str(project.path / "installed"),
        **given,
    }
    printed = ""
    for line in lines:
        done = subprocess.run(
            [*SHELLS[name], line],
            cwd=project.path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        printed += done.stdout + done.stderr
        if done.returncode:
            return done.returncode, printed
    return 0, printed


@pytest.mark.parametrize("name", [GITHUB, GITLAB])
def test_true_pages_pass(name: str) -> None:
    project = prepared(name)
    code, printed = served(name, project, SPECGEN="specgen @ https://x.example/a b.whl")
    assert code == 0, printed
    installed = project.files()["installed"].decode().splitlines()
    assert installed == ["-m", "pip", "install", "specgen @ https://x.example/a b.whl"]


def test_drift_fails_on_github_with_an_annotation_and_a_summary() -> None:
    project = prepared(GITHUB, WRONG)
    code, printed = served(GITHUB, project, SPECGEN="x")
    assert code == 1
    assert "::error file=docs/a.adoc,line=13" in printed
    assert "acknowledged" in project.files()["summary.md"].decode()


def test_drift_fails_on_gitlab_with_the_report_that_it_looks_for() -> None:
    project = prepared(GITLAB, WRONG)
    code, _ = served(GITLAB, project, SPECGEN="x")
    assert code == 1
    document = yaml.safe_load((project.path / GITLAB).read_text(encoding="utf-8"))
    artifacts = document["specgen"]["artifacts"]
    assert artifacts["when"] == "always"
    report = ET.fromstring(project.files()[artifacts["reports"]["junit"]])
    assert [each.tag for each in report.iter("failure")] == ["failure"]


@pytest.mark.parametrize("name", [GITHUB, GITLAB])
def test_nothing_is_installed_before_somebody_says_from_where(name: str) -> None:
    project = prepared(name)
    code, printed = served(name, project, SPECGEN="")
    assert code != 0
    assert "must say where pip finds specgen" in printed
    assert "installed" not in project.files()


@pytest.mark.parametrize(
    ("written", "requirement"),
    [
        ({"url": "file:///home/ada/specgen", "dir_info": {"editable": True}}, ""),
        ({"url": "file:///tmp/specgen-0.1.0-py3-none-any.whl", "archive_info": {}}, ""),
        (
            {"url": "https://x.example/s-0.1.0.whl", "archive_info": {}},
            "specgen @ https://x.example/s-0.1.0.whl",
        ),
        (
            {
                "url": "https://x.example/s.git",
                "vcs_info": {"vcs": "git", "commit_id": COMMIT, "requested_revision": "main"},
            },
            f"specgen @ git+https://x.example/s.git@{COMMIT}",
        ),
        ({"url": 'https://x.example/"; harm', "archive_info": {}}, ""),
    ],
    ids=["folder", "file", "wheel", "git", "hostile"],
)
def test_it_installs_what_runs_here_if_others_can_reach_it(
    written: dict[str, object], requirement: str
) -> None:
    assert requirement_of(json.dumps(written)) == requirement
    (workflow,) = (
        each for each in new_files(look_at(Project({}).path), requirement) if each.path == GITHUB
    )
    assert yaml.safe_load(workflow.text)["env"] == {"SPECGEN": requirement}
    assert bool(workflow.todo) == (not requirement)


@pytest.mark.parametrize("text", [None, "", "no JSON"])
def test_an_index_is_no_origin(text: str | None) -> None:
    assert requirement_of(text) == ""
