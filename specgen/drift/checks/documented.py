"""Holds the examples of a page against its own prose: what it uses, it documents."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from specgen.contract.endpoints import PLACEHOLDERS
from specgen.contract.examples import ANY, COMMON, Body, Example, Path
from specgen.contract.topics import Topic
from specgen.contract.values import Contract, Endpoint, Field
from specgen.drift.checks.shown import examples_of
from specgen.nearest import nearest
from specgen.plan.reading import PageStages
from specgen.problems import Problem, Severity

__all__ = ["undocumented"]

# Of more names nobody is told which was meant: to compare them all takes too long.
MOST_MEANT = 100
OF_PARAMETERS = frozenset({Topic.PATH_PARAMETERS, Topic.QUERY_PARAMETERS})


def undocumented(stages: PageStages) -> Iterator[Problem]:
    """Fields and parameters that examples use and the page does not list, and the reverse.

    Only where the page lists some: fields of the same object, parameters of the same request.
    The reverse is a required field that an example leaves out, and a list of codes that has
    none for an example that succeeds.
    """
    contracts = stages.contracts
    if not contracts:
        return
    examples = tuple(each for each in examples_of(stages) if not each.refused)
    for contract in contracts:
        mine = tuple(each for each in examples if _of(each, contract.endpoints))
        yield from _once(_queries(contract, mine))
        yield from _once(_bodies(contract, mine))
        yield from _codes(contract, mine)


def _once(problems: Iterator[Problem]) -> Iterator[Problem]:
    """The first of those that say the same."""
    told: dict[str, Problem] = {}
    for problem in problems:
        told.setdefault(problem.message, problem)
    yield from told.values()


def _of(example: Example, endpoints: Sequence[Endpoint]) -> bool:
    return any(
        each.method == example.method and _pattern(each.path).fullmatch(example.path.strip("/"))
        for each in endpoints
    )


@lru_cache(maxsize=4096)
def _pattern(path: str) -> re.Pattern[str]:
    pieces = (re.escape(piece) for piece in PLACEHOLDERS.split(path.strip("/"))[::2])
    return re.compile("[^/]+".join(pieces))


def _queries(contract: Contract, examples: Sequence[Example]) -> Iterator[Problem]:
    in_paths = {name for each in contract.endpoints for name in PLACEHOLDERS.findall(each.path)}
    listed = {field.name for field in (*contract.query_parameters, *contract.path_parameters)}
    if not listed - in_paths or contract.incomplete & OF_PARAMETERS:
        return
    for example in examples:
        for name, _ in example.query:
            if name not in listed | COMMON and "$" not in name:
                message = f"this example uses a query parameter `{name}`, which is not listed"
                hint = _meant(name, listed - in_paths)
                yield Problem.warning("undocumented-field", example.span, message, hint)


def _meant(name: str, listed: set[str]) -> str:
    close = nearest(name, sorted(listed)[:MOST_MEANT])
    return f"did you mean `{close}`?" if close else "list it, or take it out"


@dataclass(frozen=True, slots=True)
class _Listed:
    """The fields of a body that a page lists.

    Attributes:
        levels: Those below each field, and below none, by name.
        keyed: The fields whose keys are the caller's.
        whole: Whether nothing of the list is in a file that could not be read.
    """

    levels: Mapping[str, Mapping[str, Field]]
    keyed: frozenset[str]
    whole: bool


def _bodies(contract: Contract, examples: Sequence[Example]) -> Iterator[Problem]:
    fields = contract.request_body
    if not fields:
        return
    keyed = frozenset(field.name for field in fields if field.keyed)
    whole = Topic.REQUEST_BODY not in contract.incomplete
    listed = _Listed(_levels(fields), keyed, whole)
    for example in examples:
        if example.request is not None:
            yield from _fields(example.request, example.request.value, (), "", listed)


def _levels(fields: Sequence[Field]) -> Mapping[str, Mapping[str, Field]]:
    names = {field.name for field in fields}
    levels: dict[str, dict[str, Field]] = {}
    for field in fields:
        outer = field.name.rpartition(".")[0]
        while outer and outer not in names:
            outer = outer.rpartition(".")[0]
        name = field.name.removeprefix(f"{outer}.") if outer else field.name
        levels.setdefault(outer, {})[name] = field
    return levels


def _fields(body: Body, value: Any, path: Path, outer: str, listed: _Listed) -> Iterator[Problem]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _fields(body, item, (*path, index), outer, listed)
    elif isinstance(value, Mapping) and outer in listed.keyed:
        for key, inside in value.items():
            yield from _object(body, inside, (*path, key), outer, listed)
    else:
        yield from _object(body, value, path, outer, listed)


def _object(body: Body, value: Any, path: Path, outer: str, listed: _Listed) -> Iterator[Problem]:
    known = listed.levels.get(outer)
    if not isinstance(value, Mapping) or known is None:
        return
    anybodys = not listed.whole or any(name.startswith(("<", "{")) for name in known)
    for key, inside in value.items():
        if not (key in known or anybodys or inside is ANY or "." in key):
            message = f"this example sends a field `{_dotted(outer, key)}`, which is not listed"
            hint = _meant(key, set(known))
            yield Problem.warning("undocumented-field", body.place((*path, key)), message, hint)
        name = known[key].name if key in known else _dotted(outer, key)
        yield from _fields(body, inside, (*path, key), name, listed)
    for name, field in known.items():
        if field.required and name not in value and not _stands_for_all(value):
            message = f"this example leaves out `{field.name}`, which is said to be required"
            hint = "send it, or say that it is optional"
            yield Problem.warning("undocumented-field", body.place(path), message, hint)


def _dotted(outer: str, name: str) -> str:
    return f"{outer}.{name}" if outer else name


def _stands_for_all(value: Mapping[str, Any]) -> bool:
    """Whether keys were made, so that nobody knows what is there."""
    return any(inside is ANY for inside in value.values())


def _codes(contract: Contract, examples: Sequence[Example]) -> Iterator[Problem]:
    codes = [str(each.code) for each in contract.responses]
    if not examples or not codes or Topic.RESPONSE_CODES in contract.incomplete:
        return
    if not any(code.startswith("2") for code in codes):
        message = "examples of this page succeed, and no code of success is listed"
        hint = "list it too, mostly 200"
        span = contract.responses[0].span
        yield Problem("no-success", Severity.NOTE, span, message, hint)
