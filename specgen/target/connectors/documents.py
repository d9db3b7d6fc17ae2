"""Connectors and sync jobs as they are when they are new."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from specgen.target.connectors.store import Document

__all__ = ["default_rule", "new_connector", "new_job", "new_validation"]

_EVERY_MIDNIGHT = "0 0 0 * * ?"
_GIVEN = ("description", "index_name", "language", "service_type")
_FROM_CONNECTOR = ("index_name", "language", "pipeline", "service_type", "configuration")
# Who may see what is kept apart from the content.
_ACCESS_CONTROL = ".search-acl-filter-"


def new_connector(body: Mapping[str, Any], moment: str) -> Document:
    """A connector with default values around what the request gave.

    What was not given and has no default is absent, as in a document that Elasticsearch
    writes; it is not null.
    """
    native = body.get("is_native", False)
    given = {name: body[name] for name in _GIVEN if body.get(name) is not None}
    return {
        "configuration": {},
        "custom_scheduling": {},
        "filtering": [
            {"active": _rules(moment), "domain": "DEFAULT", "draft": _rules(moment)},
        ],
        **given,
        "is_native": native,
        "name": body.get("name", ""),
        "pipeline": _pipeline(),
        "scheduling": {
            name: {"enabled": False, "interval": _EVERY_MIDNIGHT}
            for name in ("access_control", "full", "incremental")
        },
        "status": "needs_configuration" if native else "created",
        "sync_now": False,
        "deleted": False,
    }


def new_job(
    connector_id: str, connector: Document, body: Mapping[str, Any], moment: str
) -> Document:
    """A pending sync job with a copy of what it needs to know of its connector.

    One for access control has the index of these as its target; that is known from
    Elasticsearch, no page tells it.
    """
    type = body.get("job_type", "full")
    filtering = connector["filtering"]
    copied = {name: connector[name] for name in _FROM_CONNECTOR if connector.get(name) is not None}
    if type == "access_control":
        copied["index_name"] = _ACCESS_CONTROL + copied["index_name"]
    return {
        "connector": {
            "id": connector_id,
            **({"filtering": filtering[0]["active"]} if filtering else {}),
            **copied,
        },
        "created_at": moment,
        "deleted_document_count": 0,
        "indexed_document_count": 0,
        "indexed_document_volume": 0,
        "job_type": type,
        "last_seen": moment,
        "metadata": {},
        "status": "pending",
        "total_document_count": 0,
        "trigger_method": body.get("trigger_method", "on_demand"),
    }


def new_validation(state: str) -> Document:
    """What is known of rules about which nobody has complained."""
    return {"errors": [], "state": state}


def default_rule(order: int, moment: str) -> Document:
    """The rule that takes everything; it always stands last."""
    return {
        "created_at": moment,
        "field": "_",
        "id": "DEFAULT",
        "order": order,
        "policy": "include",
        "rule": "regex",
        "updated_at": moment,
        "value": ".*",
    }


def _rules(moment: str) -> Document:
    return {
        "advanced_snippet": {"created_at": moment, "updated_at": moment, "value": {}},
        "rules": [default_rule(0, moment)],
        "validation": new_validation("valid"),
    }


def _pipeline() -> Document:
    # The OpenAPI document says that a new connector has default settings here, and not which.
    # These are the ones that Kibana gives.
    return {
        "extract_binary_content": True,
        "name": "ent-search-generic-ingestion",
        "reduce_whitespace": True,
        "run_ml_inference": False,
    }
