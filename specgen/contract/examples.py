"""What a page shows in examples, as values: requests, and what comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from specgen.source import Span

__all__ = ["ANY", "COMMON", "Body", "Example", "Path"]

# Keys and indexes that lead to a value.
Path = tuple[str | int, ...]

# What every request of Elasticsearch takes, whatever it asks for.
COMMON = frozenset(
    {"pretty", "human", "error_trace", "filter_path", "format", "source", "source_content_type"}
)


class _Any:
    """A value that nobody knows, and that may be anything."""

    def __repr__(self) -> str:
        return "ANY"


ANY = _Any()


@dataclass(frozen=True, slots=True)
class Body:
    """A body that a page shows.

    Attributes:
        value: What it means; `ANY` for what a substitution puts there.
        place: Where something in it stands.
    """

    value: Any
    place: Callable[[Path], Span]


@dataclass(frozen=True, slots=True)
class Example:
    """A request that a page shows.

    Attributes:
        method: In capitals.
        path: Without its query.
        query: Names and values as written.
        span: Its first line.
        request: What it sends, if that is one JSON value.
        response: What it is shown to bring back, if that is JSON and no error.
        refused: Whether the page says that the cluster will not do it.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    span: Span
    request: Body | None = None
    response: Body | None = None
    refused: bool = False
