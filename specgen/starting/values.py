"""The nouns of the starting room: what a repository has, and what it is given."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Ci", "NewFile", "Repository"]


class Ci(StrEnum):
    """Where a repository runs its checks, as far as its files tell."""

    GITHUB = "GitHub Actions"
    GITLAB = "GitLab CI"


@dataclass(frozen=True, slots=True)
class Repository:
    """What a repository has already; all paths are relative to it, with `/`.

    Attributes:
        pages: AsciiDoc pages with examples that can be replayed.
        attributes: Files of nothing but `:name: value` lines.
        setups: Folders and JSON files of named setups.
        ci: Where it runs its checks.
        configured: The file that configures specgen already; empty if there is none.
        files: Of what `init` may write, what is there already.
        branch: The one that changes end up on.
    """

    pages: tuple[str, ...]
    attributes: tuple[str, ...]
    setups: tuple[str, ...]
    ci: Ci
    configured: str
    files: frozenset[str]
    branch: str = "main"

    @property
    def root(self) -> str:
        """The folder that holds all pages with examples, or `docs` where there are none."""
        folders = [each.rpartition("/")[0].split("/") for each in self.pages]
        shared: list[str] = []
        for parts in zip(*folders, strict=False):
            if len(set(parts)) > 1:
                break
            shared.append(parts[0])
        return "/".join(filter(None, shared)) or ("." if self.pages else "docs")


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to be written where there is none.

    Attributes:
        path: Relative to the repository.
        text: All of it.
        what: What it is, in a few words.
        todo: What a person has yet to do before it works.
    """

    path: str
    text: str
    what: str
    todo: tuple[str, ...] = ()
