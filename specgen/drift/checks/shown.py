"""The examples of a page, as the contract room compares them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from specgen.contract.examples import ANY, Body, Example, Path
from specgen.plan.reading import PageStages
from specgen.plan.values import MatchStep, RequestStep, Step
from specgen.replay.flow import ExpectedUnreadable, read_expected
from specgen.replay.nodes import ListNode, Node, ObjectNode, Scalar, Unresolved
from specgen.source import MappedText, Span

__all__ = ["examples_of"]


def examples_of(stages: PageStages) -> Iterator[Example]:
    """The requests that a page shows, skipped ones too, each with the response below it."""
    plan = stages.plan
    for steps in (plan.setup, *(case.steps for case in plan.cases), plan.teardown):
        yield from _examples(steps)


def _examples(steps: Sequence[Step]) -> Iterator[Example]:
    shown: Example | None = None
    for step in steps:
        if isinstance(step, RequestStep):
            if shown:
                yield shown
            shown = _example(step)
        elif isinstance(step, MatchStep) and shown and shown.response is None:
            shown = replace(shown, response=_body(step.expectation.text))
    if shown:
        yield shown


def _example(step: RequestStep) -> Example:
    request = step.request
    first = request.text.text.partition("\n")[0]
    return Example(
        request.method,
        request.path,
        request.query,
        request.text.span(0, len(first)),
        _body(request.body) if request.body else None,
        refused=bool(step.catch),
    )


def _body(text: MappedText) -> Body | None:
    """What a text means, if it is one JSON value."""
    if not text.text.lstrip().startswith(("{", "[")):
        return None
    try:
        node = read_expected(text.text)
    except ExpectedUnreadable:
        return None

    def place(path: Path) -> Span:
        start, end = _found(node, path)
        return text.span(start, min(end, len(text.text)))

    return Body(_value(node, text), place)


def _value(node: Node, text: MappedText) -> object:
    """The value of a node; `ANY` where a substitution made it, or an answer gives it."""
    if isinstance(node, Unresolved) or not text.exact(node.start, node.start + 1):
        return ANY
    match node:
        case ListNode():
            return [_value(item, text) for item in node.items]
        case ObjectNode():
            return {
                member.key: _value(member.value, text) if exact else ANY
                for member in node.members
                for exact in [text.exact(member.start, member.end)]
                if not member.key.startswith("$")
            }
        case Scalar():
            made = node.end > node.start and not text.exact(node.start, node.end)
            stashed = isinstance(node.value, str) and node.value.startswith("$")
            return ANY if made or stashed else node.value
    raise AssertionError(node)


def _found(node: Node, path: Path) -> tuple[int, int]:
    """Where a value stands; of a key that is too much, the key."""
    start, end = node.start, node.start + 1
    for key in path:
        if isinstance(node, ObjectNode):
            member = next((each for each in node.members if each.key == key), None)
            if member is None:
                break
            start, end, node = member.start, member.end, member.value
        elif isinstance(node, ListNode) and isinstance(key, int) and key < len(node.items):
            node = node.items[key]
            start, end = node.start, node.start + 1
        else:
            break
    return start, end
