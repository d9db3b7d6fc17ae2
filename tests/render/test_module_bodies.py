"""Runs rendered functions with a cluster that only writes down what it is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from specgen.files import MemoryFiles
from specgen.plan.reading import stages_of
from specgen.plan.setups import NamedSetups
from specgen.plan.values import NamedSetup
from specgen.render.module import render_module

NOTE = "[source,console]\n----\n# a remark\n----\n"
EMPTY = "[source,console]\n----\n----\n"
GET = "[source,console]\n----\nGET /a\n----\n"
RESULT = "[source,console-result]\n----\n{}\n----\n"
UNREADABLE = "[source,console]\n----\nSAIL /a\n----\n"
SETUPS = NamedSetups(
    (
        NamedSetup("port", "PUT /port\n", False, "port.console"),
        NamedSetup("remark", "# only a remark\n", False, "remark.console"),
    ),
    (
        NamedSetup("quay", "DELETE /quay\n", False, "quay.teardown.console"),
        NamedSetup("remark", "# only a remark\n", False, "remark.teardown.console"),
    ),
)


class Blocked(Exception):
    pass


@dataclass
class Recorder:
    """Stands for the cluster, and keeps what it is asked, in order."""

    asked: list[str] = field(default_factory=list)

    def request(self, method: str, target: str, **_: Any) -> Answer:
        self.asked.append(f"{method} {target}")
        return Answer(self, target)

    def compare_analyzers(self, *names: str) -> None:
        self.asked.append(f"compare {' '.join(names)}")

    def blocked(self, reason: str) -> None:
        raise Blocked(reason)

    def nothing(self) -> None:
        pass

    @contextmanager
    def setup(self, name: str) -> Iterator[None]:
        self.asked.append(f"setup {name}")
        yield

    @contextmanager
    def teardown(self, name: str) -> Iterator[None]:
        self.asked.append(f"teardown {name}")
        yield


@dataclass
class Answer:
    recorder: Recorder
    target: str

    def __getattr__(self, check: str) -> Callable[..., None]:
        return lambda *_: self.recorder.asked.append(f"{self.target} {check}")


def module_of(page: str) -> dict[str, Any]:
    stages = stages_of(MemoryFiles({"page.adoc": page}), "page.adoc", setups=SETUPS)
    module: dict[str, Any] = {}
    exec(compile(render_module(stages.plan), "test_page.py", "exec"), module)
    return module


def asked_by(page: str, test: str = "test_page") -> list[str]:
    recorder = Recorder()
    module_of(page)[test](recorder)
    return recorder.asked


@pytest.mark.parametrize(
    "page",
    [
        NOTE,
        EMPTY,
        f"{NOTE}// TESTSETUP\n\n{GET}",
        f"{EMPTY}// TESTSETUP\n\n{GET}",
        f"{NOTE}// TEARDOWN\n\n{GET}",
        f"{EMPTY}// TEARDOWN\n\n{GET}",
        f"{NOTE}// TESTSETUP\n\n{NOTE}// TEARDOWN\n\n{GET}",
        f"{NOTE}// TEST[skip:no ferry]\n",
        f"{NOTE}// TEST[setup:remark]\n",
        f"{NOTE}// TEST[teardown:quay]\n",
        f"{EMPTY}// TEST[teardown:quay]\n",
        f"{GET}// TEST[setup:remark teardown:remark]\n",
        f"{UNREADABLE}// TEST[teardown:quay]\n\n{RESULT}",
    ],
)
def test_a_page_with_hardly_anything_gives_a_module(page: str) -> None:
    assert [name for name in module_of(page) if name.startswith("test_")] == ["test_page"]


def test_a_remark_at_the_end_leaves_the_answer_to_its_request() -> None:
    page = (
        f"{GET}\n{RESULT}\n[source,console]\n----\nGET /b\n# a remark\n----\n"
        f"// TEST[continued]\n\n{RESULT}"
    )
    assert asked_by(page) == ["GET a", "a matches", "GET b", "b matches"]


def test_only_the_last_answer_is_held_against_a_body() -> None:
    page = f"[source,console]\n----\nGET /a\nGET /b\n----\n\n{RESULT}\n{RESULT}"
    assert asked_by(page) == ["GET a", "GET b", "b matches", "b matches"]


def test_a_named_teardown_comes_last_and_gives_no_answer() -> None:
    page = f"{GET}// TEST[teardown:quay setup:port]\n\n{RESULT}"
    assert asked_by(page) == [
        "setup port",
        "PUT port",
        "GET a",
        "a matches",
        "teardown quay",
        "DELETE quay",
    ]


def test_a_named_teardown_runs_after_a_failure() -> None:
    recorder = Recorder()
    page = f"{GET}// TEST[teardown:quay]\n"

    def fail(*_: str) -> None:
        raise Blocked

    recorder.request = fail  # type: ignore[method-assign,assignment]
    with pytest.raises(Blocked):
        module_of(page)["test_page"](recorder)
    assert recorder.asked == ["teardown quay"]


def test_the_answer_to_a_yaml_request_is_the_one_that_is_looked_at() -> None:
    yaml = (
        "startyaml\n"
        "  - match: {x: 1}\n"
        "  - do: {raw: {method: GET, path: b}}\n"
        "  - compare_analyzers: {index: i, first: f, second: s}\n"
        "  - is_true: y\n"
        "endyaml\n"
    )
    page = f"[source,console]\n----\nGET /a\n\n{yaml}----\n\n{RESULT}"
    assert asked_by(page) == [
        "GET a",
        "a field_matches",
        "GET b",
        "compare i f s",
        "b is_true",
        "b matches",
    ]


def test_a_test_made_of_yaml_alone_is_no_empty_one() -> None:
    yaml = "startyaml\n  - do: {raw: {method: GET, path: b}}\nendyaml\n"
    test = module_of(f"[source,console]\n----\n{yaml}----\n")["test_page"]
    assert not getattr(test, "pytestmark", [])


def test_a_test_that_sends_nothing_is_skipped_and_says_so() -> None:
    (mark,) = module_of(NOTE)["test_page"].pytestmark
    assert (mark.name, mark.kwargs) == ("skip", {"reason": "sends no request"})


def test_what_cannot_be_read_is_said_before_anything_is_sent() -> None:
    page = f"{GET}\n{UNREADABLE}// TEST[continued]\n\n{RESULT}"
    recorder = Recorder()
    with pytest.raises(Blocked, match="expected a request, found 'SAIL /a'"):
        module_of(page)["test_page"](recorder)
    assert not recorder.asked
