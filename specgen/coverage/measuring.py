"""Holds the contracts of pages against the requests of cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import TypeVar

from specgen.contract.reading import contract_of
from specgen.contract.routes import Route, Routes, placeholders_of, route_of
from specgen.contract.values import Contract, Endpoint, Field, Response
from specgen.coverage.exchanges import exchanges_of
from specgen.coverage.names import fitting
from specgen.coverage.statuses import code_states
from specgen.coverage.values import (
    Basis,
    Coverage,
    Entry,
    Exchange,
    PageCoverage,
    Sort,
    State,
    UsedRequest,
)
from specgen.plan.reading import PageStages
from specgen.plan.values import Case

__all__ = ["measure"]

Part = TypeVar("Part", Endpoint, Field, Response)
Exchanges = Sequence[Exchange]


def measure(pages: Sequence[PageStages], cases: Sequence[Case], basis: Basis) -> Coverage:
    """What cases make of what the prose of pages documents.

    A request counts for the endpoint that it goes to, whichever page has the one or the other.

    Args:
        pages: The pages, read in prose too.
        cases: Those of their cases that count.
        basis: Why it is these.
    """
    contracts = _contracts(pages)
    routes = Routes(endpoint for each in contracts for endpoint in each.endpoints)
    counted = _Sent.of(pages, cases, routes)
    everything = _Sent.of(pages, [case for page in pages for case in page.plan.cases], routes)
    measured = tuple(
        _page(page, contract, counted, everything)
        for page, contract in zip(pages, contracts, strict=True)
    )
    requests = [sent for sent in counted.all if not sent.in_setup]
    return Coverage(
        basis,
        tuple(page for page in measured if page.entries),
        sum(not page.entries for page in measured),
        len(requests),
        sum(not sent.verified for sent in requests),
        _undocumented(counted.by_route.get(None, ()), routes),
    )


def _page(page: PageStages, contract: Contract, counted: _Sent, everything: _Sent) -> PageCoverage:
    pairs = zip(
        _entries(contract, page, counted), _entries(contract, page, everything), strict=True
    )
    entries = tuple(_or_left_out(entry, with_all) for entry, with_all in pairs)
    return PageCoverage(page.plan.page, page.plan.title, entries)


def _or_left_out(entry: Entry, with_all: Entry) -> Entry:
    """An entry; if it is not covered, whether it would be if all cases counted."""
    if with_all.covered and not entry.covered:
        return replace(entry, state=State.LEFT_OUT, cases=with_all.cases)
    return entry


def _contracts(pages: Sequence[PageStages]) -> tuple[Contract, ...]:
    """What each page documents, without what it includes from another of the pages.

    That is counted where it stands. What stands in a file that is no page, or that documents
    nothing by itself, counts for every page that includes it.
    """
    read = [contract_of(page.document.page, page.document.outline) for page in pages]
    own = {
        (part.span.source.path, part.span.start)
        for page, contract in zip(pages, read, strict=True)
        for part in _parts(contract)
        if part.span.source.path == page.page.name
    }

    def kept(parts: Iterable[Part], page: str) -> tuple[Part, ...]:
        spans = ((part, part.span) for part in parts)
        return tuple(
            part
            for part, span in spans
            if span.source.path == page or (span.source.path, span.start) not in own
        )

    return tuple(
        Contract(
            endpoints=kept(contract.endpoints, page.page.name),
            path_parameters=kept(contract.path_parameters, page.page.name),
            query_parameters=kept(contract.query_parameters, page.page.name),
            request_body=kept(contract.request_body, page.page.name),
            response_body=kept(contract.response_body, page.page.name),
            responses=kept(contract.responses, page.page.name),
        )
        for page, contract in zip(pages, read, strict=True)
    )


def _parts(contract: Contract) -> Iterator[Endpoint | Field | Response]:
    yield from contract.endpoints
    yield from contract.path_parameters
    yield from contract.query_parameters
    yield from contract.request_body
    yield from contract.response_body
    yield from contract.responses


@dataclass(frozen=True, slots=True)
class _Sent:
    """All requests of some cases and of what prepares them.

    Attributes:
        by_page: Those of each page.
        by_route: Those that go to each route; to none at all, by None.
    """

    by_page: Mapping[str, Exchanges]
    by_route: Mapping[Route | None, Exchanges]

    @classmethod
    def of(cls, pages: Sequence[PageStages], cases: Iterable[Case], routes: Routes) -> _Sent:
        """The requests of those of the cases that are of these pages."""
        of_page: dict[str, list[Case]] = defaultdict(list)
        for case in cases:
            of_page[case.page].append(case)
        by_page = {
            page.plan.page: tuple(exchanges_of(page.plan, of_page[page.plan.page]))
            for page in pages
        }
        sent = tuple(chain.from_iterable(by_page.values()))
        goes_to = {key: routes.find(*key) for key in {(each.method, each.path) for each in sent}}
        by_route: dict[Route | None, list[Exchange]] = defaultdict(list)
        for each in sent:
            by_route[goes_to[each.method, each.path]].append(each)
        return cls(by_page, dict(by_route))

    @property
    def all(self) -> Iterator[Exchange]:
        """Those of all pages, in order."""
        return chain.from_iterable(self.by_page.values())


@dataclass(frozen=True, slots=True)
class _Traffic:
    """The requests that count for a page, and those of them that hold a name."""

    sent: tuple[Exchange, ...]
    query: Mapping[str, Exchanges]
    body: Mapping[str, Exchanges]
    fields: Mapping[str, Exchanges]

    @classmethod
    def of(cls, sent: Iterable[Exchange]) -> _Traffic:
        sent = tuple(sent)
        return cls(
            sent,
            _index(sent, lambda each: each.query),
            _index(sent, lambda each: each.body),
            _index(sent, lambda each: each.fields),
        )


def _index(
    sent: Exchanges, names: Callable[[Exchange], Iterable[str]]
) -> Mapping[str, list[Exchange]]:
    index: dict[str, list[Exchange]] = defaultdict(list)
    for each in sent:
        for name in names(each):
            index[name].append(each)
    return dict(index)


def _holding(name: str, index: Mapping[str, Exchanges]) -> Exchanges:
    found = fitting(name, index.keys())
    return index[found[0]] if len(found) == 1 else [each for key in found for each in index[key]]


def _entries(contract: Contract, page: PageStages, sent: _Sent) -> Iterator[Entry]:
    """The entries of one page; without an endpoint, the requests of its own cases count."""
    by_route = sent.by_route
    routes = dict.fromkeys(map(route_of, contract.endpoints))
    requested = [each for route in routes for each in by_route.get(route, ())]
    traffic = _Traffic.of(requested if routes else sent.by_page[page.plan.page])
    for endpoint in contract.endpoints:
        name = f"{endpoint.method} {endpoint.path}"
        to_it = by_route.get(route_of(endpoint), ())
        entry = _sent_entry(Sort.ENDPOINT, name, endpoint, to_it)
        counted = [each for each in to_it if not each.in_setup]
        unverified = sum(not each.verified for each in counted)
        yield replace(entry, requests=len(counted), unverified=unverified)
    for each in contract.path_parameters:
        yield _sent_entry(Sort.PATH, each.name, each, _in_path(each, contract, by_route, traffic))
    for each in contract.query_parameters:
        yield _sent_entry(Sort.QUERY, each.name, each, _holding(each.name, traffic.query))
    for each in contract.request_body:
        yield _sent_entry(Sort.BODY, each.name, each, _holding(each.name, traffic.body))
    for each in contract.response_body:
        yield _field_entry(each, _holding(each.name, traffic.fields), traffic.sent)
    yield from _code_entries(contract.responses, traffic.sent)


def _in_path(
    parameter: Field,
    contract: Contract,
    by_route: Mapping[Route | None, Exchanges],
    traffic: _Traffic,
) -> Exchanges:
    """The requests with a path parameter; one that is in no path may be sent in the query."""
    routes = dict.fromkeys(
        route_of(each) for each in contract.endpoints if parameter.name in placeholders_of(each)
    )
    if not routes:
        return _holding(parameter.name, traffic.query)
    return [sent for route in routes for sent in by_route.get(route, ())]


def _sent_entry(sort: Sort, name: str, part: Endpoint | Field, sent: Exchanges) -> Entry:
    """What is sent: it is touched by any request of a case, and at best by one that is verified."""
    counted = [each for each in sent if not each.in_setup]
    if any(each.verified for each in counted):
        return Entry(sort, name, part.span, State.CHECKED, _cases(counted))
    if counted:
        return Entry(sort, name, part.span, State.REQUESTED, _cases(counted))
    return Entry(sort, name, part.span, State.SETUP if sent else State.UNTOUCHED, _cases(sent))


def _field_entry(part: Field, shown: Exchanges, sent: Exchanges) -> Entry:
    """What comes: it is touched where a documented response holds it that is compared."""
    if compared := [each for each in shown if not each.in_setup]:
        return Entry(Sort.FIELD, part.name, part.span, State.CHECKED, _cases(compared))
    entry = _sent_entry(Sort.FIELD, part.name, part, sent)
    return replace(entry, state=State.REQUESTED) if entry.state is State.CHECKED else entry


def _code_entries(parts: Sequence[Response], sent: Exchanges) -> Iterator[Entry]:
    codes = [part.code for part in parts]
    found: dict[tuple[int | str, State], list[Exchange]] = defaultdict(list)
    for each in sent:
        for code, state in code_states(codes, each.statuses):
            found[code, State.SETUP if each.in_setup else state].append(each)
    for part in parts:
        states = (state for state in State if found.get((part.code, state)))
        state = next(states, State.UNTOUCHED)
        cases = _cases(found.get((part.code, state), ()))
        yield Entry(Sort.CODE, str(part.code), part.span, state, cases)


def _cases(sent: Exchanges) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.case for each in sent))


def _undocumented(sent: Exchanges, routes: Routes) -> tuple[UsedRequest, ...]:
    found: dict[tuple[str, str], list[Exchange]] = defaultdict(list)
    for each in sent:
        if not each.in_setup:
            found[each.path, each.method].append(each)
    return tuple(
        UsedRequest(method, path, each[0].span, _cases(each), routes.methods(path))
        for (path, method), each in sorted(found.items())
    )
