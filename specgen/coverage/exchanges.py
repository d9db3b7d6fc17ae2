"""The requests of cases, each with what is asked of its answer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote_plus

from specgen.coverage.names import field_names, names_below, names_in_body, shown_names
from specgen.coverage.statuses import statuses_of
from specgen.coverage.values import Exchange
from specgen.plan.values import (
    Case,
    CheckStep,
    MatchStep,
    PagePlan,
    RequestStep,
    SetupRole,
    SetupStep,
    Step,
    YamlStep,
)
from specgen.replay.fields import WHOLE
from specgen.replay.flow import ExpectedUnreadable, read_expected
from specgen.replay.nodes import Node
from specgen.replay.stash import path_parts

__all__ = ["exchanges_of"]

# What looks at an answer and says that something is there. `is_false` says that it is not.
SEES = frozenset({"match", "length", "is_true"})
LOOKS = SEES | {"is_false"}


@dataclass(slots=True)
class _Sent:
    """A request while what is asked of its answer comes in."""

    step: RequestStep
    in_setup: bool
    matches: list[MatchStep] = field(default_factory=list)
    checks: list[CheckStep] = field(default_factory=list)


def exchanges_of(plan: PagePlan, cases: Sequence[Case]) -> Iterator[Exchange]:
    """The requests of some cases of a page, in order; those of its own setup first, once.

    Args:
        plan: The page's plan.
        cases: Those of its cases that count. If none do, nothing is sent at all.
    """
    if not cases:
        return
    for sent in _sent((*plan.setup, *plan.teardown), in_setup=True):
        yield _exchange(sent, plan.page)
    for case in cases:
        for sent in _sent(case.steps):
            yield _exchange(sent, case.id)


def _sent(steps: Iterable[Step], in_setup: bool = False) -> list[_Sent]:
    """The requests in the order in which they are sent: named teardowns come last."""
    found: list[_Sent] = []
    ends: list[_Sent] = []
    for step in steps:
        if isinstance(step, SetupStep):
            inside = _sent(step.steps, in_setup=True)
            (found if step.role is SetupRole.SETUP else ends).extend(inside)
        elif isinstance(step, YamlStep):
            for inner in step.steps:
                _take(inner, found, in_setup)
        else:
            _take(step, found, in_setup)
    return [each for each in (*found, *ends) if each.step.catch != "param"]  # nothing is sent


def _take(step: Step, found: list[_Sent], in_setup: bool) -> None:
    if isinstance(step, RequestStep):
        found.append(_Sent(step, in_setup))
    elif isinstance(step, MatchStep) and found:
        found[-1].matches.append(step)
    elif isinstance(step, CheckStep) and found:
        found[-1].checks.append(step)


def _exchange(sent: _Sent, case: str) -> Exchange:
    request, catch = sent.step.request, sent.step.catch
    shown = [(node, match) for match in sent.matches if (node := _node(match)) is not None]
    compared = [(node, match) for node, match in shown if not match.leniency.ignores("")]
    looked_at = any(check.check in LOOKS for check in sent.checks)
    fields = {name for node, match in compared for name in shown_names(node, match.leniency)}
    fields.update(name for check in sent.checks for name in _seen(check))
    return Exchange(
        request.method,
        f"/{request.path}",
        frozenset(unquote_plus(name) for name, _ in request.query),
        names_in_body(request.body.text) if request.body else frozenset(),
        frozenset(fields),
        statuses_of(request.method, catch, shown[0][0] if shown else None, sent.step.status),
        # No body comes back from a HEAD, and a pattern is looked for in the body of an error.
        bool(compared) or looked_at or catch.startswith("/") or request.method == "HEAD",
        sent.in_setup,
        case,
        sent.step.span,
    )


def _node(match: MatchStep) -> Node | None:
    try:
        return read_expected(match.expectation.text.text)
    except ExpectedUnreadable:
        return None


def _seen(check: CheckStep) -> Iterator[str]:
    """The names of what a check of a YAML REST test finds in an answer."""
    if check.check not in SEES:
        return
    parts = tuple(part for part in path_parts(check.field) if part != WHOLE)
    if any(part.startswith("$") for part in parts):
        return  # a value that was kept, not one of this answer
    names = tuple(field_names(parts))
    yield from names
    if check.check == "match":
        yield from names_below(json.loads(check.expected), names[-1] if names else "")
