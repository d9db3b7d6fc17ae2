"""`specgen drift --baseline`: what is known and accepted is no drift, whatever moves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from drifting import BIRDS, aviary, birds
from pages import answers, asks, page
from project import Loopback, Project, Reply, Seen, Told
from test_drift import document_of

from specgen.drift.baseline.file import baseline_text, read_baseline
from specgen.drift.values import Accepted
from specgen.replay.values import Kind

WRITE = ("--baseline", "known.json", "--write-baseline")
HOLD = ("--baseline", "known.json")


@pytest.fixture(scope="module")
def cluster() -> Iterator[tuple[str, ...]]:
    with Loopback(aviary()) as server:
        yield "--target", server.url, "--disposable"


def drift(project: Project, cluster: tuple[str, ...], *options: str) -> Told:
    return project.run("drift", "docs", *cluster, *options)


def entries(told: Told) -> list[dict[str, Any]]:
    document = json.loads(told.files["known.json"])
    return list(document["accepted"])


def test_what_is_accepted_is_no_drift(cluster: tuple[str, ...]) -> None:
    project = birds()
    assert drift(project, cluster).code == 1
    written = drift(project, cluster, *WRITE)
    assert (written.code, "known.json accepts 4 findings now" in written.out) == (0, True)
    told = drift(project, cluster, *HOLD)
    assert told.code == 0
    assert "no new drift in 4 cases" in told.out
    assert "4 findings accepted by known.json" in told.out
    assert told.out.splitlines()[-1].startswith("3 failed (3 accepted), 1 passed")
    assert "/eggs" not in told.out


def test_the_file_has_one_line_a_finding_and_is_sorted(cluster: tuple[str, ...]) -> None:
    written = drift(birds(), cluster, *WRITE)
    text = written.files["known.json"].decode()
    head, *lines, tail = text.splitlines()
    assert (head, tail) == ('{"schema": 1, "accepted": [', "]}")
    assert lines == sorted(lines)
    assert lines[1].startswith('  {"target": "elasticsearch 8", "case": "birds.adoc::rook", ')
    assert "line" not in text
    again = drift(birds(), cluster, *WRITE).files["known.json"]
    assert again.decode() == text


def test_lines_may_move(cluster: tuple[str, ...]) -> None:
    project = birds()
    drift(project, cluster, *WRITE)
    project.write("docs/birds.adoc", BIRDS.replace("= Books\n", "= Books\n\nMore.\n\nAnd more.\n"))
    assert drift(project, cluster, *HOLD).code == 0


def test_what_came_anew_is_drift_beside_what_is_accepted(cluster: tuple[str, ...]) -> None:
    project = birds()
    drift(project, cluster, *WRITE)
    project.write("docs/birds.adoc", BIRDS.replace('"gull", "eggs": 3', '"gull", "eggs": 2'))
    told = drift(project, cluster, *HOLD, "--json", "-")
    assert told.code == 1
    assert "1 cause of new drift, in 1 of 4 cases" in told.err
    document = document_of(told)
    accepted = document["baseline"]["accepted"]
    new = [n for n in range(len(document["findings"])) if n not in accepted]
    assert len(accepted) == 4
    assert [document["findings"][n]["case"] for n in new] == ["birds.adoc::gull"]


def test_another_value_at_an_accepted_place_is_drift() -> None:
    wren = {"name": "wren", "eggs": 7, "songs": ["chirp", "trill"]}
    project = birds()
    with Loopback(aviary(wren=wren)) as server:
        assert drift(project, ("--target", server.url, "--disposable"), *WRITE).code == 0
    with Loopback(aviary(wren={**wren, "eggs": 9})) as server:
        told = drift(project, ("--target", server.url, "--disposable"), *HOLD)
    assert told.code == 1
    assert "integer 9" in told.out
    assert "gone" in told.out


VOLATILE = [
    ("moment", "2024-01-02T03:04:05.678Z", "2025-11-12T13:14:15.160Z"),
    ("id", "Xk3vT5oBq7rVw1mZ9cAd", "Qm8nB2pLd4sYu6tE0wRf"),
    ("took", 12, 345),
    ("moment", 1_700_000_000_000, 1_700_000_999_999),
    ("address", "127.0.0.1:9300", "127.0.0.1:9417"),
    ("list", [{"took": "3ms"}, 1.0000001], [{"took": "14.2ms"}, 1.0000002]),
]


@pytest.mark.parametrize(("name", "first", "second"), VOLATILE)
def test_what_differs_each_time_is_the_same_finding(
    name: str, first: object, second: object
) -> None:
    project = birds(page(asks("GET birds/_doc/tit"), answers(f'{{"{name}": "?"}}')))
    with Loopback(aviary(tit={name: first})) as server:
        drift(project, ("--target", server.url, "--disposable"), *WRITE)
    with Loopback(aviary(tit={name: second})) as server:
        assert drift(project, ("--target", server.url, "--disposable"), *HOLD).code == 0
    with Loopback(aviary(tit={name: "a word"})) as server:
        assert drift(project, ("--target", server.url, "--disposable"), *HOLD).code == 1


def nests(plain: Reply, seen: Seen) -> Reply:
    return plain if "_cat" in seen.path else aviary()(seen)


@pytest.mark.parametrize(("pattern", "known"), [("/{ .*/", True), ("/shelf .*/", False)])
def test_a_pattern_that_cannot_be_used_is_so_whatever_comes(pattern: str, known: bool) -> None:
    text = answers(pattern, "// TESTRESPONSE[non_json]")
    project = birds(page(asks("GET _cat/nests"), text))
    codes = []
    for body, options in ((b"node UbRn\n", WRITE), (b"node XmlV\n", HOLD)):
        plain = Reply(body=body, headers=(("Content-Type", "text/plain"),))
        with Loopback(partial(nests, plain)) as s:
            told = drift(project, ("--target", s.url, "--disposable"), *options, "--json", "-")
        assert [each["kind"] for each in document_of(told)["findings"]] == ["text"]
        codes.append(told.code)
    assert codes == [0, 0 if known else 1]


def test_a_number_of_any_size_is_judged_at_once() -> None:
    project = birds(page(asks("GET birds/_doc/tit"), answers('{"size": 1}')))
    with Loopback(aviary(tit={"size": 1e12 + 0.5})) as server:
        told = drift(project, ("--target", server.url, "--disposable"), *WRITE)
    assert told.code == 0


def test_each_target_has_its_own_entries(cluster: tuple[str, ...]) -> None:
    project = birds()
    drift(project, cluster, *WRITE)
    with Loopback(aviary("7.10.2", rook={"name": "rook", "eggs": 4})) as server:
        other = ("--target", server.url, "--disposable")
        assert drift(project, other, *HOLD).code == 1
        written = drift(project, other, *WRITE)
        assert written.code == 0
    targets = [each["target"] for each in entries(written)]
    assert targets == ["elasticsearch 7"] * 3 + ["elasticsearch 8"] * 4
    assert drift(project, cluster, *HOLD).code == 0


def test_what_is_gone_is_told_and_taken_out(cluster: tuple[str, ...]) -> None:
    project = birds()
    drift(project, cluster, *WRITE)
    project.write("docs/birds.adoc", BIRDS.replace('"eggs": 6', '"eggs": 7'))
    told = drift(project, cluster, *HOLD)
    assert told.code == 0
    assert "1 accepted finding is gone: --write-baseline takes them out of known.json" in told.out
    assert "  birds.adoc::wren value at /eggs: 7" in told.out
    document = document_of(drift(project, cluster, *HOLD, "--json", "-"))
    assert [each["pointer"] for each in document["baseline"]["gone"]] == ["/eggs"]
    assert len(entries(drift(project, cluster, *WRITE))) == 3


def test_a_case_that_no_page_has_any_more_is_gone(cluster: tuple[str, ...]) -> None:
    project = birds(more=BIRDS)
    drift(project, cluster, *WRITE)
    (project.path / "docs/more.adoc").unlink()
    project.write("docs/birds.adoc", BIRDS.replace("id=dodo", "id=dronte"))
    told = drift(project, cluster, *HOLD)
    assert told.code == 1
    assert "5 accepted findings are gone" in told.out


@pytest.mark.parametrize(
    "some",
    [("docs/birds.adoc",), ("docs/birds.adoc:8",), ("docs", "-k", "wren"), ("docs", "--maxfail=1")],
)
def test_what_was_not_looked_at_stays(some: tuple[str, ...], cluster: tuple[str, ...]) -> None:
    project = birds(more=BIRDS)
    before = drift(project, cluster, *WRITE)
    part = ("drift", *some, "--docs-root", "docs", *cluster)
    told = project.run(*part, *HOLD)
    assert told.code == 0
    assert "gone" not in told.out
    written = project.run(*part, *WRITE)
    assert written.files["known.json"] == before.files["known.json"]


def test_a_run_that_lost_its_target_writes_nothing(cluster: tuple[str, ...]) -> None:
    project = birds()
    before = drift(project, cluster, *WRITE)
    told = drift(project, ("--target", "http://127.0.0.1:1", "--disposable"), *WRITE)
    assert told.code == 4
    assert "known.json was not written" in told.out
    assert told.files["known.json"] == before.files["known.json"]


def test_equal_findings_of_a_case_are_counted(cluster: tuple[str, ...]) -> None:
    project = birds()
    project.run("run", "docs", *cluster, "--json", "results.json")
    drift(project, cluster, "--results", "results.json", *WRITE)
    document = json.loads((project.path / "results.json").read_text())
    findings = document["results"][0]["findings"]
    findings.append(findings[0])
    project.write("results.json", json.dumps(document))
    told = drift(project, cluster, "--results", "results.json", *HOLD)
    assert told.code == 1
    written = drift(project, cluster, "--results", "results.json", *WRITE)
    assert [each.get("times") for each in entries(written)] == [None, None, None, 2]
    assert drift(project, cluster, "--results", "results.json", *HOLD).code == 0


def test_a_new_warning_that_no_page_tells_of_changes_nothing() -> None:
    warned = ("Warning", '299 Elasticsearch-8.15.3 "do not say kite"')

    def warning(seen: Seen) -> Reply:
        reply = aviary()(seen)
        old = "wren" in seen.path
        return Reply(reply.status, reply.body, (*reply.headers, warned)) if old else reply

    project = birds()
    with Loopback(aviary()) as server:
        drift(project, ("--target", server.url, "--disposable"), *WRITE)
    with Loopback(warning) as server:
        assert drift(project, ("--target", server.url, "--disposable"), *HOLD).code == 0


@pytest.mark.parametrize("text", ["", "[]", '{"schema": 2, "accepted": []}', "[" * 100_000])
def test_what_is_no_baseline_is_refused(text: str) -> None:
    told = Project({"docs/a.adoc": BIRDS, "known.json": text}).run("drift", "docs", *HOLD)
    assert (told.code, "known.json is no baseline" in told.err) == (2, True)


def test_a_baseline_that_is_not_there_is_told() -> None:
    told = birds().run("drift", "docs", *HOLD)
    assert (told.code, "--write-baseline writes one" in told.err) == (2, True)
    told = birds().run("drift", "docs", "--write-baseline")
    assert (told.code, "expected --baseline FILE" in told.err) == (2, True)


def test_whatever_came_can_be_written_and_read_back() -> None:
    entry = Accepted("es 8", "a.adoc::b", Kind.VALUE, "/\u202e", '"\ud800\x1b\n" ü', 2)
    text = baseline_text([entry])
    text.encode()
    assert "ü" in text
    assert "\u202e" not in text
    assert read_baseline(text) == (entry,)
    assert read_baseline(baseline_text([])) == ()
