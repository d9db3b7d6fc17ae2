"""Pages dealt to workers that may end at any time: every case is begun once, and all end."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specgen.replay.dealing import PagesTogether

CONFIG = SimpleNamespace(
    getvalue={"tx": ["2*popen"]}.get,
    option=SimpleNamespace(loadscopereorder=False),
    rootpath=None,
)


@dataclass(eq=False)
class Worker:
    """Does as a worker of xdist: it begins no case until it has another, or is shut down."""

    number: int
    waiting: list[int] = field(default_factory=list)
    shutting_down: bool = False

    @property
    def gateway(self) -> SimpleNamespace:
        return SimpleNamespace(id=f"gw{self.number}")

    def send_runtest_some(self, indices: list[int]) -> None:
        assert not self.shutting_down
        self.waiting += indices

    def shutdown(self) -> None:
        self.shutting_down = True

    @property
    def goes_on(self) -> bool:
        return len(self.waiting) > 1 or self.shutting_down


@dataclass
class Run:
    """A session with two workers at first, and a new one for each that ends in the middle."""

    cases: list[str]
    begun: list[str] = field(default_factory=list)
    told: list[str | None] = field(default_factory=list)
    workers: list[Worker] = field(default_factory=list)
    owners: dict[str, set[int]] = field(default_factory=dict)
    dealing: Any = field(default_factory=lambda: PagesTogether(cast(pytest.Config, CONFIG)))

    def start(self) -> None:
        for worker in (Worker(0), Worker(1)):
            self.workers.append(worker)
            self.dealing.add_node(worker)
        for worker in list(self.workers):
            self.dealing.add_node_collection(worker, self.cases)
        self.dealing.schedule()

    def step(self, worker: Worker, how: str) -> None:
        if not worker.waiting:
            self.workers.remove(worker)
            if worker in self.dealing.nodes:
                assert self.dealing.remove_node(worker) is None
            return
        index = worker.waiting.pop(0)
        if how != "ends before":
            self.begun.append(self.cases[index])
            self.owners.setdefault(self.cases[index].partition("::")[0], set()).add(worker.number)
            self.dealing.pytest_runtest_logstart(self.cases[index])
        if how in {"ends after", "goes on"}:
            self.dealing.mark_test_complete(worker, index)
        if how != "goes on":
            self._replace(worker)

    def _replace(self, worker: Worker) -> None:
        self.workers.remove(worker)
        self.told.append(self.dealing.remove_node(worker))
        other = Worker(len(self.told) + 1)
        self.workers.append(other)
        self.dealing.add_node(other)
        self.dealing.add_node_collection(other, self.cases)
        self.dealing.schedule()


HOW = st.sampled_from(["goes on"] * 6 + ["ends before", "ends within", "ends after"])


@settings(deadline=None, max_examples=300)
@given(st.lists(st.integers(1, 5), min_size=1, max_size=7), st.data())
def test_every_case_is_begun_once_and_all_workers_end(pages: list[int], data: Any) -> None:
    cases = [f"p{page}.py::c{case}" for page, count in enumerate(pages) for case in range(count)]
    run, within = Run(cases), []
    run.start()
    while run.workers:
        able = [worker for worker in run.workers if worker.goes_on]
        assert able, "all workers wait for each other"
        worker = data.draw(st.sampled_from(able))
        how = data.draw(HOW) if len(run.told) < 4 and worker.waiting else "goes on"
        within += [cases[worker.waiting[0]]] if how == "ends within" else []
        run.step(worker, how)
    assert sorted(run.begun) == sorted(cases)
    assert [name for name in run.told if name] == within
    assert run.dealing.tests_finished
    if not run.told:
        assert all(len(numbers) == 1 for numbers in run.owners.values())
