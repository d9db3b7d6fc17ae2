"""What an operation does to a document: a small vocabulary to build the table of.

A change alters the document it is given, which is a copy; nothing is stored if a change of
the same operation refuses. It may give true: then the document counts as updated even if it
is as before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from specgen.target.connectors.errors import bad_status
from specgen.target.connectors.store import Document, Kind, Store

__all__ = [
    "Asked",
    "Change",
    "cancel",
    "claim",
    "connector_step",
    "error_or_connected",
    "index_name_is_free",
    "job_step",
    "needs_configuration",
    "reconnect",
    "refuse_index_in_use",
    "seen",
    "set_configuration",
    "stamp",
    "take",
    "take_with_null",
]

# Which status may follow which: connectors, and sync jobs. See the Connector Protocol.
_CONNECTOR_STEPS = {
    "created": ("needs_configuration", "error"),
    "needs_configuration": ("configured", "error"),
    "configured": ("needs_configuration", "configured", "connected", "error"),
    "connected": ("connected", "configured", "error"),
    "error": ("connected", "configured", "error"),
}
_JOB_STEPS: dict[str, tuple[str, ...]] = {
    "pending": ("in_progress", "canceled"),
    "in_progress": ("canceling", "completed", "suspended", "error"),
    "completed": (),
    "suspended": ("in_progress", "canceled"),
    "canceling": ("canceled", "error"),
    "canceled": (),
    "error": (),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that was read and found in order.

    Attributes:
        store: What the cluster remembers.
        id: The id in the path, percent-decoded; empty if the path has none.
        body: The fields that the body gave.
        query: The parameters of the request.
        moment: Now, as it is printed.
        new_id: Makes an id for a new document.
    """

    store: Store
    id: str
    body: Mapping[str, Any]
    query: Mapping[str, str]
    moment: str
    new_id: Callable[[], str]


Change = Callable[[Document, Asked], bool | None]


def take(*names: str) -> Change:
    """Takes fields over from the body; null leaves a field as it is.

    Of an object, the parts that are given go over those there are: Elasticsearch updates a
    part of a document that way. A list is replaced.
    """

    def change(document: Document, asked: Asked) -> None:
        for name in names:
            if asked.body.get(name) is not None:
                document[name] = _merged(document.get(name), asked.body[name])

    return change


def take_with_null(name: str) -> Change:
    """Takes a field over from the body, null included."""

    def change(document: Document, asked: Asked) -> None:
        document[name] = asked.body[name]

    return change


def _merged(old: Any, new: Any) -> Any:
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return new
    return {**old, **{name: _merged(old.get(name), value) for name, value in new.items()}}


def stamp(*names: str) -> Change:
    """Sets fields to now.

    That is an update, however coarse the clock of the machine is.
    """

    def change(document: Document, asked: Asked) -> bool:
        document.update(dict.fromkeys(names, asked.moment))
        return True

    return change


def seen(document: Document, asked: Asked) -> bool:
    """Sets `last_seen` to the moment that the body gives, or to now."""
    now = asked.body.get("last_seen") is None
    return bool(stamp("last_seen")(document, asked) if now else take("last_seen")(document, asked))


def connector_step(document: Document, asked: Asked) -> None:
    """Moves a connector to the status that the body names."""
    old, new = document["status"], asked.body["status"]
    if new not in _CONNECTOR_STEPS[old]:
        raise bad_status(_no_step(old, new, "status"))
    document["status"] = new


def job_step(new: str) -> Change:
    """Moves a sync job to a status."""

    def change(document: Document, asked: Asked) -> None:
        old = document["status"]
        if new not in _JOB_STEPS[old]:
            raise bad_status(_no_step(old, new, "ConnectorSyncStatus"))
        document["status"] = new

    return change


def _no_step(old: str, new: str, what: str) -> str:
    return (
        f"Invalid transition attempt from [{old}] to [{new}]. Such a {what} transition is not"
        " supported by the Connector Protocol."
    )


def error_or_connected(document: Document, asked: Asked) -> None:
    """A connector with an error is in error; one whose error was taken away is connected."""
    document["status"] = "error" if asked.body["error"] else "connected"


def needs_configuration(document: Document, asked: Asked) -> None:
    """What was configured for another service must be configured again."""
    if document["status"] != "created":
        document["status"] = "needs_configuration"


def reconnect(document: Document, asked: Asked) -> None:
    """A connector that moves to or from Elastic's own service must connect again."""
    if document["status"] == "connected":
        document["status"] = "configured"


def refuse_index_in_use(asked: Asked) -> None:
    """Refuses an index name to which another connector writes already."""
    name = asked.body.get("index_name")
    others = (one for id, one in asked.store.all(Kind.CONNECTOR) if id != asked.id)
    if name is not None and any(one.get("index_name") == name for one in others):
        raise bad_status(f"Index name [{name}] is used by another connector.")


def index_name_is_free(document: Document, asked: Asked) -> None:
    """The same, as a change that changes nothing."""
    refuse_index_in_use(asked)


def set_configuration(document: Document, asked: Asked) -> bool:
    """Replaces the configuration, or sets values of fields that it has; then it is configured.

    A configuration that is replaced counts as updated even by its like: Elasticsearch has a
    script do that, which does not compare.
    """
    whole = "configuration" in asked.body
    if whole:
        settings = asked.body["configuration"].items()
        document["configuration"] = {name: _setting(setting) for name, setting in settings}
    else:
        _set_values(document["configuration"], asked.body["values"])
    document["status"] = "configured"
    return whole


def _setting(given: Document) -> Document:
    always = {"default_value": None, "required": False, "sensitive": False, "value": None}
    return {**always, **{name: one for name, one in given.items() if one is not None}}


def _set_values(configuration: Document, values: Document) -> None:
    unknown = [name for name in values if name not in configuration]
    if unknown:
        raise bad_status(
            f"Unknown [configuration] fields in the request payload: [{', '.join(unknown)}]."
            " Remove them from request or register their schema first."
        )
    for name, value in values.items():
        configuration[name]["value"] = _merged(configuration[name]["value"], value)


def cancel(document: Document, asked: Asked) -> None:
    """Cancels a job that has not begun at once, and asks one that runs to end."""
    waiting = document["status"] in ("pending", "suspended")
    job_step("canceled" if waiting else "canceling")(document, asked)
    done = ("canceled_at", "completed_at") if waiting else ()
    stamp("cancelation_requested_at", *done)(document, asked)


def claim(document: Document, asked: Asked) -> None:
    """A worker takes a job.

    Whatever the job's status is, it runs then: neither the page nor Elasticsearch refuses a
    claim for it.
    """
    document["status"] = "in_progress"
    take("sync_cursor")(document["connector"], asked)
