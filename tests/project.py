"""A folder of pages, and specgen run in it: what a user would see and find afterwards.

    project = Project({"docs/get.asciidoc": PAGE})
    told = project.run("run", "docs")
    assert told.code == 0, told.text

`run` stays in this process; `start` is for tests in which the process itself matters. Every
JSON result of a run is held against its schema. Durations are told as `0.00 s`.
"""

from __future__ import annotations

import contextlib
import difflib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from specgen.cli.main import run as run_specgen

sys.path.append(str(Path(__file__).resolve().parent / "target"))
from loopback import CLUSTER, Loopback, Reply, Seen, cluster

__all__ = [
    "CLUSTER",
    "SHARED",
    "Finding",
    "Loopback",
    "Project",
    "Replayed",
    "Reply",
    "Seen",
    "Told",
    "cluster",
    "corpus_pages",
    "seed_page",
]

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
SCHEMA = json.loads((ROOT / "specgen/schemas/run.schema.json").read_text(encoding="utf-8"))
SETTINGS = {"COLUMNS": "80", "NO_COLOR": "1"}

Finding = dict[str, Any]


def seed_page() -> str:
    """The page that specgen was made for; skips where it is not at hand."""
    path = SHARED / "corpus/seed/check-in-connector-api.asciidoc"
    if not path.is_file():
        pytest.skip("no shared/corpus here")
    return path.read_text(encoding="utf-8")


def corpus_pages(project: Project, count: int) -> tuple[str, str]:
    """Copies about so many pages, spread over the corpus of 2018, to `docs` of a project.

    Returns:
        The options that name their setups.
    """
    root = SHARED / "corpus/es2018"
    if not root.is_dir():
        pytest.skip("no shared/corpus here")
    pages = sorted((root / "docs").rglob("*.asciidoc"))
    for path in pages[:: len(pages) // count]:
        name = path.relative_to(root).as_posix()
        project.write(name, path.read_bytes())
    project.write("setups.json", (root / "setups.json").read_bytes())
    return "--setups", "setups.json"


@dataclass(frozen=True)
class Told:
    """What came of a command: its exit code, its output, and the files it found and left."""

    code: int
    out: str
    err: str
    before: Mapping[str, bytes]
    files: Mapping[str, bytes]

    @property
    def text(self) -> str:
        return self.err + self.out

    @property
    def diff(self) -> str:
        """What the command did to the files, as a unified diff."""
        lines: list[str] = []
        for name in sorted({*self.before, *self.files}):
            old, new = self.before.get(name, b""), self.files.get(name, b"")
            lines += difflib.unified_diff(
                old.decode().splitlines(keepends=True),
                new.decode().splitlines(keepends=True),
                f"a/{name}",
                f"b/{name}",
            )
        return "".join(lines)


@dataclass(frozen=True)
class Replayed:
    """A run with `--json -`: what it told, and its document, which fits the schema."""

    told: Told
    document: dict[str, Any]

    @property
    def results(self) -> list[dict[str, Any]]:
        return list(self.document["results"])

    @property
    def outcomes(self) -> dict[str, str]:
        """Outcomes by the name of the case, as the reference calls it."""
        return {each["case"]: each["outcome"] for each in self.results}

    @property
    def findings(self) -> list[Finding]:
        return [finding for each in self.results for finding in each["findings"]]

    def kinds(self, case: str) -> list[str]:
        found = next(each for each in self.results if each["case"] == case)
        return [finding["kind"] for finding in found["findings"]]


class Project:
    """Files in a temporary folder that goes away with the object."""

    def __init__(self, files: Mapping[str, str | bytes]) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="specgen-test-"))
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)
        for name, text in files.items():
            self.write(name, text)

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def files(self) -> dict[str, bytes]:
        paths = (path for path in sorted(self.path.rglob("*")) if ".git" not in path.parts)
        return {
            path.relative_to(self.path).as_posix(): path.read_bytes()
            for path in paths
            if path.is_file() and "__pycache__" not in path.parts
        }

    def run(self, *arguments: str, **environment: str) -> Told:
        """Runs specgen in this process, in the project's folder."""
        before, out, err = self.files(), io.StringIO(), io.StringIO()
        streams = (contextlib.redirect_stdout(out), contextlib.redirect_stderr(err))
        with self._place(environment), streams[0], streams[1]:
            code = run_specgen(arguments)
        return Told(code, out.getvalue(), err.getvalue(), before, self.files())

    def replay(self, *arguments: str, **environment: str) -> Replayed:
        """`specgen run … --json -`."""
        told = self.run("run", *arguments, "--json", "-", **environment)
        assert told.out, told.err
        return Replayed(told, document_of(told.out))

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Starts specgen in a process of its own; whoever asks for it waits for its end."""
        return subprocess.Popen(
            [sys.executable, "-m", "specgen", *arguments],
            cwd=self.path,
            env={**_surroundings(), **SETTINGS, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def command(self, *arguments: str, **environment: str) -> Told:
        """Runs specgen in a process of its own."""
        before, process = self.files(), self.start(*arguments, **environment)
        out, err = process.communicate(timeout=60)
        return Told(process.returncode, out, err, before, self.files())

    @contextlib.contextmanager
    def _place(self, environment: Mapping[str, str]) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.path)
            patch.setattr("specgen.drift.report.terminal.elapsed", lambda _: "0.00 s")
            for name in os.environ.keys() - _surroundings().keys():
                patch.delenv(name)
            for name, value in {**SETTINGS, **environment}.items():
                patch.setenv(name, value)
            yield


def document_of(text: str) -> dict[str, Any]:
    """A JSON result of a run that fits its schema."""
    document: dict[str, Any] = json.loads(text)
    jsonschema.validate(document, SCHEMA, jsonschema.Draft202012Validator)
    return document


def _surroundings() -> dict[str, str]:
    """The environment without what would change how specgen or pytest behave."""
    ours = ("SPECGEN_", "PYTEST_", "FORCE_COLOR", "COV_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}
