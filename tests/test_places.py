from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from specgen.dialect.contents import Substitution, raw_contents, substituted
from specgen.dialect.java_regex.patience import Patience
from specgen.dialect.values import Form
from specgen.places import Anchor, PlaceMap
from specgen.source import MappedText, Place, Source, lines_of

CHARACTERS = list('ab{}"1$ \t\u2028é😀')
LINES = st.lists(
    st.text(alphabet=st.sampled_from(CHARACTERS), max_size=8)
    | st.sampled_from(["a <1>", "<2> b <3>  ", "   ", "[^1]", "<1>"]),
    max_size=8,
)
SUBSTITUTIONS = (
    ("a", "b"),
    ("a", "aa"),
    ("b", ""),
    ("a\nb", "x"),
    ("\n", "\n\n"),
    ("$", "z"),
    ("^", "q"),
    ("[^a]", "-"),
    (r"(\S) (\S)", "$2\n$1"),
)


def contents_of(text: str, chosen: list[tuple[str, str]]) -> MappedText:
    source = Source.of("page.adoc", text)
    raw = raw_contents(list(lines_of(source)), Form.MODERN)
    wanted = [Substitution(pattern, replacement) for pattern, replacement in chosen]
    contents, problems = substituted(raw, wanted, source.span(0, 0), Patience())
    assert not problems
    return contents


@given(
    LINES,
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
    st.lists(st.sampled_from(SUBSTITUTIONS), max_size=3),
)
@example(["a <1>", "b"], "\n", True, [])
@example(["a <1> b  ", "", "c"], "\r\n", False, [("c", "d")])
def test_every_exact_character_has_its_true_place(
    lines: list[str], end: str, last_end: bool, chosen: list[tuple[str, str]]
) -> None:
    contents = contents_of(end.join(lines) + end * last_end, chosen)
    encoded = PlaceMap.of(contents).encode()
    places = PlaceMap.parse(encoded)
    assert places == PlaceMap.parse(places.encode())
    assert " " not in encoded
    for offset, character in enumerate(contents.text):
        if character != "\n" and contents.exact(offset, offset + 1):
            span = contents.span(offset, offset + 1)
            assert places.place(contents.text, offset) == span.place
            assert places.exact(offset)
            assert span.text == character


@given(LINES, st.lists(st.sampled_from(SUBSTITUTIONS), min_size=1, max_size=3))
def test_what_was_made_stands_for_what_it_replaced(
    lines: list[str], chosen: list[tuple[str, str]]
) -> None:
    contents = contents_of("\n".join(lines), chosen)
    places = PlaceMap.of(contents)
    for piece in contents.segments:
        made = contents.text[piece.start : piece.end]
        if not piece.exact and made.strip("\n"):
            for offset in range(piece.start, piece.end):
                assert places.place(contents.text, offset) == piece.span.place
                assert not places.exact(offset)


@given(
    st.lists(
        st.tuples(st.integers(1, 9), st.integers(1, 99), st.integers(1, 99), st.booleans()),
        min_size=1,
    )
)
def test_any_map_comes_back(steps: list[tuple[int, int, int, bool]]) -> None:
    anchors, offset = [], 0
    for step, line, column, exact in steps:
        anchors.append(Anchor(offset, Place(line, column), exact))
        offset += step
    places = PlaceMap(tuple(anchors))
    assert PlaceMap.parse(places.encode()) == places


def test_lines_that_follow_each_other_need_one_number() -> None:
    text = 'x\n{\n  "a": 1,   \n  "b": 2\n}\n'
    source = Source.of("page.adoc", text)
    lines = [line for line in lines_of(source) if line.number > 1]
    contents = raw_contents(lines, Form.MODERN)
    assert PlaceMap.of(contents).encode() == "2"


def test_a_callout_in_the_middle_needs_an_anchor() -> None:
    contents = contents_of('{\n"a": <1> 1\n}\n', [])
    assert contents.text == '{\n"a":  1\n}\n'
    places = PlaceMap.of(contents)
    assert places.place(contents.text, contents.text.index("1")) == Place(2, 10)
    assert places.place(contents.text, contents.text.index("}")) == Place(3, 1)


def test_a_substitution_is_marked_as_made() -> None:
    contents = contents_of("one two\nthree\n", [("two", "2")])
    places = PlaceMap.of(contents)
    assert places.encode() == "1,4:1.5~,5:1.8"
    assert [places.exact(offset) for offset in (3, 4, 5)] == [True, False, True]
    assert places.place(contents.text, contents.text.index("three")) == Place(2, 1)


@pytest.mark.parametrize("encoded", ["", "x", "1,", "1,2", "1,2:3", "1 2", "-1", "1,2:3.4~~"])
def test_something_else_is_no_map(encoded: str) -> None:
    with pytest.raises(ValueError, match="no place map"):
        PlaceMap.parse(encoded)
