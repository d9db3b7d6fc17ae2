"""Pages and cases that look tested and are not: nothing, or hardly anything, is checked there."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from specgen.dialect.requests import METHODS
from specgen.plan.reading import PageStages
from specgen.plan.skips import skips_of
from specgen.plan.values import (
    Case,
    CheckStep,
    MatchStep,
    Role,
    Skip,
    SkipKind,
    Step,
    YamlStep,
)
from specgen.problems import Problem, Severity
from specgen.render.view import sends
from specgen.source import Span

__all__ = ["empty_tests", "status_only", "untested_page"]

REQUEST = re.compile(rf"\s*(?:{METHODS}) +\S")
# Who reads such a snippet takes it for an example that was tried.
LANGUAGES = frozenset({"console", "js"})
# What became of a snippet that nothing else complains about.
UNTESTED = frozenset({Role.NOTHING, Role.SETUP, Role.TEARDOWN})


def untested_page(stages: PageStages) -> Iterator[Problem]:
    """A page of requests that has no test, or skips every one of them."""
    cases = stages.plan.cases
    if _has_errors(stages):
        return
    if not cases:
        requests = tuple(_requests(stages))
        if requests:
            number = len(requests)
            shown = "a request" if number == 1 else f"{number} examples with requests"
            message = f"this page shows {shown}, and no test"
            hint = "make one of them a test: [source,console], without // NOTCONSOLE"
            yield _note("no-test", requests[0], message, hint)
    elif all(case.skip for case in cases):
        first = next(skip for skip in _skips(stages) if skip.kind is SkipKind.TEST)
        message = "every test of this page is skipped"
        if len(cases) == 1:
            message = "the only test of this page is skipped"
        hint = "`specgen run --try-skipped` tells whether it would pass now"
        yield _note("no-test", first.span, message, hint)


def empty_tests(stages: PageStages) -> Iterator[Problem]:
    """Tests that send no request, so that nothing can be checked."""
    for case in () if _has_errors(stages) else stages.plan.cases:
        if not (case.skip or case.blocked or any(map(sends, case.steps))):
            message = "this test sends no request, so it checks nothing"
            hint = "write the request below the comment, or put // NOTCONSOLE below the snippet"
            yield Problem.warning("no-test", _opening(case), message, hint)


def status_only(stages: PageStages) -> Iterator[Problem]:
    """Tests of which a response is shown, but none is compared."""
    shown: dict[str, list[Skip]] = defaultdict(list)
    for skip in _skips(stages):
        if skip.kind is SkipKind.RESPONSE:
            shown[skip.case].append(skip)
    for case in stages.plan.cases:
        if case.id in shown and not case.skip and not any(map(_compares, case.steps)):
            message = "of the test above only the status is checked: this response is not compared"
            hint = "// SPECGEN[ignore:…] or [shape] leaves out only what changes"
            yield _note("status-only", shown[case.id][0].span, message, hint)


def _has_errors(stages: PageStages) -> bool:
    """Whether a part of the page cannot be read: once it is mended, there may be more tests."""
    return any(problem.severity is Severity.ERROR for problem in stages.plan.problems)


def _requests(stages: PageStages) -> Iterator[Span]:
    for snippet, role in zip(stages.reading.snippets, stages.plan.roles, strict=True):
        told = role.role not in UNTESTED or (snippet.language == "js" and not snippet.markers)
        if not told and snippet.language in LANGUAGES and REQUEST.match(snippet.contents.text):
            yield snippet.opening


def _skips(stages: PageStages) -> Iterator[Skip]:
    return skips_of(stages.plan, stages.reading.snippets)


def _compares(step: Step) -> bool:
    if isinstance(step, YamlStep):
        return any(isinstance(inner, CheckStep) for inner in step.steps)
    return isinstance(step, MatchStep) or (isinstance(step, CheckStep) and step.check != "set")


def _opening(case: Case) -> Span:
    return Span(case.span.source, case.span.start, case.span.start + len("----"))


def _note(code: str, span: Span, message: str, hint: str) -> Problem:
    return Problem(code, Severity.NOTE, span, message, hint)
