"""What the prose nearly promises: labels that are none, and parts that contradict each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from http import HTTPStatus
from itertools import pairwise

from specgen.asciidoc import patterns
from specgen.asciidoc.prose import prose_of, span_in
from specgen.contract.endpoints import PLACEHOLDERS
from specgen.contract.topics import Part, Topic, near_titles, parts_of
from specgen.contract.values import Contract, Endpoint, Field, Response
from specgen.nearest import nearest
from specgen.plan.reading import PageStages
from specgen.problems import Problem
from specgen.source import Line

__all__ = ["near_labels", "near_section_titles", "odd_codes", "path_parameters"]

# `404`:   `404` (Missing resources):   404   `200`::No space   (`404`:: is a label)
NEAR_CODE = re.compile(
    r"\s*(?P<label>`?[1-5](?:\d\d|xx)`?(?:\s+\([^()]*\))?)\s*(?P<marks>:(?!:)|;(?!;)|:{2,4}(?=[^\s:])|$).*"
)
# `size`:   `size` (Optional, integer):   `size`::No space
NEAR_NAME = re.compile(
    r"\s*(?P<label>`[^`]+`)\s*(?P<marks>:(?!:)|;(?!;)|:{2,4}(?=[^\s:])|$)(?P<rest>.*)"
)
NEED = re.compile(r"\s*\((?:required|optional)\b", re.IGNORECASE)
OF_FIELDS = frozenset(
    {Topic.PATH_PARAMETERS, Topic.QUERY_PARAMETERS, Topic.REQUEST_BODY, Topic.RESPONSE_BODY}
)
# Of more names nobody is told which was meant: to compare them all takes too long.
MOST_MEANT = 100
# What Elastic's pages put beside the code of an answer about something that is not there.
PHRASES = {"missing resource": 404, "missing resources": 404}


def near_labels(stages: PageStages) -> Iterator[Problem]:
    """Lines that look like the label of a code, a parameter or a field, and are none.

    Asciidoctor makes them text, and so nothing is documented there.
    """
    document = stages.document
    for part in parts_of(document.page, document.outline, stages.titles):
        if part.topic is Topic.RESPONSE_CODES or part.topic in OF_FIELDS:
            yield from _near_labels(part)


def near_section_titles(stages: PageStages) -> Iterator[Problem]:
    """Lines that look like a title that states a contract, and are text of what is above them."""
    document = stages.document
    for line in near_titles(document.page, document.outline, stages.titles):
        message = "this looks like a title and is text of what stands above it"
        yield Problem.warning("near-title", line.span, message)


def _near_labels(part: Part) -> Iterator[Problem]:
    lines = tuple(prose_of(part.lines))
    for line, following in pairwise((*lines, None)):
        if line is None or patterns.LABELED_ITEM.fullmatch(line.text):
            continue
        if part.topic is Topic.RESPONSE_CODES:
            found = NEAR_CODE.fullmatch(line.text)
            # A code alone may end a sentence: what it means stands below it.
            near = found and (found["marks"] or _text_of(following))
        else:
            found = NEAR_NAME.fullmatch(line.text)
            near = found and (NEED.match(found["rest"]) or NEED.match(_text_of(following)))
        if found and near:
            span = span_in(line, found.start("label"), found.end("marks"))
            message = "this looks like a label and is none, so nothing is documented here"
            yield Problem.warning("near-label", span, message)


def _text_of(line: Line | None) -> str:
    return line.text if line else ""


def odd_codes(stages: PageStages) -> Iterator[Problem]:
    """Status codes that there are not, come twice, or are not what stands beside them."""
    for contract in stages.contracts:
        before: set[int | str] = set()
        for response in contract.responses:
            if problem := _odd(response, before):
                yield problem
            before.add(response.code)


def _odd(response: Response, before: Set[int | str]) -> Problem | None:
    code = response.code
    if not isinstance(code, int):
        return None
    if code in before:
        hint = "make it one, or correct one of them"
        return Problem.warning("odd-code", response.span, f"{code} is documented twice", hint)
    if code not in set(HTTPStatus):
        hint = "write a status that HTTP has"
        return Problem.warning("odd-code", response.span, f"HTTP has no status {code}", hint)
    beside = re.match(r"\((?P<phrase>[^()]+)\)", response.description)
    meant = _code_of(beside["phrase"]) if beside else None
    if beside and meant not in (None, code):
        message = f"{code} is not {beside['phrase']!r}: that is {meant}"
        return Problem.warning("odd-code", response.span, message, "correct one of the two")
    return None


def _code_of(phrase: str) -> int | None:
    plain = " ".join(phrase.casefold().split())
    known = PHRASES | {status.phrase.casefold(): status.value for status in HTTPStatus}
    return known.get(plain)


def path_parameters(stages: PageStages) -> Iterator[Problem]:
    """Path parameters that no path has, and parts of paths that are not among them.

    The latter only where a page lists path parameters at all, and nothing of the list is in a
    file that could not be read.
    """
    for contract in stages.contracts:
        requests = tuple(each for each in contract.endpoints if not each.by_example)
        if requests and contract.path_parameters:
            yield from _mismatched(contract, requests)


def _mismatched(contract: Contract, requests: Sequence[Endpoint]) -> Iterator[Problem]:
    paths = [set(PLACEHOLDERS.findall(each.path)) for each in requests]
    everywhere = set.intersection(*paths)
    there = {name for each in requests for name in PLACEHOLDERS.findall(each.path)}
    listed = {field.name for field in contract.path_parameters}
    for field in contract.path_parameters:
        if field.required is False and field.name in everywhere:
            message = f"`{field.name}` is said to be optional, and no path here does without it"
            hint = "say that it is required, or show the path without it"
            yield Problem.warning("path-parameter", field.span, message, hint)
        if field.name not in there:
            yield _in_no_path(field, there - listed, requests)
    if Topic.PATH_PARAMETERS in contract.incomplete:
        return
    told: set[str] = set()
    for endpoint in requests:
        for name in PLACEHOLDERS.findall(endpoint.path):
            if name not in listed | told:
                told.add(name)
                message = f"`{name}` of this path is not among the path parameters"
                hint = "tell below the path parameters what it is"
                yield Problem.warning("path-parameter", endpoint.span, message, hint)


def _in_no_path(field: Field, free: set[str], requests: Sequence[Endpoint]) -> Problem:
    if len(requests) == 1:
        message = (
            f"`{field.name}` is listed as a path parameter, and {requests[0].path} has no such"
        )
    else:
        message = f"`{field.name}` is listed as a path parameter, and no path here has it"
    close = nearest(field.name, sorted(free)[:MOST_MEANT])
    hint = "if it stands in the query, list it under the query parameters"
    return Problem.warning(
        "path-parameter", field.span, message, f"did you mean `{close}`?" if close else hint
    )
