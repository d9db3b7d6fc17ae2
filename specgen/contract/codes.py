"""Reads the lists that document response codes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from specgen.asciidoc import patterns
from specgen.asciidoc.lists import ListItem
from specgen.contract.values import Response

__all__ = ["responses_of"]

# 404   4xx
CODE = re.compile(r"\b[1-5](?:\d\d|xx)\b")

# `404`: what it means   404 (Not found) - what it means
BULLET = re.compile(r"[*_]*`?(?P<code>[1-5](?:\d\d|xx))`?[*_]*(?=[\s:(]|$)\s*(?:[:-]\s)?")


def responses_of(items: Iterable[ListItem]) -> tuple[Response, ...]:
    """The status codes that the labels of a section document, one by one.

    What the label says beside the code, as in `` `404` (Missing resources) ``, begins the
    description. A label without a code promises none. A bullet does if it begins with one.
    """
    return tuple(
        Response(int(code) if code.isdigit() else code, description, item.span)
        for item in items
        if item.parent is None
        for codes, description in [_read(item) if item.labeled else _bulleted(item)]
        for code in codes
    )


def _bulleted(item: ListItem) -> tuple[tuple[str, ...], str]:
    found = BULLET.match(item.text)
    return ((found["code"],), item.text[found.end() :].strip()) if found else ((), "")


def _read(item: ListItem) -> tuple[tuple[str, ...], str]:
    label = patterns.INLINE_ANCHOR.sub("", item.label)
    found = tuple(CODE.finditer(label.partition("(")[0]))
    if not found:
        return (), ""
    beside = label[found[-1].end() :].removeprefix("`").strip()
    description = " ".join(f"{beside} {item.text}".split())
    return tuple(code[0] for code in found), description
