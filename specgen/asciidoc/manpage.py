"""Reads what `:doctype: manpage` has below its title: a section that names the program."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import dropwhile, takewhile
from operator import not_

from specgen.asciidoc.attribute_lists import Attrs
from specgen.asciidoc.blocks import Blocks
from specgen.asciidoc.catalog import Label
from specgen.asciidoc.reader import Reader
from specgen.asciidoc.titles import Title, read_title, read_title_lines
from specgen.source import Line, Span

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
    found = _name_section(reader, blocks)
    known.values["manname"] = known.get("docname", "command")
    if found:
        heading, name, purpose = found
        known.values["manname"] = known.resolve(name).partition(",")[0]
        known.values["manpurpose"] = known.resolve(purpose)
        known.values.setdefault("manname-title", heading)


def _name_section(reader: Reader, blocks: Blocks) -> tuple[str, str, str] | None:
    """Reads the title, the name and the purpose of such a section; nothing if it is none."""
    title = read_title(*reader.peek_two())
    if title is None or title.level != 1:
        return None
    heading = _registered(title, reader.lines[-1].span, blocks)
    name, _, purpose = _body(reader.lines[-2 - title.underlined :: -1]).partition(BETWEEN)
    if not (name.strip() and purpose.strip()):
        return None
    read_title_lines(reader, title)
    reader.skip_blank()
    reader.paragraph(skip_comments=True)
    return heading, name.strip(), purpose.strip()


def _registered(title: Title, span: Span, blocks: Blocks) -> str:
    """The title as HTML; whatever follows it, it is converted and its id is taken."""
    converter, label = blocks.converter, Label(title.text, span)
    heading = converter.shown(label)
    if "sectids" in blocks.attributes:
        converter.catalog.add(converter.catalog.made_id(heading, blocks.attributes), label)
    return heading


def _body(lines: Iterable[Line]) -> str:
    """The first paragraph of these lines, as one line."""
    texts = dropwhile(not_, (line.text for line in lines))
    return " ".join(text.lstrip() for text in takewhile(bool, texts) if text[:2] != "//")
