"""Reads YAML REST steps, of a named setup or between `startyaml` and `endyaml`, as our steps.

`do` with `raw` or an API name becomes a request; `match`, `is_true`, `is_false`, `length`,
`set` and `compare_analyzers` become checks on the answer before. Source of the form: the YAML
REST tests of the reference.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import yaml

from specgen.dialect.values import Request
from specgen.plan.rest_api import API_NAMES, find_call
from specgen.plan.values import CheckStep, RequestStep
from specgen.problems import Problem
from specgen.source import MappedText, Span

__all__ = ["read_yaml_steps"]

YamlRestStep = RequestStep | CheckStep

CHECKS = frozenset({"match", "is_true", "is_false", "length", "set"})
# What stands beside the name of an API in a `do`.
BESIDE = frozenset({"catch", "warnings", "allowed_warnings", "headers", "node_selector"})
# How many characters steps may come to with every alias written out, and how many a value counts
# for besides its text.
MOST_CHARACTERS = 10_000_000
OF_A_VALUE = 100
# Arguments that are for the reference's client and are never sent.
CLIENT = frozenset({"ignore"})


class _Unreadable(ValueError):
    """A step that has another form than expected."""


def read_yaml_steps(text: str, span: Span) -> tuple[tuple[YamlRestStep, ...], tuple[Problem, ...]]:
    """Reads steps; what cannot be read is a problem, and none of the steps is run then.

    Args:
        text: A YAML list of steps.
        span: The place that stands for all of them.
    """
    try:
        steps = [step for item in _document(text) for step in _steps(item, span)]
    except (yaml.YAMLError, _Unreadable, RecursionError) as trouble:
        reason = " ".join(str(trouble).split())
        return (), (Problem.error("bad-yaml", span, f"YAML steps cannot be read: {reason}"),)
    return tuple(steps), ()


# The loader written in C reads the same and is ten times faster; not every platform has it.
class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads plain words as the reference does: dates and times stay text."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith("timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@lru_cache(maxsize=256)
def _document(text: str) -> list[object]:
    """The list that a text holds; a setup is read once, however many cases ask for it."""
    try:
        document = yaml.load(text, Loader=_Loader)
    except (yaml.YAMLError, RecursionError):
        raise
    except Exception as trouble:  # what an explicit tag such as `!!bool x` raises is not told
        raise _Unreadable(f"a value is not what its tag says: {trouble}") from trouble
    if not isinstance(document, list):
        raise _Unreadable("expected a list of steps")
    _check_values(document)
    return document


def _check_values(document: object) -> None:
    """Refuses what JSON has not, and aliases that hold themselves or grow without end."""
    waiting, size = [document], 0
    while waiting:
        value = waiting.pop()
        size += OF_A_VALUE + (len(value) if isinstance(value, str) else 0)
        if size > MOST_CHARACTERS:
            raise _Unreadable("a value holds itself, or more than any page needs")
        if isinstance(value, dict):
            waiting += (*value, *value.values())
        elif isinstance(value, list):
            waiting += value
        elif value is not None and not isinstance(value, str | int | float):
            raise _Unreadable(f"JSON has no value like {_short(value)}")


def _steps(item: object, span: Span) -> Iterator[YamlRestStep]:
    if not isinstance(item, dict) or len(item) != 1:
        raise _Unreadable(f"expected a step with one key, found {_short(item)}")
    ((kind, value),) = item.items()
    if kind == "do":
        yield _request(value, span)
    elif kind in CHECKS:
        yield from _checks(kind, value, span)
    elif kind == "compare_analyzers":
        names = _named(value, ("index", "first", "second"))
        if len(names) != 3 or not all(isinstance(name, str) for name in names):
            raise _Unreadable("compare_analyzers needs index, first and second")
        yield CheckStep(kind, "", json.dumps(names), span)
    elif kind == "skip":
        return  # what a runner must be able to do: ours can
    else:
        raise _Unreadable(f"there is no step {kind!r}")


def _named(value: object, keys: Sequence[str]) -> list[object]:
    return [value.get(key) for key in keys] if isinstance(value, dict) else []


def _checks(kind: str, value: object, span: Span) -> Iterator[YamlRestStep]:
    if kind in {"is_true", "is_false"}:
        yield CheckStep(kind, str(value), "", span)
        return
    if not isinstance(value, dict):
        raise _Unreadable(f"{kind} needs a field and a value, found {_short(value)}")
    for name, expected in value.items():
        if kind == "length" and not _counts(expected):
            raise _Unreadable(f"a length is a number, found {_short(expected)}")
        text = str(expected) if kind == "set" else json.dumps(expected, ensure_ascii=False)
        yield CheckStep(kind, str(name), text, span)


def _counts(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _request(value: object, span: Span) -> RequestStep:
    if not isinstance(value, dict):
        raise _Unreadable(f"`do` needs the name of an API, found {_short(value)}")
    names = [name for name in value if name not in BESIDE]
    if len(names) != 1:
        raise _Unreadable(f"`do` needs one API, found {', '.join(map(str, names)) or 'none'}")
    name, arguments = names[0], value[names[0]] or {}
    if not isinstance(arguments, dict):
        raise _Unreadable(f"the arguments of {name} are no object")
    body = _body(arguments.get("body"))
    texts = {str(k): _text(v) for k, v in arguments.items() if k != "body" and k not in CLIENT}
    method, path, query = _target(str(name), texts)
    place = MappedText.made(body, span) if body is not None else None
    request = Request(method, path, query, place, MappedText.made(path, span), span)
    warnings = value.get("warnings") or ()
    if not isinstance(warnings, list | tuple):
        raise _Unreadable("`warnings` is no list")
    return RequestStep(
        request, _text(value.get("catch") or ""), tuple(map(str, warnings)), False, span
    )


def _target(
    name: str, arguments: Mapping[str, str]
) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    if name == "raw":
        if not {"method", "path"} <= arguments.keys():
            raise _Unreadable("`raw` needs method and path")
        method = arguments["method"].upper()
        if not (method.isascii() and method.isalpha()):
            raise _Unreadable(f"a method is a word of letters, found {_short(method)}")
        rest = tuple((k, v) for k, v in arguments.items() if k not in {"method", "path"})
        return method, arguments["path"].removeprefix("/"), rest
    if name not in API_NAMES:
        raise _Unreadable(f"the API {name!r} is not known; use `raw` with method and path")
    call = find_call(name, arguments)
    if call is None:
        raise _Unreadable(f"{name} lacks a part of its path, found {', '.join(arguments)}")
    return call.method, call.path, call.query


def _body(value: object) -> str | None:
    """A body as it is sent: a text as it stands, an object as JSON, a list as lines of it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list):
        return "\n".join(v if isinstance(v, str) else _json(v) for v in value)
    return _json(value, 2)


def _json(value: object, indent: int | None = None) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, indent=indent)
    except TypeError as trouble:
        raise _Unreadable(f"a body holds what JSON cannot: {trouble}") from trouble


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ",".join(map(_text, value))
    return str(value)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
