"""What an operation answers: the few kinds of operations there are."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from specgen.target.connectors.changes import Asked, Change, refuse_index_in_use
from specgen.target.connectors.documents import new_connector, new_job
from specgen.target.connectors.errors import bad_status, not_found
from specgen.target.connectors.queries import switch
from specgen.target.connectors.store import Document, Kind

__all__ = [
    "Act",
    "Reply",
    "change",
    "create_job",
    "listing",
    "post_connector",
    "put_connector",
    "remove_connector",
    "remove_job",
    "show_connector",
    "show_job",
]


@dataclass(frozen=True, slots=True)
class Reply:
    """The status and the JSON object of an answer."""

    status: int
    document: Document


Act = Callable[[Asked], Reply]

_ACKNOWLEDGED = Reply(200, {"acknowledged": True})


def change(kind: Kind, *changes: Change) -> Act:
    """Changes one document, and answers `noop` if nothing is different afterwards.

    The OpenAPI document knows `noop` as a result; when Elasticsearch gives it is known from
    its updates of documents.
    """

    def act(asked: Asked) -> Reply:
        document = asked.store.get(kind, asked.id)
        before = _told(document)
        counted = [one(document, asked) for one in changes]
        asked.store.put(kind, asked.id, document)
        changed = any(counted) or _told(document) != before
        return Reply(200, {"result": "updated" if changed else "noop"})

    return act


def _told(document: Document) -> str:
    # As text, since to Python 1, 1.0 and true are equal.
    return json.dumps(document, sort_keys=True)


def listing(choose: Callable[[Asked], Document]) -> Act:
    """Lists what was chosen."""
    return lambda asked: Reply(200, choose(asked))


def show_connector(asked: Asked) -> Reply:
    """Shows a connector, a deleted one only if these are asked for."""
    gone = switch(asked.query, "include_deleted") and asked.store.has(Kind.DELETED, asked.id)
    return _shown(Kind.DELETED if gone else Kind.CONNECTOR, asked)


def show_job(asked: Asked) -> Reply:
    """Shows a sync job."""
    return _shown(Kind.SYNC_JOB, asked)


def _shown(kind: Kind, asked: Asked) -> Reply:
    return Reply(200, {"id": asked.id, **asked.store.get(kind, asked.id)})


def put_connector(asked: Asked) -> Reply:
    """Writes a connector under the id of the path; without one, under a new id.

    The page has `result` alone in the answer. Where the path has no id, which is only in
    the OpenAPI document, the answer tells the new one as well.
    """
    result = "updated" if asked.store.has(Kind.CONNECTOR, asked.id) else "created"
    id = asked.id or asked.new_id()
    _write_connector(id, asked)
    told = {} if asked.id else {"id": id}
    return Reply(201 if result == "created" else 200, {"result": result, **told})


def post_connector(asked: Asked) -> Reply:
    """Writes a connector under a new id."""
    id = asked.new_id()
    _write_connector(id, asked)
    return Reply(201, {"id": id})


def _write_connector(id: str, asked: Asked) -> None:
    refuse_index_in_use(asked)
    asked.store.put(Kind.CONNECTOR, id, new_connector(asked.body, asked.moment))
    asked.store.drop(Kind.DELETED, id)


def remove_connector(asked: Asked) -> Reply:
    """Removes a connector and its sync jobs.

    The page says that the jobs go with it. The OpenAPI document has a parameter for that
    which is off by default; here it is on by default, and `false` keeps them.
    """
    hard, jobs = switch(asked.query, "hard"), switch(asked.query, "delete_sync_jobs", True)
    connector = asked.store.get(Kind.CONNECTOR, asked.id)
    asked.store.drop(Kind.CONNECTOR, asked.id)
    if not hard:
        asked.store.put(Kind.DELETED, asked.id, {**connector, "deleted": True})
    for id, job in asked.store.all(Kind.SYNC_JOB) if jobs else ():
        if job["connector"]["id"] == asked.id:
            asked.store.drop(Kind.SYNC_JOB, id)
    return _ACKNOWLEDGED


def create_job(asked: Asked) -> Reply:
    """Makes a sync job for a connector that is ready for one."""
    connector_id = asked.body["id"]
    if not asked.store.has(Kind.CONNECTOR, connector_id):
        raise not_found(f"Connector with id '{connector_id}' does not exist.")
    connector = asked.store.get(Kind.CONNECTOR, connector_id)
    if not connector.get("index_name"):
        raise bad_status(
            f"Cannot start a sync for connector [{connector_id}] with no index attached. Set the"
            " [index_name] property for the connector to enable syncing data."
        )
    if not connector.get("service_type"):
        raise bad_status(
            f"Cannot start a sync for connector [{connector_id}] with [service_type] not defined."
            " Set the service type of your connector before starting the sync."
        )
    id = asked.new_id()
    asked.store.put(Kind.SYNC_JOB, id, new_job(connector_id, connector, asked.body, asked.moment))
    return Reply(201, {"id": id})


def remove_job(asked: Asked) -> Reply:
    """Removes a sync job."""
    asked.store.get(Kind.SYNC_JOB, asked.id)
    asked.store.drop(Kind.SYNC_JOB, asked.id)
    return _ACKNOWLEDGED
