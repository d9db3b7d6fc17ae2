"""`specgen init`: what a repository lacks is written, what it has stays."""

from __future__ import annotations

import tomllib

import pytest
import yaml
from pages import asks, page
from project import Project

EXAMPLE = page(asks("PUT books"))


def test_an_empty_repository_can_run_at_once() -> None:
    project = Project({"README.md": "# Books\n"})
    told = project.run("init")
    assert told.code == 0
    assert sorted(told.files) == [
        ".github/workflows/specgen.yml",
        "README.md",
        "docs/first-page.asciidoc",
        "specgen.toml",
    ]
    ran = Project(dict(told.files)).run("run")
    assert ran.code == 0, ran.err
    assert "2 passed" in ran.err + ran.out
    checked = Project(dict(told.files)).run("check")
    assert checked.code == 0, checked.err


def test_pages_with_examples_are_found_and_no_page_is_added() -> None:
    files = {
        "guide/api/books.adoc": EXAMPLE,
        "guide/api/new/shelves.asciidoc": EXAMPLE,
        "notes/plan.adoc": "= Plan\n\nNo example.\n",
        "guide/attributes.txt": "// All versions.\n:version: 8.15.3\n",
        "guide/setups/shelf.console": "PUT shelf\n",
        "node_modules/other/page.adoc": EXAMPLE,
    }
    told = Project(files).run("init")
    config = tomllib.loads(told.files["specgen.toml"].decode())
    assert config == {
        "pages": ["guide/api"],
        "docs-root": "guide/api",
        "attributes": "guide/attributes.txt",
        "setups": "guide/setups",
    }
    assert "docs/first-page.asciidoc" not in told.files
    assert "2 pages have examples, below guide/api" in told.out


def test_a_file_of_setups_is_found_and_none_is_guessed() -> None:
    setups = '{"setups": {"shelf": "- do:\\n    indices.create:\\n      index: shelf\\n"}}'
    more = {
        "package-setup.json": '{"setups": ["a"]}',
        "setup.json": "no JSON",
        "docs/a.adoc": EXAMPLE,
    }
    told = Project({"setups.json": setups, **more}).run("init")
    assert tomllib.loads(told.files["specgen.toml"].decode())["setups"] == "setups.json"
    told = Project(more).run("init")
    assert "setups" not in tomllib.loads(told.files["specgen.toml"].decode())


def test_what_is_left_to_do_is_told() -> None:
    told = Project({".gitlab-ci.yml": "", "docs/a.adoc": EXAMPLE}).run("init")
    assert 'to do: .gitlab/specgen.yml: add `include: ".gitlab/specgen.yml"` to' in told.out
    assert told.out.splitlines()[-1].startswith("next: `specgen run`")


@pytest.mark.parametrize(
    "name",
    [
        'gu"ide',
        "a\nb = 1",
        "x\\y",
        "it's",
        '"]\nhostile = ["',
        "${{ github.token }}",
        "x\x1b[2J",
        "-rf",
    ],
)
def test_names_of_a_repository_are_text_in_what_is_written(name: str) -> None:
    project = Project({f"{name}/deep/a.adoc": EXAMPLE, f"{name}/attributes.txt": ":a: b\n"})
    told = project.run("init")
    assert told.code == 0
    config = tomllib.loads(told.files["specgen.toml"].decode())
    assert config["pages"] == [f"{name}/deep"]
    assert config["attributes"] == f"{name}/attributes.txt"
    assert "github.token" not in told.files[".github/workflows/specgen.yml"].decode()
    assert [c for c in told.text if not c.isprintable() and c != "\n"] == []
    assert project.run("run").code == 0


def test_every_proposal_in_the_configuration_is_one() -> None:
    told = Project({}).run("init")
    lines = told.files["specgen.toml"].decode().splitlines()
    proposals = [
        line[2:] for line in lines if line[:2] == "# " and (" = " in line or line == "# [define]")
    ]
    text = "\n".join(line for line in lines if line and not line.startswith("#"))
    files = {"specgen.toml": text + "\n" + "\n".join(proposals), "docs/attributes.txt": ":a: b\n"}
    files |= {"docs/setups/a.console": "PUT a\n", "docs/a.adoc": EXAMPLE}
    assert len(proposals) == 8
    assert Project(files).run("parse", "docs").code == 0


@pytest.mark.parametrize("name", ["specgen.toml", ".github/workflows/specgen.yml"])
def test_what_is_there_stays(name: str) -> None:
    told = Project({name: "# mine\n", "docs/a.adoc": EXAMPLE}).run("init")
    assert told.files[name] == b"# mine\n"
    assert f"{name} is there already, and stays" in told.out


def test_a_configuration_in_pyproject_is_one() -> None:
    shared = '[tool.specgen]\npages = ["docs"]\n'
    told = Project({"pyproject.toml": shared, "docs/a.adoc": EXAMPLE}).run("init")
    assert "specgen.toml" not in told.files
    assert "pyproject.toml configures specgen already" in told.out


def test_a_second_time_writes_nothing() -> None:
    first = Project({}).run("init")
    second = Project(dict(first.files)).run("init")
    assert second.files == second.before
    assert "nothing to write" in second.out


def test_a_dry_run_shows_all_and_writes_nothing() -> None:
    told = Project({"docs/a.adoc": EXAMPLE}).run("init", "--dry-run")
    assert told.files == told.before
    assert "would write specgen.toml" in told.out
    assert '    pages = ["docs"]' in told.out


@pytest.mark.parametrize(
    ("files", "path"),
    [({}, ".github/workflows/specgen.yml"), ({".gitlab-ci.yml": ""}, ".gitlab/specgen.yml")],
    ids=["github", "gitlab"],
)
def test_checks_run_what_a_person_would(files: dict[str, str], path: str) -> None:
    told = Project(files).run("init")
    text = told.files[path].decode()
    assert yaml.safe_load(text)
    assert "specgen check" in text
    assert all("@" not in line or len(line.split("@")[1].split()[0]) == 40
               for line in text.splitlines() if "uses:" in line)  # fmt: skip


def test_a_folder_that_cannot_be_written_to_is_told() -> None:
    told = Project({".github": "a file"}).run("init")
    assert told.code == 2
    assert ".github/workflows/specgen.yml cannot be written" in told.err
