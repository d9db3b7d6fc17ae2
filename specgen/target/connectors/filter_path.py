"""The `filter_path` of a request: which parts of an answer to send.

Names are separated by dots, `*` stands for any part of a name, `**` for any number of
names, and a leading `-` leaves a part out. Arrays are looked through.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from specgen.target.connectors.wildcards import is_like

__all__ = ["filtered"]

_Path = tuple[str, ...]
_NOTHING = object()


def filtered(document: dict[str, Any], filter_path: str) -> dict[str, Any]:
    """Keeps what the paths name; without any path, everything."""
    paths = [path.strip() for path in filter_path.split(",") if path.strip()]
    wanted = [_names(path) for path in paths if not path.startswith("-")]
    unwanted = [_names(path[1:]) for path in paths if path.startswith("-")]
    kept = _kept(document, wanted) if wanted else document
    left = _without(kept, unwanted) if unwanted else kept
    return left if isinstance(left, dict) else {}


def _names(path: str) -> _Path:
    """The names of a path; several `**` in a row say no more than one."""
    names = pairwise(["", *path.split(".")])
    return tuple(name for before, name in names if not before == name == "**")


def _kept(value: Any, paths: list[_Path]) -> Any:
    if isinstance(value, list):
        items = [one for one in (_kept(item, paths) for item in value) if one is not _NOTHING]
        return items or _NOTHING
    if not isinstance(value, dict):
        return _NOTHING
    found = {}
    for name, inner in value.items():
        below = _below(paths, name)
        one = inner if () in below else _kept(inner, below)
        if one is not _NOTHING:
            found[name] = one
    return found or _NOTHING


def _without(value: Any, paths: list[_Path]) -> Any:
    if isinstance(value, list):
        return [_without(item, paths) for item in value]
    if not isinstance(value, dict):
        return value
    below = {name: _below(paths, name) for name in value}
    return {
        name: _without(inner, below[name]) for name, inner in value.items() if () not in below[name]
    }


def _below(paths: Iterable[_Path], name: str) -> list[_Path]:
    """What is left of the paths one name further down; an empty path is one that ends here.

    None is there twice: else a path of many `**` would become more at every level.
    """
    found: list[_Path] = []
    for path in paths:
        if path[:1] == ("**",):
            found.append(path)
            found.extend(_below([path[1:]], name) if path[1:] else [()])
        elif path and is_like(name, path[0]):
            found.append(path[1:])
    return list(dict.fromkeys(found))
