"""Trouble while a run goes on: what people are told, and that nothing already known is lost.

Killed workers, engines and runs, interrupts in a case, full disks: `tests/test_lost_results.py` and
`tests/test_run_process.py`. Proxies that do harm: `tests/replay/test_faults.py`. Here is what comes
at other moments, an overloaded target, what may not be read or written, and two at once.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import ssl
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from own_engine import engines_in, install_engine, is_running, wait_for
from pages import asks, page
from project import Loopback, Project, Reply, Seen, cluster, document_of
from test_lost_results import until
from test_url import certificate

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals are those of POSIX")

BUSY = [
    (429, "es_rejected_execution_exception", "later"),
    (429, "circuit_breaking_exception", "later"),
    (503, "cluster_block_exception", "later"),
    (503, "master_not_discovered_exception", "later"),
    (500, "i_o_exception", "No space left on device"),
    (507, "some_exception", "later"),
]


def refusing(status: int, kind: str, reason: str = "later") -> Callable[[Seen], Reply]:
    """A cluster that answers so when it is asked for books."""
    body = json.dumps({"error": {"type": kind, "reason": reason}, "status": status}).encode()
    return lambda seen: Reply(status, body) if seen.path.startswith("/books") else cluster(seen)


@pytest.mark.parametrize(("status", "kind", "reason"), BUSY)
def test_a_target_that_has_too_much_to_do_is_no_drift(status: int, kind: str, reason: str) -> None:
    text = page(asks("GET books", name="busy"), asks("GET /", name="idle"))
    with Loopback(refusing(status, kind, reason)) as server:
        project = Project({"docs/a.adoc": text})
        replayed = project.replay("docs", "--target", server.url, "--disposable")
    assert replayed.outcomes == {"busy": "error", "idle": "passed"}
    assert replayed.kinds("busy") == ["target"]
    assert f"the target cannot take it now: {status}: {kind}: {reason}" in replayed.told.err
    assert replayed.told.code == 1


@pytest.mark.parametrize(
    ("status", "kind", "marker", "outcome"),
    [
        (503, "cluster_block_exception", "// TEST[catch:unavailable]", "passed"),
        (429, "circuit_breaking_exception", "// TEST[catch:/circuit_breaking/]", "passed"),
        (503, "search_phase_execution_exception", "", "failed"),
        (500, "es_rejected_execution_exception", "", "failed"),
        (403, "cluster_block_exception", "", "failed"),
    ],
)
def test_what_a_page_catches_or_a_request_brings_about_is_judged(
    status: int, kind: str, marker: str, outcome: str
) -> None:
    with Loopback(refusing(status, kind)) as server:
        project = Project({"docs/a.adoc": page(asks("GET books", marker, name="a"))})
        replayed = project.replay("docs", "--target", server.url, "--disposable")
    assert replayed.outcomes == {"a": outcome}


# Where a run stands still: what the page has for that, and whether `one` is judged before.
STAGES: dict[str, tuple[list[str], bool | None]] = {
    "before the target is up": ([asks("GET one", name="one")], False),
    "in a setup": ([asks("GET wait", "// TESTSETUP"), asks("GET one", name="one")], False),
    "in a teardown": ([asks("GET wait", "// TEARDOWN"), asks("GET two", name="one")], None),
    "in cleaning": (
        [asks("GET one", name="one"), asks("PUT _ingest/pipeline/stuck", name="leaves")],
        True,
    ),
}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("stage", STAGES)
def test_a_signal_at_any_stage_leaves_every_case_with_an_outcome(
    stage: str, number: signal.Signals
) -> None:
    snippets, judged = STAGES[stage]
    project = Project({"docs/a.asciidoc": page(*snippets, asks("GET last", name="last"))})
    engine = install_engine(project.path / "engine")
    if stage == "before the target is up":
        (project.path / "engine/late").touch()
    process = project.start("run", "docs", "--json", "r.json", "--junit", "j.xml", **engine)
    try:
        wait_for(project.path / "engine/waits", lambda: process.poll() is None)
        if judged:
            part = project.path / "r.json.part"
            until(lambda: part.exists() and '"case": "one"' in part.read_text("utf-8"))
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
        process.communicate()
    assert "Traceback" not in out + err
    if number == signal.SIGKILL:
        until(lambda: (project.path / "r.json.part").exists())
        told = project.run("merge", "r.json.part", "--json", "r.json", "--docs-root", "docs")
        out, code = told.out, told.code
        for pid in engines_in(project.path / "engine"):
            if is_running(pid):
                os.kill(pid, signal.SIGKILL)  # the session looks around when it gets an answer
    else:
        code = process.returncode
        assert (project.path / "j.xml").exists()
        assert "r.json.part" not in project.files()
    assert code == 130
    assert "interrupted" in out or "a run did not end" in out
    results = document_of((project.path / "r.json").read_text("utf-8"))["results"]
    outcomes = {each["case"]: each["outcome"] for each in results}
    assert outcomes["last"] == "error"
    if judged is not None:  # what became of a case is known when its teardown is over
        assert outcomes["one"] == ("passed" if judged else "error")
    until(lambda: not any(map(is_running, engines_in(project.path / "engine"))))


def hold(path: Path) -> None:
    """Waits until somebody reads from a pipe, who then waits for what never comes."""
    until(lambda: not _nobody_reads(path))


def _nobody_reads(path: Path) -> bool:
    try:
        HELD.append(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
    except OSError:
        return True
    return False


HELD: list[int] = []


def ended_by(number: signal.Signals, process: subprocess.Popen[str]) -> tuple[str, str]:
    """Sends a signal to a process that waits in a read, and returns what it said.

    Python looks at signals between two instructions, so one that comes just before the read is
    seen with the next one only.
    """
    process.send_signal(number)
    try:
        return process.communicate(timeout=10)
    except subprocess.TimeoutExpired:
        process.send_signal(number)
        return process.communicate(timeout=60)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("command", ["run", "drift", "generate"])
def test_a_signal_while_pages_are_read_leaves_nothing(
    command: str, number: signal.Signals, tmp_path: Path
) -> None:
    """The attributes come from a pipe into which nobody writes, so that planning waits."""
    project = Project({"docs/a.asciidoc": page(asks("GET one", name="one"))})
    os.mkfifo(project.path / "attributes")
    options = ("--out", "out") if command == "generate" else ("--json", "r.json", "--out", "out")
    places = {"TMPDIR": str(tmp_path)}
    process = project.start(command, "docs", "--attributes", "attributes", *options, **places)
    try:
        hold(project.path / "attributes")
        out, err = ended_by(number, process)
    finally:
        process.kill()
        process.communicate()
        os.close(HELD.pop())
    assert process.returncode == (-9 if number == signal.SIGKILL else 130)
    assert "Traceback" not in out + err
    assert ("interrupted" in err) == (number != signal.SIGKILL)
    assert list(project.files()) == ["docs/a.asciidoc"]
    # What a killed one leaves, the next one sweeps away.
    assert project.run("run", "docs", "--plan").code == 0
    assert project.command("run", "docs", **places).code in {0, 1}
    assert [path for path in tmp_path.rglob("*") if path.parent != tmp_path] == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_signal_while_modules_are_written_leaves_each_whole(number: signal.Signals) -> None:
    """Many modules are on their way when the first of them is there."""
    text = page(*(asks(f"GET b{each}", name=f"c{each}") for each in range(40)))
    project = Project({f"docs/p{each}.asciidoc": text for each in range(120)})
    process = project.start("generate", "docs", "--out", "out", "--no-cache")
    try:
        until(lambda: any((project.path / "out").glob("test_*")) or process.poll() is not None)
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
        process.communicate()
    assert "Traceback" not in out + err
    # All may be written by then; one that ends by the signal itself is 130 to a shell, too.
    assert process.returncode in {-number, 0, *([] if number == signal.SIGKILL else [130])}
    cut = project.files()
    assert project.run("generate", "docs", "--out", "whole").code == 0
    whole = project.files()
    modules = [name for name in cut if name.startswith("out/test_")]
    assert modules
    assert all(cut[name] == whole[name.replace("out/", "whole/")] for name in modules)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_signal_while_reports_are_written_loses_no_result(number: signal.Signals) -> None:
    """The JUnit report goes to a pipe that nobody reads, so that writing it waits."""
    project = Project({"docs/a.asciidoc": page(asks("GET one", name="one"))})
    engine = install_engine(project.path / "engine")
    os.mkfifo(project.path / "j.xml")
    process = project.start("run", "docs", "--json", "r.json", "--junit", "j.xml", **engine)
    try:
        wait_for(project.path / "r.json", lambda: process.poll() is None)
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
        process.communicate()
    assert "1 passed" in out
    assert "Traceback" not in err
    assert process.returncode == (-9 if number == signal.SIGKILL else 130)
    [result] = document_of((project.path / "r.json").read_text("utf-8"))["results"]
    assert result["outcome"] == "passed"


def powerless(project: Project, *arguments: str, **environment: str) -> tuple[int, str]:
    """Runs specgen without the right to pass over permissions, which root has."""
    command = [sys.executable, "-m", "specgen", *arguments]
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            pytest.skip("root may read and write everything, and there is no setpriv here")
        command = ["setpriv", "--inh-caps=-all", "--bounding-set=-all", *command]
    done = subprocess.run(
        command,
        cwd=project.path,
        env={**os.environ, **environment, "NO_COLOR": "1", "COLUMNS": "80"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def test_what_may_not_be_read_is_told_and_the_rest_runs() -> None:
    text = page(asks("GET _cat/health"))
    project = Project({f"docs/{name}.adoc": text for name in ("good", "shut", "folder/in")})
    (project.path / "docs/shut.adoc").chmod(0)
    (project.path / "docs/folder").chmod(0)
    code, told = powerless(project, "run", "docs")
    (project.path / "docs/folder").chmod(0o700)
    assert "docs/shut.adoc: shut.adoc: Permission denied" in told
    assert "1 passed" in told
    assert code == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("generate", "docs", "--out", "shut"), "error: shut cannot be written: "),
        (("export", "docs", "--format", "curl", "--out", "shut"), "a.adoc.sh cannot be written: "),
        (("run", "docs", "--json", "shut/r.json"), "error: shut/r.json cannot be written: "),
        (("run", "docs", "--junit", "shut/j.xml"), "error: shut/j.xml cannot be written: "),
        (("run", "docs", "--record", "shut/r.har"), "shut/r.har"),
        (("coverage", "docs", "--html", "shut/c.html"), "shut/c.html cannot be written: "),
        (("check", "docs", "--sarif", "shut/c.sarif"), "shut/c.sarif cannot be written: "),
    ],
)
def test_what_may_not_be_written_is_told(arguments: tuple[str, ...], message: str) -> None:
    project = Project({"docs/a.adoc": page(asks("GET _cat/health"))})
    (project.path / "shut").mkdir(mode=0o500)
    code, told = powerless(project, *arguments)
    assert message in told
    assert "Permission denied" in told
    assert code == 2
    if arguments[0] == "run" and "--record" not in arguments:
        assert "1 passed" in told  # what is known is told all the same


@pytest.mark.parametrize("name", ["XDG_CACHE_HOME", "XDG_STATE_HOME"])
def test_a_folder_of_the_users_that_may_not_be_written_stops_nothing(name: str) -> None:
    project = Project({"docs/a.adoc": page(asks("GET _cat/health"))})
    (project.path / "shut").mkdir(mode=0o500)
    code, told = powerless(project, "run", "docs", **{name: str(project.path / "shut")})
    assert (code, "1 passed" in told) == (0, True)


def test_no_place_for_temporary_files_is_told() -> None:
    project = Project({"docs/a.adoc": page(asks("GET _cat/health"))})
    (project.path / "shut").mkdir(mode=0o500)
    code, told = powerless(project, "run", "docs", TMPDIR=str(project.path / "shut"))
    # Python goes on to /tmp and the like where it may not write to what TMPDIR names.
    assert (code, "1 passed" in told) == (0, True)


def test_two_that_write_to_the_same_files_leave_them_whole() -> None:
    pages = {f"docs/{name}.adoc": page(*[asks("GET _cat/health")] * 20) for name in "abcd"}
    project = Project(pages)
    cache = {"XDG_CACHE_HOME": str(project.path / "cache")}
    commands = (("generate", "docs", "--out", "out"), ("run", "docs", "--json", "r.json"))
    started = [project.start(*command, **cache) for command in commands * 3]
    ended = [(each.communicate(timeout=120), each.returncode) for each in started]
    assert [code for _, code in ended] == [0] * 6, ended
    assert project.run("generate", "docs", "--out", "out", "--check", **cache).code == 0
    document = document_of((project.path / "r.json").read_text("utf-8"))
    assert document["summary"]["passed"] == 80
    left = [name for name in project.files() if name.endswith(".part")]
    assert left == []


def test_a_certificate_that_nobody_vouches_for_is_told_and_nothing_is_sent(tmp_path: Path) -> None:
    pem = str(certificate(tmp_path))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server = Loopback()
    server.server.socket = context.wrap_socket(server.server.socket, server_side=True)
    server.server.handle_error = lambda *_: None  # type: ignore[method-assign]
    project = Project({"docs/a.adoc": page(asks("GET books", name="a"))})
    with server:
        url = server.url.replace("http:", "https:")
        command = ("run", "docs", "--target", url, "--disposable", "--json", "r.json")
        told = project.command(*command)
        assert (told.code, server.seen) == (4, [])
        assert "certificate is not trusted" in told.text
        results = document_of((project.path / "r.json").read_text("utf-8"))["results"]
        assert [each["outcome"] for each in results] == ["error"]
        assert project.command(*command, "--ca-file", pem).code == 0
        assert server.seen
