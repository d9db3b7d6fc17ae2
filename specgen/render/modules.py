"""Many modules at once: their texts by path, written or compared with what stands there."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path, PurePosixPath

from specgen.files import write_whole
from specgen.plan.values import PagePlan
from specgen.render.module import PACKAGE_MARK, module_path, render_module

__all__ = ["Modules", "diff_modules", "module_of_page", "render_modules", "write_modules"]

Modules = Mapping[PurePosixPath, str]


def render_modules(plans: Sequence[PagePlan], root: Path) -> Modules:
    """The modules of the pages that have a case, by path below the output folder.

    Args:
        plans: The pages.
        root: The docs root; the names in its folders decide where two would collide.
    """
    find = module_of_page(root)
    return {find(plan.page): render_module(plan) for plan in plans if plan.cases}


def module_of_page(root: Path) -> Callable[[str], PurePosixPath]:
    """Gives a function from a page to the path of its module.

    Each folder of the docs root is listed once, however many pages it holds.
    """

    @cache
    def beside(folder: str) -> tuple[str, ...]:
        place = root / folder
        return tuple(path.name for path in place.iterdir()) if place.is_dir() else ()

    return lambda page: module_path(page, beside)


def write_modules(modules: Modules, folder: Path) -> int:
    """Writes what is not there yet as it should be; returns how many modules that were.

    Raises:
        OSError: A file cannot be written.
    """
    written = 0
    for path, text in modules.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        for package in _packages(path):
            mark = folder / package / "__init__.py"
            if not mark.exists():
                mark.write_text(PACKAGE_MARK, encoding="utf-8", newline="\n")
        if _text_of(target) != text:
            write_whole(target, text)
            written += 1
    return written


def diff_modules(modules: Modules, folder: Path) -> tuple[str, ...]:
    """A unified diff for each module that is missing, or is not what its page asks for."""
    diffs = []
    for path, text in modules.items():
        there = _text_of(folder / path)
        if there == text:
            continue
        lines = difflib.unified_diff(
            (there or "").splitlines(keepends=True),
            text.splitlines(keepends=True),
            str(folder / path) if there is not None else "(missing)",
            str(folder / path),
        )
        diffs.append("".join(lines))
    return tuple(diffs)


def _packages(path: PurePosixPath) -> Sequence[PurePosixPath]:
    return path.parents


def _text_of(path: Path) -> str | None:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return file.read()
    except (OSError, ValueError):
        return None
