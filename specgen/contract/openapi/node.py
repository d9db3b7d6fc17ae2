"""A value inside an OpenAPI document that knows where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import unquote, urljoin

from referencing import Registry
from referencing.exceptions import Unresolvable

from specgen.errors import UsageProblem
from specgen.pointers import token_of

__all__ = ["FOLDER", "Node", "Value"]

# The folder of the document, in the URIs that stand for its files.
FOLDER = "file:///document/"
# A chain of references that is longer goes in a circle.
LONGEST_CHAIN = 40

Value: TypeAlias = Any  # whatever JSON can hold


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a document.

    Attributes:
        value: Plain JSON.
        uri: The file that holds it and, behind `#`, the JSON pointer to it.
        registry: Finds what it refers to.
        main: The URI of the document itself.
    """

    value: Value
    uri: str
    registry: Registry[Value]
    main: str

    @property
    def pointer(self) -> str:
        """What a reader looks for: `#/paths/~1_kites/get`, with its file if it is another."""
        file, _, pointer = self.uri.partition("#")
        name = "" if file == self.main else unquote(file.removeprefix(FOLDER))
        return f"{name}#{pointer}"

    def get(self, *keys: str | int) -> Node | None:
        """What stands below keys, references followed; None where a key is missing.

        Raises:
            UsageProblem: A reference leads nowhere.
        """
        node = self.followed()
        for key in keys:
            there = isinstance(node.value, Mapping) and key in node.value
            if not there and not _holds(node.value, key):
                return None
            node = node._below(key).followed()
        return node

    def members(self) -> Iterator[tuple[str, Node]]:
        """Keys and values of an object, references not followed; nothing for anything else."""
        if isinstance(self.value, Mapping):
            for key in self.value:
                yield str(key), self._below(key)

    def items(self) -> Iterator[Node]:
        """The values of a list, references not followed; nothing for anything else."""
        if isinstance(self.value, list):
            for index in range(len(self.value)):
                yield self._below(index)

    def followed(self) -> Node:
        """The value itself, or what it refers to at last.

        Raises:
            UsageProblem: A reference leads nowhere, or in a circle.
        """
        node = self
        for _ in range(LONGEST_CHAIN):
            if (target := node.referred()) is None:
                return node
            node = target
        raise UsageProblem(f"the OpenAPI document: {self.pointer}: the reference goes in a circle")

    def referred(self) -> Node | None:
        """What the value refers to; None if it is no reference.

        Raises:
            UsageProblem: The reference leads nowhere.
        """
        if not isinstance(self.value, Mapping) or not isinstance(self.value.get("$ref"), str):
            return None
        reference, file = self.value["$ref"], self.uri.partition("#")[0]
        try:
            found = self.registry.resolver(file).lookup(reference)
        except (Unresolvable, ValueError) as trouble:
            raise UsageProblem(
                f"the OpenAPI document: {self.pointer}: nothing is at {reference!r}",
                "references stay inside the document, or name a file in its folder",
            ) from trouble
        return Node(found.contents, urljoin(file, reference), self.registry, self.main)

    def _below(self, key: str | int) -> Node:
        uri = self.uri if "#" in self.uri else f"{self.uri}#"
        return Node(self.value[key], f"{uri}/{token_of(str(key))}", self.registry, self.main)


def _holds(value: Value, key: str | int) -> bool:
    return isinstance(value, list) and isinstance(key, int) and 0 <= key < len(value)
