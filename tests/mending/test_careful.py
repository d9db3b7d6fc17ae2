"""What a careful writer does besides: names without their values, places and blanks as beside."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memory import Outcome, mended, page_with, said_by
from pages import answers, asks

from specgen.mending.values import NotMendable, Reason

VOLATILE = NotMendable(Reason.VOLATILE, "two replays gave something else each", only_value=True)


def page_showing(body: str, *others: str, marker: str = "") -> bytes:
    """A page that shows a body first, and others below it."""
    more = "\n".join(f"{asks('GET gulls')}\n{answers(each)}" for each in others)
    return page_with(body, f"{marker}\n\n{more}")


def shown_by(data: bytes) -> str:
    """The body that a page shows first."""
    return data.decode().partition("console-result]\n----\n")[2].partition("\n----")[0]


@pytest.mark.parametrize(
    ("body", "answer", "wanted"),
    [
        ("[1,2, 3,4]", "[1, 2, 5, 3, 4]", "[1,2,5, 3,4]"),
        ('{"a": [1,2], "b": 3}', '{"a": [1, 2, 3], "b": 3}', '{"a": [1,2,3], "b": 3}'),
        ('{"a": [1,2],"b": [3]}', '{"a": [1, 2], "b": [3, 4]}', '{"a": [1,2],"b": [3,4]}'),
        ("[1 , 2 , 3]", "[1, 2, 3, 4]", "[1 , 2 , 3 , 4]"),
        ("[1 , 2 , 3]", "[0, 1, 2, 3]", "[0 , 1 , 2 , 3]"),
        ("[1 , 2 , 3]", "[1, 7, 2, 3]", "[1 , 7 , 2 , 3]"),
        ('[1,2 ,"x", 3]', '[1, 2, "x", 3, "y"]', '[1,2 ,"x", 3,"y"]'),
        ("[\n  1 ,\n  2\n]", "[1, 2, 3]", "[\n  1 ,\n  2 ,\n  3\n]"),
        ('{"a": 1, "l": [5]}', '{"a": 1, "l": [[1, 2]]}', '{"a": 1, "l": [[1, 2]]}'),
    ],
)
def test_blanks_around_a_comma_are_those_of_its_neighbours(
    body: str, answer: str, wanted: str
) -> None:
    assert shown_by(mended(page_with(body), answer).data) == wanted


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.integers(0, 9), min_size=3, max_size=6),
    st.sampled_from([",", ", ", " , ", " ,"]),
    st.data(),
)
def test_an_item_that_was_gone_comes_back_as_it_stood(
    items: list[int], separator: str, data: st.DataObject
) -> None:
    page = page_with(f'{{"l": [{separator.join(map(str, items))}], "k": 1}}')
    place = data.draw(st.integers(0, len(items) - 1))
    fewer = [each for number, each in enumerate(items) if number != place]
    without = mended(page, json.dumps({"l": fewer, "k": 1}))
    assert said_by(without.data) == {"l": fewer, "k": 1}
    assert mended(without.data, json.dumps({"l": items, "k": 1})).data == page


@pytest.mark.parametrize(
    ("body", "others", "wanted"),
    [
        # As the other responses have it, although it came last.
        ('{"shards": 1, "more": 2}', ['{"valid": 1, "shards": 1}'], ["valid", "shards", "more"]),
        (
            '{"shards": 1, "more": 2}',
            ['{"shards": 1, "valid": 1, "more": 3}'],
            ["shards", "valid", "more"],
        ),
        # The others do not agree, or have only one of the keys: as it came.
        (
            '{"shards": 1, "more": 2}',
            ['{"valid": 1, "shards": 1}', '{"shards": 1, "valid": 1}'],
            ["shards", "more", "valid"],
        ),
        ('{"shards": 1, "more": 2}', ['{"valid": 1}'], ["shards", "more", "valid"]),
        # They stand elsewhere in theirs.
        (
            '{"shards": 1, "more": 2}',
            ['{"in": {"valid": 1, "shards": 1}}'],
            ["shards", "more", "valid"],
        ),
        # They are in another order in this response itself.
        (
            '{"shards": 1, "more": 2}',
            ['{"more": 1, "valid": 2, "shards": 3}'],
            ["shards", "more", "valid"],
        ),
        # What cannot be read has no order.
        ('{"shards": 1, "more": 2}', ["{{{"], ["shards", "more", "valid"]),
    ],
)
def test_a_key_has_the_place_that_other_responses_of_the_page_agree_on(
    body: str, others: list[str], wanted: list[str]
) -> None:
    page = page_showing(body, *others)
    outcome = mended(page, '{"shards": 1, "more": 2, "valid": true}')
    assert list(json.loads(shown_by(outcome.data))) == wanted


def test_the_body_itself_says_more_of_its_order_than_the_others_do() -> None:
    body = '{"l": [{"a": 1, "b": 2}, {"b": 2}]}'
    page = page_showing(body, '{"l": [{"b": 1, "a": 2}]}')
    outcome = mended(page, '{"l": [{"a": 1, "b": 2}, {"b": 2, "a": 1}]}')
    assert shown_by(outcome.data) == '{"l": [{"a": 1, "b": 2}, {"a": 1, "b": 2}]}'


def with_refused(data: bytes, answer: str, *pointers: str) -> Outcome:
    """Mends a page of which a second replay gave other values at some places."""
    return mended(data, answer, dict.fromkeys(pointers, VOLATILE))


def test_a_key_is_renamed_although_its_value_is_another_each_time() -> None:
    page = page_with('{\n  "state": 1,\n  "node_x": "abc"\n}', "// TESTRESPONSE[s/abc/$body.node/]")
    outcome = with_refused(page, '{"state": 1, "node": "zyx"}', "/node")
    assert shown_by(outcome.data) == '{\n  "state": 1,\n  "node": "abc"\n}'
    assert outcome.reasons == []  # the substitution asks for whatever came
    assert {each.renamed for each in outcome.page.mends} == {"/node"}


def test_a_value_that_no_substitution_asks_for_stays_and_is_told() -> None:
    page = page_with('{"took_x": 5, "state": 1}')
    outcome = with_refused(page, '{"took": 12, "state": 1}', "/took")
    assert shown_by(outcome.data) == '{"took": 5, "state": 1}'
    assert outcome.reasons == ["volatile"]


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ('{"took_x": "words", "state": 1}', '{"took": 12, "state": 1}'),  # of another type
        ('{"a": 5, "b": 6, "state": 1}', '{"took": 12, "state": 1}'),  # which of the two?
    ],
)
def test_a_name_is_not_taken_where_nobody_knows_whose_it_is(body: str, answer: str) -> None:
    outcome = with_refused(page_with(body), answer, "/took")
    assert shown_by(outcome.data).count("took") == shown_by(outcome.data).count("took_x")
    assert outcome.reasons == ["volatile"]


def test_an_object_is_renamed_and_what_is_of_the_moment_inside_it_is_left() -> None:
    body = '{\n  "nodes_x": {\n    "colour": "red",\n    "took": 5\n  }\n}'
    answer = '{"nodes": {"colour": "blue", "took": 12}}'
    outcome = with_refused(page_with(body), answer, "/nodes")
    assert shown_by(outcome.data) == body.replace("nodes_x", "nodes").replace("red", "blue")
    assert [each.pointer for each in outcome.page.refusals] == ["/nodes/took"]
