"""Starts nodes and keeps them until somebody no longer wants them."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from specgen.target.nodes.front import Front
from specgen.target.nodes.running import Node, new_record, write_record
from specgen.target.nodes.target import NodeTarget

__all__ = ["kept", "wait"]

_LOOK_SECONDS = 0.2


@contextmanager
def kept(name: str, count: int, detached: bool) -> Iterator[tuple[Front | NodeTarget, ...]]:
    """Starts nodes, independent of each other, and ends them when the block is left.

    Args:
        name: `embedded`, or one of `kinds.NODES`.
        count: How many.
        detached: Whether they are meant to outlive who asked for them, for the record.

    Raises:
        TargetUnreachable: One of them cannot be started.
    """
    with ExitStack() as stack:
        record = new_record()
        stack.callback(record.remove)  # called last: what is recorded may still be ending
        started: list[Front | NodeTarget] = []
        for _ in range(count):
            started.append(_start(name))
            stack.callback(started[-1].close)
        nodes = tuple(Node(name, each.url, each.pid) for each in started)
        write_record(record, name, nodes, detached)
        yield tuple(started)


def wait(started: tuple[Front | NodeTarget, ...], parent: int | None) -> None:
    """Waits until this process's parent is gone, or for good.

    Args:
        started: The nodes.
        parent: The id of the parent, taken before anybody heard of the nodes: from then on it
            may be gone at any time. None if its end is not looked for.

    Raises:
        TargetUnreachable: A node ended.
    """
    pause: Callable[[float], bool] = threading.Event().wait
    while parent in {None, os.getppid()}:
        for each in started:
            if trouble := each.failure():
                raise trouble
        pause(_LOOK_SECONDS)


def _start(name: str) -> Front | NodeTarget:
    return Front() if name == "embedded" else NodeTarget(name)
