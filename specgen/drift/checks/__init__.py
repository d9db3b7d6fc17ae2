"""What can be said of a page without a cluster: everything that is malformed or forgotten.

The line reader and the planner tell what they could not read. Added here is what only a look
at the whole page shows, one module a subject.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from specgen.drift.checks.allowing import allowed, bad_allows
from specgen.drift.checks.bodies import unreadable_bodies
from specgen.drift.checks.examples import candidates, idle_markers, old_form
from specgen.drift.checks.near_markers import near_markers
from specgen.drift.checks.two_views import two_views
from specgen.plan.reading import PageStages
from specgen.problems import Problem

__all__ = ["in_order", "page_problems"]

Check = Callable[[PageStages], Iterator[Problem]]

CHECKS: tuple[Check, ...] = (
    bad_allows,
    candidates,
    idle_markers,
    near_markers,
    old_form,
    two_views,
    unreadable_bodies,
)


def page_problems(
    stages: PageStages, allow: Sequence[str] = (), more: Iterable[Problem] = ()
) -> tuple[Problem, ...]:
    """Every problem of a page, sorted by place, without those that are allowed.

    Args:
        stages: What each stage saw of the page.
        allow: Codes that the configuration allows everywhere.
        more: What somebody else found wrong with the page, under the same rules.
    """
    found = [*stages.plan.problems, *stages.document.problems, *more]
    for check in CHECKS:
        found += check(stages)
    snippets = stages.reading.snippets
    return in_order(
        problem for problem in found if problem.code not in allow and not allowed(problem, snippets)
    )


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems by place, each once: a file that ten pages include is told of once."""
    unique = {(each.code, each.span, each.message): each for each in reversed(tuple(problems))}
    return tuple(sorted(unique.values(), key=_place))


def _place(problem: Problem) -> tuple[str, int, str, str]:
    return problem.span.source.path, problem.span.start, problem.code, problem.message
