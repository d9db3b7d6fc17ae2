"""Deals pages to the workers of pytest-xdist: a page is one worker's alone.

What xdist 3.8 brings for that (`--dist loadfile`) runs a case that ends its worker again and
again, takes another for it if the worker ended while it cleaned up, and may wait for ever for
the last case of a worker that took the place of another.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]

__all__ = ["PagesTogether"]

# Who has fewer cases than this takes another page.
ENOUGH = 3

Worker = Any  # xdist.workermanage.WorkerController, which has no types


class PagesTogether(LoadFileScheduling):  # type: ignore[misc]
    """A queue of pages in the order of collection; whoever is nearly done takes the next."""

    def __init__(self, config: pytest.Config, log: Any = None) -> None:
        super().__init__(config, log)
        self._started: set[str] = set()
        self._number: Mapping[str, int] = {}
        self._parent = os.getppid()

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """A worker begins a case."""
        self._started.add(nodeid)
        if os.getppid() != self._parent:
            pytest.exit("the process that planned is gone")

    def mark_test_complete(self, node: Worker, item_index: int, duration: float = 0) -> None:
        """A case is over; a page of which all are is forgotten, so that looking stays fast."""
        super().mark_test_complete(node, item_index, duration)
        pages = self.assigned_work[node]
        page = self._split_scope(self.registered_collections[node][item_index])
        if all(pages[page].values()):
            del pages[page]

    def remove_node(self, node: Worker) -> str | None:
        """Gives what a worker left undone to the others; returns what it was at when it ended."""
        pages = self.assigned_work.pop(node)
        undone = [name for cases in pages.values() for name, over in cases.items() if not over]
        begun = [name for name in undone if name in self._started]
        for cases in pages.values():
            cases.update((name, True) for name in begun if name in cases)
        left = {page: cases for page, cases in pages.items() if not all(cases.values())}
        self.workqueue.update(left)
        for page in reversed(left):
            self.workqueue.move_to_end(page, last=False)
        for other in self.nodes:
            self._reschedule(other)
        return begun[0] if begun else None

    def _reschedule(self, node: Worker) -> None:
        if node.shutting_down:
            return
        # A worker does not begin its last case until it has another, or hears that none comes.
        while self.workqueue and self._pending_of(self.assigned_work[node]) < ENOUGH:
            self._assign_work_unit(node)
        if not self.workqueue:
            node.shutdown()

    def _assign_work_unit(self, node: Worker) -> None:
        if not self._number:  # all workers have the same cases in the same order
            self._number = {name: number for number, name in enumerate(self.collection)}
        page, cases = self.workqueue.popitem(last=False)
        self.assigned_work[node][page] = cases
        node.send_runtest_some([self._number[name] for name, over in cases.items() if not over])
