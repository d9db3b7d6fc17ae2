"""What `specgen coverage` writes for browsers and services, from pages that mean no good too."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest
from project import Project
from test_coverage import SHELF

# What each element of Cobertura's form must hold: attributes, and children in this order.
FORM: dict[str, tuple[set[str], list[str]]] = {
    "coverage": (
        {
            "line-rate",
            "branch-rate",
            "lines-covered",
            "lines-valid",
            "branches-covered",
            "branches-valid",
            "complexity",
            "version",
            "timestamp",
        },
        ["sources", "packages"],
    ),
    "sources": (set(), ["source"]),
    "source": (set(), []),
    "packages": (set(), ["package"]),
    "package": ({"name", "line-rate", "branch-rate", "complexity"}, ["classes"]),
    "classes": (set(), ["class"]),
    "class": (
        {"name", "filename", "line-rate", "branch-rate", "complexity"},
        ["methods", "lines"],
    ),
    "methods": (set(), []),
    "lines": (set(), ["line"]),
    "line": ({"number", "hits"}, []),
}
MAY_HAVE = {"line": {"branch", "condition-coverage"}}
TWO_ON_A_LINE = SHELF.replace("`name`::", "`name`, `label`::")


def wrong_form(element: Element) -> list[str]:
    """What in a document is not of Cobertura's form."""
    attributes, children = FORM[element.tag]
    missing = attributes - element.attrib.keys()
    unknown = element.attrib.keys() - attributes - MAY_HAVE.get(element.tag, set())
    found = [f"{element.tag}: {name}" for name in sorted(missing | unknown)]
    tags = [child.tag for child in element]
    order = list(dict.fromkeys(tags))
    if order != [tag for tag in children if tag in tags] or set(tags) - set(children):
        found.append(f"{element.tag}: {tags}")
    return [*found, *(each for child in element for each in wrong_form(child))]


def cobertura(project: Project, *arguments: str) -> Element:
    told = project.run("coverage", *arguments, "--cobertura", "-")
    assert told.out.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE coverage SYSTEM ')
    document = fromstring(told.out)
    assert wrong_form(document) == []
    return document


def test_cobertura_has_a_class_a_page_and_a_line_for_what_it_documents() -> None:
    project = Project({"docs/a.adoc": SHELF, "docs/deep/er/b.adoc": TWO_ON_A_LINE})
    document = cobertura(project, "docs")
    assert [source.text for source in document.iter("source")] == ["docs"]
    assert [package.get("name") for package in document.iter("package")] == [".", "deep.er"]
    files = [each.get("filename") for each in document.iter("class")]
    assert files == ["a.adoc", "deep/er/b.adoc"]
    lines = {
        each.get("number"): each.get("hits") for each in document.findall(".//class[1]/lines/line")
    }
    assert len(lines) == 17
    assert (lines["5"], lines["7"], lines["9"]) == ("2", "2", "0")
    assert (lines["18"], lines["21"]) == ("2", "0")
    figures = {name: document.get(name) for name in ("lines-covered", "lines-valid", "line-rate")}
    assert figures == {"lines-covered": "20", "lines-valid": "34", "line-rate": "0.5882"}


def test_a_line_that_documents_two_things_is_a_branch() -> None:
    document = cobertura(Project({"docs/a.adoc": TWO_ON_A_LINE}), "docs")
    (line,) = [each for each in document.iter("line") if each.get("branch") == "true"]
    assert (line.get("hits"), line.get("condition-coverage")) == ("1", "50% (1/2)")
    assert (document.get("branches-covered"), document.get("branches-valid")) == ("1", "2")


def test_sources_are_relative_to_where_the_command_runs() -> None:
    document = cobertura(Project({"docs/x/a.adoc": SHELF}), "docs/x", "--docs-root", "docs")
    assert [source.text for source in document.iter("source")] == ["docs"]
    assert [each.get("filename") for each in document.iter("class")] == ["x/a.adoc"]


def test_a_wrong_form_is_found() -> None:
    line = '<lines><line number="1" hits="0" branch="false"/></lines>'
    assert wrong_form(fromstring(line)) == []
    assert wrong_form(fromstring(line.replace(' hits="0"', ""))) == ["line: hits"]
    assert wrong_form(fromstring("<lines><methods/></lines>")) == ["lines: ['methods']"]
    swapped = "<coverage><packages/><sources/></coverage>"
    assert "coverage: ['packages', 'sources']" in wrong_form(fromstring(swapped))


class Reader(HTMLParser):
    """Reads a report as a browser does: elements, their attributes, and the text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta", "input"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def values(self, name: str) -> list[str]:
        return [value for _, attributes in self.tags if (value := attributes.get(name)) is not None]


def report(project: Project, *arguments: str) -> Reader:
    told = project.run("coverage", *arguments, "--html", "report.html")
    assert told.code in {0, 3}, told.text
    return Reader((project.path / "report.html").read_text(encoding="utf-8"))


def test_the_report_tells_in_words_what_is_missing() -> None:
    read = report(Project({"docs/a.adoc": SHELF}), "docs")
    assert "Planned coverage 59%: 10 of 17 documented" in read.text
    assert "Put shelf API: 10 of 17 covered, 59%" in read.text
    assert "21 query parameter timeout `timeout`:: untouched no case sends it" in read.text
    assert "response field result `result`:: checked compared in 1 case" in read.text
    assert "GET /_shelf/{shelf_id}/_books 1 of 1 request" in read.text
    classes = Counter(read.values("class"))
    assert (classes["good covered"], classes["part covered"], classes["bad"]) == (9, 1, 7)


def test_a_report_of_results_says_so() -> None:
    page = SHELF.partition("== Response body")[0].replace("_shelf/<shelf_id>", "_cluster/health")
    page += "\n[source,console]\n----\nGET _cluster/health\n----\n"
    project = Project({"docs/a.adoc": page})
    project.run("run", "docs", "--json", "run.json")
    read = report(project, "docs", "--results", "run.json")
    assert "measured: 1 case that passed in run.json" in read.text
    assert "Measured coverage" in read.text


HOSTILE = """= <script>alert(1)</script> "quoted' </style><img src=x onerror=alert(1)> {{ 7*7 }}

== Request

`PUT _shelf/"><script>alert(2)</script>`

== Query parameters

`x"onmouseover=alert(3)//`::
(Optional, string) Never mind. </table>

== Examples

[source,console,id="</li><script>"]
----
GET _"><script>alert(4)</script>
----

[source,console]
----
PUT _shelf/\u202e<b>
----
"""


@pytest.mark.parametrize("results", [(), ("--includes", "ignore")])
def test_a_page_puts_nothing_but_text_into_the_report(results: tuple[str, ...]) -> None:
    name = "docs/<svg onload=alert(5)>&amp;'.adoc"
    read = report(Project({name: HOSTILE, "docs/b.adoc": SHELF}), "docs", *results)
    tags = {tag for tag, _ in read.tags}
    assert tags.isdisjoint({"script", "img", "svg", "b", "iframe", "link", "base", "form"})
    assert not [name for _, attributes in read.tags for name in attributes if name[:2] == "on"]
    assert "<script>alert(1)</script>" in read.text
    assert "{{ 7*7 }}" in read.text
    assert "\u202e" not in read.text
    assert read.open == []


def test_the_report_needs_and_allows_nothing_from_elsewhere() -> None:
    project = Project({"docs/a.adoc": SHELF})
    read = report(project, "docs")
    text = (project.path / "report.html").read_text(encoding="utf-8")
    (policy,) = [
        attributes["content"]
        for tag, attributes in read.tags
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.S)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    assert "style" not in {name for _, attributes in read.tags for name in attributes}
    assert read.values("src") == []
    assert "url(" not in style
    assert "@import" not in style
    targets = {value.removeprefix("#") for value in read.values("href")}
    assert targets <= set(read.values("id"))
    assert all(value.startswith("#") for value in read.values("href"))


def test_the_report_can_be_read_without_seeing_it() -> None:
    read = report(Project({"docs/a.adoc": SHELF}), "docs")
    assert ("html", {"lang": "en"}) in read.tags
    levels = [int(tag[1]) for tag, _ in read.tags if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    scopes = [attributes.get("scope") for tag, attributes in read.tags if tag == "th"]
    assert set(scopes) == {"col", "row"}
    named = set(read.values("aria-labelledby")) | set(read.values("for"))
    assert named <= set(read.values("id"))
    assert len(read.values("id")) == len(set(read.values("id")))


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_all_text_has_enough_contrast_by_day_and_by_night() -> None:
    style = (Path(__file__).resolve().parents[1] / "templates/report.css").read_text("utf-8")
    themes = [dict(re.findall(r"--([\w-]+): (#\w{6})", part)) for part in style.split("@media")[:2]]
    pairs = [("ink", "ground"), ("soft", "ground"), ("link", "ground"), ("soft", "band")]
    pairs += [(f"{tone}-ink", on) for tone in ("good", "part", "bad") for on in (tone, "ground")]
    for theme in themes:
        weak = [pair for pair in pairs if contrast(theme[pair[0]], theme[pair[1]]) < 4.5]
        assert weak == []
    assert contrast("#777777", "#ffffff") < 4.5 < contrast("#767676", "#ffffff")
