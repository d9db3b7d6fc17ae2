"""Pages cut into parts: `--shard I/N` by durations, and pages kept together by `-n N`."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pages import asks, page
from project import Project

from specgen.files import MemoryFiles
from specgen.plan.reading import stages_of
from specgen.render.module import render_plan
from specgen.render.rendered import RenderedCase
from specgen.replay.parts import deal, heaviest_first, page_weights

LOOK = "GET _cluster/health?filter_path=status"


@pytest.mark.parametrize(
    ("weights", "count", "parts"),
    [
        ({}, 2, ((), ())),
        ({"a": 5}, 1, (("a",),)),
        ({"a": 5}, 3, (("a",), (), ())),
        ({"a": 1, "b": 1, "c": 1, "d": 1}, 2, (("a", "c"), ("b", "d"))),
        ({"d": 1, "c": 1, "b": 1, "a": 1}, 2, (("a", "c"), ("b", "d"))),
        ({"a": 1, "b": 2, "c": 3, "d": 6}, 2, (("d",), ("a", "b", "c"))),
        ({"a": 9, "b": 5, "c": 4, "d": 3}, 2, (("a", "d"), ("b", "c"))),
        ({"a": 7, "b": 0, "c": 0, "d": 0}, 2, (("a",), ("b", "c", "d"))),
    ],
)
def test_the_lightest_part_gets_the_next_page(
    weights: Mapping[str, int], count: int, parts: tuple[tuple[str, ...], ...]
) -> None:
    assert deal(weights, count) == parts


WEIGHTS = st.dictionaries(st.text(max_size=3), st.integers(0, 100), max_size=12)


@settings(deadline=None)
@given(WEIGHTS, st.integers(1, 6))
def test_every_page_is_in_one_part_and_no_part_is_much_heavier(
    weights: dict[str, int], count: int
) -> None:
    parts = deal(weights, count)
    assert len(parts) == count
    assert sorted(name for part in parts for name in part) == sorted(weights)
    assert deal(dict(reversed(weights.items())), count) == parts
    heaviest = max(sum(weights[name] for name in part) for part in parts)
    most = max(weights.values(), default=0)
    assert heaviest * count <= sum(weights.values()) + (count - 1) * most


def cases_of(**texts: str) -> tuple[RenderedCase, ...]:
    files = MemoryFiles(texts)
    pages = (render_plan(stages_of(files, name).plan) for name in texts)
    return tuple(case for page in pages for case in page.cases)


def test_what_pages_weigh() -> None:
    texts = {
        "a": page(asks(LOOK, name="a1"), asks(LOOK, name="a2")),
        "b": page(asks(LOOK, name="b1"), asks(LOOK, "// TEST[skip:no]", name="b2")),
        "c": page(asks(LOOK, name="c1")),
    }
    cases, pages = cases_of(**texts), ["a", "b", "c", "d"]
    assert page_weights(pages, cases, {}) == {"a": 20_000, "b": 10_000, "c": 10_000, "d": 0}
    known = {"a::a1": 0.5, "b::b1": 0.25, "b::b2": 9.0, "x::x1": 7.0}
    # What is not known counts as the median of what is: here the lower of two.
    assert page_weights(pages, cases, known) == {"a": 7500, "b": 2500, "c": 2500, "d": 0}
    assert heaviest_first({"a": 1, "b": 7, "c": 1}) == ["b", "a", "c"]
    assert page_weights(["c"], cases_of(c=texts["c"]), {"c::c1": 0.0}) == {"c": 1}


PAGES = {f"docs/{name}.asciidoc": page(asks(LOOK, name=f"{name}1")) for name in "abcd"}


@pytest.fixture(scope="module")
def project() -> Project:
    return Project(PAGES)


def results_with(durations: Mapping[str, float], project: Project) -> str:
    """A result of all pages in which cases took as long as is said."""
    document = project.replay("docs").document
    for each in document["results"]:
        each["duration_s"] = durations[each["case"]]
    return json.dumps(document)


def pages_of(project: Project, *options: str) -> tuple[str, list[str]]:
    replayed = project.replay("docs", *options)
    return replayed.told.err.splitlines()[0], [each["case"] for each in replayed.results]


def test_pages_are_dealt_by_a_file_of_results(project: Project) -> None:
    durations = {"a1": 0.1, "b1": 0.2, "c1": 0.3, "d1": 0.6}
    project.write("before.json", results_with(durations, project))
    by_file = ("--durations", "before.json")
    told, first = pages_of(project, "--shard", "1/2", *by_file)
    assert first == ["d1"]
    assert told == "shard 1/2: pages are dealt by durations of before.json"
    assert pages_of(project, "--shard", "2/2", *by_file)[1] == ["a1", "b1", "c1"]


def test_a_first_run_has_no_file_of_durations(project: Project) -> None:
    told, first = pages_of(project, "--shard", "1/2", "--durations", "nowhere.json")
    assert first == ["a1", "c1"]
    assert told == "shard 1/2: pages are dealt by number of cases (no durations of nowhere.json)"


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"schema": 2}', "what\nis\nthis\n"])
def test_a_file_of_durations_that_is_none(project: Project, text: str) -> None:
    project.write("other.json", text)
    told = project.run("run", "docs", "--shard", "1/2", "--durations", "other.json")
    assert told.code == 2
    assert "--durations: other.json holds no results of `run --json`" in told.err


def test_the_last_run_of_all_pages_is_remembered() -> None:
    project = Project(PAGES)
    part = ("--shard", "1/2")
    why = "number of cases (no durations of the last run here)"
    assert pages_of(project, *part) == (f"shard 1/2: pages are dealt by {why}", ["a1", "c1"])
    # A part changes nothing, or the other part would be cut in another way.
    assert pages_of(project, "--shard", "2/2")[1] == ["b1", "d1"]
    project.run("run", "docs")
    told, _ = pages_of(project, *part)
    assert told == "shard 1/2: pages are dealt by durations of the last run here"
    assert not project.run("run", "docs", *part, "--quiet").err


def test_each_part_says_which_it_is(project: Project) -> None:
    parts = [project.replay("docs", "--shard", f"{i}/2", "--durations", "no") for i in (1, 2)]
    shards = [part.document["run"]["shard"] for part in parts]
    assert [(shard["parts"], shard["count"]) for shard in shards] == [([1], 2), ([2], 2)]
    assert shards[0]["deal"] == shards[1]["deal"]
    assert project.replay("docs").document["run"]["shard"] is None
