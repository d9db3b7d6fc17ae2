"""Reads what stands above a block and is about it: attribute lists, anchors, titles, comments.

Attribute entries can stand there too, and take effect there: `:name: value`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from specgen.asciidoc import patterns
from specgen.asciidoc.attribute_lists import Attrs, parse_attribute_list, take_shorthand
from specgen.asciidoc.converter import Converter
from specgen.asciidoc.reader import Reader
from specgen.source import Line

__all__ = ["Metadata", "take_entries"]

# What a value ends with that goes on in the next line.
GOES_ON = (" \\", " +")
HARD_BREAK = " +"

Told = Callable[[str, Line], None]


class Metadata:
    """Reads the metadata lines of one document.

    Attributes:
        converter: Of the document.
        anchored: Told of each id that a metadata line gives.
        unclosed: Told of each comment block that nothing closes.
    """

    def __init__(self, converter: Converter, anchored: Told, unclosed: Told) -> None:
        self.converter = converter
        self.anchored = anchored
        self.unclosed = unclosed

    def take_all(self, reader: Reader, attrs: Attrs, *, only_lists: bool = False) -> bool:
        """Reads the metadata lines that come next, and the blank ones among them.

        Args:
            reader: The lines.
            attrs: What they say is added here.
            only_lists: Know attribute lists, anchors and comment lines alone.

        Returns:
            Whether any line follows.
        """
        while self._take(reader, attrs, only_lists):
            reader.shift()
            if reader.skip_blank() is None:
                return False
        return True

    def _take(self, reader: Reader, attrs: Attrs, only_lists: bool) -> bool:
        """Reads one line into `attrs`, all but its going past; False if it is no metadata."""
        line = reader.peek()
        if line is None or not line.text or line.text[0] not in "[./:":
            return False
        text = line.text
        if text[0] == "[":
            return self._list(line, attrs)
        if text.startswith("//"):
            return self._comment(reader, line, only_lists)
        if only_lists:
            return False
        if found := patterns.BLOCK_TITLE.fullmatch(text):
            attrs["title"] = found["title"]
            return True
        if text[0] == ":" and patterns.ATTRIBUTE_ENTRY.fullmatch(text):
            take_entry(reader, self.converter)
            return True
        return False

    def _list(self, line: Line, attrs: Attrs) -> bool:
        text = line.text
        if text.startswith("[["):
            found = patterns.BLOCK_ANCHOR.fullmatch(text)
            if found and found["id"]:
                attrs["id"] = found["id"]
                if text_of_references := found["text"]:
                    attrs["reftext"] = self.converter.attributes.resolve(text_of_references)
                self.anchored(found["id"], line)
            return found is not None
        found = patterns.BLOCK_ATTRIBUTES.fullmatch(text)
        if not found:
            return False
        if written := found["attributes"]:
            before, known = attrs.get(1), attrs.get("id")
            resolved = self.converter.attributes.resolve(written)
            attrs.update(parse_attribute_list(resolved, partial(self._converted, line)))
            if attrs.get(1) is not None:
                style = take_shorthand(attrs)
                attrs[1] = before if style is None else style
            if (named := attrs.get("id")) and named != known:
                self.anchored(named, line)
        return True

    def _converted(self, line: Line, text: str) -> str:
        return self.converter.convert(text, line.span)

    def _comment(self, reader: Reader, line: Line, only_lists: bool) -> bool:
        text = line.text
        if only_lists or text == "//" or text.strip("/"):
            return text == "//" or not text.startswith("///")
        if len(text) == 3:
            return False
        reader.shift()
        _, closing = reader.until(text, raw=True)
        if closing is None:
            self.unclosed("comment", line)
        else:
            reader.put_back(closing)
        return True


def take_entries(reader: Reader, converter: Converter) -> None:
    """Reads the attribute entries that come next, and the comments among them."""
    reader.skip_comments()
    while patterns.ATTRIBUTE_ENTRY.fullmatch(reader.peek_text()):
        take_entry(reader, converter)
        reader.shift()
        reader.skip_comments()


def take_entry(reader: Reader, converter: Converter) -> None:
    """Stores what an attribute entry says; its last line stays the next one."""
    line = reader.peek()
    found = patterns.ATTRIBUTE_ENTRY.fullmatch(line.text) if line else None
    if not line or not found:
        return
    value = found["value"] or ""
    if value.endswith(GOES_ON):
        goes_on, parts = value[-2:], [value[:-2].rstrip()]
        while reader.shift() and (following := reader.peek_text()):
            following = following.lstrip()
            open_still = following.endswith(goes_on)
            part = following[:-2].rstrip() if open_still else following
            parts += ["\n" if parts[-1].endswith(HARD_BREAK) else " ", part]
            if not open_still:
                break
        value = "".join(parts)
    name = found["name"]
    taken_away = name.startswith("!") or name.endswith("!")
    stored = None if taken_away else converter.entry_value(value, line.span)
    converter.attributes.store(name, stored)
