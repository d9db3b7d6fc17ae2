"""Reads an OpenAPI document: 3.0 or 3.1, JSON or YAML."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from referencing import Registry, Resource, Specification
from referencing.exceptions import NoSuchResource

from specgen.contract.openapi.document import OpenApi
from specgen.contract.openapi.node import FOLDER, Node, Value
from specgen.contract.openapi.skeleton import SKELETON
from specgen.errors import UsageProblem
from specgen.pointers import token_of
from specgen.source import Source

__all__ = ["read_openapi"]

# Elasticsearch's document has a quarter of a million.
MOST_VALUES = 10_000_000

VERSION = re.compile(r"3\.(?P<minor>[01])(?:\.\d+)?\b.*")


def read_openapi(path: Path, name: str) -> OpenApi:
    """Reads a document once. Files that it refers to are read from its folder, if needed.

    Args:
        path: The file.
        name: What it is called relative to the docs root.

    Raises:
        UsageProblem: It cannot be read, is none, or is of another version. The message has the
            place if there is one.
    """
    try:
        source = Source.of(name, path.read_bytes())
    except OSError as trouble:
        raise UsageProblem(f"{path} cannot be read: {trouble.strerror}") from trouble
    value = _parsed(source.text, str(path))
    version = value.get("openapi") if isinstance(value, Mapping) else None
    found = VERSION.fullmatch(version) if isinstance(version, str) else None
    if not found:
        shown = f"version {version!r}" if version else "no `openapi: 3.…`"
        raise UsageProblem(f"{path}: this is no OpenAPI document of 3.0 or 3.1: it has {shown}")
    main = FOLDER + quote(path.name)
    registry: Registry[Value] = Registry(retrieve=_reader(path))  # type: ignore[call-arg]
    registry = registry.with_resource(main, _resource(value))
    document = OpenApi(source, Node(value, main, registry, main), int(found["minor"]))
    _check(document, str(path))
    return document


def _check(document: OpenApi, path: str) -> None:
    """Holds the document against what is read of it; schemas are looked at when they are used."""
    trouble = best_match(Draft202012Validator(SKELETON).iter_errors(document.root.value))
    if trouble is not None:
        pointer = "".join(f"/{token_of(str(key))}" for key in trouble.absolute_path)
        place = document.place(f"#{pointer}").place
        message = f"{path}:{place.line}:{place.column}: the OpenAPI document is malformed"
        raise UsageProblem(f"{message} at #{pointer}: {_short(trouble.message)}")


def _short(text: str) -> str:
    return text if len(text) <= 200 else f"…{text[-199:]}"


def _resource(value: Value) -> Resource[Value]:
    return Specification.OPAQUE.create_resource(value)


def _nothing_at(uri: str) -> NoSuchResource:
    return NoSuchResource(ref=uri)  # type: ignore[call-arg]


def _reader(document: Path) -> Any:
    """What reads the files that a document refers to: those of its folder, and nothing else."""
    folder = document.resolve().parent

    @cache
    def read(uri: str) -> Resource[Value]:
        if not uri.startswith(FOLDER):
            raise _nothing_at(uri)
        file = (folder / unquote(uri.removeprefix(FOLDER))).resolve()
        if not file.is_relative_to(folder) or not file.is_file():
            raise _nothing_at(uri)
        try:
            text = file.read_text(encoding="utf-8", errors="replace")
        except OSError as trouble:
            raise _nothing_at(uri) from trouble
        return _resource(_parsed(text, str(file)))

    return read


class _Loader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]
    """YAML as JSON has it: a date is a text."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in pairs if tag != "tag:yaml.org,2002:timestamp"]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _parsed(text: str, path: str) -> Value:
    try:
        if text.lstrip().startswith("{"):
            try:
                return json.loads(text)
            except json.JSONDecodeError as trouble:
                if path.endswith(".json"):
                    place = f"{path}:{trouble.lineno}:{trouble.colno}"
                    raise UsageProblem(f"{place}: this is no JSON: {trouble.msg}") from trouble
        return _with_text_keys(yaml.load(text, Loader=_Loader))
    except yaml.MarkedYAMLError as trouble:
        mark = trouble.problem_mark
        place = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else path
        raise UsageProblem(f"{place}: this is no YAML: {trouble.problem}") from trouble
    except (yaml.YAMLError, RecursionError, ValueError) as trouble:
        raise UsageProblem(f"{path}: this cannot be read: {_short(str(trouble))}") from trouble


def _with_text_keys(value: Value) -> Value:
    """The value with every key a text, as the codes of responses are in JSON.

    Raises:
        RecursionError: It holds itself, by an alias of YAML.
        ValueError: Its aliases, written out, are more than any document has.
    """
    made: dict[int, tuple[Value, int]] = {}

    def copy(each: Value) -> tuple[Value, int]:
        if not isinstance(each, (dict, list)):
            return each, 1
        if id(each) not in made:
            inside = [copy(item) for item in (each.values() if isinstance(each, dict) else each)]
            size = 1 + sum(count for _, count in inside)
            if size > MOST_VALUES:
                raise ValueError("its aliases stand for too many values")
            values = [item for item, _ in inside]
            whole = isinstance(each, list)
            made[id(each)] = (
                (values, size) if whole else (dict(zip(map(_key, each), values, strict=True)), size)
            )
        return made[id(each)]

    return copy(value)[0]


def _key(key: Value) -> str:
    return key if isinstance(key, str) else json.dumps(key)
