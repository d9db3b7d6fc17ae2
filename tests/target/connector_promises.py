"""What is promised of each operation of the connector APIs, one row an operation.

The rows come from the pages of the connector family and the operations below `/_connector` of
Elastic's OpenAPI document; the bodies give every field that these know.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["PROMISES", "Promise"]

DATE = "2024-11-09T15:13:08.231Z"


@dataclass(frozen=True, slots=True)
class Promise:
    """One operation.

    Attributes:
        operation: `METHOD /path`, with the names that the document gives to what is free.
        body: A body that it takes.
        others: More bodies, for the fields that do not go with those of the first.
        status: The status of the answer.
        answer: The answer, or that part of it that is known beforehand.
        faults: What the document has against that answer, as a page has it otherwise.
        taken: What goes against the document in a request, and is taken all the same.
    """

    operation: str
    body: Any = None
    others: tuple[Any, ...] = ()
    status: int = 200
    answer: Any = None
    faults: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()

    @property
    def method(self) -> str:
        return self.operation.split(" /")[0]

    def path(self, connector: str, job: str) -> str:
        """The path, with ids in it."""
        path = self.operation.split(" /")[1].replace("{connector_id}", connector)
        return path.replace("{connector_sync_job_id}", job)


def _connector(
    api: str, body: Any = None, others: tuple[Any, ...] = (), taken: tuple[str, ...] = ()
) -> Promise:
    operation = f"PUT /_connector/{{connector_id}}/{api}"
    return Promise(operation, body, others, answer={"result": "updated"}, taken=taken)


def _job(api: str, body: Any = None) -> Promise:
    operation = f"PUT /_connector/_sync_job/{{connector_sync_job_id}}/{api}"
    return Promise(operation, body, answer={"result": "updated"})


NEW = {
    "description": "Charts of the harbour",
    "index_name": "search-charts",
    "is_native": False,
    "language": "en",
    "name": "Charts",
    "service_type": "s3",
}
ON = {"enabled": True}
DAILY = {"enabled": True, "interval": "0 30 4 * * ?"}
SETTING = {
    "category": "access",
    "default_value": "chart-room",
    "depends_on": [{"field": "host", "value": "pier"}],
    "display": "textbox",
    "label": "Host",
    "options": [{"label": "Pier", "value": "pier"}],
    "order": 1,
    "placeholder": "pier",
    "required": True,
    "sensitive": False,
    "tooltip": "Where the charts lie",
    "type": "str",
    "ui_restrictions": ["advanced"],
    "validations": [{"type": "included_in", "constraint": ["pier", "quay"]}],
    "value": "quay",
}
RULE = {
    "created_at": DATE,
    "field": "name",
    "id": "drafts",
    "order": 0,
    "policy": "exclude",
    "rule": "ends_with",
    "updated_at": DATE,
    "value": ".draft",
}
SNIPPET = {"created_at": DATE, "updated_at": DATE, "value": {"folders": ["charts"]}}
VALIDATION = {"errors": [{"ids": ["drafts"], "messages": ["unknown field"]}], "state": "invalid"}
RULES = {"advanced_snippet": SNIPPET, "rules": [RULE], "validation": VALIDATION}
# Elasticsearch needs the label alone.
_LOOSE = ("default_value", "depends_on", "display", "options", "required", "sensitive", "value")

PROMISES = (
    Promise(
        "POST /_connector",
        NEW,
        status=201,
        faults=("/: 'result' is a required property",),
    ),
    Promise("PUT /_connector", NEW, status=201, answer={"result": "created"}),
    Promise(
        "PUT /_connector/{connector_id}",
        NEW,
        answer={"result": "updated"},
        faults=("/: 'id' is a required property",),
    ),
    Promise("GET /_connector", answer={"count": 1}),
    Promise("GET /_connector/{connector_id}", answer=NEW),
    Promise("DELETE /_connector/{connector_id}", answer={"acknowledged": True}),
    _connector("_api_key_id", {"api_key_id": "key", "api_key_secret_id": "secret"}),
    _connector("_check_in"),
    _connector(
        "_configuration",
        {"configuration": {"host": SETTING}},
        ({"values": {"host": "pier"}},),
        tuple(f"/configuration/host/{name} is missing" for name in _LOOSE),
    ),
    _connector("_error", {"error": "The chart room is locked"}),
    _connector(
        "_features",
        {
            "features": {
                "document_level_security": ON,
                "incremental_sync": ON,
                "native_connector_api_keys": ON,
                "sync_rules": {"advanced": ON, "basic": ON},
            }
        },
    ),
    _connector(
        "_filtering",
        {"rules": [RULE], "advanced_snippet": SNIPPET},
        ({"filtering": [{"active": RULES, "domain": "DEFAULT", "draft": RULES}]},),
    ),
    _connector("_filtering/_activate"),
    _connector("_filtering/_validation", {"validation": VALIDATION}),
    _connector("_index_name", {"index_name": "search-maps"}),
    _connector(
        "_last_sync",
        {
            "last_access_control_sync_error": "none",
            "last_access_control_sync_scheduled_at": DATE,
            "last_access_control_sync_status": "pending",
            "last_deleted_document_count": 1,
            "last_incremental_sync_scheduled_at": DATE,
            "last_indexed_document_count": 2,
            "last_sync_error": "none",
            "last_sync_scheduled_at": DATE,
            "last_sync_status": "completed",
            "last_synced": DATE,
        },
    ),
    _connector("_name", {"name": "Maps", "description": "Maps of the harbour"}),
    _connector("_native", {"is_native": True}),
    _connector(
        "_pipeline",
        {
            "pipeline": {
                "extract_binary_content": False,
                "name": "charts",
                "reduce_whitespace": False,
                "run_ml_inference": True,
            }
        },
    ),
    _connector(
        "_scheduling",
        {"scheduling": {"access_control": DAILY, "full": DAILY, "incremental": DAILY}},
    ),
    _connector("_service_type", {"service_type": "sftp"}),
    _connector("_status", {"status": "needs_configuration"}),
    Promise(
        "POST /_connector/_sync_job",
        {"id": "charts", "job_type": "incremental", "trigger_method": "scheduled"},
        status=201,
    ),
    Promise("GET /_connector/_sync_job", answer={"count": 1}),
    Promise("GET /_connector/_sync_job/{connector_sync_job_id}", answer={"status": "in_progress"}),
    Promise("DELETE /_connector/_sync_job/{connector_sync_job_id}", answer={"acknowledged": True}),
    _job("_cancel"),
    _job("_check_in"),
    _job("_claim", {"worker_hostname": "tug", "sync_cursor": {"page": 1}}),
    _job("_error", {"error": "The tide was too low"}),
    _job(
        "_stats",
        {
            "deleted_document_count": 1,
            "indexed_document_count": 2,
            "indexed_document_volume": 3,
            "last_seen": DATE,
            "metadata": {"boats": 4},
            "total_document_count": 5,
        },
    ),
)
