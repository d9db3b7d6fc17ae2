from __future__ import annotations

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from specgen.replay.flow import ExpectedUnreadable, read_expected
from specgen.replay.nodes import ListNode, Node, ObjectNode, Scalar, value_of
from specgen.replay.values import Json


def read(text: str) -> Json:
    return value_of(read_expected(text))


def trouble(text: str) -> tuple[str, int]:
    with pytest.raises(ExpectedUnreadable) as caught:
        read_expected(text)
    return caught.value.message, caught.value.offset


def test_every_key_and_value_knows_its_place() -> None:
    text = '{\n  "hits": [{"_id": $body.$_path, max: 1.50}]\n}'

    root = read_expected(text)

    assert isinstance(root, ObjectNode)
    (hits,) = root.members
    assert text[hits.start : hits.end] == '"hits"'
    assert isinstance(hits.value, ListNode)
    assert text[hits.value.start : hits.value.end] == '[{"_id": $body.$_path, max: 1.50}]'
    (hit,) = hits.value.items
    assert isinstance(hit, ObjectNode)
    assert [(member.key, text[member.start : member.end]) for member in hit.members] == [
        ("_id", '"_id"'),
        ("max", "max"),
    ]
    first, second = (member.value for member in hit.members)
    assert isinstance(first, Scalar)
    assert isinstance(second, Scalar)
    assert (first.value, first.raw) == ("$body.$_path", "$body.$_path")
    assert (second.value, second.raw) == (1.5, "1.50")


def test_triple_quotes_keep_their_lines_and_quotes_and_read_escapes() -> None:
    assert read('{"a": """x "y"\n  z\\t""", "b": 1}') == {"a": 'x "y"\n  z\t', "b": 1}
    assert read('""""""') == ""


def test_places_behind_triple_quotes_are_those_of_the_page() -> None:
    text = '{"a": """x\ny""", "b": nope}'

    root = read_expected(text)

    assert isinstance(root, ObjectNode)
    a, b = (member.value for member in root.members)
    assert text[a.start : a.end] == '"""x\ny"""'
    assert text[b.start : b.end] == "nope"


@pytest.mark.parametrize(
    ("text", "message", "offset"),
    [
        ('{"a": """x}', 'a """ string is not closed', 6),
        ('{"a": 1,, "b": 2}', 'expected a value, found ","', 8),
        ('{"a": 1 "b": 2}', 'expected "," or "}", found ":"', 11),
        ('{"a": [1, 2', 'expected "," or "]", found the end of the body', 11),
        ('{"a": 1} x', 'expected the end of the body, found "x"', 9),
        ('{"a":\t1}', "a tab cannot stand outside quotes", 5),
        ('{"a": "x\\/y"}', "there is no escape \\/ in double quotes", 8),
        ('{"a": """x\\d"""}', "there is no escape \\d in double quotes", 6),
        ('{"a": 1, b: 2, "a": 3}', 'the key "a" stands here twice', 15),
        ('{"a": 1_000}', "1_000 is no number: digits cannot be grouped by an underscore", 6),
        ('{"a": "x}', "a string is not closed", 6),
        ('{"a"\n: 1}', "a key and its colon must stand on one line", 1),
        ("{[1]: 1}", "a key must be text", 1),
        ('{"a": "\x01"}', "the character '\\x01' cannot stand here", 7),
        ("a: 1\na: 2", 'the key "a" stands here twice', 5),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(text: str, message: str, offset: int) -> None:
    assert trouble(text) == (message, offset)


def test_nesting_without_end_is_refused() -> None:
    assert trouble("[" * 100_000) == ("nested more than 150 levels deep", 150)
    assert trouble('{"a":' * 5_000)[0] == "nested more than 150 levels deep"
    assert "cannot be followed" in trouble("- &a [1]\n- *a")[0]


def test_integers_keep_all_their_digits() -> None:
    digits = "7" * 6_000

    value = read(f"[{digits}]")

    assert isinstance(value, list)
    assert isinstance(value[0], int)
    assert value[0] % 10**5 == 77_777
    assert value[0] // 10**5_999 == 7


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[a: 1, b]", [{"a": 1}, "b"]),
        ("[2018-01-01, 12:30, 0x1F, 010, y, no, ~, N/A]", None),
        ("'it''s\n  one'", "it's one"),
        ("- a: 1\n  b: [x]\n- '1'", [{"a": 1, "b": ["x"]}, "1"]),
        ('a: """x\n  y"""', {"a": "x\n  y"}),
        ("{a: !!str 1, b: &x 2, c: !!int '3'}", {"a": "1", "b": 2, "c": 3}),
    ],
)
def test_yaml_that_is_no_json(text: str, value: Json) -> None:
    expected = value or ["2018-01-01", "12:30", "0x1F", 10, "y", False, None, "N/A"]

    assert read(text) == expected


# A raw delete character is JSON, and refused by YAML.
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x7f"), max_size=9)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner),
    max_leaves=12,
)


@settings(deadline=None)
@given(value=JSON, indent=st.none() | st.just(2))
def test_json_reads_as_json(value: Json, indent: int | None) -> None:
    text = json.dumps(value, indent=indent)

    assert canonical(read(text)) == canonical(value)


def canonical(value: Json) -> str:
    return json.dumps(value, sort_keys=True)


@settings(deadline=None)
@given(text=st.text(alphabet="{}[]:,\"'\\/#&*!|>%@`?-+.e01_$ab \t\n\r\x85é😀", max_size=40))
@example('{"a": """')
@example("*")
@example("? a")
@example("{a: !!float x}")
@example("- - - -")
@example('a: "\\UFFFFFFFF"')
@example("a: 2001-99-99")
def test_any_text_is_read_or_refused(text: str) -> None:
    root, offset = read_or_refused(text)

    assert 0 <= offset <= len(text)
    if root is not None:
        check_places(root, text)


def read_or_refused(text: str) -> tuple[Node | None, int]:
    try:
        return read_expected(text), 0
    except ExpectedUnreadable as problem:
        return None, problem.offset


def check_places(node: Node, text: str) -> None:
    assert 0 <= node.start <= node.end <= len(text)
    match node:
        case Scalar():
            assert node.raw in ("", text[node.start : node.end])
        case ListNode():
            for item in node.items:
                check_places(item, text)
        case ObjectNode():
            for member in node.members:
                assert 0 <= member.start <= member.end <= len(text)
                check_places(member.value, text)
