"""`specgen explain`: every word that a report has in brackets has its page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from documented import table_of
from pages import answers, asks, page
from project import Project

from specgen.drift.causes import drift_of
from specgen.drift.causes.known import known_causes
from specgen.drift.explained import explained, explanation_of
from specgen.drift.report.results_reading import read_report
from specgen.problems import CODES
from specgen.replay.values import Kind

ROOT = Path(__file__).resolve().parents[1]
WORDS = [*(kind.value for kind in Kind), *CODES, *(cause.id for cause in known_causes())]


def explain(*words: str) -> tuple[int, str]:
    told = Project({}).run("explain", *words)
    return told.code, told.text


@pytest.mark.parametrize("word", WORDS)
def test_every_word_has_a_page(word: str) -> None:
    code, text = explain(word)
    assert code == 0
    assert text.startswith(f"{word}: ")
    means, _, rest = text.partition("\n\nExample:\n  ")
    example, _, hint = rest.partition("\n\nWhat to do:\n  ")
    assert len(means.split()) > 12
    assert example.strip()
    assert hint.strip()
    assert not re.search(r"[{]feature|[{]kind|None", text)
    assert max(map(len, means.split("\n"))) <= 100


def test_no_word_means_two_things_and_all_are_listed() -> None:
    assert len(WORDS) == len(set(WORDS))
    assert sorted(explained()) == sorted(WORDS)
    code, text = explain()
    assert code == 0
    assert re.findall(r"^  ([\w-]+) ", text, re.M) == list(explained())


@pytest.mark.parametrize("written", ["error[bad-option]", "[bad-option]", " bad-option"])
def test_a_word_may_be_written_as_messages_have_it(written: str) -> None:
    assert explain(written)[1].startswith("bad-option: ")


def test_a_feature_stands_in_the_page_of_its_cause() -> None:
    _, text = explain("query-unknown-common")
    assert "the target does not know the query `common`" in text


@pytest.mark.parametrize(
    ("written", "meant"),
    [("bad-opton", "bad-option"), ("missing-langage", "missing-language"), ("Value", "value")],
)
def test_a_word_that_there_is_not(written: str, meant: str) -> None:
    code, text = explain(written)
    assert code == 2
    assert f"there is nothing called '{written}'" in text
    assert f"did you mean '{meant}'?" in text


@pytest.mark.parametrize("written", ["", "xyzzy", "[", "?" * 10_000])
def test_what_is_like_no_word(written: str) -> None:
    code, text = explain(written)
    assert (code, "`specgen explain` lists all words" in text) == (2, True)


def test_the_ids_of_a_run_are_explained() -> None:
    pages = {
        "docs/a.asciidoc": page(
            asks("PUT books/_doc/1\n{}", name="a"),
            answers('{"_id": 1, "result": "created"}'),
            asks("GET books/_doc/1", "// TEST[catch:conflict]"),
            asks("GET _no_such_api", name="b"),
            asks("GET nowhere", name="c"),
            asks("GET _cat/nodes", name="d"),
            answers("no such text", "// TESTRESPONSE[non_json]"),
            asks("PUT books/_doc/1?version=7\n{}", name="e"),
            asks("PUT books", "// TEST[setup:library]"),
            asks("PUT e", "// TEST[catch:conflict]", "f"),
        ),
        "setups/library.console": "PUT books/_doc/1?version=7\n{}\n",
    }
    told = Project(pages).run("run", "docs", "--setups", "setups", "--json", "-")
    ids = [cause.id for cause in drift_of(read_report(told.out)).causes]
    assert len(ids) == 7
    for id in ids:
        found = explanation_of(id)
        assert found is not None
        assert found.sort == "a cause of drift"


def test_the_table_of_known_causes_is_complete() -> None:
    rows = [(id.strip("`"), title) for id, title in table_of("causes", "Known causes")]
    titles = {cause.id: cause.title.replace("{feature}", "…") for cause in known_causes()}
    assert list(rows) == list(titles.items())
