"""`run --openapi` and documented response fields: bodies that no page shows have a shape."""

from __future__ import annotations

import json
from typing import Any

import pytest
from project import Loopback, Project, Reply, Seen, Told

SCHEMA = {
    "type": "object",
    "required": ["seats"],
    "properties": {
        "seats": {"type": "integer"},
        "name": {"type": "string"},
        "floor": {"type": "integer"},
    },
}
DOCUMENT = {
    "openapi": "3.0.3",
    "info": {"title": "Rooms", "version": "1"},
    "paths": {
        "/rooms/{room}": {
            "get": {
                "responses": {
                    "200": {
                        "description": "The room.",
                        "content": {"application/json": {"schema": SCHEMA}},
                    }
                }
            }
        }
    },
}
PAGE = """= Rooms

[source,console]
----
GET rooms/attic
----
"""
PROSE = """= Rooms

== Request

`GET rooms/<room>`

== Response body

`seats`::
(integer) How many may sit there.

`doors`::
(object) Which doors there are.

`doors`.`main`::
(boolean) Whether there is a main one.

== Examples

[source,console]
----
GET rooms/attic
----
"""


def run(
    body: str, *options: str, page: str = PAGE, status: int = 200
) -> tuple[Told, dict[str, Any]]:
    def rooms(seen: Seen) -> Reply:
        if seen.path.startswith("/rooms/"):
            return Reply(status=status, body=body.encode())
        return Reply(body=b'{"version": {"number": "8.15.3"}}')

    files = {"docs/rooms.adoc": page, "rooms.json": json.dumps(DOCUMENT)}
    with Loopback(rooms) as server:
        target = ("--target", server.url, "--disposable")
        told = Project(files).run("run", "docs", *target, *options, "--json", "-")
    return told, json.loads(told.out)


OPENAPI = ("--openapi", "rooms.json")


def test_a_body_of_the_documented_shape_counts_apart() -> None:
    told, document = run('{"seats": 12, "windows": 3}', *OPENAPI)
    assert told.code == 0, told.err
    assert document["results"][0]["checks"]["shape"] == 1
    summary = document["summary"]
    assert (summary["passed_by_shape"], summary["passed_status_only"]) == (1, 0)
    assert "1 passed (0 with the body checked, 1 by its shape, 0 by status only)" in told.err
    without, document = run('{"seats": "many"}')
    assert without.code == 0
    assert document["summary"]["passed_status_only"] == 1


@pytest.mark.parametrize(
    ("body", "pointer", "says"),
    [
        ('{"seats": "many"}', "/seats", "expected integer"),
        ('{"name": "Attic"}', "", "`seats` is required"),
        ('{"seats": 1, "name": 7, "floor": "up"}', "/name", "expected string, found 7"),
    ],
)
def test_a_body_of_another_shape_fails_at_its_request(body: str, pointer: str, says: str) -> None:
    told, document = run(body, *OPENAPI)
    assert told.code == 1
    [result] = document["results"]
    first = next(each for each in result["findings"] if each["pointer"] == pointer)
    assert (first["kind"], first["line"]) == ("shape", 5)
    assert says in first["message"]
    assert "the OpenAPI document" in first["message"]
    assert "docs/rooms.adoc:5:1: error[shape]" in told.err


def test_all_differences_are_told_at_once() -> None:
    _, document = run('{"seats": 1, "name": 7, "floor": "up"}', *OPENAPI)
    pointers = [each["pointer"] for each in document["results"][0]["findings"]]
    assert sorted(pointers) == ["/floor", "/name"]


def test_of_an_answer_with_filter_path_nothing_is_missing() -> None:
    page = PAGE.replace("GET rooms/attic", "GET rooms/attic?filter_path=name")
    assert run('{"name": "Attic"}', *OPENAPI, page=page)[0].code == 0
    assert run('{"name": 7}', *OPENAPI, page=page)[0].code == 1


def test_what_the_document_does_not_have_is_not_checked() -> None:
    page = PAGE.replace("GET rooms/attic", "GET rooms/attic/doors")
    told, document = run('{"seats": "many"}', *OPENAPI, page=page)
    assert told.code == 0
    assert document["results"][0]["checks"]["shape"] == 0


def test_a_case_that_fails_anyway_is_told_by_its_own_findings_alone() -> None:
    _, document = run('{"seats": "many"}', *OPENAPI, status=500)
    [result] = document["results"]
    assert [each["kind"] for each in result["findings"]] == ["status"]


def test_the_fields_that_the_prose_documents_are_a_shape_too() -> None:
    good = '{"seats": 12, "doors": {"main": true}, "windows": 3}'
    told, document = run(good, "--derive", page=PROSE)
    assert told.code == 0, told.err
    assert document["summary"]["passed_by_shape"] == 1
    bad = '{"seats": 12, "doors": {"main": "yes"}}'
    told, document = run(bad, "--derive", page=PROSE)
    assert told.code == 1
    [finding] = document["results"][0]["findings"]
    assert (finding["kind"], finding["pointer"]) == ("shape", "/doors/main")
    assert "the page documents another shape" in finding["message"]
    assert run(bad, page=PROSE)[0].code == 0


def test_what_specgen_emulates_itself_is_not_held_against_a_shape() -> None:
    page = PROSE.replace("GET rooms/<room>", "GET _connector/<id>").replace("rooms", "_connector")
    page = page.replace("`seats`::\n(integer)", "`id`::\n(boolean)")
    example = "GET _connector/attic"
    assert example in page
    page = page.replace(example, f"PUT _connector/attic\n{example}")
    told = Project({"docs/a.adoc": page}).run("run", "docs", "--derive", "--json", "-")
    [result] = json.loads(told.out)["results"]
    assert (result["outcome"], result["emulated"], result["checks"]["shape"]) == ("passed", True, 0)


def test_a_document_that_cannot_be_read_ends_the_command() -> None:
    files = {"docs/rooms.adoc": PAGE, "rooms.json": "{"}
    told = Project(files).run("run", "docs", *OPENAPI)
    assert told.code == 2
    assert "rooms.json" in told.err


def test_with_maxfail_a_body_of_another_shape_counts() -> None:
    page = PAGE + "\n" + PAGE.partition("\n\n")[2] * 5
    told, document = run('{"seats": "many"}', *OPENAPI, "--maxfail", "1", page=page)
    assert told.code == 1
    assert document["summary"]["failed"] >= 1
