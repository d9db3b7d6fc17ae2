"""The values of the contract room: what the prose of a page promises."""

from __future__ import annotations

from dataclasses import dataclass

from specgen.contract.topics import Topic
from specgen.source import Span

__all__ = ["Contract", "Endpoint", "Field", "Response"]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A request that the page documents.

    Attributes:
        method: In capitals, such as `PUT`.
        path: With a leading slash, without a trailing one or a query, `{name}` for each
            part that the caller chooses.
        span: The request as it stands in the page.
        by_example: Whether the page has no Request section, and shows it in examples alone.
    """

    method: str
    path: str
    span: Span
    by_example: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a field of a body.

    Attributes:
        name: As a request spells it; with dots for a field inside another.
        required: `None` where the page does not say.
        type: The page's own words, or `None`.
        span: The label that documents it.
        default: What holds where it is left out, as the page writes it, or `None`.
        deprecated: Whether the page says so.
        keyed: Whether it is a map: its keys are the caller's, and the fields inside it are those
            of each value.
    """

    name: str
    required: bool | None
    type: str | None
    span: Span
    default: str | None = None
    deprecated: bool = False
    keyed: bool = False


@dataclass(frozen=True, slots=True)
class Response:
    """A status code and when the page says it comes.

    Attributes:
        code: A number, or the page's words where they are none (`4xx`).
        description: What the page says, on one line, markup as it is written.
        span: The label that documents it.
    """

    code: int | str
    description: str
    span: Span


@dataclass(frozen=True, slots=True)
class Contract:
    """All that a page promises, each part in page order.

    Attributes:
        endpoints: The requests.
        path_parameters: What is listed as such.
        query_parameters: What is listed as such.
        request_body: The fields of what is sent.
        response_body: The fields of what comes back.
        responses: The status codes.
        sections: What has a section of its own, whatever stands in it.
        incomplete: What has a section that lacks a file which it includes, or a part of one.
    """

    endpoints: tuple[Endpoint, ...] = ()
    path_parameters: tuple[Field, ...] = ()
    query_parameters: tuple[Field, ...] = ()
    request_body: tuple[Field, ...] = ()
    response_body: tuple[Field, ...] = ()
    responses: tuple[Response, ...] = ()
    sections: frozenset[Topic] = frozenset()
    incomplete: frozenset[Topic] = frozenset()
