"""`specgen replay`: one case, with all that was sent, answered and compared."""

from __future__ import annotations

import json
import re

import pytest
from pages import answers, asks, page
from project import CLUSTER, Loopback, Project, Reply, Seen, Told

SETUP = asks('PUT books/_doc/1?refresh\n{"title": "Emma",\n "year": 1815}', "// TESTSETUP")
SHOWN = '{"_index": "books", "_id": "1", "_version": 1, "_seq_no": 0, "_primary_term": 1, '
SHOWN += '"found": true, "_source": {"title": "Emma", "year": "1815"}}'
BOOKS = page(
    SETUP,
    asks("GET books/_doc/1", name="look"),
    answers(SHOWN),
    asks("GET books/_count", "// TEST[continued]"),
    asks("GET books/_count", name="count"),
    answers('{"count": 1, "_shards": {"total": 1}}', "// SPECGEN[at-least ignore:/_shards]"),
    asks("GET books", "// TEST[skip:too long]", "long"),
    asks("GET books", "// TEST[setup:missing]", "blocked"),
    asks("GET books", "// TEST[setup:library]", "shelf"),
)
FILES = {"docs/sub/books.adoc": BOOKS, "setups/library.console": "GET nowhere/_search\n"}
NAME = "sub/books.adoc"
SETUPS = ("--setups", "setups")


@pytest.fixture(scope="module")
def project() -> Project:
    return Project(FILES)


def test_a_case_is_shown_with_all_that_was_sent_and_compared(project: Project) -> None:
    told = project.run("replay", f"{NAME}::look")
    assert told.code == 1
    shown, _, findings = told.out.partition("\nfailed\n")
    assert shown.split("\ncompared:\n")[1].splitlines() == [
        "  docs/sub/books.adoc:7: setup: PUT books/_doc/1 ends with success (2xx): held",
        "  docs/sub/books.adoc:15: GET books/_doc/1 ends with success (2xx): held",
        "  docs/sub/books.adoc:20: the body is as shown: 1 finding",
        "  docs/sub/books.adoc:27: GET books/_count ends with success (2xx): not reached",
    ]
    first, second = re.split(r"^\d+\. ", shown, flags=re.M)[1:]
    assert first.startswith(
        "PUT /books/_doc/1?refresh\n   curl -X PUT \"$TARGET\"'/books/_doc/1?refresh' --json "
        '\'{"title": "Emma", "year": 1815}\'\n   201\n   {\n     "_index": "books",\n'
    )
    assert '     "year": 1815\n' in second
    assert "error[type] the response has another type than the page says" in findings
    assert "repeat: curl -X GET" in findings


@pytest.mark.parametrize(
    "case", [f"{NAME}::count", f"docs/{NAME}:34", f"docs/{NAME}::count", f"./docs/{NAME}:33"]
)
def test_a_case_is_named_as_reports_name_it_or_by_a_line(project: Project, case: str) -> None:
    told = project.run("replay", case)
    assert told.code == 0, told.text
    assert "GET /books/_count" in told.out
    assert "the body is as shown (ignore /_shards; at_least ): held" in told.out
    assert told.out.endswith("\npassed\n")
    assert told.diff == ""


def test_an_id_is_relative_to_the_docs_root(project: Project) -> None:
    told = project.run("replay", "books.adoc::count", "--docs-root", "docs/sub")
    assert (told.code, "case books.adoc::count" in told.out) == (0, True)


@pytest.mark.parametrize(
    ("case", "says"),
    [
        (f"{NAME}::cuont", f"did you mean '{NAME}::count'?"),
        (f"{NAME}::xyzzy", "cases of this page: look, count, long, blocked, shelf"),
        (f"docs/{NAME}:2", "cases of this page begin on the lines: 14, 32, 44, 50, 56"),
        ("nothing.adoc::one", "there is no page 'nothing.adoc' here"),
        ("../../../../../../etc/passwd::root", "outside the docs root"),
        ("::", "there is no page"),
    ],
)
def test_what_is_no_case(project: Project, case: str, says: str) -> None:
    told = project.run("replay", case)
    assert (told.code, says in told.text) == (2, True), told.text


@pytest.mark.parametrize("case", ["nothing.adoc:7", "nothing"])
def test_what_is_no_page(project: Project, case: str) -> None:
    told = project.run("replay", case)
    assert (told.code, "no such page or folder" in told.text) == (3, True)


def test_a_case_that_is_skipped(project: Project) -> None:
    told = project.run("replay", f"{NAME}::long")
    assert told.code == 0
    assert told.out.endswith("\nskipped: too long\n")
    assert told.out.count(": not reached") == 2


def test_a_case_that_cannot_be_run(project: Project) -> None:
    told = project.run("replay", f"{NAME}::blocked", *SETUPS)
    assert told.code == 1
    assert "error: this case cannot be run: no setup is named 'missing'" in told.out
    assert "GET books ends with success (2xx): not known" in told.out


def test_a_named_setup_that_fails(project: Project) -> None:
    told = project.run("replay", f"{NAME}::shelf", *SETUPS)
    assert told.code == 1
    compared = told.out.split("compared:\n")[1].splitlines()
    assert [line.rpartition(": ")[2] for line in compared[:3]] == ["held", "failed", "not reached"]
    assert "2. GET /nowhere/_search" in told.out
    assert "   404\n" in told.out


def on_loopback(body: bytes, *options: str, text: bool = False, error: bool = False) -> Told:
    """What is told of a case whose one request is answered so."""
    kind = "text/plain" if text else "application/json"

    def cluster(seen: Seen) -> Reply:
        if seen.path == "/books/_search":
            return Reply(500 if error else 200, body, (("Content-Type", kind),))
        return Reply(body=json.dumps(CLUSTER).encode())

    project = Project({"docs/a.adoc": page(asks("GET books/_search", name="one"))})
    with Loopback(cluster) as server:
        target = ("--target", server.url, "--disposable")
        return project.run("replay", "a.adoc::one", *target, *options)


def test_a_long_body_is_shown_in_part_unless_all_is_asked_for() -> None:
    body = json.dumps({"hits": [{"n": n} for n in range(100)], "long": "m" * 500}).encode()
    lines = on_loopback(body).out.splitlines()
    assert "   … and 265 more lines (--full shows all)" in lines
    assert max(map(len, lines)) < 250
    full = on_loopback(body, "--full").out
    assert '   "long": "' + "m" * 500 in full
    assert "more lines" not in full


@pytest.mark.parametrize(
    "body",
    [b"[" * 100_000, b"\xff\xfe", b"plain \x1b[31m text\nin two lines", b'{"a": 1} {"b": 2}', b""],
)
def test_any_answer_is_shown(body: bytes) -> None:
    told = on_loopback(body, text=True, error=True)
    assert told.code == 1
    assert "   500\n" in told.out
    assert "\x1b" not in told.out


def test_no_secret_is_shown() -> None:
    secret = "s3cr3t-of-the-tests"
    body = json.dumps({"told": secret, "api_key": "made-by-the-cluster"}).encode()
    for options in (("--user", f"ann:{secret}"), ("--bearer", secret), ("--api-key", secret)):
        told = on_loopback(body, *options)
        assert told.code == 0, told.text
        assert secret not in told.text
        assert "made-by-the-cluster" not in told.text
        assert "***" in told.out


def test_a_target_that_cannot_be_reached(project: Project) -> None:
    told = project.run("replay", f"{NAME}::count", "--target", "http://ann:pw-x@127.0.0.1:1")
    assert told.code == 4
    assert "cannot be reached" in told.out
    assert "pw-x" not in told.text


def test_a_target_that_is_not_safe_to_use(project: Project) -> None:
    with Loopback() as server:
        told = project.run("replay", f"{NAME}::count", "--target", server.url)
        assert told.code == 4
        assert {seen.method for seen in server.seen} <= {"GET", "HEAD"}
