"""Reading files, from disk or from memory: the only door to the file system for pages."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Protocol

from specgen.errors import PageUnreadable
from specgen.source import Source

__all__ = ["ChangedFiles", "DiskFiles", "Files", "MemoryFiles", "write_below", "write_whole"]

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
    _real_root: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_real_root", os.path.realpath(self.root))

    def read(self, path: str) -> Source:
        """Reads a file below the root."""
        if not _is_text(path):
            raise PageUnreadable(f"{path}: its name is no UTF-8, so that no report can hold it")
        full = self._inside(path)
        if full is None:
            raise PageUnreadable(f"{path}: not inside the docs root", "see --docs-root")
        try:
            status = full.stat()
        except OSError:
            raise PageUnreadable(f"{path}: no such page") from None
        if not stat.S_ISREG(status.st_mode):
            raise PageUnreadable(f"{path}: no such page")
        if status.st_size > MAX_BYTES:
            raise PageUnreadable(f"{path}: larger than {MAX_BYTES} bytes")
        try:
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
            # As `Path.resolve` does it, in half the time: this is done for every page.
            full = os.path.realpath(os.path.join(self._real_root, path))  # noqa: PTH118
        except (OSError, ValueError):
            return None
        inside = f"{full}/".startswith(f"{self._real_root.rstrip('/')}/")
        return Path(full) if inside else None


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


@dataclass(frozen=True, slots=True)
class ChangedFiles:
    """The files on disk, but for some that have other bytes."""

    disk: DiskFiles
    texts: Mapping[str, bytes]

    def read(self, path: str) -> Source:
        """Reads a file."""
        return Source.of(path, self.texts[path]) if path in self.texts else self.disk.read(path)

    def exists(self, path: str) -> bool:
        """Tells whether there is such a file."""
        return path in self.texts or self.disk.exists(path)


def _is_text(name: str) -> bool:
    """Whether a name is one in UTF-8: Python reads other bytes as surrogates."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def write_whole(path: Path, content: str | bytes) -> None:
    """Writes a file whole or not at all: beside it first, then in its place.

    Text is written as UTF-8, its line ends as they are. What UTF-8 cannot hold, a surrogate
    alone, is written as JSON and Python escape it.

    A link is followed and its mode kept; a device or a pipe is written to, never replaced.

    Raises:
        OSError: It cannot be written; what was there before still is.
    """
    data = content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
    if path.is_symlink():
        path = path.resolve()
    mode = path.stat().st_mode if path.exists() else None
    if mode is not None and not stat.S_ISREG(mode):
        path.write_bytes(data)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name[:200]}.{os.getpid()}.part")
    draft.unlink(missing_ok=True)
    try:
        with draft.open("xb") as file:  # where a link stands by now, nothing is written
            file.write(data)
        if mode is not None:
            draft.chmod(mode & 0o7777)
        draft.replace(path)
    except OSError as trouble:
        draft.unlink(missing_ok=True)
        raise OSError(trouble.errno, trouble.strerror, str(path)) from trouble


def write_below(folder: Path, path: str | PurePath, content: str | bytes) -> None:
    """Writes a file of a folder as `write_whole` does, but through no link out of that folder.

    What lies in a repository may be a stranger's, its links included.

    Raises:
        OSError: It cannot be written, or a link leads out of the folder.
    """
    target = folder / path
    if not target.resolve().is_relative_to(folder.resolve()):
        raise PermissionError(errno.EPERM, f"{target} is or lies behind a link out of it")
    write_whole(target, content)
