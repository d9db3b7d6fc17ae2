"""Texts made of lines of several files: every character is found in the file where it stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specgen.files import MemoryFiles
from specgen.places import Anchor, PlaceMap
from specgen.plan.reading import PageStages, stages_of
from specgen.source import Place

LINES = st.lists(
    st.sampled_from(
        [
            "GET /a",
            '{ "a": 1 }',
            "  b <1> c",
            "\td  ",
            "",
            "include::one.txt[]",
            "ab ab",
            "\\include::a[]",
        ]
    ),
    max_size=6,
)
OPTIONS = st.sampled_from(["", "indent=0", "indent=3", "lines=1;2", "leveloffset=1"])
PAGE = "[source,console]\n----\n{body}\n----\n{marker}\n"


def follow(page: str, files: dict[str, str]) -> PageStages:
    every = MemoryFiles({"page.adoc": page, **files})
    return stages_of(every, "page.adoc", follow_snippets=True)


@given(LINES, LINES, LINES, OPTIONS, st.sampled_from(["", "// TEST[s/a/bb/]", "// TEST[s/\\n/x/]"]))
def test_every_exact_character_is_found_in_its_file(
    own: list[str], one: list[str], two: list[str], options: str, marker: str
) -> None:
    body = "\n".join((*own, f"include::two.txt[{options}]", *own))
    files = {"one.txt": "\n".join(one).replace("include", "x"), "two.txt": "\r\n".join(two)}
    stages = follow(PAGE.format(body=body, marker=marker), files)
    for snippet in stages.reading.snippets:
        contents = snippet.contents
        numbers = {"page.adoc": 0}
        encoded = PlaceMap.of(contents).encode(numbers)
        places = PlaceMap.parse(encoded, ["", *list(numbers)[1:]])
        for offset, character in enumerate(contents.text):
            if character != "\n" and contents.exact(offset, offset + 1):
                span = contents.span(offset, offset + 1)
                file = span.source.path if span.source.path != "page.adoc" else ""
                assert span.text == character
                assert (places.file(offset), places.place(contents.text, offset)) == (
                    file,
                    span.place,
                )


def test_a_map_names_its_files_by_number() -> None:
    anchors = (
        Anchor(0, Place(3, 1), True, "page.adoc"),
        Anchor(7, Place(1, 5), False, "part.adoc"),
        Anchor(9, Place(2, 1), True, "other.adoc"),
        Anchor(12, Place(9, 1), True, "part.adoc"),
    )
    numbers = {"page.adoc": 0}
    encoded = PlaceMap(anchors).encode(numbers)
    assert encoded == "3,7:1.5@1~,9:2.1@2,12:9.1@1"
    assert list(numbers) == ["page.adoc", "part.adoc", "other.adoc"]
    places = PlaceMap.parse(encoded, ["", "part.adoc", "other.adoc"])
    assert [places.file(offset) for offset in (0, 7, 9, 12)] == [
        "",
        "part.adoc",
        "other.adoc",
        "part.adoc",
    ]
    assert PlaceMap.parse("12@1", ["", "part.adoc"]).file(0) == "part.adoc"


@pytest.mark.parametrize("encoded", ["12@1", "3,7:1.5@2~", "12@", "@1", "12@x"])
def test_a_file_that_is_not_listed_is_no_place(encoded: str) -> None:
    with pytest.raises(ValueError, match="no place map"):
        PlaceMap.parse(encoded)
