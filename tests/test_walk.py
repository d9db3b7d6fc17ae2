"""What somebody does on the first day: the wheel, `init`, a run, a lie, and its mending."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from project import Project

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("document/get-document.asciidoc", "indices/delete-index.asciidoc")
SHELF = """= A shelf

[source,console]
----
GET shelf/_count
----
// TEST[setup:shelf]

[source,console-result]
----
{
  "count": 1,
  "_shards": {"total": 1, "successful": 1, "skipped": 0, "failed": 0}
}
----
"""
SETUP = """
  - do:
      index:
        index: shelf
        id: 1
        refresh: true
        body: {title: tides}
"""


class Newcomer:
    """A repository of pages, and a specgen that was installed from its wheel."""

    def __init__(self, installed: Path) -> None:
        texts = {f"docs/api/{name}": (ROOT / "specs" / name).read_bytes() for name in PAGES}
        mine = {
            "docs/api/shelf.adoc": SHELF.encode(),
            "docs/setups.json": json.dumps({"setups": {"shelf": SETUP}}).encode(),
        }
        named = {"docs/attributes.txt": (ROOT / "specs/attributes.txt").read_bytes()}
        self.project = Project({**texts, **mine, **named})
        self.program = installed / "bin/specgen"
        keep = {k: v for k, v in os.environ.items() if not k.startswith(("SPECGEN_", "PYTEST_"))}
        self.environment = {**keep, "PYTHONPATH": str(installed), "NO_COLOR": "1"}

    def types(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.program), *words],
            cwd=self.project.path,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the wheel holds; what it needs is there already."""
    folder = tmp_path_factory.mktemp("walk")
    python = [sys.executable, "-m"]
    built = ["hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run([*python, *built], cwd=ROOT, check=True, capture_output=True, timeout=120)
    (wheel,) = folder.glob("*.whl")
    into = ["pip", "install", "--quiet", "--no-index", "--no-deps", "--target"]
    subprocess.run(
        [*python, *into, str(folder / "installed"), str(wheel)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return folder / "installed"


def test_from_the_wheel_to_a_page_that_is_mended(installed: Path) -> None:
    newcomer = Newcomer(installed)
    begun = newcomer.types("init")
    assert begun.returncode == 0, begun.stderr
    assert "3 pages have examples, below docs/api" in begun.stdout
    assert "next: `specgen run`" in begun.stdout
    files = newcomer.project.files()
    config = tomllib.loads(files["specgen.toml"].decode())
    assert (config["setups"], config["attributes"]) == ("docs/setups.json", "docs/attributes.txt")
    assert ".github/workflows/specgen.yml" in files

    first = newcomer.types("run")
    assert first.returncode == 0, first.stdout + first.stderr
    assert " passed" in first.stdout

    path = newcomer.project.path / "docs/api/shelf.adoc"
    path.write_text(SHELF.replace('"count": 1', '"count": 7'), encoding="utf-8")
    found = newcomer.types("run")
    assert found.returncode == 1
    assert "docs/api/shelf.adoc:12:12: error[value]" in found.stdout
    assert "1 failed" in found.stdout

    assert newcomer.types("drift", "--update").returncode == 0
    assert newcomer.project.files() == files
    assert newcomer.types("run").returncode == 0


def test_many_red_cases_lead_to_their_causes(installed: Path) -> None:
    newcomer = Newcomer(installed)
    asked = "".join(
        f"[source,console]\n----\nGET nowhere-{number}/_count\n----\n\n" for number in range(9)
    )
    newcomer.project.write("docs/api/nowhere.adoc", f"= Nowhere\n\n{asked}")
    told = newcomer.types("run", "docs/api/nowhere.adoc")
    assert told.returncode == 1
    assert "`specgen drift` tells what these 9 red cases have in common" in told.stdout
    few = newcomer.types("run", "docs/api/nowhere.adoc:5")
    assert few.returncode == 1
    assert "specgen drift" not in few.stdout
