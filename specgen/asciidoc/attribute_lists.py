"""Reads the attribute lists of blocks and directives: `source,console,id="x",%linenums`.

The rules are those of Asciidoctor's user manual ("Attribute list parsing"): positional
attributes are kept under their number, counted from 1, named ones under their name; options
become `NAME-option`. Of two commas with nothing between them Asciidoctor.js, unlike the
manual, reads one: in `source,,linenums` the language is `linenums`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = ["Attrs", "parse_attribute_list", "rekey", "take_shorthand", "text_and_attributes"]

Attrs = dict[int | str, str | None]
Convert = Callable[[str], str]

_NAME = re.compile(r"\w[\w\-.]*")
_BLANKS = frozenset(" \t")
# A quote behind a backslash closes nothing, whatever stands before the backslash.
_QUOTED = {
    '"': re.compile(r'(?P<value>|.*?[^\\])"'),
    "'": re.compile(r"(?P<value>|.*?[^\\])'"),
}
_SHORTHAND = re.compile(r"(?P<mark>[.#%]?)(?P<value>[^.#%]*)")


def _as_written(text: str) -> str:
    return text


def parse_attribute_list(text: str, convert: Convert = _as_written) -> Attrs:
    """The attributes of a list, in the order in which they stand.

    Args:
        text: Without its brackets, references resolved.
        convert: What becomes of values in single quotes, all but titles.
    """
    attrs: Attrs = {}
    position, index = 0, 1
    while True:
        position, more = _one(text, position, index, attrs, convert)
        if not more or position >= len(text):
            return attrs
        position = _behind_comma(text, position)
        index += 1
        if position >= len(text) and not text.rstrip().endswith(","):
            return attrs


def text_and_attributes(text: str, convert: Convert) -> tuple[str, Attrs]:
    """The text of a link and what else stands between its brackets: `text,role=x`."""
    written = parse_attribute_list(text, convert)
    first = written.get(1)
    return (text, Attrs()) if first == text else (first or "", written)


def rekey(attrs: Attrs, names: tuple[str, ...]) -> None:
    """Gives the positional attributes from the second on the names that a style has for them."""
    for index, name in enumerate(names, start=2):
        if name and (value := attrs.get(index)) is not None:
            attrs[name] = value


def take_shorthand(attrs: Attrs) -> str | None:
    """Reads the first positional attribute, `style#id.role%option`, into `style`, `id` and so on.

    Returns:
        The style, or None where it names none.
    """
    raw = attrs.get(1)
    if raw is None or " " in raw or not any(mark in raw for mark in ".#%"):
        attrs["style"] = raw
        return raw
    style: str | None = None
    roles: list[str] = []
    for found in _SHORTHAND.finditer(raw):
        mark, value = found["mark"], found["value"]
        if not value:
            continue
        if not mark:
            style = attrs["style"] = value
        elif mark == "#":
            attrs["id"] = value
        elif mark == ".":
            roles.append(value)
        else:
            attrs[f"{value}-option"] = ""
    if roles:
        attrs["role"] = " ".join(filter(None, [attrs.get("role"), *roles]))
    return style


def _one(text: str, position: int, index: int, attrs: Attrs, convert: Convert) -> tuple[int, bool]:
    """Reads one attribute; tells where the rest begins and whether it may hold another.

    Behind a name the comma is read too, behind a value it is left.
    """
    position = _blank(text, position)
    mark = text[position : position + 1]
    if mark and mark in _QUOTED:
        value, position = _quoted(text, position, mark)
        attrs[index] = convert(value) if _in_single_quotes(mark, value) else value
        return position, True
    name = _NAME.match(text, position)
    start, position = position, name.end() if name else position
    after = _blank(text, position)
    if after >= len(text):
        if name is None and not text.rstrip().endswith(","):
            return after, False
        attrs[index] = name[0] if name else None
        return after, False
    if name and text[after] == "=":
        return _named(text, _blank(text, after + 1), name[0], attrs, convert), True
    if text[after] == ",":
        attrs[index] = name[0] if name else None
        return after + 1, True
    end = _end_of_value(text, after)
    # White space between the first word and the rest counts as so many spaces.
    head = name[0] + " " * (after - position) if name else text[start:after].lstrip()
    attrs[index] = head + text[after:end]
    return end, True


def _named(text: str, position: int, name: str, attrs: Attrs, convert: Convert) -> int:
    mark = text[position : position + 1]
    if mark and mark in _QUOTED:
        value, position = _quoted(text, position, mark)
    else:
        end = _end_of_value(text, position)
        value, position = text[position:end], end
        if not value:
            position += mark == ","
        elif value == "None":
            return position
    if name in {"options", "opts"}:
        for option in value.replace(" ", "").split(",") if "," in value else [value]:
            if option:
                attrs[f"{option}-option"] = ""
    elif _in_single_quotes(mark, value) and name not in {"title", "reftext"}:
        attrs[name] = convert(value)
    else:
        attrs[name] = value
    return position


def _in_single_quotes(mark: str, value: str) -> bool:
    return mark == "'" and not value.startswith("'")


def _quoted(text: str, position: int, mark: str) -> tuple[str, int]:
    """A value in quotes; without a closing one the quote belongs to a plain value."""
    if found := _QUOTED[mark].match(text, position + 1):
        return found["value"].replace("\\" + mark, mark), found.end()
    end = _end_of_value(text, position + 1)
    return text[position:end], end


def _behind_comma(text: str, position: int) -> int:
    comma = _blank(text, position)
    return comma + 1 if text[comma : comma + 1] == "," else position


def _blank(text: str, position: int) -> int:
    while text[position : position + 1] in _BLANKS:
        position += 1
    return position


def _end_of_value(text: str, position: int) -> int:
    """Where a plain value ends: before the comma, and the white space before that."""
    end = text.find(",", position)
    stop = len(text) if end < 0 else end
    while stop > position and text[stop - 1] in " \t":
        stop -= 1
    return stop
