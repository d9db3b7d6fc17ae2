"""What Tab offers where click cannot know it: names of files, of targets, and words to explain."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping

import click
from click.shell_completion import CompletionItem
from click.types import StringParamType

__all__ = ["with_completion"]

# What a value is called in the help, if it is a file's name; and the arguments that are.
FILES = frozenset({"FILE", "PATH"})
PAGES = frozenset({"pages", "case"})


class _FileName(StringParamType):
    """A text that is the name of a file, which the shell knows better."""

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        return [CompletionItem(incomplete, type="file")]


class _Word(StringParamType):
    """A text that is most often one of some words; they are asked for when Tab is pressed."""

    def __init__(self, words: Callable[[], Iterable[str]]) -> None:
        self.words = words

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        return [CompletionItem(each) for each in self.words() if each.startswith(incomplete)]


def with_completion(command: click.Command) -> click.Command:
    """The command, which offers what its texts may be if a shell asks; else as it was."""
    if "_SPECGEN_COMPLETE" not in os.environ:
        return command
    for each in command.commands.values() if isinstance(command, click.Group) else (command,):
        for param in each.params:
            if isinstance(param.type, StringParamType):
                param.type = _offered(each, param) or param.type
    return command


def _offered(command: click.Command, param: click.Parameter) -> StringParamType | None:
    if param.metavar in FILES or param.name in PAGES:
        return _FileName()
    words = WORDS.get(f"{command.name} {param.name}") or WORDS.get(str(param.name))
    return _Word(words) if words else None


def _targets() -> Iterable[str]:
    from specgen.target.opening import TARGETS

    return TARGETS


def _explained() -> Iterable[str]:
    from specgen.drift.explained import explained

    return explained()


WORDS: Mapping[str, Callable[[], Iterable[str]]] = {
    "target": _targets,
    "targets": _targets,
    "up name": _targets,
    "explain code": _explained,
}
