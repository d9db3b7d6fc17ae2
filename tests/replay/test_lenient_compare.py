from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from specgen.dialect.leniency import STRICT, ApiLeniency, Leniency
from specgen.replay.answers import ResponseBody, read_body
from specgen.replay.compare import compare_body
from specgen.replay.pairing import pairs_of
from specgen.replay.stash import Stash

WHOLE = ("",)


def told(page: str, answer: str, **lenient: tuple[str, ...]) -> list[tuple[str, str]]:
    """What differs: kinds and pointers."""
    body = read_body(answer.encode(), "application/json")
    return found(page, body, Leniency(**lenient))


def found(page: str, body: ResponseBody, leniency: Leniency) -> list[tuple[str, str]]:
    stash = Stash({"body": body.value})
    return [(m.kind.value, m.pointer) for m in compare_body(page, body, stash, leniency=leniency)]


@pytest.mark.parametrize(
    ("page", "answer", "ignore"),
    [
        ('{"took": 3}', '{"took": 9}', "/took"),
        ('{"took": 3}', '{"took": "9"}', "/took"),
        ('{"took": 3}', "{}", "/took"),
        ("{}", '{"took": 9}', "/took"),
        ('{"a": {"x": 1}}', '{"a": {"x": 2, "y": 3}}', "/a"),
        ('{"a": $body.b}', '{"a": 1}', "/a"),
        ('{"a": [{"x": 1}, {"x": 2}]}', '{"a": [{"x": 3}, {"x": 4}]}', "/a/*/x"),
        ('{"a": [{"x": 1, "y": 5}]}', '{"a": [{"y": 5}]}', "/a/*/x"),
        ('{"a": {"x": 1}}', '{"b": {"x": 1}}', "/*"),
        ('{"a": [1, 2, 3]}', '{"a": [1, 3]}', "/a/1"),
        ('{"a": [1, 3]}', '{"a": [1, 2, 3]}', "/a/1"),
        ('{"a": [1]}', '{"a": [1, 2, 3]}', "/a/*"),
        ('{"a": [1, 2]}', '{"a": []}', "/a/*"),
        ('{"id": 1, "a": {"id": 2, "b": [{"id": 3}]}}', '{"a": {"id": 4, "b": [{}]}}', "/**/id"),
        ('{"a": {"b": {"x": 1}}}', '{"a": {"b": {"x": 2}, "c": 1}}', "/a/**"),
        ('{"a": {"b": {"x": 1, "y": 1}}}', '{"a": {"b": {"x": 2, "y": 1}}}', "/**/b/x"),
        ('{"a": 1}', "[2]", "/**"),
        ('{"a/b": 1}', '{"a/b": 2}', "/a~1b"),
        ('{"a~b": 1}', '{"a~b": 2}', "/a~0b"),
        ('{"": 1}', '{"": 2}', "/"),
        ('{"*": 1}', '{"*": 2}', "/*"),
    ],
)
def test_what_is_ignored_does_not_count(page: str, answer: str, ignore: str) -> None:
    assert told(page, answer)
    assert told(page, answer, ignore=(ignore,)) == []


@pytest.mark.parametrize(
    ("page", "answer", "ignore", "left"),
    [
        ('{"took": 3, "x": 1}', '{"took": 9, "x": 2}', "/took", [("value", "/x")]),
        ('{"a": {"took": 3}}', '{"a": {"took": 9}}', "/took", [("value", "/a/took")]),
        ('{"a": [{"x": 1}]}', '{"a": [{"x": 2}]}', "/a/x", [("value", "/a/0/x")]),
        ('{"a": [{"x": 1}]}', '{"a": [{"x": 2}]}', "/*/x", [("value", "/a/0/x")]),
        ('{"a/b": 1}', '{"a/b": 2}', "/a/b", [("value", "/a~1b")]),
        ('{"a": [1, 2]}', '{"a": []}', "/a/0", [("missing", "/a/1")]),
        ('{"a": []}', '{"a": [1, 2]}', "/a/1", [("surplus", "/a/0")]),
        ('{"tooks": 3}', '{"tooks": 9}', "/took", [("value", "/tooks")]),
        ('{"a": {"b": 1}}', '{"a": 1}', "/a/b", [("type", "/a")]),
    ],
)
def test_all_else_counts(page: str, answer: str, ignore: str, left: list[tuple[str, str]]) -> None:
    assert told(page, answer, ignore=(ignore,)) == left


@pytest.mark.parametrize(
    ("page", "answer", "left"),
    [
        ('{"a": 1, "b": "x"}', '{"a": 2.5, "b": ""}', []),
        ('{"a": true, "b": null}', '{"a": false, "b": null}', []),
        ('{"a": true}', '{"a": "true"}', [("type", "/a")]),
        ('{"a": 1}', '{"a": null}', [("type", "/a")]),
        ('{"a": {}}', '{"a": []}', [("type", "/a")]),
        ('{"a": 1}', '{"b": 1}', [("missing", "/a"), ("surplus", "/b")]),
        ('{"a": {"b": 1}}', '{"a": {"b": 2, "c": 1}}', [("surplus", "/a/c")]),
        ("[1]", "[2, 3.5, 4]", []),
        ("[1, 2, 3]", "[]", []),
        ("[]", "[1]", [("surplus", "/0")]),
        ('[1, "x"]', '["y", 2, "z"]', []),
        ("[1]", '[1, "x"]', [("type", "/1")]),
        ('[{"a": 1}, {"b": 1}]', '[{"b": 2}, {"a": 2}, {"b": 3}]', []),
        ('[{"a": 1}, {"b": 1}]', '[{"c": 2}]', [("missing", "/0/a"), ("surplus", "/0/c")]),
        ("[[1], [[true]]]", "[[[false]], [2, 3]]", []),
        ('{"a": $body.b, "b": 1}', '{"a": 7, "b": 7}', []),
        ('{"a": $body.c}', '{"a": 7}', [("value", "/a")]),
    ],
)
def test_of_a_shape_keys_and_types_count(
    page: str, answer: str, left: list[tuple[str, str]]
) -> None:
    assert told(page, answer, shape=WHOLE) == left


def test_a_shape_begins_where_it_is_asked_for() -> None:
    page = '{"a": {"x": 1}, "b": {"x": 1}, "c": [{"x": 1}]}'
    answer = '{"a": {"x": 2}, "b": {"x": 2}, "c": [{"x": 2}, {"x": 3}]}'
    assert told(page, answer, shape=("/a", "/c")) == [("value", "/b/x")]
    assert told(page, answer, shape=("/*",)) == []


def test_of_a_text_only_its_type_counts() -> None:
    body = read_body(b"yellow open", "text/plain")
    assert found("/green/", body, STRICT) == [("text", "")]
    assert found("/green/", body, Leniency(shape=WHOLE)) == []
    assert found("/green/", body, Leniency(ignore=("/**",))) == []
    assert found('{"a": 1}', body, Leniency(shape=WHOLE)) == [("type", "")]


@pytest.mark.parametrize(
    ("page", "answer", "left"),
    [
        ("[1, 2, 3]", "[3, 1, 2]", []),
        ("[1, 1, 2]", "[1, 2, 2]", [("value", "/2")]),
        ("[1, 2, 3]", "[3, 1]", [("missing", "/1")]),
        ("[1]", "[0, 1]", [("surplus", "/0")]),
        ('[{"a": [1, 2]}]', '[{"a": [2, 1]}]', [("order", "/0/a")]),
        ("[1, 2]", "{}", [("type", "")]),
    ],
)
def test_the_order_of_items(page: str, answer: str, left: list[tuple[str, str]]) -> None:
    assert told(page, answer, unordered=WHOLE) == left


def test_items_are_paired_as_well_as_they_can_be() -> None:
    page = '{"hits": [{"id": 1}, {"id": 1, "tag": 5}]}'
    answer = '{"hits": [{"id": 1, "tag": 5}, {"id": 1, "tag": 6}]}'
    # The first documented item has the shape of both, and must leave one to the second.
    lenient: dict[str, tuple[str, ...]] = {"unordered": ("/hits",), "at_least": ("/hits",)}
    assert told(page, answer, **lenient) == []
    assert told(page, answer.replace("5", "7"), **lenient) == [("value", "/hits/1/tag")]


def test_leniency_holds_inside_of_items_in_any_order() -> None:
    page = '{"hits": [{"id": "a", "n": 1}, {"id": "b", "n": 2}]}'
    answer = '{"hits": [{"id": "x", "n": 2}, {"id": "y", "n": 1}]}'
    assert told(page, answer, unordered=("/hits",), ignore=("/hits/*/id",)) == []
    assert told(page, answer, unordered=("/hits",), shape=("/hits/*/id",)) == []
    assert told(page, answer, unordered=("/hits",)) != []


def test_more_keys_may_come_below() -> None:
    page, answer = '{"a": {"b": {"c": 1}}}', '{"x": 1, "a": {"x": 1, "b": {"x": 1, "c": 1}}}'
    assert told(page, answer, at_least=WHOLE) == []
    assert told(page, answer, at_least=("/a/b",)) == [("surplus", "/a/x"), ("surplus", "/x")]
    assert told(page, answer, at_least=("/a",)) == [("surplus", "/x")]
    assert told(page, '{"a": {"b": {}}}', at_least=WHOLE) == [("missing", "/a/b/c")]
    assert told("[1]", "[1, 2]", at_least=WHOLE) == [("surplus", "/1")]
    assert told(page, answer.replace('"c": 1', '"c": 2'), shape=WHOLE, at_least=WHOLE) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from([0.5, "", "a", "b~/"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["a", "b", "c/d", "~", ""]), inner, max_size=4)
    ),
    max_leaves=12,
)
POINTERS = st.lists(
    st.lists(st.sampled_from(["*", "**", "a", "b", "0", "1", "c~1d", "~0"]), max_size=3).map(
        lambda parts: "".join(f"/{part}" for part in parts)
    ),
    max_size=3,
).map(tuple)
LENIENT = st.builds(Leniency, POINTERS, POINTERS, POINTERS, POINTERS)


@given(JSON, JSON)
def test_with_every_difference_ignored_bodies_match(page: Any, answer: Any) -> None:
    body = read_body(json.dumps(answer).encode(), "application/json")
    differences = tuple(pointer for _, pointer in found(json.dumps(page), body, STRICT))
    assert found(json.dumps(page), body, Leniency(ignore=differences)) == []


@given(JSON, LENIENT)
def test_what_is_the_same_is_so_for_every_leniency(value: Any, lenient: Leniency) -> None:
    text = json.dumps(value)
    body = read_body(text.encode(), "application/json")
    assume(found(text, body, STRICT) == [])  # null alone is never there
    assert found(text, body, lenient) == []


@given(st.lists(JSON, max_size=5), st.randoms(use_true_random=False))
def test_items_may_be_shuffled(items: list[Any], random: Any) -> None:
    shuffled = random.sample(items, len(items))
    body = read_body(json.dumps(shuffled).encode(), "application/json")
    assert found(json.dumps(items), body, Leniency(unordered=WHOLE)) == []


@given(st.lists(st.lists(st.integers(0, 4), max_size=5, unique=True), max_size=5))
def test_as_many_items_are_paired_as_by_trying_all_ways(fits: list[list[int]]) -> None:
    pairs = pairs_of(fits)
    assert all(other in fits[item] for item, other in pairs.items())
    assert len(set(pairs.values())) == len(pairs)
    spare = [-1] * len(fits)
    ways = set(itertools.permutations([*range(5), *spare], len(fits)))
    most = max(sum(other in fit for other, fit in zip(way, fits, strict=True)) for way in ways)
    assert len(pairs) == most


def test_a_long_chain_of_pairs_is_found() -> None:
    fits = [[0], *([item - 1, item] for item in range(1, 2000))]
    assert pairs_of(fits[::-1]) == {item: 1999 - item for item in range(2000)}


@pytest.mark.parametrize(
    ("api", "path", "holds"),
    [
        ("_search", "books/_search", True),
        ("/_search/", "_search", True),
        ("_search", "books/_search/template", True),
        ("_search", "books/_search_shards", False),
        ("_cat/indices", "_cat/indices/b*", True),
        ("_cat/indices", "_cat/aliases", False),
        ("", "anything", True),
    ],
)
def test_the_api_of_a_request(api: str, path: str, holds: bool) -> None:
    assert ApiLeniency(api, STRICT).holds(path) is holds


def test_two_leniencies_are_added_up() -> None:
    both = Leniency(("/a",), shape=("/b",)).with_more(Leniency(("/a", "/c"), at_least=("",)))
    assert both == Leniency(("/a", "/c"), ("/b",), (), ("",))
    assert not STRICT
    assert both
