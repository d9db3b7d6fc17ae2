from __future__ import annotations

import pytest

from specgen.replay.numbers import java_text
from specgen.replay.stash import Stash, StashFailure
from specgen.replay.values import Json

STASH = Stash({"id": "a b", "n": 5, "items": [{"k.x": 1}], "gone": None})


def test_a_path_takes_the_text_of_a_value() -> None:
    assert STASH.resolve_text("_tasks/${id}?n=${n}") == "_tasks/a b?n=5"
    assert STASH.resolve_text("$n") == "5"
    assert STASH.resolve_text("_doc/$n") == "_doc/$n"


def test_the_last_response_is_called_body() -> None:
    stash = Stash({"n": 5})
    with pytest.raises(StashFailure, match=r"there is no value for \$body.id"):
        stash.value("$body.id")

    stash.set_body({"id": 7, "l": ["x"]})
    stash.set("m", 6)

    assert stash.resolve_text("_tasks/${body.id}/${body.l.0}/${n}/${m}") == "_tasks/7/x/5/6"
    stash.clear()
    for text in ("$body", "$n", "$m"):
        with pytest.raises(StashFailure):
            stash.value(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("$nothing", "there is no value for $nothing"),
        ("x${nothing}", "there is no value for ${nothing}"),
        ("$gone", "there is no value for $gone"),
        ("$", "there is no value for $"),
        ("$5.00", "there is no value for $5.00"),
        ("$items.1", "there is no item 1 in a list of 1"),
        ("$items.first", '"first" is no index, and there is a list of 1'),
        ("$n.x", '"x" cannot be looked up in a value that is no object and no list'),
    ],
)
def test_what_is_not_there_is_a_failure_and_no_empty_text(text: str, message: str) -> None:
    with pytest.raises(StashFailure) as caught:
        STASH.resolve_text(text)

    assert caught.value.message == message


def test_a_body_takes_values_of_any_type_and_keys() -> None:
    body: Json = {"$id": "$items", "l": ["$n", {"deep": "n is ${n}"}], "plain": "x $n"}

    assert STASH.resolve_json(body) == {
        "a b": [{"k.x": 1}],
        "l": [5, {"deep": "n is 5"}],
        "plain": "x $n",
    }


def test_path_is_the_place_where_it_stands() -> None:
    stash = Stash({"body": {"a.b": [0, {"c": "here"}]}})

    assert stash.resolve_json({"a.b": [0, {"c": "$body.$_path"}]}) == {"a.b": [0, {"c": "here"}]}


def test_two_keys_that_become_one_are_a_failure() -> None:
    with pytest.raises(StashFailure, match='becomes "5"'):
        STASH.resolve_json({"5": 1, "$n": 2})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1.0"),
        (1e7, "1.0E7"),
        (1.4436576e12, "1.4436576E12"),
        (0.001, "0.001"),
        (0.00012, "1.2E-4"),
        (-0.0, "-0.0"),
        (1234567.5, "1234567.5"),
        (float("inf"), "Infinity"),
        ({"type": "x", "l": [None, True, 2]}, "{type=x, l=[null, true, 2]}"),
    ],
)
def test_values_are_written_as_java_writes_them(value: Json, text: str) -> None:
    assert java_text(value) == text
