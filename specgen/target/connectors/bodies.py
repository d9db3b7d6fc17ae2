"""How a body is read: shapes of objects, the types of their fields, and what is refused.

A shape reads as Elasticsearch's object parsers do: a request refuses fields that it does
not know, the objects inside it pass over them; a number or a boolean may come as a string;
trouble inside a field is told as trouble with that field, with the cause inside.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from specgen.target.connectors.cron import is_cron
from specgen.target.connectors.errors import Refused, bad_argument, bad_syntax
from specgen.target.connectors.instants import read_instant
from specgen.target.connectors.json_text import Member, Node

__all__ = [
    "BOOLEAN",
    "CONTAINER",
    "INSTANT",
    "INT",
    "INTERVAL",
    "LONG",
    "OBJECT",
    "SCALAR",
    "TEXT",
    "TEXTS",
    "VALUE",
    "Field",
    "Shape",
    "Type",
    "list_of",
    "map_of",
    "object_of",
    "word_of",
]


@dataclass(frozen=True, slots=True)
class Type:
    """What a field may hold.

    Attributes:
        tokens: The kinds of JSON values that are taken at all.
        read: Makes the value to keep from one of these.
    """

    tokens: frozenset[str]
    read: Callable[[Node], Any]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a shape; `nullable` is whether it may be given as null."""

    name: str
    type: Type
    required: bool = False
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """An object in a body.

    Attributes:
        name: What messages call it.
        fields: What it may hold.
        strict: Whether other fields are refused and not passed over.
    """

    name: str
    fields: tuple[Field, ...]
    strict: bool = False

    def read(self, node: Node) -> dict[str, Any]:
        """Reads an object; gives the fields that were there, in the order of the shape.

        Raises:
            Refused: It is no such object.
        """
        if node.token != "START_OBJECT":
            raise bad_syntax(
                node.place, f"[{self.name}] Expected START_OBJECT but was: {node.token}"
            )
        known = {field.name: field for field in self.fields}
        found = {
            member.name: self._member(known[member.name], member)
            for member in node.members
            if self._is_known(known, member)
        }
        missing = [one.name for one in self.fields if one.required and one.name not in found]
        if missing:
            raise bad_argument(f"Required [{', '.join(missing)}]")
        return {name: found[name] for name in known if name in found}

    def _is_known(self, known: dict[str, Field], member: Member) -> bool:
        if self.strict and member.name not in known:
            raise bad_syntax(member.place, f"[{self.name}] unknown field [{member.name}]")
        return member.name in known

    def _member(self, field: Field, member: Member) -> Any:
        node = member.node
        if node.token == "VALUE_NULL" and field.nullable:
            return None
        if node.token not in field.type.tokens:
            raise bad_syntax(
                node.place,
                f"[{self.name}] {field.name} doesn't support values of type: {node.token}",
            )
        try:
            return field.type.read(node)
        except Refused as cause:
            reason = f"[{self.name}] failed to parse field [{field.name}]"
            raise bad_syntax(node.place, reason, cause) from cause


def _boolean(node: Node) -> bool:
    if isinstance(node.scalar, bool):
        return node.scalar
    if node.scalar not in ("true", "false"):
        raise bad_argument(
            f"Failed to parse value [{node.scalar}] as only [true] or [false] are allowed."
        )
    return node.scalar == "true"


def _integer(low: int, high: int, name: str) -> Callable[[Node], int]:
    def read(node: Node) -> int:
        try:
            number = int(str(node.scalar))
        except ValueError:
            number = _whole(node.scalar)
        if not low <= number <= high:
            raise bad_argument(f"Value [{node.scalar}] is out of range for {name}")
        return number

    return read


def _whole(scalar: object) -> int:
    try:
        number = float(str(scalar))
    except ValueError:
        raise bad_argument(f'For input string: "{scalar}"') from None
    if not number.is_integer():
        raise bad_argument(f"{scalar} cannot be converted to an integer without data loss")
    return int(number)


def _interval(node: Node) -> str:
    if not is_cron(str(node.scalar)):
        raise bad_argument(f"invalid cron expression [{node.scalar}]")
    return str(node.scalar)


def _no_array(node: Node) -> Any:
    if node.token == "START_ARRAY":
        raise bad_syntax(node.place, "Unsupported token [START_ARRAY]")
    return node.plain()


def _texts(node: Node) -> list[str]:
    items = node.items if node.token == "START_ARRAY" else (node,)
    wrong = next((one for one in items if one.token != "VALUE_STRING"), None)
    if wrong is not None:
        raise bad_argument(f"Expected a string but was: {wrong.token}")
    return [str(one.scalar) for one in items]


_SCALARS = frozenset({"VALUE_STRING", "VALUE_NUMBER", "VALUE_BOOLEAN", "VALUE_NULL"})
_LISTS = frozenset({"START_ARRAY", "START_OBJECT"})
_NUMBERS = frozenset({"VALUE_NUMBER", "VALUE_STRING"})
_STRING = frozenset({"VALUE_STRING"})
_OBJECT = frozenset({"START_OBJECT"})

TEXT = Type(_STRING, Node.plain)
BOOLEAN = Type(frozenset({"VALUE_BOOLEAN", "VALUE_STRING"}), _boolean)
INT = Type(_NUMBERS, _integer(-(2**31), 2**31 - 1, "an integer"))
LONG = Type(_NUMBERS, _integer(-(2**63), 2**63 - 1, "a long"))
INSTANT = Type(_STRING, lambda node: read_instant(str(node.scalar)))
INTERVAL = Type(_STRING, _interval)
OBJECT = Type(_OBJECT, Node.plain)
CONTAINER = Type(_LISTS, Node.plain)
SCALAR = Type(_SCALARS, Node.plain)
VALUE = Type(_SCALARS | _LISTS, _no_array)
TEXTS = Type(frozenset({"START_ARRAY", "VALUE_STRING"}), _texts)


def word_of(name: str, *words: str) -> Type:
    """One of some words, whatever its case; `name` is what messages call the set."""

    def read(node: Node) -> str:
        word = str(node.scalar).lower()
        if word not in words:
            raise bad_argument(f"Unknown {name} [{node.scalar}].")
        return word

    return Type(_STRING, read)


def object_of(shape: Shape) -> Type:
    """An object of a shape."""
    return Type(_OBJECT, shape.read)


def list_of(shape: Shape) -> Type:
    """An array of objects of a shape; a single object stands for an array of one."""

    def read(node: Node) -> list[dict[str, Any]]:
        return [shape.read(one) for one in (node.items if node.token == "START_ARRAY" else (node,))]

    return Type(_LISTS, read)


def map_of(shape: Shape) -> Type:
    """An object whose values are objects of a shape, under names that are free."""
    return Type(_OBJECT, lambda node: {one.name: shape.read(one.node) for one in node.members})
