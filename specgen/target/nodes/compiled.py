"""Compiles a node's class into the user's cache, once."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from platformdirs import user_cache_path

from specgen.errors import TargetUnreachable
from specgen.target.nodes.jars import fetch_jars, read_list
from specgen.target.nodes.java import find_java
from specgen.target.nodes.kinds import COMPILER, JavaNode

__all__ = ["java_command"]

_FOLDER = Path(__file__).parent
# The last two halve the time to the first answer: a node here lives for minutes, not for weeks.
_RUNTIME = ("-Xms512m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")


def java_command(kind: JavaNode, home: Path) -> tuple[str, ...]:
    """The command that runs a node; fetches and compiles what it needs.

    Args:
        kind: Which node.
        home: Its private folder.

    Raises:
        TargetUnreachable: There is no Java that is new enough, or a jar cannot be had.
    """
    java = find_java(kind.java)
    cache = user_cache_path("specgen")
    jars = fetch_jars(read_list(_FOLDER / kind.jars), cache / "jars")
    classes = _classes(kind, java, jars, cache)
    path = os.pathsep.join(map(str, (classes, *jars)))
    return (str(java), *_RUNTIME, *kind.options, "-cp", path, kind.main, str(home), *kind.modules)


def _classes(kind: JavaNode, java: Path, jars: tuple[Path, ...], cache: Path) -> Path:
    """The folder of the compiled class and the settings of its log."""
    source, log = (_FOLDER / f"{kind.main}{ending}" for ending in (".java", ".properties"))
    made_of = (source, log, _FOLDER / kind.jars, _FOLDER / COMPILER)
    digest = hashlib.sha256(b"\0".join(path.read_bytes() for path in made_of)).hexdigest()
    classes = cache / "nodes" / f"{kind.name}-{digest[:16]}"
    if classes.is_dir():
        return classes
    compiler = fetch_jars(read_list(_FOLDER / COMPILER), cache / "jars")
    classes.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=classes.parent, prefix="compiling-") as folder:
        made = Path(folder, "classes")
        _compile(kind, java, compiler[0], jars, made)
        shutil.copyfile(log, made / "log4j2.properties")
        with contextlib.suppress(OSError):  # another run was faster, and made the same
            made.replace(classes)
    return classes


def _compile(
    kind: JavaNode, java: Path, compiler: Path, jars: tuple[Path, ...], classes: Path
) -> None:
    command = [str(java), "-jar", str(compiler), f"-{kind.java}", "-nowarn", "-proc:none"]
    command += ["-cp", os.pathsep.join(map(str, jars)), "-d", str(classes)]
    done = subprocess.run(
        [*command, str(_FOLDER / f"{kind.main}.java")],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip()[-400:]
        raise TargetUnreachable(f"{kind.main}.java could not be compiled by {java}: {said}")
