"""What all tests share: golden files, and skips that are failures where no data may be missing.

`golden(name, actual)` holds a text against `tests/golden/<name>`; `make golden` writes the files
anew. A golden that no test of a full run asked for is a failure. With `SPECGEN_NO_SKIP=1` a test
that skips fails instead: on a machine that has all test data, none may be left out silently.
"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

GOLDEN = Path(__file__).resolve().parent / "golden"
USED: pytest.StashKey[set[Path]] = pytest.StashKey()
UNUSED: pytest.StashKey[list[Path]] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write tests/golden/ anew (`make golden`)"
    )


def pytest_configure(config: pytest.Config) -> None:
    config.stash[USED] = set()
    _own_state(config)
    # A shell that starts this in the background has it ignore Ctrl-C, and so would all it starts.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if config.getoption("--update-golden"):
        if os.environ.get("CI"):
            raise pytest.UsageError("--update-golden: goldens are not written in CI")
        if config.getoption("numprocesses", None) or "PYTEST_XDIST_WORKER" in os.environ:
            raise pytest.UsageError("--update-golden: goldens are not written by workers")


def _own_state(config: pytest.Config) -> None:
    """What specgen remembers of runs goes to a folder of the tests' own."""
    folder = tempfile.mkdtemp(prefix="specgen-state-")
    os.environ["XDG_STATE_HOME"] = folder
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compares a text with the file of that name below `tests/golden/`."""

    def compare(name: str, actual: str) -> None:
        path = GOLDEN / name
        request.config.stash[USED].add(path)
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(actual, encoding="utf-8", newline="")
        if not path.is_file():
            pytest.fail(f"there is no golden {name}: run `make golden`, then read what it wrote")
        expected = path.read_bytes().decode("utf-8")
        assert actual == expected, f"differs from tests/golden/{name}; `make golden` accepts it"

    return compare


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    # An expected failure is reported as skipped too; it carries `wasxfail`.
    expected = hasattr(report, "wasxfail")
    if report.skipped and not expected and os.environ.get("SPECGEN_NO_SKIP"):
        report.outcome = "failed"
        reason = call.excinfo.value if call.excinfo else "skipped"
        report.longrepr = f"no test may be skipped here (SPECGEN_NO_SKIP): {reason}"
    return report


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A worker of pytest-xdist hands over which goldens it used."""
    used = getattr(node, "workeroutput", {}).get("goldens", ())
    node.config.stash[USED].update(map(Path, used))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    config = session.config
    output = getattr(config, "workeroutput", None)
    if output is not None:
        output["goldens"] = [str(path) for path in config.stash[USED]]
        return
    if exitstatus != pytest.ExitCode.OK or not _full(config):
        return
    used = config.stash[USED]
    unused = sorted(each for each in GOLDEN.rglob("*") if each.is_file() and each not in used)
    if config.getoption("--update-golden"):
        for path in unused:
            path.unlink()
    elif unused:
        config.stash[UNUSED] = unused
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for path in terminalreporter.config.stash.get(UNUSED, []):
        terminalreporter.write_line(f"golden that no test uses: {path.relative_to(GOLDEN)}")


def _full(config: pytest.Config) -> bool:
    """Whether the run holds every test: nothing named, nothing deselected."""
    narrowed = ("keyword", "markexpr", "deselect", "ignore", "ignore_glob", "lf", "stepwise")
    named = config.args_source is not pytest.Config.ArgsSource.TESTPATHS
    return not (named or any(config.getoption(name, None) for name in (*narrowed, "collectonly")))
