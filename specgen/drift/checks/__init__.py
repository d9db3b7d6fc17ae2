"""What can be said of a page without a cluster: everything that is malformed or forgotten.

The line reader and the planner tell what they could not read. Added here is what only a look
at the whole page shows, one module a subject.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from typing import TYPE_CHECKING

from specgen.drift.checks.allowing import OPENAPI, allowing, bad_allows, by_file, unused_allows
from specgen.drift.checks.bodies import loose_responses, unreadable_bodies
from specgen.drift.checks.characters import bidi_controls, broken_text
from specgen.drift.checks.documented import undocumented
from specgen.drift.checks.examples import candidates, idle_markers, old_form
from specgen.drift.checks.near_contract import (
    near_labels,
    near_section_titles,
    odd_codes,
    path_parameters,
)
from specgen.drift.checks.near_markers import near_markers
from specgen.drift.checks.two_views import two_views
from specgen.drift.checks.untested import empty_tests, status_only, untested_page
from specgen.plan.reading import PageStages
from specgen.problems import Problem
from specgen.source import Source, Span

if TYPE_CHECKING:
    from specgen.contract.openapi.document import OpenApi

__all__ = ["check_pages", "page_problems"]

Check = Callable[[PageStages], Iterator[Problem]]

CHECKS: tuple[Check, ...] = (
    bad_allows,
    bidi_controls,
    broken_text,
    candidates,
    empty_tests,
    idle_markers,
    loose_responses,
    near_labels,
    near_markers,
    near_section_titles,
    odd_codes,
    old_form,
    path_parameters,
    status_only,
    two_views,
    undocumented,
    unreadable_bodies,
    untested_page,
)


def check_pages(
    pages: Sequence[PageStages],
    allow: Sequence[str] = (),
    ask: Callable[[Source], Iterable[Problem]] | None = None,
    openapi: OpenApi | None = None,
) -> tuple[Problem, ...]:
    """Every problem of pages, sorted by place, without those that are allowed.

    Args:
        pages: What each stage saw of each page.
        allow: Codes that the configuration allows everywhere.
        ask: Tells what a program finds wrong with a page, under the same rules.
        openapi: A document that the pages are held against.

    Raises:
        UsageProblem: A part of that document cannot be used.
    """
    asked = frozenset({"asciidoc3"} if ask else ()) | (OPENAPI if openapi else frozenset())
    kept: list[Problem] = []
    used: set[Span] = set()
    sources = {stages.page.source for stages in pages}
    for stages in pages:
        more = [*(ask(stages.page.source) if ask else ())]
        if openapi:
            from specgen.drift.checks.openapi import page_against  # slow to import

            more += page_against(openapi, stages)
        snippets = by_file(stages.reading.snippets)
        for problem in (*page_problems(stages), *more):
            if _from_elsewhere(problem, stages, sources):
                continue
            words = allowing(problem, snippets)
            used.update(words)
            kept += () if words else (problem,)
    # A comment of a file that several pages include may be needed by one of them alone.
    for stages in pages:
        for problem in unused_allows(stages, used, asked):
            kept += () if allowing(problem) else (problem,)
    if openapi:
        from specgen.drift.checks.openapi import pages_against

        kept += pages_against(openapi, pages)
    return _in_order(problem for problem in kept if problem.code not in allow)


def page_problems(stages: PageStages) -> Iterator[Problem]:
    """What is wrong with a page, in no order, whether it is allowed or not."""
    yield from stages.plan.problems
    yield from stages.document.problems
    for check in CHECKS:
        yield from check(stages)


def _from_elsewhere(problem: Problem, stages: PageStages, sources: Set[Source]) -> bool:
    """Whether a block is open in a page only because of what another includes before it.

    What a file leaves open goes on in the next one that is included, and all delimiters there
    change sides. A page that is read alone as well tells of its own blocks.
    """
    source = problem.span.source
    return problem.code == "open-block" and source != stages.page.source and source in sources


def _in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems by place, each once: a file that ten pages include is told of once."""
    unique = {(each.code, each.span, each.message): each for each in reversed(tuple(problems))}
    return tuple(sorted(unique.values(), key=_place))


def _place(problem: Problem) -> tuple[str, int, str, str]:
    return problem.span.source.path, problem.span.start, problem.code, problem.message
