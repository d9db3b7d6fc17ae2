"""Shapes: what a body must look like, and that of the fields that a page documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from specgen.contract.examples import ANY, Path
from specgen.contract.openapi.words import meant_types
from specgen.contract.values import Field
from specgen.pointers import token_of

__all__ = ["Shape", "ShapeProblem", "name_of_type", "shape_of_fields", "shown"]

Value: TypeAlias = Any  # whatever JSON can hold


@dataclass(frozen=True, slots=True)
class ShapeProblem:
    """Where a body has not the shape.

    Attributes:
        path: Keys and indexes that lead to the value.
        message: What was expected and what was found.
        kind: The keyword of the schema, or `unknown` for a field that it does not name.
    """

    path: Path
    message: str
    kind: str

    @property
    def pointer(self) -> str:
        """The same place as a JSON pointer."""
        return "".join(f"/{token_of(str(key))}" for key in self.path)


class Shape(Protocol):
    """What a body must look like. `ANY` in it fits everywhere."""

    def problems(self, body: Value) -> Iterator[ShapeProblem]:
        """Where a body differs; nothing if it fits.

        Raises:
            UsageProblem: The schema cannot be used.
        """
        ...


def shape_of_fields(fields: Sequence[Field]) -> Shape | None:
    """The shape that the documented fields of a page give a body; None if there are none.

    A page that lists fields need not list all: only the types of those that are there are
    compared, and those that it says are required must be there.
    """
    return _FieldsShape(tuple(fields)) if fields else None


@dataclass(frozen=True, slots=True)
class _FieldsShape:
    fields: tuple[Field, ...]

    def problems(self, body: Value) -> Iterator[ShapeProblem]:
        for field in self.fields:
            *outer, name = _named(field, self.fields)
            for path, holder in _holders(body, tuple(outer), ()):
                if name in holder:
                    yield from _of_type(field, holder[name], (*path, name))
                elif field.required:
                    yield ShapeProblem(path, f"`{field.name}` is required", "required")


def _named(field: Field, fields: Sequence[Field]) -> tuple[str, ...]:
    """The keys that lead to a field: a dot is in a key unless the page documents what is left."""
    outer = max(
        (each.name for each in fields if field.name.startswith(f"{each.name}.")),
        key=len,
        default="",
    )
    if not outer:
        return (field.name,)
    holder = next(each for each in fields if each.name == outer)
    return (*_named(holder, fields), field.name.removeprefix(f"{outer}."))


def _holders(value: Value, keys: Path, path: Path) -> Iterator[tuple[Path, Mapping[str, Value]]]:
    """The objects below keys, those in lists one by one."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _holders(item, keys, (*path, index))
    elif isinstance(value, Mapping):
        if not keys:
            yield path, value
        elif keys[0] in value:
            yield from _holders(value[keys[0]], keys[1:], (*path, keys[0]))


def _of_type(field: Field, value: Value, path: Path) -> Iterator[ShapeProblem]:
    meant = meant_types(field.type) if field.type else None
    if meant is None or value is ANY or value is None:
        return
    if not any(name_of_type(value) in types for types in meant):
        yield ShapeProblem(path, f"expected {field.type}, found {shown(value)}", "type")


def name_of_type(value: Value) -> str:
    """The JSON type of a value, integers being numbers."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "string"
    if isinstance(value, list):
        return "array"
    return "object" if isinstance(value, Mapping) else "number"


def shown(value: Value) -> str:
    """A value in a few words."""
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list):
        return "a list"
    text = f'"{value}"' if isinstance(value, str) else str(value).lower()
    text = "null" if value is None else text
    return text if len(text) <= 60 else f"{text[:59]}…"
