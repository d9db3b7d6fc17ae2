"""The frame of an OpenAPI document, as a JSON Schema: what `check` reads must have this form.

Schemas are not in it: the validator of OpenAPI schemas looks at them when one is used. Source:
OpenAPI Specification 3.0.4 and 3.1.1, "OpenAPI Object" to "Media Type Object".
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

__all__ = ["SKELETON"]

REFERENCE = {"type": "object", "required": ["$ref"], "properties": {"$ref": {"type": "string"}}}

CONTENT = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "properties": {"schema": {"type": ["object", "boolean"]}},
    },
}

PARAMETER = {
    "if": REFERENCE,
    "else": {
        "type": "object",
        "required": ["name", "in"],
        "properties": {
            "name": {"type": "string"},
            "in": {"enum": ["query", "path", "header", "cookie"]},
            "required": {"type": "boolean"},
            "schema": {"type": ["object", "boolean"]},
            "content": CONTENT,
        },
    },
}

OPERATION = {
    "type": "object",
    "properties": {
        "parameters": {"type": "array", "items": PARAMETER},
        "requestBody": {
            "if": REFERENCE,
            "else": {
                "type": "object",
                "properties": {"content": CONTENT, "required": {"type": "boolean"}},
            },
        },
        "responses": {
            "type": "object",
            "additionalProperties": {
                "if": REFERENCE,
                "else": {"type": "object", "properties": {"content": CONTENT}},
            },
        },
    },
}

PATH_ITEM = {
    "type": "object",
    "properties": {
        "$ref": {"type": "string"},
        "parameters": {"type": "array", "items": PARAMETER},
        **dict.fromkeys(
            ("get", "put", "post", "delete", "options", "head", "patch", "trace"), OPERATION
        ),
    },
}

SKELETON: Mapping[str, Any] = MappingProxyType(
    {
        "type": "object",
        "required": ["openapi", "paths"],
        "properties": {
            "openapi": {"type": "string"},
            "servers": {"type": "array", "items": {"type": "object"}},
            "paths": {
                "type": "object",
                "patternProperties": {"^/": PATH_ITEM},
                "propertyNames": {"pattern": "^(/|x-)"},
            },
            "components": {
                "type": "object",
                "properties": {
                    "parameters": {"type": "object", "additionalProperties": PARAMETER},
                    "schemas": {"type": "object"},
                    "requestBodies": {"type": "object"},
                    "responses": {"type": "object"},
                },
            },
        },
    }
)
