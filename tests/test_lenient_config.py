"""`[[lenient]]` in a configuration: what is asked less of responses without a marker."""

from __future__ import annotations

import pytest
from pages import answers, asks, page
from project import Project

CREATED = '{"_index": "birds", "_id": "1", "_version": 1, "result": "created"}'
TEXT = page(asks("PUT birds/_doc/1\n{}"), answers(CREATED))
OPTIONS = "ignore:/_shards,/_seq_no,/_primary_term"


def config(*tables: str) -> str:
    return "".join(f"[[lenient]]\n{table}\n\n" for table in tables)


@pytest.mark.parametrize(
    ("table", "passed"),
    [
        ('pages = "docs/search/**"', {"search/one.adoc", "search/deep/two.adoc"}),
        ('pages = "docs/search"', {"search/one.adoc", "search/deep/two.adoc"}),
        ('pages = "docs/search/*"', {"search/one.adoc", "search/deep/two.adoc"}),
        ('pages = "docs/**/o?e.adoc"', {"search/one.adoc", "one.adoc"}),
        ('pages = "docs/search/one.adoc"', {"search/one.adoc"}),
        ('pages = "search"', set()),
        ('api = "_doc"', {"search/one.adoc", "search/deep/two.adoc", "one.adoc"}),
        ('api = "/birds/_doc"', {"search/one.adoc", "search/deep/two.adoc", "one.adoc"}),
        ('api = "_search"', set()),
        ('pages = "docs/search"\napi = "_doc"', {"search/one.adoc", "search/deep/two.adoc"}),
        ('pages = "docs/search"\napi = "_search"', set()),
    ],
)
def test_it_holds_for_pages_and_apis(table: str, passed: set[str]) -> None:
    names = ("search/one.adoc", "search/deep/two.adoc", "one.adoc")
    project = Project({f"docs/{name}": TEXT for name in names})
    project.write("specgen.toml", config(f'{table}\noptions = "{OPTIONS}"'))
    replayed = project.replay("docs")
    found = {each["page"]: each["outcome"] for each in replayed.results}
    assert {name for name, outcome in found.items() if outcome == "passed"} == passed
    assert replayed.document["summary"]["passed_in_part"] == len(passed)


def test_it_holds_however_a_page_is_named() -> None:
    project = Project({"docs/search/one.adoc": TEXT})
    project.write("specgen.toml", config(f'pages = "docs/search"\noptions = "{OPTIONS}"'))
    for arguments in (["docs"], ["docs/search/one.adoc"], ["docs", "--docs-root", "."]):
        assert project.run("run", *arguments).code == 0


def test_several_hold_together_and_beside_the_markers_of_the_page() -> None:
    marked = page(asks("PUT birds/_doc/1\n{}"), answers(CREATED, "// SPECGEN[ignore:/_shards]"))
    project = Project({"docs/one.adoc": marked})
    both = ('api = "_doc"\noptions = "ignore:/_seq_no"', 'pages = "docs"\noptions = "at-least"')
    project.write("specgen.toml", config(*both))
    assert project.run("run", "docs").code == 0
    project.write("specgen.toml", config(*both[:1]))
    assert [each["pointer"] for each in project.replay("docs").findings] == ["/_primary_term"]


def test_generated_modules_hold_it_and_the_cache_knows_of_it() -> None:
    project = Project({"docs/one.adoc": TEXT})
    cache = {"XDG_CACHE_HOME": str(project.path / "cache")}
    assert project.run("generate", "docs", **cache).code == 0
    project.write("specgen.toml", config('api = "_doc"\noptions = "ignore:/a unordered:/b"'))
    assert project.run("generate", "docs", "--check", **cache).code == 1
    assert project.run("generate", "docs", **cache).code == 0
    module = project.files()["generated_tests/test_one.py"].decode()
    assert 'ignore=["/a"]' in module
    assert 'unordered=["/b"]' in module
    assert project.run("generate", "docs", "--check", **cache).code == 0


@pytest.mark.parametrize(
    ("written", "told", "hint"),
    [
        (
            config('api = "_a"\noptions = "ignore:/x"', 'api = "_b"\noptions = "ignor:/x"'),
            "specgen.toml:7:12: expected an option, found 'ignor:/x'",
            "did you mean `ignore:/x`?",
        ),
        (
            config('api = "_b"\noptions = "ignore:/x eventually:5s"'),
            "specgen.toml:3:22: `eventually` is no default for responses",
            "known here: ignore, shape, unordered, at-least",
        ),
        (
            config('apis = "_b"\noptions = "shape"'),
            "specgen.toml: `lenient` has no key 'apis'",
            "known: pages, api, options",
        ),
        (config('options = "shape"'), "`lenient` needs `options`, and `pages` or `api`", "search"),
        (config('api = "_b"'), "`lenient` needs `options`, and `pages` or `api`", "search"),
        (config('api = 3\noptions = "shape"'), "`api` of `lenient` must be a text", ""),
        ('lenient = "ignore:/x"\n', "specgen.toml: `lenient` must be tables: [[lenient]]", ""),
    ],
)
def test_a_mistake_is_told_with_its_place(written: str, told: str, hint: str) -> None:
    project = Project({"docs/one.adoc": TEXT, "specgen.toml": written})
    run = project.run("run", "docs")
    assert run.code == 2
    assert told in run.err
    assert hint in run.err
