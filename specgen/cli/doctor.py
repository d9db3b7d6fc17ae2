"""`specgen doctor`: what this machine has of what specgen can use, and what is missing."""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import click

from specgen.cli.config import read_config
from specgen.errors import ExitCode, SpecgenError, TargetUnreachable
from specgen.messages import printable
from specgen.render.cache import cache_folder

__all__ = ["TESTED", "command"]

TESTED = ("Linux x86_64", "3.11")
"""The system, and the version of Python, that the tests of specgen run on."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What came of one look.

    Attributes:
        what: What was looked for.
        found: What is there; empty if it is missing.
        needed: Whether `specgen run` does not work without it.
        hint: What to do if it is missing.
    """

    what: str
    found: str
    needed: bool
    hint: str


@click.command("doctor")
def command() -> int:
    """Tells what is there of what specgen can use, and what is missing.

    Exit code 4 if the embedded engine does not start, 2 if something else that is needed is not
    there. What only some commands use may be missing.
    """
    click.echo(f"specgen {version('specgen')}, Python {platform.python_version()}, {_system()}")
    code = ExitCode.TRUE
    for told in _looks():
        mark = "ok" if told.found else "missing" if told.needed else "-"
        click.echo(f"{mark:>8}  {told.what}: {printable(told.found) or 'not there'}")
        if not told.found and told.hint:
            click.echo(f"{'':10}{printable(told.hint)}")
        if not told.found and told.needed and code is ExitCode.TRUE:
            code = ExitCode.TARGET if told.what == "embedded engine" else ExitCode.USAGE
    return int(code)


def _system() -> str:
    return f"{platform.system()} {platform.machine()}"


def _looks() -> Iterator[_Told]:
    yield _look("platform", _platform)
    yield _look("embedded engine", _engine, needed=True)
    yield _look("temporary folder", _temporary, needed=True)
    yield _look("configuration", _configuration, needed=True)
    yield _look("cache", _cache)
    yield _look("Java for real nodes", _java)
    yield _look("jars of real nodes", _jars)
    yield _look("osmem", _osmem)
    yield _look("git", lambda: shutil.which("git") or "", hint="--changed-since and skips use it")


def _look(what: str, look: Callable[[], str], needed: bool = False, hint: str = "") -> _Told:
    try:
        return _Told(what, look(), needed, hint)
    except SpecgenError as trouble:
        return _Told(what, "", needed, f"{trouble.message} {trouble.hint}".strip())
    except OSError as trouble:
        return _Told(what, "", needed, str(trouble))


def _platform() -> str:
    here = (_system(), platform.python_version().rpartition(".")[0])
    tested = f"{TESTED[0]} with Python {TESTED[1]}"
    if here == TESTED:
        return f"{tested}, where specgen is tested"
    return f"{here[0]} with Python {here[1]}, where specgen should work; tested on {tested}"


def _engine() -> str:
    from specgen.target.opening import TargetSettings, open_target

    started = time.perf_counter()
    with open_target(TargetSettings("embedded")) as target:
        took = time.perf_counter() - started
        return f"{target.info.engine}, answers after {took:.2f} s"


def _temporary() -> str:
    with tempfile.TemporaryDirectory(prefix="specgen-") as folder:
        Path(folder, "file").write_bytes(b"1")
        return str(Path(folder).parent)


def _configuration() -> str:
    from dataclasses import fields

    config = read_config(Path.cwd())
    said = [
        f.name.replace("_", "-") for f in fields(config) if getattr(config, f.name) != f.default
    ]
    return ", ".join(said) or "none here: all is as by default"


def _cache() -> str:
    folder = cache_folder() / "specgen"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder):
        return str(folder)


def _java() -> str:
    from specgen.target.nodes.java import find_java
    from specgen.target.nodes.kinds import JAVA_NODES

    return str(find_java(min(node.java for node in JAVA_NODES)))


def _jars() -> str:
    from specgen.target.nodes.jars import MAVEN_URL
    from specgen.target.nodes.maven import find_maven

    if os.environ.get(MAVEN_URL):
        return f"fetched from {MAVEN_URL}"
    if found := find_maven(os.environ):
        return f"fetched by {found}"
    raise TargetUnreachable(
        "Those that are not in the cache cannot be fetched.",
        f"Set {MAVEN_URL} to the base URL of Maven Central or of a mirror of it, or install Maven.",
    )


def _osmem() -> str:
    from specgen.target.nodes.osmem import osmem_command, osmem_version

    program = osmem_command()[0]  # tells by itself that the package is missing
    return f"{osmem_version()}, {program}"
