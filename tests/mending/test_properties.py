"""Random edits of random bodies: what is mended says what came, and no other byte changes."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from memory import as_json, differences, mended, page_with, said_by

KEYS = st.text("abcdefgh_.-", min_size=1, max_size=6)
# `$` would be looked up, `{x}` is an attribute: both are refused, and tested elsewhere.
TEXTS = st.text(
    st.characters(exclude_characters="${}", exclude_categories=["Cs"]), max_size=12
) | st.sampled_from(["<1>", "[^1]", 'a "b"', "back\\slash", "a\nb", "", "tab\t", "yes", "012"])
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
BODIES = st.dictionaries(KEYS, VALUES, min_size=1, max_size=5)


def written(value: Any, draw: Any, indent: str = "", step: str = "  ", colon: str = ": ") -> str:
    """JSON as people write it: now on one line, now on several."""
    if not isinstance(value, dict | list) or not value:
        return as_json(value).replace("\x7f", "\\u007f")
    deeper = indent + step
    parts = value if isinstance(value, list) else value.values()
    texts = [written(each, draw, deeper, step, colon) for each in parts]
    if isinstance(value, dict):
        texts = [f"{as_json(key)}{colon}{text}" for key, text in zip(value, texts, strict=True)]
    left, right = "{}" if isinstance(value, dict) else "[]"
    if not any("\n" in text for text in texts) and draw(st.booleans()):
        return f"{left}{', '.join(texts)}{right}"
    lines = f",\n{deeper}".join(texts)
    return f"{left}\n{deeper}{lines}\n{indent}{right}"


@st.composite
def pages(draw: Any, value: Any) -> bytes:
    """A page that shows a value, in some style and some encoding."""
    step, colon = (
        draw(st.sampled_from(["  ", "   ", "    "])),
        draw(st.sampled_from([": ", " : ", ":"])),
    )
    body = written(value, draw, step=step, colon=colon)
    data = page_with(escaped(body), end=draw(st.sampled_from(["\n", "\r\n"])))
    if draw(st.booleans()):
        data = data.replace(b"Some words.", b"Some \xff\xfe\xe2\x82 words.\xc3")
    return b"\xef\xbb\xbf" + data if draw(st.booleans()) else data


def escaped(text: str) -> str:
    """What cannot stand in a page as it is: callouts, and characters that YAML does not take."""
    text = text.replace("<1>", "\\u003c1>").replace("[^1]", "\\u005b^1]")
    return "".join(each if is_plain(each) else f"\\u{ord(each):04x}" for each in text)


def is_plain(sign: str) -> bool:
    code = ord(sign)
    return (
        sign == "\n"
        or 0x20 <= code < 0x7F
        or (0xA0 <= code < 0xD800 and code not in (0x2028, 0x2029))
        or (0xE000 <= code < 0xFEFF or 0xFF00 <= code < 0xFFFE)
        or code > 0xFFFF
    )


@st.composite
def edits(draw: Any, value: Any) -> Any:
    """A value with something in it changed, put in, or taken out."""
    value = copy.deepcopy(value)
    for _ in range(draw(st.integers(1, 3))):
        at = value
        while isinstance(at, dict | list) and at and draw(st.integers(0, 2)):
            below = (
                at[draw(st.sampled_from(sorted(at)))]
                if isinstance(at, dict)
                else at[draw(st.integers(0, len(at) - 1))]
            )
            if not isinstance(below, dict | list):
                break
            at = below
        change(at, draw)
    return value


def change(at: Any, draw: Any) -> None:
    new = draw(VALUES)
    if isinstance(at, dict):
        what = draw(st.sampled_from(["set", "add", "remove"]))
        if what == "remove" and len(at) > 1:
            del at[draw(st.sampled_from(sorted(at)))]
        elif what == "set" and at:
            at[draw(st.sampled_from(sorted(at)))] = draw(SCALARS | VALUES)
        else:
            items = list(at.items())
            items.insert(draw(st.integers(0, len(items))), (draw(KEYS), new))
            at.clear()
            at.update(items)
        return
    place = draw(st.integers(0, len(at)))
    if at and place < len(at) and draw(st.booleans()):
        del at[place]
    else:
        at.insert(place, new)


def block_of(data: bytes) -> tuple[bytes, bytes]:
    """What stands before and behind the documented body."""
    before, _, rest = data.partition(b"console-result]")
    return before, rest.rpartition(b"----")[2]


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_mended_page_says_what_came_and_nothing_else_changes(data: st.DataObject) -> None:
    value = data.draw(BODIES)
    came = data.draw(edits(value))
    page = data.draw(pages(value))
    answer = json.dumps(came, ensure_ascii=False)
    outcome = mended(page, answer)
    assert block_of(outcome.data) == block_of(page)
    left = [each.pointer for each in differences(outcome.data, answer)]
    assert left == [each.pointer for each in outcome.page.refusals]
    assert left == []
    assert as_json(said_by(outcome.data)) == as_json(ordered_as(said_by(outcome.data), came))
    assert mended(outcome.data, answer).page.texts == ()


def ordered_as(order: Any, value: Any) -> Any:
    """A value with its keys in the order of another one: keys that were there keep theirs."""
    if isinstance(value, dict) and isinstance(order, dict):
        assert set(value) == set(order)
        return {key: ordered_as(order[key], value[key]) for key in order}
    if isinstance(value, list) and isinstance(order, list):
        return [ordered_as(one, other) for one, other in zip(order, value, strict=True)]
    return value


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_page_that_is_true_is_left_alone(data: st.DataObject) -> None:
    value = data.draw(BODIES)
    page = data.draw(pages(value))
    outcome = mended(page, json.dumps(value))
    assert (outcome.data, outcome.page.mends, outcome.page.refusals) == (page, (), ())


@st.composite
def other_scalars(draw: Any, value: Any) -> Any:
    """The same with other scalars in the same places."""
    if isinstance(value, dict):
        return {key: draw(other_scalars(each)) for key, each in value.items()}
    if isinstance(value, list):
        return [draw(other_scalars(each)) for each in value]
    return draw(SCALARS) if draw(st.booleans()) else value


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_mending_back_gives_the_same_bytes_where_only_values_changed(data: st.DataObject) -> None:
    value = data.draw(BODIES)
    came = data.draw(other_scalars(value))
    page = data.draw(pages(value))
    forth = mended(page, json.dumps(came, ensure_ascii=False))
    assert forth.page.refusals == ()
    assert as_json(said_by(forth.data)) == as_json(came)
    assert mended(forth.data, json.dumps(value, ensure_ascii=False)).data == page
