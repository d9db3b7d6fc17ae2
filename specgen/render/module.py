"""Renders the plan of a page as a pytest module."""

from __future__ import annotations

from specgen.messages import message_of
from specgen.plan.values import Case, PagePlan
from specgen.problems import Severity
from specgen.render.rendered import Rendered, RenderedCase
from specgen.render.templates import fill
from specgen.render.view import view_of

__all__ = ["render_module", "render_plan"]


def render_module(plan: PagePlan) -> str:
    """The module of a page: deterministic, formatted, and safe whatever the page says."""
    return fill("module.py.j2", view_of(plan))


def render_plan(plan: PagePlan) -> Rendered:
    """The module of a page with what it is known by, other files left out."""
    unread = {
        problem.message
        for problem in plan.problems
        if problem.severity is Severity.ERROR and problem.code != "unknown-setup"
    }
    return Rendered(
        plan.page,
        render_module(plan) if plan.cases else "",
        tuple(_case(case, unread=case.blocked in unread) for case in plan.cases),
        tuple(message_of(problem) for problem in plan.problems),
        lasting=all(problem.code != "bad-regex" for problem in plan.problems),
    )


def _case(case: Case, *, unread: bool) -> RenderedCase:
    """A case; unread is one whose own text is what cannot be read, and not its setup."""
    held = case.in_page
    place, last = (case.page, case.file, case.line), held.source.locate(held.end).line
    derived = tuple(span.line for span in case.derived)
    told = (case.id, case.name, *place, unread, bool(case.skip), derived)
    return RenderedCase(*told, first=held.line, last=last)
