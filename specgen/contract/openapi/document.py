"""An OpenAPI document, and where its parts stand in its text."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from json.decoder import JSONDecodeError
from types import MappingProxyType
from typing import Any

import yaml

from specgen.contract.openapi.node import Node
from specgen.pointers import key_of
from specgen.problems import Related
from specgen.source import Source, Span

__all__ = ["OpenApi"]

SPACE = re.compile(r"[ \t\r\n]*")


@dataclass(frozen=True, eq=False)
class OpenApi:
    """A document.

    Attributes:
        source: Its file, as it was read.
        root: All of it.
        minor: The 0 of 3.0, or the 1 of 3.1.
    """

    source: Source
    root: Node
    minor: int

    def see(self, node: Node, what: str) -> Related:
        """A part of the document as the second place of a problem."""
        return Related(f"{what}: {node.pointer}", self.place(node.pointer))

    def place(self, pointer: str) -> Span:
        """Where something stands; the start of the document where that is not in its own file."""
        file, _, path = pointer.partition("#")
        keys = [key_of(token) for token in path.split("/")[1:]]
        start = 0
        if not file:
            in_json = self.source.text.lstrip().startswith("{")
            start = (_in_json if in_json else _in_yaml)(self.source.text, keys)
        return Span(self.source, start, start + 1)


def _in_json(text: str, keys: list[str]) -> int:
    """The offset of the value below keys, or of the last one that is there."""
    position = _skip(text, 0)
    try:
        for key in keys:
            members = _members(text, position)
            if key not in members:
                return position
            position = members[key]
    except (JSONDecodeError, IndexError, RecursionError):
        return 0  # a document of YAML that only begins like JSON
    return position


@lru_cache(maxsize=4096)
def _members(text: str, position: int) -> Mapping[str, int]:
    """Where the values of the object or list at an offset begin, by key or index.

    What they hold is skipped by the decoder, which takes a few hundredths of a second for a
    document of megabytes; what was asked for once is kept.
    """
    found: dict[str, int] = {}
    if text[position] not in "{[":
        return found
    decoder = json.JSONDecoder()
    is_object = text[position] == "{"
    position = _skip(text, position + 1)
    while text[position] not in "}]":
        name: Any = str(len(found))
        if is_object:
            name, position = decoder.raw_decode(text, position)
            position = _skip(text, _skip(text, position) + 1)
        found[name] = position
        _, position = decoder.raw_decode(text, position)
        position = _skip(text, position)
        if text[position] == ",":
            position = _skip(text, position + 1)
    return MappingProxyType(found)


def _skip(text: str, position: int) -> int:
    space = SPACE.match(text, position)
    return space.end() if space else position


def _in_yaml(text: str, keys: list[str]) -> int:
    node = _composed(text)
    for key in keys:
        if isinstance(node, yaml.MappingNode):
            inside = next((value for name, value in node.value if name.value == key), None)
        elif isinstance(node, yaml.SequenceNode) and key.isdigit() and int(key) < len(node.value):
            inside = node.value[int(key)]
        else:
            inside = None
        if inside is None:
            break
        node = inside
    if node is None:
        return 0
    mark = node.start_mark
    lines = text.split("\n")
    return sum(len(line) + 1 for line in lines[: mark.line]) + mark.column


@lru_cache(maxsize=1)
def _composed(text: str) -> yaml.Node | None:
    node: yaml.Node | None = yaml.compose(
        text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    )
    return node
