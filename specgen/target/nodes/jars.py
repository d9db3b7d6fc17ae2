"""The jars of a node: listed with their sums, fetched into the user's cache, checked.

A list holds one jar a line, `group:artifact:version[:classifier] SHA-256`. A jar that is not in
the cache, or is not what its sum says, comes from the Maven repository that `SPECGEN_MAVEN_URL`
names; where that is not set, Maven itself is asked, which knows the user's mirrors, proxies and
credentials. Whatever brought it, no jar is used that its sum does not fit.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import requests
import tenacity

from specgen.errors import TargetUnreachable
from specgen.target.nodes.maven import copy_jars, find_maven

__all__ = ["MAVEN_URL", "Jar", "fetch_jars", "read_list"]

MAVEN_URL = "SPECGEN_MAVEN_URL"
"""The environment variable that names the Maven repository to take jars from."""
_AT_ONCE = 4
_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Jar:
    """One line of a list.

    Attributes:
        group: Its Maven coordinates.
        artifact: Likewise.
        version: Likewise.
        classifier: Likewise; empty for most.
        sha256: The sum of its bytes, in hexadecimal.
    """

    group: str
    artifact: str
    version: str
    classifier: str
    sha256: str

    @property
    def name(self) -> str:
        """Its file name in a cache: no two jars share one."""
        return f"{self.group}.{self._file}"

    @property
    def path(self) -> str:
        """Where it stands in a Maven repository."""
        return f"{self.group.replace('.', '/')}/{self.artifact}/{self.version}/{self._file}"

    @property
    def _file(self) -> str:
        parts = filter(None, (self.artifact, self.version, self.classifier))
        return "-".join(parts) + ".jar"


def read_list(path: Path) -> tuple[Jar, ...]:
    """Reads a committed list; `#` begins a comment line."""
    lines = path.read_text(encoding="ascii").splitlines()
    return tuple(_jar(line) for line in lines if not line.startswith("#"))


def _jar(line: str) -> Jar:
    coordinates, sha256 = line.split()
    group, artifact, version, *classifier = coordinates.split(":")
    return Jar(group, artifact, version, "".join(classifier), sha256)


def fetch_jars(
    jars: Iterable[Jar], cache: Path, environment: Mapping[str, str] = os.environ
) -> tuple[Path, ...]:
    """The files of the jars, in their order; what is missing is fetched.

    Two runs may do this at once in one cache: a file appears there whole and checked.

    Raises:
        TargetUnreachable: One cannot be had, or is not what its sum says.
    """
    jars = tuple(jars)
    cache.mkdir(parents=True, exist_ok=True)
    missing = [jar for jar in jars if _sum(cache / jar.name) != jar.sha256]
    if missing and (base := environment.get(MAVEN_URL, "").rstrip("/")):
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for _ in pool.map(lambda jar: _download(jar, base, cache), missing):
                pass
    elif missing:
        _by_maven(missing, cache, environment)
    return tuple(cache / jar.name for jar in jars)


def _by_maven(missing: list[Jar], cache: Path, environment: Mapping[str, str]) -> None:
    program = find_maven(environment)
    if program is None:
        raise TargetUnreachable(
            f"{len(missing)} jars are not in {cache}, and specgen does not know where to get them.",
            f"Set {MAVEN_URL} to the base URL of Maven Central or of a mirror of it; "
            "with Maven installed, that is not needed.",
        )
    with tempfile.TemporaryDirectory(dir=cache, prefix="maven-") as folder:
        coordinates = [(jar.group, jar.artifact, jar.version, jar.classifier) for jar in missing]
        copy_jars(program, coordinates, Path(folder))
        for jar in missing:
            _take(jar, Path(folder) / jar.name, cache, "Maven")


def _download(jar: Jar, base: str, cache: Path) -> None:
    with tempfile.TemporaryDirectory(dir=cache, prefix="http-") as folder:
        path = Path(folder) / jar.name
        try:
            _save(f"{base}/{jar.path}", path)
        except requests.RequestException as error:
            status = error.response.status_code if error.response is not None else ""
            raise TargetUnreachable(
                f"{jar.path} could not be downloaded: "
                f"{f'the repository answered {status}' if status else type(error).__name__}.",
                f"Is {MAVEN_URL} the base URL of a Maven repository, and can it be reached?",
            ) from None
        _take(jar, path, cache, f"the repository that {MAVEN_URL} names")


@tenacity.retry(
    retry=tenacity.retry_if_exception_type((requests.ConnectionError, requests.Timeout)),
    stop=tenacity.stop_after_attempt(3),
    wait=tenacity.wait_exponential(multiplier=0.2, max=2),
    reraise=True,
)
def _save(url: str, path: Path) -> None:
    with requests.get(url, stream=True, timeout=_SECONDS) as response, path.open("wb") as file:
        response.raise_for_status()
        for chunk in response.iter_content(1 << 16):
            file.write(chunk)


def _take(jar: Jar, path: Path, cache: Path, whence: str) -> None:
    """Moves a file into the cache if it is what the list says."""
    found = _sum(path)
    if found != jar.sha256:
        raise TargetUnreachable(
            f"{jar.name} from {whence} is not the jar that specgen knows: its SHA-256 is "
            f"{found or 'not to be had'}, not {jar.sha256}.",
            "It was not kept. A mirror or proxy may have changed it; try another.",
        )
    path.replace(cache / jar.name)


def _sum(path: Path) -> str:
    """The SHA-256 of a file, empty if there is none."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""
