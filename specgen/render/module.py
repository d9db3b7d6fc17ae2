"""Renders the plan of a page as a pytest module."""

from __future__ import annotations

from specgen.plan.values import PagePlan
from specgen.render.templates import fill
from specgen.render.view import view_of

__all__ = ["render_module"]


def render_module(plan: PagePlan) -> str:
    """The module of a page: deterministic, formatted, and safe whatever the page says."""
    return fill("module.py.j2", view_of(plan))
