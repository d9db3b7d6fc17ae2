"""Which files a repository is given: a pure function of what it has."""

from __future__ import annotations

import json
from collections.abc import Iterator

from specgen.render.templates import fill
from specgen.starting.values import Ci, NewFile, Repository

__all__ = ["new_files"]

FIRST_PAGE = "docs/first-page.asciidoc"
WORKFLOWS = {Ci.GITHUB: ".github/workflows/specgen.yml", Ci.GITLAB: ".gitlab/specgen.yml"}


def new_files(repository: Repository, install: str = "") -> tuple[NewFile, ...]:
    """What is missing; a file that is there already is never among it.

    Args:
        repository: What it has.
        install: What pip installs specgen from, if that is known.
    """
    return tuple(each for each in _all(repository, install) if each.path not in repository.files)


def _all(repository: Repository, install: str) -> Iterator[NewFile]:
    view = {
        "branch": json.dumps(repository.branch),
        "install": json.dumps(install) if install else "",
        "root": json.dumps(repository.root),
        "pages": len(repository.pages),
        "attributes": _one(repository.attributes),
        "setups": _one(repository.setups),
    }
    if not repository.configured:
        yield NewFile("specgen.toml", fill("init/specgen.toml.j2", view), "the configuration")
    if not repository.pages:
        yield NewFile(FIRST_PAGE, fill("init/first-page.asciidoc.j2", view), "a first page")
    path = WORKFLOWS[repository.ci]
    template = f"init/{repository.ci.name.lower()}.yml.j2"
    todo = [] if install else ["say there where pip finds specgen"]
    if repository.ci is Ci.GITLAB:
        todo.append(f'add `include: "{path}"` to .gitlab-ci.yml')
    yield NewFile(path, fill(template, view), f"checks for {repository.ci}", tuple(todo))


def _one(found: tuple[str, ...]) -> str:
    """A path as TOML writes it if there is one alone; of several nobody knows which is meant."""
    return json.dumps(found[0]) if len(found) == 1 else ""
