from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from page_invariants import lies_in_its_source, read_as_page, slices_to_its_text

from specgen.source import MappedText, Segment, Source

FOLDER = Path(__file__).resolve().parent
SEEDS = sorted((FOLDER / "corpus").iterdir())


def words() -> Iterator[bytes]:
    """What the dictionary of the other fuzzer holds, and the lines of its seeds."""
    for line in (FOLDER / "page.dict").read_text(encoding="utf-8").splitlines():
        if line.startswith('"'):
            word: bytes = ast.literal_eval(f"b{line}")
            yield word
    for seed in SEEDS:
        yield from seed.read_bytes().splitlines(keepends=True)


PIECES = st.sampled_from(sorted(set(words()))) | st.text(max_size=8).map(str.encode)
PAGES = st.lists(PIECES, max_size=40).map(b"".join)


@settings(max_examples=150, deadline=None)
@given(page=PAGES)
def test_whatever_a_page_says_it_is_read_and_every_span_is_true(page: bytes) -> None:
    read_as_page(page)


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.name)
def test_the_seeds_are_read(seed: Path) -> None:
    read_as_page(seed.read_bytes())


# What fuzzing found, each reduced to what it needs.
@pytest.mark.parametrize("text", ["----\nx", "----\r\nGET /\r\n \r\n----\r\n", "----\rx \r----\r"])
def test_what_once_failed(text: str) -> None:
    read_as_page(text)


@pytest.mark.parametrize(
    "segment",
    [
        (0, 3, 0, 4, False),  # covers too little
        (0, 4, 1, 5, True),  # another stretch of the page
        (1, 4, 1, 4, True),  # leaves out the start
        (0, 4, 3, 9, False),  # beyond the page
    ],
)
def test_a_map_that_lies_is_seen(segment: tuple[int, int, int, int, bool]) -> None:
    start, end, first, last, exact = segment
    source = Source.of("page.adoc", "abcdefg")
    text = MappedText("abcd", (Segment(start, end, source.span(first, last), exact),))
    with pytest.raises(AssertionError):
        slices_to_its_text(text)


def test_a_span_beyond_its_source_is_seen() -> None:
    source = Source.of("page.adoc", "abc")
    lies_in_its_source(source.span(3, 3))
    with pytest.raises(AssertionError):
        lies_in_its_source(source.span(3, 4))
