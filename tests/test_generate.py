"""`specgen generate`: what it writes, leaves alone, and finds stale."""

from __future__ import annotations

from pages import asks, page
from project import Project

PAGES = {
    "docs/a/books.asciidoc": page(asks("GET books")),
    "docs/b/books.asciidoc": page(asks("GET shelf")),
    "docs/none.asciidoc": "= None\n",
}


def test_a_module_for_each_page_that_has_a_case() -> None:
    project = Project(PAGES)
    told = project.run("generate", "docs", "--out", "modules")
    assert told.code == 0
    assert "2 modules with 2 cases in modules: " in told.err
    modules = {name for name in told.files if name.endswith("test_books.py")}
    assert modules == {"modules/a/test_books.py", "modules/b/test_books.py"}
    assert project.run("generate", "docs", "--out", "modules").diff == ""


def test_what_is_stale_is_told_and_not_written() -> None:
    project = Project(PAGES)
    project.run("generate", "docs")
    assert project.run("generate", "docs", "--check").code == 0
    project.write("docs/a/books.asciidoc", page(asks("GET desk")))
    told = project.run("generate", "docs", "--check")
    assert told.code == 1
    assert told.diff == ""
    assert '-    cluster.request("GET", "books")' in told.out
    assert '+    cluster.request("GET", "desk")' in told.out
    assert told.err == "1 of 2 modules are stale\n"


def test_a_folder_that_cannot_be_written_is_wrong_use() -> None:
    project = Project({**PAGES, "modules": "a file"})
    told = project.run("generate", "docs", "--out", "modules/below")
    assert told.code == 2
    assert "cannot be written" in told.err
