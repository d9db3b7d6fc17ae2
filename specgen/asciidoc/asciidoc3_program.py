"""Unpacks the program asciidoc3 from its package into the user's cache.

The wheel of asciidoc3 carries its program as a tarball beside a module that only prints how
to install it. specgen never imports that package: asciidoc3 is under the AGPL-3.0 and is
run as a program of its own, unchanged.
"""

from __future__ import annotations

import fcntl
import hashlib
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from io import BytesIO
from pathlib import Path, PurePosixPath

from platformdirs import user_cache_path

from specgen.errors import UsageProblem

__all__ = ["PROGRAM", "unpacked_program"]

PROGRAM = "asciidoc3.py"
CONFIGURATION = ("conf/asciidoc3.conf", "conf/backends/docbook51.conf")
CONTENTS = "CONTENTS.sha256"
TARBALL = "asciidoc3-*.tar.gz"
MAX_BYTES = 16 << 20
HINT = "install it with `pip install --force-reinstall asciidoc3`, or leave out --asciidoc3"


def unpacked_program(cache: Path | None = None) -> Path:
    """Finds the program in the cache, and unpacks it there where it is missing or damaged.

    Only the program, its configuration and its languages are unpacked; its filters, which
    run commands, are not. Two runs at the same time do not disturb each other.

    Args:
        cache: The folder that holds specgen's caches; the user's own if not given.

    Returns:
        The path of `asciidoc3.py`, in a folder named by the digest of the tarball.

    Raises:
        UsageProblem: asciidoc3 is not installed or its tarball is not what it should be,
            or the cache cannot be written.
    """
    tarball = _tarball()
    root = (cache or user_cache_path("specgen")) / "asciidoc3"
    try:
        data = tarball.read_bytes()
        folder = root / hashlib.sha256(data).hexdigest()[:16]
        if not _intact(folder):
            root.mkdir(parents=True, exist_ok=True)
            with (root / "lock").open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)  # until the file is closed
                if not _intact(folder):
                    _unpack(data, folder)
    except (tarfile.TarError, EOFError, zlib.error) as trouble:
        raise UsageProblem(f"{tarball.name} of asciidoc3 is damaged: {trouble}", HINT) from trouble
    except OSError as trouble:
        raise UsageProblem(
            f"asciidoc3 cannot be unpacked into {root}: {trouble.strerror or trouble}",
            "set XDG_CACHE_HOME to a folder that can be written",
        ) from trouble
    return folder / PROGRAM


def _tarball() -> Path:
    # What is installed is asked for by the package's name, not by the module's: a stray
    # `asciidoc3.py` in the current folder is not it.
    try:
        package = distribution("asciidoc3")
    except PackageNotFoundError as missing:
        raise UsageProblem("the program asciidoc3 is not installed", HINT) from missing
    found = sorted(file for file in package.files or () if file.match(TARBALL))
    if not found:
        raise UsageProblem("the package asciidoc3 holds no program", HINT)
    return Path(str(found[-1].locate()))


def _unpack(data: bytes, folder: Path) -> None:
    """Puts the wanted files into `folder`, all at once, by way of a folder beside it."""
    with tempfile.TemporaryDirectory(dir=folder.parent, ignore_cleanup_errors=True) as temporary:
        fresh, old = Path(temporary, "new"), Path(temporary, "old")
        lines = []
        for name, content in _wanted(data):
            path = fresh / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            lines.append(f"{hashlib.sha256(content).hexdigest()}  {name}\n")
        (fresh / CONTENTS).write_text("".join(lines), encoding="utf-8")
        if folder.exists():
            folder.rename(old)
        fresh.rename(folder)


def _wanted(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The files that are needed; a tarball that holds anything suspicious is refused whole."""
    missing = {PROGRAM, *CONFIGURATION}
    left = MAX_BYTES
    with tarfile.open(fileobj=BytesIO(data), mode="r:gz") as archive:
        for member in archive:
            _check(member)
            left -= member.size
            if left < 0:
                raise tarfile.TarError(f"it holds more than {MAX_BYTES} bytes")
            content = archive.extractfile(member) if member.isreg() else None
            name = member.name.removeprefix("./")
            if content is not None and _needed(name):
                missing.discard(name)
                yield name, content.read()
    if missing:
        raise tarfile.TarError(f"it holds no {', '.join(sorted(missing))}")


def _needed(name: str) -> bool:
    return name == PROGRAM or name in CONFIGURATION or PurePosixPath(name).match("conf/lang/*.conf")


def _check(member: tarfile.TarInfo) -> None:
    # The tarball has a few symbolic links among its manuals; they are passed over.
    path = PurePosixPath(member.name)
    if path.is_absolute() or ".." in path.parts or "\\" in member.name or ":" in member.name:
        raise tarfile.TarError(f"it names a file outside itself: {member.name!r}")
    if member.isdev() or member.islnk():
        raise tarfile.TarError(f"it holds a device or a hard link: {member.name!r}")
    if member.issym() and _needed(member.name):
        raise tarfile.TarError(f"it holds a link for a program: {member.name!r}")


def _intact(folder: Path) -> bool:
    """Whether everything that was unpacked is there as it was."""
    try:
        lines = (folder / CONTENTS).read_text(encoding="utf-8").splitlines()
        files = [line.partition("  ") for line in lines]
        return {PROGRAM, *CONFIGURATION} <= {name for _, _, name in files} and all(
            hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
            for digest, _, name in files
        )
    except (OSError, ValueError):
        return False
