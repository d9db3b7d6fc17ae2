"""Holds the examples of a page against an OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from specgen.contract.examples import COMMON, Body, Example
from specgen.contract.openapi.document import OpenApi
from specgen.contract.openapi.node import Node, Value
from specgen.contract.openapi.operations import (
    Operation,
    family_of,
    fits,
    requested,
    schema_in,
)
from specgen.contract.openapi.shapes import shape_of_schema
from specgen.contract.openapi.telling import told
from specgen.contract.shapes import Shape, ShapeProblem
from specgen.contract.values import Endpoint
from specgen.nearest import nearest
from specgen.problems import Problem, Severity

__all__ = ["example_problems"]


def example_problems(
    document: OpenApi,
    operations: Sequence[Operation],
    example: Example,
    documented: Sequence[Endpoint] = (),
) -> Iterator[Problem]:
    """What of an example the document does not allow.

    Args:
        document: The document.
        operations: Its operations.
        example: The example.
        documented: What the page documents: that an endpoint is not in the document is told
            once, and not again for each of its examples.

    Raises:
        UsageProblem: A part of the document cannot be used.
    """
    operation = requested(operations, example.method, example.path)
    if operation is None:
        known = any(
            each.method == example.method and fits(each.path, example.path) for each in documented
        )
        if not known and not example.refused:
            yield from _unknown(document, operations, example)
        return
    if example.refused:
        return
    yield from _query(document, operation, example)
    yield from _request(document, operation, example)
    yield from _response(document, operation, example)


def _unknown(
    document: OpenApi, operations: Sequence[Operation], example: Example
) -> Iterator[Problem]:
    """A request that the document does not have, though it has others of its kind."""
    family = example.path.strip("/").partition("/")[0]
    of_kind = {each.name for each in operations if family_of(each.path) == family}
    if not family or not of_kind:
        return
    name = f"{example.method} /{example.path.strip('/')}"
    message = f"this request is no operation of the document: {name}"
    close = nearest(name, of_kind)
    hint = f"the nearest is {close}" if close else f"see the paths of /{family} there"
    paths = document.root.get("paths") or document.root
    yield told(document, "openapi-example", example.span, message, hint, node=paths)


def _query(document: OpenApi, operation: Operation, example: Example) -> Iterator[Problem]:
    known = operation.parameters("query")
    for name, value in example.query:
        if name in COMMON or "$" in name:
            continue
        if name not in known:
            message = f"{operation.name} has no query parameter `{name}` in the document"
            hint = f"known: {', '.join(sorted(known)) or 'none'}"
            yield told(
                document, "openapi-example", example.span, message, hint, node=operation.node
            )
            continue
        schema = known[name].get("schema")
        wrong = _wrong_value(shape_of_schema(document, schema), value) if schema else ""
        if wrong and "$" not in value:
            message = f"the value of `{name}` does not fit the document: {wrong}"
            yield told(document, "openapi-example", example.span, message, node=known[name])


def _wrong_value(shape: Shape, text: str) -> str:
    """What is wrong with a value of the query, which may be text, a number, or a list."""
    text = text or "true"  # `?pretty` is short for `?pretty=true`
    parts = text.split(",")
    meant = (text, _scalar(text), parts, [_scalar(each) for each in parts])
    found = [next(iter(shape.problems(value)), None) for value in meant]
    first = found[0]
    return first.message if first is not None and all(found) else ""


def _scalar(text: str) -> Value:
    words = {"true": True, "false": False}
    if text in words:
        return words[text]
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text


def _request(document: OpenApi, operation: Operation, example: Example) -> Iterator[Problem]:
    schema = operation.body()
    if example.request is None or schema is None:
        return
    for each in shape_of_schema(document, schema).problems(example.request.value):
        yield _different(document, schema, example.request, each, "body")


def _different(
    document: OpenApi, schema: Node, body: Body, found: ShapeProblem, what: str
) -> Problem:
    at = f" at {found.pointer}" if found.pointer else ""
    message, severity = f"the document does not allow this {what}: {found.message}", "warning"
    if found.kind == "unknown":
        # It is not refused: a schema that names fields says nothing of others.
        message, severity = (
            f"the document does not tell all of this {what}: {found.message}",
            "note",
        )
    place = body.place(found.path)
    return told(
        document,
        "openapi-example",
        place,
        f"{message}{at}",
        node=schema,
        severity=Severity(severity),
    )


def _response(document: OpenApi, operation: Operation, example: Example) -> Iterator[Problem]:
    if example.response is None:
        return
    schemas = tuple(
        schema
        for code, node in operation.responses().items()
        if code.startswith("2")
        for schema in [schema_in(node.followed())]
        if schema
    )
    found = [tuple(_differences(document, schema, example)) for schema in schemas]
    if not found or not all(found):
        return
    schema, problems = min(zip(schemas, found, strict=True), key=lambda pair: len(pair[1]))
    for each in problems:
        yield _different(document, schema, example.response, each, "response")


def _differences(document: OpenApi, schema: Node, example: Example) -> Iterator[ShapeProblem]:
    """Where a response differs; of one that was asked for in part, parts may be missing."""
    partial = any(name == "filter_path" for name, _ in example.query)
    body = example.response.value if example.response else None
    for each in shape_of_schema(document, schema).problems(body):
        if not (partial and each.kind in {"required", "anyOf", "oneOf"}):
            yield each
