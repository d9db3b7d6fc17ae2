"""Which documented endpoint a request goes to: the most specific one that fits its path."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import unquote

__all__ = ["Documented", "Route", "Routes", "placeholders_of", "route_of"]

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")

# What begins with an underscore is a part of an API, and no name that a caller chose: no index
# and no alias may begin so. These are the values that do (Elasticsearch, API conventions).
VALUES = frozenset({"_all", "_current", "_doc", "_local", "_master"})


class Documented(Protocol):
    """A request that is documented, such as an `Endpoint`: `PUT /{index}/_doc/{id}`."""

    @property
    def method(self) -> str:
        """In capitals."""
        ...

    @property
    def path(self) -> str:
        """With `{name}` for each part that the caller chooses."""
        ...


@dataclass(frozen=True, slots=True)
class Route:
    """An endpoint without the names of what the caller chooses: `GET /{}/_doc/{}`."""

    method: str
    path: str


def route_of(endpoint: Documented) -> Route:
    """The route of an endpoint; two that name their placeholders differently share it."""
    return Route(endpoint.method, PLACEHOLDER.sub("{}", endpoint.path))


def placeholders_of(endpoint: Documented) -> frozenset[str]:
    """The names of what the caller chooses."""
    return frozenset(PLACEHOLDER.findall(endpoint.path))


@dataclass(slots=True)
class _Fork:
    """What may follow the same beginning of a path."""

    spelled: dict[str, _Fork] = field(default_factory=dict)
    mixed: dict[str, _Fork] = field(default_factory=dict)
    chosen: _Fork | None = None
    routes: dict[str, Route] = field(default_factory=dict)

    def after(self, segment: str) -> _Fork:
        """Where a segment of a route leads, made if it is new."""
        if segment != "{}":
            return (self.mixed if "{}" in segment else self.spelled).setdefault(segment, _Fork())
        self.chosen = self.chosen or _Fork()
        return self.chosen

    def fitting(self, part: str) -> Iterator[_Fork]:
        """Where a part of a path may lead, the most specific way first."""
        if part in self.spelled:
            yield self.spelled[part]
        if part.startswith("_") and part not in VALUES:
            return
        for segment, fork in self.mixed.items():
            if _fits(segment.split("{}"), part):
                yield fork
        if self.chosen is not None:
            yield self.chosen


class Routes:
    """All documented routes, to be found by a request.

    Args:
        endpoints: Those of all pages.
    """

    def __init__(self, endpoints: Iterable[Documented]) -> None:
        self._start = _Fork()
        for endpoint in endpoints:
            route, fork = route_of(endpoint), self._start
            for segment in _segments(route.path):
                fork = fork.after(segment)
            fork.routes.setdefault(route.method, route)

    def find(self, method: str, path: str) -> Route | None:
        """The route that a request goes to: of those that fit, the most specific one.

        It is the one that spells out an earlier part of the path.
        """
        ends = (fork.routes.get(method) for fork in self._ends(path))
        return next((route for route in ends if route is not None), None)

    def methods(self, path: str) -> tuple[str, ...]:
        """The methods with which such a path is documented."""
        return tuple(sorted({method for fork in self._ends(path) for method in fork.routes}))

    def _ends(self, path: str) -> Iterator[_Fork]:
        """Where a path may end, the most specific way first."""
        parts = _segments(path)
        ways = [(self._start, 0)]
        while ways:
            fork, taken = ways.pop()
            if taken == len(parts):
                yield fork
            else:
                ways += [(next_one, taken + 1) for next_one in fork.fitting(parts[taken])][::-1]


def _segments(path: str) -> tuple[str, ...]:
    return tuple(unquote(part) for part in path.split("/") if part)


def _fits(pieces: list[str], part: str) -> bool:
    """Whether a part is made of the pieces with at least one character in each gap."""
    first, *middle, last = pieces
    if not part.startswith(first):
        return False
    position = len(first)
    for piece in middle:
        found = part.find(piece, position + 1)
        if found < 0:
            return False
        position = found + len(piece)
    return len(part) - len(last) > position and part.endswith(last)
