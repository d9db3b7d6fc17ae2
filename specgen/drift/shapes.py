"""Bodies that no page shows, held against the shape that is documented of them.

Two things document one: the operation of an OpenAPI document, and the response fields that the
prose of a page lists. A field that is documented nowhere is no difference: both may grow. Of an
answer with `filter_path`, nothing is missing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

from specgen.contract.routes import Route, Routes, route_of
from specgen.contract.shapes import Shape, ShapeProblem, shape_of_fields
from specgen.contract.values import Field
from specgen.render.rendered import DocumentedBody
from specgen.replay.events import CaseFinished
from specgen.replay.values import CaseResult, Finding, KeptAnswer, Kind, Outcome
from specgen.source import Source, Span

__all__ = ["ShapeOf", "judged_by_shapes", "shapes_of_pages"]

ShapeOf = Callable[[str, str, int], Shape | None]
"""The shape documented of the answer to a method and path with a status; None for none."""

# How many differences of one answer are told.
MOST = 12
# Fields that were rendered some other time do not know any more where they stood.
NOWHERE = Span(Source.of("", ""), 0, 0)


def judged_by_shapes(finished: CaseFinished, shapes: Mapping[str, ShapeOf]) -> CaseFinished:
    """A case that passed, with what its answers are held against besides.

    Args:
        finished: What came of it, and what it was answered.
        shapes: What documents answers, by what messages call it.

    Raises:
        UsageProblem: A schema of the OpenAPI document cannot be used.
    """
    result, checked = finished.result, 0
    if result.outcome is not Outcome.PASSED:
        return finished
    findings: list[Finding] = []
    for answer in finished.answers:
        found = [
            (name, shape)
            for name, shape_of in shapes.items()
            if (shape := shape_of(answer.method, f"/{answer.path.strip('/')}", answer.status))
        ]
        checked += bool(found)
        for name, shape in found:
            findings += islice(_findings(result, answer, name, shape), MOST)
    result = replace(result, checks=replace(result.checks, shape=checked))
    if findings:
        told = (*findings, *result.findings)
        message = findings[0].message
        result = replace(result, outcome=Outcome.FAILED, findings=told, message=message)
    return replace(finished, result=result)


def _findings(result: CaseResult, answer: KeptAnswer, name: str, shape: Shape) -> Iterator[Finding]:
    try:
        body = json.loads(answer.text)
    except (ValueError, RecursionError):  # several values, of which the first was read
        return
    page = result.id.partition("::")[0]
    unasked = {"unknown"} | ({"required"} if "filter_path=" in answer.request else set())
    for problem in shape.problems(body):
        if problem.kind not in unasked:
            yield _finding(page, answer, name, problem)


def _finding(page: str, answer: KeptAnswer, name: str, problem: ShapeProblem) -> Finding:
    return Finding(
        Kind.SHAPE,
        page,
        answer.line,
        1,
        problem.pointer,
        None,
        None,
        f"{name} documents another shape: {problem.message}",
        excerpt=answer.request,
        width=len(answer.request),
        request=answer.request,
        request_line=answer.line,
        curl=answer.curl,
        file=answer.file,
        request_file=answer.file,
    )


@dataclass(frozen=True, slots=True)
class _Bodies:
    routes: Routes
    shapes: Mapping[Route, Shape | None]

    def shape_of(self, method: str, path: str) -> Shape | None:
        route = self.routes.find(method, path)
        return self.shapes.get(route) if route else None


def shapes_of_pages(bodies: Iterable[DocumentedBody]) -> ShapeOf | None:
    """The shapes that the prose of pages documents; None if it documents none.

    Where two pages document the same request, the first one counts.
    """
    shapes: dict[Route, Shape | None] = {}
    bodies = tuple(bodies)
    for body in bodies:
        fields = (Field(name, None, type_, NOWHERE) for name, type_ in body.fields)
        shapes.setdefault(route_of(body), shape_of_fields(tuple(fields)))
    known = _Bodies(Routes(bodies), shapes)
    return partial(_by_route, known) if shapes else None


def _by_route(bodies: _Bodies, method: str, path: str, status: int) -> Shape | None:
    return bodies.shape_of(method, path)
