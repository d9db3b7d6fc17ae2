"""The rules of coverage one by one: routes, names in bodies, statuses that may come."""

from __future__ import annotations

import time

import pytest

from specgen.contract.routes import Routes
from specgen.contract.values import Endpoint
from specgen.coverage.names import field_names, fitting, names_in_body, shown_names
from specgen.coverage.statuses import code_states, statuses_of
from specgen.coverage.values import Count, State
from specgen.dialect.leniency import Leniency
from specgen.replay.flow import read_expected
from specgen.source import Source, Span

NOWHERE = Span(Source.of("a.adoc", ""), 0, 0)


def routes(*endpoints: str) -> Routes:
    pairs = (each.split(" ") for each in endpoints)
    return Routes(Endpoint(method, path, NOWHERE) for method, path in pairs)


def goes_to(known: Routes, request: str) -> str:
    route = known.find(*request.split(" "))
    return f"{route.method} {route.path}" if route else ""


SHELVES = routes(
    "GET /",
    "GET /{shelf}",
    "GET /{shelf}/_books",
    "GET /_all/_books",
    "GET /_lamp/{id}",
    "PUT /_lamp/{id}",
    "GET /_lamp/_switch",
    "GET /_lamp/{id}/{part}",
    "GET /_lamp/{id}/cord",
    "GET /_rows/{from}-{to}",
    "GET /_rows/{row}",
)


@pytest.mark.parametrize(
    ("request_line", "route"),
    [
        ("GET /", "GET /"),
        ("GET /fiction", "GET /{}"),
        ("GET /fiction/", "GET /{}"),
        ("GET //fiction", "GET /{}"),
        ("GET /fiction/_books", "GET /{}/_books"),
        ("GET /%3Cnew-%7Bnow%2Fd%7D%3E/_books", "GET /{}/_books"),
        ("GET /_all/_books", "GET /_all/_books"),
        ("GET /_all", "GET /{}"),
        ("GET /_lamp/3", "GET /_lamp/{}"),
        ("PUT /_lamp/3", "PUT /_lamp/{}"),
        ("PUT /_lamp/${body.id}", "PUT /_lamp/{}"),
        ("GET /_lamp/_switch", "GET /_lamp/_switch"),
        ("GET /_lamp/3/cord", "GET /_lamp/{}/cord"),
        ("GET /_lamp/3/shade", "GET /_lamp/{}/{}"),
        ("GET /_rows/2-5", "GET /_rows/{}-{}"),
        ("GET /_rows/-5", "GET /_rows/{}"),
        ("GET /_rows/2-", "GET /_rows/{}"),
        ("GET /_rows/7", "GET /_rows/{}"),
    ],
)
def test_the_most_specific_route_wins(request_line: str, route: str) -> None:
    assert goes_to(SHELVES, request_line) == route


@pytest.mark.parametrize(
    "request_line",
    [
        "DELETE /fiction",
        "PUT /_lamp/_switch",
        "GET /_books",
        "GET /_lamp/_switch/cord",
        "GET /fiction/_lamp",
        "GET /fiction/1/_books",
    ],
)
def test_a_part_of_another_api_is_no_value(request_line: str) -> None:
    assert goes_to(SHELVES, request_line) == ""


def test_the_methods_of_a_path_are_known() -> None:
    assert SHELVES.methods("/_lamp/3") == ("GET", "PUT")
    assert SHELVES.methods("/_lamp/_switch") == ("GET",)
    assert SHELVES.methods("/_lamp") == ()


def test_a_path_of_any_length_is_looked_up_at_once() -> None:
    deep = "/a" * 20_000
    mixed = routes(f"GET /{'{x}-' * 5000}z", f"GET {deep}", f"GET {'/{x}' * 20_000}")
    start = time.monotonic()
    assert goes_to(mixed, f"GET /{'a-' * 20_000}y") == ""
    assert goes_to(mixed, f"GET {deep}") == f"GET {deep}"
    assert goes_to(mixed, f"GET {deep[:-1]}b") == f"GET {'/{}' * 20_000}"
    assert time.monotonic() - start < 5


def test_names_pass_through_lists_and_lines() -> None:
    assert names_in_body('{"rows": [{"width": 1}, [{"depth": {"cm": 2}}]]}') == {
        "rows",
        "rows.width",
        "rows.depth",
        "rows.depth.cm",
    }
    assert names_in_body('{"index": {}}\n{"title": "Emma"}\n') == {"index", "title"}
    assert names_in_body('{"a.b": 1 /* x */, // y\n"c": """d "e" """}') == {"a.b", "c"}


@pytest.mark.parametrize("body", ["", "no json", '{"a": 1', '{"a": """x}', "[" * 100_000])
def test_a_body_that_cannot_be_read_holds_nothing(body: str) -> None:
    assert names_in_body(body) == frozenset()


def test_what_stands_before_the_trouble_counts() -> None:
    assert names_in_body('{"a": 1}\n{"b":') == {"a"}


def shown(body: str, **leniency: tuple[str, ...]) -> set[str]:
    return set(shown_names(read_expected(body), Leniency(**leniency)))


def test_what_is_ignored_is_not_shown() -> None:
    body = '{"took": 1, "hits": [{"_id": "a", "_score": 1.0}]}'
    assert shown(body) == {"took", "hits", "hits._id", "hits._score"}
    assert shown(body, ignore=("/took", "/hits/*/_score")) == {"hits", "hits._id"}
    assert shown(body, ignore=("/hits",)) == {"took"}
    assert shown(body, ignore=("",)) == set()
    assert shown(body, shape=("/hits",)) == shown(body)


def test_a_chosen_part_of_a_name_stands_for_any_one() -> None:
    held = frozenset({"books", "books.aliases", "books.aliases.old", "error"})
    assert fitting("books.aliases", held) == ["books.aliases"]
    assert fitting("<index>.aliases", held) == ["books.aliases"]
    assert fitting("<index>.mappings", held) == []
    assert fitting("books.aliases.<alias>", held) == ["books.aliases.old"]
    assert sorted(fitting("{index}", held)) == ["books", "error"]
    assert fitting("took", held) == []


def test_the_way_to_a_field_has_names() -> None:
    assert list(field_names(["hits", "0", "_source", "title"])) == [
        "hits",
        "hits._source",
        "hits._source.title",
    ]


def codes(method: str, catch: str = "", body: str | None = None) -> dict[int | str, State]:
    node = None if body is None else read_expected(body)
    documented: list[int | str] = [200, 201, 400, 404, 409, "5xx"]
    return dict(code_states(documented, statuses_of(method, catch, node)))


@pytest.mark.parametrize(
    ("method", "catch", "body", "code"),
    [
        ("GET", "", None, 200),
        ("DELETE", "", None, 200),
        ("PUT", "", '{"result": "created"}', 201),
        ("PUT", "", '{"result": "updated"}', 200),
        ("PUT", "", '{"acknowledged": true}', 200),
        ("GET", "missing", None, 404),
        ("PUT", "conflict", None, 409),
        ("PUT", "bad_request", None, 400),
        ("GET", "unavailable", None, "5xx"),
        ("GET", "request", None, "5xx"),
        ("GET", "/no such/", '{"error": {}, "status": 404}', 404),
    ],
)
def test_a_case_expects_a_code(method: str, catch: str, body: str | None, code: int | str) -> None:
    assert codes(method, catch, body) == {code: State.CHECKED}


def test_what_may_be_another_code_is_not_expected() -> None:
    either = {200: State.REQUESTED, 201: State.REQUESTED}
    assert codes("PUT") == codes("POST", body='{"id": "a"}') == either
    assert codes("HEAD") == {**either, 404: State.REQUESTED}
    assert codes("GET", "/no such/") == dict.fromkeys([400, 404, 409], State.REQUESTED)


def test_success_is_the_only_code_of_success_that_is_documented() -> None:
    assert code_states([200, 404], statuses_of("PUT", "", None)) == ((200, State.CHECKED),)
    assert code_states(["2xx"], statuses_of("PUT", "", None)) == (("2xx", State.CHECKED),)
    assert code_states([404], statuses_of("PUT", "", None)) == ()


@pytest.mark.parametrize("catch", ["param", "no_such", ""])
def test_a_catch_that_nothing_fits_expects_no_error(catch: str) -> None:
    assert code_states([400, 404], statuses_of("PUT", catch, None)) == ()


@pytest.mark.parametrize(
    ("covered", "total", "shown"),
    [
        (0, 0, ""),
        (0, 3, "0%"),
        (1, 1000, "1%"),
        (2, 3, "67%"),
        (999, 1000, "99%"),
        (1000, 1000, "100%"),
    ],
)
def test_whole_percents_tell_all_from_nearly_all(covered: int, total: int, shown: str) -> None:
    assert Count(covered, total).whole_percent == shown
