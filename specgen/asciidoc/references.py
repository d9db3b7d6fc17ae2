"""Converts what refers to other places: `<<id>>`, `xref:id[]`, and footnotes.

It sees the text after its special characters were escaped, so `<<` is `&lt;&lt;` here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from specgen.asciidoc.attribute_lists import text_and_attributes
from specgen.asciidoc.attributes import Attributes
from specgen.asciidoc.catalog import Catalog, Label

__all__ = ["References"]

CROSS_REFERENCE = re.compile(
    r"\\?(?:&lt;&lt;(?P<id>[\w#/.:{].*?)&gt;&gt;"
    r"|xref:(?P<named>[\w#/.:{].*?)\[(?:\]|(?P<text>.*?[^\\])\]))"
)
FOOTNOTE = re.compile(
    r"\\?footnote(?:(?P<old>ref):|:(?P<id>[\w-]+)?)\[(?P<text>|.*?[^\\])\](?!</a>)"
)
_ASCIIDOC_ENDING = re.compile(r"\.(?:adoc|asciidoc|asc|ad|txt)$")
_ENDING = re.compile(r"\.[^/.]*$")


@dataclass(frozen=True, slots=True)
class References:
    """Converts the references of one text.

    Attributes:
        attributes: Of the document, as they are now.
        catalog: What can be referred to.
        shown: Converts the label of what is referred to.
        convert: Converts a text in single quotes.
    """

    attributes: Attributes
    catalog: Catalog
    shown: Callable[[Label], str]
    convert: Callable[[str], str]

    def convert_all(self, text: str) -> str:
        """The text with its references and footnotes as HTML."""
        text = CROSS_REFERENCE.sub(self._cross_reference, text)
        return FOOTNOTE.sub(self._footnote, text) if "tnote" in text else text

    def _cross_reference(self, found: re.Match[str]) -> str:
        """The link that `<<id,text>>` or `xref:id[text]` comes to."""
        if found[0][0] == "\\":
            return found[0][1:]
        role = ""
        if found["id"] is not None:
            name, _, text = found["id"].partition(",")
            text = text.lstrip()
        else:
            name, text = found["named"], (found["text"] or "").replace("\\]", "]")
            if "=" in text and not self.attributes.compat_mode:
                text, attrs = text_and_attributes(text, self.convert)
                role = attrs.get("role") or ""
        macro = found["named"] is not None
        return self._link(*self._target(name, macro), text, role)

    def _target(self, name: str, macro: bool) -> tuple[str, str | None]:
        """The path that a reference leads to, empty for the document itself, and the id there."""
        if self.attributes.compat_mode:
            return "", name
        mark = name.find("#")
        if mark == 0:
            return "", name[1:]
        if mark > 0 and name[mark - 1] != "&":
            return self._elsewhere(name[:mark], name[mark + 1 :] or None, macro)
        if macro and _ENDING.search(name):
            return self._elsewhere(name, None, macro)
        if name not in self.catalog.labels and (" " in name or name.lower() != name):
            return "", self.catalog.id_of(name, self.shown) or name
        return "", name

    def _elsewhere(self, path: str, name: str | None, macro: bool) -> tuple[str, str | None]:
        """A path as its page is called once it is converted."""
        ending = re.compile(r"\.adoc$") if macro else _ASCIIDOC_ENDING
        bare = ending.sub("", path)
        if macro and bare == path and _ENDING.search(path):
            return path, name
        if bare == self.attributes.get("docname"):
            return "", name or ""
        suffix = self.attributes.get("relfilesuffix", self.attributes.get("outfilesuffix"))
        return f"{self.attributes.get('relfileprefix')}{bare}{suffix}", name

    def _link(self, path: str, name: str | None, text: str, role: str) -> str:
        target = path if name is None else f"{path}#{name}"
        if not text:
            text = path or self._label(name or "")
        extra = f' class="{role}"' if role else ""
        return f'<a href="{target}"{extra}>{text}</a>'

    def _label(self, name: str) -> str:
        text = self.catalog.text_of(name, self.shown)
        if text is None:
            return f"[{name}]" if name else "[^top]"
        return text

    def _footnote(self, found: re.Match[str]) -> str:
        """The number of a footnote, or of one that was there before."""
        if found[0][0] == "\\":
            return found[0][1:]
        name, text = found["id"] or "", found["text"]
        if found["old"]:
            if not text:
                return found[0]
            name, _, text = text.partition(",")
        numbers = self.catalog.footnotes
        if name and (number := numbers.get(name)):
            return (
                f'<sup class="footnoteref">[<a class="footnote" href="#_footnotedef_{number}"'
                f' title="View footnote.">{number}</a>]</sup>'
            )
        if not text:
            if not name:
                return found[0]
            return (
                '<sup class="footnoteref red" title="Unresolved footnote reference.">'
                f"[{name}]</sup>"
            )
        number = self.attributes.resolve("{counter:footnote-number}")
        if name:
            numbers[name] = number
        identity = f' id="_footnote_{name}"' if name else ""
        return (
            f'<sup class="footnote"{identity}>[<a id="_footnoteref_{number}" class="footnote"'
            f' href="#_footnotedef_{number}" title="View footnote.">{number}</a>]</sup>'
        )
