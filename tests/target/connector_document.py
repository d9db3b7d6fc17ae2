"""Elastic's OpenAPI document on connectors: its schemas, and bodies that go against them."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest

Schema = Mapping[str, Any]
DOCUMENT = (
    Path(__file__).resolve().parents[3]
    / "shared/corpus/modern/openapi-elasticsearch-serverless.json"
)
ERROR = {"$ref": "#/components/schemas/_types.ErrorResponseBase"}
_DATE = "#/components/schemas/_types.DateTime"


class Document:
    """The document, and its operations by `METHOD /path` as far as they are below `/_connector`."""

    def __init__(self, path: Path) -> None:
        self._root: Schema = json.loads(path.read_text(encoding="utf-8"))
        self.operations: dict[str, Schema] = {
            f"{method.upper()} {path}": operation
            for path, operations in self._root["paths"].items()
            if path.startswith("/_connector")
            for method, operation in operations.items()
        }

    def answer_faults(self, operation: str, answer: Any) -> list[str]:
        """What is wrong with the body of a successful answer."""
        return self.faults(self._content(self.operations[operation]["responses"]["200"]), answer)

    def request_faults(self, operation: str, body: Any) -> list[str]:
        """What is wrong with the body of a request."""
        return self.faults(self._content(self.operations[operation]["requestBody"]), body)

    def faults(self, schema: Schema, value: Any) -> list[str]:
        """What a schema says against a value, with fields that it does not know."""
        whole = {**_plain(schema), "components": {"schemas": self._needed(schema)}}
        validator = jsonschema.Draft202012Validator(whole)
        found = validator.iter_errors(value)
        return sorted(f"/{'/'.join(map(str, one.path))}: {one.message}" for one in found)

    def parameters(self, operation: str) -> list[str]:
        """The names of the query parameters."""
        given = (self._at(one) for one in self.operations[operation].get("parameters", ()))
        return [one["name"] for one in given if one["in"] == "query"]

    def fields(self, operation: str) -> set[str]:
        """The fields of the body of a request."""
        return {*self._at(self._content(self.operations[operation]["requestBody"]))["properties"]}

    def wrong_bodies(self, operation: str, good: Any) -> Iterator[tuple[str, Any]]:
        """Bodies with one fault each, made of a good one, and what is wrong with them."""
        return self._wrong(self._content(self.operations[operation]["requestBody"]), good, "")

    def _needed(self, schema: Schema) -> dict[str, Any]:
        found: dict[str, Any] = {}
        names = [*_references(schema)]
        while names:
            name = names.pop()
            if name not in found:
                part = self._root["components"]["schemas"][name]
                found[name] = _plain(part)
                names.extend(_references(part))
        return found

    def _at(self, schema: Schema) -> Schema:
        """Follows a reference, also one that stands alone in an `allOf`."""
        while "$ref" in schema or "allOf" in schema:
            if "$ref" in schema:
                steps = schema["$ref"].removeprefix("#/").split("/")
                schema = functools.reduce(lambda part, step: part[step], steps, self._root)
            else:
                (schema,) = schema["allOf"]
        return schema

    def _wrong(self, schema: Schema, good: Any, place: str) -> Iterator[tuple[str, Any]]:
        if schema == {"allOf": [{"$ref": _DATE}]}:
            yield f"{place} is no date", "yesterday"
            return
        schema = self._at(schema)
        kind, names = schema.get("type"), self._names(schema, good)
        if kind == "object" and not names:
            return
        if kind == "object":
            yield f"{place} is no object", 1
            for name in schema.get("required", ()):
                yield f"{place}/{name} is missing", {k: v for k, v in good.items() if k != name}
            for name, part in names.items():
                if name not in good and not place:
                    continue  # not every field goes with every other; `fields` tells them all
                for what, value in self._wrong(part, good[name], f"{place}/{name}"):
                    yield what, {**good, name: value}
        elif kind == "array":
            yield f"{place} is no list", 1
            for what, value in self._wrong(schema["items"], good[0], f"{place}/0"):
                yield what, [value, *good[1:]]
        elif "oneOf" in schema:
            yield f"{place} is none of them", {}
        else:
            yield f"{place} is no {kind}", [] if kind == "string" and "enum" not in schema else "x"

    def _names(self, schema: Schema, good: Any) -> dict[str, Schema]:
        """The schemas of the fields of an object; below the top, a good body has all of them."""
        if "properties" in schema:
            known: dict[str, Schema] = {**schema["properties"]}
            return known
        free: Schema = schema.get("additionalProperties", {})
        if not free or self._at(free) == {"type": "object"}:
            return {}  # any value is meant
        return dict.fromkeys(good, free)

    def _content(self, holder: Schema) -> Schema:
        schema: Schema = self._at(holder)["content"]["application/json"]["schema"]
        return schema


@functools.cache
def the_document() -> Document:
    """The document; skips the test where it is missing."""
    if not DOCUMENT.is_file():
        pytest.skip("no shared/corpus here, so no OpenAPI document")
    return Document(DOCUMENT)


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"].rpartition("/")[2]
        for part in schema.values():
            yield from _references(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _references(part)


def _plain(schema: Any) -> Any:
    """A schema of OpenAPI 3.0 as JSON Schema that knows no field but its own.

    The document writes any value as a bare `object`. Its `oneOf` are unions: a text is both a
    `string` and a `nullable` one.
    """
    if isinstance(schema, list):
        return [_plain(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {k: v for k, v in schema.items() if k not in ("description", "nullable", "default")}
    if kept == {"type": "object"}:
        return {}
    fields = kept.pop("properties", None)
    plain = {
        {"oneOf": "anyOf"}.get(key, key): _plain(part)
        for key, part in kept.items()
        if key != "discriminator"
    }
    if fields is not None:
        plain["properties"] = {name: _plain(part) for name, part in fields.items()}
        plain.setdefault("additionalProperties", False)
    return {"anyOf": [plain, {"type": "null"}]} if schema.get("nullable") else plain
