"""Holds documented parameters and fields against an OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from specgen.contract.openapi.document import OpenApi
from specgen.contract.openapi.node import Node
from specgen.contract.openapi.schemas import (
    Fields,
    Property,
    fields_of_any,
    types_of_any,
    value_of_map,
)
from specgen.contract.openapi.telling import told
from specgen.contract.openapi.words import meant_types, shown_types
from specgen.contract.values import Field
from specgen.nearest import nearest
from specgen.problems import Problem
from specgen.source import Span

__all__ = ["Known", "compared", "field_problems", "missing_fields"]


@dataclass(frozen=True, slots=True)
class Known:
    """What a document says of a name.

    Attributes:
        node: Where it says so.
        schemas: What the value may be; none if nothing is told.
        required: Whether it must be there; None where that is not compared.
        in_query: Whether all values are text, with commas in lists.
    """

    node: Node
    schemas: tuple[Node, ...]
    required: bool | None
    in_query: bool = False


def compared(
    document: OpenApi, field: Field, found: Sequence[Known], what: str
) -> Iterator[Problem]:
    """Need and type of a documented name; fits one of what the document has, fits the document.

    Args:
        document: The document.
        field: What the page says.
        found: What the document says, once for each operation that has the name.
        what: What it is, in a word or two.
    """
    needs = {each.required for each in found}
    if field.required is not None and None not in needs and field.required not in needs:
        says, other = ("required", "optional") if field.required else ("optional", "required")
        message = f"the {what} `{field.name}` is {says} here, and {other} in the document"
        yield told(document, "openapi-need", field.span, message, node=found[0].node)
    wrong = [_wrong_type(field, each) for each in found]
    if wrong and all(wrong):
        message = f"the {what} `{field.name}` is `{_plain(field.type)}` here, and {wrong[0]}"
        message += " in the document"
        yield told(document, "openapi-type", field.span, message, node=found[0].node)


def _plain(words: str | None) -> str:
    return (words or "").replace("`", "")


def _wrong_type(field: Field, known: Known) -> str:
    """The types that the document allows, if one that the page names is none of them."""
    meant = meant_types(field.type) if field.type else None
    allowed = types_of_any(known.schemas) if known.schemas else None
    if meant is None or allowed is None:
        return ""
    if known.in_query and "array" in allowed:
        allowed = allowed | {"string"}
    return "" if all(each & allowed for each in meant) else shown_types(allowed)


def field_problems(
    document: OpenApi,
    fields: Sequence[Field],
    bodies: Sequence[Node],
    what: str,
    *,
    whole: bool = True,
) -> Iterator[Problem]:
    """Fields that the document does not have, or has otherwise.

    A field inside one that the document does not have is not told of by itself.

    Args:
        document: The document.
        fields: What the page lists.
        bodies: The schemas that one of them may be of.
        what: `request` or `response`; of responses pages do not tell what is required.
        whole: Whether there is no other schema that they might be of.
    """
    absent: set[str] = set()
    for field in fields:
        looked = [_look_up(body, field.name) for body in bodies]
        found = [each for each in looked if isinstance(each, Known)]
        if found and what == "response":
            found = [Known(each.node, each.schemas, None) for each in found]
        if found:
            yield from compared(document, field, found, f"{what} field")
        elif all(isinstance(each, _Absent) for each in looked):
            inside = any(outer in absent for outer in _outer_names(field.name))
            absent.add(field.name)
            first = looked[0]
            if whole and not inside and isinstance(first, _Absent):
                yield _surplus(document, field, fields, first, what)


def _outer_names(name: str) -> Iterator[str]:
    """`a.b` and `a` of `a.b.c`."""
    while "." in name:
        name = name.rpartition(".")[0]
        yield name


def _surplus(
    document: OpenApi, field: Field, fields: Sequence[Field], absent: _Absent, what: str
) -> Problem:
    listed = {each.name for each in fields}
    free = [name for name in absent.names if f"{absent.outer}{name}" not in listed]
    close = nearest(field.name.removeprefix(absent.outer), free)
    message = f"the document has no {what} field `{field.name}`"
    hint = (
        f"did you mean `{absent.outer}{close}`?" if close else "correct the page, or the document"
    )
    return told(document, "openapi-name", field.span, message, hint, node=absent.node)


@dataclass(frozen=True, slots=True)
class _Absent:
    """A field that the document does not have, though it names its neighbours."""

    node: Node
    names: tuple[str, ...]
    outer: str


def _look_up(schema: Node, name: str) -> Known | _Absent | None:
    """What a schema says of a dotted name; None where it leaves open what there is."""
    holders: tuple[Node, ...] = (schema,)
    outer, rest = "", name
    while True:
        fields = fields_of_any(holders)
        key = _longest(rest, fields)
        if not key and (value := value_of_map(holders[0])):
            holders = (value,)
            continue
        if not key:
            node = holders[0].followed()
            return None if fields.open else _Absent(node, tuple(fields.named), outer)
        found = fields.named[key]
        if key == rest:
            return Known(found.schemas[0], found.schemas, found.required)
        outer, rest, holders = f"{outer}{key}.", rest[len(key) + 1 :], found.schemas


def _longest(name: str, fields: Fields) -> str:
    """The longest beginning of a dotted name that is a field; a key may hold dots itself."""
    begins = [each for each in fields.named if name == each or name.startswith(f"{each}.")]
    return max(begins, key=len, default="")


def missing_fields(
    document: OpenApi, fields: Sequence[Field], bodies: Sequence[Node], what: str, at: Span
) -> Iterator[Problem]:
    """Fields of the document that the page does not list, beside those that it lists.

    Args:
        document: The document.
        fields: What the page lists.
        bodies: The schemas that the fields are of.
        what: `request` or `response`.
        at: Where the page would have to name one of the outermost.
    """
    listed = {each.name for each in fields}
    outer_names = {outer for name in listed for outer in _outer_names(name)}
    holders = {"": at} | {each.name: each.span for each in fields if each.name in outer_names}
    seen: set[str] = set()
    for body in bodies:
        for outer, span in holders.items():
            for name, found in _named_below(body, outer).items():
                full = f"{outer}.{name}" if outer else name
                if full in listed | seen or found.deprecated:
                    continue
                seen.add(full)
                message = f"the document has a {what} field `{full}`, which is not listed here"
                hint = "list it, or take it out of the document"
                yield told(document, "openapi-name", span, message, hint, node=found.schemas[0])


def _named_below(body: Node, outer: str) -> Mapping[str, Property]:
    if not outer:
        return fields_of_any((body,)).named
    found = _look_up(body, outer)
    if not isinstance(found, Known) or not found.schemas:
        return {}
    value = value_of_map(found.schemas[0])
    return fields_of_any((value,) if value else found.schemas).named
