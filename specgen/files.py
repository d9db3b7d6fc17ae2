"""Reading files, from disk or from memory: the only door to the file system for pages."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from specgen.errors import PageUnreadable
from specgen.source import Source

__all__ = ["DiskFiles", "Files", "MemoryFiles", "write_whole"]

# A page larger than this is no documentation page; reading it would only serve to harm.
MAX_BYTES = 32 * 1024 * 1024


class Files(Protocol):
    """Where pages are read from."""

    def read(self, path: str) -> Source:
        """Reads a file named relative to the root.

        Raises:
            PageUnreadable: There is no such file, or it lies outside the root.
        """

    def exists(self, path: str) -> bool:
        """Tells whether `read` would find such a file."""


@dataclass(frozen=True, slots=True)
class DiskFiles:
    """The files below one folder; nothing outside it is read, symbolic links included."""

    root: Path

    def read(self, path: str) -> Source:
        """Reads a file below the root."""
        full = self._inside(path)
        if full is None:
            raise PageUnreadable(f"{path}: not inside the docs root", "see --docs-root")
        try:
            if not full.is_file():
                raise PageUnreadable(f"{path}: no such page")
            if full.stat().st_size > MAX_BYTES:
                raise PageUnreadable(f"{path}: larger than {MAX_BYTES} bytes")
            data = full.read_bytes()
        except OSError as trouble:
            raise PageUnreadable(f"{path}: {trouble.strerror or trouble}") from trouble
        return Source.of(path, data)

    def exists(self, path: str) -> bool:
        """Tells whether there is such a regular file below the root."""
        full = self._inside(path)
        return full is not None and full.is_file()

    def _inside(self, path: str) -> Path | None:
        try:
            root = self.root.resolve()
            full = (root / path).resolve()
        except (OSError, ValueError, RuntimeError):
            return None
        return full if full.is_relative_to(root) else None


@dataclass(frozen=True, slots=True)
class MemoryFiles:
    """Files held in memory, for tests and for text that is not on disk."""

    texts: Mapping[str, str | bytes]

    def read(self, path: str) -> Source:
        """Reads one of the texts."""
        if path not in self.texts:
            raise PageUnreadable(f"{path}: no such page")
        return Source.of(path, self.texts[path])

    def exists(self, path: str) -> bool:
        """Tells whether there is such a text."""
        return path in self.texts


def write_whole(path: Path, text: str) -> None:
    """Writes a file whole or not at all: beside it first, then in its place.

    A link is followed and its mode kept; a device or a pipe is written to, never replaced.

    Raises:
        OSError: It cannot be written; what was there before still is.
    """
    path = path.resolve()
    if path.exists() and not path.is_file():
        path.write_text(text, encoding="utf-8", newline="\n")
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name[:200]}.{os.getpid()}.part")
    try:
        draft.write_text(text, encoding="utf-8", newline="\n")
        if path.exists():
            draft.chmod(path.stat().st_mode & 0o7777)
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
