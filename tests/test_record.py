"""`specgen run --record`, and `--target recording:FILE`: the same verdicts with no cluster."""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from own_engine import engines_in, install_engine, wait_for
from pages import answers, asks, page
from project import CLUSTER, ROOT, Loopback, Project, Replayed, Reply, Seen, cluster

HAR = json.loads((ROOT / "tests/har.schema.json").read_text(encoding="utf-8"))
COUNT = "GET books/_count?filter_path=count"
# The second case sees another count than the first: the same requests, other answers.
BOOKS = page(
    asks(f"PUT books/_doc/1?refresh\n{{}}\n\n{COUNT}", name="one"),
    answers('{"count": 1}'),
    asks(
        f'PUT books/_bulk?refresh\n{{"index":{{}}}}\n{{}}\n{{"index":{{}}}}\n{{}}\n\n{COUNT}',
        name="two",
    ),
    answers('{"count": 2}'),
    asks("DELETE books", name="gone", marker="// TEST[catch:missing]"),
)
posix = pytest.mark.skipif(os.name != "posix", reason="signals are those of POSIX")


def recording(project: Project, name: str = "r.har") -> dict[str, Any]:
    document: dict[str, Any] = json.loads((project.path / name).read_text(encoding="utf-8"))
    jsonschema.validate(document, HAR, jsonschema.Draft202012Validator)
    return document


def entries(project: Project) -> list[dict[str, Any]]:
    return list(recording(project)["log"]["entries"])


def verdicts(replayed: Replayed) -> list[dict[str, Any]]:
    """The results without what may differ: how long a case took, what is left behind."""
    return [{**each, "duration_s": 0, "left_behind": []} for each in replayed.results]


@pytest.fixture(scope="module")
def books() -> Project:
    project = Project({"docs/books.asciidoc": BOOKS})
    assert project.run("run", "docs", "--record", "r.har").code == 0
    return project


def test_the_pages_of_specs_get_the_same_verdicts_with_no_engine() -> None:
    project = Project({"specgen.toml": (ROOT / "specgen.toml").read_text(encoding="utf-8")})
    shutil.copytree(ROOT / "specs", project.path / "specs")
    recorded = project.replay("--record", "r.har")
    recording(project)
    engine = install_engine(project.path / "engine")
    replayed = project.replay("--target", "recording:r.har", **engine)
    assert len(recorded.results) > 40
    assert any(each["emulated"] for each in recorded.results)
    assert verdicts(replayed) == verdicts(recorded)
    assert engines_in(project.path / "engine") == []
    target = {**recorded.document["target"], "name": "recording"}
    assert replayed.document["target"] == target
    assert "connector APIs: emulated by specgen" in replayed.told.err


def test_workers_record_into_one_file() -> None:
    project = Project({f"docs/{name}.asciidoc": BOOKS for name in "abcd"})
    recorded = project.replay("docs", "-n", "2", "--record", "r.har")
    sent = [each["startedDateTime"] for each in entries(project)]
    assert sent == sorted(sent)
    assert verdicts(project.replay("docs", "--target", "recording:r.har")) == verdicts(recorded)
    again = project.replay("docs", "-n", "2", "--target", "recording:r.har")
    assert verdicts(again) == verdicts(recorded)
    assert sorted(path.name for path in project.path.iterdir()) == ["docs", "r.har"]


@pytest.mark.parametrize(
    ("options", "cases"),
    [
        (("docs", "-k", "two"), ["two"]),
        (("docs/books.asciidoc:22",), ["two"]),
        (("docs", "-k", "not one and not gone"), ["two"]),
        (("docs", "--shard", "1/1"), ["one", "two", "gone"]),
    ],
)
def test_some_of_the_cases_get_their_own_answers(
    books: Project, options: tuple[str, ...], cases: list[str]
) -> None:
    replayed = books.replay(*options, "--target", "recording:r.har")
    assert replayed.outcomes == dict.fromkeys(cases, "passed"), replayed.told.err


def test_a_renamed_case_finds_its_answers() -> None:
    project = Project({"docs/a.asciidoc": BOOKS})
    project.run("run", "docs", "--record", "r.har")
    (project.path / "docs/a.asciidoc").rename(project.path / "docs/b.asciidoc")
    replayed = project.replay("docs", "--target", "recording:r.har")
    assert set(replayed.outcomes.values()) == {"passed"}, replayed.told.err


def test_a_page_that_changed_fails_as_it_would_on_the_engine(books: Project) -> None:
    changed = BOOKS.replace('"count": 2', '"count": 3').replace("catch:missing", "skip:no")
    project = Project({"docs/books.asciidoc": changed, "r.har": (books.path / "r.har").read_text()})
    replayed = project.replay("docs", "--target", "recording:r.har")
    assert replayed.told.code == 1
    assert verdicts(replayed) == verdicts(project.replay("docs"))
    assert replayed.outcomes == {"one": "passed", "two": "failed", "gone": "skipped"}


def test_a_request_that_the_recording_does_not_know_is_named(books: Project) -> None:
    changed = BOOKS.replace("PUT books/_doc/1?refresh\n{}", 'PUT books/_doc/1?refresh\n{"a": 1}')
    project = Project({"docs/books.asciidoc": changed, "r.har": (books.path / "r.har").read_text()})
    replayed = project.replay("docs", "--target", "recording:r.har")
    assert replayed.outcomes == {"one": "error", "two": "passed", "gone": "passed"}
    assert replayed.told.code == 1
    [finding] = replayed.findings
    assert finding["kind"] == "target"
    assert finding["line"] == 7
    message = 'the recording does not know PUT /books/_doc/1?refresh with the body {"a":1}'
    assert finding["message"].replace('": 1', '":1') == message
    assert "the recording does not know:\n  PUT books/_doc/1?refresh\n" in replayed.told.err


def test_all_that_was_sent_is_there_in_order() -> None:
    with Loopback() as server:
        project = Project({"docs/a.asciidoc": page(asks("PUT books\n{}"))})
        assert project.run("run", "docs", "--target", server.url, "--record", "r.har").code == 4
        marker = entries(project)
        project.run("run", "docs", "--target", server.url, "--disposable", "--record", "r.har")
        sent = [f"{seen.method} {server.url}{seen.path}" for seen in server.seen[1:]]
    assert [each["_specgen"]["part"] for each in marker] == ["start-up"]
    assert marker[0]["response"]["status"] == 404
    kept = entries(project)
    assert [f"{e['request']['method']} {e['request']['url']}" for e in kept] == sent
    assert [each["_specgen"]["part"] for each in kept][:3] == ["start-up", "cleaning", "case"]
    assert kept[-1]["_specgen"]["part"] == "cleaning"


ISSUED = "VuaCfGcBCdbkQm-e5aOx-issued"
ENCODED = base64.b64encode(f"id:{ISSUED}".encode()).decode()


def issuing(seen: Seen) -> Reply:
    if seen.path == "/_security/api_key":
        answer = {"id": "i", "name": "n", "api_key": ISSUED, "encoded": ENCODED}
        headers = (("Content-Type", "application/json"), ("Set-Cookie", "sid=planted-cookie"))
        return Reply(body=json.dumps(answer).encode(), headers=headers)
    if seen.path.startswith("/echo"):
        return Reply(body=json.dumps({"got": seen.path, "said": seen.body.decode()}).encode())
    return cluster(seen)


def test_no_secret_is_in_a_recording_and_it_replays_all_the_same() -> None:
    text = page(
        asks(
            'POST /_security/api_key\n{"name": "n", "metadata": {"password": "planted-in-page"}}',
            name="keys",
        ),
        answers(
            '{"id": "i", "name": "n", "api_key": "x", "encoded": "y"}',
            '// TESTRESPONSE[s/"x"/$body.api_key/ s/"y"/$body.encoded/]',
        ),
        asks("GET /echo/${body.api_key}", "// TEST[continued]", name="uses"),
    )
    project = Project({"docs/a.asciidoc": text})
    with Loopback(issuing) as server:
        url = server.url.replace("://", "://elastic:planted-password@")
        options = ("--disposable", "--allow", "security")
        recorded = project.replay("docs", "--target", url, *options, "--record", "r.har")
        assert any(ISSUED in seen.path for seen in server.seen)
    kept = (project.path / "r.har").read_text(encoding="utf-8")
    recording(project)
    secrets = ("planted-password", ISSUED, ENCODED, "planted-cookie", "planted-in-page", "elastic:")
    assert [secret for secret in secrets if secret in kept] == []
    assert base64.b64encode(b"elastic:planted-password").decode() not in kept
    replayed = project.replay("docs", "--target", "recording:r.har")
    assert set(recorded.outcomes.values()) == {"passed"}, recorded.told.err
    assert replayed.outcomes == recorded.outcomes, replayed.told.err


def test_what_a_page_calls_a_password_is_hidden_and_still_compared() -> None:
    text = page(
        asks('PUT users/_doc/1\n{"password": "a \\"quoted\\" one"}\n\nGET users/_source/1'),
        answers('{"password": "a \\"quoted\\" one"}'),
    )
    project = Project({"docs/a.asciidoc": text})
    assert project.run("run", "docs", "--record", "r.har").code == 0
    assert "quoted" not in (project.path / "r.har").read_text(encoding="utf-8")
    assert project.run("run", "docs", "--target", "recording:r.har").code == 0
    project.write("docs/a.asciidoc", text.replace('one"}\n----', 'two"}\n----'))
    assert project.replay("docs", "--target", "recording:r.har").kinds("line_6") == ["value"]


WAITS = page(
    asks("GET one", name="one"), asks("GET wait", name="waits"), asks("GET two", name="two")
)


def killed(project: Project, *, session_only: bool) -> None:
    """Runs with a recording, and kills it while its second case waits."""
    engine = install_engine(project.path / "engine")
    process = project.start("run", "docs", "--record", "r.har", **engine)
    wait_for(project.path / "engine/waits", lambda: process.poll() is None)
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if not listed.exists():
        process.kill()
        process.communicate()
        pytest.skip("this system does not list the children of a process")
    [session] = [int(child) for child in listed.read_text().split()]
    if not session_only:
        process.kill()
    os.kill(session, signal.SIGKILL)
    process.communicate(timeout=30)


@posix
@pytest.mark.parametrize("session_only", [True, False])
def test_what_was_recorded_outlives_a_kill(session_only: bool) -> None:
    project = Project({"docs/a.asciidoc": WAITS})
    killed(project, session_only=session_only)
    name = "r.har" if session_only else "r.har.part"
    assert (project.path / name).exists()
    replayed = project.replay("docs", "--target", f"recording:{name}")
    # Where only the session is killed, another one runs what it had not begun.
    two = "passed" if session_only else "error"
    assert replayed.outcomes == {"one": "passed", "waits": "error", "two": two}
    project.write("docs/a.asciidoc", page(asks("GET one", name="one")))
    assert (
        project.run("run", "docs", "--record", "r.har", **install_engine(project.path / "e")).code
        == 0
    )
    assert not (project.path / "r.har.part").exists()
    assert {each["_specgen"]["case"] for each in entries(project)} == {"", "a.asciidoc::one"}


def test_plain_pytest_records_and_replays(books: Project) -> None:
    def pytest_run(*options: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pytest", "generated_tests", "-q", *options]
        names = ("PYTEST_", "SPECGEN_", "COV_")
        environment = {k: v for k, v in os.environ.items() if not k.startswith(names)}
        return subprocess.run(
            command, cwd=project.path, env=environment, capture_output=True, text=True, check=False
        )

    project = Project({"docs/books.asciidoc": BOOKS})
    project.run("generate", "docs")
    done = pytest_run("--specgen-record", "r.har")
    assert done.returncode == 0, done.stdout + done.stderr
    mine = [each["_specgen"]["case"] for each in entries(project)]
    assert mine == [each["_specgen"]["case"] for each in entries(books)]
    done = pytest_run("--specgen-target", "recording:r.har")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "specgen: replayed on recording: noida-db" in done.stdout


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "there is no recording"),
        ('{"log": {\n  "entries": [}', "r.har:2:15: Expecting value"),
        ('{"log": {"entries": []}}', "r.har is no recording"),
        ('{"log": {"entries": [], "_specgen": {"target": null}}}', "r.har holds no target"),
        (b"\xff\xfe", "r.har:1:1: Expecting value: this is no recording"),
    ],
)
def test_what_is_no_recording_is_wrong_use(content: str | bytes | None, told: str) -> None:
    project = Project({"docs/a.asciidoc": BOOKS})
    if content is not None:
        project.write("r.har", content)
    done = project.run("run", "docs", "--target", "recording:r.har")
    assert done.code == 2, done.text
    assert told in done.text


def test_an_entry_that_is_none_is_named(books: Project) -> None:
    document = recording(books)
    del document["log"]["entries"][2]["request"]["url"]
    project = Project({"docs/a.asciidoc": BOOKS, "r.har": json.dumps(document)})
    done = project.run("run", "docs", "--target", "recording:r.har")
    assert done.code == 2
    assert "r.har: log.entries[2] is no recorded exchange: lacks 'url'" in done.text


def test_a_recording_named_by_the_configuration_stands_beside_it(books: Project) -> None:
    project = Project(
        {
            "specgen.toml": 'target = "recording:kept/r.har"\npages = ["docs"]\n',
            "docs/books.asciidoc": BOOKS,
            "kept/r.har": (books.path / "r.har").read_text(),
        }
    )
    assert project.replay().document["target"]["name"] == "recording"


def test_a_recording_that_is_only_read() -> None:
    project = Project({"docs/a.asciidoc": page(asks("GET _cluster/health", name="reads"))})
    project.run("run", "docs", "--record", "r.har")
    project.write(
        "docs/a.asciidoc",
        page(asks("GET _cluster/health", name="reads"), asks("PUT b", name="writes")),
    )
    replayed = project.replay("docs", "--target", "recording:r.har", "--read-only")
    assert replayed.outcomes == {"reads": "passed", "writes": "skipped"}


def deprecating(seen: Seen) -> Reply:
    if seen.path == "/old":
        warning = '299 Elasticsearch-8.15.3-abc "[old] is deprecated"'
        headers = (("Content-Type", "application/json"), ("Warning", warning))
        return Reply(body=json.dumps(CLUSTER).encode(), headers=headers)
    return cluster(seen)


def test_strict_warnings_fail_what_no_page_tells_of() -> None:
    told = "// TEST[warning:[old] is deprecated]"
    text = page(
        asks("GET /old", name="silent"),
        asks("GET /old", told, "tells"),
        asks("GET /new", name="new"),
    )
    project = Project({"docs/a.asciidoc": text})
    with Loopback(deprecating) as server:
        options = ("docs", "--target", server.url, "--disposable")
        lenient = project.replay(*options, "--record", "r.har")
        strict = project.replay(*options, "--strict-warnings")
    assert lenient.told.code == 0
    assert set(lenient.outcomes.values()) == {"passed"}
    assert strict.told.code == 1
    assert strict.outcomes == {"silent": "failed", "tells": "passed", "new": "passed"}
    assert strict.kinds("silent") == ["warning"]
    assert "[old] is deprecated" in strict.told.err
    replayed = project.replay("docs", "--target", "recording:r.har", "--strict-warnings")
    assert replayed.outcomes == strict.outcomes
