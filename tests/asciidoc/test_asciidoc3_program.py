from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from specgen.asciidoc.asciidoc3_program import unpacked_program
from specgen.asciidoc.second_opinion import second_opinion
from specgen.errors import UsageProblem
from specgen.problems import Problem
from specgen.source import Source

SECRET = "swordfish"


def opinion(text: str, cache: Path) -> list[str]:
    problems = second_opinion(Source.of("page.asciidoc", text), cache=cache)
    return [f"{problem.span.line} {problem.message}" for problem in problems]


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


ALLOWED = ("open('page.txt').read()", "open('mine', 'w').close()", "open(__file__).read()")
REFUSED = (
    "open(__file__, 'a')",
    "open('{folder}/file').read()",
    "open('../messages').read()",
    "import os; os.open('{folder}/file', os.O_RDONLY)",
    "import os; os.symlink('{folder}/file', 'link')",
    "import os; os.remove('{folder}/file')",
    "import os; os.rename('{folder}/file', 'mine')",
    "import os; os.listdir('{folder}')",
    "import os; os.mkdir('{folder}/new')",
    "import os; os.system('true')",
    "import os; os.fork()",
    "import os; os.execv('/bin/sh', ['sh', '-c', 'echo asciidoc3: WARNING: done >&2'])",
    "import os; os.posix_spawn('/bin/true', ['true'], dict())",
    "import os; os.kill(os.getppid(), 0)",
    "import subprocess; subprocess.run(['true'])",
    "import socket; socket.socket()",
    "import ctypes; ctypes.CDLL(None)",
    "import shutil; shutil.copyfile('{folder}/file', 'mine')",
    "bytes(2 << 30)",
    "import os; os.environ['PYTHONPATH']",
    "import sys; sys.stdin.buffer.read(1)[0]",
    "open('mine', 'wb').write(bytes(80 << 20))",
)


@pytest.mark.parametrize("deed", [*ALLOWED, *REFUSED])
def test_the_process_is_shut_in(deed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "file"
    file.write_text(SECRET)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    text = f"{SAY}{deed.replace('{folder}', str(tmp_path))}\nsay('done')\n"
    problems = program(text, tmp_path, monkeypatch)
    assert any(problem.message == "done" for problem in problems) is (deed in ALLOWED)
    assert problems
    assert file.read_text() == SECRET
    assert not (tmp_path / "new").exists()

    # Outside the guard it does all of that.
    page = tmp_path / "run"
    page.mkdir()
    (page / "page.txt").touch()
    (tmp_path / "free.py").write_text(text.replace("'../messages'", "'../file'"))
    command = [sys.executable, str(tmp_path / "free.py")]
    free = subprocess.run(command, cwd=page, input=b"x", capture_output=True, check=False)
    assert b"WARNING: done" in free.stderr


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


def test_the_package_is_never_imported(tmp_path: Path) -> None:
    opinion("x\n", tmp_path)
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
