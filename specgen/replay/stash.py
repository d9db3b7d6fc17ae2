r"""What a case remembers while it runs: the last response as `$body`, and values by name.

Source of the rules: `Stash` and `ObjectPath` of Elasticsearch's YAML test runner. `$x` as a
whole string is the value of any type; `${x}` inside a string is its text; a path leads into
a value (`$body.hits.0._id`, `\.` is a dot in a key); `$_path` inside one is the path of the
place where it stands. What was put in is not looked through again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from specgen.replay.nodes import (
    ListNode,
    Member,
    Node,
    ObjectNode,
    Scalar,
    Unresolved,
    node_of,
    unresolved_in,
    value_of,
)
from specgen.replay.numbers import java_text
from specgen.replay.values import Json

__all__ = ["Stash", "StashFailure", "path_parts", "refers", "walk"]

BODY = "body"
PATH = "$_path"
# A path part that stands for the one key of an object whose keys nobody knows.
ARBITRARY_KEY = "_arbitrary_key_"
IN_BRACES = re.compile(r"\$\{([^}]+)\}")
INDEX = re.compile(r"[-+]?[0-9]{1,10}")


class StashFailure(LookupError):
    """A value that was asked for is not there: never an empty string instead.

    Attributes:
        message: What was looked for, and what was missing.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def refers(text: str) -> bool:
    """Whether a string asks for a value of the stash: it starts with `$` or holds `${x}`."""
    return "$" in text and (text[0] == "$" or IN_BRACES.search(text) is not None)


def path_parts(path: str) -> tuple[str, ...]:
    r"""The parts of a dotted path; `\.` is a dot in a part, and empty parts do not count."""
    parts, part, escaped = [], "", False
    for sign in path:
        if sign == "\\":
            escaped = True
        elif sign == "." and not escaped:
            parts.append(part)
            part = ""
        else:
            escaped = escaped and sign != "."
            part += sign
    return tuple(name for name in (*parts, part) if name)


def walk(value: Json, path: str, resolve: Callable[[str], str]) -> Json:
    """The value at a dotted path; None if a key on the way is not there, or holds null.

    Args:
        value: Where to start.
        path: Such as `hits.hits.0._id`.
        resolve: Gives the part that a `$name` inside the path stands for.

    Raises:
        StashFailure: The path leads through a scalar, or a list has no such index.
    """
    for part in path_parts(path):
        if value is None:
            break
        value = _step(value, resolve(part) if refers(part) else part)
    return value


def _step(value: Json, part: str) -> Json:
    if isinstance(value, dict):
        if part != ARBITRARY_KEY:
            return value.get(part)
        if not value or part in value:
            raise StashFailure(f"{part} needs an object with keys, and none of that name")
        return next(iter(value))
    if isinstance(value, list):
        if not INDEX.fullmatch(part):
            raise StashFailure(f'"{part}" is no index, and there is a list of {len(value)}')
        if not 0 <= int(part) < len(value):
            raise StashFailure(f"there is no item {part} in a list of {len(value)}")
        return value[int(part)]
    raise StashFailure(f'"{part}" cannot be looked up in a value that is no object and no list')


class Stash:
    """Values by name while a case runs; `body` is the last response."""

    def __init__(self, values: Mapping[str, Json] | None = None) -> None:
        self._values: dict[str, Json] = dict(values or {})

    def set(self, name: str, value: Json) -> None:
        """Keeps a value under a name without its dollar."""
        self._values[name] = value

    def set_body(self, value: Json) -> None:
        """Keeps what the last response says: `ResponseBody.value`."""
        self.set(BODY, value)

    def named(self) -> Mapping[str, Json]:
        """All values but the last response."""
        return {name: value for name, value in self._values.items() if name != BODY}

    def clear(self) -> None:
        """Forgets everything, `$body` included, as after the setup section of a page."""
        self._values.clear()

    def value(self, text: str) -> Json:
        """What a string that refers to the stash stands for.

        Args:
            text: `$name.path` as a whole, or a text with `${name.path}` inside.

        Raises:
            StashFailure: A value is not there, or null, or the path leads nowhere.
        """
        if text.startswith("$") and not text.startswith("${"):
            return self._lookup(text[1:], text)
        if not IN_BRACES.search(text):
            raise StashFailure(f"{text} names no value")
        return IN_BRACES.sub(lambda found: java_text(self._lookup(found[1], found[0])), text)

    def resolve_text(self, text: str) -> str:
        """A path or parameter of a request with its values put in.

        Raises:
            StashFailure: See `value`.
        """
        return java_text(self.value(text)) if refers(text) else text

    def resolve(self, node: Node) -> Node:
        """An expected body with its values put in, each at the place that asked for it.

        A list as the whole body is not looked through, as in the reference. What cannot be
        put in becomes `Unresolved`, so that all of a body can be compared.
        """
        if isinstance(node, ObjectNode):
            return self._object(node, ())
        return self._scalar(node, None) if isinstance(node, Scalar) else node

    def resolve_json(self, value: Json) -> Json:
        """A request body with its values put in; the same value if it asks for none.

        Raises:
            StashFailure: See `value`.
        """
        node = self.resolve(node_of(value, 0, 0))
        for failure in unresolved_in(node):
            raise StashFailure(failure.message)
        return value_of(node)

    def _lookup(self, path: str, text: str) -> Json:
        value = walk(self._values, path, _no_names) if path else None
        if value is None:
            raise StashFailure(f"there is no value for {text}")
        return value

    def _node(self, node: Node, path: tuple[str, ...]) -> Node:
        match node:
            case Scalar():
                return self._scalar(node, path)
            case ObjectNode():
                return self._object(node, path)
            case ListNode():
                items = (self._node(item, (*path, str(i))) for i, item in enumerate(node.items))
                return ListNode(tuple(items), node.start, node.end)
        return node

    def _object(self, node: ObjectNode, path: tuple[str, ...]) -> Node:
        members: dict[str, Member] = {}
        for member in node.members:
            try:
                key = self.resolve_text(member.key)
            except StashFailure as failure:
                return Unresolved(member.key, failure.message, member.start, member.end)
            if key in members:
                message = f'the key {member.key} becomes "{key}", which is there already'
                return Unresolved(member.key, message, member.start, member.end)
            value = self._node(member.value, (*path, key))
            members[key] = Member(key, value, member.start, member.end)
        return ObjectNode(tuple(members.values()), node.start, node.end)

    def _scalar(self, node: Scalar, path: tuple[str, ...] | None) -> Node:
        if not isinstance(node.value, str) or not refers(node.value):
            return node
        text = node.value
        if path is not None:
            text = text.replace(PATH, ".".join(part.replace(".", "\\.") for part in path))
        try:
            return node_of(self.value(text), node.start, node.end, node.raw)
        except StashFailure as failure:
            return Unresolved(node.value, failure.message, node.start, node.end)


def _no_names(part: str) -> str:
    raise StashFailure(f"a name inside a path ({part}) is not looked up")
