from __future__ import annotations

import base64
import importlib.metadata
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from specgen.asciidoc.asciidoc3_program import unpacked_program
from specgen.asciidoc.asciidoc3_run import run_asciidoc3
from specgen.asciidoc.second_opinion import second_opinion
from specgen.problems import Severity
from specgen.source import Source

SECRET = "swordfish"


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All of asciidoc3, filters too: what a page meets where nobody guards it."""
    folder = tmp_path_factory.mktemp("whole")
    files = importlib.metadata.files("asciidoc3") or []
    (tarball,) = (file for file in files if file.match("*.tar.gz"))
    with tarfile.open(str(tarball.locate())) as archive:
        for member in archive:
            if member.isreg():
                archive.extract(member, folder)
    return folder / "asciidoc3.py"


def opinion(text: str, cache: Path) -> list[str]:
    problems = second_opinion(Source.of("page.asciidoc", text), cache=cache)
    return [f"{problem.span.line} {problem.message}" for problem in problems]


# What asciidoc3 says, and where.


def test_a_warning_stands_at_its_whole_line(cache: Path) -> None:
    text = "= Sails\n\nLinen.\n\n[no-such-style]\n----\nx\n----\n"
    (problem,) = second_opinion(Source.of("page.asciidoc", text), cache=cache)
    assert (problem.code, problem.severity) == ("asciidoc3", Severity.WARNING)
    assert problem.message == "missing style: [blockdef-listing]: no-such-style"
    assert (problem.span.line, problem.span.text) == (6, "----")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_alike_whatever_ends_them(cache: Path, end: str) -> None:
    lines = ["= Sails\u2028\x0b\x85", "", "== Mast", "", "==== Spar", "", "Ash. ü", ""]
    assert opinion(end.join(lines), cache) == [
        "5 section title out of sequence: expected level 2, got level 3"
    ]


def test_several_warnings_come_in_the_order_of_the_page(cache: Path) -> None:
    text = "== A\n\n==== B\n\nx\n\n[wrong]\ny\n\n== C\n\n==== D\n\nz\n"
    found = opinion(text, cache)
    assert [int(line.split()[0]) for line in found] == sorted(
        int(line.split()[0]) for line in found
    )
    assert len(found) == 3


def test_an_error_that_ends_the_run_is_told_at_its_line(cache: Path) -> None:
    (problem,) = opinion("== A\n\nifdef::nothing[]\n\nx\n", cache)
    assert "asciidoc3 breaks off here: missing endif::nothing[]" in problem


def test_a_page_of_a_book_in_good_order_has_nothing(cache: Path) -> None:
    text = (
        '[role="xpack"]\n[[sails]]\n=== {es} sails\n++++\n<titleabbrev>x</titleabbrev>\n++++\n\n'
        "include::{root}/shared.asciidoc[tag=x]\n\n"
        'ifeval::["{state}"=="unreleased"]\nNot yet.\nendif::[]\n\n'
        "[discrete]\n==== {es}\n\n"
        '[source,console]\n----\nGET /_search <1>\n{ "a": 1 }\n----\n<1> All of it.\n// TEST\n\n'
        '[graphviz]\n----\ndigraph {}\n----\n\n[cols="a,m"]\n|===\n|b a|* one\n|===\n'
    )
    assert opinion(text, cache) == []
    # What is left out of the copy moves no line.
    assert opinion(f"{text}\n[wrong]\nx\n", cache) == [
        f"{text.count(chr(10)) + 2} missing style: [paradef-default]: wrong"
    ]


def test_a_first_section_that_is_too_deep_counts_only_in_a_whole_document(cache: Path) -> None:
    assert opinion("=== A\n\nx\n", cache) == []
    assert opinion("= Title\n\n=== A\n\nx\n", cache) == [
        "3 section title out of sequence: expected level 1, got level 2"
    ]


@pytest.mark.parametrize("text", ["", "\n", "x", "\x00\x1b[31m\n", "\ud800\n", "\ufeff= A\n"])
def test_odd_pages_are_read(cache: Path, text: str) -> None:
    assert opinion(text, cache) == []


# What a page cannot do.


@dataclass(frozen=True)
class Attack:
    """A page that runs COMMAND, makes Python evaluate PYTHON, or shows the file SECRET.

    `beside` lies in the page's folder, `at_home` in ~/.asciidoc3; `needs` are options
    without which an unguarded asciidoc3 does not go that way.
    """

    page: str
    beside: tuple[tuple[str, str], ...] = ()
    at_home: tuple[tuple[str, str], ...] = ()
    needs: tuple[str, ...] = ("-b", "docbook51")


CELL = "|===\n|b a|{cell}\n|===\n"
LISTING = "----\nx\n----\n"
FILTER = "[blockdef-listing]\nfilter=COMMAND\n"
ATTACKS = {
    "filter of a block": Attack(
        f'[filter="COMMAND"]\n{LISTING}', needs=("--safe", "-b", "docbook51")
    ),
    "filter of a paragraph": Attack('[filter="COMMAND"]\nx\n', needs=("--safe", "-b", "docbook51")),
    "filter by an entry": Attack(f":blockdef-listing.filter: COMMAND\n\nx\n\n{LISTING}"),
    "cell": Attack(
        f"x\n\n{CELL.format(cell='{sys:COMMAND}')}", needs=("--safe", "-b", "docbook51")
    ),
    "shell of a cell": Attack(
        f'= T\n:x: "$(COMMAND)"\n\n{CELL.format(cell="y")}', needs=("--safe", "-b", "docbook51")
    ),
    "graphviz": Attack(f'["graphviz", target="$(COMMAND)"]\n{LISTING}'),
    "sys block": Attack("x\n\nsys::[COMMAND]\n"),
    "sys2 block": Attack("x\n\nsys2::[COMMAND]\n"),
    "eval block": Attack("x\n\neval::[PYTHON]\n"),
    "ifeval": Attack("x\n\nifeval::[PYTHON]\ny\nendif::[]\n"),
    "sys": Attack("x {sys:COMMAND}\n"),
    "sys2": Attack("x {sys2:COMMAND}\n"),
    "eval": Attack('[subs="attributes"]\n----\n{eval:PYTHON}\n----\n'),
    "eval in an entry": Attack("= T\n:x: {sys:COMMAND}\n\ny {x}\n"),
    "configuration beside": Attack(f"x\n\n{LISTING}", beside=(("page.conf", FILTER),)),
    "configuration of the folder": Attack(f"x\n\n{LISTING}", beside=(("asciidoc3.conf", FILTER),)),
    "configuration at home": Attack(f"x\n\n{LISTING}", at_home=(("asciidoc3.conf", FILTER),)),
    "configuration by name": Attack(
        f"= T\n:conf-files: FOLDER/evil\n\nx\n\n{LISTING}", beside=(("evil", FILTER),)
    ),
    "include": Attack("x\n\ninclude::SECRET[]\n"),
    "include beside": Attack("x\n\ninclude::secret.txt[]\n"),
    "include by attribute": Attack("= T\n:file: SECRET\n\ninclude::{file}[]\n"),
    "include1": Attack("x\n\ninclude1::SECRET[]\n"),
    "include attribute": Attack('[subs="attributes"]\n----\n{include:SECRET}\n----\n'),
    "docinfo": Attack("= T\n:docinfo:\n\nx\n", beside=(("page-docinfo.xml", SECRET),)),
    "attribute of a configuration": Attack(
        "= T\n:conf-files: FOLDER/evil\n\nx {word}\n",
        beside=(("evil", f"[attributes]\nword={SECRET}\n"),),
    ),
    "data-uri": Attack(
        "= T\n:data-uri:\n:imagesdir:\n\nimage::secret.png[]\n", needs=("-b", "html5")
    ),
}


@dataclass(frozen=True)
class Scene:
    """A folder with a page that attacks, and what shows that it had its way."""

    folder: Path
    page: str

    @property
    def canary(self) -> Path:
        return self.folder / "canary"

    def betrayed(self, *texts: str) -> bool:
        hidden = base64.b64encode(SECRET.encode()).decode()
        shown = any(word in text for text in texts for word in (SECRET, hidden))
        return shown or self.canary.exists()


def scene(attack: Attack, folder: Path) -> Scene:
    words = {
        "COMMAND": f"touch {folder}/canary",
        "PYTHON": f'__import__("os").mkdir("{folder}/canary") is None',
        "FOLDER": str(folder),
        "SECRET": f"{folder}/secret.txt",
    }

    def told(text: str) -> str:
        for word, meaning in words.items():
            text = text.replace(word, meaning)
        return text

    home = folder / ".asciidoc3"
    home.mkdir()
    for name, text in (*attack.beside, ("secret.txt", SECRET), ("secret.png", SECRET)):
        (folder / name).write_text(told(text))
    for name, text in attack.at_home:
        (home / name).write_text(told(text))
    return Scene(folder, told(attack.page))


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_a_page_can_neither_run_nor_read_anything(
    attack: Attack, whole: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = scene(attack, tmp_path)
    page = tmp_path / "page.txt"
    page.write_text(place.page)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)

    problems = second_opinion(Source.of(str(page), place.page), cache=cache)
    assert not place.betrayed(*map(str, problems))

    # The guard alone, without what is changed in the copy.
    alone = tmp_path / "alone"
    alone.mkdir()
    run = run_asciidoc3(unpacked_program(cache), alone, place.page, 20)
    output = alone / "page" / "page.xml"
    assert not place.betrayed(run.messages, output.read_text() if output.exists() else "")

    # Without any guard the same page has its way, so the assertions above can fail.
    command = [sys.executable, str(whole), *attack.needs, "-o", "-", str(page)]
    unguarded = subprocess.run(command, capture_output=True, text=True, check=False)
    assert place.betrayed(unguarded.stdout)


def test_the_user_reads_where_a_page_asks_for_a_command(cache: Path) -> None:
    assert opinion("x\n\nsys::[ls]\n\ny {sys:ls}\n", cache) == [
        "3 unsafe: sys::[ls]",
        "5 unsafe: {sys:ls}",
    ]
    (problem,) = opinion('x\n\n[filter="ls"]\n----\ny\n----\n', cache)
    assert "filter error" in problem
    assert "specgen lets a page run and read nothing (subprocess.Popen)" in problem
