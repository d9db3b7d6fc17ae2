"""`specgen check --json`: every problem of the pages, for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from specgen.problems import Problem, Related

__all__ = ["problems_document"]


def problems_document(problems: Sequence[Problem]) -> dict[str, Any]:
    """The document that `schemas/check.schema.json` describes."""
    return {"schema": 1, "problems": [_problem(problem) for problem in problems]}


def _problem(problem: Problem) -> dict[str, Any]:
    place = problem.span.place
    return {
        "page": problem.span.source.path,
        "line": place.line,
        "column": place.column,
        "code": problem.code,
        "severity": problem.severity.value,
        "message": problem.message,
        "hint": problem.hint,
        **({"related": [_related(each) for each in problem.related]} if problem.related else {}),
    }


def _related(related: Related) -> dict[str, Any]:
    place = related.span.place
    return {
        "page": related.span.source.path,
        "line": place.line,
        "column": place.column,
        "message": related.message,
    }
