"""Markers into pages: nothing but the marker lines changes a byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specgen.asciidoc.reader import read_page
from specgen.dialect.snippets import find_snippets
from specgen.dialect.values import OptionName, Snippet
from specgen.files import MemoryFiles
from specgen.suggest.reference import NotWritable, reference_markers
from specgen.suggest.values import LineEdit, Place
from specgen.suggest.writing import edited, is_closed, own_markers

BODY = '{"took": 11, "id": "x", "of": {"a.b": 1}, "ids": ["p", "q"]}'


def ignore(*pointers: str) -> list[Place]:
    return [Place(OptionName.IGNORE, each, "") for each in pointers]


UNORDERED = Place(OptionName.UNORDERED, "/ids", "")


def snippet(text: str) -> Snippet:
    [found] = find_snippets(read_page(MemoryFiles({"p": text}), "p")).snippets
    return found


def page(*markers: str, body: str = BODY, end: str = "\n") -> str:
    lines = ["= T", "", "[source,console-result]", "----", body, "----", *markers, "", "Text.", ""]
    return end.join(lines)


def with_own(text: str, *places: Place) -> str:
    return edited(text.encode(), own_markers(snippet(text), places)).decode()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_marker_stands_below_the_others(end: str) -> None:
    places = (*ignore("/took", "/id"), UNORDERED)
    marker = "// SPECGEN[ignore:/took,/id unordered:/ids]"
    assert with_own(page(end=end), *places) == page(marker, end=end)
    other = "// TESTRESPONSE[s/x/y/]"
    assert with_own(page(other, end=end), *places) == page(other, marker, end=end)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[ignore:/x]", "[ignore:/x,/took unordered:/ids]"),
        ("[unordered:/x at-least]", "[unordered:/x,/ids at-least ignore:/took]"),
        ("[at-least]  ", "[at-least ignore:/took unordered:/ids]  "),
        ("[ignore:/x requires:version>=8]", "[ignore:/x,/took unordered:/ids requires:version>=8]"),
        ("[requires:version>=8]", "[ignore:/took unordered:/ids requires:version>=8]"),
    ],
)
def test_a_marker_that_is_there_takes_more(before: str, after: str) -> None:
    text = page(f"// SPECGEN{before}")
    assert with_own(text, *ignore("/took"), UNORDERED) == page(f"// SPECGEN{after}")


def test_a_page_that_ends_without_a_line_end_still_does() -> None:
    text = page().partition("\n\nText")[0]
    assert with_own(text, *ignore("/took")) == f"{text}\n// SPECGEN[ignore:/took]"


def test_bytes_that_are_no_text_stay() -> None:
    raw = b"\xef\xbb\xbf\xff\xfe \x80\n" + page("// SPECGEN[ignore:/\ufffd]").encode()
    [found] = find_snippets(read_page(MemoryFiles({"p": raw}), "p")).snippets
    after = edited(raw, own_markers(found, ignore("/took")))
    # What could not be read is not written anew: the marker gets a line of its own.
    assert after == raw.replace(
        "\ufffd]\n".encode(), "\ufffd]\n// SPECGEN[ignore:/took]\n".encode()
    )


def test_a_snippet_without_an_end_takes_none() -> None:
    assert is_closed(snippet(page()))
    assert not is_closed(snippet("[source,console-result]\n----\n{}\n"))
    assert not is_closed(snippet("[source,console-result]\n----"))


LINES = st.lists(
    st.tuples(
        st.binary(max_size=6).map(lambda raw: raw.replace(b"\r", b"").replace(b"\n", b"")),
        st.sampled_from([b"\n", b"\r\n", b"\r"]),
    ),
    min_size=1,
    max_size=8,
)
NEW = b"// SPECGEN[ignore:/new]"


@given(LINES, st.booleans(), st.data())
def test_without_the_new_lines_a_page_is_what_it_was(
    lines: list[tuple[bytes, bytes]], ended: bool, data: st.DataObject
) -> None:
    raw = b"".join(line + end for line, end in lines)
    count = len(raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")) - 1
    if not ended:
        raw += b"end"
        count += 1
    at = data.draw(st.sets(st.integers(1, count), min_size=1))
    after = edited(raw, [LineEdit(line, NEW.decode()) for line in at])
    assert after.count(NEW) == len(at)
    assert after.endswith((b"\n", b"\r")) == ended
    for new in (NEW + b"\r\n", NEW + b"\n", NEW + b"\r"):
        after = after.replace(new, b"")
    if after.endswith(NEW):
        after = after.removesuffix(NEW).rstrip(b"\r\n")
    assert after == raw


@given(st.permutations(["/took", "/id", "/of/a.b"]))
def test_no_edits_change_nothing_and_order_is_kept(pointers: list[str]) -> None:
    text = page()
    assert edited(text.encode(), []) == text.encode()
    assert f"// SPECGEN[ignore:{','.join(pointers)}]\n" in with_own(text, *ignore(*pointers))


def lines(body: str, *pointers: str) -> list[str]:
    found = snippet(page("// SPECGEN[at-least]", body=body))
    edits = reference_markers(found, ignore(*pointers))
    assert {each.line for each in edits} == {6}  # above SPECGEN, which stands last
    return [each.text.removeprefix("// TESTRESPONSE") for each in edits]


def test_the_same_in_the_words_of_the_reference() -> None:
    assert lines(BODY, "/took", "/id", "/ids/1") == [
        '[s/"took": 11/"took": $body.took/]',
        '[s/"id": "x"/"id": $body.id/]',
        '[s/"q"/$body.ids.1/]',
    ]


def test_the_place_itself_where_a_key_has_a_dot_or_the_text_stands_twice() -> None:
    assert lines(BODY, "/of/a.b") == ['[s/"a\\.b": 1/"a.b": $body.$_path/]']
    body = '{"took": 1, "of": [{"took": 1}]}'
    assert lines(body, "/took", "/of/0/took") == ['[s/"took": 1/"took": $body.$_path/]']


def test_a_number_is_not_the_beginning_of_another() -> None:
    body = '{"a": {"took": 1}, "b": {"took": 15}}'
    assert lines(body, "/a/took") == [r'[s/"took": 1\b/"took": $body.a.took/]']


def test_slashes_and_what_patterns_mean() -> None:
    assert lines('{"at": "a/b$c\\\\d[1]"}', "/at") == [
        r'[s/"at": "a\/b\$c\\\\d\[1\]"/"at": $body.at/]'
    ]


@pytest.mark.parametrize("pointer", ["/of", "/nowhere", "/x", "/ids/7"])
def test_what_a_substitution_cannot_name(pointer: str) -> None:
    body = '{"of": {"x": 1}, "x": 1, "ids": []}'
    with pytest.raises(NotWritable):
        lines(body, pointer)


def test_an_order_is_nothing_that_a_substitution_can_say() -> None:
    with pytest.raises(NotWritable, match="no order"):
        reference_markers(snippet(page()), [UNORDERED])
    with pytest.raises(NotWritable, match="repeated"):
        reference_markers(snippet(page()), [Place(OptionName.EVENTUALLY, "", "")])
