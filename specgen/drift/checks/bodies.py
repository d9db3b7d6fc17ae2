"""Bodies of requests and responses that cannot be read, whatever a cluster says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from specgen.plan.reading import PageStages
from specgen.plan.values import MatchStep, RequestStep, Step
from specgen.problems import Problem
from specgen.replay.flow import ExpectedUnreadable, read_expected
from specgen.replay.stash import Stash, StashFailure
from specgen.replay.wire import BodyUnreadable, body_bytes
from specgen.source import MappedText

__all__ = ["unreadable_bodies"]


def unreadable_bodies(stages: PageStages) -> Iterator[Problem]:
    """What a replay would find unreadable; the bodies of skipped cases are left alone.

    Named setups are not of this page, and YAML steps were read by the planner.
    """
    plan = stages.plan
    yield from _of_steps(plan.setup)
    yield from _of_steps(plan.teardown)
    for case in plan.cases:
        if not case.skip:
            yield from _of_steps(case.steps)


def _of_steps(steps: Sequence[Step]) -> Iterator[Problem]:
    for step in steps:
        if isinstance(step, MatchStep):
            yield from _expected(step.expectation.text)
        elif isinstance(step, RequestStep) and step.request.body is not None and not step.catch:
            yield from _sent(step.request.body)


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
