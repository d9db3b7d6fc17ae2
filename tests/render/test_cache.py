"""`specgen generate` a second time: the same in less time, whatever became of the cache."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from pages import asks, page
from project import Project, Told

import specgen.render.cache
from specgen.render.cache import Cache
from specgen.render.rendered import Recipe
from specgen.render.rendering import render_pages

BAD = "// CONSOLE\n\n[source,console]\n----\nGET ok\n\nnonsense\n----\n// TEST[setup:unknown]\n"
SLOW = "[source,console]\n----\nGET a\n----\n// TEST[s/(/x/]\n"
PAGES = {
    "docs/a/books.asciidoc": page(asks("GET books")),
    "docs/b/books.asciidoc": page(asks("GET {shelf}"), asks("PUT {shelf}")),
    "docs/bad.asciidoc": BAD,
    "docs/none.asciidoc": "= None\n",
}
HEAVY = ("jinja2", "regex", "yaml", "specgen.plan.reading", "rich", "requests")
CHECKOUT = Path(specgen.render.cache.__file__).resolve().parents[2]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def project() -> Project:
    return Project(PAGES)


def generate(project: Project, home: Path, *options: str, **environment: str) -> Told:
    where = {"XDG_CACHE_HOME": str(home), **environment}
    return project.run("generate", "docs", "--docs-root", "docs", *options, **where)


def outcome(told: Told) -> tuple[int, str, str, Mapping[str, bytes]]:
    return told.code, told.out, told.err, told.files


def database(home: Path) -> Path:
    (found,) = home.rglob("*.sqlite")
    return found


def entries(home: Path) -> int:
    with closing(sqlite3.connect(database(home))) as connection:
        (count,) = connection.execute("select count(*) from entries").fetchone()
        return int(count)


def imported(project: Project, home: Path, *options: str) -> list[str]:
    """What a whole process has imported at its end, of what takes long."""
    program = (
        "import json, sys\nfrom specgen.cli.main import run\n"
        f"run(['generate', 'docs', '--docs-root', 'docs', *{list(options)!r}])\n"
        f"print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))"
    )
    environment = {**os.environ, "XDG_CACHE_HOME": str(home)}
    environment.pop("SPECGEN_NO_CACHE", None)
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=project.path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return list(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("options", [(), ("--check",), ("--define", "shelf=$1"), ("-j2",)])
def test_a_second_run_tells_and_writes_the_same(
    project: Project, home: Path, options: tuple[str, ...]
) -> None:
    cold = generate(project, home, *options)
    assert cold.code == (1 if "--check" in options else 3)
    assert "error[bad-request]" in cold.err
    assert entries(home) == len(PAGES)
    shutil.rmtree(project.path / "generated_tests", ignore_errors=True)
    assert outcome(generate(project, home, *options)) == outcome(cold)
    shutil.rmtree(project.path / "generated_tests", ignore_errors=True)
    assert outcome(generate(project, home, *options, "--no-cache")) == outcome(cold)


def test_a_second_run_imports_nothing_that_reads_pages(project: Project, home: Path) -> None:
    assert "specgen.plan.reading" in imported(project, home)
    assert imported(project, home) == []
    assert "specgen.plan.reading" in imported(project, home, "--no-cache")


def test_pages_are_shown_from_where_the_second_run_starts(project: Project, home: Path) -> None:
    generate(project, home)
    docs = str(project.path / "docs")
    told = Project({}).run("generate", docs, XDG_CACHE_HOME=str(home))
    assert "docs/bad.asciidoc:7:1: error[bad-request]" in told.err
    assert "\ndocs/bad" not in told.err


def change_page(project: Project) -> tuple[str, ...]:
    project.write("docs/a/books.asciidoc", page(asks("GET desk")))
    return ()


def change_form(_: Project) -> tuple[str, ...]:
    return ("--form", "2018")


def change_define(_: Project) -> tuple[str, ...]:
    return ("--define", "shelf=board")


def change_setups(project: Project) -> tuple[str, ...]:
    project.write("setups/unknown.console", "PUT known\n")
    return ("--setups", "setups")


def change_a_setup(project: Project) -> tuple[str, ...]:
    project.write("named/unknown.console", "PUT other\n")
    return ("--setups", "named")


def move_page(project: Project) -> tuple[str, ...]:
    (project.path / "docs/a/books.asciidoc").rename(project.path / "docs/moved.asciidoc")
    return ()


@pytest.mark.parametrize(
    "change",
    [change_page, change_form, change_define, change_setups, change_a_setup, move_page],
)
def test_what_a_module_depends_on_makes_it_anew(
    project: Project, home: Path, change: Callable[[Project], tuple[str, ...]]
) -> None:
    project.write("named/unknown.console", "PUT one\n")
    generate(project, home, "--out", "m", "--setups", "named")
    options = ("--out", "m", *change(project))
    stale = generate(project, home, *options, "--check")
    assert (stale.code, stale.out[:4]) == (1, "--- ")
    told = []
    for more in ((), ("--no-cache",)):
        shutil.rmtree(project.path / "m")
        told.append(outcome(generate(project, home, *options, *more)))
    assert told[0] == told[1]


def test_setups_that_cannot_be_read_are_told_every_time(project: Project, home: Path) -> None:
    generate(project, home)
    project.write("setups.json", "{")
    for _ in range(2):
        told = generate(project, home, "--setups", "setups.json")
        assert told.code == 2
        assert "setups.json cannot be read" in told.err


def test_other_code_makes_every_module_anew(project: Project, home: Path) -> None:
    for folder in ("specgen", "templates"):
        shutil.copytree(CHECKOUT / folder, project.path / folder)
    template = project.path / "templates/module.py.j2"
    environment = {"XDG_CACHE_HOME": str(home), "PYTHONPATH": "."}
    before = project.command("generate", "docs/a", **environment)
    template.write_text(template.read_text(encoding="utf-8") + "# other\n", encoding="utf-8")
    after = project.command("generate", "docs/a", **environment)
    assert before.code == after.code == 0
    assert "+# other" in after.diff


def test_an_included_file_that_changes_makes_a_module_anew(home: Path, tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "page.adoc").write_text("= Page\n\ninclude::part.adoc[]\n", encoding="utf-8")
    recipe = Recipe(docs, follow=True)
    cache = Cache(home / "cache.sqlite", "")

    def module() -> str:
        (rendered,) = render_pages(recipe, ["page.adoc"], cache).pages
        # What is read again, and what is not, must not differ.
        fresh = render_pages(recipe, ["page.adoc"]).pages
        assert fresh == (rendered,)
        return rendered.module

    assert module() == ""
    (docs / "part.adoc").write_text(asks("GET one"), encoding="utf-8")
    cache = replace(cache, recipe=Cache.of(recipe).recipe)  # type: ignore[union-attr]
    assert '"one"' in module()
    assert '"one"' in module()
    (docs / "part.adoc").write_text(asks("GET two"), encoding="utf-8")
    assert '"two"' in module()


def garbage(file: Path) -> None:
    file.write_bytes(b"no database\n" * 1000)


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:5000])


def empty(file: Path) -> None:
    file.write_bytes(b"")


def zeros_inside(file: Path) -> None:
    data = file.read_bytes()
    file.write_bytes(data[:4096] + bytes(len(data) - 4096))


def folder_in_its_place(file: Path) -> None:
    file.unlink()
    file.mkdir()


def other_tables(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("create table entries (a)")


def other_module(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("update entries set value = replace(value, 'books', 'ghost')")


def swapped(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        rows = connection.execute("select seal, value, key from entries").fetchall()
        keys = [row[2] for row in rows]
        moved = [(*row[:2], key) for row, key in zip(rows, keys[1:] + keys[:1], strict=True)]
        connection.executemany("update entries set seal = ?, value = ? where key = ?", moved)


@pytest.mark.parametrize(
    "damage",
    [
        garbage,
        cut,
        empty,
        zeros_inside,
        folder_in_its_place,
        other_tables,
        other_module,
        swapped,
    ],
)
def test_a_damaged_cache_is_done_without(
    project: Project, home: Path, damage: Callable[[Path], None]
) -> None:
    cold = generate(project, home)
    damage(database(home))
    for _ in range(3):
        shutil.rmtree(project.path / "generated_tests")
        assert outcome(generate(project, home)) == outcome(cold)
    if damage is not folder_in_its_place:
        assert imported(project, home) == []


def test_a_cache_that_cannot_be_written_is_done_without(project: Project, home: Path) -> None:
    home.write_text("a file", encoding="utf-8")
    told = generate(project, home)
    assert (told.code, home.read_text(encoding="utf-8")) == (3, "a file")
    assert outcome(told)[1:3] == outcome(generate(Project(PAGES), home, "--no-cache"))[1:3]


@pytest.fixture
def held(project: Project, home: Path) -> Iterator[Told]:
    """A first run, after which somebody else keeps the cache to himself."""
    cold = generate(project, home)
    with closing(sqlite3.connect(database(home))) as connection:
        connection.execute("begin exclusive")
        yield cold


def test_a_cache_that_another_holds_is_done_without(
    project: Project, home: Path, held: Told
) -> None:
    told = generate(project, home)
    assert (told.code, told.out, told.files) == (held.code, held.out, held.files)


def test_runs_side_by_side_share_a_cache(home: Path) -> None:
    names = [f"docs/{number}.asciidoc" for number in range(20)]
    project = Project({name: page(asks(f"GET {name}")) for name in names})
    command = ("generate", "docs", "--docs-root", "docs", "--out")
    processes = [project.start(*command, f"m{each}", XDG_CACHE_HOME=str(home)) for each in range(3)]
    told = [process.communicate(timeout=60) for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert [err.partition(" in ")[0] for _, err in told] == ["20 modules with 20 cases"] * 3
    assert entries(home) == 20


def test_without_a_cache_nothing_is_remembered(project: Project, home: Path) -> None:
    generate(project, home, "--no-cache")
    generate(project, home, SPECGEN_NO_CACHE="1")
    assert not home.exists()


def test_a_relative_cache_folder_is_ignored(
    project: Project, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(home))
    generate(project, Path("here"))
    assert not (project.path / "here").exists()
    assert database(home).is_relative_to(home / ".cache/specgen")


def test_the_cache_has_a_limit(
    project: Project, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = generate(project, home)
    with closing(sqlite3.connect(database(home))) as connection, connection:
        connection.execute("update entries set used = used - 1")
        (size,) = connection.execute("select total(size) from entries").fetchone()
    monkeypatch.setattr("specgen.render.cache.MAX_BYTES", size)
    project.write("docs/none.asciidoc", "= Still none\n")
    assert generate(project, home, "--check").out == ""
    # What was in use today stays, and what was not is gone.
    assert entries(home) == len(PAGES)
    monkeypatch.setattr("specgen.render.cache.MAX_BYTES", 10)
    project.write("docs/none.asciidoc", "= None again\n")
    assert generate(project, home, "--check").out == ""
    assert entries(home) == 0
    assert first.code == 3


def test_a_regular_expression_that_failed_is_tried_again(home: Path) -> None:
    project = Project({"docs/slow.asciidoc": SLOW, "docs/a.asciidoc": page(asks("GET a"))})
    first = generate(project, home)
    assert "error[bad-regex]" in first.err
    assert entries(home) == 1
    assert generate(project, home).code == first.code == 3


def test_processes_change_nothing(home: Path) -> None:
    names = [f"docs/{number}.asciidoc" for number in range(9)]
    texts = {
        name: page(asks(f"GET {name}")) + BAD * (number % 2) for number, name in enumerate(names)
    }
    told = [generate(Project(texts), home, "--no-cache", jobs) for jobs in ("-j1", "-j2", "-j50")]
    assert outcome(told[0]) == outcome(told[1]) == outcome(told[2])
    places = [line.partition(":")[0] for line in told[0].err.splitlines() if "error[" in line]
    assert places == sorted(places)
    assert len(places) > 4
