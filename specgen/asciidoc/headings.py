"""The titles of a document: what they are called, and when they are converted.

Asciidoctor converts a title when it is asked for first: at once where an id is to be made of
it or where it holds references to attributes, and else after all lines were read, with the
attributes that the header left.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from specgen.asciidoc.attribute_lists import Attrs
from specgen.asciidoc.attributes import Attributes
from specgen.asciidoc.catalog import Label
from specgen.asciidoc.converter import Converter
from specgen.asciidoc.page import Heading
from specgen.asciidoc.reader import ReportedPlace
from specgen.asciidoc.titles import split_anchor, split_leading_anchor
from specgen.source import Line, Span

__all__ = ["Headings"]


@dataclass(frozen=True, slots=True)
class _Found:
    level: int
    title: str
    anchor: str
    discrete: bool
    place: ReportedPlace
    label: Label

    def heading(self, converted: str) -> Heading:
        return Heading(
            *(self.level, self.title, converted, self.anchor, self.discrete),
            self.label.span,
            *self.place,
        )


@dataclass(slots=True)
class Headings:
    """Gathers the titles of one document in page order.

    Attributes:
        converter: Converts them.
        anchored: Told of each id that a title gives.
    """

    converter: Converter
    anchored: Callable[[str, Line], None]
    found: list[_Found] = field(default_factory=list)

    def add(
        self,
        level: int,
        text: str,
        attrs: Attrs,
        line: Line,
        place: ReportedPlace,
        *,
        discrete: bool = False,
    ) -> None:
        """Adds a title and registers its id, making one where none is given.

        Args:
            level: With the level offset.
            text: The title as it is written.
            attrs: What stands above it.
            line: Its line.
            place: Where Asciidoctor reports it.
            discrete: Whether it begins no section.
        """
        label, name = self._found(level, text, attrs, line, place, discrete)
        attributes, catalog = self.converter.attributes, self.converter.catalog
        if name and "{" in label.written:
            self.converter.shown(label)
        elif not name and "sectids" in attributes:
            name = catalog.made_id(self.converter.shown(label), attributes)
        if name:
            catalog.add(name, _reference(attrs, line.span) or label)
        catalog.top = catalog.top or label

    def add_document(self, text: str, attrs: Attrs, line: Line, place: ReportedPlace) -> None:
        """Adds the title of the document, which is converted last of all."""
        label, name = self._found(0, text, attrs, line, place, discrete=False)
        self.converter.catalog.top = label = _reference(attrs, line.span) or label
        if name:
            self.converter.catalog.add(name, label)

    def _found(
        self,
        level: int,
        text: str,
        attrs: Attrs,
        line: Line,
        place: ReportedPlace,
        discrete: bool,
    ) -> tuple[Label, str]:
        """Adds a title; gives what references to it show, and its id unless it leads the title."""
        name = anchor = attrs.get("id") or ""
        title = text
        if not name:
            text, name, reference = split_anchor(text)
            title, leading = split_leading_anchor(text)
            if reference:
                attrs["reftext"] = reference
            if anchor := name or leading:
                self.anchored(anchor, line)
        label = Label(text, line.span)
        self.found.append(_Found(level, title, anchor, discrete, place, label))
        return label, name

    def finished(self, attributes: Attributes) -> tuple[Heading, ...]:
        """All titles; what is not converted yet is, with the attributes that the header left."""
        self.converter.attributes = attributes
        for each in sorted(self.found, key=lambda found: found.discrete):
            self.converter.shown(each.label)
        return tuple(each.heading(self.converter.shown(each.label)) for each in self.found)


def _reference(attrs: Attrs, span: Span) -> Label | None:
    """The text that references show instead of a title, if one is given."""
    text = attrs.get("reftext")
    return Label(text, span, of_title=False) if text else None
