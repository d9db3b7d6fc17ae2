from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specgen.source import MappedText, Place, Source, Span, lines_of

# Characters of which each ends a line for somebody, and some of every width.
TEXTS = st.text(alphabet=st.sampled_from(list("ab <1>\t\n\r\u2028\x0b\x0c\x85é😀\ufeff")))


def texts_of(text: str) -> list[str]:
    return [line.text for line in lines_of(Source.of("page.adoc", text))]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("one", ["one"]),
        ("one\n", ["one"]),
        ("one\ntwo", ["one", "two"]),
        ("one\r\ntwo\rthree\nfour\r\n", ["one", "two", "three", "four"]),
        ("one\n\r\ntwo", ["one", "", "two"]),
        ("\n\n", ["", ""]),
        ("one\u2028two\x0bthree\x0cfour\x85five\n", ["one\u2028two\x0bthree\x0cfour\x85five"]),
    ],
)
def test_lines_end_where_the_reference_ends_them(text: str, lines: list[str]) -> None:
    assert texts_of(text) == lines


def test_a_byte_order_mark_is_no_character_of_the_page() -> None:
    source = Source.of("page.adoc", b"\xef\xbb\xbf[source,js]\n")
    assert source.text == "[source,js]\n"
    assert source.locate(0) == Place(1, 1)
    assert source.data.startswith(b"\xef\xbb\xbf")


def test_only_the_first_byte_order_mark_goes() -> None:
    assert Source.of("page.adoc", "\ufeff\ufeffa").text == "\ufeffa"


def test_bytes_that_are_no_utf_8_are_shown_as_such() -> None:
    assert Source.of("page.adoc", b"a\xffb").text == "a\ufffdb"


def test_lone_surrogates_do_not_stop_the_reading() -> None:
    assert Source.of("page.adoc", "a\ud800b").text.startswith("a")


def test_sources_are_equal_by_path_and_bytes() -> None:
    source = Source.of("a.adoc", "x")
    assert source == Source.of("a.adoc", b"x")
    assert hash(source) == hash(Source.of("a.adoc", b"x"))
    assert source != Source.of("b.adoc", "x")
    assert source != Source.of("a.adoc", "y")


def test_a_place_counts_lines_and_columns_from_one() -> None:
    source = Source.of("page.adoc", "ab\r\ncd\n")
    assert [source.locate(offset) for offset in (0, 1, 2, 4, 5, 7)] == [
        Place(1, 1),
        Place(1, 2),
        Place(1, 3),
        Place(2, 1),
        Place(2, 2),
        Place(3, 1),
    ]
    assert [source.line_text(line) for line in (0, 1, 2, 3, 4)] == ["", "ab", "cd", "", ""]


def test_a_span_shows_itself_as_editors_do() -> None:
    span = Source.of("docs/page.adoc", "ab\ncd").span(4, 5)
    assert (str(span), span.text, span.line) == ("docs/page.adoc:2:2", "d", 2)
    with pytest.raises(AttributeError):
        span.start = 0  # type: ignore[misc]


@given(TEXTS)
def test_lines_and_their_ends_are_the_whole_page(text: str) -> None:
    source = Source.of("page.adoc", text)
    lines = list(lines_of(source))
    rest = source.text
    for number, line in enumerate(lines, 1):
        assert rest.startswith(line.text)
        assert (line.number, line.text) == (number, source.line_text(number))
        assert line.span.text == line.text
        rest = rest[len(line.text) :]
        end = next((end for end in ("\r\n", "\n", "\r") if rest.startswith(end)), "")
        rest = rest.removeprefix(end)
    assert not rest


@given(TEXTS, st.data())
def test_a_place_leads_back_to_its_offset(text: str, data: st.DataObject) -> None:
    source = Source.of("page.adoc", text)
    offset = data.draw(st.integers(0, len(source.text)))
    line, column = source.locate(offset)
    assert source.line_starts[line - 1] + column - 1 == offset


def exact_pieces_are_exact(mapped: MappedText) -> bool:
    at = 0
    for piece in mapped.segments:
        assert piece.start == at
        at = piece.end
        if piece.exact:
            assert piece.span.text == mapped.text[piece.start : piece.end]
    assert at == len(mapped.text)
    return True


@st.composite
def mapped_texts(draw: st.DrawFn) -> MappedText:
    """Pieces of a page, exact ones and made ones, in any order."""
    source = Source.of("page.adoc", draw(TEXTS))
    parts = []
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(source.text)))
        span = Span(source, start, draw(st.integers(start, len(source.text))))
        made = draw(st.booleans())
        parts.append(MappedText.made(draw(TEXTS), span) if made else MappedText.of(span))
    return MappedText.join(parts)


@given(mapped_texts(), st.data())
def test_a_slice_keeps_the_places(mapped: MappedText, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(mapped.text)))
    end = data.draw(st.integers(start, len(mapped.text)))
    part = mapped.slice(start, end)
    assert part.text == mapped.text[start:end]
    assert exact_pieces_are_exact(part)
    for offset in range(start, end):
        if mapped.exact(offset, offset + 1):
            assert part.span(offset - start, offset - start + 1) == mapped.span(offset, offset + 1)


@given(mapped_texts(), TEXTS, st.data())
def test_a_replacement_keeps_what_is_around_it(
    mapped: MappedText, made: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(mapped.text)))
    end = data.draw(st.integers(start, len(mapped.text)))
    replaced = mapped.replace(start, end, made)
    assert replaced.text == mapped.text[:start] + made + mapped.text[end:]
    assert exact_pieces_are_exact(replaced)


@given(st.lists(mapped_texts(), max_size=4))
def test_joined_texts_keep_their_places(parts: list[MappedText]) -> None:
    joined = MappedText.join(parts)
    assert joined.text == "".join(part.text for part in parts)
    assert exact_pieces_are_exact(joined)


def test_neighbours_become_one_piece() -> None:
    source = Source.of("page.adoc", "abcdef")
    halves = MappedText.of(source.span(0, 3)), MappedText.of(source.span(3, 6))
    assert MappedText.join(halves) == MappedText.of(source.span(0, 6))
    assert len(MappedText.join(reversed(halves)).segments) == 2


def test_what_was_made_is_never_exact() -> None:
    source = Source.of("page.adoc", "abcdef")
    mapped = MappedText.of(source.span(0, 6)).replace(2, 4, "cd")
    assert mapped.text == "abcdef"
    assert mapped.exact(0, 2)
    assert not mapped.exact(2, 3)
    assert not mapped.exact(1, 5)
    assert mapped.span(2, 3) == source.span(2, 4)
    assert mapped.span(1, 5) == source.span(1, 5)


def test_a_stretch_over_two_sources_stands_in_the_first() -> None:
    one, two = Source.of("a.adoc", "abc"), Source.of("b.adoc", "def")
    mapped = MappedText.join((MappedText.of(one.span(0, 3)), MappedText.of(two.span(0, 3))))
    assert mapped.span(1, 5) == one.span(1, 3)
    assert mapped.span(4, 5) == two.span(1, 2)


def test_a_text_without_pieces_stands_nowhere() -> None:
    with pytest.raises(ValueError, match="no place"):
        MappedText("", ()).span(0)
