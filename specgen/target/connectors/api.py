"""The connector APIs as one object: calls in, answers out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote, unquote, urlencode

from specgen.target.connectors.acts import Reply
from specgen.target.connectors.changes import Asked
from specgen.target.connectors.errors import Refused, bad_argument, body_missing, not_valid
from specgen.target.connectors.filter_path import filtered
from specgen.target.connectors.instants import write_instant
from specgen.target.connectors.json_text import read_json
from specgen.target.connectors.operations import HOLE, OPERATIONS, Operation
from specgen.target.connectors.queries import COMMON, switch
from specgen.target.connectors.store import Store
from specgen.target.values import Answer, Call

__all__ = ["ConnectorApis"]

_ROOT = "_connector"
_HEADERS = (("X-elastic-product", "Elasticsearch"), ("content-type", "application/json"))
# The order in which Elasticsearch knows the methods.
_METHODS = ("GET", "POST", "PUT", "DELETE")


class ConnectorApis:
    """A cluster's connector APIs, with connectors and sync jobs of their own.

    Args:
        now: The clock; a moment that knows its zone.
        new_id: Makes the ids of connectors and sync jobs that are created without one.
    """

    def __init__(self, now: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        self._now = now
        self._new_id = new_id
        self._store = Store()

    def answers(self, call: Call) -> Answer | None:
        """Answers a call, or gives None if it is not about connectors."""
        names = _names(call.path)
        if names[:1] != [_ROOT]:
            return None
        query = dict(call.query)
        try:
            reply = self._reply(call, names, query)
            pretty = switch(query, "pretty")
        except Refused as refused:
            reply, pretty = Reply(refused.status, refused.document()), query.get("pretty") == "true"
        document = filtered(reply.document, query.get("filter_path", ""))
        body = b"" if call.method == "HEAD" else _written(document, pretty)
        allow = (("Allow", ",".join(_methods(names))),) if reply.status == 405 else ()
        return Answer(reply.status, (*_HEADERS, *allow), body, emulated=True)

    def clear(self) -> None:
        """Forgets all connectors and sync jobs."""
        self._store.clear()

    def is_empty(self) -> bool:
        """Tells whether there is nothing to forget; a deleted connector still is something."""
        return self._store.is_empty()

    def _reply(self, call: Call, names: Sequence[str], query: Mapping[str, str]) -> Reply:
        method = "GET" if call.method == "HEAD" else call.method
        operation = next((one for one in _candidates(names) if one.method == method), None)
        if operation is None:
            return _unrouted(call, names)
        body = _body(operation, call)
        _check_parameters(operation, call)
        id = _id(operation, names)
        complaints = [*_no_id(operation, id), *_complaints(operation, body)]
        if complaints:
            raise not_valid(complaints)
        moment = write_instant(self._now())
        return operation.act(Asked(self._store, id, body, query, moment, self._new_id))


def _names(path: str) -> list[str]:
    """The names of a path; one that is empty in the middle is an id that was not given."""
    names = [unquote(name) for name in path.removeprefix("/").split("/")]
    while names and not names[-1]:
        names.pop()
    return names


def _candidates(names: Sequence[str]) -> list[Operation]:
    """The operations whose path fits, those with a name before those with an id in its place."""
    fitting = [one for one in OPERATIONS if _fits(one.path, names)]
    return sorted(fitting, key=lambda one: [name == HOLE for name in one.path])


def _fits(path: Sequence[str], names: Sequence[str]) -> bool:
    return len(path) == len(names) and all(
        wanted in (HOLE, name) for wanted, name in zip(path, names, strict=True)
    )


def _methods(names: Sequence[str]) -> list[str]:
    allowed = {one.method for one in _candidates(names)}
    return [method for method in _METHODS if method in allowed]


def _unrouted(call: Call, names: Sequence[str]) -> Reply:
    uri = f"/{quote(call.path.removeprefix('/'), safe='/%*,<>{}')}"
    uri += f"?{urlencode(call.query)}" if call.query else ""
    allowed = ", ".join(_methods(names))
    if not allowed:
        return Reply(400, {"error": f"no handler found for uri [{uri}] and method [{call.method}]"})
    reason = f"Incorrect HTTP method for uri [{uri}] and method [{call.method}]"
    return Reply(405, {"error": f"{reason}, allowed: [{allowed}]", "status": 405})


def _body(operation: Operation, call: Call) -> Mapping[str, Any]:
    if not call.body:
        if operation.body is not None and operation.needs_body:
            raise body_missing()
        return {}
    if operation.body is None:
        path = f"/{call.path.removeprefix('/')}"
        raise bad_argument(f"request [{call.method} {path}] does not support having a body")
    return operation.body.read(read_json(call.body))


def _check_parameters(operation: Operation, call: Call) -> None:
    known = COMMON | operation.parameters
    unknown = [name for name in dict(call.query) if name not in known]
    if unknown:
        plural = "s" if len(unknown) > 1 else ""
        told = ", ".join(f"[{name}]" for name in unknown)
        path = f"/{call.path.removeprefix('/')}"
        raise bad_argument(f"request [{path}] contains unrecognized parameter{plural}: {told}")


def _id(operation: Operation, names: Sequence[str]) -> str:
    return names[operation.path.index(HOLE)] if HOLE in operation.path else ""


def _no_id(operation: Operation, id: str) -> list[str]:
    if id or HOLE not in operation.path:
        return []
    if "_sync_job" in operation.path:
        return ["[connector_sync_job_id] of the connector sync job cannot be null or empty."]
    return ['[connector_id] cannot be [null] or [""].']


def _complaints(operation: Operation, body: Mapping[str, Any]) -> list[str]:
    return [complaint for rule in operation.rules if (complaint := rule(body))]


def _written(document: Mapping[str, Any], pretty: bool) -> bytes:
    if pretty:
        text = json.dumps(document, ensure_ascii=False, indent=2, separators=(",", " : ")) + "\n"
    else:
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")
