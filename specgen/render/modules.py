"""Many modules at once: their texts by path, written or compared with what stands there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from specgen.files import write_below
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
    for package in dict.fromkeys(package for path in modules for package in path.parents):
        mark = package / "__init__.py"
        if not (folder / mark).exists():
            write_below(folder, mark, PACKAGE_MARK)
    for path, text in modules.items():
        if _text_of(folder / path) != text:
            write_below(folder, path, text)
            written += 1
    return written


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
