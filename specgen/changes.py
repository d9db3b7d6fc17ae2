"""Which files changed since a commit, as git tells."""

from __future__ import annotations

import subprocess
from pathlib import Path

from specgen.errors import UsageProblem

__all__ = ["changed_files"]


def changed_files(root: Path, reference: str) -> frozenset[Path]:
    """The files below a folder that differ from a commit, new ones included.

    Raises:
        UsageProblem: There is no git, no repository, or no such commit.
    """
    if reference.startswith("-"):
        raise UsageProblem(f"--changed-since: {reference!r} is no commit")
    diff = _git(root, "diff", "--name-only", "-z", "--relative", reference, "--", ".")
    new = _git(root, "ls-files", "--others", "--exclude-standard", "-z", "--", ".")
    return frozenset((root / name).resolve() for name in (*diff, *new) if name)


def _git(folder: Path, *arguments: str) -> list[str]:
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=folder, capture_output=True, check=True, text=True
        )
    except FileNotFoundError as trouble:
        raise UsageProblem("--changed-since needs git, which is not here") from trouble
    except subprocess.CalledProcessError as trouble:
        reason = trouble.stderr.strip().splitlines()
        raise UsageProblem(
            f"--changed-since: git says: {reason[-1] if reason else '?'}"
        ) from trouble
    return done.stdout.split("\0")
