"""What can be said of a page without a cluster: everything that is malformed or forgotten.

The line reader and the planner tell what they could not read. Added here is what only a look
at the whole page shows: examples that nobody marked, bodies that are no JSON, the old form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from specgen.dialect.values import Form, MarkerKind, Snippet
from specgen.plan.reading import PageStages
from specgen.plan.values import MatchStep, RequestStep, SetupStep, Step, YamlStep
from specgen.problems import Problem, Severity
from specgen.replay.flow import ExpectedUnreadable, read_expected
from specgen.replay.stash import Stash, StashFailure
from specgen.replay.wire import BodyUnreadable, body_bytes
from specgen.source import MappedText, Source

__all__ = ["allowed", "page_problems"]

# `// specgen: allow candidate` above a place, or at the head of the page for all of it.
ALLOW = re.compile(r"// *specgen: *allow +(?P<codes>[\w-]+(?:[ ,]+[\w-]+)*) *")


def page_problems(stages: PageStages, allow: Sequence[str] = ()) -> tuple[Problem, ...]:
    """Every problem of a page, sorted by place, without those that are allowed.

    Args:
        stages: What each stage saw of the page.
        allow: Codes that the configuration allows everywhere.
    """
    found = [
        *stages.plan.problems,
        *stages.document.problems,
        *_candidates(stages),
        *_old_form(stages),
        *_bodies(stages),
    ]
    unique = dict.fromkeys(found)
    kept = (problem for problem in unique if problem.code not in allow and not allowed(problem))
    return tuple(sorted(kept, key=lambda each: (each.span.source.path, each.span.start)))


def allowed(problem: Problem) -> bool:
    """Whether a comment of the page allows a problem.

    The comment stands in the comment and attribute lines right above the block or line, or
    before the first title or block of the page, which allows it everywhere in it.
    """
    source, line = problem.span.source, problem.span.line
    return problem.code in {*_codes_above(source, line), *_codes_of_head(source)}


def _codes_above(source: Source, line: int) -> Iterator[str]:
    for above in range(line - 1, 0, -1):
        text = source.line_text(above)
        if not (text.startswith("//") or (text.startswith("[") and text.rstrip().endswith("]"))):
            return
        yield from _codes(text)


def _codes_of_head(source: Source) -> Iterator[str]:
    for number in range(1, len(source.line_starts) + 1):
        text = source.line_text(number)
        if text and not text.startswith("//"):
            return
        yield from _codes(text)


def _codes(text: str) -> Iterator[str]:
    if found := ALLOW.fullmatch(text):
        yield from re.split(r"[ ,]+", found["codes"])


def _candidates(stages: PageStages) -> Iterator[Problem]:
    for snippet in stages.reading.snippets:
        if not _is_candidate(snippet):
            continue
        message = f"this {snippet.language} snippet looks like an example, and nothing tests it"
        hint = "make it [source,console], or say // NOTCONSOLE if it is no test"
        yield Problem.warning("candidate", snippet.opening, message, hint)


def _is_candidate(snippet: Snippet) -> bool:
    """The reference's rule: `js` without any marker, or a shell snippet that uses curl."""
    if snippet.markers:
        return False
    if snippet.language == "js":
        return True
    return snippet.language in {"sh", "shell"} and "curl" in snippet.contents.text


def _old_form(stages: PageStages) -> Iterator[Problem]:
    """In a modern page each `js` with CONSOLE; in a page of 2018 the first one, for all."""
    old = [
        marker
        for snippet in stages.reading.snippets
        for marker in snippet.markers
        if marker.kind is MarkerKind.CONSOLE
    ]
    if stages.reading.form is Form.OLD:
        old = old[:1]
    for marker in old:
        message = "// CONSOLE is the form of 2018"
        hint = "write [source,console] above the block, and no marker below it"
        yield Problem("old-form", Severity.NOTE, marker.span, message, hint)


def _bodies(stages: PageStages) -> Iterator[Problem]:
    plan = stages.plan
    yield from _bodies_of(plan.setup)
    yield from _bodies_of(plan.teardown)
    for case in plan.cases:
        if not case.skip:
            yield from _bodies_of(case.steps)


def _bodies_of(steps: Sequence[Step]) -> Iterator[Problem]:
    for step in steps:
        if isinstance(step, MatchStep):
            yield from _expected(step.expectation.text)
        elif isinstance(step, RequestStep) and step.request.body is not None and not step.catch:
            yield from _sent(step.request.body)
        elif isinstance(step, SetupStep | YamlStep):
            continue  # not of this page, or read by the planner


def _expected(text: MappedText) -> Iterator[Problem]:
    try:
        read_expected(text.text)
    except ExpectedUnreadable as trouble:
        span = text.span(trouble.offset, trouble.offset + 1)
        hint = "a body that is no JSON needs // TESTRESPONSE[non_json]"
        message = f"the documented body cannot be read: {trouble.message}"
        yield Problem.error("expected-not-json", span, message, hint)


def _sent(text: MappedText) -> Iterator[Problem]:
    try:
        body_bytes(text.text, Stash())
    except StashFailure:
        return  # a value that only an answer can give
    except BodyUnreadable as trouble:
        span = text.span(trouble.offset, trouble.offset + 1)
        message = f"the body of this request cannot be sent: {trouble.message}"
        yield Problem.error("bad-body", span, message)
