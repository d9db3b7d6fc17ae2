"""From one snippet of requests to its steps, its named setups and teardowns included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from specgen.dialect.requests import find_parts, reports_shards
from specgen.dialect.triple_quotes import TRIPLE, UnclosedString, converted
from specgen.dialect.values import (
    Comment,
    Form,
    OptionName,
    Part,
    Request,
    Snippet,
    YamlSteps,
)
from specgen.plan.catches import unknown_catch
from specgen.plan.setups import NamedSetups, setup_steps, teardown_steps
from specgen.plan.values import CheckStep, NoteStep, RequestStep, Step, YamlStep
from specgen.plan.yaml_steps import read_yaml_steps
from specgen.problems import Problem
from specgen.source import MappedText

__all__ = ["SnippetSteps", "looks_at_nothing", "steps_of", "unclosed"]


@dataclass(frozen=True, slots=True)
class SnippetSteps:
    """What a snippet asks to be sent and checked.

    Attributes:
        steps: In order.
        problems: What is wrong with them.
        blocked: Why they cannot be run; empty if they can.
    """

    steps: tuple[Step, ...]
    problems: tuple[Problem, ...]
    blocked: str


def steps_of(snippet: Snippet, form: Form, setups: NamedSetups, *, in_setup: bool) -> SnippetSteps:
    """Reads the requests of a snippet, and puts its named setups around them."""
    parts, problems = find_parts(snippet, form)
    bodies = [part.body for part in parts if isinstance(part, Request) and part.body]
    found = [*problems, *filter(None, map(unclosed, bodies))]
    blocked = snippet.unmade or (found[0].message if found else "")
    before: Sequence[Step] = ()
    after: Sequence[Step] = ()
    if setup := snippet.option(OptionName.SETUP):
        before, missing = setup_steps(setups, setup, form)
        found += missing
        blocked = blocked or (missing[0].message if missing else "")
    inside, trouble = _parts(snippet, parts, form, in_setup)
    found += trouble
    if teardown := snippet.option(OptionName.TEARDOWN):
        after, missing = teardown_steps(setups, teardown, form)
        found += missing
        blocked = blocked or (missing[0].message if missing else "")
    steps = (*before, *inside, *after)
    return SnippetSteps(steps, tuple(found), blocked or _unread(steps))


def unclosed(text: MappedText) -> Problem | None:
    """What is wrong with a body whose triple-quoted string does not end; None if all do."""
    try:
        converted(text.text)
    except UnclosedString as trouble:
        place = text.span(trouble.offset, trouble.offset + len(TRIPLE))
        return Problem.error("unclosed-string", place, str(trouble))
    return None


def looks_at_nothing(steps: Sequence[Step]) -> str:
    """Why a case cannot be judged whose first step is a check; empty if it is not."""
    for step in steps:
        for inner in step.steps if isinstance(step, YamlStep) else (step,):
            if isinstance(inner, RequestStep):
                return ""
            if isinstance(inner, CheckStep) and inner.check != "compare_analyzers":
                in_yaml = isinstance(step, YamlStep)
                what = f"the YAML step `{inner.check}`" if in_yaml else "the option `set`"
                return f"{what} has no request before it"
    return ""


def _unread(steps: Sequence[Step]) -> str:
    """Why steps that a page gives as YAML cannot be run; empty if they can."""
    for step in steps:
        if isinstance(step, YamlStep) and not step.steps:
            return "the YAML steps of the page cannot be read"
    return ""


def _parts(
    snippet: Snippet, parts: Sequence[Part], form: Form, in_setup: bool
) -> tuple[list[Step], list[Problem]]:
    problems: list[Problem] = []
    catch = snippet.option(OptionName.CATCH)
    if catch and (unknown := unknown_catch(catch)):
        problems.append(unknown)
    if catch and parts and not isinstance(parts[-1], Request):
        message = "this catch belongs to the last part of the snippet, which is no request"
        hint = "move the last request to the end, or into a snippet of its own"
        problems.append(Problem.warning("catch-lost", catch.span, message, hint))
    warnings = tuple(option.value for option in snippet.options(OptionName.WARNING))
    no_shards = snippet.option(OptionName.SKIP_SHARD_FAILURES) is not None
    steps: list[Step] = []
    for part in parts:
        if isinstance(part, Comment):
            steps.append(NoteStep(part.text, part.span))
        elif isinstance(part, YamlSteps):
            inside, trouble = read_yaml_steps(part.text.text, part.span)
            problems += trouble
            steps.append(YamlStep(part, inside, part.span))
        else:
            caught = catch.value if catch and part is parts[-1] else ""
            shards = not (in_setup or no_shards) and reports_shards(part.path, form)
            steps.append(RequestStep(part, caught, warnings, shards, part.span))
    return steps, problems
