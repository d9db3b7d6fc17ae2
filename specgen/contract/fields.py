"""Reads the lists that document parameters and the fields of bodies."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from specgen.asciidoc import patterns
from specgen.asciidoc.lists import ListItem
from specgen.contract.values import Field

__all__ = ["fields_of", "parameters_of"]

# `rules`.`field`   (code that a dot joins is one name)
NAME = re.compile(r"`[^`]+`(?:\.`[^`]+`)*")

# timeout, master_timeout   <index>   (a label without code)
PLAIN_NAMES = re.compile(r"<?[\w.-]+>?(?:\s*,\s*<?[\w.-]+>?)*")

# (Required, string)   (Optional, <<time-units,time value (in hours)>>)
GROUP = re.compile(r"\((?P<words>(?:[^()]|\([^()]*\))*)\)")

# experimental[]   deprecated:[7.0.0]   preview:[] before the words in parentheses
MACROS = re.compile(r"(?:[a-z]+:{0,2}\[[^\]]*\]\s*)*")

NEED = {"required": True, "optional": False}

# What pages write at the start of a text that tells neither need nor type.
NO_TYPE = frozenset({"default", "deprecated", "read-only"})


class _Told(NamedTuple):
    """What the words in parentheses tell."""

    required: bool | None
    type: str | None


UNTOLD = _Told(None, None)


def parameters_of(items: Iterable[ListItem]) -> tuple[Field, ...]:
    """The parameters that the labels of a section document.

    They are flat: what is listed inside one are its values. `<index>` is named `index`.
    """
    return tuple(
        Field(name.strip("<>{}"), told.required, told.type, item.span)
        for item in items
        if item.labeled and item.parent is None
        for names, told in [_labeled(item)]
        for name in names
    )


def fields_of(items: Iterable[ListItem]) -> tuple[Field, ...]:
    """The fields of a body that the lists of a section document.

    A label that stands in no other item is a field. Inside an item, a label or a bullet is
    one only if words in parentheses tell its need (or, at a label, its type): others list
    values. Its name begins with that of the field around it and a dot.
    """
    fields: list[Field] = []
    names_inside: dict[int, str] = {}
    for index, item in enumerate(items):
        if item.parent is not None and item.parent not in names_inside:
            continue
        names, told = _labeled(item) if item.labeled else _bulleted(item)
        if item.parent is not None and told == UNTOLD:
            continue
        outer = names_inside[item.parent] if item.parent is not None else ""
        names = tuple(_inside(outer, name) for name in names)
        fields += [Field(name, told.required, told.type, item.span) for name in names]
        if names:
            names_inside[index] = names[0]
    return tuple(fields)


def _inside(outer: str, name: str) -> str:
    return name if not outer or name.startswith(f"{outer}.") else f"{outer}.{name}"


def _labeled(item: ListItem) -> tuple[tuple[str, ...], _Told]:
    label = patterns.INLINE_ANCHOR.sub("", item.label).strip()
    head = label.partition(" (")[0].strip()
    names = tuple(_bare(found[0]) for found in NAME.finditer(head))
    if not names and PLAIN_NAMES.fullmatch(head):
        names = tuple(name.strip() for name in head.split(","))
    beside, below = _told(label[len(head) :].lstrip()), _told(item.text)
    required = beside.required if below.required is None else below.required
    return names, _Told(required, below.type or beside.type)


def _bulleted(item: ListItem) -> tuple[tuple[str, ...], _Told]:
    name = NAME.match(item.text)
    if item.parent is None or not name:
        return (), UNTOLD
    told = _told(item.text[name.end() :].lstrip())
    return ((_bare(name[0]),), told) if told.required is not None else ((), UNTOLD)


def _bare(code: str) -> str:
    return code.replace("`", "").strip("+ ")


def _told(text: str) -> _Told:
    macros = MACROS.match(text)
    group = GROUP.match(text, macros.end() if macros else 0)
    if not group:
        return UNTOLD
    first, _, rest = group["words"].partition(",")
    word = first.strip(" *_^").casefold()
    if word.split(" ")[0] in NEED:
        return _Told(NEED.get(word), rest.strip() or None)
    return UNTOLD if word in NO_TYPE else _Told(None, group["words"].strip() or None)
