"""From differences to edits of the body, in an order in which none gets in the way of another."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from specgen.dialect.leniency import Leniency
from specgen.mending.body import Body, Container
from specgen.mending.checks import check
from specgen.mending.key_orders import KeyOrders, is_in_order
from specgen.mending.members import Addition, insertions, removals, reordered
from specgen.mending.style import Style, is_on_one_line, style_of
from specgen.mending.values import Edit, NotMendable, Reason
from specgen.mending.writing import key_text, new_value, scalar_text
from specgen.pointers import key_of
from specgen.replay.answers import ResponseBody, read_body
from specgen.replay.compare import compare_node
from specgen.replay.nodes import ListNode, Node, ObjectNode, Scalar
from specgen.replay.stash import Stash, refers
from specgen.replay.values import Absent, DifferingAnswer, Json, Kind, Mismatch
from specgen.suggest.pointers import tokens_of

__all__ = ["Change", "changes_of", "differences_of", "is_unsure", "read_answer"]

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

    @property
    def renames(self) -> bool:
        """Whether it gives a key another name: the one that is gone that of the new one."""
        return len({each.kind for each in self.mismatches}) > 1


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
    *,
    unsure: Sequence[Mismatch] = (),
    others: Sequence[Node] = (),
) -> tuple[tuple[Change, ...], tuple[tuple[Mismatch, NotMendable], ...]]:
    """The changes that can be made at once, and what can never be made.

    Args:
        body: The documented body.
        answer: What came.
        mismatches: In what they differ.
        leniency: Where less is asked.
        now: When it came.
        unsure: New keys with values that are not to be written: their names may be.
        others: The other responses of the page.

    Returns:
        Changes that do not touch each other, and differences with the reason against them.
        Others of the differences come when these changes are made.
    """
    came = read_answer(answer).value
    work = _Work(body, came, style_of(body), KeyOrders.of(body.root, others), leniency)
    found = _Found()
    for mismatch in mismatches:
        try:
            check(mismatch, body, leniency, now)
        except NotMendable as reason:
            found.refused.append((mismatch, reason))
    refused = {id(mismatch) for mismatch, _ in found.refused}
    todo = [each for each in mismatches if id(each) not in refused]
    unsure = [*unsure, *(each for each, why in found.refused if is_unsure(each, why))]
    for groups in (work.renamed(todo, unsure), *(work.groups(todo, phase) for phase in PHASES)):
        for group in groups:
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


def is_unsure(mismatch: Mismatch, why: NotMendable) -> bool:
    """Whether only the value of a new key is not to be written, and its name may be."""
    return mismatch.kind is Kind.SURPLUS and why.only_value


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
    orders: KeyOrders
    leniency: Leniency

    def renamed(
        self, mismatches: Sequence[Mismatch], unsure: Sequence[Mismatch]
    ) -> Iterator[list[Mismatch]]:
        """Pairs of a key that is gone and a new one with the same value, in its place."""
        gone: dict[Kind, list[Mismatch]] = {Kind.MISSING: [], Kind.SURPLUS: []}
        for each in (*mismatches, *unsure):
            if each.kind in gone and isinstance(self._container(each), ObjectNode):
                gone[each.kind].append(each)
        left = gone[Kind.SURPLUS]
        places = Counter(each.start for each in left)
        places.update(self._owner(each)[0].start for each in gone[Kind.MISSING])
        for old in gone[Kind.MISSING]:
            new = next((e for e in left if self._is_renamed(old, e, places, unsure)), None)
            if new is not None:
                left.remove(new)
                yield [old, new]

    def _container(self, mismatch: Mismatch) -> Container | None:
        if mismatch.kind is Kind.SURPLUS:
            return self.body.containers.get(mismatch.start)
        return self.body.owners[mismatch.start][0] if mismatch.start in self.body.owners else None

    def _is_renamed(
        self,
        old: Mismatch,
        new: Mismatch,
        places: Mapping[int, int],
        unsure: Sequence[Mismatch],
    ) -> bool:
        container = self._container(old)
        if container is None or container is not self._container(new):
            return False
        assert isinstance(container, ObjectNode)
        value, came_there = container.members[self._owner(old)[1]].value, _json(new.actual)
        alone = places[container.start] == 2
        # A value that is another each time cannot be the same: its type has to do.
        like = _is_like(value, came_there) or (new in unsure and _is_of_type(value, came_there))
        if _frozen(_json(old.expected)) != _frozen(came_there) and not (alone and like):
            return False
        return self._has_its_place(container, old, new)

    def _has_its_place(self, container: ObjectNode, old: Mismatch, new: Mismatch) -> bool:
        """Whether the new key may stand where the old one does.

        Where the order of the answer is that of the page, it has its own place in it.
        """
        above, now = _keys_of(new.pointer)[:-1], _keys_of(new.pointer)[-1]
        came = _at(self.actual, above)
        assert isinstance(came, dict)
        keys = [member.key for member in container.members if member.start != old.start]
        place = next(n for n, each in enumerate(container.members) if each.start == old.start)
        order = tuple(came)
        known = [key for key in keys if key in came]
        agrees = len(known) > 1 and is_in_order(known, order)
        return not agrees or is_in_order([*keys[:place], now, *keys[place:]], order)

    def groups(
        self, mismatches: Sequence[Mismatch], kinds: frozenset[Kind]
    ) -> Iterator[list[Mismatch]]:
        """What has to be written together: all that is put into or taken out of one container."""
        mismatches = [each for each in mismatches if each.kind in kinds]
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
        if len({each.kind for each in group}) > 1:
            yield self._new_key(*group)
            return
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

    def _new_key(self, old: Mismatch, new: Mismatch) -> Edit:
        container, place = self._owner(old)
        assert isinstance(container, ObjectNode)
        member = container.members[place]
        quoted = self.body.text[member.start] in "\"'"
        style = replace(self.style, bare=not quoted)
        text = key_text(_keys_of(new.pointer)[-1], style)
        return self.body.replace(member.start, member.end, text)

    def _replacement(self, mismatch: Mismatch) -> Edit:
        node = self._node(mismatch)
        actual = self._new(mismatch)
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
            additions = [Addition(before, "", self._new(each)) for each in group]
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
        path = _keys_of(group[0].pointer)[:-1]
        for key in self.orders.ordered(path, tuple(actual)):
            if key in places:
                before = places[key] + 1
            elif key in wanted:
                yield Addition(before, key, self._new(wanted[key]))

    def _new(self, mismatch: Mismatch) -> Json:
        """What came, its keys in the order of their like in the page."""
        return self.orders.applied(_keys_of(mismatch.pointer), _json(mismatch.actual))

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


def _is_like(node: Node, came: Json) -> bool:
    """Whether what came is of the sort that is documented; what differs inside is mended later."""
    if isinstance(node, ObjectNode) and isinstance(came, dict):
        keys = {member.key for member in node.members}
        return 2 * len(keys & {*came}) >= len(keys | {*came})
    if isinstance(node, ListNode):
        return isinstance(came, list)
    # Whatever came is right where a value of the answer is asked for; only the key is not.
    return isinstance(node, Scalar) and isinstance(node.value, str) and refers(node.value)


def _is_of_type(node: Node, came: Json) -> bool:
    """Whether a value and a documented one are scalars of the same type."""
    return isinstance(node, Scalar) and type(node.value) is type(came)


def _keys_of(pointer: str) -> tuple[str, ...]:
    return tuple(map(key_of, tokens_of(pointer)))


def _no_place() -> NotMendable:
    return NotMendable(Reason.STYLE, "it is written in a way that is not mended by itself")


def _json(value: Json | Absent) -> Json:
    if isinstance(value, Absent):
        raise _no_place()
    return value


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
