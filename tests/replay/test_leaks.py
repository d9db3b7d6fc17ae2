"""Finding what breaks a case is a matter of asking: no cluster is needed for it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from hypothesis import given
from hypothesis import strategies as st

from specgen.replay.leaks import Broken, Why, smallest_set, what_broke

EARLIER = ("a", "b", "c", "d", "e", "f", "g", "h")


class Asked:
    """A case that fails if all culprits ran before it, or in a way of its own."""

    def __init__(self, *culprits: str, fails: Callable[[set[str]], bool] | None = None) -> None:
        self.fails = fails or (lambda some: bool(culprits) and {*culprits} <= some)
        self.tries: list[tuple[str, ...]] = []

    def __call__(self, some: Sequence[str]) -> bool:
        self.tries.append(tuple(some))
        return self.fails({*some})


def test_one_earlier_case_is_found() -> None:
    for culprit in EARLIER:
        found = what_broke("z", EARLIER, (), Asked(culprit))
        assert found == Broken("z", Why.EARLIER, (culprit,))


def test_cases_that_break_one_only_together_are_found() -> None:
    assert what_broke("z", EARLIER, (), Asked("g", "b")).by == ("b", "g")


def test_a_case_that_fails_alone_is_broken_by_nobody() -> None:
    asked = Asked(fails=lambda _: True)
    assert what_broke("z", EARLIER, ("a",), asked) == Broken("z", Why.ITSELF)
    assert asked.tries == [()]


def test_what_passes_each_time_is_not_reproduced() -> None:
    asked = Asked(fails=lambda _: False)
    assert what_broke("z", EARLIER, ("c", "b"), asked) == Broken("z", Why.UNKNOWN)
    assert asked.tries == [(), ("b", "c"), EARLIER]


def test_the_first_case_of_all_has_nobody_before_it() -> None:
    asked = Asked(fails=lambda _: False)
    assert what_broke("z", (), (), asked).why is Why.UNKNOWN
    assert asked.tries == [()]


def test_who_left_something_is_tried_first() -> None:
    asked = Asked("g")
    assert what_broke("z", EARLIER, {"g"}, asked).by == ("g",)
    assert asked.tries == [(), ("g",)]


def test_whoever_left_something_may_be_innocent() -> None:
    assert what_broke("z", EARLIER, {"g"}, Asked("b")).by == ("b",)


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.just(n), st.sets(st.integers(0, n - 1)))))
def test_all_culprits_and_nobody_else_are_found(drawn: tuple[int, set[int]]) -> None:
    count, culprits = drawn
    culprits = culprits or {0}
    found = smallest_set(range(count), lambda some: culprits <= {*some})
    assert found == tuple(sorted(culprits))


@given(st.integers(1, 2000), st.data())
def test_one_culprit_takes_few_tries(count: int, data: st.DataObject) -> None:
    culprit = data.draw(st.integers(0, count - 1))
    tries: list[int] = []

    def fails(some: Sequence[int]) -> bool:
        tries.append(len(some))
        return culprit in some

    assert smallest_set(range(count), fails) == (culprit,)
    assert len(tries) <= 2 * math.ceil(math.log2(count)) + 1


@given(st.integers(1, 12), st.data())
def test_whatever_fails_nothing_more_can_be_taken_away(count: int, data: st.DataObject) -> None:
    failing = data.draw(st.sets(st.frozensets(st.integers(0, count - 1), min_size=1)))
    failing |= {frozenset(range(count))}  # not the larger sets of a failing one, as a rule
    found = smallest_set(range(count), lambda some: frozenset(some) in failing)
    assert frozenset(found) in failing
    for each in found:
        rest = frozenset(found) - {each}
        assert rest not in failing or not rest
