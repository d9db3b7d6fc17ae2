"""Which call of a module stands for which place of its page.

The places stand in one string at the head of the module, in the order in which the calls
stand below. A call is known by its line in the module: the one place where it is looked up
is `ModulePlaces.of_line`, and no call has to carry a number.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from specgen.places import PlaceMap

__all__ = ["CallPlace", "ModulePlaces", "read_places"]

CALLS = frozenset({"request", "matches"})


@dataclass(frozen=True, slots=True)
class CallPlace:
    """The place of one call: of its request or expected text, and of a request's body."""

    text: PlaceMap
    body: PlaceMap

    @property
    def line(self) -> int:
        """The line of the page where the text begins."""
        return self.text.anchors[0].place.line


@dataclass(frozen=True, slots=True)
class ModulePlaces:
    """The places of all calls of one module.

    Attributes:
        page: The page, relative to the docs root.
        digest: The digest of the page when the module was rendered.
        calls: Pairs of a line of the module and the place of the call on it.
    """

    page: str
    digest: str
    calls: tuple[tuple[int, CallPlace], ...]

    def of_line(self, line: int) -> CallPlace:
        """The place of the call that begins on this line of the module."""
        for module_line, place in self.calls:
            if module_line == line:
                return place
        raise LookupError(f"no call of the page begins on line {line}")


def read_places(module: Path, page: str, at: str) -> ModulePlaces:
    """Reads a module's own text and gives each call its place.

    Raises:
        ValueError: The module has other calls than when it was rendered.
    """
    digest, *encoded = at.split()
    lines = sorted(_call_lines(ast.parse(module.read_text(encoding="utf-8"))))
    if len(lines) != len(encoded):
        raise ValueError(f"{module.name} was changed by hand: run `specgen generate` again")
    places = (_call_place(text) for text in encoded)
    return ModulePlaces(page, digest, tuple(zip(lines, places, strict=True)))


def _call_lines(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            named = isinstance(owner, ast.Name) and owner.id in {"cluster", "response"}
            if named and node.func.attr in CALLS:
                yield node.lineno


def _call_place(text: str) -> CallPlace:
    head, _, body = text.partition("+")
    first = PlaceMap.parse(head)
    following = body or str(first.anchors[0].place.line + 1)
    return CallPlace(first, PlaceMap.parse(following))
