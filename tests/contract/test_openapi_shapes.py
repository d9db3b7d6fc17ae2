"""Shapes of response bodies, from a document and from a page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from kites import DOCUMENT, changed

from specgen.contract.examples import ANY
from specgen.contract.openapi.document import OpenApi
from specgen.contract.openapi.reading import read_openapi
from specgen.contract.openapi.shapes import response_shape
from specgen.contract.shapes import Shape, shape_of_fields
from specgen.contract.values import Field
from specgen.errors import UsageProblem
from specgen.source import Source

DONE = ("components", "responses", "done", "content", "application/json", "schema")


def document(tmp_path: Path, data: Any = DOCUMENT) -> OpenApi:
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return read_openapi(path, "openapi.json")


def wrong(shape: Shape | None, body: Any) -> list[tuple[str, str]]:
    assert shape is not None
    return [(each.pointer, each.kind) for each in shape.problems(body)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"result": "flown"}, []),
        ({"result": "flown", "took": 5}, []),
        ({"result": ANY, "took": ANY}, []),
        (ANY, []),
        ({"result": "flew"}, [("/result", "enum")]),
        ({"result": "flown", "took": 5.5}, [("/took", "type")]),
        ({"took": 5}, [("", "required")]),
        ({"result": "flown", "more": 1}, [("/more", "unknown")]),
        ([], [("", "type")]),
    ],
)
def test_a_body_is_held_against_the_shape_of_its_response(
    body: Any, expected: list[tuple[str, str]], tmp_path: Path
) -> None:
    shape = response_shape(document(tmp_path), "PUT", "/_kites/one", 200)
    assert wrong(shape, body) == expected


def test_a_message_says_what_was_expected(tmp_path: Path) -> None:
    shape = response_shape(document(tmp_path), "PUT", "_kites/one", "200")
    assert shape
    (problem,) = shape.problems({"result": "flew"})
    assert problem.message == 'expected one of "flown", "fallen", found "flew"'


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("PUT", "/_kites/one", 404),  # has no JSON
        ("PUT", "/_kites/one", 500),
        ("POST", "/_kites/one", 200),
        ("PUT", "/_kites", 200),
        ("GET", "/_wind", 200),
    ],
)
def test_what_the_document_does_not_tell_has_no_shape(
    method: str, path: str, status: int, tmp_path: Path
) -> None:
    assert response_shape(document(tmp_path), method, path, status) is None


@pytest.mark.parametrize("code", ["5XX", "default"])
def test_a_range_of_codes_and_the_rest_have_a_shape(code: str, tmp_path: Path) -> None:
    done = {"$ref": "#/components/responses/done"}
    data = changed("paths", "/_kites/{id}", "get", "responses", code, value=done)
    shape = response_shape(document(tmp_path, data), "HEAD", "/_kites/one", 503)
    assert wrong(shape, {}) == [("", "required")]


def test_overlapping_branches_of_one_of_and_null_fit(tmp_path: Path) -> None:
    height = {"oneOf": [{"type": "string"}, {"type": "string", "enum": ["-1"]}]}
    data = changed(
        *DONE, "properties", value={"h": height, "n": {"nullable": True, "type": "boolean"}}
    )
    data["components"]["responses"]["done"]["content"]["application/json"]["schema"].pop("required")
    shape = response_shape(document(tmp_path, data), "GET", "/_kites/one", 200)
    assert wrong(shape, {"h": "-1", "n": None}) == []
    assert wrong(shape, {"h": 1, "n": 1}) == [("/h", "oneOf"), ("/n", "type")]


def test_an_object_of_which_nothing_is_said_may_be_anything(tmp_path: Path) -> None:
    told = {"type": "object", "properties": {"a": {"type": "string"}}}
    free = {"type": "object", "description": "Whatever users define."}
    data = changed(*DONE, "properties", value={"free": free, "told": told})
    data["components"]["responses"]["done"]["content"]["application/json"]["schema"].pop("required")
    shape = response_shape(document(tmp_path, data), "GET", "/_kites/one", 200)
    assert wrong(shape, {"free": 1, "told": 1}) == [("/told", "type")]


def test_a_schema_that_holds_itself_ends(tmp_path: Path) -> None:
    loop = {"allOf": [{"$ref": "#/components/schemas/Tail"}]}
    data = changed("components", "schemas", "Tail", value=loop)
    data["components"]["responses"]["done"]["content"]["application/json"]["schema"] = {
        "$ref": "#/components/schemas/Tail"
    }
    shape = response_shape(document(tmp_path, data), "GET", "/_kites/one", 200)
    with pytest.raises(UsageProblem, match="the schema cannot be used"):
        wrong(shape, {})


def fields(*told: tuple[str, bool | None, str | None]) -> tuple[Field, ...]:
    span = Source.of("page.adoc", "x").span(0, 1)
    return tuple(Field(name, required, kind, span) for name, required, kind in told)


def test_the_fields_of_a_page_are_a_shape_too() -> None:
    shape = shape_of_fields(
        fields(
            ("result", True, "string"),
            ("hits", None, "array of objects"),
            ("hits.id", True, "integer"),
            ("hits.a.b", None, "boolean"),
            ("kind", None, "a kind of kite"),
        )
    )
    good = {"result": "x", "hits": [{"id": 1, "a.b": True}, {"id": ANY}], "kind": 5, "more": None}
    assert wrong(shape, good) == []
    assert wrong(shape, {"result": ANY}) == []
    bad = {"hits": [{"id": "1", "a.b": 0}, {}]}
    assert sorted(wrong(shape, bad)) == [
        ("", "required"),
        ("/hits/0/a.b", "type"),
        ("/hits/0/id", "type"),
        ("/hits/1", "required"),
    ]
    assert wrong(shape, {"result": "x", "hits": {"id": 1}}) == [("/hits", "type")]


def test_a_page_without_fields_has_no_shape() -> None:
    assert shape_of_fields(()) is None
