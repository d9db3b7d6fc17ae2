from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specgen.replay.answers import AnswerUnreadable, read_body
from specgen.replay.compare import compare_body
from specgen.replay.describe import describe
from specgen.replay.fields import is_false, is_true
from specgen.replay.stash import Stash
from specgen.replay.values import ABSENT, Json, Kind, Mismatch

JSON = "application/json"


def differences(expected: str, actual: str, content_type: str = JSON) -> tuple[Mismatch, ...]:
    body = read_body(actual.encode(), content_type)
    return compare_body(expected, body, Stash({"body": body.value}))


def only(expected: str, actual: str, content_type: str = JSON) -> Mismatch:
    (found,) = differences(expected, actual, content_type)
    return found


def test_another_value_is_shown_at_its_place() -> None:
    page = '{"hits": {"total": 1, "a/b~": "noop"}}'

    found = only(page, '{"hits": {"total": 1, "a/b~": "updated"}}')

    assert found.kind is Kind.VALUE
    assert found.pointer == "/hits/a~1b~0"
    assert page[found.start : found.end] == '"noop"'
    assert (found.expected, found.actual) == ("noop", "updated")
    assert found.message == 'expected string "noop", found string "updated"'


@pytest.mark.parametrize(
    ("page", "actual", "message"),
    [
        ("1", "1.0", "expected integer 1, found float 1.0"),
        ("0.0", "-0.0", "expected float 0.0, found float -0.0"),
        ("true", '"true"', 'expected boolean true, found string "true"'),
        ("null", "[1, 2, 3]", "expected null, found list of 3"),
        ("[]", '{"a": 1}', "expected empty list, found object with 1 key"),
        ('""', '{"a": 1, "b": 2}', 'expected string "", found object with 2 keys'),
        ("{}", "[]", "expected empty object, found empty list"),
    ],
)
def test_messages_tell_value_and_type(page: str, actual: str, message: str) -> None:
    found = only(f'{{"a": {page}}}', f'{{"a": {actual}}}')

    assert found.message == message
    assert found.kind is (Kind.VALUE if "float -" in message else Kind.TYPE)


def test_all_differences_are_told_at_once() -> None:
    page = '{"took": 5, "gone": [1], "o": {"x": 1}}'

    found = differences(page, '{"took": 6, "o": {"x": 1, "new": null, "more": {}}}')

    assert [(item.kind, item.pointer) for item in found] == [
        (Kind.VALUE, "/took"),
        (Kind.MISSING, "/gone"),
        (Kind.SURPLUS, "/o/new"),
        (Kind.SURPLUS, "/o/more"),
    ]
    value, missing, surplus, _ = found
    assert page[value.start : value.end] == "5"
    assert page[missing.start : missing.end] == '"gone": [1]'
    assert (missing.expected, missing.actual) == ([1], ABSENT)
    assert missing.message == '"gone" is missing: expected list of 1'
    assert page[surplus.start :].startswith('{"x"')
    assert surplus.end == surplus.start + 1
    assert (surplus.expected, surplus.actual) == (ABSENT, None)
    assert surplus.message == '"new" is not documented: found null'


def test_the_same_items_in_another_order_are_one_difference() -> None:
    page = '{"l": [{"a": 1}, {"b": 1.0}, 3]}'

    found = only(page, '{"l": [3, {"b": 1.0}, {"a": 1}]}')

    assert (found.kind, found.pointer) == (Kind.ORDER, "/l")
    assert page[found.start : found.end] == '[{"a": 1}, {"b": 1.0}, 3]'
    assert found.message == "the same 3 items in another order"


def test_other_items_are_no_other_order() -> None:
    found = differences("[1, 2, 2]", "[2, 1, 1]")

    assert [(item.kind, item.pointer) for item in found] == [
        (Kind.VALUE, "/0"),
        (Kind.VALUE, "/1"),
        (Kind.VALUE, "/2"),
    ]


@pytest.mark.parametrize(
    ("page", "actual", "found"),
    [
        ("[1, 2, 3]", "[1, 3]", [(Kind.MISSING, "/1")]),
        ("[1, 2]", "[0, 1, 2]", [(Kind.SURPLUS, "/0")]),
        ("[1, 2]", "[1, 2, 3, 4]", [(Kind.SURPLUS, "/2"), (Kind.SURPLUS, "/3")]),
        ("[1, 2, 3]", "[1, 9]", [(Kind.VALUE, "/1"), (Kind.MISSING, "/2")]),
        ("[]", "[1]", [(Kind.SURPLUS, "/0")]),
        ("[1, 1]", "[1]", [(Kind.MISSING, "/1")]),
    ],
)
def test_lists_of_other_length(page: str, actual: str, found: list[tuple[Kind, str]]) -> None:
    assert [(item.kind, item.pointer) for item in differences(page, actual)] == found


def test_text_bodies() -> None:
    plain = "text/plain; charset=UTF-8"

    assert differences(r"/green \s+ open/", "green   open\n", plain) == ()
    assert only("/red/", "green\n", plain).kind is Kind.TEXT
    assert only("/(/", "(", plain).message.startswith("the pattern cannot be used")
    assert only("x", "y", plain).kind is Kind.TEXT
    assert only("/x/", "{}").message == "expected text with the pattern /x/, found empty object"
    assert only("1", "1", plain).kind is Kind.TYPE
    assert only('{"a": 1}', "", "").message == "expected object with 1 key, found nothing"


def test_a_value_of_the_stash_is_compared_at_the_place_that_asks_for_it() -> None:
    page = '{"a": "$body.b", "b": {"x": "$body.$_path"}}'

    found = only(page, '{"a": {"x": 2}, "b": {"x": 1}}')

    assert (found.pointer, found.expected, found.actual) == ("/a/x", 1, 2)
    assert page[found.start : found.end] == '"$body.b"'


def test_a_value_that_cannot_be_put_in_does_not_hide_the_rest() -> None:
    found = differences('{"a": "$nope", "b": 1, "c": "$body.c.d"}', '{"a": "", "b": 2}')

    assert [(item.pointer, item.kind, item.message) for item in found] == [
        ("/a", Kind.VALUE, "there is no value for $nope"),
        ("/b", Kind.VALUE, "expected integer 1, found integer 2"),
        ("/c", Kind.MISSING, '"c" is missing: expected string "$body.c.d"'),
    ]


def test_long_values_are_shortened() -> None:
    found = only('{"a": "' + "x" * 500 + '1"}', '{"a": "' + "x" * 500 + '2"}')

    assert 'x1", found string "…' in found.message
    assert found.message.endswith("different from character 501 on")
    assert len(found.message) < 200
    assert describe(10**5000) == "integer 1" + "0" * 78 + "…"
    assert len(describe("y" * 500)) < 100


def test_numbers_as_a_whole_are_compared_as_doubles() -> None:
    body = read_body(b'{"n": 70.0, "l": [1.0]}', JSON)

    assert compare_body("70", body, Stash(), "n") == ()
    (found,) = compare_body("2", body, Stash(), "l.0")
    assert found.pointer == "/l/0"
    (found,) = compare_body("2", body, Stash(), "l.7")
    assert (found.kind, found.message) == (Kind.MISSING, "there is no item 7 in a list of 1")


def test_floats_keep_their_digits_for_writing_back() -> None:
    value = read_body(b'{"a": 1.4436576E12}', JSON).value

    assert isinstance(value, dict)
    assert getattr(value["a"], "raw", None) == "1.4436576E12"


@pytest.mark.parametrize(
    ("data", "content_type", "message"),
    [
        ('{"a": 1, "a": 2}', JSON, 'the key "a" stands here twice'),
        ('{"a": NaN}', "application/vnd.elasticsearch+json;compatible-with=8", "NaN is no JSON"),
        ('{"a": 01}', JSON, "this is no JSON"),
        ("[" * 100_000, JSON, "nested more than 150 levels deep"),
        ("[" * 200 + "]" * 200, JSON, "nested more than 150 levels deep"),
        ("a: [", "application/yaml", "while parsing|expected|did not find"),
    ],
)
def test_a_response_that_cannot_be_read(data: str, content_type: str, message: str) -> None:
    with pytest.raises(AnswerUnreadable, match=message):
        read_body(data.encode(), content_type)


def test_yaml_is_parsed_and_newline_delimited_json_is_text() -> None:
    assert read_body(b"---\na:\n- b: 'x'\n  c: 010\n", "application/yaml").value == {
        "a": [{"b": "x", "c": 10}]
    }
    assert read_body(b"{}\n{}\n", "application/x-ndjson").is_text


@pytest.mark.parametrize(
    ("actual", "false"),
    [
        ("{}", True),
        ('{"_shards": {"failures": null}}', True),
        ('{"_shards": {"failures": "FALSE"}}', True),
        ('{"_shards": {"failures": ""}}', True),
        ('{"_shards": {"failures": 0}}', True),
        ('{"_shards": {"failures": []}}', False),
        ('{"_shards": {"failures": {}}}', False),
        ('{"_shards": {"failures": 0.0}}', False),
        ('{"_shards": {"failures": [{"shard": 0}]}}', False),
        ("[]", False),
        ('{"_shards": 1}', False),
    ],
)
def test_what_counts_as_false(actual: str, false: bool) -> None:
    assert is_false(read_body(actual.encode(), JSON), "_shards.failures", Stash()) is false


def test_a_text_body_has_no_fields() -> None:
    body = read_body(b"x", "text/plain")

    assert is_false(body, "_shards.failures", Stash())
    assert not is_true(body, "_shards.failures", Stash())


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from([0.0, 1.0, "", "a", "/a/"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner),
    max_leaves=8,
)


@settings(deadline=None)
@given(first=VALUES, second=VALUES)
def test_there_is_a_difference_exactly_where_the_json_differs(first: Json, second: Json) -> None:
    page, actual = json.dumps({"v": first}), json.dumps({"v": second})

    found = differences(page, actual)

    assert (found == ()) == (
        json.dumps(first, sort_keys=True) == json.dumps(second, sort_keys=True)
    )
    for mismatch in found:
        assert 0 <= mismatch.start <= mismatch.end <= len(page)


@settings(deadline=None)
@given(
    text=st.text(alphabet='{}[]:,"/*\\0.eE-+NaNInfinitytrue \n\x01', max_size=30),
    content_type=st.sampled_from([JSON, "application/yaml"]),
)
def test_any_response_is_read_or_refused(text: str, content_type: str) -> None:
    try:
        offset, value = 0, read_body(text.encode(), content_type).value
    except AnswerUnreadable as problem:
        offset, value = problem.offset, {}

    assert 0 <= offset <= len(text)
    assert isinstance(value, (dict, list))
