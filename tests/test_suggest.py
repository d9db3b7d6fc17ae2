"""`specgen suggest`: pages that are red because of what changes turn green, and lies stay red."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pages import answers, asks, page
from project import Loopback, Project, Reply, Seen, Told

ROOT = Path(__file__).resolve().parents[1]
SCHEMA = json.loads((ROOT / "specgen/schemas/suggest.schema.json").read_text(encoding="utf-8"))

INDEX = 'POST books/_doc?refresh\n{"title": "Emma"}'
MAKES = asks(INDEX, name="makes")
MADE = """{
  "_index": "books",
  "_id": "W0tpsmIBdwcYyG50zbta",
  "_version": 1,
  "result": "created",
  "forced_refresh": true,
  "_shards": {"total": 2, "successful": 1, "failed": 0},
  "_seq_no": 0,
  "_primary_term": 1
}"""
LOOKS = asks("GET books/_search", "// TEST[continued]")
FOUND = """{
  "took": 86399,
  "timed_out": false,
  "_shards": {"total": 1, "successful": 1, "skipped": 0, "failed": 0},
  "hits": {
    "total": {"value": 1, "relation": "eq"},
    "max_score": 1.0,
    "hits": [
      {
        "_index": "books",
        "_id": "W0tpsmIBdwcYyG50zbta",
        "_score": 1.0,
        "_source": {"title": "Emma"}
      }
    ]
  }
}"""
VOLATILE = page(MAKES, answers(MADE), LOOKS, answers(FOUND))


def suggested(project: Project, *options: str) -> tuple[Told, dict[str, Any]]:
    told = project.run("suggest", "docs", "--times", "2", *options, "--json", "-")
    document: dict[str, Any] = json.loads(told.out)
    jsonschema.validate(document, SCHEMA, jsonschema.Draft202012Validator)
    return told, document


def test_a_page_that_is_red_by_what_changes_turns_green_and_stays_so() -> None:
    project = Project({"docs/a.adoc": VOLATILE, "docs/b.adoc": page(asks("PUT books"))})
    told, document = suggested(project)
    assert told.code == 1
    assert told.files == told.before
    assert [each["markers"] for each in document["suggestions"]] == [
        ["// SPECGEN[ignore:/_id]"],
        ["// SPECGEN[ignore:/took,/hits/hits/*/_id]"],
    ]
    assert not document["red"]

    written, _ = suggested(project, "--write")
    assert written.code == 0
    changed = [line for line in written.diff.splitlines() if line[:1] in "+-"]
    assert changed == [
        "--- a/docs/a.adoc",
        "+++ b/docs/a.adoc",
        "+// SPECGEN[ignore:/_id]",
        "+// SPECGEN[ignore:/took,/hits/hits/*/_id]",
    ]
    assert project.run("run", "docs").code == 0

    again, document = suggested(project, "--write")
    assert again.code == 0
    assert again.files == again.before
    assert not document["suggestions"]


def test_the_same_in_the_form_of_the_reference() -> None:
    project = Project({"docs/a.adoc": VOLATILE})
    told, _ = suggested(project, "--form", "reference", "--write")
    assert told.code == 0
    added = [line[1:] for line in told.diff.splitlines() if line.startswith("+//")]
    assert added == [
        '// TESTRESPONSE[s/"_id": "W0tpsmIBdwcYyG50zbta"/"_id": $body._id/]',
        '// TESTRESPONSE[s/"took": 86399/"took": $body.took/]',
        '// TESTRESPONSE[s/"_id": "W0tpsmIBdwcYyG50zbta"/"_id": $body.hits.hits.0._id/]',
    ]
    assert project.run("run", "docs").code == 0


LIES = {
    "/result": MADE.replace('"created"', '"updated"'),
    "/_version": MADE.replace('"_version": 1', '"_version": 2'),
    "/forced_refresh": MADE.replace('  "forced_refresh": true,\n', ""),
    "/more": MADE.replace('"_version": 1', '"_version": 1, "more": 1'),
}


def test_a_lie_is_never_hidden() -> None:
    cases = (asks(INDEX, name=pointer[1:]) + answers(lie) for pointer, lie in LIES.items())
    project = Project({"docs/a.adoc": page(*cases)})
    told, document = suggested(project, "--write")
    assert told.code == 1
    assert told.files == told.before
    assert not document["suggestions"]
    assert [each["pointer"] for each in document["red"]] == list(LIES)


def test_a_lie_behind_what_changes_is_found_when_that_is_out_of_the_way() -> None:
    lie = FOUND.replace('"timed_out": false', '"timed_out": true')
    project = Project({"docs/a.adoc": page(MAKES, answers(MADE), LOOKS, answers(lie))})
    told, document = suggested(project, "--write")
    assert told.files == told.before
    assert not document["suggestions"]
    assert [each["pointer"] for each in document["red"]] == ["/timed_out"]


def test_bytes_line_ends_and_the_end_of_the_page_are_kept() -> None:
    text = b"\xef\xbb\xbf" + page(MAKES, answers(MADE).rstrip()).replace("\n", "\r\n").encode()
    text = text.replace(b"What books do.", b"What \xff do.")
    project = Project({"docs/a.adoc": text})
    told, _ = suggested(project, "--write")
    assert told.code == 0, told.err
    assert told.files["docs/a.adoc"] == text + b"\r\n// SPECGEN[ignore:/_id]"


def shuffling(seen: Seen) -> Reply:
    """A cluster that gives the same names in another order each time."""
    if seen.path == "/names":
        tags = next(ORDERS)
        return Reply(body=json.dumps({"names": tags}).encode())
    return Reply(body=b'{"version": {"number": "8.15.3"}}')


ORDERS = itertools.cycle([["c", "b", "a"], ["b", "a", "c"], ["b", "c", "a"]])


def test_order_without_meaning() -> None:
    names = page(asks("GET names"), answers('{"names": ["a", "b", "c"]}'))
    project = Project({"docs/a.adoc": names})
    with Loopback(shuffling) as server:
        target = ("--target", server.url, "--disposable")
        told, document = suggested(project, *target, "--target", server.url, "--write")
        assert told.code == 0, told.err
        assert document["targets"] == [server.url] * 2
        assert [each["markers"] for each in document["suggestions"]] == [
            ["// SPECGEN[unordered:/names]"]
        ]
        refused, document = suggested(
            Project({"docs/a.adoc": names}), *target, "--as", "reference", "--write"
        )
    assert refused.files == refused.before
    assert "has no order" in document["red"][0]["message"]


NODES = iter(f"{number:02}abcdefghijklmnopqrst" for number in range(99))


def naming_nodes(seen: Seen) -> Reply:
    """A cluster whose node has another id each time."""
    if seen.path == "/nodes":
        return Reply(body=json.dumps({"nodes": {next(NODES): {"name": "quay"}}}).encode())
    return Reply(body=b'{"version": {"number": "8.15.3"}}')


@pytest.mark.parametrize(
    ("documented", "markers"),
    [
        ('"vwxyzabcdefghijklmnopq": {"name": "shed"}', ["// SPECGEN[ignore:/nodes/*]"]),
        ('"vwxyzabcdefghijklmnopq": {}, "total": 1', []),
        ('"vwxyzabcdefghijklmnopq": {}, "abcdefghijklmnopqvwxyz": {}', []),
        ('"first": {"name": "quay"}', []),
    ],
    ids=["an id", "an id beside a name", "more than came", "a name"],
)
def test_keys_that_are_ids(documented: str, markers: list[str]) -> None:
    nodes = page(asks("GET nodes"), answers(f'{{"nodes": {{{documented}}}}}'))
    project = Project({"docs/a.adoc": nodes})
    with Loopback(naming_nodes) as server:
        told, document = suggested(project, "--target", server.url, "--disposable", "--write")
    assert [each["markers"] for each in document["suggestions"]] == ([markers] if markers else [])
    assert told.code == (0 if markers else 1)


MOMENTS = itertools.count()


def restarting(seen: Seen) -> Reply:
    """A cluster whose node is another one after some requests, and tells the time."""
    if seen.path == "/nodes":
        at = next(MOMENTS)
        node = "vwxyzabcdefghijklmnopq" if at < 2 else next(NODES)
        return Reply(body=json.dumps({"nodes": {node: {"took": at}}}).encode())
    return Reply(body=b'{"version": {"number": "8.15.3"}}')


def test_what_stands_below_something_left_out_is_not_left_out_twice() -> None:
    nodes = page(asks("GET nodes"), answers('{"nodes": {"vwxyzabcdefghijklmnopq": {"took": 99}}}'))
    with Loopback(restarting) as server:
        project = Project({"docs/a.adoc": nodes})
        told, document = suggested(project, "--target", server.url, "--disposable")
    assert [each["markers"] for each in document["suggestions"]] == [
        ["// SPECGEN[ignore:/nodes/*]"]
    ], told.err


def fast(seen: Seen) -> Reply:
    if seen.path == "/queue":
        return Reply(body=b'{"number_of_pending_tasks": 0}')
    return Reply(body=b'{"took": 5, "version": {"number": "8.15.3"}}')


def test_a_count_of_the_moment() -> None:
    project = Project(
        {"docs/a.adoc": page(asks("GET queue"), answers('{"number_of_pending_tasks": 0}'))}
    )
    with Loopback(fast) as server:
        _, document = suggested(project, "--target", server.url, "--disposable")
    assert [each["markers"] for each in document["suggestions"]] == [
        ["// SPECGEN[ignore:/number_of_pending_tasks]"]
    ]


@pytest.mark.parametrize(
    ("body", "below", "markers"),
    [
        ('{"took": 5, "version": {"number": "8.15.3"}}', (), ["// SPECGEN[ignore:/took]"]),
        (
            '{"took": 5, "version": {"number": "..."}}',
            ("// SPECGEN[ignore:/version]",),
            ["// SPECGEN[ignore:/version,/took]"],
        ),
        ('{"took": 5, "version": {}}', ("// SPECGEN[ignore:/version,/took]",), None),
        ('{"took": 5, "version": {"number": "1"}}', ("// SPECGEN[shape]",), None),
        ('{"took": $body.took, "version": {"number": "8.15.3"}}', (), None),
    ],
    ids=["asked", "asked beside others", "ignored", "shape", "substituted"],
)
def test_a_duration_that_is_as_documented_by_chance(
    body: str, below: tuple[str, ...], markers: list[str] | None
) -> None:
    project = Project({"docs/a.adoc": page(asks("GET speed"), answers(body, *below))})
    with Loopback(fast) as server:
        told, document = suggested(project, "--target", server.url, "--disposable", "--write")
    assert told.code == 0, told.err
    assert [each["markers"] for each in document["suggestions"]] == ([markers] if markers else [])


def test_what_a_page_leaves_out() -> None:
    elided = MADE.replace('{"total": 2, "successful": 1, "failed": 0}', '"..."')
    project = Project({"docs/a.adoc": page(MAKES, answers(elided))})
    told, document = suggested(project, "--write")
    assert told.code == 0, told.err
    [suggestion] = document["suggestions"]
    assert suggestion["markers"] == ["// SPECGEN[ignore:/_id,/_shards]"]
    assert "leaves it out" in suggestion["places"][1]["why"]


def test_what_is_not_always_so_at_once_is_asked_for_again() -> None:
    counts = itertools.cycle([1, 0])

    def answer(seen: Seen) -> Reply:
        if seen.path == "/books/_count":
            return Reply(body=b'{"count": %d}' % next(counts))
        return Reply(body=b'{"version": {"number": "8.15.3"}}')

    project = Project({"docs/a.adoc": page(asks("GET books/_count"), answers('{"count": 1}'))})
    with Loopback(answer) as server:
        target = ("--target", server.url, "--disposable")
        told, document = suggested(project, *target, "--write")
    assert told.code == 0, told.err
    assert [each["markers"] for each in document["suggestions"]] == [["// SPECGEN[eventually:5s]"]]


def test_what_people_are_told() -> None:
    lie = page(asks("PUT ships"), answers('{"acknowledged": false}'))
    project = Project({"docs/a.adoc": page(MAKES, answers(MADE)), "docs/b.adoc": lie})
    told = project.run("suggest", "docs", "--times", "2")
    lines = told.out.splitlines()
    assert lines[0] == "docs/a.adoc:13: makes"
    assert lines[1] == "  // SPECGEN[ignore:/_id]"
    assert lines[2].startswith("    /_id: another in each run: ")
    assert lines[2].endswith('; the page says "W0tpsmIBdwcYyG50zbta"')
    assert "    /acknowledged: expected boolean false, found boolean true (in all 2 runs)" in lines
    assert lines[-1] == (
        "2 cases, 0 as they should be, 1 would pass with these markers, "
        "1 not to be mended by markers"
    )


def test_one_case_alone() -> None:
    project = Project({"docs/a.adoc": VOLATILE + "\n" + asks("PUT ships")})
    told = project.run("suggest", "docs/a.adoc:8", "--times", "2", "--write", "--quiet")
    assert told.code == 0, told.err
    assert told.out.startswith("1 case, ")
    assert told.out.count("\n") == 1


def test_two_forms_at_once_are_refused() -> None:
    told = Project({"docs/a.adoc": VOLATILE}).run(
        "suggest", "docs", "--as", "specgen", "--form", "reference"
    )
    assert told.code == 2


@pytest.mark.parametrize("secret", [("--user", "a:b"), ("--header", "X-Key: b")])
def test_no_cluster_is_told_the_secrets_of_another(secret: tuple[str, str]) -> None:
    targets = ("--target", "http://127.0.0.1:1", "--target", "http://127.0.0.1:2")
    told = Project({"docs/a.adoc": VOLATILE}).run("suggest", "docs", *targets, *secret)
    assert told.code == 2
    assert "credentials and headers would go to each of several clusters" in told.err
    own = ("--target", "http://a:b@127.0.0.1:1", "--target", "http://c:d@127.0.0.1:2")
    assert Project({"docs/a.adoc": VOLATILE}).run("suggest", "docs", *own).code == 4


def test_a_page_that_changes_meanwhile_is_not_written() -> None:
    project = Project({"docs/a.adoc": page(asks("GET x"), answers('{"took": 86399}'))})
    changed = page(asks("GET y"))

    def answer(_: Seen) -> Reply:
        project.write("docs/a.adoc", changed)
        return Reply(body=b'{"took": 3, "version": {"number": "8.15.3"}}')

    project.write("docs/a.adoc", page(asks("GET x"), answers(TOOK)))
    with Loopback(answer) as server:
        target = ("--target", server.url, "--disposable")
        told = project.run("suggest", "docs", "--times", "2", "--write", *target)
    assert told.code == 2
    assert "was changed while it was replayed" in told.err
    assert told.files["docs/a.adoc"] == changed.encode()


TOOK = '{"took": 86399, "version": {"number": "8.15.3"}}'


def test_a_target_that_nobody_reaches() -> None:
    target = ("--target", "http://127.0.0.1:1", "--disposable")
    assert Project({"docs/a.adoc": VOLATILE}).run("suggest", "docs", *target).code == 4
