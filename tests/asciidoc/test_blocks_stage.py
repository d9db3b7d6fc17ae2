"""`specgen parse --stage blocks`: what it shows, and what it does with includes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from specgen.asciidoc.document import outline_of, read_document
from specgen.asciidoc.reader import page_of_source
from specgen.cli.main import run
from specgen.files import MemoryFiles
from specgen.plan.reading import stages_of
from specgen.source import Source

PAGE = """\
= Ferries

include::parts/shared.adoc[]

[discrete]
== Aside

[source,console]
----
GET /ferries <1>
----
"""
SHARED = "== Shared\n\n----\nshared\n----\n"


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts/shared.adoc").write_text(SHARED)
    (tmp_path / "page.adoc").write_text(PAGE)
    return tmp_path


def blocks(docs: Path, *options: str, code: int = 0) -> dict[str, Any]:
    out = docs / "out.json"
    page = str(docs / "page.adoc")
    arguments = [page, "--docs-root", str(docs), "--stage", "blocks", "--json", str(out)]
    assert run(["parse", *arguments, *options]) == code
    (found,) = json.loads(out.read_text("utf-8"))["pages"]
    assert isinstance(found, dict)
    return found


def test_includes_are_followed_and_keep_their_file(docs: Path) -> None:
    found = blocks(docs)
    assert found["page"] == "page.adoc"
    assert found["listings"] == [
        {
            "file": "parts/shared.adoc",
            "line": 3,
            "style": "listing",
            "language": None,
            "source": "shared",
        },
        {
            "file": "page.adoc",
            "line": 9,
            "style": "source",
            "language": "console",
            "source": "GET /ferries <1>",
        },
    ]
    assert found["sections"] == [
        {"file": "page.adoc", "line": 1, "level": 0, "title": "Ferries"},
        {"file": "parts/shared.adoc", "line": 1, "level": 1, "title": "Shared"},
    ]


def test_includes_are_left_out_where_that_is_asked_for(docs: Path) -> None:
    found = blocks(docs, "--includes", "ignore")
    assert [each["file"] for each in found["listings"]] == ["page.adoc"]
    assert [each["title"] for each in found["sections"]] == ["Ferries"]


def test_an_include_that_is_not_there_is_told_and_the_rest_is_read(
    docs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (docs / "parts/shared.adoc").write_text("include::gone.adoc[]\n\n== Shared\n")
    found = blocks(docs, code=3)
    assert [each["title"] for each in found["sections"]] == ["Ferries", "Shared"]
    told = capsys.readouterr().err
    assert "parts/shared.adoc:1:1: error[unresolved-include] parts/gone.adoc: no such file" in told


def test_attributes_come_from_the_command_line(docs: Path) -> None:
    (docs / "page.adoc").write_text("== {es}\n\nifdef::more[]\n== More\nendif::[]\n")
    found = blocks(docs, "--define", "es=Elasticsearch", "--define", "more=")
    assert [each["title"] for each in found["sections"]] == ["Elasticsearch", "More"]


def test_a_heading_knows_the_anchor_above_it_in_front_of_it_and_behind_it() -> None:
    text = "[[a]]\n== A\n\n== [[b]]B\n\n== C [[c]]\n\n[#d]\n== D [[no]]\n\n== E\n"
    outline = outline_of(page_of_source(Source.of("page.adoc", text)))
    told = [(heading.title, heading.anchor) for heading in outline.headings]
    assert told == [("A", "a"), ("B", "b"), ("C", "c"), ("D [[no]]", "d"), ("E", "")]
    assert [name for _, name in outline.anchors] == ["a", "b", "c", "d"]


def test_the_lines_of_a_document_are_those_of_its_files_in_order(docs: Path) -> None:
    files = MemoryFiles({"page.adoc": PAGE, "parts/shared.adoc": SHARED})
    document = read_document(page_of_source(files.read("page.adoc")), files)
    texts = [line.text for line in document.page.lines]
    assert texts == PAGE.replace("include::parts/shared.adoc[]\n", SHARED).splitlines()
    for line in document.page.lines:
        assert line.span.text == line.text
        inside = line.span.source.path == "parts/shared.adoc"
        assert [span.text for span in line.via] == ["include::parts/shared.adoc[]"] * inside


def test_what_is_included_or_defined_names_no_case() -> None:
    page = (
        "include::part.adoc[]\n\nifdef::x[]\n== Hidden\nendif::[]\n\n"
        "[source,console]\n----\nGET /\n----\n"
    )
    files = MemoryFiles({"page.adoc": page, "part.adoc": "== Part\n"})
    plain = stages_of(files, "page.adoc").plan.cases
    followed = stages_of(files, "page.adoc", attributes={"x": ""}, follow=True)
    assert [case.id for case in followed.plan.cases] == [case.id for case in plain]
    assert [heading.title for heading in followed.document.outline.headings] == ["Part", "Hidden"]
