"""Single changes in pages that are true: what a page then says is a lie that a reader could see."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from specgen.mending.planned import made_of, match_steps
from specgen.plan.values import Case, MatchStep, PagePlan, RequestStep, YamlStep
from specgen.replay.fields import pointer_to
from specgen.replay.flow import read_expected
from specgen.replay.nodes import ListNode, Node, ObjectNode, Scalar
from specgen.replay.stash import refers
from specgen.source import MappedText, Source

# The end of a snippet with its markers.
MARKED_END = re.compile(r"^-{4,} *(?:\n// ?(?:TEST|CONSOLE)\b.*)*$", re.MULTILINE)
# Changes of what is said of how a request ends.
OF_ERRORS = frozenset({"status", "catch", "gone-catch"})


@dataclass(frozen=True)
class Mutation:
    """One change of one page.

    Attributes:
        kind: What is changed: value, type, key, gone-key, new-key, gone-item, new-item, request,
            status (an error that does not come), catch (another one comes), gone-catch.
        page: The page.
        case: The id of the case that then says something untrue.
        start: Where in the text of the page.
        end: Where that ends.
        new: What stands there then.
        pointer: What is told of: a JSON pointer; empty for a request or a status.
        line: Where it is told, in the changed page.
        substituted: Whether substitutions take part in the response.
    """

    kind: str
    page: Source
    case: str
    start: int
    end: int
    new: str
    pointer: str
    line: int
    substituted: bool

    @property
    def data(self) -> bytes:
        """The page with the change; UTF-8 without a mark."""
        text = self.page.text
        return (text[: self.start] + self.new + text[self.end :]).encode()

    @property
    def told(self) -> str:
        old = self.page.text[self.start : self.end]
        return f"{self.kind} {self.page.path}:{self.line} {self.pointer} {old!r} -> {self.new!r}"


def mutations_of(plan: PagePlan, case: Case, chance: random.Random) -> Iterator[Mutation]:
    """All changes of a case; each time others, as chance has it."""
    for step in match_steps(case):
        yield from _Responses(plan.source, case, step, chance).all()
    requests = [step for step in case.steps if isinstance(step, RequestStep)]
    # A catch speaks of the last part of a snippet, and is lost where that is no request.
    lost = any(isinstance(step, YamlStep) for step in case.steps)
    if not requests or lost:
        return
    if any(step.catch for step in requests):
        yield from _of_errors(plan.source, case, requests)
        return
    yield from _of_request(plan.source, case, requests[-1])


def _of_errors(source: Source, case: Case, steps: Sequence[RequestStep]) -> Iterator[Mutation]:
    """Another error than the one that comes, and one that is documented no more."""
    for step in steps:
        text = step.span.text.split("\n")[0]
        known = step.span.source is source and step.request.text.text.split("\n")[0] == text
        closing = MARKED_END.search(source.text, step.span.end - 1)
        if not known or closing is None or not step.catch.isidentifier():
            continue
        place = (source, case.id)
        marker = closing[0]
        if found := re.search(rf"\bcatch:{step.catch}(?=[\] ])", marker):
            start, end = (closing.start() + found.start() + 6, closing.start() + found.end())
            other = "conflict" if step.catch == "missing" else "missing"
            yield Mutation("catch", *place, start, end, other, "", step.span.line, False)
        whole = rf"\n// ?TEST\[catch:{step.catch}\](?=\n|$)"
        if found := re.search(rf"{whole}| catch:{step.catch}(?=\])|catch:{step.catch} ", marker):
            start, end = (closing.start() + found.start(), closing.start() + found.end())
            yield Mutation("gone-catch", *place, start, end, "", "", step.span.line, False)


def _of_request(source: Source, case: Case, step: RequestStep) -> Iterator[Mutation]:
    """A request that asks for something that is not there, and an error that does not come."""
    line = step.span.line
    place = (source, case.id)
    text, start = step.span.text.split("\n")[0], step.span.start
    if step.span.source is not source or step.request.text.text.split("\n")[0] != text:
        return
    # A type, as paths of 2018 have it, may have any name: `_doc/_search` is `_docx/_search`.
    found = re.search(r"/_(?!doc/_)[a-z]+", text)
    if found:
        at = start + found.end()
        yield Mutation("request", *place, at, at, "x", "", line, False)
    brace = source.text.find("{", start + len(text), step.span.end)
    # A document may have one more field, and all that the page says of it stays true.
    if step.request.body and brace > 0 and "_doc" not in text:
        yield Mutation("request", *place, brace, brace + 1, '{"kite_":{},', "", line, False)
    closing = MARKED_END.search(source.text, step.span.end - 1)
    if closing:
        at = closing.end()
        yield Mutation("status", *place, at, at, "\n// TEST[catch:missing]", "", line, False)


@dataclass(frozen=True)
class _Responses:
    source: Source
    case: Case
    step: MatchStep
    chance: random.Random

    @property
    def text(self) -> MappedText:
        return self.step.expectation.text

    def all(self) -> Iterator[Mutation]:
        yield from self.of(read_expected(self.text.text), "")

    def of(self, node: Node, pointer: str) -> Iterator[Mutation]:
        if isinstance(node, Scalar):
            yield from self.of_scalar(node, pointer)
        elif isinstance(node, ObjectNode):
            yield from self.of_object(node, pointer)
            for member in node.members:
                yield from self.of(member.value, pointer_to(pointer, member.key))
        elif isinstance(node, ListNode):
            yield from self.of_list(node, pointer)
            for number, item in enumerate(node.items):
                yield from self.of(item, pointer_to(pointer, number))

    def of_scalar(self, node: Scalar, pointer: str) -> Iterator[Mutation]:
        if not pointer or not self.is_plain(node.start, node.end) or "\n" in node.raw:
            return
        if isinstance(node.value, str) and (refers(node.value) or not node.raw.startswith('"')):
            return
        yield self.at("value", node.start, node.end, other_value(node.value), pointer)
        yield self.at("type", node.start, node.end, other_type(node.value), pointer)

    def of_object(self, node: ObjectNode, pointer: str) -> Iterator[Mutation]:
        for member in node.members:
            below = pointer_to(pointer, member.key)
            if not self.is_plain(member.start, member.end) or not _is_quoted(self, member.start):
                continue
            yield self.at(
                "key", member.start, member.end, json.dumps(f"{member.key}_x"), f"{below}_x"
            )
            if isinstance(member.value, Scalar) and self.asks(member.value):
                end = max(member.end, member.value.end)
                yield from self.gone("gone-key", member.start, end, below, node.start)
            at = self.text.span(member.start, member.end)
            indent = self.indent(at.start)
            if indent is not None:
                new = f'"kite_": 7,\n{indent}'
                yield self.at(
                    "new-key", member.start, member.start, new, pointer_to(pointer, "kite_")
                )

    def of_list(self, node: ListNode, pointer: str) -> Iterator[Mutation]:
        for number, item in enumerate(node.items):
            below = pointer_to(pointer, number)
            if not self.is_plain(item.start, item.end):
                continue
            yield from self.gone("gone-item", item.start, item.end, below, node.start)
            if isinstance(item, Scalar):
                yield self.at("new-item", item.start, item.start, f"{item.raw}, ", below)

    def gone(self, kind: str, start: int, end: int, pointer: str, brace: int) -> Iterator[Mutation]:
        """Whole lines with their comma, or a stretch of a line up to the next value."""
        span = self.text.span(start, end)
        text = self.source.text
        if not self.is_plain(brace, brace + 1):
            return
        line = self.text.span(brace, brace + 1).line
        place = (self.source, self.case.id)
        rest = re.compile(r"(, *)(\n?)").match(text, span.end)
        indent = self.indent(span.start)
        if rest is None:
            return
        if rest[2] and indent is not None:
            begin = span.start - len(indent)
            yield Mutation(kind, *place, begin, rest.end(), "", pointer, line, self.substituted)
        elif not rest[2] and indent is None:
            yield Mutation(
                kind, *place, span.start, rest.end(), "", pointer, line, self.substituted
            )

    def asks(self, node: Scalar) -> bool:
        return self.is_plain(node.start, node.end) and not (
            isinstance(node.value, str) and refers(node.value)
        )

    def at(self, kind: str, start: int, end: int, new: str, pointer: str) -> Mutation:
        span = self.text.span(start, end) if end > start else self.text.span(start, start + 1)
        stop = span.end if end > start else span.start
        line = span.line
        return Mutation(
            kind, self.source, self.case.id, span.start, stop, new, pointer, line, self.substituted
        )

    def is_plain(self, start: int, end: int) -> bool:
        """Whether something stands in the page just as it is compared, without a callout."""
        span = self.text.span(start, end)
        here = span.source is self.source
        return here and start < end and self.text.exact(start, end)

    def indent(self, start: int) -> str | None:
        line = self.source.text.rfind("\n", 0, start) + 1
        indent = self.source.text[line:start]
        return indent if not indent.strip(" ") else None

    @property
    def substituted(self) -> bool:
        return bool(made_of(self.text))


def _is_quoted(responses: _Responses, start: int) -> bool:
    return responses.text.text[start] == '"'


def other_value(value: object) -> str:
    """JSON of the same type."""
    if isinstance(value, bool):
        return json.dumps(not value)
    if isinstance(value, int | float):
        return json.dumps(value + 1)
    return json.dumps(f"{value or 'nothing'}x", ensure_ascii=False) if value is not None else "0"


def other_type(value: object) -> str:
    """JSON of another type."""
    if isinstance(value, str):
        return "17"
    return json.dumps(f"t{value}")


def sample(found: Sequence[Mutation], count: int, chance: random.Random) -> list[Mutation]:
    """So many changes: of each kind, with and without substitutions, as evenly as there are."""
    groups: dict[tuple[str, bool], list[Mutation]] = {}
    for each in found:
        groups.setdefault((each.kind, each.substituted), []).append(each)
    for group in groups.values():
        chance.shuffle(group)
    chosen: list[Mutation] = []
    while len(chosen) < count and any(groups.values()):
        for group in groups.values():
            if group and len(chosen) < count:
                chosen.append(group.pop())
    return chosen
