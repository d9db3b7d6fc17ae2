"""Shapes: what a body must look like, made of a schema or of the fields that a page documents.

shape = response_shape(document, "PUT", "/_connector/my-connector", 200)
for problem in shape.problems({"result": "updated"}) if shape else ():
    print(problem.pointer, problem.message)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

import regex
from jsonschema.exceptions import SchemaError, UnknownType, ValidationError, best_match
from jsonschema.validators import extend
from openapi_schema_validator import OAS30Validator, OAS31Validator
from referencing.exceptions import Unresolvable

from specgen.contract.examples import ANY, Path
from specgen.contract.openapi.document import OpenApi
from specgen.contract.openapi.node import Node, Value, escaped
from specgen.contract.openapi.operations import operations_of, requested, schema_in
from specgen.contract.openapi.schemas import fields_of_any, name_of_type
from specgen.contract.openapi.words import meant_types
from specgen.contract.values import Field
from specgen.errors import UsageProblem

__all__ = ["Shape", "ShapeProblem", "response_shape", "shape_of_fields", "shape_of_schema"]

# How long a pattern of a document may take on one value, in seconds.
PATTERN_TIME = 1.0


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
        return "".join(f"/{escaped(str(key))}" for key in self.path)


class Shape(Protocol):
    """What a body must look like. `ANY` in it fits everywhere."""

    def problems(self, body: Value) -> Iterator[ShapeProblem]:
        """Where a body differs; nothing if it fits.

        Raises:
            UsageProblem: The schema cannot be used.
        """
        ...


def response_shape(document: OpenApi, method: str, path: str, status: int | str) -> Shape | None:
    """The shape that a document gives the JSON body of a response.

    None if it has no such operation, if that has no such status (`404`, else `4XX`, else
    `default`), or no JSON there.

    Args:
        document: The document.
        method: In capitals.
        path: Of a request, without its query, or a template.
        status: The status that came.

    Raises:
        UsageProblem: A reference of the document leads nowhere.
    """
    operation = requested(operations_of(document), method, path)
    if operation is None:
        return None
    responses = operation.responses()
    for code in (str(status), f"{str(status)[0]}XX", "DEFAULT"):
        if code in responses:
            schema = schema_in(responses[code].followed())
            return shape_of_schema(document, schema) if schema else None
    return None


def shape_of_schema(document: OpenApi, schema: Node) -> Shape:
    """The shape that a schema of a document describes."""
    return _SchemaShape(document.minor, schema)


@dataclass(frozen=True, slots=True)
class _SchemaShape:
    minor: int
    schema: Node

    def problems(self, body: Value) -> Iterator[ShapeProblem]:
        reference = {"$ref": self.schema.uri}
        validator = _validator_class(self.minor)(reference, registry=self.schema.registry)
        try:
            found = tuple(validator.iter_errors(body))
            unknown = tuple(_unknown_fields(body, (self.schema,), ()))
        except TROUBLE as trouble:
            message = f"the OpenAPI document: {self.schema.pointer}: the schema cannot be used"
            raise UsageProblem(message, str(trouble)[:200]) from trouble
        yield from (_problem(error) for error in found)
        yield from unknown


# What a schema that is none makes a validator raise.
TROUBLE = (
    SchemaError,
    UnknownType,
    Unresolvable,
    RecursionError,
    TypeError,
    ValueError,
    KeyError,
    AttributeError,
)


@lru_cache(maxsize=2)
def _validator_class(minor: int) -> Any:
    """The validator of a version of OpenAPI, a little more patient.

    `ANY` passes everywhere. Of `oneOf` more than one may fit, since the branches of documents
    overlap ("a string" and "the string -1"). Patterns come from strangers, and have limited time.
    """
    base: Any = OAS31Validator if minor else OAS30Validator
    keywords = dict(base.VALIDATORS)
    keywords["oneOf"] = keywords["anyOf"]
    keywords["pattern"] = _pattern
    return extend(  # type: ignore[no-untyped-call]
        base, {name: _unless_any(check) for name, check in keywords.items()}
    )


Keyword = Callable[[Any, Value, Value, Value], Iterable[ValidationError] | None]


def _unless_any(check: Keyword) -> Keyword:
    def checked(
        validator: Any, value: Value, instance: Value, schema: Value
    ) -> Iterable[ValidationError] | None:
        return () if instance is ANY else check(validator, value, instance, schema)

    return checked


def _pattern(
    validator: Any, pattern: Value, instance: Value, schema: Value
) -> Iterator[ValidationError]:
    if not validator.is_type(instance, "string"):
        return
    try:
        found = regex.search(pattern, instance, timeout=PATTERN_TIME)
    except (regex.error, TimeoutError):
        return  # nothing can be said
    if found is None:
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def _problem(error: ValidationError) -> ShapeProblem:
    # Of several schemas that all fail, the one that comes nearest tells most.
    deepest = best_match(iter([error])) or error
    return ShapeProblem(tuple(deepest.absolute_path), _told(deepest), str(deepest.validator))


def _told(error: ValidationError) -> str:
    expected: Any = error.validator_value
    shown = _shown(error.instance)
    match error.validator:
        case "type":
            words = expected if isinstance(expected, str) else " or ".join(map(str, expected))
            return f"expected {words}, found {shown}"
        case "enum":
            return f"expected one of {', '.join(map(_shown, expected))}, found {shown}"
        case "required":
            return error.message.replace("'", "`").replace("is a required property", "is required")
        case "anyOf" | "oneOf":
            return f"{shown} fits none of what is allowed"
    return f"{shown} is not as `{error.validator}: {_shown(expected)}` asks"


def _shown(value: Value) -> str:
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list):
        return "a list"
    text = f'"{value}"' if isinstance(value, str) else str(value).lower()
    text = "null" if value is None else text
    return text if len(text) <= 60 else f"{text[:59]}…"


def _unknown_fields(value: Value, schemas: Sequence[Node], path: Path) -> Iterator[ShapeProblem]:
    """Fields that a schema does not name, though it names fields and says nothing of others."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _unknown_fields(item, schemas, (*path, index))
    if not isinstance(value, Mapping):
        return
    fields = fields_of_any(schemas)
    for key, inside in value.items():
        known = fields.named.get(key)
        # `index.hidden` may be written for a field in another, and a made key is anybody's.
        if inside is ANY or (known is None and str(key).partition(".")[0] in fields.named):
            continue
        if known is not None:
            yield from _unknown_fields(inside, known.schemas, (*path, key))
        elif not fields.open:
            message = f"no field `{key}` is known"
            yield ShapeProblem((*path, key), message, "unknown")


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
        yield ShapeProblem(path, f"expected {field.type}, found {_shown(value)}", "type")
