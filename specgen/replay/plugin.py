"""The pytest plugin: gives modules rendered from pages their `cluster`.

It does nothing in a session that collects no module marked by `page_of`.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from specgen.replay.cluster import Cluster
    from specgen.replay.session import Session

SESSION: pytest.StashKey[Session] = pytest.StashKey()

MARKS = (
    "specgen_page(page, at, files): the page that a rendered module stands for",
    "specgen_requires(*requirements): what a target must be or know for a case to be run",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the options that name a target."""
    group = parser.getgroup("specgen", "replay of documentation pages (specgen)")
    group.addoption(
        "--specgen-target",
        metavar="NAME|URL",
        default=os.environ.get("SPECGEN_TARGET") or "embedded",
        help="where to replay: `embedded` (default, starts by itself), the URL of a cluster, or "
        "`recording:FILE`",
    )
    _add_limits(group)
    group.addoption(
        "--specgen-timeout",
        metavar="SECONDS",
        type=float,
        default=30.0,
        help="how long a request may take (default 30)",
    )
    group.addoption(
        "--specgen-header",
        metavar="NAME:VALUE",
        action="append",
        default=[],
        help="a header to send with every request; may be given several times",
    )
    group.addoption(
        "--specgen-record",
        metavar="FILE",
        help="keep every exchange in FILE (HAR 1.2), secrets masked",
    )
    group.addoption(
        "--specgen-strict-warnings",
        action="store_true",
        help="fail a case if a deprecation warning comes that its page does not tell of",
    )
    group.addoption(
        "--specgen-clean",
        choices=("case", "page", "never"),
        default="case",
        help="when to remove what cases made: after each (default); when the page is over, and "
        "before a setup; or never",
    )
    group.addoption("--specgen-events", metavar="FILE", help=argparse.SUPPRESS)
    group.addoption("--specgen-answers", action="store_true", help=argparse.SUPPRESS)
    group.addoption("--specgen-differing", action="store_true", help=argparse.SUPPRESS)


def _add_limits(group: pytest.OptionGroup) -> None:
    """Adds the options that say what may be sent to a cluster that specgen did not start."""
    group.addoption(
        "--specgen-disposable",
        action="store_true",
        help="the cluster holds nothing of value: pages may change and delete anything there",
    )
    group.addoption(
        "--specgen-read-only",
        action="store_true",
        help="run only the cases that read; skip all others",
    )
    group.addoption(
        "--specgen-scope",
        metavar="PREFIX",
        default="",
        help="run only the cases that write nothing but what they name with this prefix",
    )
    group.addoption(
        "--specgen-allow",
        metavar="NAMES",
        action="append",
        default=[],
        help="permit what is dangerous even on a disposable cluster: shutdown, security, …",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Registers the markers that rendered modules carry."""
    for mark in MARKS:
        config.addinivalue_line("markers", mark)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Begins a recording; that of `specgen run` is begun and ended by the process around it."""
    config = session.config
    record = config.getoption("--specgen-record")
    if record and not config.getoption("--specgen-events") and not hasattr(config, "workerinput"):
        from specgen.target.recorder import recorded_to  # rarely asked for

        recording = ExitStack()
        recording.enter_context(recorded_to(Path(record).absolute()))
        config.add_cleanup(recording.close)  # after the target was let go of


def pytest_collection_finish(session: pytest.Session) -> None:
    """Wakes the plugin up if a module of a page was collected."""
    if any(_is_case(item) for item in session.items):
        from specgen.replay.session import Session  # nothing else in a session should pay for it

        mine = [item for item in session.items if _is_case(item)]
        session.config.stash[SESSION] = Session.of(session.config, mine)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Cleans up behind the last page; fixtures of an interrupted case are gone by now."""
    if running := session.config.stash.get(SESSION, None):
        running.end()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Lets go of the target."""
    if running := config.stash.get(SESSION, None):
        running.close()


@pytest.fixture
def cluster(request: pytest.FixtureRequest) -> Iterator[Cluster]:
    """The target as one case sees it; what the case makes is removed when it is over."""
    running = request.config.stash.get(SESSION, None)
    if running is None or not _is_case(request.node):
        raise pytest.UsageError("`cluster` is for modules that specgen rendered from a page")
    yield from running.cluster_for(request.node)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Tells that a case begins, and what came of it."""
    running = item.config.stash.get(SESSION, None)
    if running is None or not _is_case(item):
        return (yield)
    running.begin(item)
    try:
        return (yield)
    finally:
        running.finish(item)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    """The page's setup is over and the case itself begins."""
    if running := item.config.stash.get(SESSION, None):
        running.enter_case(item)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """The case is over and the page's teardown begins."""
    if running := item.config.stash.get(SESSION, None):
        running.enter_teardown(item)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Says what differs in the words of the page instead of a traceback."""
    if call.excinfo is not None and isinstance(call.excinfo.value, pytest.fail.Exception):
        # Not shown, but looked through, which takes as long as some requests do.
        call.excinfo.traceback = call.excinfo.traceback[-1:]
    report = yield
    running = item.config.stash.get(SESSION, None)
    if running is not None and _is_case(item):
        running.note(item, call, report)
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says where the cases were replayed, and what of it was emulated."""
    if running := terminalreporter.config.stash.get(SESSION, None):
        for line in running.told():
            terminalreporter.write_line(line)


def _is_case(item: object) -> bool:
    return isinstance(item, pytest.Item) and item.get_closest_marker("specgen_page") is not None
