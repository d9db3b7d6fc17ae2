"""Tells whether another run of this user's is at work on the same cluster.

What a run makes, another one may take for its own and remove, unless each keeps to a scope. Each
run holds a lock on a file of its cluster, in the user's state folder; the system lets go of it
however the run ends. Runs of other users and machines are not known.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from platformdirs import user_state_path

from specgen.target.opening import TARGETS, TargetSettings

__all__ = ["in_company"]


@contextmanager
def in_company(settings: TargetSettings) -> Iterator[bool]:
    """Whether another run has this open for the same cluster; where nobody can tell, it has not.

    A run that only reads, or keeps to a scope, is none of these; nor has a target that specgen
    starts itself company.
    """
    apart = settings.read_only or settings.scope or settings.target in TARGETS
    if apart or sys.platform == "win32" or not settings.target.startswith("http"):
        yield False
        return
    lock, file = -1, Path()
    with suppress(OSError, ValueError):
        folder = user_state_path("specgen") / "targets"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        url = urlsplit(settings.target)
        name = hashlib.sha256(f"{url.hostname} {url.port} {url.path.rstrip('/')}".encode())
        file = folder / name.hexdigest()[:16]
        lock = os.open(file, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
    try:
        yield lock >= 0 and not _alone(lock)
    finally:
        if lock >= 0:
            with suppress(OSError):
                if _alone(lock):
                    file.unlink()
            os.close(lock)


def _alone(lock: int) -> bool:
    """Takes a lock that several can hold, and tells whether nobody else did."""
    import fcntl  # Windows has none

    alone = True
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        alone = False
    with suppress(OSError):
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    return alone
