"""The answer to a request of a generated module, to be held against what the page shows."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from specgen.replay.answers import ResponseBody
from specgen.replay.compare import compare_body
from specgen.replay.describe import describe
from specgen.replay.fields import field_value, is_false, is_true
from specgen.replay.findings import Exchange, body_findings, request_finding
from specgen.replay.flow import ExpectedUnreadable
from specgen.replay.module_places import CallPlace
from specgen.replay.numbers import java_text
from specgen.replay.stash import StashFailure
from specgen.replay.values import Json, Kind, Mismatch

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
    """

    cluster: Cluster
    body: ResponseBody | str
    exchange: Exchange

    def matches(self, expected: str) -> None:
        """Holds the body against a documented one; all differences are told at once.

        Raises:
            PageDrifted: They differ.
        """
        place = self.cluster._place(sys._getframe(1))
        self.cluster.body_checks += 1
        found = body_findings(self._compare(expected), expected, place.text, self.exchange)
        if found:
            self.cluster._fail(found)

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
            found = compare_body(expected, self.body, self.cluster.stash, field)
            message = f"{field}: {found[0].message}" if found else ""
        self._checked(isinstance(self.body, ResponseBody) and not message, place, message)

    def set(self, field: str, name: str) -> None:
        """Keeps the value of a field under a name, to be used as `$name` from here on.

        Raises:
            PageDrifted: There is no such field.
        """
        place = self.cluster._place(sys._getframe(1))
        self.cluster.stash.set(name, self._field(field, place))

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
            exchange = replace(self.exchange, line=place.line, file=place.file)
            self.cluster._fail((request_finding(Kind.VALUE, exchange, message),))

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

    def _compare(self, expected: str) -> tuple[Mismatch, ...]:
        if isinstance(self.body, str):
            return (Mismatch(Kind.TEXT, "", None, None, 0, len(expected), self.body),)
        try:
            return compare_body(expected, self.body, self.cluster.stash)
        except ExpectedUnreadable as trouble:
            start = trouble.offset
            message = f"the documented body cannot be read: {trouble.message}"
            return (Mismatch(Kind.TEXT, "", None, None, start, start + 1, message),)
