"""Private temporary folders that a later run sweeps away if their owner could not.

Below one parent folder, which only its user can enter, each run has a folder `NAME` and
beside it a file `NAME.owner`. The owner holds a lock on that file; the system lets go of it
however the owner ends, so a folder whose file can be locked is stale. Process ids and start
times would tell the same, but not across containers that share a temporary folder.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import stat
import sys
import tempfile
from pathlib import Path

from specgen.errors import TargetUnreachable

__all__ = ["Scratch", "scratch_parent", "sweep"]

_OWNER_FILE = re.compile(r"([0-9a-f]{16})\.owner")
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)


class Scratch:
    """A private folder, empty at first, that belongs to this process until `remove`.

    Attributes:
        folder: Where it is; only this user can enter it.
    """

    def __init__(self, parent: Path | None = None) -> None:
        parent = parent or scratch_parent()
        for _ in range(5):
            owner = parent / f"{secrets.token_hex(8)}.owner"
            lock = os.open(owner, os.O_CREAT | os.O_EXCL | os.O_RDWR | _NO_FOLLOW, 0o600)
            # A sweep may come between making and locking the file; then it goes, another comes.
            if _lock(lock) and _same_file(lock, owner):
                break
            os.close(lock)
        else:
            raise TargetUnreachable(
                f"No file can be locked in {parent}.", "Set TMPDIR to a folder on a local disk."
            )
        os.write(lock, f"{os.getpid()}\n".encode())
        self._lock, self._owner, self._pid = lock, owner, os.getpid()
        self.folder = owner.with_suffix("")
        self.folder.mkdir(mode=0o700)

    def remove(self) -> None:
        """Removes the folder and all in it; may be called twice, does nothing in a fork."""
        if self._lock < 0 or os.getpid() != self._pid:
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self._lock)  # before its file goes: Windows removes no open file
        self._lock = -1
        if not self.folder.exists():
            self._owner.unlink(missing_ok=True)


def scratch_parent() -> Path:
    """The folder below which this user's scratch folders are; made if it is not there.

    Raises:
        TargetUnreachable: It is a link, or somebody else's.
    """
    user = str(os.getuid()) if sys.platform != "win32" else "user"
    parent = Path(tempfile.gettempdir()) / f"specgen-{user}"
    with contextlib.suppress(FileExistsError):
        parent.mkdir(mode=0o700)
    found = parent.lstat()
    if not stat.S_ISDIR(found.st_mode) or not _is_ours(found):
        raise TargetUnreachable(
            f"{parent} is not a folder of this user, so specgen does not write there.",
            "Remove it, or set TMPDIR to another folder.",
        )
    if sys.platform != "win32" and stat.S_IMODE(found.st_mode) != 0o700:
        parent.chmod(0o700)
    return parent


def sweep(parent: Path) -> int:
    """Removes the folders whose owners are gone, and only these; follows no links.

    Returns:
        How many were removed.
    """
    owners = [path for path in parent.iterdir() if _OWNER_FILE.fullmatch(path.name)]
    return sum(_sweep_one(owner) for owner in owners)


def _sweep_one(owner: Path) -> bool:
    try:
        lock = os.open(owner, os.O_RDWR | _NO_FOLLOW)
    except OSError:  # a link, or another sweep was faster
        return False
    try:
        found = os.fstat(lock)
        if not stat.S_ISREG(found.st_mode) or not _is_ours(found) or not _lock(lock):
            return False
        folder = owner.with_suffix("")
        shutil.rmtree(folder, ignore_errors=True)  # which leaves alone what is a link
        if folder.exists():
            return False
        with contextlib.suppress(OSError):
            owner.unlink()
        return True
    finally:
        os.close(lock)


def _is_ours(found: os.stat_result) -> bool:
    return sys.platform == "win32" or found.st_uid == os.getuid()


def _same_file(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.lstat())
    except FileNotFoundError:
        return False


def _lock(descriptor: int) -> bool:
    """Takes the lock that ends with the process, if nobody else holds it."""
    try:
        if sys.platform == "win32":
            import msvcrt  # there is one of the two on any system

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
