from __future__ import annotations

import base64
import importlib.metadata
import os
import subprocess
import sys
import tarfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from specgen.asciidoc.asciidoc3_program import unpacked_program
from specgen.asciidoc.asciidoc3_run import run_asciidoc3
from specgen.asciidoc.second_opinion import second_opinion
from specgen.errors import UsageProblem
from specgen.problems import Problem, Severity
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
    assert problem.span.text in text.splitlines()
    assert problem.span.line in (5, 6)


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
        f"{text.count(chr(10)) + 3} missing style: [paradef-default]: wrong"
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
FILTER = '[blockdef-listing]\nlisting-style=template="listingblock",filter="COMMAND"\n'
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
    "sys3": Attack("x {sys3:COMMAND}\n"),
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
    "include in a listing": Attack("----\ninclude::SECRET[]\n----\n"),
    "include by attribute": Attack("= T\n:file: SECRET\n\ninclude::{file}[]\n"),
    "include1": Attack("x\n\ninclude1::SECRET[]\n"),
    "include attribute": Attack('[subs="attributes"]\n----\n{include:SECRET}\n----\n'),
    "include by an attribute": Attack("= T\n:x: {include:SECRET}\n\ny {x}\n"),
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


# What holds even if asciidoc3 itself does it: programs that stand in for it.


def tarball(path: Path, *members: tarfile.TarInfo, program: str = "") -> None:
    files = {
        "asciidoc3.py": program,
        "conf/asciidoc3.conf": "",
        "conf/backends/docbook51.conf": "",
    }
    source = path.parent / "source"
    with tarfile.open(path, "w:gz") as archive:
        for name, text in files.items():
            source.write_text(text)
            archive.add(source, name)
        for member in members:
            archive.addfile(member)


def package(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Installs another asciidoc3, which must not be imported; returns where its tarball goes."""
    (folder / "asciidoc3").mkdir()
    (folder / "asciidoc3" / "__init__.py").write_text("raise AssertionError('imported')\n")
    info = folder / "asciidoc3-9.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: asciidoc3\nVersion: 9\n")
    (info / "RECORD").write_text("asciidoc3/__init__.py,,\nasciidoc3/asciidoc3-latest.tar.gz,,\n")
    monkeypatch.syspath_prepend(str(folder))
    return folder / "asciidoc3" / "asciidoc3-latest.tar.gz"


def program(
    text: str, folder: Path, monkeypatch: pytest.MonkeyPatch, timeout: float = 20
) -> list[Problem]:
    tarball(package(folder, monkeypatch), program=text)
    page = Source.of("page.asciidoc", "one\ntwo\n")
    return list(second_opinion(page, cache=folder / "cache", timeout=timeout))


SAY = "import sys\ndef say(text):\n    print('asciidoc3: WARNING: ' + text, file=sys.stderr)\n"


@pytest.mark.parametrize(
    ("deed", "allowed"),
    [
        ("open('page.txt').read()", True),
        ("open('mine', 'w').close()", True),
        ("open(__file__).read()", True),
        ("open(__file__, 'a')", False),
        ("open('{folder}/file').read()", False),
        ("open('../messages').read()", False),
        ("import os; os.open('{folder}/file', os.O_RDONLY)", False),
        ("import os; os.symlink('{folder}/file', 'link')", False),
        ("import os; os.remove('{folder}/file')", False),
        ("import os; os.rename('{folder}/file', 'mine')", False),
        ("import os; os.listdir('{folder}')", False),
        ("import os; os.mkdir('{folder}/new')", False),
        ("import os; os.system('true')", False),
        ("import os; os.fork()", False),
        ("import os; os.execv('/bin/true', ['true'])", False),
        ("import os; os.posix_spawn('/bin/true', ['true'], dict())", False),
        ("import os; os.kill(os.getppid(), 0)", False),
        ("import subprocess; subprocess.run(['true'])", False),
        ("import socket; socket.socket()", False),
        ("import ctypes; ctypes.CDLL(None)", False),
        ("import shutil; shutil.copyfile('{folder}/file', 'mine')", False),
        ("bytearray(4 << 30)", False),
        ("import os; os.environ['PYTHONPATH']", False),
        ("import sys; sys.stdin.buffer.read(1)[0]", False),
        ("open('mine', 'wb').write(bytes(80 << 20))", False),
    ],
)
def test_the_process_is_shut_in(
    deed: str, allowed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.write_text(SECRET)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    text = f"{SAY}{deed.replace('{folder}', str(tmp_path))}\nsay('done')\n"
    (problem,) = program(text, tmp_path, monkeypatch)
    assert (problem.message == "done") is allowed
    assert file.read_text() == SECRET
    assert not (tmp_path / "new").exists()


def test_a_program_that_does_not_end_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f"{SAY}import os\nsay(str(os.getpid()))\nsys.stderr.flush()\nwhile True: pass\n"
    first, last = program(text, tmp_path, monkeypatch, timeout=1)
    assert last.message == "asciidoc3 is not done after 1 s"
    with pytest.raises(ProcessLookupError):
        os.kill(int(first.message), 0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("raise SystemExit(3)", "asciidoc3 came to no end, status 3"),
        ("1 / 0", "asciidoc3 came to no end, status 1: ZeroDivisionError: division by zero"),
        ("import os; os.abort()", "asciidoc3 came to no end, signal 6"),
    ],
)
def test_a_program_that_crashes_is_told(
    text: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (problem,) = program(text, tmp_path, monkeypatch)
    assert problem.message == message
    assert problem.span.line == 1


def test_messages_are_clean_short_and_without_our_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = (
        "say('page.txt: line 2: \\x1b[31mred\\x07')",
        "import os; say(os.getcwd() + '/page.txt and ' + __file__)",
        "say('page.txt: line 99: ' + 'x' * 1000)",
    )
    found = program("\n".join((SAY, *lines)), tmp_path, monkeypatch)
    assert [problem.message for problem in found] == [
        "page.txt and asciidoc3.py",
        "[31mred",
        "x" * 299 + "…",
    ]
    assert [problem.span.line for problem in found] == [1, 2, 3]


# The package and the cache.


def test_the_package_is_never_imported(cache: Path) -> None:
    opinion("x\n", cache)
    assert not any(name.partition(".")[0] == "asciidoc3" for name in sys.modules)


def test_without_the_package_the_user_is_told_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", [path for path in sys.path if "site-packages" not in path])
    with pytest.raises(UsageProblem, match="not installed") as caught:
        opinion("x\n", tmp_path)
    assert "pip install" in caught.value.hint


def test_a_package_without_its_tarball_is_wrong_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = package(tmp_path, monkeypatch)
    with pytest.raises(UsageProblem):
        opinion("x\n", tmp_path / "cache")
    path.write_bytes(b"\x1f\x8b no archive")
    with pytest.raises(UsageProblem, match="damaged"):
        opinion("x\n", tmp_path / "cache")


def member(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


@pytest.mark.parametrize(
    "wrong",
    [
        member("../evil"),
        member("conf/../../evil"),
        member("/evil"),
        member("c:\\evil"),
        member("evil", tarfile.LNKTYPE, "/etc/passwd"),
        member("evil", tarfile.CHRTYPE),
        member("evil", tarfile.FIFOTYPE),
        member("asciidoc3.py", tarfile.SYMTYPE, "/etc/passwd"),
    ],
    ids=lambda info: f"{info.name} {info.type.decode()}",
)
def test_a_tarball_that_reaches_outside_is_refused(
    wrong: tarfile.TarInfo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tarball(package(tmp_path, monkeypatch), wrong)
    with pytest.raises(UsageProblem, match="damaged"):
        opinion("x\n", tmp_path / "cache")
    assert list(tmp_path.rglob("evil")) == []
    assert list(tmp_path.rglob("asciidoc3.py")) == []


def test_a_link_among_the_manuals_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tarball(package(tmp_path, monkeypatch), member("doc/images", tarfile.SYMTYPE, "/etc"))
    assert opinion("x\n", tmp_path / "cache") == []
    assert [path for path in (tmp_path / "cache").rglob("*") if path.is_symlink()] == []


def test_a_cache_that_cannot_be_written_is_wrong_use(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(UsageProblem, match="cannot be unpacked") as caught:
        opinion("x\n", tmp_path / "cache")
    assert "XDG_CACHE_HOME" in caught.value.hint


@pytest.mark.parametrize(
    "damaged", ["asciidoc3.py", "conf/asciidoc3.conf", "conf/lang/lang-en.conf", "CONTENTS.sha256"]
)
@pytest.mark.parametrize("gone", [True, False])
def test_a_damaged_unpacking_is_done_again(damaged: str, gone: bool, tmp_path: Path) -> None:
    path = unpacked_program(tmp_path)
    file = path.parent / damaged
    sound = file.read_bytes()
    if gone:
        file.unlink()
    else:
        file.write_bytes(sound[: len(sound) // 2])
    assert unpacked_program(tmp_path) == path
    assert file.read_bytes() == sound
    assert sorted(each.name for each in path.parent.parent.iterdir()) == [path.parent.name, "lock"]


def test_a_sound_unpacking_is_left_alone(tmp_path: Path) -> None:
    path = unpacked_program(tmp_path)
    (path.parent / "mark").touch()
    assert unpacked_program(tmp_path) == path
    assert (path.parent / "mark").exists()


def test_runs_at_the_same_time_do_not_disturb_each_other(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: opinion("[wrong]\nx\n", tmp_path), range(4)))
    assert (
        found == [["2 missing style: [paradef-default]: wrong"]] * 4
        or found == [["1 missing style: [paradef-default]: wrong"]] * 4
    )


def test_the_cache_is_the_users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    path = unpacked_program()
    assert path.is_relative_to(tmp_path / "specgen")
    assert path.is_file()
