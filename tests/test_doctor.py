"""`specgen doctor`: what is there, and what is missing."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import pytest
from project import Project

from specgen.cli.doctor import TESTED


def test_what_is_needed_is_there() -> None:
    told = Project({"specgen.toml": 'pages = ["docs"]\nderive = true\n'}).run("doctor")
    assert told.code == 0
    assert "ok  embedded engine: noida-db" in told.out
    assert "ok  configuration: pages, derive" in told.out
    assert told.files == told.before


def test_what_is_missing_is_told_with_what_to_do(tmp_path: Path) -> None:
    nothing = {"PATH": str(tmp_path), "JAVA_HOME": "", "SPECGEN_MAVEN_URL": ""}
    told = Project({}).run("doctor", **nothing)
    assert told.code == 0
    assert "-  git: not there" in told.out
    assert "-  jars of real nodes: not there" in told.out
    assert "Set SPECGEN_MAVEN_URL" in told.out


def test_a_configuration_that_cannot_be_read_is_needed() -> None:
    told = Project({"specgen.toml": "pages = 1\n"}).run("doctor")
    assert told.code == 2
    assert "missing  configuration: not there" in told.out
    assert "`pages` must be a list of texts" in told.out


def test_an_engine_that_does_not_start(tmp_path: Path) -> None:
    package = tmp_path / "noida_db"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "noida-db").write_text("#!/bin/sh\nexit 3\n")
    (package / "noida-db").chmod(0o700)
    path = os.pathsep.join(filter(None, (str(tmp_path), os.environ.get("PYTHONPATH", ""))))
    told = Project({}).command("doctor", PYTHONPATH=path)
    assert told.code == 4
    assert "missing  embedded engine: not there" in told.out
    assert "ok  temporary folder" in told.out


def test_it_tells_whether_specgen_is_tested_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "system", lambda: TESTED[0].split()[0])
    monkeypatch.setattr(platform, "machine", lambda: TESTED[0].split()[1])
    monkeypatch.setattr(platform, "python_version", lambda: f"{TESTED[1]}.4")
    told = Project({}).run("doctor").out
    assert "ok  platform: Linux x86_64 with Python 3.11, where specgen is tested\n" in told
    monkeypatch.setattr(platform, "python_version", lambda: "3.14.0")
    told = Project({}).run("doctor").out
    assert "ok  platform: Linux x86_64 with Python 3.14, where specgen should work; tested" in told
