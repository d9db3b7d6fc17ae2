"""Reads what a page promises, from its prose alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import TypeVar

from specgen.asciidoc.lists import ListItem, lists_of
from specgen.asciidoc.page import Outline, Page
from specgen.contract.by_example import endpoints_by_example
from specgen.contract.codes import responses_of
from specgen.contract.endpoints import endpoints_of
from specgen.contract.fields import fields_of, parameters_of
from specgen.contract.topics import STANDARD, Part, Titles, Topic, parts_of
from specgen.contract.values import Contract
from specgen.source import Line

__all__ = ["contract_of", "contracts_of"]

Entry = TypeVar("Entry")


def contract_of(page: Page, outline: Outline, titles: Titles = STANDARD) -> Contract:
    """What a page promises: requests, parameters, fields of bodies and response codes.

    Only sections with a standard title promise something, and each entry stays where the
    page puts it: what stands under "Path parameters" is a path parameter, even if no path
    has it. A page without such sections has an empty contract, unless it presents an API by
    examples (`endpoints_by_example`).

    Args:
        page: Its lines, with what it includes.
        outline: Its titles and listings.
        titles: Which titles are known.
    """
    return _contract(parts_of(page, outline, titles), page, outline)


def contracts_of(page: Page, outline: Outline, titles: Titles = STANDARD) -> tuple[Contract, ...]:
    """The same, one for each API of a page that has several, as one that includes others has.

    What has no endpoint is left out: nobody knows what it promises for.
    """
    parts = sorted(parts_of(page, outline, titles), key=lambda part: part.api)
    groups = (tuple(group) for _, group in groupby(parts, key=lambda part: part.api))
    found = tuple(_contract(group, page, outline, alone=True) for group in groups)
    found = tuple(each for each in found if each.endpoints)
    if found:
        return found
    whole = contract_of(page, outline, titles)
    return (whole,) if whole.endpoints else ()


def _contract(
    parts: Sequence[Part], page: Page, outline: Outline, *, alone: bool = False
) -> Contract:
    requests = [line for part in parts if part.topic is Topic.REQUEST for line in part.lines]

    def entries(
        topic: Topic, read: Callable[[tuple[ListItem, ...]], tuple[Entry, ...]]
    ) -> tuple[Entry, ...]:
        lists = (lists_of(part.lines) for part in parts if part.topic is topic)
        return tuple(entry for items in lists for entry in read(items))

    endpoints = endpoints_of(requests, outline.listings)
    if not endpoints and not alone:
        endpoints = endpoints_by_example(page, outline)
    return Contract(
        endpoints=endpoints,
        path_parameters=entries(Topic.PATH_PARAMETERS, parameters_of),
        query_parameters=entries(Topic.QUERY_PARAMETERS, parameters_of),
        request_body=entries(Topic.REQUEST_BODY, fields_of),
        response_body=entries(Topic.RESPONSE_BODY, fields_of),
        responses=entries(Topic.RESPONSE_CODES, responses_of),
        sections=frozenset(part.topic for part in parts) - {Topic.OTHER},
        incomplete=frozenset(part.topic for part in parts if any(map(_unread, part.lines))),
    )


def _unread(line: Line) -> bool:
    """Whether an `include::` stands here that could not be followed."""
    return "include::" in line.span.text and not line.span.text.lstrip().startswith("//")
