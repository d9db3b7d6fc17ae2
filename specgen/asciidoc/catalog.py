"""What can be referred to in one document: sections, blocks and anchors by id, and footnotes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from specgen.asciidoc import patterns
from specgen.asciidoc.attributes import Attributes
from specgen.source import Line, Span

__all__ = ["Catalog", "Label"]

# What an id made of a title does not keep: tags, entities, and most marks.
_NOT_IN_IDS = re.compile(r"<[^>]+>|&(?:[a-z]{2,}\d{0,2}|#\d{2,5}|#x[\da-f]{2,5});|[^ \w\-.]")
_LINK_TAG = re.compile(r"<(?:a\b[^>]*|/a)>")


@dataclass(slots=True)
class Label:
    """What a reference without a text of its own shows.

    Attributes:
        written: As the page has it.
        span: Where.
        of_title: Whether it is a title, to which all substitutions apply.
        converted: As HTML, once somebody has asked for it.
    """

    written: str
    span: Span
    of_title: bool = True
    converted: str | None = None


@dataclass(slots=True)
class Catalog:
    """The ids and footnotes of one document, as far as it has been read.

    Attributes:
        labels: By id; None for what has an id and no title or text.
        footnotes: The number of each by its id.
        top: That of the document itself.
    """

    labels: dict[str, Label | None] = field(default_factory=dict)
    footnotes: dict[str, str] = field(default_factory=dict)
    top: Label | None = None
    made: dict[str, int] = field(default_factory=dict)
    ids_by_text: dict[str, str] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    referring: bool = False
    searching: bool = False

    def add(self, name: str, label: Label | None) -> None:
        """Registers an id; the first to have it keeps it."""
        if name not in self.labels:
            self.labels[name] = label
            self.unread.append(name)

    def text_of(self, name: str, shown: Callable[[Label], str]) -> str | None:
        """What a reference to an id shows: its label without links.

        Args:
            name: The id; empty for the document.
            shown: Converts a label. One that refers to others shows their ids alone.
        """
        label = self.labels.get(name) if name else self.top
        if label is None or self.referring:
            return None
        self.referring = True
        text = shown(label)
        self.referring = False
        return _LINK_TAG.sub("", text)

    def id_of(self, text: str, shown: Callable[[Label], str]) -> str | None:
        """The id of the first label that reads so, which is converted for that."""
        if not self.searching:
            self.searching = True
            for name in self._unread_until(text):
                if label := self.labels[name]:
                    self.ids_by_text.setdefault(shown(label), name)
            self.searching = False
        return self.ids_by_text.get(text)

    def _unread_until(self, text: str) -> Iterator[str]:
        self.unread.reverse()
        while self.unread and text not in self.ids_by_text:
            yield self.unread.pop()
        self.unread.reverse()

    def made_id(self, title: str, attributes: Attributes) -> str:
        """The id that a section without one gets, made of its converted title.

        See "How a section ID is computed" in the user manual.
        """
        prefix, separator = attributes.get("idprefix", "_"), attributes.get("idseparator", "_")[:1]
        name = prefix + _NOT_IN_IDS.sub("", title.lower())
        if separator:
            name = re.sub(rf"[ .\-{re.escape(separator)}]+", lambda _: separator, name)
            name = name.removesuffix(separator)
            name = name if prefix else name.removeprefix(separator)
        else:
            name = name.replace(" ", "")
        if name not in self.labels:
            return name
        number = self.made.get(name, 2)
        while (candidate := f"{name}{separator}{number}") in self.labels:
            number += 1
        self.made[name] = number + 1
        return candidate

    def add_anchors(self, lines: Iterable[Line], attributes: Attributes) -> None:
        """Registers the anchors in the text of a paragraph."""
        for line in lines:
            text = line.text
            if "[[" not in text and "or:" not in text:
                continue
            for found in _anchors(text):
                name, written = found["id"] or found["named"], found["text"] or found["label"]
                written = attributes.resolve((written or "").replace("\\]", "]"))
                self.add(name, Label(written, line.span, of_title=False) if written else None)


def _anchors(text: str) -> Iterator[re.Match[str]]:
    """The anchors of a line, found in time that grows with its length and not its square.

    What would end an anchor is looked for from the end of the line first: so no search begins
    that could only run to the end in vain.
    """
    position = 0
    for found in patterns.ANCHORS.finditer(text, 0, text.rfind("]]") + 2):
        position = found.end()
        yield found
    last = max(text.rfind("]"), position)
    while last > position and text[last - 1] == "\\":
        last = text.rfind("]", 0, last)
    yield from patterns.NAMED_ANCHORS.finditer(text, position, last + 1)
