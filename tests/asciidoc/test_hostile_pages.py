"""Pages that were made to do harm: none may crash, hang, fill the memory or read elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specgen.asciidoc.document import read_document
from specgen.asciidoc.page import Document
from specgen.asciidoc.reader import page_of_source, read_page
from specgen.files import DiskFiles, MemoryFiles
from specgen.source import Source

MANY = 20_000


def read(text: str, **others: str) -> Document:
    files = MemoryFiles({"page.adoc": text} | {f"{name}.adoc": of for name, of in others.items()})
    return read_document(read_page(files, "page.adoc"), files)


def codes(document: Document) -> list[str]:
    return sorted({problem.code for problem in document.problems})


@pytest.mark.parametrize(
    "text",
    [
        "a\n" * MANY,
        "a\n\n" * MANY,
        "x" * 1_000_000,
        "a::b" * 250_000,
        "*" * 1_000_000,
        "[" + "a," * 100_000 + "]\nx\n",
        "ifdef::" + "," * 1_000_000 + "]\n",
        'ifeval::["a"' + " " * 1_000_000 + "]\n",
        "include::" + "[" * 1_000_000 + "]\n",
        "* a\n+\n----\nx\n----\n" * (MANY // 10),
        "a::\n" * MANY,
        "a::\n" + "[x]\n" * MANY,
        "+\n" * MANY,
        "----\n" * MANY,
        "[source,js]\n" * MANY,
        "// x\n" * MANY,
        ":a: b \\\n" * MANY,
        "abc\n---\n" * (MANY // 10),
        "> " * 1000 + "a\n",
        "= T\nA B\n" + "x " * 200_000 + "\n",
        "= T\n" + "a;" * 100_000 + "\n",
        "= t(1)\n:doctype: manpage\n\n== N\n\n" + "a - " * 100_000 + "\n",
        ":a: pass:q[" + "*a" * 100_000 + "]\n",
        "[['" + "'a" * 100_000 + "']\n",
        "[[a]] " * 100_000 + "\n",
        "anchor:a[" * 100_000 + "\n",
        "anchor:a[\\]" * 100_000 + "\n",
        "anchor:a[]]" * 100_000 + "\n",
        "[[a, " * 100_000 + "]\n",
        "[[a, ]]anchor:a[" * 100_000 + "\n",
        "[[" + "a" * 1_000_000 + "\n",
        "\0" * 1000 + "\n== \x960\x97 \x18 \x7f\n",
    ],
    ids=lambda text: repr(text[:12]),
)
def test_a_large_page_is_read(text: str) -> None:
    document = read(text)
    assert document.page.lines or document.problems


def test_a_hundred_thousand_lines_in_a_listing_are_its_lines() -> None:
    (listing,) = read("----\n" + "x\n" * 100_000 + "----\n").outline.listings
    assert listing.text.count("x") == 100_000


@pytest.mark.parametrize(
    "text",
    [
        "\n".join("=*_"[level % 3] * (4 + level // 3) for level in range(1000)),
        "\n".join("*" * level + " a" for level in range(1, 1000)),
        "\n".join(f"{'*.'[level % 2] * (1 + level // 2)} a" for level in range(1000)),
        "> " * 100 + "a",
    ],
    ids=["blocks", "bullets", "bullets and numbers", "quotations"],
)
def test_deep_nesting_is_told_by_name_and_not_read(text: str) -> None:
    document = read(f"{text}\n\n----\nbelow\n----\n")
    assert "too-deep" in codes(document)


def test_nesting_as_deep_as_pages_have_it_is_read() -> None:
    opening = [mark * length for length in range(4, 10) for mark in "=*_"]
    text = "\n".join([*opening, "----", "deep", "----", *reversed(opening)])
    document = read(text)
    assert [listing.text for listing in document.outline.listings] == ["deep"]
    assert codes(document) == []


def test_an_anchor_far_into_a_line_is_found() -> None:
    line = "[[x, " * 20_000 + "y]] anchor:z[\\] Far] [[last]] anchor:open["
    document = read(f"a {line}\n\n== <<z>> and <<last>>\n")
    assert document.outline.headings[0].converted == (
        '<a href="#z">] Far</a> and <a href="#last">[last]</a>'
    )


def test_a_title_too_long_to_convert_is_escaped_and_told() -> None:
    document = read("== <" + "*a " * 10_000 + "\n\n== *short*\n")
    first, second = document.outline.headings
    assert first.converted.startswith("&lt;*a *a")
    assert second.converted == "<strong>short</strong>"
    assert codes(document) == ["long-title"]


def test_attributes_that_double_each_other_stay_small() -> None:
    lines = [":a0: xxxxxxxxxxxxxxxx"]
    lines += [f":a{number}: {{a{number - 1}}}{{a{number - 1}}}" for number in range(1, 60)]
    document = read("\n".join([*lines, "", "[source,{a59}]", "----", "x", "----", ""]))
    (listing,) = document.outline.listings
    assert len(listing.language) < 100_000


def test_a_line_full_of_references_to_a_long_value_stays_small() -> None:
    document = read(f":a: {'x' * 50_000}\n\n[{'{a}' * 100_000}]\n----\nx\n----\n")
    (listing,) = document.outline.listings
    assert len(listing.style) < 3_000_000


def test_ten_thousand_includes_are_read() -> None:
    document = read("include::part.adoc[]\n\n" * 10_000, part="----\nx\n----\n")
    assert len(document.outline.listings) == 10_000
    assert codes(document) == []


def test_a_page_that_includes_itself_twice_ends() -> None:
    document = read("x\n\ninclude::page.adoc[]\n\ninclude::page.adoc[]\n")
    assert codes(document) == ["endless-include", "too-many-includes"]


def test_a_page_that_includes_itself_often_ends_soon() -> None:
    document = read("x\n\n" + "include::page.adoc[]\n\n" * 100)
    assert codes(document) == ["endless-include", "too-many-includes"]
    assert len(document.page.lines) < 100_000


def test_cycles_may_go_as_deep_as_includes_can_be_nested() -> None:
    deep = "----\nx\n----\n\ninclude::deep.adoc[]\n\n"
    document = read("include::deep.adoc[]\n\n" * 15, deep=deep)
    assert len(document.outline.listings) == 15 * 64
    assert codes(document) == ["endless-include"]


def test_looking_for_tags_in_a_large_file_ends() -> None:
    large = "x\n" * 30_000 + "// tag::a[]\ny\n// end::a[]\n"
    document = read("include::large.adoc[tag=a]\n\n" * 10_000, large=large)
    (problem,) = document.problems
    assert problem.code == "too-many-includes"
    assert "choose from more than 5000000 lines" in problem.message


def test_references_that_refer_to_each_other_are_converted_once() -> None:
    titles = [
        f"[[t{number}]]\n== <<T {number + 1} x>> <<t{number + 1}>>\n" for number in range(3000)
    ]
    document = read("\n".join(titles))
    assert len(document.outline.headings) == 3000
    assert document.outline.headings[0].converted.endswith('<a href="#t1">[T 2 x] [t2]</a>')


def test_many_titles_that_read_the_same_get_ids_of_their_own() -> None:
    document = read("== Same\n\n" * 5000 + "== <<_same_5000>>\n")
    assert document.outline.headings[-1].converted == '<a href="#_same_5000">Same</a>'


def test_values_in_single_quotes_too_long_to_convert_are_escaped_and_told() -> None:
    document = read("[source,'<" + "*a " * 10_000 + "']\n----\nx\n----\n")
    (listing,) = document.outline.listings
    assert listing.language.startswith("&lt;*a *a")
    assert codes(document) == ["long-title"]


def test_a_cycle_is_told_by_the_names_of_its_files() -> None:
    document = read("include::a.adoc[]\n", a="include::b.adoc[]\n", b="include::a.adoc[]\n")
    (problem,) = document.problems
    assert "b.adoc -> a.adoc -> b.adoc" in problem.message
    assert problem.related


def test_a_chain_without_a_cycle_ends_at_the_limit() -> None:
    chain = {f"n{number}": f"include::n{number + 1}.adoc[]\n" for number in range(100)}
    (problem,) = read("include::n0.adoc[]\n", **chain).problems
    assert problem.code == "endless-include"
    assert problem.span.source.path == "n63.adoc"


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("../../secret.adoc", "outside-include"),
        ("/etc/passwd", "outside-include"),
        ("{docdir}/../../secret.adoc", "outside-include"),
        ("link.adoc", "unresolved-include"),
        (".", "unresolved-include"),
        ("nul\0.adoc", "outside-include"),
        ("https://example.com/x.adoc", "remote-include"),
        ("file:///etc/passwd", "remote-include"),
    ],
)
def test_nothing_outside_the_root_is_read(tmp_path: Path, target: str, code: str) -> None:
    (tmp_path / "secret.adoc").write_text("----\nsecret\n----\n")
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "link.adoc").symlink_to(tmp_path / "secret.adoc")
    (docs / "page.adoc").write_text(f"include::{target}[]\n")
    files = DiskFiles(docs)
    document = read_document(read_page(files, "page.adoc"), files)
    assert codes(document) == [code]
    assert document.outline.listings == ()


@pytest.mark.parametrize("target", ["../secret.adoc", "link.adoc", "folder/secret.adoc"])
def test_whoever_follows_names_alone_reads_what_is_outside(tmp_path: Path, target: str) -> None:
    """The attack at work on a reader that only puts a name behind the root."""
    (tmp_path / "secret.adoc").write_text("----\nsecret\n----\n")
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "link.adoc").symlink_to(tmp_path / "secret.adoc")
    (docs / "folder").symlink_to(tmp_path)
    assert "secret" in (docs / target).read_text()
    files = DiskFiles(docs)
    (docs / "page.adoc").write_text(f"include::{target}[]\n")
    assert read_document(read_page(files, "page.adoc"), files).outline.listings == ()


SCRAPS = st.sampled_from(
    (
        *("== T", "----", "====", "--", "|===", "* a", "a::", "+", "", "[source,js]", "[[x]]"),
        *("include::page.adoc[depth=1]", "ifdef::a[]", "endif::[]", ":a: {b}", "////", "```"),
        *("<<<", "<1> a", "{a}", "[comment]", "text", "---", "//", "[", " x", "> q", ".t"),
        "include::x.adoc[tag=a]",
    )
)


@settings(max_examples=200, deadline=None)
@given(st.lists(SCRAPS | st.text(max_size=8), max_size=30).map("\n".join))
def test_any_lines_are_read_and_listings_stand_where_they_say(text: str) -> None:
    document = read(text)
    for listing in document.outline.listings:
        assert listing.span.source.path == "page.adoc"
        assert 0 <= listing.span.start <= listing.span.end <= len(text)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read(data: bytes) -> None:
    read_document(page_of_source(Source.of("page.adoc", data)))
