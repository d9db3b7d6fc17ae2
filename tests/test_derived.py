"""`--derive`: cases of what the prose promises, and of nothing that it does not say."""

from __future__ import annotations

import json
from typing import Any

import pytest
from project import Loopback, Project, Reply, Seen, Told

PAGE = """= Rooms

== Request

`PUT rooms/<room>`

== Path parameters

`<room>`::
(Required, string) Which room.

== Request body

`seats`::
(Required, integer) How many may sit there.

`name`::
(Optional, string) What it is called.

== Response codes

`200`::
It is kept.

`400`::
BROKEN

`404` (Missing resources)::
ABSENT

== Examples

[source,console]
----
PUT rooms/attic
{"seats": 12, "name": "Attic"}
----
"""
BROKEN, ABSENT = "The body was malformed.", "There is no such `room`."


def page(broken: str = BROKEN, absent: str = ABSENT) -> str:
    return PAGE.replace("BROKEN", broken).replace("ABSENT", absent)


class Rooms:
    """A service that does what `page` says, but for what it is told to do wrong."""

    def __init__(self, **wrong: int) -> None:
        self.wrong = wrong
        self.seen: list[tuple[str, bytes]] = []

    def __call__(self, seen: Seen) -> Reply:
        if not seen.path.startswith("/rooms/"):
            return Reply(body=b'{"version": {"number": "8.15.3"}}')
        self.seen.append((seen.path, seen.body))
        what = self._what(seen)
        status = self.wrong.get(what, {"kept": 200, "absent": 404}.get(what, 400))
        reason = "" if status < 400 else '{"type": "of_rooms", "reason": "no"}'
        body = f'{{"error": {reason}, "status": {status}}}' if reason else '{"kept": true}'
        return Reply(status=status, body=body.encode())

    def _what(self, seen: Seen) -> str:
        try:
            body = json.loads(seen.body)
        except ValueError:
            return "malformed"
        if "seats" not in body:
            return "seatless"
        return "kept" if seen.path == "/rooms/attic" else "absent"


def run(text: str, rooms: Rooms, *options: str) -> tuple[Told, list[dict[str, Any]]]:
    project = Project({"docs/rooms.adoc": text})
    with Loopback(rooms) as server:
        target = ("--target", server.url, "--disposable")
        told = project.run("run", "docs", *target, "--derive", *options, "--json", "-")
    return told, json.loads(told.out)["results"]


def test_what_the_prose_promises_is_asked_for() -> None:
    rooms = Rooms()
    told, results = run(page(), rooms)
    assert told.code == 0, told.err
    assert [(each["case"], each["outcome"], each.get("derived_from")) for each in results] == [
        ("line_34", "passed", None),
        ("status_400_malformed_body", "passed", [25, 35]),
        ("status_400_without_seats", "passed", [25, 35]),
        ("status_404_no_such_room", "passed", [28, 35]),
    ]
    assert rooms.seen == [
        ("/rooms/attic", b'{"seats": 12, "name": "Attic"}'),
        ("/rooms/attic", b'{"seats": 12, "name": "Attic"'),
        ("/rooms/attic", b'{\n  "name": "Attic"\n}'),
        ("/rooms/specgen-no-such-room", b'{"seats": 12, "name": "Attic"}'),
    ]


@pytest.mark.parametrize(
    ("wrong", "case", "line"),
    [
        ("malformed", "status_400_malformed_body", 25),
        ("seatless", "status_400_without_seats", 25),
        ("absent", "status_404_no_such_room", 28),
    ],
)
def test_a_promise_that_is_not_kept_fails_on_its_line(wrong: str, case: str, line: int) -> None:
    told, results = run(page(), Rooms(**{wrong: 200}))
    assert told.code == 1
    [failed] = [each for each in results if each["outcome"] == "failed"]
    assert failed["case"] == case
    assert [(each["kind"], each["line"], each["actual"]) for each in failed["findings"]] == [
        ("status", line, 200)
    ]
    assert f"docs/rooms.adoc:{line}:1: error[status]" in told.err
    assert "correct the response codes in the page" in told.err


def test_an_example_is_held_to_the_documented_codes() -> None:
    told, results = run(page(), Rooms(kept=201))
    assert told.code == 1
    [failed] = [each for each in results if each["outcome"] == "failed"]
    assert (failed["case"], failed["findings"][0]["line"]) == ("line_34", 35)
    assert "200, 400, 404" in failed["message"]


def test_codes_of_a_class_and_of_errors_alone_do_not_fail_an_example() -> None:
    for text in (page().replace("`200`::", "`2xx`::"), page().replace("`200`::\nIt is kept.", "")):
        _, results = run(text, Rooms(kept=201))
        assert results[0]["outcome"] == "passed"


def test_a_service_that_knows_no_such_request_keeps_no_promise() -> None:
    def unknown(seen: Seen) -> Reply:
        if seen.path == "/":
            return Reply(body=b'{"version": {"number": "7.10.2"}}')
        reason = "no handler found for uri [/rooms] and method [PUT]"
        return Reply(status=400, body=json.dumps({"error": reason}).encode())

    project = Project({"docs/rooms.adoc": page()})
    with Loopback(unknown) as server:
        target = ("--target", server.url, "--disposable")
        told = project.run("run", "docs", *target, "--derive", "--json", "-")
    results = json.loads(told.out)["results"]
    assert {each["outcome"] for each in results} == {"failed"}
    assert {each["findings"][0]["kind"] for each in results} == {"unsupported"}


@pytest.mark.parametrize(
    ("broken", "absent", "derived"),
    [
        ("The `room` was not provided.", "It rains.", []),
        ("`seats` is missing.", "It rains.", ["status_400_without_seats"]),
        ("`name` is missing.", "It rains.", []),
        ("It rains.", "The room does not exist.", ["status_404_no_such_room"]),
        ("It rains.", "No room was found.", ["status_404_no_such_room"]),
        ("It rains.", "The `seats` are not there.", []),
        ("No `room` could be found.", "It rains.", ["status_400_no_such_room"]),
        ("No room could be found.", "It rains.", []),
        (
            "It rains.",
            "The body was malformed.",
            ["status_404_malformed_body", "status_404_without_seats"],
        ),
    ],
)
def test_where_the_page_does_not_say_what_brings_a_code_there_is_no_case(
    broken: str, absent: str, derived: list[str]
) -> None:
    text = page(broken, absent).replace(" (Missing resources)", "")
    _, results = run(text, Rooms())
    assert [each["case"] for each in results][1:] == derived


def test_nothing_is_derived_unless_it_is_asked_for() -> None:
    _, results = run(page(), Rooms(kept=201), "--no-derive")
    assert [(each["case"], each["outcome"]) for each in results] == [("line_34", "passed")]


def test_the_configuration_asks_for_it() -> None:
    files = {"docs/rooms.adoc": page(), "specgen.toml": "derive = true\n"}
    told = Project(files).run("parse", "docs", "--stage", "cases", "--json", "-")
    [document] = json.loads(told.out)["pages"]
    assert [each["case"] for each in document["cases"]][1:] == [
        "status_400_malformed_body",
        "status_400_without_seats",
        "status_404_no_such_room",
    ]
    refused = Project(files | {"specgen.toml": "derive = 1\n"}).run("parse", "docs")
    assert refused.code == 2
    assert "`derive` must be true or false" in refused.err


def test_of_two_parts_of_a_path_the_text_names_the_one_that_is_missing() -> None:
    text = page().replace("rooms/<room>", "rooms/<room>/<floor>")
    text = text.replace("PUT rooms/attic", "PUT rooms/attic/3")
    told = Project({"a.adoc": text}).run("parse", "a.adoc", "--stage", "cases", "--derive",
                                         "--json", "-")  # fmt: skip
    *_, last = json.loads(told.out)["pages"][0]["cases"]
    assert [step.get("target") for step in last["steps"] if step["step"] == "request"] == [
        "rooms/specgen-no-such-room/3"
    ]
    both = Project({"a.adoc": text.replace("There is no such `room`.", "It was not found.")})
    told = both.run("parse", "a.adoc", "--stage", "cases", "--derive", "--json", "-")
    cases = json.loads(told.out)["pages"][0]["cases"]
    assert not any("404" in each["case"] for each in cases)


def test_what_is_included_counts_for_the_page_that_has_the_request() -> None:
    shared = "== Response codes\n\n`404`::\nThere is no such `room`.\n"
    head, _, rest = page().partition("== Response codes")
    example = rest[rest.index("== Examples") :]
    files = {
        "docs/rooms.adoc": f"{head}include::codes.txt[]\n\n{example}",
        "docs/codes.txt": shared,
        "docs/all.adoc": "= All\n\ninclude::rooms.adoc[]\n",
    }
    told = Project(files).run("parse", "docs", "--stage", "cases", "--derive", "--json", "-")
    pages = {each["page"]: each["cases"] for each in json.loads(told.out)["pages"]}
    assert [each["case"] for each in pages["rooms.adoc"]][1:] == ["status_404_no_such_room"]
    assert pages["rooms.adoc"][1]["derived_from"] == [
        {"file": "codes.txt", "line": 3},
        {"line": pages["rooms.adoc"][0]["line"] + 1},
    ]
    assert not pages["all.adoc"]


def test_a_skipped_example_lends_its_body_to_a_request_for_nothing() -> None:
    text = page() + "// TEST[skip:no such room yet]\n"
    _, results = run(text, Rooms())
    assert [(each["case"], each["outcome"]) for each in results] == [
        ("line_34", "skipped"),
        ("status_404_no_such_room", "passed"),
    ]


def test_the_module_reads_well_and_a_line_above_changes_one_of_its_lines() -> None:
    def module(text: str) -> list[str]:
        told = Project({"docs/rooms.adoc": text}).run("generate", "docs", "--derive")
        return told.files["generated_tests/test_rooms.py"].decode().splitlines()

    before, after = module(page()), module(page().replace("= Rooms\n", "= Rooms\n\n", 1))
    changed = [new for old, new in zip(before, after, strict=True) if old != new]
    assert len(changed) == 1
    assert "def test_status_404_no_such_room(cluster: Cluster) -> None:" in before
    note = "    # The page documents 404 (Missing resources) There is no such `room`."
    assert note in before
    assert "        status=404," in before


def test_coverage_counts_them() -> None:
    def codes(*options: str) -> dict[str, str]:
        told = Project({"docs/rooms.adoc": page()}).run("coverage", "docs", *options, "--json", "-")
        [document] = json.loads(told.out)["pages"]
        entries = (each for each in document["entries"] if each["kind"] == "response code")
        return {each["name"]: each["state"] for each in entries}

    assert codes()["404"] == "untouched"
    assert codes("--derive")["404"] == "checked"
    assert codes("--derive")["400"] == "checked"
