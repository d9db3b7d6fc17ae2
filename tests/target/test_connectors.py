"""Connectors, told as stories: what is written is what is read."""

from __future__ import annotations

from typing import Any

import pytest
from connector_cluster import NOW, Cluster, cluster_with_connector


@pytest.fixture
def cluster() -> Cluster:
    return Cluster()


@pytest.fixture
def made() -> Cluster:
    return cluster_with_connector()


def test_a_new_connector_has_every_default(cluster: Cluster) -> None:
    assert cluster.tell("PUT _connector/c", status=201) == {"result": "created"}
    rules = {
        "advanced_snippet": {"created_at": NOW, "updated_at": NOW, "value": {}},
        "rules": [
            {
                "created_at": NOW,
                "field": "_",
                "id": "DEFAULT",
                "order": 0,
                "policy": "include",
                "rule": "regex",
                "updated_at": NOW,
                "value": ".*",
            }
        ],
        "validation": {"errors": [], "state": "valid"},
    }
    never = {"enabled": False, "interval": "0 0 0 * * ?"}
    assert cluster.tell("GET _connector/c") == {
        "id": "c",
        "configuration": {},
        "custom_scheduling": {},
        "filtering": [{"active": rules, "domain": "DEFAULT", "draft": rules}],
        "is_native": False,
        "name": "",
        "pipeline": {
            "extract_binary_content": True,
            "name": "ent-search-generic-ingestion",
            "reduce_whitespace": True,
            "run_ml_inference": False,
        },
        "scheduling": {"access_control": never, "full": never, "incremental": never},
        "status": "created",
        "sync_now": False,
        "deleted": False,
    }


def test_writing_a_connector_again_starts_it_anew(made: Cluster) -> None:
    made.tell("PUT _connector/c/_error", {"error": "oh"})
    assert made.tell("PUT _connector/c", {"is_native": True}) == {"result": "updated"}
    again = made.tell("GET _connector/c")
    assert (again["status"], again["is_native"]) == ("needs_configuration", True)
    assert again.keys().isdisjoint({"error", "index_name", "service_type"})


def test_connectors_without_an_id_get_one(cluster: Cluster) -> None:
    assert cluster.tell("POST _connector", {"name": "A"}, 201) == {"id": "id-1"}
    assert cluster.tell("PUT _connector", status=201) == {"result": "created", "id": "id-2"}
    assert cluster.tell("GET _connector/id-1")["name"] == "A"


def test_an_index_belongs_to_one_connector(made: Cluster) -> None:
    taken = "status_exception: Index name [search-google-drive] is used by another connector."
    body = {"index_name": "search-google-drive"}
    assert made.reason("PUT _connector/d", body) == taken
    assert made.reason("POST _connector", body) == taken
    made.tell("PUT _connector/d", status=201)
    assert made.reason("PUT _connector/d/_index_name", body) == taken
    made.tell("PUT _connector/c/_index_name", body)
    made.tell("PUT _connector/c/_index_name", {"index_name": None})
    assert made.tell("GET _connector/c")["index_name"] is None
    made.tell("PUT _connector/d/_index_name", body)
    assert "must not start with" in made.reason("PUT _connector/e", {"index_name": "_x"})


def test_a_deleted_connector_is_gone_with_its_jobs(made: Cluster) -> None:
    job = made.job()
    assert made.tell("DELETE _connector/c") == {"acknowledged": True}
    gone = "resource_not_found_exception: connector [c] not found"
    assert made.reason("GET _connector/c", status=404) == gone
    assert made.reason("DELETE _connector/c", status=404) == gone
    assert made.ask(f"GET _connector/_sync_job/{job}").status == 404
    assert made.tell("GET _connector") == {"count": 0, "results": []}
    assert made.tell("GET _connector/c?include_deleted=true")["deleted"] is True
    assert made.tell("GET _connector?include_deleted=true")["count"] == 1
    assert made.tell("PUT _connector/c", status=201) == {"result": "created"}
    made.tell("DELETE _connector/c?hard=true")
    assert made.ask("GET _connector/c?include_deleted=true").status == 404


def test_jobs_outlive_a_connector_if_asked(made: Cluster) -> None:
    job = made.job()
    made.tell("DELETE _connector/c?delete_sync_jobs=false")
    assert made.tell(f"GET _connector/_sync_job/{job}")["connector"]["id"] == "c"


def test_a_list_is_ordered_filtered_and_paged(cluster: Cluster) -> None:
    for id, index, name, service in (
        ("1", "b", "Sales", "mysql"),
        ("2", None, "Sales", "box"),
        ("3", "a", "Wiki", "box"),
    ):
        body = {"index_name": index, "name": name, "service_type": service, "description": f"d{id}"}
        cluster.tell(f"PUT _connector/{id}", body, 201)

    def ids(query: str = "") -> str:
        return " ".join(one["id"] for one in cluster.tell(f"GET _connector{query}")["results"])

    assert ids() == "3 1 2"
    assert ids("?from=1&size=1") == "1"
    assert cluster.tell("GET _connector?size=1")["count"] == 3
    assert ids("?index_name=a,b") == "3 1"
    assert ids("?connector_name=Sales") == "1 2"
    assert ids("?service_type=box,ftp") == "3 2"
    assert ids("?service_type=box&connector_name=Sales") == "2"
    assert (ids("?query=ale"), ids("?query=d3"), ids("?query=nothing")) == ("1 2", "3", "")
    assert ids("?index_name=b&include_deleted=true&query=d?") == "1"
    assert "1: Invalid index name [a#], must not contain '#';" in cluster.reason(
        "GET _connector?index_name=b,a%23"
    )
    assert "[size] with value [x]" in cluster.reason("GET _connector?size=x")
    assert "cannot be negative" in cluster.reason("GET _connector?from=-1")


@pytest.mark.parametrize(
    ("api", "body", "read"),
    [
        ("_api_key_id", {"api_key_id": "k", "api_key_secret_id": None}, {"api_key_id": "k"}),
        ("_name", {"name": "N", "description": "D"}, {"name": "N", "description": "D"}),
        ("_name", {"description": "D"}, {"name": "Mine", "description": "D"}),
        ("_native", {"is_native": "true"}, {"is_native": True, "status": "created"}),
        ("_service_type", {"service_type": "box"}, {"service_type": "box", "status": "created"}),
        ("_status", {"status": "needs_configuration"}, {"status": "needs_configuration"}),
        ("_error", {"error": "oh"}, {"error": "oh", "status": "error"}),
        ("_error", {"error": None}, {"error": None, "status": "connected"}),
        (
            "_last_sync",
            {
                "last_sync_status": "completed",
                "last_synced": "2024-11-09T16:13:08+01:00",
                "last_indexed_document_count": 9223372036854775807,
                "last_sync_error": None,
                "sync_cursor": {"page": 2},
            },
            {
                "last_sync_status": "completed",
                "last_synced": "2024-11-09T15:13:08.000Z",
                "last_indexed_document_count": 9223372036854775807,
                "sync_cursor": {"page": 2},
            },
        ),
    ],
)
def test_a_change_can_be_read(
    made: Cluster, api: str, body: dict[str, Any], read: dict[str, Any]
) -> None:
    assert made.tell(f"PUT _connector/c/{api}", body) == {"result": "updated"}
    assert made.tell("GET _connector/c").items() >= read.items()
    missing = "resource_not_found_exception: connector [d] not found"
    assert made.reason(f"PUT _connector/d/{api}", body, 404) == missing


def test_checking_in_tells_the_time(made: Cluster) -> None:
    made.later(hours=1, microseconds=120)
    assert made.tell("PUT _connector/c/_check_in") == {"result": "updated"}
    assert made.tell("GET _connector/c")["last_seen"] == "2024-11-09T16:13:08.23112Z"


def test_what_changes_nothing_is_told(made: Cluster) -> None:
    full = {"full": {"enabled": True, "interval": "0 20 0 * * ?"}}
    again: tuple[tuple[str, dict[str, Any]], ...] = (
        ("_name", {"name": "Mine"}),
        ("_service_type", {"service_type": "google_drive"}),
        ("_index_name", {"index_name": "search-google-drive"}),
        ("_native", {"is_native": False}),
    )
    for api, body in again:
        assert made.tell(f"PUT _connector/c/{api}", body) == {"result": "noop"}
    for api, body in (
        ("_scheduling", {"scheduling": full}),
        ("_error", {"error": "oh"}),
        ("_api_key_id", {"api_key_id": "k"}),
        ("_last_sync", {"sync_cursor": {"page": 1}}),
        ("_last_sync", {"sync_cursor": {"page": 1.0}}),
    ):
        assert made.tell(f"PUT _connector/c/{api}", body) == {"result": "updated"}
        assert made.tell(f"PUT _connector/c/{api}", body) == {"result": "noop"}
    configuration = {"configuration": {"host": {"label": "Host", "value": {"a": 1}}}}
    for body, result in (
        (configuration, "updated"),
        (configuration, "updated"),
        ({"values": {"host": {"b": 2}}}, "updated"),
        ({"values": {"host": {"b": 2}}}, "noop"),
    ):
        assert made.tell("PUT _connector/c/_configuration", body) == {"result": result}
    assert made.tell("GET _connector/c")["configuration"]["host"]["value"] == {"a": 1, "b": 2}
    for _ in range(2):
        assert made.tell("PUT _connector/c/_check_in") == {"result": "updated"}


def test_status_moves_only_along_the_protocol(made: Cluster) -> None:
    assert made.reason("PUT _connector/c/_status", {"status": "connected"}) == (
        "status_exception: Invalid transition attempt from [created] to [connected]. Such a status"
        " transition is not supported by the Connector Protocol."
    )
    for status in ("needs_configuration", "configured", "connected", "error", "connected"):
        made.tell("PUT _connector/c/_status", {"status": status})
    made.tell("PUT _connector/c/_native", {"is_native": True})
    assert made.tell("GET _connector/c")["status"] == "configured"
    made.tell("PUT _connector/c/_service_type", {"service_type": "box"})
    assert made.tell("GET _connector/c")["status"] == "needs_configuration"
    told = made.tell("PUT _connector/c/_status", {"status": "tired"}, 400)["error"]
    assert (
        told["reason"] == "[1:12] [connector_update_status_request] failed to parse field [status]"
    )
    assert told["caused_by"]["reason"] == "Unknown ConnectorStatus [tired]."


def test_configuration_is_a_schema_and_then_values(made: Cluster) -> None:
    host = {"label": "Host", "type": "str", "order": 1, "required": True, "tooltip": None}
    made.tell("PUT _connector/c/_configuration", {"configuration": {"host": host}})
    made.tell("PUT _connector/c/_configuration", {"values": {"host": "127.0.0.1"}})
    read = made.tell("GET _connector/c")
    assert read["status"] == "configured"
    assert read["configuration"]["host"] == {
        "default_value": None,
        "label": "Host",
        "order": 1,
        "required": True,
        "sensitive": False,
        "type": "str",
        "value": "127.0.0.1",
    }
    assert made.reason("PUT _connector/c/_configuration", {"values": {"port": 1}}) == (
        "status_exception: Unknown [configuration] fields in the request payload: [port]."
        " Remove them from request or register their schema first."
    )
    bad: tuple[dict[str, Any], ...] = (
        {},
        {"values": {}, "configuration": {}},
        {"configuration": {"x": {"type": "str"}}},
    )
    for body in bad:
        made.reason("PUT _connector/c/_configuration", body)


def test_parts_of_features_scheduling_and_pipeline(made: Cluster) -> None:
    on, off = {"enabled": True}, {"enabled": False}
    rules = {"sync_rules": {"advanced": off, "basic": on}}
    made.tell("PUT _connector/c/_features", {"features": rules})
    made.tell("PUT _connector/c/_features", {"features": {"sync_rules": {"advanced": on}}})
    made.tell("PUT _connector/c/_features", {"features": {"document_level_security": on}})
    full = {"enabled": True, "interval": "0 20 0 * * ?"}
    made.tell("PUT _connector/c/_scheduling", {"scheduling": {"full": full}})
    pipeline = {
        "extract_binary_content": True,
        "name": "p",
        "reduce_whitespace": True,
        "run_ml_inference": True,
    }
    made.tell("PUT _connector/c/_pipeline", {"pipeline": pipeline})
    read = made.tell("GET _connector/c")
    assert read["features"] == {
        "sync_rules": {"advanced": on, "basic": on},
        "document_level_security": on,
    }
    assert read["scheduling"]["full"] == full
    assert read["scheduling"]["incremental"]["enabled"] is False
    assert read["pipeline"] == pipeline
    told = made.tell("PUT _connector/c/_pipeline", {"pipeline": {"name": "p"}}, 400)["error"]
    missing = "Required [extract_binary_content, reduce_whitespace, run_ml_inference]"
    assert told["caused_by"] == {"type": "illegal_argument_exception", "reason": missing}


@pytest.mark.parametrize(
    ("interval", "good"),
    [
        ("0 0 12 ? * MON-FRI", True),
        ("0 0/5 14,18 L * ? 2025", True),
        ("0 15 10 ? * 6#3", True),
        ("0 0 12 * *", False),
        ("0 61 0 * * ?", False),
        ("0 0 0 ? * ?", False),
        ("every day at noon or so", False),
    ],
)
def test_a_schedule_is_a_cron_expression(made: Cluster, interval: str, good: bool) -> None:
    body = {"scheduling": {"full": {"enabled": True, "interval": interval}}}
    assert made.ask("PUT _connector/c/_scheduling", body).status == (200 if good else 400)


def test_filtering_is_a_draft_until_it_is_valid(made: Cluster) -> None:
    rule = {"field": "f", "order": 3, "policy": "exclude", "rule": "equals", "value": "txt"}
    snippet = {"value": [{"tables": ["users"]}]}
    body: dict[str, Any] = {
        "rules": [{"id": "b", **rule}, {"id": "a", **rule, "order": 1}],
        "advanced_snippet": snippet,
    }
    made.tell("PUT _connector/c/_filtering", body)
    (domain,) = made.tell("GET _connector/c")["filtering"]
    assert [one["id"] for one in domain["active"]["rules"]] == ["DEFAULT"]
    assert [(one["id"], one["order"]) for one in domain["draft"]["rules"]] == [
        ("a", 1),
        ("b", 3),
        ("DEFAULT", 4),
    ]
    assert domain["draft"]["advanced_snippet"] == {"created_at": NOW, "updated_at": NOW, **snippet}
    assert domain["draft"]["validation"] == {"errors": [], "state": "edited"}

    assert "state [edited] is not equal to [valid]" in made.reason(
        "PUT _connector/c/_filtering/_activate"
    )
    finding = {"ids": ["a"], "messages": ["no"]}
    for state, errors in (("invalid", [finding]), ("valid", [])):
        validation = {"state": state, "errors": errors}
        made.tell("PUT _connector/c/_filtering/_validation", {"validation": validation})
    assert made.tell("PUT _connector/c/_filtering/_activate") == {"result": "updated"}
    (domain,) = made.tell("GET _connector/c")["filtering"]
    assert domain["active"] == domain["draft"]
    job = made.tell(f"GET _connector/_sync_job/{made.job()}")
    assert job["connector"]["filtering"] == domain["active"]

    domain["active"]["validation"]["state"] = "invalid"
    made.tell("PUT _connector/c/_filtering", {"filtering": [domain]})
    assert made.tell("GET _connector/c")["filtering"] == [domain]
    for wrong in ({}, {"filtering": [domain], "rules": []}, {"rules": [{"id": "a"}]}):
        made.reason("PUT _connector/c/_filtering", wrong)


def test_clearing_forgets_everything(made: Cluster) -> None:
    made.job()
    assert not made.apis.is_empty()
    made.apis.clear()
    assert made.apis.is_empty()
    assert made.tell("GET _connector/_sync_job")["count"] == 0


def test_two_clusters_know_nothing_of_each_other(made: Cluster) -> None:
    assert Cluster().tell("GET _connector")["count"] == 0
    assert made.tell("GET _connector")["count"] == 1
