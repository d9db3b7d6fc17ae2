from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specgen.asciidoc.lists import ListItem, lists_of
from specgen.asciidoc.prose import prose_of
from specgen.source import Source, lines_of


def items_of(text: str) -> tuple[ListItem, ...]:
    return lists_of(lines_of(Source.of("page.asciidoc", text)))


def tree(text: str) -> list[str]:
    """Each item as `outer > label-or-text`."""
    items = items_of(text)
    names: list[str] = []
    for item in items:
        name = item.label or item.text
        names.append(name if item.parent is None else f"{names[item.parent]} > {name}")
    return names


def prose(text: str) -> list[str]:
    return [line.text for line in prose_of(lines_of(Source.of("page.asciidoc", text)))]


def test_a_labeled_list_gives_label_text_and_line() -> None:
    first, second = items_of("\n`sail`::\nMade of\nlinen. +\nHeavy.\n\n`oar`:: Made of ash.\n")
    assert (first.label, first.text, first.span.line) == ("`sail`", "Made of linen. Heavy.", 2)
    assert (second.label, second.text, second.span.line) == ("`oar`", "Made of ash.", 7)
    assert first.labeled
    assert first.span.text == "`sail`"


def test_a_text_may_come_after_a_blank_line_but_a_second_paragraph_must_be_attached() -> None:
    (item,) = items_of("mast::\n\nA tall spar.\n\nNo more of it.\n")
    assert item.text == "A tall spar."
    (item,) = items_of("mast::\nA tall spar.\n+\nMore of it.\n")
    assert item.text == "A tall spar. More of it."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a::\nx\nb:::\ny\nc::\nz\n", ["a", "a > b", "c"]),
        ("a::\nx\n* one\n** two\n* three\n", ["a", "a > one", "a > one > two", "a > three"]),
        ("a::\nx\n- one\n- two\n\nb:: y\n", ["a", "a > one", "a > two", "b"]),
        ("a::\n+\n--\nb:: y\n--\nc:: z\n", ["a", "a > b", "c"]),
        ("a::\n+\n.Title\n[%open]\n====\nb::\ny\n====\n\nc:: z\n", ["a", "a > b", "c"]),
        ("a::\n* one\n+\n====\nb:: y\n====\n", ["a", "a > one", "a > one > b"]),
        ("a::\n* one\n\n+\n====\nb:: y\n====\n", ["a", "a > one", "a > b"]),
        ("a:: x\n\n====\nb:: y\n====\nc:: z\n", ["a", "b", "c"]),
        ("a:: x\n\nA paragraph.\n\n* one\n", ["a", "one"]),
        ("a:: x\n\n----\ncode\n----\n* one\n", ["a", "one"]),
        ("a:: x\n+\n----\ncode\n----\n* one\n", ["a", "a > one"]),
        ("a:: x\n\n////\nhidden:: y\n////\n\nb:: z\n", ["a", "b"]),
        ("a:: x\n// hidden:: y\ninclude::more.txt[]\nb:: z\n", ["a", "b"]),
        ("1. one\n. half\n2. two\n", ["one", "one > half", "two"]),
    ],
)
def test_items_stand_where_the_rules_of_asciidoc_put_them(text: str, expected: list[str]) -> None:
    assert tree(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Rules for `mast`:\n- no list begins\n* inside a paragraph\n",
        "std::string is a type\n",
        "preview::[]\n",
        "include::shared.txt[tag=mast]\n",
        ":attribute: value\n",
        "----\nmast:: tall\n----\n",
        "|===\n| mast:: tall\n|===\n",
        "////\nmast:: tall\n////\n",
        "",
    ],
)
def test_what_only_looks_like_a_list_is_none(text: str) -> None:
    assert items_of(text) == ()


def test_an_attached_block_gives_its_paragraphs_to_the_item() -> None:
    (item,) = items_of("mast::\n+\n--\nTall.\n\nOf pine.\n--\n")
    assert item.text == "Tall. Of pine."


def test_a_literal_paragraph_belongs_to_the_item_and_is_no_text_of_it() -> None:
    assert tree("a::\nx\n\n  literal\n\n* one\n") == ["a", "a > one"]
    assert items_of("a::\nx\n\n  literal\n")[0].text == "x"


def test_prose_leaves_out_comments_directives_and_what_is_verbatim() -> None:
    text = (
        "one\n// no\n////\nno\n----\n////\n----\nno\n----\nifdef::x[]\ntwo\n```js\nno\n```\nthree"
    )
    assert prose(text) == ["one", "----", "two", "```js", "three"]


def test_a_verbatim_block_that_is_not_closed_reaches_to_the_end() -> None:
    assert prose("one\n----\ntwo\n") == ["one", "----"]


LINES = ["a::", "b::: (x)", "+", "--", "====", "----", "////", "", "* c", "** d", "text", " in"]


@given(st.lists(st.sampled_from(LINES), max_size=40))
def test_every_label_is_what_its_span_holds_and_items_stand_in_earlier_ones(
    lines: list[str],
) -> None:
    for index, item in enumerate(items_of("\n".join(lines))):
        assert item.span.text == (item.label or item.text.split(" ")[0])
        assert item.parent is None or item.parent < index


def test_deep_nesting_is_read_without_recursion() -> None:
    text = "".join(f"a{depth}::\n+\n{'=' * (4 + depth)}\n" for depth in range(1500))
    items = items_of(text)
    assert items[-1].parent == 1498
