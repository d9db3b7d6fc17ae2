"""Many modules at once: their texts by path, written or compared with what stands there."""

from __future__ import annotations

import errno
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from specgen.files import write_whole
from specgen.render.paths import PACKAGE_MARK, module_of_page
from specgen.render.rendered import Rendered

__all__ = ["Modules", "diff_modules", "modules_of", "write_modules"]

Modules = Mapping[PurePosixPath, str]


def modules_of(pages: Iterable[Rendered], root: Path) -> Modules:
    """The modules of the pages that have a case, by path below the output folder.

    Args:
        pages: The pages.
        root: The docs root; the names in its folders decide where two would collide.
    """
    find = module_of_page(root)
    return {find(each.page): each.module for each in pages if each.module}


def write_modules(modules: Modules, folder: Path) -> int:
    """Writes what is not there yet as it should be; returns how many modules that were.

    Raises:
        OSError: A file cannot be written, or a link there leads out of the folder.
    """
    written = 0
    for path in modules:
        _check_inside(folder / path, folder)
    for package in dict.fromkeys(package for path in modules for package in path.parents):
        mark = folder / package / "__init__.py"
        if not mark.exists():
            mark.parent.mkdir(parents=True, exist_ok=True)
            mark.write_text(PACKAGE_MARK, encoding="utf-8", newline="\n")
    for path, text in modules.items():
        target = folder / path
        if _text_of(target) != text:
            write_whole(target, text)
            written += 1
    return written


def _check_inside(target: Path, folder: Path) -> None:
    """Refuses to write where a link among the modules of a stranger leads."""
    if not target.resolve().is_relative_to(folder.resolve()):
        raise PermissionError(errno.EPERM, f"{target} is or lies behind a link out of it")


def diff_modules(modules: Modules, folder: Path) -> tuple[str, ...]:
    """A unified diff for each module that is missing, or is not what its page asks for."""
    from difflib import unified_diff  # slow to import, and mostly nothing is stale

    diffs = []
    for path, text in modules.items():
        there = _text_of(folder / path)
        if there == text:
            continue
        lines = unified_diff(
            (there or "").splitlines(keepends=True),
            text.splitlines(keepends=True),
            str(folder / path) if there is not None else "(missing)",
            str(folder / path),
        )
        diffs.append("".join(lines))
    return tuple(diffs)


def _text_of(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, ValueError):
        return None
