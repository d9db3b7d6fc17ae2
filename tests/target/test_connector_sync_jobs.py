"""Sync jobs, from their creation to their end."""

from __future__ import annotations

import pytest
from connector_cluster import NOW, Cluster, cluster_with_connector


@pytest.fixture
def cluster() -> Cluster:
    return Cluster()


@pytest.fixture
def made() -> Cluster:
    return cluster_with_connector()


def test_a_sync_job_copies_what_it_needs(made: Cluster) -> None:
    id = made.job()
    read = made.tell(f"GET _connector/_sync_job/{id}")
    connector = made.tell("GET _connector/c")
    assert read == {
        "id": id,
        "connector": {
            "id": "c",
            "filtering": connector["filtering"][0]["active"],
            "index_name": "search-google-drive",
            "pipeline": connector["pipeline"],
            "service_type": "google_drive",
            "configuration": {},
        },
        "created_at": NOW,
        "deleted_document_count": 0,
        "indexed_document_count": 0,
        "indexed_document_volume": 0,
        "job_type": "full",
        "last_seen": NOW,
        "metadata": {},
        "status": "pending",
        "total_document_count": 0,
        "trigger_method": "on_demand",
    }


def test_a_sync_job_needs_a_connector_that_is_ready(cluster: Cluster) -> None:
    jobs = "POST _connector/_sync_job"
    cluster.tell("PUT _connector/c", status=201)
    assert "Connector with id 'x' does not exist." in cluster.reason(jobs, {"id": "x"}, 404)
    assert "with no index attached" in cluster.reason(jobs, {"id": "c"})
    cluster.tell("PUT _connector/c/_index_name", {"index_name": "i"})
    assert "[service_type] not defined" in cluster.reason(jobs, {"id": "c"})
    assert "Required [id]" in cluster.reason(jobs, {})
    assert "cannot be null or empty" in cluster.reason(jobs, {"id": ""})
    assert "failed to parse field [job_type]" in cluster.reason(jobs, {"id": "c", "job_type": "x"})


def test_the_life_of_a_sync_job(made: Cluster) -> None:
    path = f"_connector/_sync_job/{made.job()}"
    refused = made.reason(f"PUT {path}/_error", {"error": "oh"})
    assert "from [pending] to [error]. Such a ConnectorSyncStatus transition" in refused

    made.later(minutes=1)
    claim = {"worker_hostname": "host", "sync_cursor": {"page": 1}}
    assert made.tell(f"PUT {path}/_claim", claim) == {"result": "updated"}
    read = made.tell(f"GET {path}")
    assert (read["status"], read["worker_hostname"]) == ("in_progress", "host")
    assert read["started_at"] == read["last_seen"] == "2024-11-09T15:14:08.231Z"
    assert read["connector"]["sync_cursor"] == {"page": 1}

    made.later(minutes=1)
    made.tell(f"PUT {path}/_check_in")
    assert made.tell(f"GET {path}")["last_seen"] == "2024-11-09T15:15:08.231Z"
    stats = {
        "deleted_document_count": 1,
        "indexed_document_count": 2,
        "indexed_document_volume": 3,
        "last_seen": "2023-01-02T10:00:00Z",
        "metadata": {"a": 1},
    }
    made.tell(f"PUT {path}/_stats", stats)
    assert (
        made.tell(f"GET {path}").items()
        >= {**stats, "last_seen": "2023-01-02T10:00:00.000Z"}.items()
    )
    negative = made.reason(f"PUT {path}/_stats", {**stats, "indexed_document_count": -2})
    assert negative == (
        "action_request_validation_exception: Validation Failed: 1: [indexed_document_count]"
        " cannot be negative.;"
    )
    assert "Required [deleted_document_count" in made.reason(f"PUT {path}/_stats", {})

    made.tell(f"PUT {path}/_error", {"error": "oh"})
    read = made.tell(f"GET {path}")
    assert (read["status"], read["error"]) == ("error", "oh")
    assert "from [error] to [canceling]" in made.reason(f"PUT {path}/_cancel")
    assert made.tell(f"DELETE {path}") == {"acknowledged": True}
    missing = "resource_not_found_exception: connector sync job [id-1] not found"
    for line in (f"GET {path}", f"DELETE {path}", f"PUT {path}/_cancel", f"PUT {path}/_check_in"):
        assert made.reason(line, status=404) == missing
    assert made.reason(f"PUT {path}/_claim", claim, 404) == missing


def test_canceling_a_job_that_waits_and_one_that_runs(made: Cluster) -> None:
    waits, runs = made.job(), made.job()
    made.tell(f"PUT _connector/_sync_job/{runs}/_claim", {"worker_hostname": "host"})
    for id, status, ended in ((waits, "canceled", True), (runs, "canceling", False)):
        made.tell(f"PUT _connector/_sync_job/{id}/_cancel")
        read = made.tell(f"GET _connector/_sync_job/{id}")
        assert (read["status"], read["cancelation_requested_at"]) == (status, NOW)
        assert ("canceled_at" in read, "completed_at" in read) == (ended, ended)
        again = made.reason(f"PUT _connector/_sync_job/{id}/_cancel")
        assert f"from [{status}] to [canceling]" in again


def test_a_claim_makes_a_job_run_whatever_became_of_it(made: Cluster) -> None:
    path = f"_connector/_sync_job/{made.job()}"
    made.tell(f"PUT {path}/_cancel")
    for host, cursor in (("first", {"page": 1, "of": 9}), ("second", {"page": 2})):
        made.later(minutes=1)
        claim = {"worker_hostname": host, "sync_cursor": cursor}
        assert made.tell(f"PUT {path}/_claim", claim) == {"result": "updated"}
        read = made.tell(f"GET {path}")
        assert (read["status"], read["worker_hostname"]) == ("in_progress", host)
    assert read["started_at"] == "2024-11-09T15:15:08.231Z"
    assert read["connector"]["sync_cursor"] == {"page": 2, "of": 9}


def test_who_may_see_what_is_synced_to_an_index_of_its_own(made: Cluster) -> None:
    body = {"id": "c", "job_type": "access_control", "trigger_method": "scheduled"}
    id = made.tell("POST _connector/_sync_job", body, 201)["id"]
    read = made.tell(f"GET _connector/_sync_job/{id}")
    assert read["connector"]["index_name"] == ".search-acl-filter-search-google-drive"
    assert (read["job_type"], read["trigger_method"]) == ("access_control", "scheduled")


def test_stats_add_to_what_is_known_of_a_job(made: Cluster) -> None:
    path = f"_connector/_sync_job/{made.job()}"
    counts = dict.fromkeys(
        ("deleted_document_count", "indexed_document_count", "indexed_document_volume"), 7
    )
    seen = "2023-01-02T10:00:00.000Z"
    for metadata in ({"a": 1}, {"b": {"c": 2}}, {"b": {"d": 3}}):
        body = {**counts, "last_seen": seen, "metadata": metadata}
        assert made.tell(f"PUT {path}/_stats", body) == {"result": "updated"}
    assert made.tell(f"PUT {path}/_stats", body) == {"result": "noop"}
    read = made.tell(f"GET {path}")
    assert (read["metadata"], read["last_seen"]) == ({"a": 1, "b": {"c": 2, "d": 3}}, seen)
    assert made.tell(f"PUT {path}/_stats", counts) == {"result": "updated"}
    assert made.tell(f"GET {path}")["last_seen"] == NOW


def test_jobs_are_listed_as_they_were_created(made: Cluster) -> None:
    made.tell("PUT _connector/d", {"index_name": "i", "service_type": "box"}, 201)
    for connector, type in (("c", "full"), ("d", "incremental"), ("c", "access_control")):
        made.tell("POST _connector/_sync_job", {"id": connector, "job_type": type}, 201)
        made.later(seconds=1)
    made.tell("PUT _connector/_sync_job/id-2/_cancel")

    def ids(query: str = "") -> str:
        told = made.tell(f"GET _connector/_sync_job{query}")
        return " ".join(one["id"] for one in told["results"])

    assert ids() == "id-1 id-2 id-3"
    assert ids("?from=1&size=1") == "id-2"
    assert ids("?status=pending") == "id-1 id-3"
    assert ids("?connector_id=d") == "id-2"
    assert ids("?connector_id=c&job_type=full,incremental") == "id-1"
    assert "Unknown ConnectorSyncStatus [x]." in made.reason("GET _connector/_sync_job?status=x")
    assert "Unknown ConnectorSyncJobType [x]." in made.reason(
        "GET _connector/_sync_job?job_type=full,x"
    )
