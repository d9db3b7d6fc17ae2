"""Cases that the prose of a page promises and no example shows (`--derive`).

Each comes from lines of the page: a documented code, and a documented request that it is about.
Where the page does not say what brings the code, none is made.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from textwrap import wrap

from specgen.contract.routes import Route, Routes, placeholders_of, route_of
from specgen.contract.topics import Topic
from specgen.contract.values import Contract, Endpoint, Response
from specgen.dialect.values import Request
from specgen.plan.names import free, identifier
from specgen.plan.values import Case, MatchStep, NoteStep, PagePlan, RequestStep, Step
from specgen.source import MappedText, Span

__all__ = ["with_derived"]

# The beginning of an id that cannot exist. It is a valid name of an index as well, so that
# nothing but its absence shows.
NOBODY = "specgen-no-such"
CODE = re.compile(r"`<?([\w-]+)>?`")
# What pages say of a 404 that comes for want of what the path names.
ABSENT = re.compile(r"\bmissing\b|\bnot? (be )?(found|exists?)\b|\bno\b.*\bfound\b|\bthere is no\b"
                    r"|\bdoes not exist\b", re.IGNORECASE)  # fmt: skip
# The same where the code itself does not say so; the text must name the part of the path, too.
PLAINLY_ABSENT = re.compile(r"\bnot (be )?found\b|\bno\b.*\bfound\b|\bdoes not exist\b"
                            r"|\bthere is no\b", re.IGNORECASE)  # fmt: skip
# Codes of which the text alone tells what brings them; those of access say nothing of a request.
BY_TEXT = frozenset(range(400, 500)) - {401, 403, 429}
# What they say of a 400 that comes for want of a body that can be read, or that is whole.
UNREADABLE = re.compile(r"\bmalformed\b|\b(in|not )valid json\b"
                        r"|\b(body|payload|request|json)\b[^.]*\bcannot be"
                        r" (parsed|read|understood)\b",
                        re.IGNORECASE)  # fmt: skip
LACKING = re.compile(r"\b(missing|required|lacks|without|absent)\b", re.IGNORECASE)
WIDTH = 88
# How much of a description is looked at.
LONGEST = 500


@dataclass(frozen=True, slots=True)
class _Example:
    """A request that a page shows, and what its case sends before."""

    case: Case
    before: tuple[Step, ...]
    step: RequestStep


_Examples = Mapping[Route, _Example]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A case before it has its name.

    Attributes:
        name: What it is about.
        code: The documented code.
        request: What is sent.
        example: What it was made from; None if from the path alone.
        prepared: Whether what the example's case sends before is sent here too.
        verbatim: Whether its body is no JSON.
    """

    name: str
    code: Response
    request: Request
    example: _Example | None
    prepared: bool
    verbatim: bool = False


def with_derived(plan: PagePlan, contracts: Iterable[Contract]) -> PagePlan:
    """The plan of a page, with the cases that its prose promises behind those that it shows.

    The documented requests among its examples are held to the documented codes, too.

    Args:
        plan: The plan of the page.
        contracts: What the prose promises, one for each API of the page.
    """
    contracts = tuple(contracts)
    routes = Routes(chain.from_iterable(each.endpoints for each in contracts))
    codes = dict(chain.from_iterable(map(_codes_by_route, contracts)))
    plan = replace(plan, cases=tuple(_held_to_codes(case, codes, routes) for case in plan.cases))
    if plan.cases and all(case.blocked for case in plan.cases):
        return plan  # the setup of the page cannot be read
    examples = dict(_examples([case for case in plan.cases if not case.skip], routes))
    shown = dict(_examples(plan.cases, routes)) | examples
    taken = {case.slug: 1 for case in plan.cases}
    wanted = (each for contract in contracts for each in _wanted(contract, examples, shown, plan))
    derived = tuple(_case(plan, each, free(each.name, taken)) for each in wanted)
    others = dict.fromkeys((*plan.included, *(case.span.source for case in derived)))
    others.pop(plan.source, None)
    return replace(plan, cases=(*plan.cases, *derived), included=tuple(others))


def _codes_by_route(contract: Contract) -> Iterator[tuple[Route, tuple[str, ...]]]:
    """The codes that each endpoint may answer with; none where the page tells only of errors."""
    codes = tuple(dict.fromkeys(str(each.code) for each in contract.responses))
    if Topic.RESPONSE_CODES not in contract.incomplete and any(c.startswith("2") for c in codes):
        for endpoint in contract.endpoints:
            yield route_of(endpoint), codes


def _held_to_codes(case: Case, codes: dict[Route, tuple[str, ...]], routes: Routes) -> Case:
    """A case with the documented codes at those of its requests that have some."""

    def held(step: Step) -> Step:
        if not isinstance(step, RequestStep):
            return step
        route = routes.find(step.request.method, step.request.path)
        return replace(step, codes=codes.get(route, ())) if route else step

    return replace(case, steps=tuple(map(held, case.steps)))


def _examples(cases: Sequence[Case], routes: Routes) -> Iterator[tuple[Route, _Example]]:
    """The first request to each route that succeeds."""
    seen: set[Route] = set()
    for case in cases:
        for index, step in enumerate(() if case.blocked else case.steps):
            if not isinstance(step, RequestStep) or step.catch:
                continue
            route = routes.find(step.request.method, step.request.path)
            if route is not None and route not in seen:
                seen.add(route)
                yield route, _Example(case, case.steps[:index], step)


def _wanted(
    contract: Contract, examples: _Examples, shown: _Examples, plan: PagePlan
) -> Iterator[_Wanted]:
    """What is derived from a contract.

    Args:
        contract: What the prose promises.
        examples: The requests that are sent.
        shown: These, and those of skipped cases.
        plan: The plan of the page.
    """
    for code in contract.responses:
        for route, endpoint in {route_of(each): each for each in contract.endpoints}.items():
            # What another file says of an API of its own is derived where that is read itself.
            if code.code not in BY_TEXT or code.span.source == endpoint.span.source != plan.source:
                continue
            if endpoint.method != "HEAD":
                alone = len(placeholders_of(endpoint)) == 1
                example = shown.get(route) if alone else examples.get(route)
                yield from _missing(contract, endpoint, code, example)
            if route in examples:
                yield from _malformed(contract, code, examples[route])


def _missing(
    contract: Contract, endpoint: Endpoint, code: Response, example: _Example | None
) -> Iterator[_Wanted]:
    """A request for something that cannot exist."""
    name = _absent(contract, endpoint, code)
    at = _segments(endpoint.path).index(f"{{{name}}}") if name else -1
    if at < 0:
        return
    alone = len(placeholders_of(endpoint)) == 1
    parts = _segments(example.step.request.path if example else endpoint.path)
    if example is None and not (alone and _needs_no_body(contract, endpoint)):
        return
    parts[at] = f"{NOBODY}-{identifier(name).replace('_', '-')}"
    request = _request(code, endpoint.method, "/".join(parts), example, _body_of(example))
    slug = f"status_{code.code}_no_such_{identifier(name)}"
    yield _Wanted(slug, code, request, example, prepared=not alone)


def _absent(contract: Contract, endpoint: Endpoint, code: Response) -> str:
    """Which part of the path a 404 is about; empty if the page leaves that open."""
    whole = [part[1:-1] for part in _segments(endpoint.path) if re.fullmatch(r"\{[^{}]+\}", part)]
    text = _text(code)
    told = [name for name in CODE.findall(text) if name in whole]
    if code.code != 404 and not PLAINLY_ABSENT.search(text):
        return ""
    if code.code == 404 and not told and ABSENT.search(text):
        told = whole
    types = {field.name: field.type or "" for field in contract.path_parameters}
    if len(dict.fromkeys(told)) != 1 or re.search(r"integer|number|long", types.get(told[0], "")):
        return ""
    return str(told[0])


def _text(code: Response) -> str:
    """The beginning of what the page says of a code: patterns look for words in any order."""
    return code.description[:LONGEST]


def _needs_no_body(contract: Contract, endpoint: Endpoint) -> bool:
    return endpoint.method in {"GET", "DELETE"} or Topic.REQUEST_BODY not in contract.sections


def _malformed(contract: Contract, code: Response, example: _Example) -> Iterator[_Wanted]:
    """A body that cannot be read, and one for each required field that lacks it."""
    body = _body_of(example)
    value = _object(body)
    if body is None or value is None:
        return
    method, path = example.step.request.method, example.step.request.path
    told = _text(code)
    unreadable = UNREADABLE.search(told) is not None
    if unreadable:
        cut = MappedText.made(body.text.rstrip()[:-1], code.span)
        request = _request(code, method, path, example, cut)
        slug = f"status_{code.code}_malformed_body"
        yield _Wanted(slug, code, request, example, prepared=True, verbatim=True)
    for field in contract.request_body:
        about = unreadable or (LACKING.search(told) and field.name in CODE.findall(told))
        if field.required and about and field.name in value:
            rest = {key: each for key, each in value.items() if key != field.name}
            made = MappedText.made(json.dumps(rest, indent=2, ensure_ascii=False), code.span)
            request = _request(code, method, path, example, made)
            slug = f"status_{code.code}_without_{identifier(field.name)}"
            yield _Wanted(slug, code, request, example, prepared=True)


def _body_of(example: _Example | None) -> MappedText | None:
    return example.step.request.body if example else None


def _object(body: MappedText | None) -> dict[str, object] | None:
    """A body as JSON; None if it is something else, or holds what only a run can tell."""
    if body is None or "$" in body.text:
        return None
    try:
        value = json.loads(body.text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _segments(path: str) -> list[str]:
    return [part for part in path.split("/") if part]


def _request(
    code: Response, method: str, path: str, example: _Example | None, body: MappedText | None
) -> Request:
    query = example.step.request.query if example else ()
    made = MappedText.made(f"{method} {path}", code.span)
    text = MappedText.join((made, body)) if body else made
    return Request(method, path, query, body, text, code.span)


def _case(plan: PagePlan, wanted: _Wanted, slug: str) -> Case:
    code, example = wanted.code, wanted.example
    status, verbatim = int(code.code), wanted.verbatim
    step = RequestStep(wanted.request, "", (), True, code.span, status=status, verbatim=verbatim)
    before = example.before if example and wanted.prepared else ()
    kept = (each for each in before if not isinstance(each, MatchStep | NoteStep))
    in_page = code.span if code.span.source == plan.source else Span(plan.source, 0, 0)
    return Case(
        id=f"{plan.page}::{slug}",
        slug=slug,
        name=slug,
        page=plan.page,
        steps=(*kept, *_notes(code), step),
        skip="",
        blocked="",
        span=code.span,
        last=code.span,
        in_page=in_page,
        requires=example.case.requires if example else _common_requirements(plan),
        derived=(code.span, *((example.step.span,) if example else ())),
    )


def _notes(code: Response) -> Iterator[NoteStep]:
    colon = "" if code.description.startswith("(") else ":"
    for line in wrap(f"The page documents {code.code}{colon} {_text(code)}", WIDTH):
        yield NoteStep(line, code.span)


def _common_requirements(plan: PagePlan) -> tuple[str, ...]:
    """What all cases of the page require, and so the page does."""
    first = plan.cases[0].requires if plan.cases else ()
    return tuple(each for each in first if all(each in case.requires for case in plan.cases))
