"""What is shipped: wheel and source distribution hold what they should, and nothing else."""

from __future__ import annotations

import ast
import configparser
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from email.parser import HeaderParser
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from project import Project

from specgen.cli.doctor import TESTED

ROOT = Path(__file__).resolve().parents[1]
# What the wheel holds, and where that stands in the repository.
PACKAGED = {"specgen": "specgen", "specgen/_templates": "templates", "specgen/_specs": "specs"}


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def wheel(dist: Path) -> Iterator[zipfile.ZipFile]:
    (path,) = dist.glob("*.whl")
    with zipfile.ZipFile(path) as opened:
        yield opened


def build(source: Path, out: Path) -> Path:
    # The backend itself, since a build in isolation would go to the network for it.
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(out)]
    subprocess.run(command, cwd=source, check=True, capture_output=True, timeout=120)
    return out


def contents(wheel: zipfile.ZipFile) -> dict[str, bytes]:
    """Its files without the metadata, which stand in a folder named after the version."""
    names = (name for name in wheel.namelist() if ".dist-info/" not in name)
    return {name: wheel.read(name) for name in names}


def metadata(wheel: zipfile.ZipFile, name: str) -> str:
    (path,) = (each for each in wheel.namelist() if each.endswith(f".dist-info/{name}"))
    return wheel.read(path).decode("utf-8")


def test_the_wheel_holds_the_package_its_templates_and_its_pages(wheel: zipfile.ZipFile) -> None:
    expected = {}
    for inside, outside in PACKAGED.items():
        for path in (ROOT / outside).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                name = f"{inside}/{path.relative_to(ROOT / outside).as_posix()}"
                expected[name] = path.read_bytes()
    held = contents(wheel)
    assert sorted(held) == sorted(expected)
    assert held == expected


def test_the_wheel_holds_what_others_look_for(wheel: zipfile.ZipFile) -> None:
    names = wheel.namelist()
    assert "specgen/py.typed" in names
    assert "specgen/_templates/module.py.j2" in names
    assert "specgen/_templates/coverage.html.j2" in names
    assert "specgen/_specs/connector/check-in-connector.asciidoc" in names
    assert "Apache License" in metadata(wheel, "licenses/LICENSE")


def test_there_is_one_version(dist: Path, wheel: zipfile.ZipFile) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    mine = project["version"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", mine)
    names = {each.name for each in dist.iterdir()}
    assert names == {f"specgen-{mine}-py3-none-any.whl", f"specgen-{mine}.tar.gz"}
    assert HeaderParser().parsestr(metadata(wheel, "METADATA"))["Version"] == mine
    assert Project({}).run("--version").out == f"specgen, version {mine}\n"
    assert Project({}).run("doctor").out.startswith(f"specgen {mine}, Python ")
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (\S+?),? ", changes, re.MULTILINE)
    assert newest is not None
    assert newest[1] == mine


def test_where_it_is_tested_is_said_alike(wheel: zipfile.ZipFile) -> None:
    system, python = TESTED[0].split()[0], TESTED[1]
    told = HeaderParser().parsestr(metadata(wheel, "METADATA")).get_all("Classifier", [])
    assert [each for each in told if "Operating System" in each] == [
        f"Operating System :: POSIX :: {system}"
    ]
    pythons = [each for each in told if each.startswith("Programming Language :: Python :: 3")]
    assert pythons == [f"Programming Language :: Python :: {python}"]
    # What CI is given by `init` and by the action is what was tested.
    for name in ("action.yml", "templates/init/github.yml.j2", "templates/init/gitlab.yml.j2"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert re.findall(r'(?:(?:default|python-version): "|image: python:)(3\.\d+)', text) == [
            python
        ]


def test_the_entry_points_lead_somewhere(wheel: zipfile.ZipFile) -> None:
    points = configparser.ConfigParser()
    points.read_string(metadata(wheel, "entry_points.txt"))
    assert {name: dict(points[name]) for name in points.sections()} == {
        "console_scripts": {"specgen": "specgen.cli.main:main"},
        "pytest11": {
            "specgen": "specgen.replay.plugin",
            "specgen-pages": "specgen.cli.collecting",
        },
    }
    assert {
        "specgen/cli/main.py",
        "specgen/cli/collecting.py",
        "specgen/replay/plugin.py",
    } <= set(wheel.namelist())


def test_the_wheel_works_without_the_repository(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path / "installed")
    (tmp_path / "pages").mkdir()
    page = "== A page\n\n[source,console]\n----\nGET /\n----\n"
    (tmp_path / "pages/one.asciidoc").write_text(page, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "specgen", "generate", "pages", "--out", "modules"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "installed")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    module = (tmp_path / "modules/test_one.py").read_text(encoding="utf-8")
    assert 'cluster.request("GET", "")' in module


def test_the_source_distribution_builds_the_same_wheel(
    dist: Path, wheel: zipfile.ZipFile, tmp_path: Path
) -> None:
    (archive,) = dist.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        opened.extractall(tmp_path, filter="data")
    (source,) = tmp_path.iterdir()
    for name in ("README.md", "LICENSE", "Makefile", "specgen.toml", "generated_tests", "tests"):
        assert (source / name).exists()
    (again,) = build(source, tmp_path / "again").glob("*.whl")
    with zipfile.ZipFile(again) as rebuilt:
        assert contents(rebuilt) == contents(wheel)


def test_the_source_distribution_holds_what_git_has_and_nothing_else(dist: Path) -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("this is no checkout")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    known = set(os.fsdecode(listed.stdout).split("\0"))
    (archive,) = dist.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        members = [each for each in opened.getmembers() if not each.isdir()]
    held = {each.name.partition("/")[2] for each in members}
    assert all(each.isreg() for each in members)  # no link, no device
    unknown = held - known - {"PKG-INFO"}
    assert {name for name in unknown if not is_new(name)} == set()
    outside = {".ci/run", ".gitattributes", ".pre-commit-config.yaml"}
    assert known - held - {""} <= outside | gone_from(known)


def is_new(name: str) -> bool:
    """Whether git would take a file: one that is not ignored is only not committed yet."""
    asked = subprocess.run(["git", "check-ignore", "-q", name], cwd=ROOT, check=False)
    return asked.returncode == 1


def gone_from(known: set[str]) -> set[str]:
    return {name for name in known if not (ROOT / name).exists()}


def test_every_package_that_is_imported_is_declared(wheel: zipfile.ZipFile) -> None:
    required = HeaderParser().parsestr(metadata(wheel, "METADATA")).get_all("Requires-Dist", [])
    declared = {
        re.split(r"[^\w.-]", line)[0].lower() for line in required if "extra ==" not in line
    }
    owners = packages_distributions()
    imported = {name for path in (ROOT / "specgen").rglob("*.py") for name in imports(path)}
    foreign = imported - sys.stdlib_module_names - {"specgen"}
    assert {"pytest", "requests"} <= foreign
    assert {name for name in foreign if not declared & {o.lower() for o in owners[name]}} == set()


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").partition(".")[0]
