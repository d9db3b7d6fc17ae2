"""Has Maven fetch jars, where it is installed."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from specgen.errors import TargetUnreachable

__all__ = ["copy_jars", "find_maven"]

_GOAL = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"
_SECONDS = 900
_NAMES = ("groupId", "artifactId", "version", "classifier")
_PROJECT = (
    "<project><modelVersion>4.0.0</modelVersion>"
    "<groupId>specgen</groupId><artifactId>jars</artifactId><version>1</version>"
    "<packaging>pom</packaging><dependencies>{}</dependencies></project>"
)
# The list is complete: what a jar asks for besides is not wanted.
_ALONE = (
    "<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>"
)


def find_maven(environment: Mapping[str, str]) -> str | None:
    """The program `mvn` on the path, if there is one."""
    return shutil.which("mvn", path=environment.get("PATH", ""))


def copy_jars(program: str, coordinates: Iterable[tuple[str, str, str, str]], folder: Path) -> None:
    """Puts jars into a folder, each named `group.artifact-version[-classifier].jar`.

    Args:
        program: Maven.
        coordinates: Group, artifact, version and classifier of each; the last may be empty.
        folder: Where they go.

    Raises:
        TargetUnreachable: Maven did not get them all.
    """
    with tempfile.TemporaryDirectory(prefix="specgen-maven-") as project:
        file = Path(project, "pom.xml")
        file.write_text(_PROJECT.format("".join(map(_dependency, coordinates))), encoding="utf-8")
        command = [program, "-B", "-q", "-f", str(file), _GOAL]
        command += [f"-DoutputDirectory={folder}", "-Dmdep.prependGroupId=true"]
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                timeout=_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise TargetUnreachable(f"Maven could not fetch the jars: {error}") from None
    if done.returncode:
        errors = [line for line in done.stdout.splitlines() if "ERROR" in line]
        said = errors[0].removeprefix("[ERROR] ")[:400] if errors else "it did not say why"
        raise TargetUnreachable(
            f"Maven could not fetch the jars: {said}", "Can it reach its repositories?"
        )


def _dependency(coordinates: tuple[str, str, str, str]) -> str:
    parts = (
        f"<{name}>{escape(value)}</{name}>"
        for name, value in zip(_NAMES, coordinates, strict=True)
        if value
    )
    return f"<dependency>{''.join(parts)}{_ALONE}</dependency>"
