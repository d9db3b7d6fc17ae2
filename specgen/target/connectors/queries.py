"""Parameters of a request, and the lists that they choose from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from specgen.target.connectors.changes import Asked
from specgen.target.connectors.errors import bad_argument, not_valid
from specgen.target.connectors.rules import index_name_can_be
from specgen.target.connectors.shapes import JOB_TYPES, SYNC_STATUSES
from specgen.target.connectors.store import Document, Kind
from specgen.target.connectors.wildcards import is_like

__all__ = ["COMMON", "list_connectors", "list_jobs", "switch"]

# What every request of Elasticsearch takes.
COMMON = frozenset({"error_trace", "filter_path", "format", "human", "pretty"})

_MAX_WINDOW = 10_000
_SEARCHED = ("index_name", "name", "description")


def list_connectors(asked: Asked) -> Document:
    """Connectors in the order of their index names; those without one come last.

    Connectors with the same index name, or none, keep the order in which they were made.
    """
    found = asked.store.all(Kind.CONNECTOR)
    if switch(asked.query, "include_deleted"):
        found += asked.store.all(Kind.DELETED)
    wanted = {
        "index_name": _words(asked.query, "index_name"),
        "name": _words(asked.query, "connector_name"),
        "service_type": _words(asked.query, "service_type"),
    }
    complaints = [index_name_can_be({"index_name": name}) for name in wanted["index_name"]]
    if any(complaints):
        raise not_valid([complaint for complaint in complaints if complaint])
    search = asked.query.get("query", "")
    chosen = [
        (id, one)
        for id, one in found
        if all(not words or one.get(name) in words for name, words in wanted.items())
        and (not search or _mentions(one, search))
    ]
    chosen.sort(key=lambda pair: (pair[1].get("index_name") is None, pair[1].get("index_name")))
    return _page(chosen, asked.query)


def list_jobs(asked: Asked) -> Document:
    """Sync jobs in the order in which they were created."""
    query = asked.query
    connector, status = query.get("connector_id"), query.get("status")
    statuses = _known([status] if status is not None else [], SYNC_STATUSES, "ConnectorSyncStatus")
    types = _known(_words(query, "job_type"), JOB_TYPES, "ConnectorSyncJobType")
    chosen = [
        (id, job)
        for id, job in asked.store.all(Kind.SYNC_JOB)
        if (connector is None or job["connector"]["id"] == connector)
        and (not statuses or job["status"] in statuses)
        and (not types or job["job_type"] in types)
    ]
    chosen.sort(key=lambda pair: str(pair[1]["created_at"]))
    return _page(chosen, query)


def switch(query: Mapping[str, str], name: str, default: bool = False) -> bool:
    """A parameter that is true or false; given without a value it is true."""
    value = query.get(name, str(default).lower())
    if value not in ("true", "false", ""):
        raise bad_argument(
            f"Failed to parse value [{value}] as only [true] or [false] are allowed."
        )
    return value != "false"


def _page(chosen: list[tuple[str, Document]], query: Mapping[str, str]) -> Document:
    start, size = _number(query, "from", 0), _number(query, "size", 100)
    if start + size > _MAX_WINDOW:
        raise bad_argument(
            "Result window is too large, from + size must be less than or equal to:"
            f" [{_MAX_WINDOW}] but was [{start + size}]."
        )
    page = chosen[start : start + size]
    return {"count": len(chosen), "results": [{"id": id, **one} for id, one in page]}


def _number(query: Mapping[str, str], name: str, default: int) -> int:
    text = query.get(name, str(default))
    try:
        number = int(text)
    except ValueError:
        raise bad_argument(f"Failed to parse int parameter [{name}] with value [{text}]") from None
    if number < 0:
        raise bad_argument(f"Parameter [{name}] cannot be negative but was [{number}]")
    return number


def _words(query: Mapping[str, str], name: str) -> list[str]:
    return [word for word in query.get(name, "").split(",") if word]


def _known(words: list[str], known: tuple[str, ...], name: str) -> list[str]:
    unknown = next((word for word in words if word.lower() not in known), None)
    if unknown is not None:
        raise bad_argument(f"Unknown {name} [{unknown}].")
    return [word.lower() for word in words]


def _mentions(connector: Document, search: str) -> bool:
    texts: list[Any] = [connector.get(name) for name in _SEARCHED]
    return any(is_like(text, f"*{search}*") for text in texts if text is not None)
