"""What the connector APIs take and refuse, and what their answers look like."""

from __future__ import annotations

from typing import Any

import pytest
from connector_cluster import Cluster, cluster_with_connector

from specgen.target.values import Call


@pytest.fixture
def cluster() -> Cluster:
    return Cluster()


@pytest.fixture
def made() -> Cluster:
    return cluster_with_connector()


def test_other_paths_are_not_for_the_connector_apis(cluster: Cluster) -> None:
    for path in ("", "_search", "connector/_connector", "_connectors", "my-index/_doc/1"):
        assert cluster.apis.answers(Call("GET", path)) is None


def test_an_answer_looks_like_elasticsearch_and_says_that_it_is_emulated(made: Cluster) -> None:
    answer = made.ask("GET /_connector/c")
    assert answer.emulated
    assert answer.content_type == "application/json"
    assert answer.header("x-elastic-product") == "Elasticsearch"
    head = made.ask("HEAD _connector/c")
    assert (head.status, head.body) == (200, b"")
    assert made.ask("HEAD _connector/d").status == 404


def test_ids_may_hold_any_characters(cluster: Cluster) -> None:
    cluster.tell("PUT _connector/a%2Fb%20%C3%A9", status=201)
    assert cluster.tell("GET _connector/a%2Fb é")["id"] == "a/b é"
    # As on a real cluster, `_sync_job` is an id where no operation has that name.
    cluster.tell("PUT _connector/_sync_job", status=201)
    assert cluster.tell("GET _connector")["count"] == 2


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (None, "parse_exception: request body is required"),
        ({"nam": "x"}, "[1:2] [connector_update_name_request] unknown field [nam]"),
        (b'{\n "name": 1}', "[2:10] [connector_update_name_request] name doesn't support values"),
        (b"[]", "[1:1] [connector_update_name_request] Expected START_OBJECT but was: START_ARRAY"),
        (b'{"name": "a", "name": "b"}', "[1:15] Duplicate field 'name'"),
        (b'{"name": "a"', "Unexpected end-of-input"),
        (b'{"name": "a"} x', "[1:15] Unexpected character ('x' (code 120))"),
        (b'{"name": NaN}', "[1:10] Unexpected character"),
        (b'{"name": ' + b"[" * 5000, "nested deeper than"),
        (b"\xff", "Invalid UTF-8"),
        ({}, "[name] and [description] cannot both be [null]"),
        ({"name": None}, "[name] and [description] cannot both be [null]"),
    ],
)
def test_a_body_that_cannot_be_used_is_refused(made: Cluster, body: Any, told: str) -> None:
    assert told in made.reason("PUT _connector/c/_name", body)
    assert made.tell("GET _connector/c")["name"] == "Mine"


def test_dates_and_numbers_are_checked(made: Cluster) -> None:
    for body in (
        {"last_synced": "yesterday"},
        {"last_synced": "2024-13-09T15:13:08Z"},
        {"last_sync_status": "tired"},
        {"last_indexed_document_count": 1.5},
        {"last_indexed_document_count": 2**63},
    ):
        assert "failed to parse field" in made.reason("PUT _connector/c/_last_sync", body)


def test_large_integers_stay_exact(made: Cluster) -> None:
    cursor = {"sync_cursor": {"at": 123456789012345678901234567890}}
    made.tell("PUT _connector/c/_last_sync", cursor)
    assert made.tell("GET _connector/c")["sync_cursor"]["at"] == 123456789012345678901234567890


def test_requests_that_no_operation_takes(made: Cluster) -> None:
    assert made.tell("POST _connector/c?pretty=true", status=405) == {
        "error": "Incorrect HTTP method for uri [/_connector/c?pretty=true] and method [POST],"
        " allowed: [GET, PUT, DELETE]",
        "status": 405,
    }
    assert made.ask("GET _connector/c/_name").header("allow") == "PUT"
    assert made.tell("GET _connector/c/_nothing", status=400) == {
        "error": "no handler found for uri [/_connector/c/_nothing] and method [GET]"
    }
    assert made.reason("GET _connector/c?nonsense=1") == (
        "illegal_argument_exception: request [/_connector/c] contains unrecognized parameter:"
        " [nonsense]"
    )
    assert "does not support having a body" in made.reason("PUT _connector/c/_check_in", {})
    assert '1: [connector_id] cannot be [null] or [""].;' in made.reason(
        "PUT _connector//_check_in"
    )
    assert "1: [connector_sync_job_id] of" in made.reason("PUT _connector/_sync_job//_cancel")


def test_patterns_of_strangers_take_no_time(cluster: Cluster) -> None:
    cluster.tell("PUT _connector/c", {"name": "a" * 2000}, 201)
    found = cluster.tell(f"GET _connector?query={'a*' * 400}b")
    assert found == {"count": 0, "results": []}
    assert cluster.tell(f"GET _connector?query={'a*?' * 400}")["count"] == 1
    assert cluster.tell(f"GET _connector/c?filter_path={'**.' * 2000}name")["name"][:1] == "a"
    deep: dict[str, Any] = {}
    for _ in range(60):
        deep = {"a": deep}
    cluster.tell("PUT _connector/c/_last_sync", {"sync_cursor": deep})
    assert cluster.tell(f"GET _connector/c?filter_path={'**.*.' * 40}name") == {}


def test_an_answer_can_be_cut_and_spread(made: Cluster) -> None:
    assert made.tell("GET _connector/c?filter_path=na*,scheduling.*.enabled") == {
        "name": "Mine",
        "scheduling": {
            "access_control": {"enabled": False},
            "full": {"enabled": False},
            "incremental": {"enabled": False},
        },
    }
    assert made.tell("GET _connector?filter_path=**.state") == {
        "results": [
            {
                "filtering": [
                    {
                        "active": {"validation": {"state": "valid"}},
                        "draft": {"validation": {"state": "valid"}},
                    }
                ]
            }
        ]
    }
    assert made.tell("GET _connector?filter_path=-results") == {"count": 1}
    assert made.tell("GET _connector/c?filter_path=nothing") == {}
    assert made.ask("DELETE _connector/c?pretty=").text == '{\n  "acknowledged" : true\n}\n'
