"""JUnit reports, held against the schema that a CI server publishes."""

from __future__ import annotations

import os

import pytest
import xmlschema
from pages import answers, asks, page
from project import Project

PAGES = {
    "docs/all.adoc": page(
        asks("PUT books", name="passes"),
        answers('{"acknowledged": true, "shards_acknowledged": true, "index": "books"}'),
        asks("PUT books", name="fails"),
        answers('{"acknowledged": false}'),
        asks("GET books/_doc/\\u0007", "// TEST[skip:no <paper> & no ink]", name="skipped"),
        asks("GET books", "// TEST[setup:nobody]", name="unread"),
        asks("GET _connector", name="emulated"),
    ),
    'docs/<odd> & "name".adoc': page(asks("GET nowhere", name="fails")),
}


@pytest.fixture(scope="module")
def schema() -> xmlschema.XMLSchema:
    path = os.environ.get("JUNIT_SCHEMA")
    if path is None:
        pytest.skip("JUNIT_SCHEMA does not name junit-10.xsd: `.ci/run` fetches it")
    return xmlschema.XMLSchema(path)


def wrong(schema: xmlschema.XMLSchema, text: str) -> list[str]:
    return [f"{each.path}: {each.reason}" for each in schema.iter_errors(text)]


def test_every_outcome_is_told_as_servers_take_it(schema: xmlschema.XMLSchema) -> None:
    text = Project(PAGES).run("run", "docs", "--junit", "-").out
    start = text.index("<testsuites")
    text = text[start : text.index("</testsuites>") + len("</testsuites>")]
    assert all(f"<{each}" in text for each in ("failure", "error", "skipped", "system-out"))
    assert wrong(schema, text) == []


def test_a_wrong_report_is_found(schema: xmlschema.XMLSchema) -> None:
    suite = '<testsuite name="a" tests="1" failures="0" errors="0"><testcase name="b"/></testsuite>'
    text = f"<testsuites>{suite}</testsuites>"
    assert wrong(schema, text) == []
    assert wrong(schema, text.replace('<testcase name="b"', "<testcase"))
    assert wrong(schema, text.replace("testcase", "case"))
    assert wrong(schema, text.replace("<testsuites>", '<testsuites skipped="0">'))
