"""`pytest docs --specgen-collect`: pages are collected directly, with no generated files.

A page becomes a module in a private folder, which pytest then imports as any other. It does
nothing in a session that is not asked for it.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest

from specgen.replay.plugin import SESSION

if TYPE_CHECKING:  # a session that collects no pages should not wait for these
    from specgen.cli.config import Config
    from specgen.cli.rendering import RenderedSelection
    from specgen.render.rendered import Rendered
    from specgen.replay.telling import Shown

FOLDER: pytest.StashKey[Path] = pytest.StashKey()
SHOWN: pytest.StashKey[Shown] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the option that pages are collected."""
    parser.getgroup("specgen").addoption(
        "--specgen-collect",
        action="store_true",
        help="collect the examples of AsciiDoc pages themselves, as `specgen run` would",
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Has pages named so that people can open them, whatever the docs root is."""
    running = session.config.stash.get(SESSION, None)
    if running is not None and SHOWN in session.config.stash:
        running.shown = session.config.stash[SHOWN]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Has a skip stand in its page, and not in the module, which is gone afterwards."""
    report = yield
    file = next((each for each in item.listchain() if isinstance(each, PageFile)), None)
    if file is not None and isinstance(report.longrepr, tuple):
        line = file.lines.get(item.name.removeprefix("test_"), 1)
        report.longrepr = (str(file.path), line, report.longrepr[2])
    return report


def pytest_unconfigure(config: pytest.Config) -> None:
    """Removes the modules."""
    if folder := config.stash.get(FOLDER, None):
        shutil.rmtree(folder, ignore_errors=True)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Takes AsciiDoc pages, if that is asked for."""
    from specgen.selection import SUFFIXES

    wanted = parent.config.getoption("--specgen-collect")
    if not wanted or file_path.suffix not in SUFFIXES:
        return None
    page = PageFile.from_parent(parent, path=file_path)
    if (shown := _shown(page.nodeid)) == page.nodeid:
        return page
    return PageFile.from_parent(parent, path=file_path, nodeid=shown)


def _shown(name: str) -> str:
    """The name of a page as pytest may print it: it gives no orders to terminals and CI servers."""
    from specgen.messages import printable

    return f"./{printable(name)}" if name.lstrip().startswith("::") else printable(name)


class PageFile(pytest.File):
    """A page; what it holds are the tests of its module.

    Attributes:
        lines: By the slugs of its cases, the lines that they begin on.
    """

    lines: Mapping[str, int] = MappingProxyType({})

    def collect(self) -> Iterator[pytest.Item | pytest.Collector]:
        """The module of the page, or nothing if it has no example.

        Raises:
            CollectError: The page, or a part of it, cannot be read.
        """
        from specgen.cli.config import read_config
        from specgen.errors import SpecgenError

        try:
            root = self.config.rootpath
            pages = _rendered(self.path, root, read_config(root))
        except SpecgenError as trouble:
            raise self.CollectError(f"{trouble.message}\n{trouble.hint}".strip()) from None
        if pages.unreadable:
            raise self.CollectError(pages.unreadable[0][1])
        [page] = pages.pages
        if problems := _errors(page):
            raise self.CollectError(problems)
        self.config.stash[SHOWN] = pages.selection.shown
        self.lines = {case.slug: case.line for case in page.cases}
        if page.module:
            path = self._written(page.module)
            held = pytest.Module.from_parent(self, path=path, nodeid=self.nodeid, name=self.name)
            # Its tests stand for the page's own: `page.adoc::test_name` names one.
            yield from held.collect()

    def _written(self, module: str) -> Path:
        if FOLDER not in self.config.stash:
            self.config.stash[FOLDER] = Path(tempfile.mkdtemp(prefix="specgen-pages-"))
        # Pages of one name in several folders must not meet: each has a folder of its own, and,
        # for pytest imports by name, a module of its own name.
        folder = Path(tempfile.mkdtemp(dir=self.config.stash[FOLDER]))
        path = folder / f"test_{folder.name}.py"
        path.write_text(module, encoding="utf-8")
        return path


def _rendered(path: Path, root: Path, config: Config) -> RenderedSelection:
    """A page as it is rendered; pytest's root names it, if nothing else."""
    from specgen.cli.generate import command
    from specgen.cli.rendering import rendered_selection

    below = not config.docs_root and path.is_relative_to(root)
    arguments = [*(("--docs-root", str(root)) if below else ()), "--", str(path)]
    # As `specgen generate` would, whatever options it has.
    return rendered_selection(config, command.make_context("generate", arguments).params)


def _errors(page: Rendered) -> str:
    """What of a page cannot be read."""
    from specgen.messages import plain, render
    from specgen.problems import Severity

    errors = (each for each in page.problems if each.severity == Severity.ERROR)
    return "".join(plain(render(each)) for each in errors)
