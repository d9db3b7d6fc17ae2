"""Reads the lines below a document's title: who wrote it, and which revision it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from specgen.asciidoc.converter import LONGEST, Converter
from specgen.asciidoc.inline import escape
from specgen.asciidoc.metadata import take_entries
from specgen.asciidoc.reader import Reader

__all__ = ["read_author_and_revision", "set_authors"]

# Jane Q. Writer <jane@example.org>
_AUTHOR = re.compile(
    r"(\w[\w\-'.]*)(?: +(\w[\w\-'.]*))?(?: +(\w[\w\-'.]*))?(?: +<(?P<email>[^>]+)>)?"
)
_BETWEEN_AUTHORS = re.compile(r";(?: |$)")
# v1.0, 2020-01-01: A remark   v1.0   2020-01-01
_REVISION = re.compile(
    r"(?:[^\d{]*(?P<number>.*?),)? *(?!:)(?P<date>.*?)(?: *(?!^),?: *(?P<remark>.*))?"
)
_TAG = re.compile(r"<[^>]+>")

Values = dict[str, str]


def read_author_and_revision(reader: Reader, converter: Converter) -> None:
    """Reads the lines directly below a title: whatever comes first is who wrote the document."""
    known, implicit = converter.attributes, Values()
    take_entries(reader, converter)
    if written := reader.peek_text():
        reader.shift()
        implicit = _authors(_BETWEEN_AUTHORS.split(written))
        for name, value in implicit.items():
            if name == "authorcount" or name not in known:
                known.values[name] = known.resolve(escape(value))
        implicit = {name: known.get(name) for name in implicit}
        take_entries(reader, converter)
        _read_revision(reader, converter)
        take_entries(reader, converter)
    set_authors(converter, implicit)


def set_authors(converter: Converter, header: Values | None = None) -> None:
    """Makes names, initials and so on of the attributes that tell who wrote the document.

    Args:
        converter: Of the document.
        header: What the line of authors has set already; None without a title above it.
    """
    known, implicit = converter.attributes, header or {}
    author, authors = known.get("author"), known.get("authors")
    numbered = [] if header is None else list(_numbered(known.values))
    if "author" in known and author != implicit.get("author"):
        found = _authors([author], names_only=True)
        if known.values.get("authorinitials") != implicit.get("authorinitials"):
            found.pop("authorinitials", None)
    elif "authors" in known and authors != implicit.get("authors"):
        found = _authors(_BETWEEN_AUTHORS.split(authors), names_only=True)
    elif any(known.get(each) != implicit.get(each) for each in numbered):
        found = _authors([known.get(each) for each in numbered], names_only=True)
    else:
        if not implicit:
            known.values["authorcount"] = "0"
        return
    known.values.update(found)
    if "email_1" in known:
        known.values.setdefault("email", known.get("email_1"))


def _numbered(values: Values) -> Iterator[str]:
    number = 1
    while (name := f"author_{number}") in values:
        yield name
        number += 1


def _authors(entries: Sequence[str], *, names_only: bool = False) -> Values:
    """What a list of authors says, by the names of attributes."""
    found: Values = {}
    count, names = 0, []
    for entry in filter(None, entries):
        count += 1
        author = _author(entry, names_only)
        names.append(author["author"])
        if count == 2:
            found |= {f"{name}_1": value for name, value in found.items()}
        ending = "" if count == 1 else f"_{count}"
        found |= {f"{name}{ending}": value for name, value in author.items()}
    return {**found, "authors": ", ".join(names), "authorcount": str(count)} if count else found


def _author(entry: str, names_only: bool) -> Values:
    author: Values = {}
    parts: list[str | None]
    if names_only:
        if "<" in entry:
            author["author"] = entry.replace("_", " ")
            entry = _TAG.sub("", entry)
        parts = [re.sub(" +", " ", part) for part in entry.split(None, 2)]
    elif found := _AUTHOR.fullmatch(entry):
        parts = list(found.group(1, 2, 3))
        if found["email"]:
            author["email"] = found["email"]
    else:
        parts = [re.sub(" +", " ", entry).strip().replace("_", "\0")]
    names = [part.replace("_", " ").replace("\0", "_") for part in parts if part] or [""]
    keys = ("firstname", "middlename", "lastname") if len(names) == 3 else ("firstname", "lastname")
    author |= dict(zip(keys, names, strict=False))
    author["authorinitials"] = "".join(name[:1] for name in names)
    author.setdefault("author", " ".join(names))
    return author


def _read_revision(reader: Reader, converter: Converter) -> None:
    written = reader.peek_text()
    if not written or len(written) > LONGEST or not (found := _REVISION.fullmatch(written)):
        return
    reader.shift()
    number, date, remark = found["number"], found["date"].strip(), found["remark"]
    if number is None and date.startswith("v"):
        number, date = date[1:], ""
    known = converter.attributes
    for name, value in (("revnumber", number), ("revdate", date or None), ("revremark", remark)):
        if value is not None:
            known.values.setdefault(name, known.resolve(escape(value.rstrip())))
