"""The values of the coverage room: what pages promise, and what cases make of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from specgen.source import Span

__all__ = [
    "Basis",
    "Count",
    "Coverage",
    "Entry",
    "Exchange",
    "Group",
    "PageCoverage",
    "Sort",
    "State",
    "UsedRequest",
]


class Group(StrEnum):
    """The columns of every report."""

    ENDPOINTS = "endpoints"
    PARAMETERS = "parameters"
    FIELDS = "fields"
    CODES = "codes"


class Sort(StrEnum):
    """What an entry of a contract is."""

    ENDPOINT = "endpoint"
    PATH = "path parameter"
    QUERY = "query parameter"
    BODY = "body parameter"
    FIELD = "response field"
    CODE = "response code"

    @property
    def group(self) -> Group:
        """The column that it is counted in."""
        return GROUPS[self]


GROUPS = {
    Sort.ENDPOINT: Group.ENDPOINTS,
    Sort.PATH: Group.PARAMETERS,
    Sort.QUERY: Group.PARAMETERS,
    Sort.BODY: Group.PARAMETERS,
    Sort.FIELD: Group.FIELDS,
    Sort.CODE: Group.CODES,
}


class State(StrEnum):
    """What cases make of an entry, the best first.

    An endpoint or a parameter is sent; `checked` if the body of an answer to such a request is
    held against the page, `requested` if no such body is. A response field or code is not sent
    but comes; `checked` if a case asks for it, `requested` if its endpoint is requested and
    nobody asks whether it comes.

    `setup`: only what prepares cases touches it. `left out`: it would be
    covered if all cases counted.
    """

    CHECKED = "checked"
    REQUESTED = "requested"
    SETUP = "setup"
    LEFT_OUT = "left out"
    UNTOUCHED = "untouched"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request of a case, or of a setup, and what is asked of its answer.

    Attributes:
        method: Upper case.
        path: With a leading slash, without query.
        query: The names of its query parameters.
        body: The dotted names of all that its body holds; lists have no part in them.
        fields: The same of the documented response that its answer is held against.
        statuses: Those that the case lets pass.
        verified: Whether the body of the answer is looked at, or none can come.
        in_setup: Whether it only prepares a case, or clears up behind it.
        case: The id of the case; of the setup of a page, its path.
        span: Where it stands.
    """

    method: str
    path: str
    query: frozenset[str]
    body: frozenset[str]
    fields: frozenset[str]
    statuses: frozenset[int]
    verified: bool
    in_setup: bool
    case: str
    span: Span


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that the prose of a page documents.

    Attributes:
        sort: What it is.
        name: Method and path, a name, or a code.
        span: Where the prose documents it: in the page, or in a file that it includes.
        state: What cases make of it.
        cases: The ids of those that bring it into this state, in order.
        requests: How many requests of cases go to this endpoint; 0 for all others.
        unverified: Of how many of them no body is looked at.
    """

    sort: Sort
    name: str
    span: Span
    state: State
    cases: tuple[str, ...] = ()
    requests: int = 0
    unverified: int = 0

    @property
    def covered(self) -> bool:
        """Whether it counts as touched by a case."""
        sent = self.sort.group in {Group.ENDPOINTS, Group.PARAMETERS}
        return self.state is State.CHECKED or (sent and self.state is State.REQUESTED)


@dataclass(frozen=True, slots=True)
class Count:
    """How many entries there are, and how many of them are covered."""

    covered: int
    total: int

    @classmethod
    def of(cls, entries: Iterable[Entry], group: Group | None = None) -> Count:
        """Counts entries: all of them, or those of one column."""
        kept = [each.covered for each in entries if group in (None, each.sort.group)]
        return cls(sum(kept), len(kept))

    @property
    def percent(self) -> float | None:
        """From 0 to 100, not rounded; None if nothing is documented."""
        return 100 * self.covered / self.total if self.total else None

    @property
    def whole_percent(self) -> str:
        """The same for people: 100% only if all is covered, 0% only if nothing is."""
        if self.percent is None:
            return ""
        if self.covered in {0, self.total}:
            return f"{self.percent:.0f}%"
        return f"{min(99, max(1, round(self.percent)))}%"


@dataclass(frozen=True, slots=True)
class PageCoverage:
    """What one page documents.

    Attributes:
        page: Its path relative to the docs root.
        title: As the page has it.
        entries: In the order of the parts of a contract, each in page order.
    """

    page: str
    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class UsedRequest:
    """A request of cases to an endpoint that the prose of no page documents.

    Attributes:
        method: Upper case.
        path: As it is sent, with a leading slash.
        span: Where the first of them stands.
        cases: The ids of the cases that send it, in order.
        documented: The methods with which pages document such a path.
    """

    method: str
    path: str
    span: Span
    cases: tuple[str, ...]
    documented: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Basis:
    """Which cases count, and why the others do not.

    Attributes:
        results: The file of results whose passed cases count; empty if planned ones do.
        cases: How many count.
        skipped: How many are skipped; with results, by their target too.
        blocked: How many cannot be run.
        not_passed: How many failed or could not be judged; 0 without results.
        not_run: Of how many the results know nothing; 0 without results.
        emulated: How many of those that count rest on an API that specgen emulates.
    """

    results: str
    cases: int
    skipped: int = 0
    blocked: int = 0
    not_passed: int = 0
    not_run: int = 0
    emulated: int = 0


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the prose of pages documents and what cases make of it.

    Attributes:
        basis: Which cases count.
        pages: Those that document something, in order.
        silent: How many other pages were read.
        requests: How many requests the cases send themselves.
        unverified: Of how many of them no body is looked at.
        undocumented: Requests of cases to what no page documents, by path and method.
    """

    basis: Basis
    pages: tuple[PageCoverage, ...]
    silent: int
    requests: int
    unverified: int
    undocumented: tuple[UsedRequest, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Those of all pages."""
        return tuple(entry for page in self.pages for entry in page.entries)
