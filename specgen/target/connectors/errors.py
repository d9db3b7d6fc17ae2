"""What a request is refused with, in the shape in which Elasticsearch tells it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

__all__ = [
    "Refused",
    "bad_argument",
    "bad_status",
    "bad_syntax",
    "body_missing",
    "not_found",
    "not_valid",
]


class Refused(Exception):
    """A request that is answered with an error.

    Attributes:
        status: The HTTP status code.
        type: The error's type, in Elasticsearch's snake case.
        reason: What is wrong, in one sentence.
        cause: The error inside, as when a field of a field cannot be read.
    """

    def __init__(self, status: int, type: str, reason: str, cause: Refused | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.type = type
        self.reason = reason
        self.cause = cause

    def document(self) -> dict[str, Any]:
        """The body of the answer."""
        return {
            "error": {"root_cause": [self._root()._head()], **self._tree()},
            "status": self.status,
        }

    def _root(self) -> Refused:
        # Elasticsearch names the innermost parsing error as the root, and no other cause.
        return next((one for one in reversed([*self._chain()]) if one.type == _SYNTAX), self)

    def _chain(self) -> Iterator[Refused]:
        one: Refused | None = self
        while one is not None:
            yield one
            one = one.cause

    def _head(self) -> dict[str, Any]:
        return {"type": self.type, "reason": self.reason}

    def _tree(self) -> dict[str, Any]:
        inner = {} if self.cause is None else {"caused_by": self.cause._tree()}
        return {**self._head(), **inner}


_SYNTAX = "x_content_parse_exception"


def bad_syntax(place: str, reason: str, cause: Refused | None = None) -> Refused:
    """A body that cannot be read, at `line:column` of it."""
    return Refused(400, _SYNTAX, f"[{place}] {reason}", cause)


def bad_argument(reason: str) -> Refused:
    """A value that is no value of its kind."""
    return Refused(400, "illegal_argument_exception", reason)


def bad_status(reason: str) -> Refused:
    """A request that is well formed but that the state of things does not allow."""
    return Refused(400, "status_exception", reason)


def body_missing() -> Refused:
    """A request without the body that it needs."""
    return Refused(400, "parse_exception", "request body is required")


def not_found(reason: str) -> Refused:
    """A document that does not exist."""
    return Refused(404, "resource_not_found_exception", reason)


def not_valid(complaints: Sequence[str]) -> Refused:
    """A body that can be read but does not make sense; all complaints are told at once."""
    told = "".join(f"{number}: {text};" for number, text in enumerate(complaints, 1))
    return Refused(400, "action_request_validation_exception", f"Validation Failed: {told}")
