"""Reads what `:doctype: manpage` has below its title: a section that names the program."""

from __future__ import annotations

from specgen.asciidoc.attribute_lists import Attrs
from specgen.asciidoc.blocks import Blocks
from specgen.asciidoc.reader import Reader
from specgen.asciidoc.titles import read_title
from specgen.source import Line

__all__ = ["skip_name_section"]

BETWEEN = " - "


def skip_name_section(reader: Reader, blocks: Blocks, attrs: Attrs) -> None:
    """Goes past the section `Name`, which becomes attributes; anything else stays to be read."""
    known = blocks.attributes
    title, _, rest = known.get("doctitle").partition("(")
    volume = rest.strip().removesuffix(")").strip()
    known.values["mantitle"] = known.resolve(title.strip()).lower()
    known.values["manvolnum"] = volume or "1"
    if known.get("manname") and "manpurpose" in known:
        known.values.setdefault("manname-title", "Name")
        return
    reader.skip_blank()
    blocks.metadata.take_all(reader, attrs)
    found = _name_section(reader)
    known.values["manname"] = known.get("docname", "command")
    if found:
        heading, name, purpose = found
        known.values["manname"] = known.resolve(name).partition(",")[0]
        known.values["manpurpose"] = known.resolve(purpose)
        known.values.setdefault("manname-title", heading)


def _name_section(reader: Reader) -> tuple[str, str, str] | None:
    """Reads the title, the name and the purpose of such a section; nothing if it is none."""
    title = read_title(*reader.peek_two())
    if title is None or title.level != 1:
        return None
    read: list[Line] = [line for _ in range(1 + title.underlined) if (line := reader.shift())]
    while not reader.peek_text() and (line := reader.read()):
        read.append(line)
    text = reader.paragraph(skip_comments=True)
    name, mark, purpose = " ".join(line.text.lstrip() for line in text).partition(BETWEEN)
    if mark and name.strip() and purpose.strip():
        return title.text, name.strip(), purpose.strip()
    reader.put_back(*read, *text)
    return None
