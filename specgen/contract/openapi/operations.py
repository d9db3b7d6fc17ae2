"""The operations of an OpenAPI document, and which of them a request means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from specgen.contract.openapi.document import OpenApi
from specgen.contract.openapi.node import Node

__all__ = [
    "Operation",
    "family_of",
    "fits",
    "operations_for",
    "operations_of",
    "placeholders",
    "requested",
    "schema_in",
]

METHODS = ("get", "put", "post", "delete", "options", "head", "patch")
PLACEHOLDER = re.compile(r"\{[^{}/]*\}")
STANDING_FOR_MANY = frozenset({"_all", "_local", "_master", "_current"})
JSON_MEDIA = re.compile(r"application/(?:[\w.+-]+\+)?json\b(?!-seq)|\*/\*|application/\*")


@dataclass(frozen=True, eq=False, slots=True)
class Operation:
    """A method of a path.

    Attributes:
        method: In capitals.
        path: As the document has it.
        node: What it says of the operation.
        item: What it says of all methods of the path.
        prefixes: What the paths of its servers put in front.
    """

    method: str
    path: str
    node: Node
    item: Node
    prefixes: tuple[str, ...] = ("",)

    @property
    def name(self) -> str:
        """The method and the path."""
        return f"{self.method} {self.path}"

    def parameters(self, place: str) -> dict[str, Node]:
        """The parameters in the `path` or the `query`, by name.

        Raises:
            UsageProblem: A reference leads nowhere.
        """
        found: dict[str, Node] = {}
        for holder in (self.item, self.node):
            listed = holder.get("parameters")
            for each in listed.items() if listed else ():
                node = each.followed()
                if isinstance(node.value, Mapping) and node.value.get("in") == place:
                    found[str(node.value.get("name"))] = node
        return found

    def body(self) -> Node | None:
        """The schema of what is sent as JSON; None if there is none, or none is known."""
        return schema_in(self.node.get("requestBody"))

    def needs_body(self) -> bool:
        """Whether a request must have a body."""
        body = self.node.get("requestBody")
        return body is not None and body.value.get("required") is True

    def responses(self) -> dict[str, Node]:
        """What comes back, by code: `404`, `4XX`, `default`."""
        listed = self.node.get("responses")
        members = listed.members() if listed else ()
        return {code.upper(): node for code, node in members if not code.startswith("x-")}


def schema_in(holder: Node | None) -> Node | None:
    """The schema of JSON in a request body or a response."""
    content = holder.get("content") if holder else None
    for media, node in content.members() if content else ():
        if JSON_MEDIA.match(media.casefold()):
            return node.get("schema")
    return None


@lru_cache(maxsize=4)
def operations_of(document: OpenApi) -> tuple[Operation, ...]:
    """All operations of a document, in its order.

    Raises:
        UsageProblem: A reference leads nowhere.
    """
    paths = document.root.get("paths")
    prefixes = _prefixes(document)
    return tuple(
        Operation(method.upper(), path, node, item, prefixes)
        for path, entry in (paths.members() if paths else ())
        if path.startswith("/")
        for item in [entry.followed()]
        for method, node in item.members()
        if method in METHODS and isinstance(node.value, Mapping)
    )


def _prefixes(document: OpenApi) -> tuple[str, ...]:
    servers = document.root.get("servers")
    urls = (each.get("url") for each in (servers.items() if servers else ()))
    paths = (urlsplit(str(url.value)).path.rstrip("/") for url in urls if url)
    return tuple(dict.fromkeys(("", *(path for path in paths if "{" not in path))))


def operations_for(
    operations: Sequence[Operation], method: str, path: str
) -> tuple[Operation | None, tuple[Operation, ...]]:
    """The operation that a documented endpoint means, and all those of its path.

    A part that the caller chooses is called by any name. `_all`, where the document leaves the
    part open, is one of its values.
    """
    there = _best(operations, _split(path), template=True)
    return next((each for each in there if each.method == method), None), there


def requested(operations: Sequence[Operation], method: str, path: str) -> Operation | None:
    """The operation that a request means; a HEAD may be a GET of which only the head comes."""
    there = _best(operations, _split(unquote(path)), template=False)
    methods = {each.method: each for each in there}
    return methods.get(method) or (methods.get("GET") if method == "HEAD" else None)


def fits(template: str, path: str) -> bool:
    """Whether the path of a request is one of a template's."""
    return _fit(_split(template), _split(unquote(path)), template=False) is not None


def _best(
    operations: Iterable[Operation], segments: tuple[str, ...], *, template: bool
) -> tuple[Operation, ...]:
    """The operations of the paths that fit: of all that do, those with the most fixed parts."""
    found: dict[int, list[Operation]] = {}
    for each in operations:
        for prefix in each.prefixes:
            score = _fit(_split(prefix + each.path), segments, template=template)
            if score is not None:
                found.setdefault(score, []).append(each)
                break
    return tuple(found[max(found)]) if found else ()


def _fit(known: Sequence[str], asked: Sequence[str], *, template: bool) -> int | None:
    if len(known) != len(asked):
        return None
    score = 0
    for mine, other in zip(known, asked, strict=True):
        if (template and _shape(mine) == _shape(other)) or mine == other:
            score += 2
        elif "{" not in mine or not _may_stand_for(mine, other, template=template):
            return None
    return score


def _may_stand_for(open_part: str, given: str, *, template: bool) -> bool:
    """Whether something given is a value of what the document leaves open.

    What begins with `_` is a word of an API's own, but for those that stand for many.
    """
    if given.startswith("_") and given not in STANDING_FOR_MANY:
        return False
    return not (template and "{" in given) and bool(_pattern(open_part).fullmatch(given))


def _shape(segment: str) -> str:
    """A part of a path without names: lists of one thing are that thing."""
    shape = PLACEHOLDER.sub("{}", segment)
    return re.sub(r"\{\}(?:,\{\})+", "{}", shape)


@lru_cache(maxsize=4096)
def _pattern(segment: str) -> re.Pattern[str]:
    pieces = (re.escape(piece) for piece in PLACEHOLDER.split(segment))
    return re.compile(".+".join(pieces), re.DOTALL)


@lru_cache(maxsize=4096)
def _split(path: str) -> tuple[str, ...]:
    return tuple(path.strip("/").split("/"))


def family_of(path: str) -> str:
    """What tells an API's paths from others: the first part that nobody chooses."""
    return next((each for each in _split(path) if each and "{" not in each), "")


def placeholders(path: str) -> Iterator[str]:
    """The names in a path, in order."""
    return (found[0][1:-1] for found in PLACEHOLDER.finditer(path))
