"""Reads the lists that document parameters and the fields of bodies."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from specgen.asciidoc import patterns
from specgen.asciidoc.lists import ListItem
from specgen.contract.told import UNTOLD, Told, told_of
from specgen.contract.values import Field
from specgen.source import Span

__all__ = ["fields_of", "parameters_of"]

# `rules`.`field`   (code that a dot joins is one name)
NAME = re.compile(r"`[^`]+`(?:\.`[^`]+`)*")

# timeout, master_timeout   <index>   (a label without code)
PLAIN_NAMES = re.compile(r"<?[\w.-]+>?(?:\s*,\s*<?[\w.-]+>?)*")

# The types of fields that can have fields inside.
HOLDS_FIELDS = re.compile(r"object|array|list|map", re.IGNORECASE)

# A map where each key is a name   A mapping of names to values   Objects, keyed by name
KEYED = re.compile(r"\bmap(?:ping)?s? (?:of|where|from)\b|\beach key\b|\bkeyed by\b", re.IGNORECASE)

# More fields of one type are not looked at: a type that holds itself has no end.
MOST_OF_TYPE = 50

# The name of a type, as in (Required, ConnectorSyncStatus)
TYPE_NAME = re.compile(r"\b[A-Z][A-Za-z]*[a-z][A-Za-z]*\b")


def parameters_of(items: Iterable[ListItem]) -> tuple[Field, ...]:
    """The parameters that the labels of a section document.

    They are flat: what is listed inside one are its values. `<index>` is named `index`.
    """
    return tuple(
        _field(name.strip("<>{}"), told, item.span)
        for item in items
        if item.labeled and item.parent is None
        for names, told in [_labeled(item)]
        for name in names
    )


def fields_of(items: Iterable[ListItem]) -> tuple[Field, ...]:
    """The fields of a body that the lists of a section document.

    A label that stands in no other item is a field. Inside an item, a label or a bullet is
    one only if words in parentheses tell its need (or, at a label, its type): others list
    values. Its name begins with that of the field around it and a dot.

    A list of bullets that stands in no item goes on with the field before it that can hold
    others, or with each field of the type that the paragraph above the list names, as in "Each
    `Schedule` has:". Any other such list documents none.
    """
    fields: list[Field] = []
    sofar = _SoFar()
    names_inside: dict[int, tuple[str, ...]] = {}
    loose: tuple[str, tuple[str, ...]] = ("", ())
    for index, item in enumerate(items):
        if item.parent is not None and item.parent not in names_inside:
            continue
        names, told = _labeled(item) if item.labeled else _bulleted(item)
        if item.parent is not None and told == UNTOLD:
            continue
        if item.parent is not None:
            outer = names_inside[item.parent]
        elif item.labeled:
            outer, loose = ("",), ("", ())
        else:
            if loose[0] != item.lead or not loose[1]:
                loose = item.lead, sofar.meant_by(item.lead)
            outer = loose[1]
        keyed = KEYED.search(item.text) is not None
        names = tuple(_inside(each, name) for each in outer for name in names)
        for name in names:
            fields.append(_field(name, told, item.span, keyed=keyed))
            sofar.add(fields[-1])
        if names:
            names_inside[index] = names if len(outer) > 1 else names[:1]
    return tuple(fields)


@dataclass(slots=True)
class _SoFar:
    """What a list may go on with; lives only inside `fields_of`.

    Attributes:
        of_type: The names of fields by the names in their types.
        holding: Those that can have fields inside.
        last: The last outermost field, if it is one of them.
    """

    of_type: dict[str, list[str]] = field(default_factory=dict)
    holding: set[str] = field(default_factory=set)
    last: str = ""

    def add(self, found: Field) -> None:
        holds = found.type is not None and HOLDS_FIELDS.search(found.type) is not None
        if holds:
            self.holding.add(found.name)
        if "." not in found.name:
            self.last = found.name if holds else ""
        for word in _type_names(found.type or ""):
            self.of_type.setdefault(word, []).append(found.name)

    def meant_by(self, lead: str) -> tuple[str, ...]:
        """The fields that a list below this paragraph is about."""
        words = [code["code"] for code in patterns.INLINE_CODE.finditer(lead)]
        typed = [name for word in words for name in self.of_type.get(word, ())[:MOST_OF_TYPE]]
        if typed:
            return tuple(dict.fromkeys(typed))[:MOST_OF_TYPE]
        named = [word for word in words if word in self.holding]
        return tuple(named[-1:] or ([self.last] if self.last else ()))


def _field(name: str, told: Told, span: Span, *, keyed: bool = False) -> Field:
    return Field(name, told.required, told.type, span, told.default, told.deprecated, keyed)


def _inside(outer: str, name: str) -> str:
    return name if not outer or name.startswith(f"{outer}.") else f"{outer}.{name}"


def _type_names(words: str) -> set[str]:
    return {code["code"] for code in patterns.INLINE_CODE.finditer(words)} | set(
        TYPE_NAME.findall(words)
    )


def _labeled(item: ListItem) -> tuple[tuple[str, ...], Told]:
    label = patterns.INLINE_ANCHOR.sub("", item.label).strip()
    head = label.partition(" (")[0].strip()
    names = tuple(_bare(found[0]) for found in NAME.finditer(head))
    if not names and PLAIN_NAMES.fullmatch(head):
        names = tuple(name.strip() for name in head.split(","))
    return names, told_of(label[len(head) :].lstrip(), item.text, head)


def _bulleted(item: ListItem) -> tuple[tuple[str, ...], Told]:
    name = NAME.match(item.text)
    if not name:
        return (), UNTOLD
    told = told_of("", item.text[name.end() :].lstrip())
    return ((_bare(name[0]),), told) if told.required is not None else ((), UNTOLD)


def _bare(code: str) -> str:
    return code.replace("`", "").strip("+ ")
