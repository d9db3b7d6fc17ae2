"""Where the module of a page stands below the output folder."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path, PurePosixPath

__all__ = ["PACKAGE_MARK", "module_of_page", "short_path"]

# The text of the `__init__.py` in each folder of modules: with it, modules of the same name
# in different folders do not collide, whatever way pytest imports them.
PACKAGE_MARK = '"""Rendered by specgen. Change the pages, not these files."""\n'

# A file system takes 255 bytes; the test tools add their own to the name of a module.
LONGEST = 180
MOST_BYTES = 240

# The name that keeps a Python name, by that Python name in lower case.
Keepers = Mapping[str, str]


def module_of_page(root: Path) -> Callable[[str], PurePosixPath]:
    """Gives a function from a page to the path of its module.

    Each part of the page's path becomes a Python name. Where two names of one folder would
    become the same, the one that Python takes as it is (else the first) keeps it, and the
    others get a piece of their hash; that depends on the folder alone, never on which pages
    were selected. Each folder of the docs root is listed once, however many pages it holds.
    """

    @cache
    def keepers(folder: str) -> tuple[Keepers, Keepers]:
        place = root / folder
        names = [each.name for each in place.iterdir()] if place.is_dir() else []
        pages = [name for name in names if name != _stem(name)]
        folders = [name for name in names if name == _stem(name)]
        return _keepers(folders, _folder_name), _keepers(pages, _file_name)

    @cache
    def module_folder(folder: str) -> PurePosixPath:
        above, _, name = folder.rpartition("/")
        if not name:
            return PurePosixPath()
        return module_folder(above) / _distinct(name, keepers(above)[0], _folder_name)

    def module(page: str) -> PurePosixPath:
        folder, _, name = page.rpartition("/")
        return module_folder(folder) / f"test_{_distinct(name, keepers(folder)[1], _file_name)}.py"

    return module


def short_path(path: str) -> PurePosixPath:
    """A path whose last name every file system takes: cut before its ending, with its hash."""
    whole = PurePosixPath(path)
    name = os.fsencode(whole.name)
    if len(name) <= MOST_BYTES:
        return whole
    kept = name[:LONGEST].decode("utf-8", "ignore")
    return whole.with_name(f"{kept}_{hashlib.sha256(name).hexdigest()[:8]}{whole.suffix}")


def _keepers(names: Iterable[str], to_python: Callable[[str], str]) -> Keepers:
    found: dict[str, str] = {}
    for name in names:
        wanted = to_python(name)
        key = wanted.lower()
        found[key] = _first(name, found.get(key, name), to_python)
    return found


def _distinct(name: str, keepers: Keepers, to_python: Callable[[str], str]) -> str:
    wanted = to_python(name)
    own = hashlib.sha256(os.fsencode(name)).hexdigest()[:8]
    if len(wanted) > LONGEST:
        return f"{wanted[:LONGEST]}_{own}"
    if name == _first(name, keepers.get(wanted.lower(), name), to_python):
        return wanted
    return f"{wanted}_{own}"


def _first(one: str, other: str, to_python: Callable[[str], str]) -> str:
    if one == other:
        return one
    return min(one, other, key=lambda name: (to_python(name) not in (name, _stem(name)), name))


def _stem(name: str) -> str:
    return re.sub(r"\.(?:asciidoc|adoc|asc)$", "", name)


def _file_name(name: str) -> str:
    return re.sub(r"\W", "_", _stem(name), flags=re.ASCII) or "_"


def _folder_name(name: str) -> str:
    plain = re.sub(r"\W", "_", name, flags=re.ASCII) or "_"
    return f"_{plain}" if plain[0].isdigit() else plain
