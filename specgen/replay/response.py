"""The answer to a request of a generated module, to be held against what the page shows."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, repeat
from typing import TYPE_CHECKING

from specgen.dialect.java_regex import RegexTimeout
from specgen.dialect.leniency import STRICT, Leniency
from specgen.replay.answers import ResponseBody
from specgen.replay.compare import compare_body
from specgen.replay.describe import describe
from specgen.replay.failures import CannotJudge, PageDrifted, timed_out
from specgen.replay.fields import WHOLE, field_value, is_false, is_true
from specgen.replay.findings import Exchange, body_findings, request_finding
from specgen.replay.flow import ExpectedUnreadable
from specgen.replay.module_places import CallPlace
from specgen.replay.numbers import java_text
from specgen.replay.stash import StashFailure
from specgen.replay.values import DifferingAnswer, Finding, Json, Kind, Mismatch
from specgen.replay.waiting import asked_again
from specgen.target.guard import reads_only
from specgen.target.values import Call

if TYPE_CHECKING:
    from specgen.replay.cluster import Cluster

__all__ = ["Response"]

# What an answer tells of shards that failed.
SHARDS = "_shards.failures"


@dataclass(frozen=True, slots=True)
class Response:
    """The answer to one request, to be held against what the page shows.

    Attributes:
        cluster: What sent the request.
        body: The body, or why there is none that can be read.
        exchange: The request, as findings tell of it.
        call: The request itself; None if none was sent.
        again: Sends it once more, and checks the same of its answer; None if none was sent.
    """

    cluster: Cluster
    body: ResponseBody | str
    exchange: Exchange
    call: Call | None = None
    again: Callable[[], Response] | None = None

    def matches(
        self,
        expected: str,
        *,
        ignore: Sequence[str] = (),
        shape: Sequence[str] = (),
        unordered: Sequence[str] = (),
        at_least: Sequence[str] = (),
        within: float = 0.0,
    ) -> None:
        """Holds the body against a documented one; all differences are told at once.

        Places are JSON pointers with `*` for one key or index and `**` for any number of them;
        the empty one is the whole body.

        Args:
            expected: The documented body.
            ignore: What need not be there, nor be the same.
            shape: Where only keys and types count.
            unordered: Lists whose items may come in any order.
            at_least: Where there may be keys that the page does not show.
            within: How long the request is repeated until the body is right, in seconds.

        Raises:
            PageDrifted: They differ.
            CannotJudge: The request may not be repeated, or got no answer.
        """
        place = self.cluster._place(sys._getframe(1))
        leniency = Leniency(tuple(ignore), tuple(shape), tuple(unordered), tuple(at_least))
        self.cluster.body_checks += 1
        self.cluster.compared += 1
        self.cluster.lenient_checks += bool(leniency)
        check = partial(Response._differing, expected=expected, leniency=leniency, place=place)
        found = self._in_time(check, within) if within else check(self)
        if found:
            self.cluster._fail(found)

    def _differing(
        self, expected: str, leniency: Leniency, place: CallPlace
    ) -> tuple[Finding, ...]:
        differences = self._compare(expected, leniency)
        self.cluster.differing = self._kept(expected) if differences else None
        return body_findings(differences, expected, place.text, self.exchange)

    def _kept(self, expected: str) -> DifferingAnswer | None:
        """What came, if the page is to be mended by it: specgen itself proves nothing."""
        cluster, body = self.cluster, self.body
        if not cluster.keeps_differing or isinstance(body, str) or body.is_text:
            return None
        if self.exchange.emulated:
            return None
        named = ((name, json.dumps(value)) for name, value in cluster.stash.named().items())
        return DifferingAnswer(cluster.compared - 1, expected, body.text, tuple(named))

    def _in_time(
        self, check: Callable[[Response], tuple[Finding, ...]], within: float
    ) -> tuple[Finding, ...]:
        """What is wrong with the last of the answers that come while the request is repeated."""
        call, again = self.call, self.again
        if call is None or again is None:
            return check(self)
        if not reads_only(call.method, call.path, call.query, call.body):
            raise CannotJudge(
                f"`eventually` repeats only what reads, and {call.method} {call.path} may write"
            )
        answers = chain((lambda: self,), repeat(again))

        def once() -> tuple[Finding, ...]:
            try:
                return check(next(answers)())
            except PageDrifted as drift:  # the status of an answer, or its shards
                return drift.findings

        cluster = self.cluster
        status, warned, told = cluster.status_checks, cluster.warning_checks, len(cluster.findings)
        found, waited = asked_again(once, within)
        # However often a request was repeated, what was checked and found of it counts once.
        cluster.status_checks, cluster.warning_checks = status, warned
        del cluster.findings[told:]
        cluster.waited += waited
        return tuple(replace(each, within=within) for each in found)

    def is_true(self, field: str) -> None:
        """Checks that a field is there and is not false, 0 or empty.

        Raises:
            PageDrifted: It is not so.
        """
        place = self.cluster._place(sys._getframe(1))
        held = isinstance(self.body, ResponseBody) and is_true(self.body, field, self.cluster.stash)
        self._checked(held, place, f"{field} is not true")

    def is_false(self, field: str) -> None:
        """Checks that a field is absent, null, false, 0 or empty text.

        Raises:
            PageDrifted: It is not so.
        """
        place = self.cluster._place(sys._getframe(1))
        held = isinstance(self.body, ResponseBody) and is_false(
            self.body, field, self.cluster.stash
        )
        self._checked(held, place, f"{field} is not false")

    def has_length(self, field: str, length: int) -> None:
        """Checks how many characters, items or keys a field has.

        Raises:
            PageDrifted: It has another number of them, or none.
        """
        place = self.cluster._place(sys._getframe(1))
        value = self._field(field, place)
        held = isinstance(value, str | list | dict) and len(value) == length
        self._checked(held, place, f"expected {field} of length {length}, found {describe(value)}")

    def field_matches(self, field: str, expected: str) -> None:
        """Holds one field against an expected value.

        Raises:
            PageDrifted: They differ.
        """
        place = self.cluster._place(sys._getframe(1))
        message = ""
        if isinstance(self.body, ResponseBody):
            found = self._compare_in_time(expected, field)
            message = f"{field}: {found[0].message}" if found else ""
        self._checked(isinstance(self.body, ResponseBody) and not message, place, message)

    def set(self, field: str, name: str) -> None:
        """Keeps the value of a field under a name, to be used as `$name` from here on.

        Raises:
            PageDrifted: There is no such field.
        """
        place = self.cluster._place(sys._getframe(1))
        self.cluster.stash.set(name, self._field(field, place))

    def keep(self, field: str, name: str) -> None:
        """Keeps a value as `set` does; one from the page's setup is known to all its cases.

        Raises:
            PageDrifted: There is no such field, or it holds null.
        """
        place = self.cluster._place(sys._getframe(1))
        value = self._field(field, place)
        self._checked(value is not None, place, f"{field} is not there, so there is no ${name}")
        self.cluster.keep(name, value)

    def _field(self, field: str, place: CallPlace) -> Json:
        try:
            if isinstance(self.body, ResponseBody):
                return field_value(self.body, field, self.cluster.stash)
            message = self.body
        except StashFailure as trouble:
            message = trouble.message
        self._checked(False, place, f"{field}: {message}")
        return None

    def _checked(self, held: bool, place: CallPlace, message: str) -> None:
        self.cluster.body_checks += 1
        if not held:
            found = request_finding(Kind.VALUE, self.exchange, message)
            # It stands at the check, whose line is not that of the request.
            placed = replace(found, line=place.line, file=place.file, excerpt="")
            self.cluster._fail((placed if place.line != self.exchange.line else found,))

    def has_no_shard_failures(self) -> None:
        """Checks that no shard failed to answer.

        Raises:
            PageDrifted: One did.
        """
        if isinstance(self.body, ResponseBody) and not is_false(
            self.body, SHARDS, self.cluster.stash
        ):
            message = f"{SHARDS} is not empty: {java_text(self.body.value)[:300]}"
            self.cluster._fail((request_finding(Kind.SHARDS, self.exchange, message),))

    def _compare(self, expected: str, leniency: Leniency) -> tuple[Mismatch, ...]:
        if isinstance(self.body, str):
            return (Mismatch(Kind.TEXT, "", None, None, 0, len(expected), self.body),)
        try:
            return self._compare_in_time(expected, leniency=leniency)
        except ExpectedUnreadable as trouble:
            start = trouble.offset
            message = f"the documented body cannot be read: {trouble.message}"
            return (Mismatch(Kind.TEXT, "", None, None, start, start + 1, message),)

    def _compare_in_time(
        self, expected: str, field: str = WHOLE, leniency: Leniency = STRICT
    ) -> tuple[Mismatch, ...]:
        assert isinstance(self.body, ResponseBody)
        try:
            return compare_body(expected, self.body, self.cluster.stash, field, leniency)
        except RegexTimeout as trouble:
            message = f"the pattern of the response: {trouble}"
            raise timed_out(message, self.exchange) from trouble
