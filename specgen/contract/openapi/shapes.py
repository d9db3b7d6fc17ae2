"""Shapes of the schemas of a document.

shape = response_shape(document, "PUT", "/_connector/my-connector", 200)
for problem in shape.problems({"result": "updated"}) if shape else ():
    print(problem.pointer, problem.message)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import regex
from jsonschema.exceptions import SchemaError, UnknownType, ValidationError, best_match
from jsonschema.validators import Draft202012Validator, extend
from openapi_schema_validator import OAS30Validator, OAS31Validator
from referencing.exceptions import Unresolvable

from specgen.contract.examples import ANY, Path
from specgen.contract.openapi.document import OpenApi
from specgen.contract.openapi.node import Node, Value
from specgen.contract.openapi.operations import operations_of, requested, schema_in
from specgen.contract.openapi.schemas import fields_of_any
from specgen.contract.shapes import Shape, ShapeProblem, shown
from specgen.errors import UsageProblem

__all__ = ["response_shape", "shape_of_schema"]

# How long a pattern of a document may take on one value, in seconds.
PATTERN_TIME = 1.0


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


# With none of these, `type: object` says nothing of a value.
SAYING_MORE = frozenset(
    {
        *("properties", "required", "additionalProperties", "patternProperties"),
        *("propertyNames", "minProperties", "maxProperties", "allOf", "anyOf", "oneOf", "not"),
        *("enum", "const", "dependentRequired", "dependentSchemas", "unevaluatedProperties"),
    }
)
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
    overlap ("a string" and "the string -1"), and a discriminator only tells which to look at, since
    answers leave it out where it is the usual one. Patterns come from strangers, and have limited
    time.
    An object of which nothing is said may be anything: documents that are made from code have
    it for values that users define.
    """
    base: Any = OAS31Validator if minor else OAS30Validator
    keywords = dict(base.VALIDATORS)
    keywords["oneOf"] = keywords["anyOf"] = Draft202012Validator.VALIDATORS["anyOf"]
    keywords["pattern"] = _pattern
    keywords["type"] = partial(_type, keywords["type"])
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


def _type(
    check: Keyword, validator: Any, expected: Value, instance: Value, schema: Value
) -> Iterable[ValidationError] | None:
    said = set(schema) & SAYING_MORE
    return check(validator, expected, instance, schema) if said or expected != "object" else ()


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
    found = shown(error.instance)
    match error.validator:
        case "type":
            words = expected if isinstance(expected, str) else " or ".join(map(str, expected))
            return f"expected {words}, found {found}"
        case "enum":
            return f"expected one of {', '.join(map(shown, expected))}, found {found}"
        case "required":
            return error.message.replace("'", "`").replace("is a required property", "is required")
        case "anyOf" | "oneOf":
            return f"{found} fits none of what is allowed"
    return f"{found} is not as `{error.validator}: {shown(expected)}` asks"


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
