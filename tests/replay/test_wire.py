from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specgen.replay.stash import Stash, StashFailure
from specgen.replay.wire import BodyUnreadable, body_bytes

STASH = Stash({"id": "x", "n": [1]})


def sent(text: str) -> str | None:
    data = body_bytes(text, STASH)
    return None if data is None else data.decode()


def test_the_text_of_the_page_is_sent_as_it_stands() -> None:
    body = '{\n  "z" : 1.50,\n  "a": "\\u00e9 x $n"\n}'

    assert sent(body + "\n") == body


def test_several_objects_get_a_line_each() -> None:
    assert sent('{"index":{}}\n{\n  "a":  1\n}\n\n{}') == '{"index":{}}\n{"a":  1}\n{}\n'


def test_one_object_gets_no_newline() -> None:
    assert sent('{"delete":{}}\n') == '{"delete":{}}'


@pytest.mark.parametrize("text", ["", "\n \n", "// nothing\n", "/* nothing */"])
def test_nothing_is_no_body(text: str) -> None:
    assert sent(text) is None


def test_triple_quotes_become_a_string() -> None:
    assert sent('{"a": """say "x"\nin \\\\d"""}') == '{"a": "say \\"x\\"\\nin \\\\d"}'


def test_comments_are_left_out_but_not_inside_strings() -> None:
    data = sent('{"a": "http://x", // c\n /* d */ "b": "/* e */"}')

    assert data is not None
    assert "http://x" in data
    assert "/* e */" in data
    assert "// c" not in data
    assert "/* d */" not in data


def test_values_are_put_in_and_the_order_stays() -> None:
    assert sent('{"z": "$n", "$id": "a ${id}"}') == '{"z": [1], "x": "a x"}'


def test_a_value_that_is_not_there_is_a_failure() -> None:
    with pytest.raises(StashFailure, match="nothing"):
        sent('{"a": "$nothing"}')


@pytest.mark.parametrize(
    ("text", "message", "offset"),
    [
        ("[1]", "a body is made of JSON objects, found list of 1", 0),
        ('{"a": 1}\n5', "a body is made of JSON objects, found integer 5", 9),
        ('{"a": 1, "b": {"c": 1, "c": 2}}', 'the key "c" stands here twice', 23),
        ('{"a": """x\ny""", "b": NaN}', "NaN is no JSON", 22),
        ('{"a": 1} # c', "this is no JSON: expecting value", 9),
        ('{"a": """x}', 'a """ string is not closed', 6),
        ('  {"a": 1}\n{"b": 2}', "this line is indented less than the first line of the body", 11),
        ('{"a":' * 200 + "1" + "}" * 200, "nested more than 150 levels deep", 0),
        ('{"a":' + "[" * 100_000, "nested more than 150 levels deep", 0),
    ],
)
def test_what_cannot_be_sent_is_told_with_its_place(text: str, message: str, offset: int) -> None:
    with pytest.raises(BodyUnreadable) as caught:
        sent(text)

    assert (caught.value.message, caught.value.offset) == (message, offset)


@settings(deadline=None)
@given(text=st.text(alphabet='{}[]:,"/*\\0.eE-#aNtrue \n\t$', max_size=30))
def test_any_text_is_sent_as_objects_or_refused(text: str) -> None:
    try:
        offset, data = 0, sent("{" + text)
    except BodyUnreadable as problem:
        offset, data = problem.offset, None
    except StashFailure:
        return

    assert 0 <= offset <= len(text) + 1
    if data is not None:
        for line in data.splitlines() if data.endswith("\n") else [data]:
            assert isinstance(json.loads(line), dict)
