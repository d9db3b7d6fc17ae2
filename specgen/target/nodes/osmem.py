"""Finds the program of the package osmem-server, an in-memory server that answers as OpenSearch."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
from pathlib import Path

from specgen.errors import TargetUnreachable

__all__ = ["osmem_command", "osmem_version"]


def osmem_command(package: str = "osmem_server") -> tuple[str, ...]:
    """The command that runs it on a free loopback port, until standard input is closed.

    The program itself is started, not the package's script: a parent in between would leave it
    behind.

    Raises:
        TargetUnreachable: The package is missing, or has no program for this machine.
    """
    found = importlib.util.find_spec(package)
    name = "osmem-server.exe" if os.name == "nt" else "osmem-server"
    for folder in (found.submodule_search_locations or ()) if found else ():
        program = Path(folder, "bin", name)
        if program.is_file():
            return (str(program), "-addr", "127.0.0.1:0")
    raise TargetUnreachable(
        "The package osmem-server is missing, or has no program for this machine.",
        "Install it with `pip install osmem-server`.",
    )


def osmem_version() -> str:
    """The version of the package, for people."""
    return importlib.metadata.version("osmem-server")
