"""Holds what pages promise against an OpenAPI document, one API at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from specgen.contract.examples import COMMON
from specgen.contract.openapi.document import OpenApi
from specgen.contract.openapi.fields import Known, compared, field_problems, missing_fields
from specgen.contract.openapi.node import Node
from specgen.contract.openapi.operations import (
    Operation,
    family_of,
    operations_for,
    placeholders,
    schema_in,
)
from specgen.contract.openapi.telling import told
from specgen.contract.topics import Topic
from specgen.contract.values import Contract, Endpoint, Field, Response
from specgen.nearest import nearest
from specgen.problems import Problem, Severity

__all__ = ["contract_problems", "document_problems"]

OF_PARAMETERS = frozenset({Topic.PATH_PARAMETERS, Topic.QUERY_PARAMETERS})


@dataclass(frozen=True, slots=True)
class _Api:
    """An API of a page, and the operations of the document that it documents.

    What the page has and they have not may belong to an endpoint that the document lacks: that
    is told only if it has them all.
    """

    document: OpenApi
    contract: Contract
    documented: tuple[tuple[Endpoint, Operation], ...]

    @property
    def operations(self) -> tuple[Operation, ...]:
        return tuple(dict.fromkeys(operation for _, operation in self.documented))

    @property
    def whole(self) -> bool:
        return len(self.documented) == len(self.contract.endpoints)

    @property
    def names(self) -> str:
        return " or ".join(each.name for each in self.operations)


def contract_problems(
    document: OpenApi, operations: Sequence[Operation], contract: Contract
) -> Iterator[Problem]:
    """What a page promises for an API and the document does not, and the reverse.

    Only what the page states is compared: sections that it has, needs and types that it tells.
    A list that lacks an included file is not held to be complete.

    Raises:
        UsageProblem: A part of the document cannot be used.
    """
    documented = []
    for endpoint in contract.endpoints:
        operation, there = operations_for(operations, endpoint.method, endpoint.path)
        if operation is None:
            yield _no_operation(document, operations, endpoint, there)
        else:
            documented.append((endpoint, operation))
    if not documented:
        return
    api = _Api(document, contract, tuple(documented))
    yield from _path(api)
    yield from _query(api)
    yield from _bodies(api)
    yield from _codes(api)


def _no_operation(
    document: OpenApi,
    operations: Sequence[Operation],
    endpoint: Endpoint,
    there: Sequence[Operation],
) -> Problem:
    name = f"{endpoint.method} {endpoint.path}"
    message, hint = f"the document has no {name}", "correct the page, or the document"
    node = document.root.get("paths") or document.root
    if there:
        message = f"{message}, though it has that path"
        hint = f"it has {', '.join(each.name for each in there)}"
        node = there[0].item
    elif close := nearest(name, _relatives(operations, endpoint.path), 0.8):
        hint = f"did you mean {close}?"
    return told(document, "openapi-operation", endpoint.span, message, hint, node=node)


def _relatives(operations: Sequence[Operation], path: str) -> list[str]:
    family = family_of(path)
    return [each.name for each in operations if family_of(each.path) == family]


def _path(api: _Api) -> Iterator[Problem]:
    for field in api.contract.path_parameters:
        found = tuple(chain.from_iterable(_in_path(api, field)))
        if found:
            yield from compared(api.document, field, found, "path parameter")
        elif elsewhere := _in_query(api, field.name):
            message = f"`{field.name}` is a query parameter in the document, not one of the path"
            hint = "list it under the query parameters"
            node = elsewhere[0].node
            yield told(api.document, "openapi-name", field.span, message, hint, node=node)
            yield from compared(api.document, field, elsewhere, "query parameter")
        elif api.whole and not _in_a_path(api.contract, field.name):
            message = f"the document has no path parameter `{field.name}` for {api.names}"
            node = api.operations[0].node
            yield told(api.document, "openapi-name", field.span, message, node=node)


def _in_a_path(contract: Contract, name: str) -> bool:
    return any(name in placeholders(each.path) for each in contract.endpoints)


def _in_path(api: _Api, field: Field) -> Iterator[tuple[Known, ...]]:
    """What the document says of a part of a path, by whatever name it knows that part."""
    for endpoint, operation in api.documented:
        mine, theirs = endpoint.path.strip("/").split("/"), operation.path.strip("/").split("/")
        known = operation.parameters("path")
        for here, there in zip(mine[::-1], theirs[::-1], strict=False):
            if field.name in placeholders(here):
                names = (name for name in placeholders(there) if name in known)
                yield tuple(_known(known[name], needed=None) for name in names)
        # Where a page shows the path without it too, it is optional for the page.


def _known(node: Node, *, needed: bool | None) -> Known:
    schema = node.get("schema")
    return Known(node, (schema,) if schema else (), needed, in_query=True)


def _in_query(api: _Api, name: str) -> tuple[Known, ...]:
    return tuple(
        _known(parameters[name], needed=parameters[name].value.get("required") is True)
        for operation in api.operations
        for parameters in [operation.parameters("query")]
        if name in parameters
    )


def _query(api: _Api) -> Iterator[Problem]:
    known = {
        name: node
        for operation in reversed(api.operations)
        for name, node in operation.parameters("query").items()
    }
    listed = {field.name for field in api.contract.query_parameters}
    for field in api.contract.query_parameters:
        if found := _in_query(api, field.name):
            yield from compared(api.document, field, found, "query parameter")
        elif api.whole and field.name not in COMMON:
            close = nearest(field.name, sorted(known.keys() - listed))
            message = f"the document has no query parameter `{field.name}` for {api.names}"
            hint = f"did you mean `{close}`?" if close else "correct the page, or the document"
            node = api.operations[0].node
            yield told(api.document, "openapi-name", field.span, message, hint, node=node)
    listed |= {field.name for field in api.contract.path_parameters} | COMMON
    if _lists_parameters(api.contract):
        for name in sorted(known.keys() - listed):
            if known[name].value.get("deprecated") is not True:
                yield _missing_parameter(api, name, known[name])


def _lists_parameters(contract: Contract) -> bool:
    """Whether what the page lists of parameters is meant to be all.

    No file of it may be missing, and a section on the query is a list, not a text.
    """
    prose = Topic.QUERY_PARAMETERS in contract.sections and not contract.query_parameters
    return bool(contract.sections & OF_PARAMETERS) and not (
        prose or contract.incomplete & OF_PARAMETERS
    )


def _missing_parameter(api: _Api, name: str, node: Node) -> Problem:
    endpoint = next(
        each for each, operation in api.documented if name in operation.parameters("query")
    )
    message = f"the document has a query parameter `{name}`, which is not listed here"
    stated = Topic.QUERY_PARAMETERS in api.contract.sections
    severity = Severity.WARNING if stated else Severity.NOTE
    return told(
        api.document,
        "openapi-name",
        endpoint.span,
        message,
        "list it, or take it out of the document",
        node=node,
        severity=severity,
    )


def _bodies(api: _Api) -> Iterator[Problem]:
    contract = api.contract
    at = api.documented[0][0].span
    requests = tuple(body for each in api.operations if (body := each.body()))
    yield from _fields(api, contract.request_body, Topic.REQUEST_BODY, requests)
    responses = tuple(chain.from_iterable(_successes(each) for each in api.operations))
    yield from _fields(api, contract.response_body, Topic.RESPONSE_BODY, responses)
    needing = next((each for each in api.operations if each.needs_body()), None)
    unsaid = contract.sections & OF_PARAMETERS and Topic.REQUEST_BODY not in contract.sections
    if needing and unsaid and len(api.operations) == 1:
        message = f"{needing.name} needs a body in the document, and this page tells of none"
        node = needing.node.get("requestBody") or needing.node
        hint = "add a section on the body of the request"
        yield told(api.document, "openapi-name", at, message, hint, node=node)


def _fields(
    api: _Api, fields: Sequence[Field], topic: Topic, bodies: Sequence[Node]
) -> Iterator[Problem]:
    if not fields:
        return
    what = "request" if topic is Topic.REQUEST_BODY else "response"
    if not bodies and not api.whole:
        return
    if not bodies:
        message = f"the document tells of no JSON in the {what} of {api.names}"
        node = api.operations[0].node
        yield told(api.document, "openapi-name", fields[0].span, message, node=node)
        return
    problems = field_problems(api.document, fields, bodies, what, whole=api.whole)
    yield from problems
    if topic not in api.contract.incomplete:
        at = api.documented[0][0].span
        yield from missing_fields(api.document, fields, bodies, what, at)


def _successes(operation: Operation) -> Iterator[Node]:
    for code, node in operation.responses().items():
        if code.startswith("2") and (schema := schema_in(node.followed())):
            yield schema


def _codes(api: _Api) -> Iterator[Problem]:
    """Response codes on one side only.

    Of documents that list one code for each operation only that is held against a page: a page
    that tells how the request succeeds must know that code.
    """
    known = {code for each in api.operations for code in each.responses()}
    pages = {str(each.code).upper(): each for each in api.contract.responses}
    if not known or not pages or not api.whole:
        return
    node = api.operations[0].node.get("responses") or api.operations[0].node
    strange = {code: each for code, each in pages.items() if not _covers(known, code)}
    if all(len(each.responses()) <= 1 for each in api.operations):
        successes = [code for code in pages if code.startswith("2")]
        if successes and all(code in strange for code in successes):
            yield _no_code(api, strange[successes[0]], successes, known)
        return
    for code, response in strange.items():
        yield _no_code(api, response, [code], known)
    if Topic.RESPONSE_CODES in api.contract.incomplete:
        return
    at = next(iter(pages.values())).span
    for code in sorted(known - pages.keys() - {"DEFAULT"}):
        if not (code.endswith("XX") and any(each.startswith(code[0]) for each in pages)):
            message = f"the document has {code} for {api.names}, which is not listed here"
            yield told(api.document, "openapi-code", at, message, node=node)


def _no_code(api: _Api, response: Response, codes: Sequence[str], known: Iterable[str]) -> Problem:
    message = f"the document does not have {' or '.join(codes)} for {api.names}"
    message += f", but {', '.join(sorted(known))}"
    node = api.operations[0].node.get("responses") or api.operations[0].node
    return told(api.document, "openapi-code", response.span, message, node=node)


def _covers(known: Iterable[str], code: str) -> bool:
    return bool({code, f"{code[0]}XX", "DEFAULT"} & set(known))


def document_problems(
    document: OpenApi, operations: Sequence[Operation], contracts: Sequence[Contract]
) -> Iterator[Problem]:
    """What is to be told of the document as a whole, after all pages were compared.

    Operations that stand on no page count only if pages document others of their family: the
    same first part of the path that nobody chooses.
    """
    endpoints = [each for contract in contracts for each in contract.endpoints]
    found = (operations_for(operations, each.method, each.path)[0] for each in endpoints)
    documented = {each for each in found if each}
    families = {family_of(each.path) for each in documented} - {""}
    for operation in operations:
        if operation not in documented and family_of(operation.path) in families:
            pointer = operation.node.pointer
            yield Problem(
                "openapi-undocumented",
                Severity.NOTE,
                document.place(pointer),
                f"no page documents {operation.name} ({pointer})",
                "document it, or name the pages that do",
            )
    single = documented and all(len(each.responses()) <= 1 for each in documented)
    if single and any(contract.responses for contract in contracts):
        yield Problem(
            "openapi-code",
            Severity.NOTE,
            document.place("#/paths"),
            "the document lists one status code for each of the documented operations, so the "
            "codes of pages are compared only with that",
            "list the codes of errors too",
        )
