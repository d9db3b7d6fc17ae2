"""`pytest docs --specgen-collect`: pages are collected directly, with no generated files.

A page becomes a module in a private folder, which pytest then imports as any other. It does
nothing in a session that is not asked for it.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # a session that collects no pages should not wait for these
    from specgen.cli.config import Config

FOLDER: pytest.StashKey[Path] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the option that pages are collected."""
    parser.getgroup("specgen").addoption(
        "--specgen-collect",
        action="store_true",
        help="collect the examples of AsciiDoc pages themselves, as `specgen run` would",
    )


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
    """A page; what it holds are the tests of its module."""

    def collect(self) -> Iterator[pytest.Item | pytest.Collector]:
        """The module of the page, or nothing if it has no example.

        Raises:
            CollectError: The page, or a part of it, cannot be read.
        """
        from specgen.cli.config import read_config
        from specgen.errors import SpecgenError

        try:
            root = self.config.rootpath
            module, problems = _rendered(self.path, root, read_config(root))
        except SpecgenError as trouble:
            raise self.CollectError(f"{trouble.message}\n{trouble.hint}".strip()) from None
        if problems:
            raise self.CollectError(problems)
        if module:
            path = self._written(module)
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


def _rendered(path: Path, root: Path, config: Config) -> tuple[str, str]:
    """The module of a page, and what is wrong with it; pytest's root names it, if nothing else."""
    from specgen.cli.generate import command
    from specgen.cli.rendering import rendered_selection
    from specgen.messages import plain, render
    from specgen.problems import Severity

    below = not config.docs_root and path.is_relative_to(root)
    arguments = [*(("--docs-root", str(root)) if below else ()), "--", str(path)]
    # As `specgen generate` would, whatever options it has.
    pages = rendered_selection(config, command.make_context("generate", arguments).params)
    if pages.unreadable:
        return "", pages.unreadable[0][1]
    [page] = pages.pages
    errors = (each for each in page.problems if each.severity == Severity.ERROR)
    return page.module, "".join(plain(render(each)) for each in errors)
