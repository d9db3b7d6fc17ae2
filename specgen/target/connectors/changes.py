"""What an operation does to a document: a small vocabulary to build the table of.

A change alters the document it is given, which is a copy; nothing is stored if a change of
the same operation refuses.
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
    "merge",
    "needs_configuration",
    "reconnect",
    "refuse_index_in_use",
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


Change = Callable[[Document, Asked], None]


def take(*names: str) -> Change:
    """Takes fields over from the body; null leaves a field as it is."""

    def change(document: Document, asked: Asked) -> None:
        given = {name: asked.body.get(name) for name in names}
        document.update({name: value for name, value in given.items() if value is not None})

    return change


def take_with_null(name: str) -> Change:
    """Takes a field over from the body, null included."""

    def change(document: Document, asked: Asked) -> None:
        document[name] = asked.body[name]

    return change


def merge(name: str) -> Change:
    """Puts the parts of an object that the body gives over those there are."""

    def change(document: Document, asked: Asked) -> None:
        document[name] = _merged(document.get(name), asked.body[name])

    return change


def _merged(old: Any, new: Any) -> Any:
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return new
    return {**old, **{name: _merged(old.get(name), value) for name, value in new.items()}}


def stamp(*names: str) -> Change:
    """Sets fields to now."""

    def change(document: Document, asked: Asked) -> None:
        document.update(dict.fromkeys(names, asked.moment))

    return change


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


def set_configuration(document: Document, asked: Asked) -> None:
    """Replaces the configuration, or sets values of fields that it has; then it is configured."""
    if "configuration" in asked.body:
        settings = asked.body["configuration"].items()
        document["configuration"] = {name: _setting(setting) for name, setting in settings}
    else:
        _set_values(document["configuration"], asked.body["values"])
    document["status"] = "configured"


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
        configuration[name]["value"] = value


def cancel(document: Document, asked: Asked) -> None:
    """Cancels a job that has not begun at once, and asks one that runs to end."""
    waiting = document["status"] in ("pending", "suspended")
    job_step("canceled" if waiting else "canceling")(document, asked)
    done = ("canceled_at", "completed_at") if waiting else ()
    stamp("cancelation_requested_at", *done)(document, asked)


def claim(document: Document, asked: Asked) -> None:
    """A worker takes a job; one that runs already may be taken over."""
    if document["status"] != "in_progress":
        job_step("in_progress")(document, asked)
    if "sync_cursor" in asked.body:
        document["connector"]["sync_cursor"] = asked.body["sync_cursor"]
