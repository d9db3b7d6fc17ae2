"""Looks at a repository: which pages have examples, and what stands beside them."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

from specgen.selection import SUFFIXES
from specgen.starting.values import Ci, Repository

__all__ = ["CANDIDATES", "look_at"]

CANDIDATES = (
    "specgen.toml",
    "docs/first-page.asciidoc",
    ".github/workflows/specgen.yml",
    ".gitlab/specgen.yml",
)
"""What `init` may write."""

# What builds and tools leave, and what belongs to others.
PASSED_OVER = frozenset(
    {"node_modules", "build", "dist", "target", "venv", "__pycache__", "vendor"}
)
EXAMPLE = re.compile(
    rb"^(?:\[source,\s*console|// (?:CONSOLE|TEST|TESTSETUP|TESTRESPONSE)\b)", re.MULTILINE
)
ATTRIBUTES = re.compile(r"(?::[\w-]+:[^\n]*|//[^\n]*|\s*)")
BRANCH = re.compile(r"ref: refs/remotes/origin/([\w./-]+)")
# A page is known by its beginning; nobody waits for a file of gigabytes.
LOOKED_AT = 1_000_000
LARGEST_SETUPS = 20_000_000


def look_at(folder: Path) -> Repository:
    """What a repository has, by its files alone; links to elsewhere are not followed."""
    pages: list[str] = []
    attributes: list[str] = []
    setups: list[str] = []
    for path in _files(folder):
        name = path.relative_to(folder).as_posix()
        if path.suffix in {*SUFFIXES, ".txt"} and (data := _beginning(path)):
            if _is_attributes(data):
                attributes.append(name)
            elif path.suffix in SUFFIXES and EXAMPLE.search(data):
                pages.append(name)
        elif path.suffix == ".console":
            setups.append(name.rpartition("/")[0])
        elif path.suffix == ".json" and "setup" in path.stem and _is_setups(path):
            setups.append(name)
    return Repository(
        tuple(pages),
        tuple(attributes),
        tuple(dict.fromkeys(filter(None, setups))),
        Ci.GITLAB if (folder / ".gitlab-ci.yml").exists() else Ci.GITHUB,
        _configured(folder),
        frozenset(name for name in CANDIDATES if (folder / name).exists()),
        _branch(folder),
    )


def _files(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and name not in PASSED_OVER
        )
        for name in sorted(names):
            path = Path(parent, name)
            if path.is_file() and not path.is_symlink():
                yield path


def _beginning(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LOOKED_AT)
    except OSError:
        return b""


def _is_setups(path: Path) -> bool:
    """Whether a file is what `setups` takes: texts by name below `setups`."""
    try:
        if path.stat().st_size > LARGEST_SETUPS:
            return False
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    setups = document.get("setups") if isinstance(document, dict) else None
    return isinstance(setups, dict) and all(isinstance(text, str) for text in setups.values())


def _is_attributes(data: bytes) -> bool:
    lines = data.decode("utf-8", "replace").splitlines()
    return all(map(ATTRIBUTES.fullmatch, lines)) and any(line.startswith(":") for line in lines)


def _branch(folder: Path) -> str:
    """The default branch of where a clone came from; git keeps it in a file of its own."""
    told = _beginning(folder / ".git/refs/remotes/origin/HEAD").decode("utf-8", "replace")
    found = BRANCH.fullmatch(told.rstrip("\n"))
    return found[1] if found else "main"


def _configured(folder: Path) -> str:
    if (folder / "specgen.toml").exists():
        return "specgen.toml"
    shared = folder / "pyproject.toml"
    table = rb"^\[tool\.specgen\b"
    is_there = shared.is_file() and re.search(table, _beginning(shared), re.MULTILINE)
    return "pyproject.toml" if is_there else ""
