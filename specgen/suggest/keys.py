"""Objects whose keys are ids: those of nodes, tasks and shards are others on each cluster."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from specgen.pointers import key_of
from specgen.replay.nodes import ListNode, Node, ObjectNode
from specgen.replay.values import Finding, Kind
from specgen.suggest.pointers import tokens_of

__all__ = ["renamed_keys", "without_ids"]

# As Elasticsearch makes ids: 15 or 16 bytes in base64 for URLs. A task's has its number behind.
ID = re.compile(r"[\w-]{20,22}(?::\d+)?")


def renamed_keys(
    runs: Sequence[Mapping[str, Finding]], body: Node | None
) -> dict[str, tuple[str, ...]]:
    """Finds objects all of whose keys are ids, documented as well as come, and never the same.

    As many must have come as are documented, in every run: one more is drift.

    Args:
        runs: What each run found in one response, by pointer.
        body: The documented body; None if it is not known.

    Returns:
        The pointers of objects, each with the places below it that are explained by that.
    """
    found: dict[str, tuple[str, ...]] = {}
    for above in _objects_that_lack(runs):
        documented = _keys(body, tokens_of(above))
        missing = [_at(above, findings, Kind.MISSING) for findings in runs]
        surplus = [_at(above, findings, Kind.SURPLUS) for findings in runs]
        keys = {key_of(tokens_of(each)[-1]) for each in set[str]().union(*missing, *surplus)}
        if all(map(ID.fullmatch, keys)) and all(
            len(gone) == len(new) == len(documented)
            for gone, new in zip(missing, surplus, strict=True)
        ):
            found[above] = tuple(sorted(set[str]().union(*missing, *surplus)))
    return found


def without_ids(pointer: str) -> str:
    """A pointer with `*` for each key that is an id: what is the same place on two clusters."""
    tokens = (
        "*" if ID.fullmatch(token) and token != token.lower() else token
        for token in tokens_of(pointer)
    )
    return "".join(f"/{token}" for token in tokens)


def _objects_that_lack(runs: Sequence[Mapping[str, Finding]]) -> tuple[str, ...]:
    """The pointers of objects that had not all of their documented keys."""
    lacking = (
        pointer.rpartition("/")[0]
        for findings in runs
        for pointer, finding in findings.items()
        if finding.kind is Kind.MISSING
    )
    return tuple(dict.fromkeys(lacking))


def _at(above: str, findings: Mapping[str, Finding], kind: Kind) -> set[str]:
    return {
        pointer
        for pointer, finding in findings.items()
        if finding.kind is kind and pointer.rpartition("/")[0] == above
    }


def _keys(node: Node | None, tokens: Sequence[str]) -> tuple[str, ...]:
    for token in tokens:
        if isinstance(node, ObjectNode):
            inside = {member.key: member.value for member in node.members}
            node = inside.get(key_of(token))
        elif isinstance(node, ListNode) and token.isdigit() and int(token) < len(node.items):
            node = node.items[int(token)]
        else:
            node = None
    return tuple(member.key for member in node.members) if isinstance(node, ObjectNode) else ()
