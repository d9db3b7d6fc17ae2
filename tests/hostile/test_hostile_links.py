"""Files that are none: links out of the docs root, loops, pipes, devices, sockets.

Includes of a path outside the root and of URLs: `tests/asciidoc/test_hostile_pages.py`. Every
command here runs in a process of its own and is given a minute: none may wait for a pipe.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from pages import answers, asks, page
from project import Project

pytestmark = pytest.mark.skipif(os.name != "posix", reason="such files are those of POSIX")

SECRET = "root:x:0:0"
TEXT = page(asks("GET _cat/health"))
KINDS = ["dangling", "loop", "pipe", "device", "socket"]


def put(kind: str, path: Path) -> None:
    """Makes something that has a name and cannot be read as a file."""
    if kind == "dangling":
        path.symlink_to("gone")
    elif kind == "loop":
        path.symlink_to(path.name)
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    else:
        before = Path.cwd()
        os.chdir(path.parent)  # a socket's path may not be long
        try:
            with socket.socket(socket.AF_UNIX) as made:
                made.bind(path.name)
        finally:
            os.chdir(before)


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_that_is_no_file_is_told_and_in_a_folder_passed_over(kind: str) -> None:
    project = Project({"docs/good.adoc": TEXT})
    put(kind, project.path / "docs/odd.adoc")
    alone = project.command("check", "docs/odd.adoc")
    assert alone.code == 3
    assert alone.err == "error: docs/odd.adoc: neither a file nor a folder that can be read\n"
    assert project.command("check", "docs").out.endswith("in 1 page\n")
    assert project.command("check", "docs/*.adoc").out.endswith("in 1 page\n")


@pytest.mark.parametrize("kind", KINDS)
def test_an_include_of_what_is_no_file_is_told(kind: str) -> None:
    project = Project({"docs/good.adoc": f"{TEXT}\ninclude::odd.adoc[]\n"})
    put(kind, project.path / "docs/odd.adoc")
    told = project.command("run", "docs/good.adoc", "--includes", "follow")
    assert told.code == 3
    # Where a link leads out of the root, nothing tells whether anything is there.
    assert "-include] odd.adoc" in told.out
    assert "1 passed" in told.out


def test_links_show_nothing_of_what_is_outside() -> None:
    project = Project({"outside/secret.adoc": f"{SECRET}\n{TEXT}", "docs/good.adoc": TEXT})
    docs = project.path / "docs"
    (docs / "file.adoc").symlink_to(project.path / "outside/secret.adoc")
    (docs / "folder").symlink_to(project.path / "outside")
    (docs / "up").symlink_to("..")
    (docs / "self").symlink_to(".")
    includes = ("file.adoc", "folder/secret.adoc", "up/outside/secret.adoc", "up/../etc/passwd")
    project.write("docs/asks.adoc", TEXT + "".join(f"\ninclude::{name}[]\n" for name in includes))
    for command in (("check",), ("run", "--includes", "follow"), ("parse",), ("coverage",)):
        told = project.command(*command, "docs")
        assert told.code in {1, 3}, told.text
        assert SECRET not in told.text
        assert "file.adoc: not inside the docs root" in told.text
    told = project.command("check", "docs")
    assert told.out.count("error[outside-include]") + told.out.count("no such file") == 4
    assert told.out.endswith("in 2 pages\n")


def test_a_link_inside_the_root_is_a_page_like_any_other() -> None:
    project = Project({"docs/deep/good.adoc": TEXT})
    (project.path / "docs/again.adoc").symlink_to("deep/good.adoc")
    assert "2 passed" in project.command("run", "docs").out


@pytest.mark.parametrize("link", ["out/test_a.py", "out"])
def test_no_module_is_written_where_a_link_leads_out(link: str) -> None:
    """A repository of a stranger may hold its folder of modules too."""
    project = Project({"docs/a.adoc": TEXT, "home/test_a.py": "precious = True\n"})
    (project.path / "out").mkdir()
    if link == "out":
        (project.path / "out").rmdir()
        (project.path / "out").symlink_to("home")  # named by whoever runs it: followed
    else:
        (project.path / link).symlink_to("../home/test_a.py")
    told = project.command("generate", "docs", "--out", "out")
    written = told.files["home/test_a.py"] != b"precious = True\n"
    assert (told.code, written) == ((0, True) if link == "out" else (2, False))
    if not written:
        assert "error: out cannot be written: " in told.err
        assert "behind a link out of it" in told.err


LINKED = page(asks("PUT books", name="made"), answers('{"acknowledged": false}'))
# What each command writes, where a link of the repository leads out instead.
OUT = {
    "out/test_a.py": ("generate", "docs", "--out", "out"),
    "out/__init__.py": ("generate", "docs", "--out", "out"),
    "out/a.adoc.sh": ("export", "docs", "--format", "curl", "--out", "out"),
    "out/a.adoc.yml": ("export", "docs", "--format", "yaml-rest", "--out", "out"),
    "out/a.adoc/made.hurl": ("export", "docs", "--format", "hurl", "--out", "out"),
    "out/a.adoc": ("export", "docs", "--format", "hurl", "--out", "out"),
    "specgen.toml": ("init",),
    ".github": ("init",),
    ".github/workflows": ("init",),
    ".github/workflows/specgen.yml": ("init",),
}


@pytest.mark.parametrize("there", [True, False], ids=["to a file", "to nothing"])
@pytest.mark.parametrize("name", OUT)
def test_nothing_is_written_where_a_link_leads_out(name: str, there: bool) -> None:
    project = Project({"repository/docs/a.adoc": LINKED, "home/kept": "precious"})
    link = project.path / "repository" / name
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(project.path / "home" / ("kept" if there else "new"))
    if there and link.name in {".github", "workflows", "a.adoc"}:
        link.unlink()
        link.symlink_to(project.path / "home")
    elsewhere = [path for path in project.files() if not path.startswith("repository")]
    done = subprocess.run(
        [sys.executable, "-m", "specgen", *OUT[name]],
        cwd=project.path / "repository",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    files = project.files()
    found = {path: files[path] for path in files if not path.startswith("repository")}
    # A file that is there already is nothing that `init` or a mark of a package writes over.
    stays = there and link.name in {"specgen.toml", "specgen.yml", "__init__.py"}
    assert done.returncode == (0 if stays else 2), done.stderr
    assert stays or "behind a link out of it" in done.stderr
    assert found.keys() == set(elsewhere)
    assert found["home/kept"] == b"precious"


@pytest.mark.parametrize("command", [("drift", "--update"), ("suggest", "--write")], ids=" ".join)
def test_no_page_is_mended_where_a_link_leads_out(command: tuple[str, ...]) -> None:
    project = Project({"home/a.adoc": LINKED, "docs/good.adoc": LINKED})
    (project.path / "docs/linked.adoc").symlink_to("../home/a.adoc")
    (project.path / "docs/folder").symlink_to("../home")
    told = project.command(*command, "docs")
    assert told.files["home/a.adoc"] == LINKED.encode()
    assert "linked.adoc: not inside the docs root" in told.text
    assert (told.files["docs/good.adoc"] != LINKED.encode()) == (command[0] == "drift")


def test_a_page_larger_than_any_page_is_not_read() -> None:
    project = Project({"docs/good.adoc": TEXT})
    with (project.path / "docs/large.adoc").open("wb") as file:
        file.truncate((1 << 25) + 1)  # a hole: it takes no room
    told = project.command("check", "docs")
    assert told.code == 3
    assert "large.adoc: larger than 33554432 bytes" in told.out
