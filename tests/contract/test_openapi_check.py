"""What `specgen check --openapi` tells, each from a page and a document that fit."""

from __future__ import annotations

import json
from itertools import pairwise
from string import ascii_lowercase
from typing import Any

import pytest
from kites import DOCUMENT, PAGE, against, as_yaml, changed, codes, problems
from project import SHARED, Project

KITE = ("components", "schemas", "Kite")
PUT = ("paths", "/_kites/{id}", "put")


def line_of(text: str) -> int:
    return PAGE[: PAGE.index(text)].count("\n") + 1


def at(code: str, text: str) -> str:
    """A problem at the line of the page that has a text."""
    return f"{code} {line_of(text)}"


SENT_COLOUR, SENT_NOTES = '  "colour"', '  "notes"'


def test_a_page_that_fits_is_quiet() -> None:
    assert problems(PAGE) == []


@pytest.mark.parametrize("minor", ["3.0.3", "3.1.0"])
def test_yaml_and_version_3_1_are_read_as_well(minor: str) -> None:
    document = changed("openapi", value=minor)
    notes = (
        {"type": ["string", "null"]} if minor == "3.1.0" else {"type": "string", "nullable": True}
    )
    document["components"]["schemas"]["Kite"]["properties"]["notes"] = notes
    assert codes(PAGE, as_yaml(document)) == []
    other = PAGE.replace("(Optional, integer) How many", "(Optional, boolean) How many")
    assert codes(other, as_yaml(document)) == [at("type", "`size`")]


# What is changed in the page, what is told, and where.
CHANGES = [
    ("`PUT _kites/<kite_id>`", "`POST _kites/<kite_id>`", ["code", "operation", "undocumented"]),
    ("`GET _kites/<kite_id>`", "`GET _kite/<kite_id>`", ["operation", "undocumented"]),
    ("`refresh`::", "`refrehs`::", ["name", "name"]),
    ("(Optional, enum)", "(Required, enum)", ["need"]),
    ("(Optional, integer) How", "(Optional, boolean) How", ["type"]),
    ("(Optional, integer) How", "(Optional, count) How", []),
    ("(Optional, list of strings)", "(Optional, string)", []),
    ("(Optional, list of strings)", "(Optional, object)", ["type"]),
    ("(Required, string) Red", "(Optional, string) Red", ["need"]),
    ("(Required, string) Red", "(Required, string or boolean) Red", ["type"]),
    ("`colour`::", "`color`::", ["name", "name"]),
    ("number>>)", "string>>)", ["type"]),
    ("* `length` (Required", "* `length` (Optional", ["need"]),
    ("* `length` (Required", "* `lenght` (Required", ["name", "name"]),
    ("* `more` (Optional, array of objects) Tails of the tail.\n", "", ["name"]),
    ("`notes`::\n(Optional, string) Anything.\n", "", ["name"]),
    ("(string) What it did", "(object) What it did", ["type"]),
    ("`took`::", "`took_ms`::", ["name", "name"]),
    ("`404`::", "`410`::", ["code", "code"]),
    ("`404`::\nThere is no such kite.\n", "", ["code"]),
    ("refresh=wait_for", "refresh=never", ["example"]),
    ("size=3", "size=many", ["example"]),
    ("&pretty", "&petty", ["example"]),
    ("PUT _kites/one", "PUT _kites/one/_fly", ["example"]),
    ("PUT _kites/one", "PUT shelf/_fly", []),
    ('"colour": "red"', '"colour": "green"', ["example"]),
    ('  "colour": "red",\n', "", ["example"]),
    ('{"length": 1}', '{"length": "1"}', ["example"]),
    ('{"length": 1}', '{"lenght": 1}', ["example", "example"]),
    ('"flown"', '"flew"', ["example"]),
    ('  "took": 5', '  "taken": 5', ["example"]),
    ('"took": 5\n}', '"took": "no"\n}', ["example"]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), CHANGES)
def test_a_change_of_the_page_is_told(old: str, new: str, expected: list[str]) -> None:
    assert old in PAGE
    page = PAGE.replace(old, new, 1)
    assert sorted(each.split()[0] for each in codes(page)) == sorted(expected)


def test_both_places_are_told_to_people_and_programs() -> None:
    page = PAGE.replace("(Optional, integer) How", "(Optional, boolean) How")
    (problem,) = problems(page)
    (related,) = problem.pop("related")
    pointer = "#/paths/~1_kites~1{id}/put/parameters/1"
    assert problem == {
        "page": "kites.adoc",
        "line": line_of("`size`"),
        "column": 1,
        "code": "openapi-type",
        "severity": "warning",
        "message": "the query parameter `size` is `boolean` here, and number in the document",
        "hint": f"correct the page, or the document; see {pointer}",
    }
    lines = json.dumps(DOCUMENT, indent=1).splitlines()
    assert related["page"] == "../openapi.json"
    assert related["message"].endswith(pointer)
    assert '"name": "size"' in lines[related["line"]]
    told = against(page)
    assert told.code == 0
    assert f"see openapi.json:{related['line']}:{related['column']}: the document" in told.out


def test_a_place_in_yaml_is_told_too() -> None:
    text = as_yaml(DOCUMENT)
    page = PAGE.replace("(Optional, integer) How", "(Optional, boolean) How")
    (problem,) = problems(page, text)
    assert "name: size" in text.splitlines()[problem["related"][0]["line"] - 1]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (changed(*PUT), ["code", "operation"]),
        (changed("paths", "/_kites/{id}", "delete", value={}), ["undocumented"]),
        (changed(*KITE, "properties", "notes"), [
            at("name", "`notes`"), at("example", SENT_NOTES),
        ]),
        (changed(*KITE, "required"), [at("need", "`colour`")]),
        (changed(*KITE, "additionalProperties", value=True), []),
        (changed(*PUT, "responses", "404"), ["code"]),
        (changed(*PUT, "responses", "404", value={"$ref": "#/components/responses/done"}), []),
        (changed(*PUT, "responses", "4XX", value={"description": ""}), []),
        (changed(*PUT, "responses", "500", value={"description": ""}), ["code"]),
        (changed(*PUT, "requestBody"), [at("name", "`colour`")]),
        (changed("servers", value=[{"url": "https://kites.example/v1/"}]), []),
    ],
)  # fmt: skip
def test_a_change_of_the_document_is_told(document: Any, expected: list[str]) -> None:
    found = codes(PAGE, document)
    if all(" " in each for each in expected):
        assert sorted(found) == sorted(expected)
    else:
        assert [each.split()[0] for each in found] == expected


def test_codes_are_compared_with_success_alone_where_the_document_lists_no_other() -> None:
    document = changed(*PUT, "responses", "404")
    (note,) = problems(PAGE, document)
    assert (note["page"], note["severity"]) == ("../openapi.json", "note")
    assert "one status code for each" in note["message"]
    other = PAGE.replace("`200`::", "`201`::")
    assert at("code", "`200`") in codes(other, document)


def test_fields_of_alternatives_and_of_the_values_of_maps_are_looked_at() -> None:
    knots = {
        "type": "object",
        "additionalProperties": {
            "oneOf": [
                {"type": "object", "properties": {"at": {"type": "integer"}}, "required": ["at"]},
                {"type": "object", "properties": {"at": {"type": "string"}, "by": {}}},
                {"type": "string"},
            ]
        },
    }
    document = changed(*KITE, "properties", "knots", value=knots)
    listed = "\n`knots`::\n(Optional, object) A map of names to knots.\n* `at` (Optional, {})\n"
    end = "\n== Response body"
    page = PAGE.replace(end, listed.format("string or integer") + end)
    sent = page.replace('"notes": null', '"knots": {"one": {"at": 3}}')
    assert [each["message"].split("`")[1] for each in problems(sent, document)] == ["knots.by"]
    wrong = PAGE.replace(end, listed.format("boolean") + "* `by` (Required, string)\n" + end)
    found = problems(wrong, document)
    assert [each["code"] for each in found] == ["openapi-type", "openapi-need"]


def test_operations_of_other_families_are_not_asked_for() -> None:
    document = changed("paths", "/_kites", value={"get": {}})
    (note,) = problems(PAGE, document)
    assert (note["code"], note["severity"]) == ("openapi-undocumented", "note")
    assert "GET /_kites" in note["message"]
    assert "/_wind" not in json.dumps(problems(PAGE, document))


def test_a_list_that_lacks_an_included_file_is_not_held_to_be_complete() -> None:
    page = PAGE.replace(
        "`refresh`::\n(Optional, enum) When it is seen.\n", "include::{x}/a.adoc[]\n"
    )
    assert codes(page) == []
    assert codes(page.replace("include::{x}/a.adoc[]\n", "")) == ["name 5"]


def test_what_an_included_part_lists_counts_and_is_told_there() -> None:
    part = "`refresh`::\n(Optional, enum) When it is seen.\n"
    page = PAGE.replace(part, "include::common.adoc[tag=refresh]\n")
    assert page != PAGE
    common = f"// tag::size[]\n`size`::\n(Required)\n// end::size[]\n// tag::refresh[]\n{part}"
    files = {"docs/common.adoc": f"{common}// end::refresh[]\n"}
    assert codes(page, **files) == []
    wrong = {
        "docs/common.adoc": files["docs/common.adoc"].replace("(Optional, enum)", "(Required)")
    }
    (problem,) = problems(page, **wrong)
    assert (problem["page"], problem["line"], problem["code"]) == ("common.adoc", 6, "openapi-need")


def test_a_page_without_sections_for_parameters_is_told_by_a_note_and_has_no_body() -> None:
    page = "= Kites\n\n== Request\n\n`PUT _kites/<id>`\n\n`GET _kites/<id>`\n"
    assert codes(page) == []
    page += "\n== Path parameters\n\n`<id>`::\n(Required, string)\n"
    found = problems(page)
    assert {each["severity"] for each in found} == {"note"}
    assert [each["message"].split("`")[1] for each in found] == ["fields", "refresh", "size"]


def test_a_parameter_of_the_query_below_the_path_is_told_once() -> None:
    section = "== Query parameters\n\n"
    assert [each.split()[0] for each in codes(PAGE.replace(section, ""))] == ["name"] * 3


def test_examples_that_are_refused_or_no_json_are_left_alone() -> None:
    wrong = PAGE.replace('"colour": "red"', '"colour": "green"')
    refused = wrong.replace("----\n\n[source,console-result]", "----\n// TEST[catch:bad_request]\n")
    assert "example" not in json.dumps(codes(refused.partition('----\n{\n  "result')[0]))
    text = PAGE.replace('{\n  "result": "flown",\n  "took": 5\n}', "it flew")
    assert codes(text.replace("TESTRESPONSE[s", "TESTRESPONSE[non_json s")) == []


def test_a_skipped_example_is_compared_too() -> None:
    wrong = PAGE.replace('"colour": "red"', '"colour": "green"')
    skipped = wrong.replace(
        "}\n----\n\n[source,console-result]", "}\n----\n// TEST[skip:no]\n\n[source,console-result]"
    )
    assert codes(skipped) == [at("example", SENT_COLOUR)]


def test_a_part_of_a_response_is_no_whole_one() -> None:
    page = PAGE.replace('  "result": "flown",\n', "")
    assert len(codes(page)) == 1
    assert codes(page.replace("&pretty", "&filter_path=took")) == []


def test_comments_allow_what_is_meant_and_wait_for_the_option() -> None:
    page = PAGE.replace("(Optional, enum)", "(Required, enum)")
    allowed = page.replace("`refresh`::", "// specgen: allow openapi-need\n`refresh`::")
    assert problems(allowed) == []
    project = Project({"docs/kites.adoc": allowed})
    assert project.run("check", "docs").out == "0 errors, 0 warnings, 0 notes in 1 page\n"
    needless = PAGE.replace("`refresh`::", "// specgen: allow openapi-need\n`refresh`::")
    assert [each["code"] for each in problems(needless)] == ["unused-allow"]


def test_files_of_the_document_are_read_from_its_folder_alone() -> None:
    kite = json.dumps(DOCUMENT["components"]["schemas"]["Kite"]).replace("#/", "../openapi.json#/")
    document = changed(*KITE, value={"$ref": "schemas/kite.json"})
    assert codes(PAGE, document, **{"schemas/kite.json": kite}) == []
    wrong = PAGE.replace('"colour": "red"', '"colour": "green"')
    assert codes(wrong, document, **{"schemas/kite.json": kite}) == [at("example", SENT_COLOUR)]


@pytest.mark.parametrize(
    "reference",
    [
        "https://kites.example/kite.json",
        "../kite.json",
        "/etc/passwd",
        "file:///etc/passwd",
        "gone.json",
        "#/components/schemas/Gone",
        "#/components/schemas/Kite",
    ],
)
def test_a_reference_that_leads_nowhere_is_told_and_nothing_is_fetched(reference: str) -> None:
    document = changed(*PUT, "requestBody", value={"$ref": reference})
    if reference.endswith("/Kite"):
        document = changed(*PUT, "requestBody", value={"$ref": "#/components/requestBodies/kite"})
        document["components"]["requestBodies"]["kite"] = {
            "$ref": "#/components/requestBodies/kite"
        }
    told = against(PAGE, document)
    assert told.code == 2
    assert "the OpenAPI document" in told.err
    assert "Traceback" not in told.text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{\n "openapi": "3.0.0",\n "paths": {]}', "openapi.yaml:3:12: this is no YAML"),
        ("openapi: 3.0.0\npaths: [\n", "openapi.yaml:3:1: this is no YAML"),
        ("openapi: 2.0.0\npaths: {}\n", "this is no OpenAPI document of 3.0 or 3.1"),
        ("swagger: '2.0'\n", "this is no OpenAPI document of 3.0 or 3.1"),
        ("- a\n", "this is no OpenAPI document of 3.0 or 3.1"),
        ("", "this is no OpenAPI document of 3.0 or 3.1"),
        ("openapi: 3.0.0\n", "openapi.yaml:1:1: the OpenAPI document is malformed at #"),
        (
            "openapi: 3.0.0\npaths:\n  /a:\n    get:\n      parameters:\n      - name: 1\n",
            "openapi.yaml:6:9: the OpenAPI document is malformed at #/paths/~1a/get/parameters/0",
        ),
        ("openapi: 3.0.0\npaths: {/a: {get: []}}\n", "openapi.yaml:2:19: the OpenAPI document"),
        ("openapi: 3.0.0\npaths: &a {/a: *a}\n", "openapi.yaml: this cannot be read"),
    ],
)  # fmt: skip
def test_a_malformed_document_is_told_with_its_place(text: str, message: str) -> None:
    told = against(PAGE, text)
    assert told.code == 2
    assert message in told.err
    assert "Traceback" not in told.text


def test_hostile_documents_end_soon() -> None:
    doubled = "".join(f"{new}: &{new} [*{old}, *{old}]\n" for old, new in pairwise(ascii_lowercase))
    bomb = "openapi: 3.0.0\na: &a [x]\n" + doubled
    for text in (
        bomb + "paths: {/_kites: *z}\n",
        "openapi: 3.0.0\npaths: " + "[" * 100_000,
        '{"openapi": "3.0.0", "paths": ' + '{"/a": ' * 100_000 + "1" + "}" * 100_001,
        "\x00{",
    ):
        told = against(PAGE, text)
        assert told.code == 2
        assert "cannot be read" in told.err or "no YAML" in told.err


def test_malformed_json_is_told_with_its_place() -> None:
    project = Project({"docs/kites.adoc": PAGE, "a.json": '{"openapi": "3.0.0",\n "paths": }'})
    told = project.run("check", "docs", "--openapi", "a.json")
    assert told.code == 2
    assert "a.json:2:11: this is no JSON" in told.err


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "kite"},
        {"type": "object", "properties": 1},
        {"type": "object", "required": 7, "properties": {"colour": {}}},
        {"enum": 3},
        {"allOf": [{"$ref": "#/components/schemas/Kite"}]},
        {"anyOf": {}},
        {"type": "object", "properties": {"colour": {"pattern": "("}}},
        {"type": "object", "properties": {"colour": {"pattern": "^(r+)+(e+)+$"}}},
    ],
)
def test_a_schema_that_is_none_ends_in_no_traceback_and_no_hang(schema: Any) -> None:
    page = PAGE.replace('"red"', f'"{"r" * 40}!"')
    told = against(page, changed(*KITE, value=schema))
    assert told.code in {0, 2}
    assert "defect" not in told.text


def test_the_connector_pages_and_the_document_differ_where_a_reader_found_it() -> None:
    docs = SHARED / "corpus/modern/docs"
    if not docs.is_dir():
        pytest.skip("no shared/corpus here")
    arguments = (str(docs / "reference/connector"), "--docs-root", str(docs), "--json", "-")
    document = str(SHARED / "corpus/modern/openapi-elasticsearch-serverless.json")
    told = json.loads(Project({}).run("check", *arguments, "--openapi", document).out)
    found = [
        (each["page"].rpartition("/")[2].removesuffix("-api.asciidoc"), each["line"], each["code"])
        for each in told["problems"]
        if each["code"].startswith("openapi-") and each["page"].endswith(".asciidoc")
    ]
    assert found == [(page, line, f"openapi-{code}") for page, line, code in READ]
    undocumented = [each for each in told["problems"] if each["code"] == "openapi-undocumented"]
    assert len(undocumented) == 11


# Each was read against the page and the document, and is a true difference.
READ = [
    ("claim-connector-sync-job", 15, "operation"),
    ("create-connector", 125, "example"),
    ("create-connector-sync-job", 65, "code"),
    ("delete-connector", 17, "name"),
    ("delete-connector", 17, "name"),
    ("get-connector", 14, "name"),
    *(("list-connector-sync-jobs", line, "name") for line in (26, 29, 32, 35, 38)),
    ("set-connector-sync-job-error", 13, "operation"),
    ("set-connector-sync-job-stats", 13, "operation"),
    ("update-connector-features", 30, "operation"),
    ("update-connector-filtering", 16, "name"),
    ("update-connector-filtering", 59, "type"),
    ("update-connector-last-sync", 16, "operation"),
    ("update-connector-name-description", 33, "need"),
    *(("update-connector-scheduling", line, "need") for line in (37, 39, 41)),
]
