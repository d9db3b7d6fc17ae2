"""What the answers of cases that passed are held against besides their pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path

from specgen.contract.shapes import Shape
from specgen.drift.shapes import ShapeOf, judged_by_shapes, shapes_of_pages
from specgen.render.rendered import DocumentedBody
from specgen.replay.events import CaseFinished

__all__ = ["judge_by_shapes"]


def judge_by_shapes(
    bodies: Sequence[DocumentedBody], openapi: Path | None
) -> Callable[[CaseFinished], CaseFinished]:
    """Judges cases by the fields that pages list, and by an OpenAPI document if there is one.

    Raises:
        UsageProblem: The document cannot be read.
    """
    shapes: dict[str, ShapeOf] = {}
    if of_pages := shapes_of_pages(bodies):
        shapes["the page"] = of_pages
    if openapi is not None:
        shapes["the OpenAPI document"] = _of_document(openapi)
    return partial(judged_by_shapes, shapes=shapes)


def _of_document(path: Path) -> ShapeOf:
    from specgen.contract.openapi.reading import read_openapi
    from specgen.contract.openapi.shapes import response_shape

    document = read_openapi(path, path.name)

    @cache
    def shape_of(method: str, path: str, status: int) -> Shape | None:
        return response_shape(document, method, path, status)

    return shape_of
