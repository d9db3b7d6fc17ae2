"""Holds a documented body against a response: every difference, each at its place.

Source of the rules: `MatchAssertion` and Java's `equals` of maps, lists and numbers, as the
golden tables show them (`dialect.md`, section 3).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace

from specgen.dialect.java_regex import JavaRegexError, RegexTimeout, compile_java
from specgen.dialect.leniency import STRICT, Leniency
from specgen.replay.answers import ResponseBody
from specgen.replay.describe import describe, difference, type_of
from specgen.replay.fields import WHOLE, field_pointer, field_value, pointer_to
from specgen.replay.flow import read_expected
from specgen.replay.nodes import ListNode, Member, Node, ObjectNode, Scalar, Unresolved, value_of
from specgen.replay.numbers import is_number, same_double
from specgen.replay.pairing import pairs_of
from specgen.replay.stash import Stash, StashFailure
from specgen.replay.values import ABSENT, Absent, Json, Kind, Mismatch

__all__ = ["compare_body", "compare_node"]


def compare_body(
    expected: str,
    answer: ResponseBody,
    stash: Stash,
    field: str = WHOLE,
    leniency: Leniency = STRICT,
) -> tuple[Mismatch, ...]:
    r"""Every difference between a documented body and a response; none if it is true.

    Args:
        expected: The body as the page has it after substitutions, `\"\"\"` unconverted.
        answer: The response.
        stash: Values for `$…` in `expected`; its `body` is usually the same response.
        field: A dotted path in the response, if only that is compared.
        leniency: Where less is asked of the response.

    Raises:
        ExpectedUnreadable: `expected` cannot be read.
        RegexTimeout: A pattern takes too long.
    """
    return compare_node(read_expected(expected), answer, stash, field, leniency)


def compare_node(
    expected: Node,
    answer: ResponseBody,
    stash: Stash,
    field: str = WHOLE,
    leniency: Leniency = STRICT,
) -> tuple[Mismatch, ...]:
    """`compare_body` of an expected body that was read before."""
    node = stash.resolve(expected)
    pointer = field_pointer(field)
    try:
        actual = field_value(answer, field, stash)
    except StashFailure as failure:
        return (_mismatch(Kind.MISSING, pointer, node, ABSENT, failure.message),)
    return tuple(_whole(node, actual, pointer, leniency))


def _whole(node: Node, actual: Json, pointer: str, leniency: Leniency) -> Sequence[Mismatch]:
    """The value that is matched itself: looser with numbers, and it may be a pattern."""
    if leniency.ignores(pointer):
        return ()
    if isinstance(node, Scalar) and not leniency.asks_shape(pointer):
        pattern = _pattern(node.value)
        if pattern is not None:
            return _found(node, pattern, actual, pointer)
        if is_number(node.value) and is_number(actual) and _same_number(node.value, actual):
            return ()
    if actual is None and value_of(node) is not None:
        message = f"expected {describe(value_of(node))}, found nothing"
        return (_mismatch(Kind.MISSING, pointer, node, ABSENT, message),)
    differences = _Differences(leniency)
    differences.node(node, actual, pointer)
    if isinstance(actual, str) and isinstance(node, Scalar) and isinstance(node.value, str):
        return [replace(found, kind=Kind.TEXT) for found in differences.found]
    return differences.found


def _pattern(value: Json) -> str | None:
    """What stands between the slashes of `/…/`; None if a value is not of that form."""
    text = value.strip() if isinstance(value, str) else ""
    return text[1:-1] if len(text) > 2 and text[0] == text[-1] == "/" else None


def _found(node: Scalar, pattern: str, actual: Json, pointer: str) -> Sequence[Mismatch]:
    if not isinstance(actual, str):
        found = "nothing" if actual is None else describe(actual)
        message = f"expected text with the pattern /{pattern}/, found {found}"
        return (_mismatch(Kind.TYPE, pointer, node, actual, message),)
    try:
        if compile_java(pattern, comments=True).find(actual):
            return ()
    except RegexTimeout:
        raise  # it says nothing about a match
    except JavaRegexError as problem:
        message = f"the pattern cannot be used: {problem}"
        return (_mismatch(Kind.TEXT, pointer, node, actual, message),)
    message = f"the pattern is not found in {describe(actual)}"
    return (_mismatch(Kind.TEXT, pointer, node, actual, message),)


def _same_number(expected: object, actual: object) -> bool:
    """Numbers of one Java class are compared exactly, of two classes as doubles."""
    assert isinstance(expected, (int, float))
    assert isinstance(actual, (int, float))
    if isinstance(expected, int) and isinstance(actual, int) and _width(expected) == _width(actual):
        return expected == actual
    return same_double(_double(expected), _double(actual))


def _same_scalar(expected: Json, actual: Json) -> bool:
    if isinstance(expected, float) and isinstance(actual, float):
        return same_double(expected, actual)
    return type(expected) is type(actual) and expected == actual


def _width(value: int) -> int:
    """0, 1, 2 for what Jackson reads as an int, a long, a big integer."""
    bits = (value if value >= 0 else ~value).bit_length()
    return 0 if bits < 32 else 1 if bits < 64 else 2


def _double(value: int | float) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


class _Differences:
    """Collects what differs inside a value, where everything counts strictly.

    Args:
        leniency: But for what need not be the same.
    """

    def __init__(self, leniency: Leniency) -> None:
        self.leniency = leniency
        self.found: list[Mismatch] = []

    def node(self, node: Node, actual: Json, pointer: str) -> None:
        """Compares one value with what stands at its place."""
        if self.leniency.ignores(pointer):
            return
        if self.leniency.asks_shape(pointer):
            self._shape(node, actual, pointer)
            return
        match node:
            case ObjectNode() if isinstance(actual, dict):
                self._members(node, actual, pointer, self.node)
            case ListNode() if isinstance(actual, list) and self.leniency.any_order(pointer):
                self._any_order(node, actual, pointer)
            case ListNode() if isinstance(actual, list):
                self._items(node, actual, pointer)
            case Unresolved():
                self._add(Kind.VALUE, pointer, node, actual, node.message)
            case Scalar() if _same_scalar(node.value, actual):
                pass
            case _:
                expected = value_of(node)
                same_type = type_of(expected) == type_of(actual)
                kind = Kind.VALUE if same_type else Kind.TYPE
                self._add(kind, pointer, node, actual, difference(expected, actual))

    def _shape(self, node: Node, actual: Json, pointer: str) -> None:
        """Compares keys and types alone."""
        if self.leniency.ignores(pointer):
            return
        match node:
            case ObjectNode() if isinstance(actual, dict):
                self._members(node, actual, pointer, self._shape)
            case ListNode() if isinstance(actual, list):
                for index, value in enumerate(actual):
                    self._shape_of_one(node, value, pointer_to(pointer, index))
            case Unresolved():
                self._add(Kind.VALUE, pointer, node, actual, node.message)
            case _:
                wanted, got = (
                    type_of(each).replace("integer", "number").replace("float", "number")
                    for each in (value_of(node), actual)
                )
                if wanted != got:
                    message = f"expected {wanted}, found {describe(actual)}"
                    self._add(Kind.TYPE, pointer, node, actual, message)

    def _shape_of_one(self, node: ListNode, actual: Json, pointer: str) -> None:
        """Compares one item with all documented ones; if it is like none, tells of the first."""
        first: list[Mismatch] | None = None
        for item in node.items:
            inside = _Differences(self.leniency)
            inside._shape(item, actual, pointer)
            if not inside.found:
                return
            first = inside.found if first is None else first
        if first is None and not self.leniency.ignores(pointer):
            self._surplus(node, pointer, actual, f"item {pointer.rpartition('/')[2]}")
        self.found += first or []

    def _members(
        self,
        node: ObjectNode,
        actual: dict[str, Json],
        pointer: str,
        compare: Callable[[Node, Json, str], None],
    ) -> None:
        documented = set()
        for member in node.members:
            documented.add(member.key)
            below = pointer_to(pointer, member.key)
            if member.key in actual:
                compare(member.value, actual[member.key], below)
            elif not self.leniency.ignores(below):
                self._missing_member(member, below)
        if self.leniency.more_keys(pointer):
            return
        for key, value in actual.items():
            below = pointer_to(pointer, key)
            if key not in documented and not self.leniency.ignores(below):
                self._surplus(node, below, value, f'"{key}"')

    def _missing_member(self, member: Member, pointer: str) -> None:
        expected = value_of(member.value)
        message = f'"{member.key}" is missing: expected {describe(expected)}'
        end = max(member.end, member.value.end)
        self.found.append(
            Mismatch(Kind.MISSING, pointer, expected, ABSENT, member.start, end, message)
        )

    def _surplus(self, node: ObjectNode | ListNode, pointer: str, value: Json, name: str) -> None:
        message = f"{name} is not documented: found {describe(value)}"
        start = node.start
        end = min(start + 1, node.end)
        self.found.append(Mismatch(Kind.SURPLUS, pointer, ABSENT, value, start, end, message))

    def _any_order(self, node: ListNode, actual: list[Json], pointer: str) -> None:
        """Pairs each documented item with one that came; what is left over is compared in order."""
        fits = [
            [i for i, value in enumerate(actual) if not self._inside(item, value, pointer, i)]
            for item in node.items
        ]
        taken = pairs_of(fits)
        left = [each for each in enumerate(node.items) if each[0] not in taken]
        rest = [each for each in enumerate(actual) if each[0] not in taken.values()]
        for (_, item), (index, value) in zip(left, rest, strict=False):
            self.found += self._inside(item, value, pointer, index)
        self._unpaired(node, left[len(rest) :], rest[len(left) :], pointer)

    def _inside(self, item: Node, value: Json, pointer: str, index: int) -> list[Mismatch]:
        inside = _Differences(self.leniency)
        inside.node(item, value, pointer_to(pointer, index))
        return inside.found

    def _items(self, node: ListNode, actual: list[Json], pointer: str) -> None:
        """Items one by one; lists of different length from both ends towards the middle."""
        items = node.items
        if len(items) == len(actual):
            self._pairs(node, actual, pointer)
            return
        wanted = [_frozen(value_of(item)) for item in items]
        got = [_frozen(item) for item in actual]
        head = _common(wanted, got)
        tail = _common(wanted[head:][::-1], got[head:][::-1])
        middle = items[head : len(items) - tail]
        rest = actual[head : len(actual) - tail]
        for index, (item, value) in enumerate(zip(middle, rest, strict=False), head):
            self.node(item, value, pointer_to(pointer, index))
        fewer = list(enumerate(middle, head))[len(rest) :]
        more = list(enumerate(rest, head))[len(middle) :]
        self._unpaired(node, fewer, more, pointer)

    def _unpaired(
        self,
        node: ListNode,
        missing: Sequence[tuple[int, Node]],
        surplus: Sequence[tuple[int, Json]],
        pointer: str,
    ) -> None:
        """Tells of documented items that did not come, and of others that did."""
        for index, item in missing:
            below = pointer_to(pointer, index)
            if not self.leniency.ignores(below):
                message = f"item {index} is missing: expected {describe(value_of(item))}"
                self._add(Kind.MISSING, below, item, ABSENT, message)
        for index, value in surplus:
            below = pointer_to(pointer, index)
            if not self.leniency.ignores(below):
                self._surplus(node, below, value, f"item {index}")

    def _pairs(self, node: ListNode, actual: list[Json], pointer: str) -> None:
        inside = _Differences(self.leniency)
        for index, (item, value) in enumerate(zip(node.items, actual, strict=True)):
            inside.node(item, value, pointer_to(pointer, index))
        if inside.found and len(actual) > 1 and _reordered(node, actual):
            message = f"the same {len(actual)} items in another order"
            self._add(Kind.ORDER, pointer, node, actual, message)
        else:
            self.found += inside.found

    def _add(
        self, kind: Kind, pointer: str, node: Node, actual: Json | Absent, message: str
    ) -> None:
        self.found.append(_mismatch(kind, pointer, node, actual, message))


def _mismatch(
    kind: Kind, pointer: str, node: Node, actual: Json | Absent, message: str
) -> Mismatch:
    return Mismatch(kind, pointer, value_of(node), actual, node.start, node.end, message)


def _reordered(node: ListNode, actual: list[Json]) -> bool:
    wanted = Counter(_frozen(value_of(item)) for item in node.items)
    return wanted == Counter(map(_frozen, actual))


def _common(first: list[Hashable], second: list[Hashable]) -> int:
    """How many values two lists share at their start."""
    pairs = enumerate(zip(first, second, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(first), len(second)))


def _frozen(value: Json) -> Hashable:
    """A value that equals another's only if both are the same to the reference: 1 is not 1.0."""
    match value:
        case list():
            return ("list", *map(_frozen, value))
        case dict():
            return ("object", frozenset((key, _frozen(item)) for key, item in value.items()))
        case float():
            return ("float", repr(float(value)))
    return (type_of(value), value)
