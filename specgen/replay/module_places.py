"""Which call of a module stands for which place of its page.

The places stand in one string at the head of the module, in the order in which the calls
stand below. A call is known by its line in the module: the one place where it is looked up
is `ModulePlaces.of_line`, and no call has to carry a number.
"""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from specgen.places import PlaceMap
from specgen.replay.sent_calls import SentCall, calls_of, sent_calls

__all__ = ["CallPlace", "ModulePlaces", "read_places"]

CALLS = frozenset(
    {
        "compare_analyzers",
        "field_matches",
        "has_length",
        "is_false",
        "is_true",
        "keep",
        "matches",
        "request",
        "set",
    }
)


@dataclass(frozen=True, slots=True)
class CallPlace:
    """The place of one call: of its request or expected text, and of a request's body.

    A map names no file where its text stands in the page itself.
    """

    text: PlaceMap
    body: PlaceMap

    @property
    def line(self) -> int:
        """The line where the text begins."""
        return self.text.anchors[0].place.line

    @property
    def file(self) -> str:
        """The file of that line; empty for the page itself."""
        return self.text.anchors[0].file


@dataclass(frozen=True, slots=True)
class ModulePlaces:
    """The places of all calls of one module.

    Attributes:
        page: The page, relative to the docs root.
        digest: The digest of the page, with what it includes, when the module was rendered.
        calls: Pairs of a line of the module and the place of the call on it, in their order.
        sends: Every request of the module, in order.
        text: The text of the module.
    """

    page: str
    digest: str
    calls: tuple[tuple[int, CallPlace], ...]
    sends: tuple[SentCall, ...]
    text: str = ""

    def sent_by(self, test: str) -> tuple[SentCall, ...]:
        """The requests that a test sends, those of the page's setup and teardown included."""
        return calls_of(self.sends, test)

    def of_line(self, line: int) -> CallPlace:
        """The place of the call that begins on this line of the module."""
        index = bisect_left(self.calls, line, key=lambda call: call[0])
        if index < len(self.calls) and self.calls[index][0] == line:
            return self.calls[index][1]
        raise LookupError(f"no call of the page begins on line {line}")


def read_places(module: Path, page: str, at: str, files: Sequence[str] = ()) -> ModulePlaces:
    """Reads a module's own text and gives each call its place.

    Args:
        module: The module.
        page: Its page.
        at: What `page_of` was given: a digest and the places.
        files: The other files in which calls stand, from number 1 on.

    Raises:
        ValueError: The module has other calls than when it was rendered.
    """
    digest, *encoded = at.split()
    text = module.read_text(encoding="utf-8")
    tree = ast.parse(text)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    lines = sorted(call.lineno for each in functions for call in _calls(each))
    if len(lines) != len(encoded):
        raise ValueError(f"{module.name} was changed by hand: run `specgen generate` again")
    places = (_call_place(text, ("", *files)) for text in encoded)
    found = tuple(zip(lines, places, strict=True))
    return ModulePlaces(page, digest, found, sent_calls(tree), text)


def _calls(function: ast.FunctionDef) -> Iterator[ast.Call]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            named = isinstance(owner, ast.Name) and owner.id in {"cluster", "response"}
            if named and node.func.attr in CALLS:
                yield node


def _call_place(text: str, files: Sequence[str]) -> CallPlace:
    head, _, body = text.partition("+")
    first = PlaceMap.parse(head, files)
    return CallPlace(first, PlaceMap.parse(body, files) if body else first.next_line())
