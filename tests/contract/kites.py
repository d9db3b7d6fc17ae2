"""A small OpenAPI document and the page that fits it: where tests change one of them."""

from __future__ import annotations

import copy
import json
from typing import Any

import yaml
from project import Project, Told

__all__ = ["DOCUMENT", "PAGE", "against", "changed", "codes", "problems"]

DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Kites", "version": "1"},
    "paths": {
        "/_kites/{id}": {
            "parameters": [{"$ref": "#/components/parameters/id"}],
            "put": {
                "parameters": [
                    {"name": "refresh", "in": "query", "schema": {"enum": ["true", "wait_for"]}},
                    {"name": "size", "in": "query", "schema": {"type": "integer"}},
                    {
                        "name": "fields",
                        "in": "query",
                        "schema": {"type": "array", "items": {"type": "string"}},
                    },
                    {"name": "old", "in": "query", "deprecated": True},
                ],
                "requestBody": {"$ref": "#/components/requestBodies/kite"},
                "responses": {
                    "200": {"$ref": "#/components/responses/done"},
                    "404": {"description": "No such kite"},
                },
            },
            "get": {"responses": {"200": {"$ref": "#/components/responses/done"}}},
        },
        "/_wind": {"get": {"responses": {"200": {"description": "It blows"}}}},
    },
    "components": {
        "parameters": {
            "id": {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
        },
        "requestBodies": {
            "kite": {
                "required": True,
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Kite"}}},
            }
        },
        "responses": {
            "done": {
                "description": "Done",
                "content": {
                    "application/json": {
                        "schema": {
                            "type": "object",
                            "required": ["result"],
                            "properties": {
                                "result": {"type": "string", "enum": ["flown", "fallen"]},
                                "took": {"type": "integer"},
                            },
                        }
                    }
                },
            }
        },
        "schemas": {
            "Kite": {
                "type": "object",
                "required": ["colour"],
                "properties": {
                    "colour": {"allOf": [{"$ref": "#/components/schemas/Colour"}]},
                    "height": {"oneOf": [{"type": "number"}, {"type": "integer"}]},
                    "tail": {"$ref": "#/components/schemas/Tail"},
                    "notes": {"type": "string", "nullable": True},
                },
            },
            "Colour": {"type": "string", "enum": ["red", "blue"]},
            "Tail": {
                "type": "object",
                "required": ["length"],
                "properties": {
                    "length": {"type": "integer"},
                    "more": {"type": "array", "items": {"$ref": "#/components/schemas/Tail"}},
                },
            },
        },
    },
}

PAGE = """\
= Fly a kite API

== Request

`PUT _kites/<kite_id>`

`GET _kites/<kite_id>`

== Path parameters

`<kite_id>`::
(Required, string) The kite.

== Query parameters

`refresh`::
(Optional, enum) When it is seen.

`size`::
(Optional, integer) How many.

`fields`::
(Optional, list of strings) Which.

== Request body

`colour`::
(Required, string) Red or blue.

`height`::
(Optional, <<metres,number>>) In metres.

`tail`::
(Optional, object) What follows.
* `length` (Required, integer) In metres.
* `more` (Optional, array of objects) Tails of the tail.

`notes`::
(Optional, string) Anything.

== Response body

`result`::
(string) What it did.

`took`::
(integer) How long.

== Response codes

`200`::
It flies.

`404`::
There is no such kite.

== Examples

[source,console]
----
PUT _kites/one?refresh=wait_for&size=3&fields=colour,height&pretty
{
  "colour": "red",
  "height": 12.5,
  "tail": {"length": 2, "more": [{"length": 1}]},
  "notes": null
}
----

[source,console-result]
----
{
  "result": "flown",
  "took": 5
}
----
// TESTRESPONSE[s/"took": 5/"took": "$body.took"/]
"""


def changed(*path: str | int, value: Any = None) -> dict[str, Any]:
    """The document with another value in one place; without that place for None."""
    document = copy.deepcopy(DOCUMENT)
    *outer, last = path
    place: Any = document
    for key in outer:
        place = place[key]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return document


def against(page: str, document: Any = DOCUMENT, *options: str, **files: str) -> Told:
    """What `check` tells of a page, held against a document: data, or text in a file's name."""
    name = "openapi.yaml" if isinstance(document, str) else "openapi.json"
    text = document if isinstance(document, str) else json.dumps(document, indent=1)
    project = Project({"docs/kites.adoc": page, name: text, **files})
    return project.run("check", "docs", "--openapi", name, *options)


def problems(page: str, document: Any = DOCUMENT, **files: str) -> list[dict[str, Any]]:
    told = against(page, document, "--json", "-", **files)
    assert told.out, told.err
    found = json.loads(told.out)["problems"]
    assert isinstance(found, list)
    return found


def codes(page: str, document: Any = DOCUMENT, **files: str) -> list[str]:
    """Code and line of each problem that an OpenAPI document brings."""
    return [
        f"{each['code'].removeprefix('openapi-')} {each['line']}"
        for each in problems(page, document, **files)
        if each["code"].startswith("openapi-")
    ]


def as_yaml(document: dict[str, Any]) -> str:
    return yaml.safe_dump(document, sort_keys=False)
