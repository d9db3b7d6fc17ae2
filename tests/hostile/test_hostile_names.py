"""Names of pages that mean something to a file system, a terminal, a CI server or Python."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pages import asks, page
from project import Project, Told
from test_collecting import collected

TEXT = page(asks("GET _cat/health"))
NAMES = [
    "docs/CON.asciidoc",
    "docs/NUL.adoc",
    "docs/aux/PRN.adoc",
    "docs/...adoc",
    "docs/-rf.adoc",
    "docs/--help.adoc",
    "docs/.hidden.adoc",
    "docs/a b .adoc",
    "docs/a. .adoc",
    "docs/dot./x.adoc",
    "docs/space /x.adoc",
    "docs/Case.adoc",
    "docs/case.adoc",
    "docs/CASE.asciidoc",
    "docs/new\nline.adoc",
    "docs/tab\tx.adoc",
    "docs/esc\x1b]0;title\x07.adoc",
    "docs/link\x1b]8;;http:x\x1b\\.adoc",
    "docs/clear\x1b[2J\x9b2J.adoc",
    f"docs/{'n' * 250}.adoc",
    f"docs/{'é' * 122}.adoc",
    f"docs/{'d' * 255}/p.adoc",
    "docs/\u202egpj.adoc",
    "::error file=a::b.adoc",
    "::stop-commands::x/a.adoc",
    " ::warning::x.adoc",
    "docs/##[error]x.adoc",
    "docs/%0A::error::x.adoc",
    "docs/a';b\"$(touch pwned)`id`.adoc",
    "docs/__init__.adoc",
    "docs/conftest.adoc",
    "docs/class/import.adoc",
    "docs/os/json.adoc",
    "docs/q[1]*?.adoc",
    "docs/[bold]x[/bold].adoc",
    "docs/\\..\\x.adoc",
    "docs/<script>alert(1)<|script>.adoc",
    "docs/C:x.adoc",
    "docs/a:3.adoc",
    "docs/a::b.adoc",
    "docs/a|b.adoc",
    'docs/" onload="x.adoc',
    "docs/]]>.adoc",
]
pytestmark = pytest.mark.skipif(os.name != "posix", reason="such names are those of POSIX")

COMMANDS = [
    ("check", "."),
    ("generate", ".", "--out", "out"),
    ("parse", "."),
    ("skips", "."),
    ("coverage", ".", "--html", "c.html", "--json", "c.json", "--cobertura", "c.xml"),
    ("export", ".", "--format", "curl", "--out", "curl"),
    ("export", ".", "--format", "yaml-rest", "--out", "yaml"),
    ("check", ".", "--json", "k.json", "--sarif", "k.sarif"),
    ("run", ".", "--json", "r.json", "--junit", "j.xml", "--verbose"),
]


@pytest.fixture(scope="module")
def project() -> Project:
    return Project(dict.fromkeys(NAMES, TEXT))


def give_orders(told: Told) -> list[str]:
    """The lines that would be a command to GitHub Actions, and raw control characters."""
    lines = [
        line for line in told.text.splitlines() if line.lstrip().startswith("::") or "##[" in line
    ]
    return lines + [c for c in told.text if not c.isprintable() and c != "\n"]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_page_is_taken_and_no_name_gives_orders(
    project: Project, command: tuple[str, ...]
) -> None:
    told = project.run(*command)
    assert told.code == 0, told.text
    assert give_orders(told) == []
    assert not (project.path / "pwned").exists()


def test_orders_in_a_name_are_seen() -> None:
    told = Told(0, "docs/a.adoc: fine\n  ::error::x\n", "x ##[error]\n\x1b[2J", {}, {})
    assert len(give_orders(told)) == 3


def test_annotations_are_one_line_each_and_hold_their_page() -> None:
    text = "[source,console]\n----\nGET /\n----\n// TEST[oops]\n"
    names = [name for name in NAMES if "/" in name]
    told = Project(dict.fromkeys(names, text)).run("check", "docs", "--github")
    lines = [line for line in told.out.splitlines() if line.startswith("::")]
    assert len(lines) == len([name for name in names if name.startswith("docs")])
    assert all(line.startswith("::error file=docs/") for line in lines)
    assert all(line.count("::") == 2 for line in lines)


def test_each_page_has_a_module_of_its_own_that_pytest_collects(project: Project) -> None:
    assert project.run("generate", ".", "--out", "own").code == 0
    modules = list((project.path / "own").rglob("test_*.py"))
    assert len(modules) == len(NAMES)
    assert len({path.as_posix().lower() for path in modules}) == len(NAMES)
    parts = {part for path in modules for part in path.relative_to(project.path).parts}
    assert max(map(len, parts)) <= 200
    assert all(part.removesuffix(".py").isidentifier() for part in parts)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", "own"],
        cwd=project.path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"{len(NAMES)} tests collected" in done.stdout


def test_pytest_gives_no_orders_where_it_collects_pages() -> None:
    own = Project(dict.fromkeys(NAMES, TEXT))
    done = collected(own, ".", "--specgen-collect", "-v", "-rA")
    assert f"{len(NAMES)} passed" in done.stdout, done.stdout
    assert give_orders(Told(0, done.stdout, done.stderr, {}, {})) == []


def test_results_name_each_page_as_it_is(project: Project) -> None:
    project.run("run", ".", "--json", "named.json", "--junit", "named.xml")
    results = json.loads((project.path / "named.json").read_text("utf-8"))["results"]
    assert sorted(each["page"] for each in results) == sorted(NAMES)
    junit = (project.path / "named.xml").read_text("utf-8")
    assert "\x1b" not in junit
    assert junit.count("<testcase ") == len(NAMES)


def test_a_name_that_is_no_utf_8_is_told_and_the_others_are_taken() -> None:
    project = Project({"docs/good.adoc": TEXT})
    name = os.fsencode(project.path / "docs") + b"/caf\xe9.adoc"
    Path(os.fsdecode(name)).write_text(TEXT, encoding="utf-8")
    for command in COMMANDS:
        told = project.run(*command)
        assert told.code == 3, command
        assert "docs/caf\\udce9.adoc: its name is no UTF-8" in told.text
        assert give_orders(told) == []
    results = json.loads((project.path / "r.json").read_text("utf-8"))
    assert [each["outcome"] for each in results["results"]] == ["passed"]
    assert [each["page"] for each in results["run"]["unreadable"]] == ["docs/caf\udce9.adoc"]
