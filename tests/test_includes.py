"""`--includes follow`: snippets and cases of included files, each told at its own file's line."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pages import answers, asks, page
from project import Project, Told

SCHEMA = json.loads(
    (Path(__file__).resolve().parents[1] / "specgen/schemas/parse.schema.json").read_text("utf-8")
)
FOLLOW = ("--includes", "follow")
LOOK = "GET books/_count?filter_path=count"
SETUP = (
    '////\n[source,console]\n----\nPUT books/_doc/1?refresh\n{"a": 1}\n----\n// TESTSETUP\n////\n'
)
LIE = """\
== A shelf

[source,console]
----
PUT shelf
----

[source,console-result]
----
{
  "acknowledged": true,
  "shards_acknowledged": false,
  "index": "shelf"
}
----
"""


def parse(project: Project, stage: str, *pages: str, options: tuple[str, ...] = FOLLOW) -> Any:
    told = project.run("parse", *(pages or ("docs/a.asciidoc",)), "--stage", stage, *options)
    told = told if stage != "snippets" else _as_json(project, pages, options)
    document = json.loads(told.out)
    jsonschema.validate(document, SCHEMA, jsonschema.Draft202012Validator)
    return document["pages"]


def _as_json(project: Project, pages: tuple[str, ...], options: tuple[str, ...]) -> Told:
    return project.run("parse", *(pages or ("docs/a.asciidoc",)), "--json", "-", *options)


def ids(project: Project, *pages: str, options: tuple[str, ...] = FOLLOW) -> list[str]:
    found = parse(project, "cases", *pages, options=options)
    return [case["id"] for each in found for case in each["cases"]]


def test_a_setup_in_an_included_file_runs_before_each_case() -> None:
    text = page("include::parts/setup.adoc[]\n", asks(LOOK), answers('{"count": 1}'))
    project = Project({"docs/a.asciidoc": text, "docs/parts/setup.adoc": SETUP})
    followed = project.replay("docs/a.asciidoc", *FOLLOW)
    assert followed.outcomes == {"line_8": "passed"}
    assert followed.told.code == 0
    assert project.replay("docs/a.asciidoc").outcomes == {"line_8": "failed"}


def test_includes_are_ignored_unless_asked_for() -> None:
    text = page(asks(LOOK, "// TEST[catch:missing]"), "include::parts/lie.adoc[]\n")
    files = {"docs/a.asciidoc": text, "docs/parts/lie.adoc": LIE}
    plain = Project(files | {"docs/a.asciidoc": text.replace("include::", "no include::")})
    project = Project(files)
    for options in ((), ("--includes", "ignore")):
        assert project.replay("docs/a.asciidoc", *options).outcomes == {"line_6": "passed"}
        assert ids(project, options=options) == ids(plain, options=options) == ["a.asciidoc::books"]
    assert ids(project) == ["a.asciidoc::books", "a.asciidoc::a_shelf"]


def test_the_configuration_asks_for_includes_and_the_command_line_wins() -> None:
    files = {"docs/a.asciidoc": "include::lie.inc.txt[]\n", "docs/lie.inc.txt": LIE}
    project = Project(files | {"specgen.toml": 'includes = "follow"\n'})
    assert ids(project, options=()) == ["a.asciidoc::a_shelf"]
    assert ids(project, options=("--includes", "ignore")) == []
    project.write("specgen.toml", 'includes = "some"\n')
    told = project.run("parse", "docs")
    assert told.code == 2
    assert "`includes` must be one of ignore, follow" in told.err


REQUESTS = """\
nothing of this is asked for
tag::count[]
GET books/_count?filter_path=count <1>
{
  "query": {"match_all": {}}
}
end::count[]
"""
ANSWER = '{\n    "count": 2,\n    "_shards": {"failed": 0}\n}\n'


def half(**changes: str) -> Project:
    """A page whose dashes hold lines of included files."""
    text = page(
        "include::parts/setup.adoc[]\n",
        asks("include::parts/requests.txt[tag=count]"),
        answers('{\ninclude::parts/answer.json[lines=2,indent=2]\n  "_shards": {"failed": 0}\n}'),
    )
    files = {"setup.adoc": SETUP, "requests.txt": REQUESTS, "answer.json": ANSWER} | changes
    return Project(
        {"docs/a.asciidoc": text, **{f"docs/parts/{name}": files[name] for name in files}}
    )


def test_a_listing_may_hold_lines_of_other_files() -> None:
    _, request, answer = parse(half(), "snippets")[0]["snippets"]
    assert request["contents"] == (
        'GET books/_count?filter_path=count\n{\n  "query": {"match_all": {}}\n}\n'
    )
    assert answer["contents"] == '{\n  "count": 2,\n  "_shards": {"failed": 0}\n}\n'
    assert [each["line"] for each in (request, answer)] == [8, 14]
    assert "file" not in request


def test_each_line_of_such_a_listing_is_told_in_its_own_file() -> None:
    project = half()
    replayed = project.replay("docs/a.asciidoc", *FOLLOW)
    places = [(f["kind"], f.get("file"), f["line"], f["column"]) for f in replayed.findings]
    assert places == [
        ("value", "parts/answer.json", 2, 14),
        ("missing", None, 17, 3),
    ]
    told = project.run("run", "docs/a.asciidoc", *FOLLOW).out
    assert (
        "docs/parts/answer.json:2:14: error[value] the response is not what the page says\n"
        "  |\n"
        '2 |     "count": 2,\n'
        "  |              ^ page:    integer 2\n"
    ) in told
    assert "docs/a.asciidoc:17:3: error[missing]" in told
    assert "= request: docs/parts/requests.txt:3, GET books/_count?filter_path=count\n" in told


def test_a_lie_in_an_included_file_is_told_at_its_line() -> None:
    project = Project({"docs/a.asciidoc": "include::lie.inc[]\n", "docs/lie.inc": LIE})
    replayed = project.replay("docs/a.asciidoc", *FOLLOW, "--junit", "j.xml")
    [result], [finding] = replayed.results, replayed.findings
    assert {name: result[name] for name in ("id", "page", "case", "file", "line")} == {
        "id": "a.asciidoc::a_shelf",
        "page": "a.asciidoc",
        "case": "lie_line_4",
        "file": "lie.inc",
        "line": 4,
    }
    assert (finding["page"], finding["file"]) == ("a.asciidoc", "lie.inc")
    assert (finding["line"], finding["column"]) == (12, 26)
    told = project.run("run", "docs/a.asciidoc", *FOLLOW, "--verbose").out
    assert (
        "docs/lie.inc:12:26: error[value] the response is not what the page says\n"
        "   |\n"
        '12 |   "shards_acknowledged": false,\n'
        "   |                          ^^^^^ page:    boolean false\n"
    ) in told
    assert "= request: line 5, PUT shelf\n" in told
    assert "FAILED docs/lie.inc:4 a_shelf" in told
    assert "FAILED docs/a.asciidoc  1 failed" in told
    suite = ET.fromstring(replayed.told.files["j.xml"]).find("testsuite")
    assert suite is not None
    assert suite.attrib["name"] == "a.asciidoc"
    assert "lie.inc:12:26: error[value]" in (suite.findtext("testcase/failure") or "")


def test_a_request_that_fails_in_an_included_file_is_told_at_its_line() -> None:
    body = asks('PUT books/_doc/1\n{"a": 1}\n{"b": }')
    project = Project({"docs/a.asciidoc": "include::part.inc[]\n", "docs/part.inc": body})
    [finding] = project.replay("docs/a.asciidoc", *FOLLOW).findings
    assert (finding["kind"], finding["file"], finding["line"]) == ("text", "part.inc", 5)
    project.write("docs/part.inc", asks("GET no-such-index"))
    [finding] = project.replay("docs/a.asciidoc", *FOLLOW).findings
    assert (finding["kind"], finding["file"], finding["line"]) == ("status", "part.inc", 3)


def test_two_pages_that_include_a_file_have_a_case_each() -> None:
    files = {f"docs/{name}.asciidoc": f"= {name}\n\ninclude::lie.inc[]\n" for name in "ab"}
    project = Project(files | {"docs/lie.inc": LIE})
    replayed = project.replay("docs", *FOLLOW)
    assert [each["id"] for each in replayed.results] == [
        "a.asciidoc::a_shelf",
        "b.asciidoc::a_shelf",
    ]
    assert [each["outcome"] for each in replayed.results] == ["failed", "failed"]


def test_a_file_that_is_included_twice_has_its_cases_twice() -> None:
    text = page("== First\n\ninclude::p.inc[]\n", "== Second\n\ninclude::p.inc[]\n", asks("GET a"))
    project = Project({"docs/a.asciidoc": text, "docs/p.inc": asks("PUT shelf")})
    [found] = parse(project, "cases")
    assert [
        (case["case"], case["id"], case.get("file"), case["line"]) for case in found["cases"]
    ] == [
        ("p_line_2", "a.asciidoc::first", "p.inc", 2),
        ("p_line_2_2", "a.asciidoc::second", "p.inc", 2),
        ("line_14", "a.asciidoc::second_2", None, 14),
    ]
    told = project.run("export", "docs", "--format", "yaml-rest", "--out", "yaml", *FOLLOW)
    sections = re.findall(r'^"(.+)":$', told.files["yaml/a.yml"].decode(), re.MULTILINE)
    assert sections == ["p_line_2", "p_line_2_2", "line_14"]
    told = project.run("export", "docs", "--format", "curl", "--out", "sh", *FOLLOW)
    assert "# p_line_2, line 2 of p.inc\n" in told.files["sh/a.sh"].decode()


NAMED = """\
= Books

[[own]]
== Own

{asks}
include::part.inc[leveloffset=+1]

{asks}
== Last

{asks}"""
PART = "= Part\n\n{asks}\n[[part-more]]\n== More\n"
STABLE = ["own", "part", "part_more", "last"]


def test_a_case_is_named_after_the_section_above_it_in_whatever_file() -> None:
    asked = asks("GET /")
    text, part = NAMED.format(asks=asked), PART.format(asks=asked)
    project = Project({"docs/a.asciidoc": text, "docs/part.inc": part})
    assert ids(project) == [f"a.asciidoc::{name}" for name in STABLE]
    project.write("docs/part.inc", "// a remark\n" * 40 + part)
    project.write("docs/a.asciidoc", text.replace("\n\n[[own]]", "\n\nWhat books are.\n\n[[own]]"))
    assert ids(project) == [f"a.asciidoc::{name}" for name in STABLE]


def test_sections_of_an_included_file_may_be_a_level_lower() -> None:
    asked = asks("GET /")
    files = {"docs/a.asciidoc": NAMED.format(asks=asked), "docs/part.inc": PART.format(asks=asked)}
    project = Project(files)
    found = parse(project, "blocks")[0]["sections"]
    assert [(each["title"], each["level"]) for each in found] == [
        ("Books", 0),
        ("Own", 1),
        ("Part", 1),
        ("More", 2),
        ("Last", 1),
    ]


def test_conditionals_and_attributes_decide_what_is_read() -> None:
    text = (
        ":folder: parts\n\ninclude::{folder}/{kind}.inc[]\n\n"
        f"ifdef::more[]\n{asks('GET /', name='more')}endif::[]\n"
    )
    files = {f"docs/parts/{kind}.inc": asks("GET /", name=kind) for kind in ("old", "new")}
    project = Project(files | {"docs/a.asciidoc": text})
    new = (*FOLLOW, "--define", "kind=new")
    assert ids(project, options=new) == ["a.asciidoc::new"]
    assert ids(project, options=(*new, "--define", "more=")) == [
        "a.asciidoc::new",
        "a.asciidoc::more",
    ]


def test_the_marker_of_a_snippet_may_stand_in_another_file() -> None:
    text = page("[source,console]\n----\nGET no-such-index\n----\ninclude::marker.inc[]\n")
    project = Project({"docs/a.asciidoc": text, "docs/marker.inc": "// TEST[catch:missing]\n"})
    assert project.replay("docs/a.asciidoc", *FOLLOW).outcomes == {"line_6": "passed"}
    project.write("docs/marker.inc", "  // TEST[catch:missing oops]\n")
    project.write("docs/a.asciidoc", text.replace("[]", "[indent=0]"))
    told = project.run("run", "docs/a.asciidoc", *FOLLOW)
    assert told.code == 3
    assert "docs/marker.inc:1:25: error[bad-option]" in told.out
    assert "  // TEST[catch:missing oops]\n" in told.out


@pytest.mark.parametrize(
    ("include", "message"),
    [
        ("gone.inc", "error[unresolved-include] gone.inc: no such file"),
        ("../outside.inc", "error[outside-include] ../outside.inc lies outside the docs root"),
        ("/etc/hostname", "error[outside-include] /etc/hostname lies outside the docs root"),
        ("http://localhost/x.inc", "error[remote-include] http://localhost/x.inc is not read"),
        ("a.asciidoc", "error[endless-include] includes are nested deeper than"),
        ("cycle.adoc", "since a file includes itself: cycle.adoc -> cycle.adoc"),
    ],
)
def test_what_cannot_be_included_is_told_and_the_rest_runs(include: str, message: str) -> None:
    true = "GET _cluster/health?filter_path=status"
    project = Project(
        {
            "outside.inc": asks("DELETE books"),
            "docs/a.asciidoc": page(asks(true), f"include::{include}[]\n"),
            "docs/cycle.adoc": "include::cycle.adoc[]\n",
        }
    )
    told = project.run("run", "docs/a.asciidoc", "--docs-root", "docs", *FOLLOW)
    assert message in told.out
    assert told.code == 3
    assert " passed" in told.out.splitlines()[-1]
    assert "DELETE" not in told.text
    assert project.run("run", "docs/a.asciidoc").code == 0


def test_a_line_of_the_page_selects_what_it_includes() -> None:
    text = page(asks("GET _cat/health", name="first"), "include::p.inc[]\n")
    part = asks("GET _cat/health", name="one") + "\n" + asks("GET _cat/health", name="two")
    project = Project({"docs/a.asciidoc": text, "docs/p.inc": part})
    line = text.splitlines().index("include::p.inc[]") + 1

    def run(number: int) -> list[str]:
        results = project.replay(f"docs/a.asciidoc:{number}", *FOLLOW).results
        return [each["case"] for each in results]

    assert run(7) == ["first"]
    assert run(line) == ["one", "two"]
    assert project.run("run", "docs/a.asciidoc:2", *FOLLOW).code == 2


def test_a_module_is_stale_when_what_its_page_includes_has_changed() -> None:
    files = {
        "docs/a.asciidoc": page(asks("GET /"), "include::words.inc[]\n\ninclude::lie.inc[]\n"),
        "docs/words.inc": "Some words.\n",
        "docs/lie.inc": LIE,
        "docs/other.inc": "Others.\n",
    }
    project = Project(files)
    cache = {"XDG_CACHE_HOME": str(project.path / "cache")}

    def check() -> int:
        return project.run("generate", "docs", "--out", "out", "--check", *FOLLOW, **cache).code

    assert project.run("generate", "docs", "--out", "out", *FOLLOW, **cache).code == 0
    module = (project.path / "out/test_a.py").read_text("utf-8")
    assert 'files=["lie.inc"]' in module
    assert check() == 0
    project.write("docs/other.inc", "Others, changed.\n")
    assert check() == 0
    for name in ("docs/words.inc", "docs/lie.inc"):
        project.write(name, f"{files[name]}\nAnd more.\n")
        assert check() == 1
        project.write(name, files[name])
        assert check() == 0


def test_a_module_without_lines_of_other_files_is_as_it_was() -> None:
    project = Project({"docs/a.asciidoc": page(asks("GET /"), answers("{}"))})
    for out, options in (("plain", ()), ("followed", FOLLOW)):
        assert project.run("generate", "docs", "--out", out, "--no-cache", *options).code == 0
    files = project.files()
    assert files["plain/test_a.py"] == files["followed/test_a.py"]
    assert b"files=" not in files["plain/test_a.py"]


def test_modules_with_lines_of_other_files_run_in_plain_pytest() -> None:
    project = Project({"docs/a.asciidoc": "include::lie.inc[]\n", "docs/lie.inc": LIE})
    assert project.run("generate", "docs", "--out", "out", "--no-cache", *FOLLOW).code == 0
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "out"],
        cwd=project.path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "lie.inc:12:26: error[value]" in done.stdout


def test_an_included_file_that_changed_counts_as_a_change_of_its_pages() -> None:
    project = Project(
        {
            "docs/a.asciidoc": ":folder: parts\n\n"
            + page(asks("GET /", name="a"))
            + "\ninclude::{folder}/{kind}.inc[]\n",
            "docs/b.asciidoc": page(asks("GET /", name="b")) + "\ninclude::parts/old.inc[]\n",
            "docs/parts/new.inc": "one\n",
            "docs/parts/old.inc": "include::deep.inc[]\n",
        }
    )

    def git(*arguments: str) -> None:
        identity = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        subprocess.run(["git", *identity, *arguments], cwd=project.path, check=True)

    def changed(*options: str) -> list[str]:
        return ids(project, "docs", options=("--changed-since", "HEAD", *options))

    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "-m", "pages")
    assert changed("--define", "kind=new") == []
    project.write("docs/parts/new.inc", "two\n")
    assert changed("--define", "kind=new") == ["a.asciidoc::a"]
    assert changed("--define", "kind=old") == []


def test_parse_tells_which_file_a_snippet_stands_in() -> None:
    text = page(asks("GET /"), "include::parts/lie.adoc[]\n")
    project = Project({"docs/a.asciidoc": text, "docs/parts/lie.adoc": LIE})
    assert project.run("parse", "docs/a.asciidoc", *FOLLOW).out == (
        "docs/a.asciidoc: in the modern form, 3 snippets, 2 tests\n"
        "               6  console         GET /      test line_6 (books)\n"
        "parts/lie.adoc:4  console         PUT shelf  test lie_line_4 (a_shelf)\n"
        "parts/lie.adoc:9  console-result  {          response of lie_line_4\n"
    )
    found = parse(project, "snippets")[0]["snippets"]
    assert [each.get("file") for each in found] == [None, "parts/lie.adoc", "parts/lie.adoc"]


def test_check_reads_snippets_of_included_files_only_if_asked() -> None:
    project = Project(
        {
            "docs/a.asciidoc": "= A\n\ninclude::p.inc[]\n",
            "docs/p.inc": asks("GET /", "// TEST[oops]"),
        }
    )
    assert project.run("check", "docs").code == 0
    told = project.run("check", "docs", *FOLLOW)
    assert told.code == 1
    assert "docs/p.inc:5:9: error[bad-option]" in told.out
    assert "= see docs/a.asciidoc:3:1: included from here\n" in told.out
