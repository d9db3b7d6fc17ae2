"""Files that are none: links out of the docs root, loops, pipes, devices, sockets.

Includes of a path outside the root and of URLs: `tests/asciidoc/test_hostile_pages.py`. Every
command here runs in a process of its own and is given a minute: none may wait for a pipe.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from pages import asks, page
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


def test_a_page_larger_than_any_page_is_not_read() -> None:
    project = Project({"docs/good.adoc": TEXT})
    with (project.path / "docs/large.adoc").open("wb") as file:
        file.truncate((1 << 25) + 1)  # a hole: it takes no room
    told = project.command("check", "docs")
    assert told.code == 3
    assert "large.adoc: larger than 33554432 bytes" in told.out
