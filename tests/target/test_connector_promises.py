"""Every operation of the connector APIs, asked at the URL at which specgen serves them.

Each is held against Elastic's OpenAPI document where that is at hand: what it answers, what it
refuses, and that none is left out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from connector_document import ERROR, the_document
from connector_promises import NEW, PROMISES, Promise

from specgen.target.nodes.front import Front

FILTERING = {"advanced_snippet": {"value": {"folders": ["maps"]}}}
VALID = {"validation": {"state": "valid", "errors": []}}
NEEDS_A_BODY = ("_sync_job", "/_error", "/_name", "/_stats", "/_claim")
BY_NAME = {one.operation: one for one in PROMISES}
# What only the pages have is answered like this one, of which the document knows.
LIKE_IT = "PUT /_connector/{connector_id}/_check_in"


def each(condition: Callable[[Promise], object] = bool) -> pytest.MarkDecorator:
    """A test of each operation for which a condition holds."""
    chosen = [one for one in PROMISES if condition(one)]
    return pytest.mark.parametrize("promise", chosen, ids=[one.operation for one in chosen])


def reads_or_changes(promise: Promise) -> bool:
    return "{" in promise.operation and promise.operation != "PUT /_connector/{connector_id}"


def has_a_name_after_its_id(promise: Promise) -> bool:
    return "}/" in promise.operation


@dataclass(frozen=True, slots=True)
class Served:
    """The served APIs; `job` is the id of the one sync job, which runs."""

    url: str
    job: str = ""

    def ask(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        data = body if body is None or isinstance(body, bytes) else json.dumps(body)
        kind = {"Content-Type": "application/json"}
        answer = requests.request(method, f"{self.url}/{path}", data=data, headers=kind, timeout=30)
        assert answer.status_code == status, f"{method} {path} {body}: {answer.text}"
        assert answer.headers["X-Specgen-Emulated"] == "connector APIs"
        return answer.json()

    def refuses(self, method: str, path: str, body: Any = None, status: int = 400) -> str:
        """Asks, and gives the reason of the refusal, which looks like Elasticsearch's."""
        told = self.ask(method, path, body, status)
        assert told["status"] == status
        assert told["error"]["root_cause"]
        return str(told["error"]["reason"])

    def send(self, promise: Promise, body: Any, status: int = 200) -> Any:
        return self.ask(promise.method, promise.path("charts", self.job), body, status)

    def all(self) -> list[Any]:
        return [self.ask("GET", path) for path in ("_connector", "_connector/_sync_job")]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with Front() as front:
        yield front.url


@pytest.fixture
def served(url: str) -> Served:
    """With one connector and one sync job of it, which a worker has claimed."""
    empty = Served(url)
    for one in empty.ask("GET", "_connector?include_deleted=true")["results"]:
        if one["deleted"]:
            empty.ask("PUT", f"_connector/{one['id']}", status=201)
        empty.ask("DELETE", f"_connector/{one['id']}?hard=true")
    for one in empty.ask("GET", "_connector/_sync_job")["results"]:
        empty.ask("DELETE", f"_connector/_sync_job/{one['id']}")
    nothing = {"count": 0, "results": []}
    assert empty.all() == [nothing, nothing]
    empty.ask("PUT", "_connector/charts", NEW, 201)
    job = empty.ask("POST", "_connector/_sync_job", {"id": "charts"}, 201)["id"]
    empty.ask("PUT", f"_connector/_sync_job/{job}/_claim", {"worker_hostname": "tug"})
    return Served(url, job)


def body_for(promise: Promise) -> Any:
    """The body of an operation; a second connector gets an index of its own."""
    another = promise.operation in ("POST /_connector", "PUT /_connector")
    return {**promise.body, "index_name": "search-other"} if another else promise.body


def fill(served: Served) -> None:
    """Gives the connector and its job every field that an operation can give them."""
    ends = ("_activate", "_cancel", "_error", "_status")
    for promise in PROMISES:
        if has_a_name_after_its_id(promise) and not promise.operation.endswith(ends):
            assert served.send(promise, promise.body) == {"result": "updated"}


@each()
def test_an_operation_answers_as_is_promised(served: Served, promise: Promise) -> None:
    if promise.operation.endswith("/_activate"):
        served.send(BY_NAME["PUT /_connector/{connector_id}/_filtering"], FILTERING)
        served.send(BY_NAME["PUT /_connector/{connector_id}/_filtering/_validation"], VALID)
    told = served.send(promise, body_for(promise), promise.status)
    assert told.items() >= (promise.answer or {}).items()
    if not has_a_name_after_its_id(promise):
        return
    job = f"_connector/_sync_job/{served.job}"
    read = served.ask("GET", job if "_sync_job" in promise.operation else "_connector/charts")
    if promise.operation.endswith(("/_filtering", "/_validation", "/_activate")):
        read = read["filtering"][0]["draft"]
        read["rules"] = [one for one in read["rules"] if one["id"] != "DEFAULT"]
    elif promise.operation.endswith("/_claim"):
        read["sync_cursor"] = read["connector"]["sync_cursor"]
    assert (promise.body or {}).items() <= read.items()


@each(lambda one: one.others)
def test_fields_that_go_without_the_others_are_taken(served: Served, promise: Promise) -> None:
    for body in (promise.body, *promise.others):
        assert served.send(promise, body) == promise.answer


@each(reads_or_changes)
def test_what_does_not_exist_is_not_found(served: Served, promise: Promise) -> None:
    path = promise.path("nobody", "nothing")
    what = "connector sync job [nothing]" if "_sync_job" in path else "connector [nobody]"
    assert served.refuses(promise.method, path, promise.body, 404) == f"{what} not found"


def test_a_job_needs_a_connector(served: Served) -> None:
    reason = served.refuses("POST", "_connector/_sync_job", {"id": "nobody"}, 404)
    assert reason == "Connector with id 'nobody' does not exist."


@each(has_a_name_after_its_id)
def test_an_id_that_is_not_given_is_told(served: Served, promise: Promise) -> None:
    path = promise.path("", "")
    name = "connector_sync_job_id" if "_sync_job" in path else "connector_id"
    assert f"1: [{name}]" in served.refuses(promise.method, path, promise.body)


@each(lambda one: one.body is not None)
def test_a_body_that_is_no_good_is_refused(served: Served, promise: Promise) -> None:
    before, path = served.all(), promise.path("charts", served.job)
    for body in (b"{", b"[]", b'"text"', {**promise.body, "tide": 1}):
        served.refuses(promise.method, path, body)
    if promise.operation.endswith(NEEDS_A_BODY):
        assert "body is required" in served.refuses(promise.method, path)
    assert served.all() == before


@each(lambda one: one.body is None)
def test_a_body_that_is_not_asked_for_is_refused(served: Served, promise: Promise) -> None:
    path = promise.path("charts", served.job)
    assert "does not support having a body" in served.refuses(promise.method, path, {})


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "buoys charts tides"),
        ("?from=1", "charts tides"),
        ("?size=1", "buoys"),
        ("?from=1&size=1", "charts"),
        ("?index_name=search-charts,search-buoys", "buoys charts"),
        ("?connector_name=Tides,Charts", "charts tides"),
        ("?service_type=s3", "charts"),
        ("?query=sand", "buoys"),
        ("?query=b*y", "buoys"),
        ("?service_type=s3&connector_name=Tides", ""),
        ("?include_deleted=true", "buoys charts gone tides"),
        ("?include_deleted=false&query=gone", ""),
    ],
)
def test_connectors_are_listed_by_parameters(served: Served, query: str, found: str) -> None:
    for id, about in (("tides", "rock"), ("buoys", "sand"), ("gone", "mud")):
        body = {"index_name": f"search-{id}", "name": id.title(), "description": about}
        served.ask("PUT", f"_connector/{id}", body, 201)
    served.ask("DELETE", "_connector/gone")
    told = served.ask("GET", f"_connector{query}")
    assert [one["id"] for one in told["results"]] == found.split()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "first full incremental"),
        ("?from=2&size=5", "incremental"),
        ("?size=2", "first full"),
        ("?status=pending", "full incremental"),
        ("?status=in_progress", "first"),
        ("?connector_id=tides", "incremental"),
        ("?job_type=incremental", "incremental"),
        ("?job_type=full,access_control", "first full"),
        ("?connector_id=charts&status=pending&job_type=full", "full"),
        ("?connector_id=nobody", ""),
    ],
)
def test_jobs_are_listed_by_parameters(served: Served, query: str, found: str) -> None:
    tides = {"index_name": "search-tides", "service_type": "s3"}
    served.ask("PUT", "_connector/tides", tides, 201)
    jobs = {served.job: "first"}
    for connector, type in (("charts", "full"), ("tides", "incremental")):
        body = {"id": connector, "job_type": type}
        jobs[served.ask("POST", "_connector/_sync_job", body, 201)["id"]] = type
    told = served.ask("GET", f"_connector/_sync_job{query}")
    assert [jobs[one["id"]] for one in told["results"]] == found.split()


@pytest.mark.parametrize("hard", [True, False])
@pytest.mark.parametrize("jobs", [True, False])
def test_a_connector_is_deleted_by_parameters(served: Served, hard: bool, jobs: bool) -> None:
    query = f"?hard={hard}&delete_sync_jobs={jobs}".lower()
    assert served.ask("DELETE", f"_connector/charts{query}") == {"acknowledged": True}
    served.ask("GET", "_connector/charts", status=404)
    gone = "_connector/charts?include_deleted=true"
    assert served.ask("GET", gone, status=404 if hard else 200).get("deleted", False) is not hard
    assert served.ask("GET", "_connector/_sync_job")["count"] == (0 if jobs else 1)


def test_no_operation_of_the_document_is_left_out() -> None:
    documented = the_document().operations
    assert len(documented) == 25
    assert sorted(documented.keys() - BY_NAME.keys()) == []


@each()
def test_an_answer_fits_the_document(served: Served, promise: Promise) -> None:
    document = the_document()
    if promise.method == "GET":
        fill(served)
    told = served.send(promise, body_for(promise), promise.status)
    name = promise.operation if promise.operation in document.operations else LIKE_IT
    assert document.answer_faults(name, told) == [*promise.faults]


def test_an_answer_that_does_not_fit_is_seen(served: Served) -> None:
    document, one = the_document(), "GET /_connector/{connector_id}"
    fill(served)
    good = served.ask("GET", "_connector/charts")
    assert document.answer_faults(one, good) == []
    for field, wrong, told in (
        ("status", "tired", "is not one of ['created'"),
        ("scheduling", {"full": {"enabled": True}}, "'interval' is a required property"),
        ("error", 1, "is not valid under any of the given schemas"),
        ("tide", "high", "Additional properties are not allowed ('tide' was unexpected)"),
    ):
        (fault,) = document.answer_faults(one, {**good, field: wrong})
        assert told in fault


def test_a_refusal_fits_the_document(served: Served) -> None:
    for method, path, body, status in (
        ("GET", "_connector/nobody", None, 404),
        ("PUT", "_connector//_check_in", None, 400),
        ("PUT", "_connector/charts/_status", {"status": "x"}, 400),
        ("PUT", "_connector/charts/_status", {"status": "connected"}, 400),
    ):
        assert the_document().faults(ERROR, served.ask(method, path, body, status)) == []


@each(lambda one: one.body is not None)
def test_bodies_against_the_document_are_refused(served: Served, promise: Promise) -> None:
    document = the_document()
    if promise.operation not in document.operations:
        return
    bodies = (promise.body, *promise.others)
    assert document.fields(promise.operation) <= {name for body in bodies for name in body}
    taken = []
    for good in bodies:
        assert document.request_faults(promise.operation, good) == []
        for what, wrong in document.wrong_bodies(promise.operation, good):
            assert document.request_faults(promise.operation, wrong) or "date" in what
            path = f"{served.url}/{promise.path('charts', served.job)}"
            answer = requests.request(promise.method, path, json=wrong, timeout=30)
            if answer.status_code != 400:
                taken.append(what)
    assert taken == [*promise.taken]


@each(lambda one: one.method in ("GET", "DELETE"))
def test_parameters_of_the_document_are_read(served: Served, promise: Promise) -> None:
    path = promise.path("charts", served.job)
    for name in the_document().parameters(promise.operation):
        if name in ("connector_id", "connector_name", "index_name", "query", "service_type"):
            assert served.ask("GET", f"{path}?{name}=nobody")["count"] == 0
        else:
            served.refuses(promise.method, f"{path}?{name}=nonsense")
    assert "unrecognized parameter" in served.refuses(promise.method, f"{path}?tide=high")
