"""Which pages are meant: files, folders and globs become names below one docs root."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from specgen.errors import PageUnreadable, UsageProblem

__all__ = ["SUFFIXES", "PageChoice", "Selection", "select_pages"]

SUFFIXES = (".asciidoc", ".adoc")
AT_LINE = re.compile(r"(?P<path>.+):(?P<line>\d+)")


@dataclass(frozen=True, slots=True)
class PageChoice:
    """One page, and the line of the one case that is meant; no line means the whole page."""

    name: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """Pages below a docs root.

    Attributes:
        root: Nothing outside of it is read.
        pages: Sorted by name, each once.
    """

    root: Path
    pages: tuple[PageChoice, ...]

    def shown(self, page: str) -> str:
        """A page as people can open it from where they are.

        It never begins with a colon, at the start of a line an order to some CI servers.
        """
        full = self.root / page
        try:
            shown = os.path.relpath(full)
        except ValueError:  # another drive
            return str(full)
        return f".{os.sep}{shown}" if shown.lstrip().startswith(":") else shown


def select_pages(
    arguments: Sequence[str], docs_root: Path | None = None, usual_root: Path | None = None
) -> Selection:
    """Finds the pages that arguments name.

    Args:
        arguments: Files, folders (all pages below), globs, or `page.asciidoc:LINE`.
        docs_root: What pages are named relative to, whatever it takes.
        usual_root: The same where all pages lie inside it; else the folder given, else the
            page's folder, else the folder that all of them share.

    Raises:
        PageUnreadable: A page or folder that is named does not exist.
        UsageProblem: A page lies outside the docs root.
    """
    found: dict[Path, int | None] = {}
    for argument in arguments:
        for path, line in _expand(argument):
            found[path] = line if path not in found else None
    usual = usual_root.resolve() if usual_root else None
    if docs_root is not None:
        root = docs_root.resolve()
    elif usual is not None and all(path.is_relative_to(usual) for path in found):
        root = usual
    else:
        root = _root(arguments, found)
    choices = []
    for path, line in found.items():
        if not path.is_relative_to(root):
            hint = "name a folder above all pages with --docs-root"
            raise UsageProblem(f"{path} is outside the docs root {root}", hint)
        choices.append(PageChoice(path.relative_to(root).as_posix(), line))
    return Selection(root, tuple(sorted(choices, key=lambda choice: choice.name)))


def _expand(argument: str) -> list[tuple[Path, int | None]]:
    path, line = Path(argument), None
    if not path.exists() and (found := AT_LINE.fullmatch(argument)):
        path, line = Path(found["path"]), int(found["line"])
    if path.is_dir():
        return [(page, None) for page in _below(path)]
    if path.is_file():
        return [(path.absolute().parent.resolve() / path.name, line)]
    if os.path.lexists(path):
        raise PageUnreadable(f"{argument}: neither a file nor a folder that can be read")
    # `glob` takes what a shell takes, absolute patterns included; `Path.glob` does not.
    matches = map(Path, sorted(glob.glob(argument, recursive=True)))  # noqa: PTH207
    readable = [str(match) for match in matches if match.is_dir() or match.is_file()]
    if not readable:
        raise PageUnreadable(f"{argument}: no such page or folder")
    return [each for match in readable for each in _expand(match)]


def _below(folder: Path) -> list[Path]:
    pages = (page for page in folder.resolve().rglob("*") if page.suffix in SUFFIXES)
    return sorted(page for page in pages if page.is_file())


def _root(arguments: Sequence[str], found: dict[Path, int | None]) -> Path:
    folders = [Path(argument).resolve() for argument in arguments if Path(argument).is_dir()]
    starts = [str(path.parent) for path in found if not any(map(path.is_relative_to, folders))]
    starts += map(str, folders)
    return Path(os.path.commonpath(starts)) if starts else Path.cwd()
