"""Which files a page is made of."""

from __future__ import annotations

from collections.abc import Mapping

from specgen.asciidoc.document import NO_ATTRIBUTES, read_document
from specgen.asciidoc.reader import page_of_source
from specgen.errors import PageUnreadable
from specgen.files import Files

__all__ = ["depends_on"]


def depends_on(
    files: Files, page: str, attributes: Mapping[str, str] = NO_ATTRIBUTES
) -> frozenset[str]:
    """A page and all files that it includes, directly or through others, missing ones too.

    Args:
        files: Where they are read from.
        page: Its name below the docs root.
        attributes: Set from outside: they are a part of many a name.
    """
    try:
        source = files.read(page)
    except PageUnreadable:
        return frozenset({page})
    if "include::" not in source.text:
        return frozenset({page})
    return read_document(page_of_source(source), files, attributes).asked_for | {page}
