"""An OpenAPI document, and where its parts stand in its text."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from json.decoder import JSONDecodeError
from typing import Any

import yaml

from specgen.contract.openapi.node import Node
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
        keys = [key.replace("~1", "/").replace("~0", "~") for key in path.split("/")[1:]]
        start = 0
        if not file:
            in_json = self.source.text.lstrip().startswith("{")
            start = (_in_json if in_json else _in_yaml)(self.source.text, keys)
        return Span(self.source, start, start + 1)


def _in_json(text: str, keys: list[str]) -> int:
    """The offset of the value below keys, or of the last one that is there.

    What lies before is skipped by the decoder, which takes a few thousandths of a second for a
    document of megabytes.
    """
    decoder = json.JSONDecoder()
    position = _skip(text, 0)
    try:
        for key in keys:
            found = _member(text, position, key, decoder)
            if found is None:
                return position
            position = found
    except (JSONDecodeError, IndexError, RecursionError):
        return 0  # a document of YAML that only begins like JSON
    return position


def _member(text: str, position: int, key: str, decoder: json.JSONDecoder) -> int | None:
    """Where the value of a key, or the item of a number, begins."""
    is_object, index = text[position] == "{", 0
    if text[position] not in "{[":
        return None
    position = _skip(text, position + 1)
    while text[position] not in "}]":
        name: Any = str(index)
        if is_object:
            name, position = decoder.raw_decode(text, position)
            position = _skip(text, _skip(text, position) + 1)
        if name == key:
            return position
        _, position = decoder.raw_decode(text, position)
        position, index = _skip(text, position), index + 1
        if text[position] == ",":
            position = _skip(text, position + 1)
    return None


def _skip(text: str, position: int) -> int:
    space = SPACE.match(text, position)
    return space.end() if space else position


def _in_yaml(text: str, keys: list[str]) -> int:
    node = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
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
