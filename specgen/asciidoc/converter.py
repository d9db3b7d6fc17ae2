"""Converts the inline text of one document, as far as its budget reaches."""

from __future__ import annotations

from dataclasses import dataclass, field

from specgen.asciidoc import patterns
from specgen.asciidoc.attributes import Attributes
from specgen.asciidoc.catalog import Catalog, Label
from specgen.asciidoc.inline import NORMAL, Conversion, escape, subs_named
from specgen.problems import Problem
from specgen.source import Span

__all__ = ["Converter"]

# Converting takes time with the square of a text's length; a page has this much to spend.
LONGEST = 1_000
BUDGET = 50_000_000

# What is done to the text of a reference that stands in an attribute or an anchor.
REFERENCE = ("specialchars", "quotes", "replacements")


@dataclass(slots=True)
class Converter:
    """Converts texts with the attributes and the catalog of a document.

    Attributes:
        attributes: As they are at the line being read; those of the header at the end.
        catalog: What can be referred to.
        problems: Where it is told that a text was too long.
    """

    attributes: Attributes
    catalog: Catalog = field(default_factory=Catalog)
    problems: list[Problem] = field(default_factory=list)
    left: int = BUDGET

    def shown(self, label: Label) -> str:
        """A label as HTML: converted when it is asked for first, and then no more."""
        if label.converted is None:
            subs = NORMAL if label.of_title else REFERENCE
            label.converted = self.convert(label.written, label.span, subs)
        return label.converted

    def convert(self, text: str, span: Span, subs: tuple[str, ...] = NORMAL) -> str:
        """A text after these substitutions; escaped alone where it is too long for them."""
        cost = len(text) ** 2
        if len(text) <= LONGEST and cost <= self.left:
            self.left -= cost
            return Conversion(self.attributes, self.catalog, self.shown).apply(text, subs)
        if not any(problem.code == "long-title" for problem in self.problems):
            message = "this text is too long to be converted, or all before it are"
            self.problems.append(Problem.warning("long-title", span, message))
        return escape(text)

    def entry_value(self, text: str, span: Span) -> str:
        """The value that an attribute entry stores: escaped and with references resolved.

        `pass:[…]` around it keeps it as it is, `pass:a,q[…]` applies the substitutions named.
        """
        if not (found := patterns.PASS_VALUE.fullmatch(text)):
            return self.attributes.resolve(escape(text))
        subs = subs_named(found["subs"] or "")
        if set(subs) <= {"attributes", "specialchars"}:
            return Conversion(self.attributes, self.catalog, self.shown).apply(found["text"], subs)
        return self.convert(found["text"], span, subs)
