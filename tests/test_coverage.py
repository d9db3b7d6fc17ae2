"""`specgen coverage`: what of the prose of pages a case touches, on pages with known numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from project import SHARED, Project, Told

ROOT = Path(__file__).resolve().parents[1]
SCHEMA = json.loads((ROOT / "specgen/schemas/coverage.schema.json").read_text(encoding="utf-8"))

PROSE = """= Put shelf API

== Request

`PUT _shelf/<shelf_id>`

`GET _shelf/<shelf_id>/_books`

`DELETE _shelf/<shelf_id>`

== Path parameters

`<shelf_id>`::
(Required, string) Which shelf is meant.

== Query parameters

`refresh`::
(Optional, boolean) Whether it is seen at once.

`timeout`::
(Optional, time units) How long to wait.

== Request body

`name`::
(Required, string) What stands on it.

`owner`::
(Optional, string) Whose it is.

`rows`::
(Optional, array of objects) Its rows, each with these:
- `width` (Required, integer) +
How wide it is.
- `depth` (Optional, integer) +
How deep it is.

== Response body

`result`::
(string) What was done.

`took`::
(integer) How long that was.

== Response codes

`200`::
The shelf was changed.

`201`::
The shelf is new.

`404`::
There is no such shelf.

`409`::
Somebody else changes it.

== Examples
"""
SETUP = """
[source,console]
----
DELETE _shelf/old
----
// TESTSETUP
"""
PUT = """
[source,console]
----
PUT _shelf/fiction?refresh=true
{"name": "Fiction", "rows": [{"width": 80}]}
----
"""
CREATED = """
[source,console-result]
----
{"result": "created"}
----
"""
LOST = """
[source,console]
----
GET _shelf/lost/_books
----
// TEST[catch:missing]
"""
SHELF = PROSE + SETUP + PUT + CREATED + LOST


def document(told: Told) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(told.out)
    jsonschema.validate(found, SCHEMA, jsonschema.Draft202012Validator)
    return found


def coverage(project: Project, *arguments: str, code: int = 0) -> dict[str, Any]:
    told = project.run("coverage", *arguments, "--json", "-")
    assert told.code == code, told.text
    return document(told)


def states(found: dict[str, Any], kind: str = "") -> dict[str, str]:
    """The state of each entry of all pages, of one kind, by its name."""
    entries = (each for page in found["pages"] for each in page["entries"])
    return {each["name"]: each["state"] for each in entries if kind in {"", each["kind"]}}


def shelf(*more: str, prose: str = PROSE) -> dict[str, Any]:
    """What one page makes of its prose."""
    return coverage(Project({"docs/a.adoc": prose + "".join(more)}), "docs")


def console(request: str, marker: str = "") -> str:
    return f"\n[source,console]\n----\n{request}\n----\n{marker}\n"


def result(body: str, marker: str = "") -> str:
    return f"\n[source,console-result]\n----\n{body}\n----\n{marker}\n"


def test_each_kind_of_entry_is_seen_touched_and_untouched() -> None:
    found = shelf(SETUP, PUT, CREATED, LOST)
    assert states(found, "endpoint") == {
        "PUT /_shelf/{shelf_id}": "checked",
        "GET /_shelf/{shelf_id}/_books": "requested",
        "DELETE /_shelf/{shelf_id}": "setup",
    }
    assert states(found, "path parameter") == {"shelf_id": "checked"}
    assert states(found, "query parameter") == {"refresh": "checked", "timeout": "untouched"}
    assert states(found, "body parameter") == {
        "name": "checked",
        "owner": "untouched",
        "rows": "checked",
        "rows.width": "checked",
        "rows.depth": "untouched",
    }
    assert states(found, "response field") == {"result": "checked", "took": "requested"}
    assert states(found, "response code") == {
        "200": "setup",
        "201": "checked",
        "404": "checked",
        "409": "untouched",
    }


def test_the_numbers_are_those_of_the_entries() -> None:
    summary = shelf(SETUP, PUT, CREATED, LOST)["summary"]
    assert summary["endpoints"] == {"covered": 2, "total": 3, "percent": 66.67}
    assert summary["parameters"] == {"covered": 5, "total": 8, "percent": 62.5}
    assert summary["fields"] == {"covered": 1, "total": 2, "percent": 50.0}
    assert summary["codes"] == {"covered": 2, "total": 4, "percent": 50.0}
    assert (summary["covered"], summary["total"]) == (10, 17)
    assert (summary["requests"], summary["unverified"]) == (2, 1)


def test_what_a_person_sees() -> None:
    told = Project({"docs/a.adoc": SHELF}).run("coverage", "docs")
    assert told.code == 0
    lines = [line.rstrip() for line in told.out.splitlines()]
    assert lines[0] == "planned: 2 cases as their pages have them"
    assert " a.adoc   2/3  67%    5/8  62%  1/2  50%  2/4  50%" in lines
    assert " total    2/3  67%    5/8  62%  1/2  50%  2/4  50%" in lines
    at = lines.index("7 documented, but not covered:")
    assert lines[at + 1 : at + 8] == [
        "docs/a.adoc:9: endpoint DELETE /_shelf/{shelf_id}: used by setups alone",
        "docs/a.adoc:21: query parameter timeout: no case sends it",
        "docs/a.adoc:29: body parameter owner: no case sends it",
        "docs/a.adoc:36: body parameter rows.depth: no case sends it",
        "docs/a.adoc:44: response field took: "
        "its endpoint is requested, but no compared response holds it",
        "docs/a.adoc:49: response code 200: comes in setups alone",
        "docs/a.adoc:58: response code 409: no case expects it",
    ]
    at = lines.index("body unverified, only the status is checked: 1 of 2 requests of cases")
    assert lines[at + 1] == "docs/a.adoc:7: GET /_shelf/{shelf_id}/_books: 1 of 1 request"
    assert lines[-1] == "planned coverage 59%: 10 of 17 documented"


def test_no_line_is_wider_than_the_terminal() -> None:
    name = "docs/reference/a-shelf-whose-name-is-longer-than-what-a-table-has-room-for-api.adoc"
    told = Project({name: SHELF}).run("coverage", "docs", COLUMNS="80")
    table = told.out.partition("documented, but")[0].splitlines()
    assert max(map(len, table)) <= 80
    shown = "".join(line.strip().split("  ")[0] for line in table)
    assert "a-shelf-whose-name-is-longer-than-what-a-table-has-room-for-api.adoc" in shown


def test_quiet_shows_the_total_alone() -> None:
    told = Project({"docs/a.adoc": SHELF}).run("coverage", "docs", "--quiet")
    assert told.out == "planned coverage 59%: 10 of 17 documented\n"


def test_an_example_on_one_page_touches_what_another_documents() -> None:
    files = {"docs/a.adoc": PROSE, "docs/b.adoc": f"= Tour\n{PUT}{CREATED}"}
    found = coverage(Project(files), "docs")
    assert states(found)["PUT /_shelf/{shelf_id}"] == "checked"
    assert states(found)["name"] == "checked"
    assert [page["page"] for page in found["pages"]] == ["a.adoc"]
    assert found["summary"]["pages_without_contract"] == 1
    alone = coverage(Project(files), "docs/a.adoc")
    assert set(states(alone).values()) == {"untouched"}


def test_a_skipped_case_touches_nothing_and_is_told() -> None:
    found = shelf(PUT.rstrip() + "\n// TEST[skip:too slow]\n", LOST)
    assert states(found)["PUT /_shelf/{shelf_id}"] == "left out"
    assert states(found)["refresh"] == "left out"
    assert states(found)["timeout"] == "untouched"
    assert found["basis"] == {
        "kind": "planned",
        "results": None,
        "cases": 1,
        "skipped": 1,
        "blocked": 0,
        "not_passed": 0,
        "not_run": 0,
        "emulated": 0,
    }


def test_a_setup_counts_only_if_a_case_does() -> None:
    found = shelf(SETUP, PUT.rstrip() + "\n// TEST[skip:too slow]\n")
    assert states(found)["DELETE /_shelf/{shelf_id}"] == "untouched"


def test_a_named_setup_is_a_setup() -> None:
    setups = json.dumps({"old": "- do: {raw: {method: DELETE, path: _shelf/old}}"})
    page = PROSE + console("GET _shelf/old/_books", "// TEST[setup:old]")
    project = Project({"docs/a.adoc": page, "setups.json": setups})
    found = coverage(project, "docs", "--setups", "setups.json")
    assert states(found)["DELETE /_shelf/{shelf_id}"] == "setup"
    assert states(found)["GET /_shelf/{shelf_id}/_books"] == "requested"


def test_yaml_steps_inside_a_page_count_fully() -> None:
    steps = (
        "startyaml\n"
        "  - do:\n      raw:\n        method: GET\n        path: _shelf/old/_books\n"
        "  - match: {took: 1}\n"
        "endyaml"
    )
    found = shelf(console(steps))
    assert states(found)["GET /_shelf/{shelf_id}/_books"] == "checked"
    assert states(found, "response field") == {"result": "requested", "took": "checked"}


def test_a_response_that_is_not_compared_checks_nothing() -> None:
    found = shelf(PUT, result('{"result": "created"}', "// TESTRESPONSE[skip:not yet]"))
    assert states(found)["PUT /_shelf/{shelf_id}"] == "requested"
    assert states(found)["result"] == "requested"


def test_a_field_that_is_ignored_is_not_checked() -> None:
    body = '{"result": "created", "took": 3}'
    found = shelf(PUT, result(body, "// SPECGEN[ignore:/took]"))
    assert states(found, "response field") == {"result": "checked", "took": "requested"}
    found = shelf(PUT, result(body))
    assert states(found, "response field") == {"result": "checked", "took": "checked"}


def test_a_parameter_that_is_in_no_path_may_be_in_the_query() -> None:
    prose = PROSE.replace("== Query parameters", "== Path parameters")
    found = shelf(PUT, CREATED, prose=prose)
    assert states(found, "path parameter") == {
        "shelf_id": "checked",
        "refresh": "checked",
        "timeout": "untouched",
    }


def test_a_page_without_an_endpoint_is_touched_by_its_own_cases() -> None:
    prose = "= Shelves\n\n== Query parameters\n\n`refresh`::\nAt once.\n\n`timeout`::\nWait.\n"
    found = shelf("\n== Examples\n", PUT, prose=prose)
    assert states(found) == {"refresh": "requested", "timeout": "untouched"}


def test_requests_that_no_page_documents_are_listed() -> None:
    found = shelf(console("GET _shelf/fiction"), console("GET _lamp"), console("GET _lamp?v"))
    assert [
        (each["method"], each["path"], each["line"], len(each["cases"]), each["documented_methods"])
        for each in found["undocumented"]
    ] == [("GET", "/_lamp", 71, 2, []), ("GET", "/_shelf/fiction", 65, 1, ["DELETE", "PUT"])]


def test_what_only_a_setup_requests_is_not_listed() -> None:
    assert shelf(SETUP.replace("_shelf/old", "_lamp"), PUT)["undocumented"] == []


FRAGMENT = "// tag::wait[]\n`timeout`::\n(Optional, time units) How long to wait.\n// end::wait[]\n"


def test_what_a_page_includes_counts_for_it() -> None:
    own = "`timeout`::\n(Optional, time units) How long to wait.\n"
    page = SHELF.replace(own, "include::common.adoc[tag=wait]\n")
    files = {"docs/a.adoc": page, "docs/common.adoc": FRAGMENT}
    found = coverage(Project(files), "docs")
    (timeout,) = [e for e in found["pages"][0]["entries"] if e["name"] == "timeout"]
    assert (timeout["file"], timeout["line"]) == ("common.adoc", 2)
    assert found["summary"]["total"] == 17
    ignored = coverage(Project(files), "docs", "--includes", "ignore")
    assert ignored["summary"]["total"] == 16


def test_what_a_page_includes_from_another_page_is_counted_once() -> None:
    project = Project({"docs/a.adoc": SHELF, "docs/index.adoc": "= All\n\ninclude::a.adoc[]\n"})
    found = coverage(project, "docs")
    assert [(page["page"], page["total"]) for page in found["pages"]] == [("a.adoc", 17)]
    alone = coverage(project, "docs/index.adoc")
    assert [(page["page"], page["total"]) for page in alone["pages"]] == [("index.adoc", 17)]


def test_a_line_names_the_case_that_counts() -> None:
    found = coverage(Project({"docs/a.adoc": SHELF}), "docs/a.adoc:78")
    assert states(found)["PUT /_shelf/{shelf_id}"] == "checked"
    assert states(found)["GET /_shelf/{shelf_id}/_books"] == "left out"


CLUSTER = """= Cluster

== Request

`GET _cluster/health`

`GET _cluster/settings`

== Response body

`timed_out`::
(boolean) Whether it took too long.
"""
HEALTH = console("GET _cluster/health?filter_path=timed_out")
SETTINGS = console("GET _cluster/settings")
TRUE, FALSE = result('{"timed_out": false}'), result('{"timed_out": true}')


def test_results_of_a_run_lower_coverage_to_what_passed() -> None:
    project = Project({"docs/a.adoc": CLUSTER + HEALTH + FALSE + SETTINGS})
    assert coverage(project, "docs")["summary"]["covered"] == 3
    assert project.run("run", "docs", "--json", "run.json").code == 1
    found = coverage(project, "docs", "--results", "run.json")
    assert states(found) == {
        "GET /_cluster/health": "left out",
        "GET /_cluster/settings": "requested",
        "timed_out": "left out",
    }
    basis = found["basis"]
    assert (basis["kind"], basis["results"]) == ("measured", "run.json")
    assert (basis["cases"], basis["not_passed"], basis["not_run"]) == (1, 1, 0)
    told = project.run("coverage", "docs", "--results", "run.json")
    assert told.out.startswith("measured: 1 case that passed in run.json\nnot counted: 1 did not")
    assert told.out.endswith("measured coverage 33%: 1 of 3 documented\n")


def test_results_of_a_run_that_passed_are_as_good_as_the_plan() -> None:
    project = Project({"docs/a.adoc": CLUSTER + HEALTH + TRUE})
    assert project.run("run", "docs", "--json", "run.json").code == 0
    planned, measured = (
        coverage(project, "docs", *more) for more in ((), ("--results", "run.json"))
    )
    assert measured["pages"] == planned["pages"]
    assert states(measured)["timed_out"] == "checked"


def test_a_case_that_is_newer_than_the_results_does_not_count() -> None:
    project = Project({"docs/a.adoc": CLUSTER + HEALTH + TRUE})
    assert project.run("run", "docs", "--json", "run.json").code == 0
    project.write("docs/a.adoc", CLUSTER + HEALTH + TRUE + SETTINGS)
    found = coverage(project, "docs", "--results", "run.json")
    assert found["basis"]["not_run"] == 1
    assert states(found)["GET /_cluster/settings"] == "left out"


def test_results_of_other_pages_and_no_results_are_wrong_use() -> None:
    project = Project({"docs/a.adoc": CLUSTER + HEALTH + TRUE, "docs/b.adoc": CLUSTER + SETTINGS})
    assert project.run("run", "docs/a.adoc", "--json", "run.json").code == 0
    told = project.run("coverage", "docs/b.adoc", "--results", "run.json")
    assert (told.code, told.out) == (2, "")
    assert "run.json knows none of the cases of these pages" in told.err
    project.write("run.json", "{}")
    told = project.run("coverage", "docs", "--results", "run.json")
    assert told.code == 2
    assert "run.json holds no results" in told.err


@pytest.mark.parametrize(("least", "code"), [("58", 0), ("58.8", 0), ("58.83", 1), ("59", 1)])
def test_coverage_below_what_is_asked_for_fails(least: str, code: int) -> None:
    told = Project({"docs/a.adoc": SHELF}).run("coverage", "docs", "--fail-under", least)
    assert told.code == code
    expected = f"coverage 58.82% is below --fail-under {least}\n" if code else ""
    assert told.err == expected


def test_the_configuration_asks_for_coverage_too() -> None:
    project = Project({"docs/a.adoc": SHELF, "specgen.toml": "fail-under = 59.5\n"})
    assert project.run("coverage", "docs").code == 1
    assert project.run("coverage", "docs", "--fail-under", "10").code == 0
    project.write("specgen.toml", "fail-under = 101\n")
    told = project.run("coverage", "docs")
    assert (told.code, "`fail-under` must be a number from 0 to 100" in told.err) == (2, True)


def test_what_documents_nothing_is_never_enough() -> None:
    project = Project({"docs/a.adoc": f"= Tour\n{PUT}"})
    told = project.run("coverage", "docs")
    assert told.code == 0
    assert told.out.endswith("nothing is documented here that a case could touch\n")
    told = project.run("coverage", "docs", "--fail-under", "0")
    assert (told.code, "nothing is documented here" in told.err) == (1, True)


def test_what_cannot_be_read_is_told_and_the_rest_counts() -> None:
    page = SHELF + console("GET _shelf/a/_books", "// TEST[skp:x]") + "\ninclude::gone.adoc[]\n"
    told = Project({"docs/a.adoc": page, "docs/b.adoc": SHELF}).run("coverage", "docs")
    assert told.code == 3
    assert told.err.count("error[bad-option]") == 1
    assert told.err.count("error[unresolved-include]") == 1
    assert "22 of 34 documented" in told.out
    short = Project({"docs/a.adoc": page}).run("coverage", "docs", "--fail-under", "90")
    assert short.code == 1


def test_only_one_report_can_go_to_standard_output() -> None:
    told = Project({"docs/a.adoc": SHELF}).run("coverage", "docs", "--json", "-", "--html", "-")
    assert (told.code, told.out) == (2, "")


def test_the_connector_pages_have_the_numbers_that_a_reader_finds() -> None:
    root = SHARED / "corpus/modern"
    if not root.is_dir():
        pytest.skip("no shared/corpus here")
    pages = (str(root / "docs/reference/connector"), "--docs-root", str(root / "docs"))
    found = coverage(Project({}), *pages, "--setups", str(root / "setups.json"), code=3)
    numbers = {
        group: (found["summary"][group]["covered"], found["summary"][group]["total"])
        for group in ("endpoints", "parameters", "fields", "codes")
    }
    assert numbers == {
        "endpoints": (12, 19),
        "parameters": (56, 82),
        "fields": (1, 3),
        "codes": (9, 42),
    }
    assert found["basis"]["skipped"] == 10
    assert [each["path"] for each in found["undocumented"]] == [
        "/_connector/my-sql-connector/_filtering/_validation"
    ]
