"""From differences to edits of the body, in an order in which none gets in the way of another."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from specgen.dialect.leniency import Leniency
from specgen.mending.body import Body, Container
from specgen.mending.members import Addition, insertions, removals, reordered
from specgen.mending.style import Style, is_on_one_line, style_of
from specgen.mending.values import Edit, NotMendable, Reason
from specgen.mending.writing import new_value, scalar_text
from specgen.replay.answers import ResponseBody, read_body
from specgen.replay.compare import compare_node
from specgen.replay.nodes import ListNode, Node, ObjectNode
from specgen.replay.stash import Stash, refers
from specgen.replay.values import ABSENT, DifferingAnswer, Json, Kind, Mismatch
from specgen.suggest.kinds import VolatileKind, is_about_now, kind_of_a_moment, volatile_kind
from specgen.suggest.pointers import key_of, tokens_of

__all__ = ["Change", "changes_of", "differences_of", "read_answer"]

# `{version}`, which the page leaves to whoever publishes it.
ATTRIBUTE = re.compile(r"\{[\w-]+\}")
# What is another value tomorrow, although two replays gave the same.
MOMENTARY = frozenset(
    {VolatileKind.DURATION, VolatileKind.MOMENT, VolatileKind.BUSY, VolatileKind.NODE}
)
MENDED = frozenset({Kind.VALUE, Kind.TYPE, Kind.MISSING, Kind.SURPLUS, Kind.ORDER})
# What is done in one go: nothing in it moves what else in it speaks of.
PHASES = (
    frozenset({Kind.VALUE, Kind.TYPE, Kind.SURPLUS}),
    frozenset({Kind.MISSING}),
    frozenset({Kind.ORDER}),
)


@dataclass(frozen=True, slots=True)
class Change:
    """Edits that belong together, and the differences that go with them."""

    mismatches: tuple[Mismatch, ...]
    edits: tuple[Edit, ...]


@dataclass(slots=True)
class _Found:
    changes: list[Change] = field(default_factory=list)
    refused: list[tuple[Mismatch, NotMendable]] = field(default_factory=list)


def read_answer(answer: DifferingAnswer) -> ResponseBody:
    """The body that came.

    Raises:
        AnswerUnreadable: It is no JSON.
    """
    return read_body(answer.text.encode("utf-8", "surrogatepass"), "application/json")


def differences_of(body: Body, answer: DifferingAnswer, leniency: Leniency) -> tuple[Mismatch, ...]:
    """In what a documented body differs from the answer that came, as the replay saw it."""
    came = read_answer(answer)
    stash = Stash({name: json.loads(value) for name, value in answer.stash})
    stash.set_body(came.value)
    return compare_node(body.root, came, stash, leniency=leniency)


def changes_of(
    body: Body,
    answer: DifferingAnswer,
    mismatches: Sequence[Mismatch],
    leniency: Leniency,
    now: datetime,
) -> tuple[tuple[Change, ...], tuple[tuple[Mismatch, NotMendable], ...]]:
    """The changes that can be made at once, and what can never be made.

    Args:
        body: The documented body.
        answer: What came.
        mismatches: In what they differ.
        leniency: Where less is asked.
        now: When it came.

    Returns:
        Changes that do not touch each other, and differences with the reason against them.
        Others of the differences come when these changes are made.
    """
    work = _Work(body, read_answer(answer).value, style_of(body), leniency, now)
    found = _Found()
    for mismatch in mismatches:
        try:
            work.check(mismatch)
        except NotMendable as reason:
            found.refused.append((mismatch, reason))
    refused = {id(mismatch) for mismatch, _ in found.refused}
    todo = [each for each in mismatches if id(each) not in refused]
    for phase in PHASES:
        for group in work.groups([each for each in todo if each.kind in phase]):
            try:
                found.changes.append(Change(tuple(group), tuple(work.edits(group))))
            except NotMendable as reason:
                if len(group) == 1:
                    found.refused.append((group[0], reason))
                else:
                    _one_by_one(work, group, found)
        if found.changes:
            break
    return tuple(found.changes), tuple(found.refused)


def _one_by_one(work: _Work, group: Sequence[Mismatch], found: _Found) -> None:
    """Finds out which difference of a group cannot be mended; the others come next time."""
    good = []
    for mismatch in group:
        try:
            list(work.edits([mismatch]))
        except NotMendable as reason:
            found.refused.append((mismatch, reason))
        else:
            good.append(mismatch)
    if len(good) == len(group):  # each alone could be made: one now, the others afterwards
        good = good[:1]
    if good:
        try:
            found.changes.append(Change(tuple(good), tuple(work.edits(good))))
        except NotMendable as reason:
            found.refused += [(mismatch, reason) for mismatch in good]


@dataclass(frozen=True, slots=True)
class _Work:
    body: Body
    actual: Json
    style: Style
    leniency: Leniency
    now: datetime

    def check(self, mismatch: Mismatch) -> None:
        """Refuses what no page should be made to say."""
        if mismatch.kind not in MENDED:
            words = "the body is no JSON object or list, or cannot be read"
            raise NotMendable(Reason.TEXT, words, "mend the text by hand")
        if not mismatch.pointer:
            raise NotMendable(Reason.NO_BODY, "the whole body is another", "write it anew")
        if any(self.leniency.asks_shape(each) for each in _above(mismatch.pointer)):
            words = "only its shape is asked, so no value is better than another"
            raise NotMendable(Reason.SHAPE, words, "choose an example yourself")
        self._check_stash(mismatch)
        if why := self._volatile(mismatch):
            hint = "`specgen suggest` proposes a marker for it"
            raise NotMendable(Reason.VOLATILE, f"it is {why}", hint)

    def _check_stash(self, mismatch: Mismatch) -> None:
        node = self.body.scalars.get(mismatch.start)
        if node is None or not isinstance(node.value, str):
            return
        is_key = mismatch.kind is Kind.MISSING and self._is_member(mismatch.start)
        if refers(node.value) and not is_key:
            made = self.body.mapped.exact(node.start, node.end)
            words = "the page asks there for a value that the cluster gave before"
            if not made:
                words = "a substitution asks there for a value of the answer"
            raise NotMendable(Reason.STASH if made else Reason.SUBSTITUTION, words)
        if mismatch.kind in {Kind.VALUE, Kind.TYPE} and ATTRIBUTE.search(node.value):
            words = f"the page has an attribute there, {ATTRIBUTE.search(node.value)[0]}"  # type: ignore[index]
            raise NotMendable(Reason.ATTRIBUTE, words, "define it with --define or --attributes")

    def _is_member(self, start: int) -> bool:
        owner = self.body.owners.get(start)
        return owner is not None and isinstance(owner[0], ObjectNode)

    def _volatile(self, mismatch: Mismatch) -> VolatileKind | None:
        """Why the value that came is not worth writing down."""
        actual, tokens = mismatch.actual, _keys_of(mismatch.pointer)
        if actual is ABSENT or mismatch.kind is Kind.ORDER:
            return None
        if mismatch.kind is Kind.VALUE:
            expected = None if mismatch.expected is ABSENT else mismatch.expected
            kind = volatile_kind(tokens, expected, actual, self.now)  # type: ignore[arg-type]
            return kind if kind in MOMENTARY else None
        return _momentary(tokens, actual, self.now)  # type: ignore[arg-type]

    def groups(self, mismatches: Sequence[Mismatch]) -> Iterator[list[Mismatch]]:
        """What has to be written together: all that is put into or taken out of one container."""
        found: dict[tuple[Kind, int], list[Mismatch]] = {}
        for each in mismatches:
            at = each.start
            if each.kind is Kind.MISSING and each.start in self.body.owners:
                at = self.body.owners[each.start][0].start
            found.setdefault((each.kind, at), []).append(each)
        yield from found.values()

    def edits(self, group: Sequence[Mismatch]) -> Iterator[Edit]:
        """The edits of one group.

        Raises:
            NotMendable: They cannot be made.
        """
        first = group[0]
        match first.kind:
            case Kind.SURPLUS:
                yield from self._additions(group)
            case Kind.MISSING:
                container, _ = self._owner(first)
                places = [self._owner(each)[1] for each in group]
                yield from removals(self.body, container, places)
            case Kind.ORDER:
                yield from self._order(first)
            case _:
                yield self._replacement(first)

    def _replacement(self, mismatch: Mismatch) -> Edit:
        node = self._node(mismatch)
        actual = _value(mismatch)
        if isinstance(actual, list | dict):
            indent = self.body.line_indent(node.start)
            owner = self.body.owners.get(node.start)
            around: Node = owner[0] if owner else self.body.root
            alone = is_on_one_line(self.body, around)
            key = _keys_of(mismatch.pointer)[-1]
            text = new_value(actual, indent, key, self.style, inline=alone)
        else:
            old = self.body.text[node.start : node.end]
            text = scalar_text(actual, old)
        return self.body.replace(node.start, node.end, text)

    def _node(self, mismatch: Mismatch) -> Node:
        start, end = mismatch.start, mismatch.end
        node: Node | None = self.body.scalars.get(start) or self.body.containers.get(start)
        if node is None or node.end != end or start == end:
            raise _no_place()
        return node

    def _owner(self, mismatch: Mismatch) -> tuple[Container, int]:
        if mismatch.start not in self.body.owners:
            raise _no_place()
        return self.body.owners[mismatch.start]

    def _additions(self, group: Sequence[Mismatch]) -> Iterator[Edit]:
        container = self.body.containers.get(group[0].start)
        if container is None:
            raise _no_place()
        parents = [each.pointer.rpartition("/")[0] for each in group]
        tokens = _keys_of(parents[0])
        if isinstance(container, ListNode):
            places = [int(_keys_of(each.pointer)[-1]) for each in group]
            before = len(container.items)
            if not self.leniency.any_order(parents[0]):
                before = min(before, *places)
            additions = [Addition(before, "", _value(each)) for each in group]
        else:
            additions = list(self._keys(container, group, _at(self.actual, tokens)))
        key = tokens[-1] if tokens else ""
        yield from insertions(self.body, container, additions, self.style, key)

    def _keys(
        self, container: ObjectNode, group: Sequence[Mismatch], actual: Json
    ) -> Iterator[Addition]:
        """Each new key behind the one that it follows in the answer."""
        if not isinstance(actual, dict):
            raise _no_place()
        places = {member.key: number for number, member in enumerate(container.members)}
        wanted = {_keys_of(each.pointer)[-1]: each for each in group}
        before = 0
        for key in actual:
            if key in places:
                before = places[key] + 1
            elif key in wanted:
                yield Addition(before, key, _value(wanted[key]))

    def _order(self, mismatch: Mismatch) -> Iterator[Edit]:
        node = self._node(mismatch)
        if not isinstance(node, ListNode) or not isinstance(mismatch.actual, list):
            raise _no_place()
        expected = [_frozen(each) for each in _list(mismatch.expected)]
        left = list(range(len(expected)))
        order = []
        for value in mismatch.actual:
            at = next((place for place in left if expected[place] == _frozen(value)), None)
            if at is None:
                raise _no_place()
            left.remove(at)
            order.append(at)
        yield from reordered(self.body, node, order)


def _keys_of(pointer: str) -> tuple[str, ...]:
    return tuple(map(key_of, tokens_of(pointer)))


def _no_place() -> NotMendable:
    return NotMendable(Reason.STYLE, "it is written in a way that is not mended by itself")


def _value(mismatch: Mismatch) -> Json:
    if mismatch.actual is ABSENT:
        raise _no_place()
    return mismatch.actual  # type: ignore[return-value]


def _list(value: object) -> Sequence[Json]:
    return value if isinstance(value, list) else []


def _frozen(value: Json) -> str:
    return json.dumps(value, sort_keys=True)


def _at(value: Json, tokens: Sequence[str]) -> Json:
    for token in tokens:
        if isinstance(value, dict):
            value = value[token]
        elif isinstance(value, list):
            value = value[int(token)]
    return value


def _above(pointer: str) -> Iterator[str]:
    yield pointer
    while pointer:
        pointer = pointer.rpartition("/")[0]
        yield pointer


def _momentary(tokens: Sequence[str], value: Json, now: datetime) -> VolatileKind | None:
    """Whether something in a value is of the moment alone."""
    inside: Mapping[str, Json] = {}
    if isinstance(value, dict):
        inside = value
    elif isinstance(value, list):
        inside = {str(number): each for number, each in enumerate(value)}
    else:
        about_now = VolatileKind.MOMENT if is_about_now(value, now) else None
        return kind_of_a_moment(tokens, value) or about_now
    found = (_momentary((*tokens, key), each, now) for key, each in inside.items())
    return next(filter(None, found), None)
