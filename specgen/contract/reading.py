"""Reads what a page promises, from its prose alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from specgen.asciidoc.lists import ListItem, lists_of
from specgen.asciidoc.page import Outline, Page
from specgen.contract.codes import responses_of
from specgen.contract.endpoints import endpoints_of
from specgen.contract.fields import fields_of, parameters_of
from specgen.contract.topics import Topic, parts_of
from specgen.contract.values import Contract

__all__ = ["contract_of"]

Entry = TypeVar("Entry")


def contract_of(page: Page, outline: Outline) -> Contract:
    """What a page promises: requests, parameters, fields of bodies and response codes.

    Only sections with a standard title promise something, and each entry stays where the
    page puts it: what stands under "Path parameters" is a path parameter, even if no path
    has it. A page without such sections has an empty contract.
    """
    parts = parts_of(page, outline)
    requests = [line for part in parts if part.topic is Topic.REQUEST for line in part.lines]

    def entries(
        topic: Topic, read: Callable[[tuple[ListItem, ...]], tuple[Entry, ...]]
    ) -> tuple[Entry, ...]:
        lists = (lists_of(part.lines) for part in parts if part.topic is topic)
        return tuple(entry for items in lists for entry in read(items))

    return Contract(
        endpoints=endpoints_of(requests, outline.listings),
        path_parameters=entries(Topic.PATH_PARAMETERS, parameters_of),
        query_parameters=entries(Topic.QUERY_PARAMETERS, parameters_of),
        request_body=entries(Topic.REQUEST_BODY, fields_of),
        response_body=entries(Topic.RESPONSE_BODY, fields_of),
        responses=entries(Topic.RESPONSE_CODES, responses_of),
    )
