from __future__ import annotations

import pytest
from pages import asks, page

from specgen.dialect.values import Form
from specgen.drift.checks import check_pages
from specgen.files import MemoryFiles
from specgen.plan.reading import stages_of

CANDIDATE = "[source,js]\n----\n{ }\n----\n"
OTHER_DASHES = (
    "[source,console]\n-----\nGET a\n----\n\ntext\n\n[source,console]\n----\nGET b\n-----\n"
)


def codes(text: str, *allow: str, **other: str) -> list[str]:
    """Code and line of each problem of a page."""
    name = "page.adoc"
    stages = stages_of(MemoryFiles({name: text, **other}), name, follow=True)
    return [f"{each.code} {each.span.line}" for each in check_pages((stages,), allow)]


def told(text: str) -> list[str]:
    stages = stages_of(MemoryFiles({"page.adoc": text}), "page.adoc", follow=True)
    return [f"{each.message} | {each.hint}" for each in check_pages((stages,))]


@pytest.mark.parametrize(
    "marker",
    [
        "// TEST[]",
        "// TESTRESPONSE [s/a/b/]",
        "//TESTRESPONES",
        "// TEST some text",
        "//\tTEST",
        "// TEST\t",
        " // TEST",
        "/// TEST",
        "// test",
        "// Test[continued]",
        "// TETS[continued]",
        "// TEST[continued] and more",
        "// TEST[continued",
        "// CONSOLE[continued]",
        "// TESTSET[s/a/b/]",
    ],
)
def test_a_comment_that_is_nearly_a_marker(marker: str) -> None:
    assert codes(page(asks("GET books", marker))) == ["misspelt-marker 9"]


@pytest.mark.parametrize(
    "comment",
    [
        "// TODO test this",
        "// test that this works",
        "// Testing is done elsewhere",
        "// NOTE: console output",
        "// the TEST below",
        "// TEXT",
        "////\nTEST\n////",
        "// tag::test[]",
        "// end::test[]",
    ],
)
def test_a_comment_that_is_prose(comment: str) -> None:
    assert codes(page(asks("GET books", comment))) == []


@pytest.mark.parametrize(
    ("marker", "told_so"),
    [
        ("// TEST[]", "this comment is no marker: its bracket is empty | did you mean `// TEST`?"),
        (
            "//TESTRESPONES [s/a/b/]",
            "this comment is no marker: there is none called TESTRESPONES | "
            "did you mean `// TESTRESPONSE[s/a/b/]`?",
        ),
    ],
)
def test_the_marker_that_was_meant_is_named(marker: str, told_so: str) -> None:
    assert told(page(asks("GET books", marker))) == [told_so]


def test_a_marker_of_the_other_form() -> None:
    old = "[source,js]\n----\nDELETE books\n----\n// CONSOLE\n// TEARDOWN\n"
    stages = stages_of(MemoryFiles({"page.adoc": old}), "page.adoc", form=Form.OLD)
    found = [each.code for each in check_pages((stages,), ())]
    assert found == ["old-form", "misspelt-marker"]


def test_what_stands_in_a_snippet_is_no_marker() -> None:
    assert codes(page(asks("PUT books\n{\n// test\n}"))) == []


def test_markers_that_change_nothing() -> None:
    text = page(asks("GET books", "// NOTCONSOLE")) + "\n[source,txt]\n----\na\n----\n// CONSOLE\n"
    assert codes(text) == ["no-effect 9", "no-effect 15"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("```console\nGET a\n```\n", ["two-views 1"]),
        ("[source,js]\n....\nGET a\n....\n", ["two-views 2"]),
        ("[source,console]\n--\nGET a\n--\n", ["two-views 2"]),
        ("[source,console]\nGET a\n", ["two-views 2"]),
        ("[source,sh]\n....\ncurl localhost\n....\n", ["two-views 2"]),
        ("....\n[source,console]\n----\nGET a\n----\n....\n", ["two-views 3"]),
        ("++++\n[source,console]\n----\nGET a\n----\n++++\n", ["two-views 3"]),
        (OTHER_DASHES, ["two-views 4"]),
        ("A title\n-------\n\ntext\n", ["missing-language 2", "two-views 2"]),
        (":l: console\n\n[source,{l}]\n....\nGET a\n....\n", ["two-views 4"]),
        # What is told of otherwise, or no difference at all.
        ("[source,txt]\n....\nGET a\n....\n", []),
        ("[source,sh]\n....\nls\n....\n", []),
        ("////\n[source,console]\n----\nGET a\n----\n////\n", []),
        ("|===\na|\n[source,console]\n----\nGET a\n----\n|===\n", []),
        ("====\n[source,console]\n----\nGET a\n----\n====\n", []),
        ("* item\n+\n[source,console]\n----\nGET a\n----\n* item\n", []),
        ("term::\n+\n--\n[source,console]\n----\nGET a\n----\n--\n", []),
        ("[source,console]\n----\nGET a\n----\n<1> callout\n", []),
        ("ifdef::x[]\n[source,console]\n----\nGET a\n----\nendif::[]\n", []),
        ("[source,console]\n----\nGET a\n", ["open-block 2"]),
    ],
)
def test_where_two_readers_see_different_snippets(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


def test_what_an_included_file_shows_is_told_of_there_alone() -> None:
    part = "```console\nGET a\n```\n"
    assert codes("include::part.adoc[]\n", **{"part.adoc": part}) == []


@pytest.mark.parametrize(
    "text",
    [
        f"// specgen: allow candidate\n{CANDIDATE}",
        f"text\n\n// specgen: allow candidate\n.Title\n{CANDIDATE}",
        f"// specgen: allow candidate\n= Books\n\ntext\n\n{CANDIDATE}",
        page(asks("GET a", "// TEST[nope]")).replace(
            "[source", "//specgen:allow bad-option\n[source"
        ),
    ],
)
def test_a_comment_allows_a_problem(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize(
    "text",
    [
        f"// specgen: allow old-form\n{CANDIDATE}",
        f"// specgen: allow candidate\n\ntext\n\n{CANDIDATE}".replace("//", "text\n\n//", 1),
        f"{CANDIDATE}\n// specgen: allow candidate\n",
    ],
)
def test_a_comment_elsewhere_or_with_another_code_allows_nothing(text: str) -> None:
    assert sorted(each.split()[0] for each in codes(text)) == ["candidate", "unused-allow"]


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        (
            "// specgen: allow candiate",
            "there is no code 'candiate' to allow | did you mean `candidate`?",
        ),
        (
            "// specgen: ignore candidate",
            "a comment to specgen that it does not understand | write "
            "`// specgen: allow CODE` at the start of a line",
        ),
    ],
)
def test_a_comment_that_allows_nothing_that_there_is(comment: str, expected: str) -> None:
    assert told(f"{comment}\n= Books\n") == [expected]
