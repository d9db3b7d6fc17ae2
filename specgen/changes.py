"""What git tells of files: which changed since a commit, and since when each line is as it is."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from specgen.errors import UsageProblem

__all__ = ["LineChange", "changed_files", "last_changes"]

# `git blame --porcelain`: the head of a line, and what is told of its commit the first time.
HEAD = re.compile(rb"(?P<commit>[0-9a-f]{40,64}) \d+ \d+(?: \d+)?")
TIME = b"committer-time "
SHORT = 9


@dataclass(frozen=True, slots=True)
class LineChange:
    """The commit that made a line what it is.

    Attributes:
        commit: Its hash, shortened.
        time: When it was committed, in seconds since 1970.
        or_before: Whether history is cut off there (a shallow clone): the line may be older.
    """

    commit: str
    time: int
    or_before: bool = False


def changed_files(root: Path, reference: str) -> frozenset[Path]:
    """The files below a folder that differ from a commit, new ones included.

    Raises:
        UsageProblem: There is no git, no repository, or no such commit.
    """
    if reference.startswith("-"):
        raise UsageProblem(f"--changed-since: {reference!r} is no commit")
    asked = "--changed-since"
    diff = _git(root, asked, "diff", "--name-only", "-z", "--relative", reference, "--", ".")
    new = _git(root, asked, "ls-files", "--others", "--exclude-standard", "-z", "--", ".")
    names = (os.fsdecode(name) for name in (diff + new).split(b"\0") if name)
    return frozenset((root / name).resolve() for name in names)


def last_changes(path: Path) -> tuple[LineChange | None, ...] | None:
    """The commit of each line of a file, lines ending with line feeds as git has them.

    Returns:
        None for a line that is not committed yet; no line at all of a file that no commit has;
        None for a file that is in no repository.

    Raises:
        UsageProblem: There is no git, or it refuses to read the repository.
    """
    full = path.resolve()
    if not any((folder / ".git").exists() for folder in full.parents):
        return None
    folder, asked = full.parent, "age"
    try:
        told = _git(folder, asked, "blame", "--porcelain", "--no-textconv", "--", full.name)
    except UsageProblem:
        if _is_new(folder, full.name):
            return ()
        raise
    cut_off = b"\nboundary\n" in told and (
        _git(folder, asked, "rev-parse", "--is-shallow-repository").strip() == b"true"
    )
    return _changes(told, cut_off)


def _is_new(folder: Path, name: str) -> bool:
    """Whether no commit has a file: it is untracked, ignored, or only added."""
    options = ("--porcelain", "-z", "--ignored", "--", name)
    return _git(folder, "age", "--literal-pathspecs", "status", *options)[:2] in (
        *(b"??", b"!!", b"A ", b"AM", b" A"),
    )


def _changes(told: bytes, cut_off: bool) -> tuple[LineChange | None, ...]:
    """Reads what `git blame --porcelain` told; content stands behind a tab, so it misleads none."""
    times: dict[bytes, int] = {}
    ends: set[bytes] = set()
    lines: list[bytes] = []
    for line in told.split(b"\n"):
        if head := HEAD.fullmatch(line):
            lines.append(head["commit"])
        elif line.startswith(TIME):
            times[lines[-1]] = int(line.removeprefix(TIME))
        elif line == b"boundary":
            ends.add(lines[-1])
    return tuple(
        LineChange(commit[:SHORT].decode(), times[commit], cut_off and commit in ends)
        if commit.strip(b"0")
        else None
        for commit in lines
    )


def _git(folder: Path, asked: str, *arguments: str) -> bytes:
    """What git prints; never through a shell, and without taking a lock.

    Raises:
        UsageProblem: There is no git, or it fails.
    """
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=folder, env=environment, capture_output=True, check=True
        )
    except FileNotFoundError as trouble:
        raise UsageProblem(f"{asked} needs git, which is not here") from trouble
    except subprocess.CalledProcessError as trouble:
        told = trouble.stderr.decode("utf-8", "replace").strip().splitlines()
        fatal = [line for line in told if line.startswith("fatal:")]
        reason = (fatal or told or ["?"])[-1]
        raise UsageProblem(f"{asked}: git says: {reason}") from trouble
    return done.stdout
