"""Reads what `:doctype: manpage` has below its title: a section that names the program."""

from __future__ import annotations

from specgen.asciidoc.attribute_lists import Attrs
from specgen.asciidoc.blocks import Blocks
from specgen.asciidoc.catalog import Label
from specgen.asciidoc.preprocessor import Preprocessor
from specgen.asciidoc.titles import Title, read_title, read_title_lines
from specgen.source import Span

__all__ = ["skip_name_section"]

BETWEEN = " - "


def skip_name_section(reader: Preprocessor, blocks: Blocks, attrs: Attrs) -> bool:
    """Goes past the section `Name`, which becomes attributes, and tells whether there is one.

    Anything else stays to be read.
    """
    known = blocks.attributes
    title, _, rest = known.get("doctitle").partition("(")
    volume = rest.strip().removesuffix(")").strip()
    known.values["mantitle"] = known.resolve(title.strip()).lower()
    known.values["manvolnum"] = volume or "1"
    if known.get("manname") and "manpurpose" in known:
        known.values.setdefault("manname-title", "Name")
        return False
    reader.skip_blank()
    before = reader.saved()
    blocks.metadata.take_all(reader, attrs)
    known.values["manname"] = known.get("docname", "command")
    if found := _name_section(reader, blocks):
        heading, name, purpose = found
        known.values["manname"] = known.resolve(name).partition(",")[0]
        known.values["manpurpose"] = known.resolve(purpose)
        known.values.setdefault("manname-title", heading)
        return True
    reader.restore(before)
    return False


def _name_section(reader: Preprocessor, blocks: Blocks) -> tuple[str, str, str] | None:
    """Reads the title, the name and the purpose of such a section; nothing if it is none."""
    title = read_title(*reader.peek_two())
    if title is None or title.level != 1:
        return None
    line, _ = read_title_lines(reader, title)
    heading = _registered(title, line.span, blocks)
    reader.skip_blank()
    texts = (line.text for line in reader.until("")[0])
    kept = (text.lstrip() for text in texts if text[:2] != "//" or text[:3] == "///")
    body = " ".join(kept)
    name, _, purpose = body.partition(BETWEEN)
    if not (name.strip() and purpose.strip()):
        return None
    return heading, name.strip(), purpose.strip()


def _registered(title: Title, span: Span, blocks: Blocks) -> str:
    """The title as HTML; whatever follows it, it is converted and its id is taken."""
    converter, label = blocks.converter, Label(title.text, span)
    heading = converter.shown(label)
    if "sectids" in blocks.attributes:
        converter.catalog.add(converter.catalog.made_id(heading, blocks.attributes), label)
    return heading
