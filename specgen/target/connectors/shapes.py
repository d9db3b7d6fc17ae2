"""The bodies of the connector APIs, as tables.

Which fields there are and which are required: the pages, then Elastic's OpenAPI document.
The names of the shapes are those that Elasticsearch gives its parsers in messages.
"""

from __future__ import annotations

from specgen.target.connectors.bodies import (
    BOOLEAN,
    CONTAINER,
    INSTANT,
    INT,
    INTERVAL,
    LONG,
    OBJECT,
    SCALAR,
    TEXT,
    TEXTS,
    VALUE,
    Field,
    Shape,
    Type,
    list_of,
    map_of,
    object_of,
    word_of,
)

__all__ = [
    "API_KEY_ID",
    "CLAIM",
    "CONFIGURATION",
    "CONNECTOR",
    "ERROR",
    "FEATURES",
    "FILTERING",
    "FILTERING_VALIDATION",
    "INDEX_NAME",
    "JOB",
    "JOB_ERROR",
    "JOB_STATS",
    "JOB_TYPES",
    "LAST_SYNC",
    "NAME",
    "NATIVE",
    "PIPELINE",
    "SCHEDULING",
    "SERVICE_TYPE",
    "STATUS",
    "SYNC_STATUSES",
]

JOB_TYPES = ("full", "incremental", "access_control")
SYNC_STATUSES = (
    "canceling",
    "canceled",
    "completed",
    "error",
    "in_progress",
    "pending",
    "suspended",
)
_SYNC_STATUS = word_of("ConnectorSyncStatus", *SYNC_STATUSES)


def _need(name: str, type: Type, nullable: bool = False) -> Field:
    return Field(name, type, required=True, nullable=nullable)


def _request(name: str, *fields: Field) -> Shape:
    return Shape(name, fields, strict=True)


def _maybe_null(type: Type, *names: str) -> tuple[Field, ...]:
    return tuple(Field(name, type, nullable=True) for name in names)


CONNECTOR = _request(
    "connector_put_request",
    Field("description", TEXT),
    Field("index_name", TEXT, nullable=True),
    Field("is_native", BOOLEAN),
    Field("language", TEXT),
    Field("name", TEXT),
    Field("service_type", TEXT),
)
API_KEY_ID = _request(
    "connector_update_api_key_id_request", *_maybe_null(TEXT, "api_key_id", "api_key_secret_id")
)
ERROR = _request("connector_update_error_request", _need("error", TEXT, nullable=True))
INDEX_NAME = _request(
    "connector_update_index_name_request", _need("index_name", TEXT, nullable=True)
)
NAME = _request("connector_update_name_request", *_maybe_null(TEXT, "name", "description"))
NATIVE = _request("connector_update_native_request", _need("is_native", BOOLEAN))
SERVICE_TYPE = _request("connector_update_service_type_request", _need("service_type", TEXT))
STATUS = _request(
    "connector_update_status_request",
    _need(
        "status",
        word_of(
            "ConnectorStatus", "created", "needs_configuration", "configured", "connected", "error"
        ),
    ),
)
LAST_SYNC = _request(
    "connector_update_last_sync_stats_request",
    *_maybe_null(TEXT, "last_access_control_sync_error", "last_sync_error"),
    *_maybe_null(
        INSTANT,
        "last_access_control_sync_scheduled_at",
        "last_incremental_sync_scheduled_at",
        "last_sync_scheduled_at",
        "last_synced",
    ),
    *_maybe_null(_SYNC_STATUS, "last_access_control_sync_status", "last_sync_status"),
    Field("last_deleted_document_count", LONG),
    Field("last_indexed_document_count", LONG),
    Field("sync_cursor", OBJECT, nullable=True),
)
PIPELINE = _request(
    "connector_update_pipeline_request",
    _need(
        "pipeline",
        object_of(
            Shape(
                "connector_ingest_pipeline",
                (
                    _need("extract_binary_content", BOOLEAN),
                    _need("name", TEXT),
                    _need("reduce_whitespace", BOOLEAN),
                    _need("run_ml_inference", BOOLEAN),
                ),
            )
        ),
    ),
)

_SCHEDULE = object_of(
    Shape("schedule_config", (_need("enabled", BOOLEAN), _need("interval", INTERVAL)))
)
SCHEDULING = _request(
    "connector_update_scheduling_request",
    _need(
        "scheduling",
        object_of(
            Shape(
                "connector_scheduling",
                (
                    Field("access_control", _SCHEDULE),
                    Field("full", _SCHEDULE),
                    Field("incremental", _SCHEDULE),
                ),
            )
        ),
    ),
)

_SWITCH = object_of(Shape("connector_feature_enabled", (_need("enabled", BOOLEAN),)))
FEATURES = _request(
    "connector_update_features_request",
    _need(
        "features",
        object_of(
            Shape(
                "connector_features",
                (
                    Field("document_level_security", _SWITCH),
                    Field("incremental_sync", _SWITCH),
                    Field("native_connector_api_keys", _SWITCH),
                    Field(
                        "sync_rules",
                        object_of(
                            Shape(
                                "sync_rules_features",
                                (Field("advanced", _SWITCH), Field("basic", _SWITCH)),
                            )
                        ),
                    ),
                ),
            )
        ),
    ),
)

_DEPENDENCY = Shape(
    "connector_configuration_dependency", (_need("field", TEXT), _need("value", SCALAR))
)
_OPTION = Shape(
    "connector_configuration_select_option", (_need("label", TEXT), _need("value", SCALAR))
)
_VALIDATION_TYPES = ("less_than", "greater_than", "list_type", "included_in", "regex", "unset")
_CONSTRAINT = Shape(
    "connector_configuration_validation",
    (
        _need("constraint", Type(SCALAR.tokens | {"START_ARRAY"}, SCALAR.read)),
        _need("type", word_of("ConfigurationValidationType", *_VALIDATION_TYPES)),
    ),
)
_DISPLAYS = ("text", "textbox", "textarea", "numeric", "toggle", "dropdown")
_SETTING = Shape(
    "connector_configuration",
    (
        Field("category", TEXT),
        Field("default_value", SCALAR),
        Field("depends_on", list_of(_DEPENDENCY)),
        Field("display", word_of("ConfigurationDisplayType", *_DISPLAYS), nullable=True),
        _need("label", TEXT),
        Field("options", list_of(_OPTION)),
        Field("order", INT),
        Field("placeholder", TEXT, nullable=True),
        Field("required", BOOLEAN),
        Field("sensitive", BOOLEAN),
        Field("tooltip", TEXT, nullable=True),
        Field(
            "type", word_of("ConfigurationFieldType", "str", "int", "list", "bool"), nullable=True
        ),
        Field("ui_restrictions", TEXTS),
        Field("validations", list_of(_CONSTRAINT)),
        Field("value", VALUE),
    ),
)
CONFIGURATION = _request(
    "connector_update_configuration_request",
    Field("configuration", map_of(_SETTING)),
    Field("values", OBJECT),
)

_SNIPPET = Shape(
    "connector_filtering_advanced_snippet",
    (Field("created_at", INSTANT), Field("updated_at", INSTANT), _need("value", CONTAINER)),
)
_RULE = Shape(
    "connector_filtering_rule",
    (
        Field("created_at", INSTANT),
        _need("field", TEXT),
        _need("id", TEXT),
        _need("order", INT),
        _need("policy", word_of("FilteringPolicy", "exclude", "include")),
        _need(
            "rule",
            word_of(
                "FilteringRuleCondition",
                "contains",
                "ends_with",
                "equals",
                ">",
                "<",
                "regex",
                "starts_with",
            ),
        ),
        Field("updated_at", INSTANT),
        _need("value", TEXT),
    ),
)
_FINDING = Shape("filtering_validation", (_need("ids", TEXTS), _need("messages", TEXTS)))
_VALIDATION = Shape(
    "filtering_validation_info",
    (
        _need("errors", list_of(_FINDING)),
        _need("state", word_of("FilteringValidationState", "edited", "invalid", "valid")),
    ),
)
_RULES = Shape(
    "connector_filtering_rules",
    (
        _need("advanced_snippet", object_of(_SNIPPET)),
        _need("rules", list_of(_RULE)),
        _need("validation", object_of(_VALIDATION)),
    ),
)
_DOMAIN = Shape(
    "connector_filtering",
    (_need("active", object_of(_RULES)), Field("domain", TEXT), _need("draft", object_of(_RULES))),
)
FILTERING = _request(
    "connector_update_filtering_request",
    Field("filtering", list_of(_DOMAIN)),
    Field("advanced_snippet", object_of(_SNIPPET)),
    Field("rules", list_of(_RULE)),
)
FILTERING_VALIDATION = _request(
    "connector_update_filtering_validation", _need("validation", object_of(_VALIDATION))
)

JOB = _request(
    "connector_sync_job_post_request",
    _need("id", TEXT),
    Field("job_type", word_of("ConnectorSyncJobType", *JOB_TYPES)),
    Field("trigger_method", word_of("ConnectorSyncJobTriggerMethod", "on_demand", "scheduled")),
)
CLAIM = _request(
    "claim_connector_sync_job", _need("worker_hostname", TEXT), Field("sync_cursor", OBJECT)
)
JOB_ERROR = _request("connector_sync_job_error", _need("error", TEXT))
JOB_STATS = _request(
    "connector_sync_job_update_ingestion_stats",
    _need("deleted_document_count", LONG),
    _need("indexed_document_count", LONG),
    _need("indexed_document_volume", LONG),
    Field("total_document_count", LONG),
    Field("last_seen", INSTANT),
    Field("metadata", OBJECT),
)
