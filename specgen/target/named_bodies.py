"""What the bodies of requests that write name: indices, aliases, patterns, pipelines.

A reader is given the bytes and the names of the path, and tells the names of the body besides.
What it cannot read, or what could write elsewhere by the way, is not known to keep to anything.
Source of the forms: the request bodies of Elasticsearch 6 to 8.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

__all__ = ["READERS", "Named", "Reader", "unknown"]


@dataclass(frozen=True, slots=True)
class Named:
    """What a request names.

    Attributes:
        names: Of things that are there or are made; a wildcard is one of them.
        patterns: Of what may come into being later on, as in an index template.
        why: Why it is not known what it may change; empty if that is known.
    """

    names: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    why: str = ""


Reader = Callable[[bytes | None, Sequence[str]], Named]

# Settings of an index whose values name something: where documents or new indices go.
_NAMING_SETTINGS = (
    *("default_pipeline", "final_pipeline", "lifecycle.name", "lifecycle.rollover_alias"),
    *("rollover_alias", "resize.source.name"),
)
# Processors that change fields which the pipeline itself names, and do nothing else. All others
# (scripts, `reroute`, `dissect`, `kv`, `json`, …) can give a document another index.
_TAME = frozenset(
    {
        *("append", "bytes", "convert", "csv", "date", "drop", "fail", "fingerprint"),
        *("grok", "gsub", "html_strip", "join", "lowercase", "pipeline", "remove", "rename"),
        *("set", "sort", "split", "trim", "uppercase", "uri_parts", "urldecode", "user_agent"),
    }
)


class _Unreadable(ValueError):
    """A body that says nothing that could be relied on."""


def unknown(why: str) -> Named:
    """What a request names of which nothing is known."""
    return Named(why=why)


def _nothing(body: bytes | None, path: Sequence[str]) -> Named:
    return Named()


def _index(body: bytes | None, path: Sequence[str]) -> Named:
    return Named(tuple(_of_index(_object(body))))


def _settings(body: bytes | None, path: Sequence[str]) -> Named:
    return Named(tuple(_of_settings(_object(body))))


def _alias(body: bytes | None, path: Sequence[str]) -> Named:
    # The body may name another index and alias than the path does, and wins.
    return Named(tuple(_texts(_object(body), "index", "indices", "alias", "aliases")))


def _aliases(body: bytes | None, path: Sequence[str]) -> Named:
    names: list[str] = []
    for action in _list(_object(body).get("actions")):
        if not isinstance(action, dict) or len(action) != 1:
            raise _Unreadable
        (what,) = action.values()
        found = [*_texts(_dict(what), "index", "indices", "alias", "aliases")]
        if not found:
            raise _Unreadable
        names += found
    return Named(tuple(names))


def _template(body: bytes | None, path: Sequence[str]) -> Named:
    document = _object(body)
    inner = document.get("template")
    names = [*_of_index(document), *_texts(document, "composed_of")]
    patterns = [*_texts(document, "index_patterns")]
    if isinstance(inner, str | list):  # its pattern, before 6.0
        patterns += _texts(document, "template")
    elif inner is not None:
        names += _of_index(_dict(inner))
    return Named(tuple(names), tuple(patterns))


def _bulk(body: bytes | None, path: Sequence[str]) -> Named:
    lines = (body or b"").removesuffix(b"\n").split(b"\n")
    names: list[str] = []
    rest = iter(lines)
    for line in rest:
        action = _object(line, empty=False)
        if len(action) != 1 or not action.keys() <= {"index", "create", "update", "delete"}:
            raise _Unreadable
        ((kind, told),) = action.items()
        found = [*_texts(_dict(told), "_index", "index")]
        names += found or path or [""]
        names += _texts(_dict(told), "pipeline")
        if kind != "delete":
            _object(next(rest, b""), empty=False)
    return Named(tuple(names))


def _reindex(body: bytes | None, path: Sequence[str]) -> Named:
    document = _object(body)
    if "script" in document:
        return unknown("the script of a _reindex can write to any index")
    if "remote" in _dict(document.get("source", {})):
        return unknown("a _reindex from elsewhere has the cluster ask another host")
    target = _dict(document.get("dest"))
    return Named((*(_texts(target, "index") or ("",)), *_texts(target, "pipeline")))


def _pipeline(body: bytes | None, path: Sequence[str]) -> Named:
    document = _object(body)
    names: list[str] = []
    for kind, told in _processors(document):
        if kind not in _TAME:
            return unknown(f"the processor {kind} of a pipeline can write to any index")
        if any("_index" in text or "{{" in text for text in _all_texts(told)):
            return unknown(f"the processor {kind} of a pipeline may name another index")
        names += _texts(told, "name") if kind == "pipeline" else ()
    return Named(tuple(names))


def _connector(body: bytes | None, path: Sequence[str]) -> Named:
    document = _object(body)
    pipeline = document.get("pipeline")
    names = _texts(pipeline, "name") if isinstance(pipeline, dict) else ()
    return Named((*_texts(document, "index_name"), *names))


def _transform(body: bytes | None, path: Sequence[str]) -> Named:
    if not body:
        return Named()
    target = _dict(_object(body).get("dest"))
    aliases = [_dict(each) for each in _list(target.get("aliases", []))]
    named = [name for each in aliases for name in _texts(each, "alias")]
    return Named((*_texts(target, "index", "pipeline"), *named))


def _safe(reader: Reader) -> Reader:
    """The reader, for which a body that it cannot read may name anything."""

    def read(body: bytes | None, path: Sequence[str]) -> Named:
        try:
            return reader(body, path)
        except (_Unreadable, RecursionError):
            return unknown("its body cannot be read")

    return read


READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "nothing": _nothing,
        "document": _nothing,  # what it holds is data, and names nothing
        "index": _safe(_index),
        "settings": _safe(_settings),
        "alias": _safe(_alias),
        "aliases": _safe(_aliases),
        "template": _safe(_template),
        "bulk": _safe(_bulk),
        "reindex": _safe(_reindex),
        "pipeline": _safe(_pipeline),
        "connector": _safe(_connector),
        "transform": _safe(_transform),
    }
)


def _object(body: bytes | None, *, empty: bool = True) -> dict[str, Any]:
    """The object that a body is; a key twice is refused, since readers differ on which counts."""
    if empty and not (body or b"").strip():
        return {}
    try:
        found = json.loads(body or b"", object_pairs_hook=_once)
    except ValueError:
        raise _Unreadable from None
    return _dict(found)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Unreadable
    return found


def _dict(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _Unreadable
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise _Unreadable
    return value


def _texts(document: Mapping[str, Any], *keys: str) -> list[str]:
    """The names that stand under keys: one, several in a list, or several in one text."""
    found: list[str] = []
    for key in keys:
        value = document.get(key)
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                raise _Unreadable
            found += str(each).split(",") if each is not None else []
    return found


def _of_index(document: dict[str, Any]) -> Iterator[str]:
    aliases = document.get("aliases")
    if aliases is not None:
        yield from _dict(aliases)
    settings = document.get("settings")
    if settings is not None:
        yield from _of_settings(_dict(settings))


def _of_settings(settings: dict[str, Any], before: str = "") -> Iterator[str]:
    for key, value in settings.items():
        name = f"{before}{key}"
        if isinstance(value, dict):
            yield from _of_settings(value, f"{name}.")
        elif f".{name}".endswith(tuple(f".{each}" for each in _NAMING_SETTINGS)):
            yield from (text for text in _texts(settings, key) if text not in {"", "_none"})


def _processors(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """All processors of a pipeline, those for failures included."""
    for key in ("processors", "on_failure"):
        for each in _list(document.get(key, [])):
            for kind, told in _dict(each).items():
                yield kind, _dict(told)
                yield from _processors({"on_failure": _dict(told).get("on_failure", [])})


def _all_texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _all_texts(each)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from _all_texts(each)
