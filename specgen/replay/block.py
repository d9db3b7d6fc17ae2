"""YAML in block style: responses in YAML, and the rare expected body that is written so."""

from __future__ import annotations

import yaml

from specgen.replay.nodes import MAX_DEPTH, ListNode, Member, Node, ObjectNode, Scalar
from specgen.replay.scalars import plain_value

__all__ = ["BlockUnreadable", "read_block"]


class BlockUnreadable(ValueError):
    """A text that is no YAML.

    Attributes:
        message: What is wrong.
        offset: Where, in characters of the text.
    """

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


class _Loader(yaml.SafeLoader):
    """Builds nodes only, and follows no alias: a few of them can stand for gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Composes the next node.

        Raises:
            BlockUnreadable: It is an alias.
        """
        if self.check_event(yaml.AliasEvent):
            raise BlockUnreadable("an alias (*name) cannot be followed here", self.index)
        return super().compose_node(parent, index)


def read_block(text: str, *, exact: bool = True) -> Node:
    """Reads one YAML document.

    Args:
        text: The document.
        exact: Whether offsets in `text` mean anything to the caller; if not, every node
            stands for the whole text.

    Raises:
        BlockUnreadable: It is no YAML, or has a key twice.
    """
    try:
        root = yaml.compose(text, Loader=_Loader)
    except BlockUnreadable:
        raise
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        raise BlockUnreadable(problem.problem or "no YAML", mark.index if mark else 0) from None
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as problem:
        raise BlockUnreadable(f"no YAML: {type(problem).__name__}", 0) from None
    if root is None:
        return Scalar(None, 0, 0, "")
    return _node(root, text if exact else None, 1)


def _node(node: yaml.Node, text: str | None, depth: int) -> Node:
    start, end = _extent(node, text)
    if depth > MAX_DEPTH:
        raise BlockUnreadable(f"nested more than {MAX_DEPTH} levels deep", start)
    if isinstance(node, yaml.SequenceNode):
        return ListNode(tuple(_node(item, text, depth + 1) for item in node.value), start, end)
    if isinstance(node, yaml.MappingNode):
        return ObjectNode(_members(node, text, depth), start, end)
    value = node.value if getattr(node, "style", None) else _plain(node.value, start)
    return Scalar(value, start, end, text[start:end] if text else "")


def _members(node: yaml.MappingNode, text: str | None, depth: int) -> tuple[Member, ...]:
    members: dict[str, Member] = {}
    for key, value in node.value:
        start, end = _extent(key, text)
        if not isinstance(key, yaml.ScalarNode):
            raise BlockUnreadable("a key must be text", start)
        if key.value in members:
            raise BlockUnreadable(f'the key "{key.value}" stands here twice', start)
        members[key.value] = Member(key.value, _node(value, text, depth + 1), start, end)
    return tuple(members.values())


def _plain(text: str, offset: int) -> bool | int | float | str | None:
    try:
        return plain_value(text)
    except ValueError as problem:
        raise BlockUnreadable(str(problem), offset) from None


def _extent(node: yaml.Node, text: str | None) -> tuple[int, int]:
    if text is None:
        return 0, 0
    return node.start_mark.index, node.end_mark.index
