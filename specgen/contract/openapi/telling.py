"""How a difference between a page and an OpenAPI document is told: with both places."""

from __future__ import annotations

from specgen.contract.openapi.document import OpenApi
from specgen.contract.openapi.node import Node
from specgen.problems import Problem, Severity
from specgen.source import Span

__all__ = ["told"]


def told(
    document: OpenApi,
    code: str,
    span: Span,
    message: str,
    hint: str = "correct the page, or the document",
    *,
    node: Node,
    severity: Severity = Severity.WARNING,
) -> Problem:
    """A difference at its place in the page; `node` is the place in the document."""
    where = f"{hint}; see {node.pointer or '#'}"
    return Problem(code, severity, span, message, where, (document.see(node, "the document"),))
