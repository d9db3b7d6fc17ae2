"""Renders the plan of a page as a pytest module."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath

from specgen.plan.values import PagePlan
from specgen.render.templates import fill
from specgen.render.view import view_of

__all__ = ["PACKAGE_MARK", "module_path", "render_module"]

# The text of the `__init__.py` in each folder of modules: with it, modules of the same name
# in different folders do not collide, whatever way pytest imports them.
PACKAGE_MARK = '"""Rendered by specgen. Change the pages, not these files."""\n'


def render_module(plan: PagePlan) -> str:
    """The module of a page: deterministic, formatted, and safe whatever the page says."""
    return fill("module.py.j2", view_of(plan))


def module_path(page: str, beside: Callable[[str], Iterable[str]]) -> PurePosixPath:
    """Where the module of a page stands below the output folder.

    Each part of the page's path becomes a Python name. Where two names of one folder would
    become the same, the one that Python takes as it is (else the first) keeps it, and the
    others get a piece of their hash; that depends on the folder alone, never on which pages
    were selected.

    Args:
        page: The page's path relative to the docs root.
        beside: The names that stand in a folder of the docs root, `""` for the root itself.
    """
    *folders, file = PurePosixPath(page).parts
    parts: list[str] = []
    above = ""
    for folder in folders:
        others = (name for name in beside(above) if name == _stem(name))
        parts.append(_distinct(folder, others, _folder_name))
        above = f"{above}/{folder}".removeprefix("/")
    others = (name for name in beside(above) if name != _stem(name))
    parts.append(_distinct(file, others, _file_name))
    return PurePosixPath(*parts[:-1], f"test_{parts[-1]}.py")


def _distinct(name: str, others: Iterable[str], to_python: Callable[[str], str]) -> str:
    wanted = to_python(name)
    same = {other for other in others if to_python(other).lower() == wanted.lower()} | {name}
    first = min(same, key=lambda other: (to_python(other) not in (other, _stem(other)), other))
    if name == first:
        return wanted
    return f"{wanted}_{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def _stem(name: str) -> str:
    return re.sub(r"\.(?:asciidoc|adoc|asc)$", "", name)


def _file_name(name: str) -> str:
    return re.sub(r"\W", "_", _stem(name), flags=re.ASCII) or "_"


def _folder_name(name: str) -> str:
    plain = re.sub(r"\W", "_", name, flags=re.ASCII) or "_"
    return f"_{plain}" if plain[0].isdigit() else plain
