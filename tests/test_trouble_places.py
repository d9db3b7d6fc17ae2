"""A disk that is really full, and a user who really may not: what people are told, and keep.

Each run here is a process in a mount namespace of its own, with a small file system of its own,
or belongs to `nobody`. Limits on the size of a file, `/dev/full` and capabilities that were given
up, which need no root: `tests/test_lost_results.py` and `tests/test_trouble.py`.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from random import Random

import pytest
from pages import answers, asks, page
from project import ROOT, Project, document_of
from test_nodes import skip_without

from specgen.target.nodes.kinds import JAVA_NODES

MANY = page(*(asks("GET _cat/health", name=f"c{number}") for number in range(40)))
WRONG = page(asks("PUT books", name="made"), answers('{"acknowledged": false}'))
# Fills a file system but for so many kilobytes.
FILL = (
    "room=$(df --output=avail -k disk | tail -1); head -c $(( (room - {left}) * 1024 )) /dev/zero"
)


@cache
def namespaces() -> str:
    """Why there can be no file system of a test's own; empty if there can."""
    if not shutil.which("unshare"):
        return "there is no unshare here"
    mount = ["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    return f"nothing can be mounted here: {done.stderr.strip()}" if done.returncode else ""


def specgen(*arguments: str) -> str:
    return shlex.join([sys.executable, "-m", "specgen", *arguments])


def shell(project: Project, script: str, **environment: str) -> tuple[int, str]:
    """Runs a script in a mount namespace of its own: what it mounts goes with it."""
    if why := namespaces():
        pytest.skip(why)
    done = subprocess.run(
        ["unshare", "-m", "sh", "-ec", script],
        cwd=project.path,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "NO_COLOR": "1",
            "COLUMNS": "80",
            **environment,
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout + done.stderr


def with_full_disk(
    project: Project, command: str, left: int = 0, **environment: str
) -> tuple[int, str]:
    """Runs a command where `disk` has so many kilobytes left; what is there then is in `kept`."""
    (project.path / "disk").mkdir(exist_ok=True)
    script = f"""\
mkdir saved; cp -a disk/. saved/
mount -t tmpfs -o size=2m none disk
cp -a saved/. disk/
{FILL.format(left=left)} >disk/ballast
code=0; {command} || code=$?
cp -a disk kept
exit $code
"""
    return shell(project, script, **environment)


@pytest.mark.parametrize("report", ["--json", "--junit"])
def test_a_report_for_which_there_is_no_room_is_told_and_kept(report: str) -> None:
    project = Project({"docs/a.adoc": MANY})
    (project.path / "tmp").mkdir()
    reports = (report, "disk/report", *(() if report == "--json" else ("--json", "r.json")))
    command = specgen("run", "docs", *reports)
    code, told = with_full_disk(project, command, 4, TMPDIR=str(project.path / "tmp"))
    assert "error: disk/report cannot be written: No space left on device" in told
    assert "40 passed" in told
    assert code == 2
    files = project.files()
    kept = [data for name, data in files.items() if "specgen-report-" in name]
    assert len(kept) == 1
    document = kept[0] if report == "--json" else files["r.json"]
    assert len(document_of(document.decode())["results"]) == 40


@pytest.mark.parametrize("left", [0, 4, 32])
def test_a_recording_for_which_there_is_no_room_ends_the_run(left: int) -> None:
    project = Project({"docs/a.adoc": MANY})
    command = specgen("run", "docs", "--json", "r.json", "--record", "disk/r.har")
    code, told = with_full_disk(project, command, left)
    assert "disk/r.har.part cannot be written: No space left on device" in told
    assert "make room on the disk, then record again" in told
    assert code == 2
    results = document_of(project.files()["r.json"].decode())["results"]
    assert len(results) == 40
    lost = [each for each in results if each["outcome"] != "passed"]
    assert {each["outcome"] for each in lost} == {"error"}
    assert all("cannot be written" in each["message"] for each in lost)
    assert (len(lost) < 40) == (left > 0)  # what was judged before it is known


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_temporary_folder_on_a_full_disk_is_told(workers: str) -> None:
    """What cannot even be begun is told; what was judged before the disk was full is kept."""
    codes = set()
    for left in (16, 96, 300):
        project = Project({f"docs/{name}.adoc": MANY for name in "abcdef"})
        command = specgen("run", "docs", "--json", "r.json", "-n", workers)
        code, told = with_full_disk(project, command, left, TMPDIR=str(project.path / "disk"))
        codes.add(code)
        assert "No space left on device" in told or "results could not be written" in told, told
        if code == 2:  # no module could be written
            assert "test_" in told
            continue
        results = document_of(project.files()["r.json"].decode())["results"]
        assert len(results) == 240
        assert {each["outcome"] for each in results} <= {"passed", "error"}
        assert "error" in {each["outcome"] for each in results}
    assert codes <= {1, 2, 4}
    assert len(codes) > 1


def test_a_full_cache_stops_nothing() -> None:
    project = Project({"docs/a.adoc": MANY})
    cache = str(project.path / "disk")
    for command in (("run", "docs"), ("generate", "docs", "--out", "out")):
        shutil.rmtree(project.path / "saved", ignore_errors=True)
        shutil.rmtree(project.path / "kept", ignore_errors=True)
        told = with_full_disk(
            project, specgen(*command), XDG_CACHE_HOME=cache, XDG_STATE_HOME=cache
        )
        assert told[0] == 0, told


def test_modules_for_which_there_is_no_room_are_whole_or_not_there() -> None:
    project = Project({f"docs/{name}.adoc": MANY for name in "abcdef"})
    command = specgen("generate", "docs", "--out", "disk/out")
    code, told = with_full_disk(project, command, 24)
    assert code == 2
    assert "disk/out cannot be written: No space left on device" in told
    assert project.run("generate", "docs", "--out", "whole").code == 0
    files = project.files()
    written = [name for name in files if name.startswith("kept/out/") and "test_" in name]
    assert 0 < len(written) < 6
    for name in written:
        assert files[name] == files[name.replace("kept/out", "whole")]


def test_a_page_for_which_there_is_no_room_stays_as_it_is() -> None:
    project = Project({"disk/docs/a.adoc": WRONG + "\n// Words.\n" * 2000})
    code, told = with_full_disk(project, specgen("drift", "disk/docs", "--update"), 4)
    assert code == 1
    assert "left to you (changed): /acknowledged it cannot be written: No space left" in told
    files = project.files()
    assert files["kept/docs/a.adoc"] == files["saved/docs/a.adoc"]
    assert [name for name in files if name.endswith(".part")] == []


# A node on a small disk, which the documents of a page fill.
NODE = """mount -t tmpfs -o size=30m none disk
TMPDIR=$PWD/disk {up}
url=$("{python}" -c 'import json; print(json.load(open("node.json"))["nodes"][0]["url"])')
code=0; {run} "$url" || code=$?
{down} >/dev/null
exit $code
"""


# Takes about 30 s where the machine is idle and the jars are in the cache.
def test_a_real_node_whose_disk_is_full_is_no_drift() -> None:
    skip_without(next(kind for kind in JAVA_NODES if kind.name == "elasticsearch-7.10"))
    random = Random(0)
    texts = ["".join(random.choices("abcdefghijklmnop", k=2_800_000)) for _ in range(10)]
    snippets = (
        asks(f'POST books/_doc?timeout=1s\n{{"text": "{text}"}}', name=f"c{number}")
        for number, text in enumerate(texts)
    )
    text = page(asks("GET _cat/health", name="first"), *snippets, asks("GET books", name="last"))
    project = Project({"docs/a.adoc": text})
    (project.path / "disk").mkdir()
    name, run = "elasticsearch-7.10", ("run", "docs", "--clean", "never", "--timeout", "5")
    script = NODE.format(
        up=specgen("cluster", "up", name, "--detach", "--json", "node.json"),
        python=sys.executable,
        run=specgen(*run, "--json", "r.json", "--disposable", "--target"),
        down=specgen("cluster", "down", name),
    )
    code, told = shell(project, script, XDG_STATE_HOME=str(project.path / "state"))
    results = document_of(project.files()["r.json"].decode())["results"]
    outcomes = {each["case"]: each["outcome"] for each in results}
    assert outcomes["first"] == outcomes["c0"] == "passed"
    assert outcomes["c9"] == "error"
    assert set(outcomes.values()) == {"passed", "error"}
    full = "No space left on device", "cluster_block_exception", "cannot be reached"
    assert any(words in told for words in full), told
    assert code in {1, 4}


# What lies on the way to Python may be shut to others than root: then it is mounted elsewhere.
AS_NOBODY = """\
if [ -n "$SHUT" ]; then
  mkdir python; mount --bind "$BASE" python
  mount -t tmpfs -o mode=755 none "$SHUT"; mkdir -p "$BASE"; mount --bind python "$BASE"
fi
exec setpriv --reuid nobody --regid nogroup --clear-groups -- sh -c "$COMMAND"
"""


def as_nobody(project: Project, *arguments: str, **environment: str) -> tuple[int, str]:
    """Runs specgen as the user nobody, whose own folder is `home`."""
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("only root can become nobody, with setpriv")
    project.path.chmod(0o755)
    home = project.path / "home"
    home.mkdir(exist_ok=True)
    shutil.chown(home, "nobody", "nogroup")
    base = Path(sys.base_prefix)
    shut = [path for path in (*base.parents[::-1], base) if not path.stat().st_mode & 0o001]
    return shell(
        project,
        AS_NOBODY,
        SHUT=str(shut[0]) if shut else "",
        BASE=str(base),
        COMMAND=specgen(*arguments),
        **{"HOME": str(home), "TMPDIR": str(home), "PYTHONDONTWRITEBYTECODE": "1", **environment},
    )


def test_another_user_reads_what_may_be_read() -> None:
    project = Project({f"docs/{name}.adoc": MANY for name in ("good", "shut", "folder/in")})
    (project.path / "docs/shut.adoc").chmod(0o600)
    (project.path / "docs/folder").chmod(0o700)
    code, told = as_nobody(project, "run", "docs", "--json", "home/r.json")
    assert "docs/shut.adoc: shut.adoc: Permission denied" in told
    assert "40 passed" in told
    assert code == 3
    results = document_of((project.path / "home/r.json").read_text("utf-8"))["results"]
    assert {each["outcome"] for each in results} == {"passed"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("run", "docs", "--json", "r.json"), "error: r.json cannot be written: Permission denied"),
        (("run", "docs", "--record", "r.har"), "r.har"),
        (("generate", "docs", "--out", "out"), "error: out cannot be written: Permission denied"),
        (("export", "docs", "--format", "curl", "--out", "out"), "a.adoc.sh cannot be written: "),
        (("coverage", "docs", "--html", "c.html"), "error: c.html cannot be written: "),
        (("init",), "error: .github/workflows/specgen.yml cannot be written: Permission denied"),
        (
            ("drift", "docs", "--baseline", "b.jsonl", "--write-baseline"),
            "error: b.jsonl cannot be written: Permission denied",
        ),
    ],
    ids=lambda each: each[0] if isinstance(each, tuple) else "",
)
def test_another_user_is_told_what_may_not_be_written(
    arguments: tuple[str, ...], message: str
) -> None:
    project = Project({"docs/a.adoc": WRONG, "specgen.toml": ""})
    before = project.files()
    code, told = as_nobody(project, *arguments)
    assert message in told
    assert "Permission denied" in told
    assert code == 2
    files = project.files()
    assert {name: data for name, data in files.items() if not name.startswith("home/")} == before
    if arguments[0] == "run" and "--json" in arguments:
        (kept,) = (data for name, data in files.items() if "specgen-report-" in name)
        assert [each["case"] for each in document_of(kept.decode())["results"]] == ["made"]


def test_a_page_that_another_user_may_not_write_stays_as_it_is() -> None:
    project = Project({"docs/a.adoc": WRONG, "home/docs/b.adoc": WRONG})
    code, told = as_nobody(project, "drift", "docs", "--update")
    assert code == 1
    assert "left to you (changed): /acknowledged it cannot be written: Permission denied" in told
    assert project.files()["docs/a.adoc"] == WRONG.encode()


def test_a_scratch_folder_of_somebody_else_is_not_used() -> None:
    project = Project({"docs/a.adoc": WRONG})
    (project.path / "home").mkdir()
    (project.path / "home/specgen-65534").mkdir()  # made by root, where nobody will look
    code, told = as_nobody(project, "run", "docs")
    assert code == 4
    assert "home/specgen-65534 is not a folder of this user, so specgen does not write" in told
    assert "set TMPDIR to another folder" in told
