"""The table of the connector APIs: every operation in one row.

Sources of the rows: the pages of the connector family; for `_index_name`, `_native`,
`PUT _connector` without an id and the query parameters that no page names, the paths below
`/_connector` of Elastic's OpenAPI document.
"""

from __future__ import annotations

from dataclasses import dataclass

from specgen.target.connectors import shapes
from specgen.target.connectors.acts import (
    Act,
    change,
    create_job,
    listing,
    post_connector,
    put_connector,
    remove_connector,
    remove_job,
    show_connector,
    show_job,
)
from specgen.target.connectors.bodies import Shape
from specgen.target.connectors.changes import (
    Change,
    cancel,
    claim,
    connector_step,
    error_or_connected,
    index_name_is_free,
    job_step,
    needs_configuration,
    reconnect,
    seen,
    set_configuration,
    stamp,
    take,
    take_with_null,
)
from specgen.target.connectors.queries import list_connectors, list_jobs
from specgen.target.connectors.rules import (
    Rule,
    any_of,
    configuration_or_values,
    filtering_or_parts,
    index_name_can_be,
    not_empty,
    not_negative,
)
from specgen.target.connectors.store import Kind
from specgen.target.connectors.sync_rules import activate_draft, set_draft, set_validation

__all__ = ["HOLE", "OPERATIONS", "Operation"]

# Stands in a path for an id.
HOLE = "{id}"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation.

    Attributes:
        method: The HTTP method.
        path: The names of the path, `HOLE` for an id.
        act: What it does and answers.
        body: What its body may hold; None refuses any body.
        needs_body: Whether there must be a body.
        rules: What must be true of a body that can be read.
        parameters: The query parameters that it takes beyond the common ones.
    """

    method: str
    path: tuple[str, ...]
    act: Act
    body: Shape | None = None
    needs_body: bool = True
    rules: tuple[Rule, ...] = ()
    parameters: frozenset[str] = frozenset()


def _read(path: str, act: Act, parameters: str = "") -> Operation:
    return Operation("GET", _names(path), act, parameters=frozenset(parameters.split()))


def _delete(path: str, act: Act, parameters: str = "") -> Operation:
    return Operation("DELETE", _names(path), act, parameters=frozenset(parameters.split()))


def _create(method: str, path: str, act: Act) -> Operation:
    rules = (index_name_can_be,)
    return Operation(method, _names(path), act, shapes.CONNECTOR, needs_body=False, rules=rules)


def _connector(
    name: str, body: Shape | None, *changes: Change, rules: tuple[Rule, ...] = ()
) -> Operation:
    path = _names(f"_connector/{HOLE}/{name}")
    return Operation("PUT", path, change(Kind.CONNECTOR, *changes), body, rules=rules)


def _job(
    name: str, body: Shape | None, *changes: Change, rules: tuple[Rule, ...] = ()
) -> Operation:
    path = _names(f"_connector/_sync_job/{HOLE}/{name}")
    return Operation("PUT", path, change(Kind.SYNC_JOB, *changes), body, rules=rules)


def _names(path: str) -> tuple[str, ...]:
    return tuple(path.split("/"))


_COUNTS = (
    "deleted_document_count",
    "indexed_document_count",
    "indexed_document_volume",
    "total_document_count",
)
_NAME_OR_DESCRIPTION = any_of("name", "description")
_A_KEY = any_of("api_key_id", "api_key_secret_id")
_AN_ID = not_empty("id", "[id] of the connector cannot be null or empty")
_CONNECTOR_FILTERS = "from size index_name connector_name service_type query include_deleted"
_LAST_SYNC = tuple(field.name for field in shapes.LAST_SYNC.fields)

OPERATIONS: tuple[Operation, ...] = (
    _create("POST", "_connector", post_connector),
    _create("PUT", "_connector", put_connector),
    _create("PUT", f"_connector/{HOLE}", put_connector),
    _read("_connector", listing(list_connectors), _CONNECTOR_FILTERS),
    _read(f"_connector/{HOLE}", show_connector, "include_deleted"),
    _delete(f"_connector/{HOLE}", remove_connector, "delete_sync_jobs hard"),
    _connector(
        "_api_key_id", shapes.API_KEY_ID, take("api_key_id", "api_key_secret_id"), rules=(_A_KEY,)
    ),
    _connector("_check_in", None, stamp("last_seen")),
    _connector(
        "_configuration", shapes.CONFIGURATION, set_configuration, rules=(configuration_or_values,)
    ),
    _connector("_error", shapes.ERROR, take_with_null("error"), error_or_connected),
    _connector("_features", shapes.FEATURES, take("features")),
    _connector("_filtering", shapes.FILTERING, set_draft, rules=(filtering_or_parts,)),
    _connector("_filtering/_activate", None, activate_draft),
    _connector("_filtering/_validation", shapes.FILTERING_VALIDATION, set_validation),
    _connector(
        "_index_name",
        shapes.INDEX_NAME,
        index_name_is_free,
        take_with_null("index_name"),
        rules=(index_name_can_be,),
    ),
    _connector("_last_sync", shapes.LAST_SYNC, take(*_LAST_SYNC)),
    _connector("_name", shapes.NAME, take("name", "description"), rules=(_NAME_OR_DESCRIPTION,)),
    _connector("_native", shapes.NATIVE, take("is_native"), reconnect),
    _connector("_pipeline", shapes.PIPELINE, take("pipeline")),
    _connector("_scheduling", shapes.SCHEDULING, take("scheduling")),
    _connector("_service_type", shapes.SERVICE_TYPE, take("service_type"), needs_configuration),
    _connector("_status", shapes.STATUS, connector_step),
    Operation("POST", _names("_connector/_sync_job"), create_job, shapes.JOB, rules=(_AN_ID,)),
    _read("_connector/_sync_job", listing(list_jobs), "from size status connector_id job_type"),
    _read(f"_connector/_sync_job/{HOLE}", show_job),
    _delete(f"_connector/_sync_job/{HOLE}", remove_job),
    _job("_cancel", None, cancel),
    _job("_check_in", None, stamp("last_seen")),
    _job("_claim", shapes.CLAIM, claim, take("worker_hostname"), stamp("last_seen", "started_at")),
    _job("_error", shapes.JOB_ERROR, job_step("error"), take("error")),
    _job(
        "_stats",
        shapes.JOB_STATS,
        take(*_COUNTS, "metadata"),
        seen,
        rules=tuple(not_negative(name) for name in _COUNTS),
    ),
)
