"""What a page asks for, without where it stands: two plans are compared by it.

A page may be mended only if its plan stays the same but for the body that is mended: the same
cases, the same requests, and every substitution with the same effect.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from specgen.mending.values import Response
from specgen.plan.values import (
    Case,
    CheckStep,
    MatchStep,
    NoteStep,
    PagePlan,
    RequestStep,
    SetupStep,
    Step,
    YamlStep,
)
from specgen.source import MappedText

__all__ = ["case_of", "made_of", "match_steps", "meaning_of", "page_of", "step_of"]

Meaning = tuple[object, ...]
# Where stretches of a text begin and end.
Stretches = Sequence[tuple[int, int]]


def case_of(plan: PagePlan, name: str) -> Case | None:
    """The case with an id; None if the plan has it no more."""
    return next((each for each in plan.cases if each.id == name), None)


def page_of(case: str) -> str:
    """The page of a case, by its id."""
    return case.partition("::")[0]


def match_steps(case: Case) -> tuple[MatchStep, ...]:
    """The comparisons of a case, in the order in which they are made."""
    return tuple(step for step in case.steps if isinstance(step, MatchStep))


def step_of(plan: PagePlan, response: Response) -> MatchStep | None:
    """The comparison that a response stands for; None if the plan has it no more."""
    case = case_of(plan, response.case)
    steps = match_steps(case) if case else ()
    return steps[response.comparison] if response.comparison < len(steps) else None


def meaning_of(plan: PagePlan, mended: Response, gone: Stretches = ()) -> Meaning:
    """All that a plan says, places and what one response says left out.

    Args:
        plan: The plan.
        mended: The response; what substitutions made in it counts.
        gone: Stretches of it that do not count.
    """
    cases = []
    for case in plan.cases:
        at = mended.comparison if case.id == mended.case else -1
        steps = _steps(case.steps, at, gone)
        cases.append((case.id, case.skip, case.blocked, case.requires, len(case.derived), steps))
    roles = tuple((each.language, each.role, each.why) for each in plan.roles)
    problems = tuple(sorted((each.code, each.severity) for each in plan.problems))
    setup, teardown = _steps(plan.setup, -1), _steps(plan.teardown, -1)
    return plan.form, plan.title, setup, teardown, tuple(cases), roles, problems


def made_of(text: MappedText, gone: Stretches = ()) -> tuple[str, ...]:
    """What substitutions made in a text, in order; ends of lines left out.

    Args:
        text: The text.
        gone: Stretches in which it does not count.
    """
    made = (
        text.text[each.start : each.end]
        for each in text.segments
        if not each.exact
        and not any(start <= each.start and each.end <= end for start, end in gone if start < end)
    )
    return tuple(each for each in made if each != "\n")


def _steps(steps: tuple[Step, ...], left_out: int, gone: Stretches = ()) -> tuple[Meaning, ...]:
    return tuple(_step_meanings(steps, left_out, gone))


def _step_meanings(steps: tuple[Step, ...], left_out: int, gone: Stretches) -> Iterator[Meaning]:
    number = 0
    for step in steps:
        if isinstance(step, MatchStep):
            is_mended = number == left_out
            number += 1
            text = step.expectation.text
            said = "" if is_mended else text.text
            made = made_of(text, gone if is_mended else ())
            yield "match", said, made, step.leniency, step.within
        else:
            yield _meaning(step)


def _meaning(step: Step) -> Meaning:
    match step:
        case RequestStep():
            checks = (step.catch, step.warnings, step.shards, step.codes, step.status)
            return "request", step.request.text.text, checks, step.verbatim
        case CheckStep():
            return "check", step.check, step.field, step.expected
        case NoteStep():
            return "note", step.text
        case YamlStep():
            return "yaml", step.source.text.text
        case SetupStep():
            return "setup", step.setup, step.role
    raise TypeError(f"{type(step).__name__} is no step with a meaning here")
