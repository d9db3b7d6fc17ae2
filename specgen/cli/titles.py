"""The table `[contract.titles]` of the configuration: what a project calls its sections."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from specgen.contract.topics import Topic
from specgen.errors import UsageProblem
from specgen.nearest import nearest

__all__ = ["read_titles"]

FORM = 'write [contract.titles] and below it, for example, request = ["Endpoint"]'


def read_titles(value: Any, path: Path) -> tuple[tuple[str, Topic], ...]:
    """Pairs of a title and what its section is about.

    Args:
        value: What the configuration has as `contract`.
        path: Its file, for messages.

    Raises:
        UsageProblem: It has another form, or names a topic that there is not.
    """
    if not isinstance(value, dict) or set(value) - {"titles"}:
        raise UsageProblem(f"{path.name}: `contract` must be a table that holds `titles`", FORM)
    titles = value.get("titles", {})
    if not isinstance(titles, dict):
        raise UsageProblem(f"{path.name}: `contract.titles` must be a table", FORM)
    return tuple(
        (title, topic) for name in titles for title, topic in _titles(name, titles[name], path)
    )


def _titles(name: str, value: Any, path: Path) -> Iterator[tuple[str, Topic]]:
    known = [topic.value for topic in Topic]
    if name not in known:
        close = nearest(name, known)
        hint = f"did you mean {close!r}?" if close else f"known: {', '.join(known)}"
        raise UsageProblem(f"{path.name}: `contract.titles`: there is no key {name!r}", hint)
    titles = [value] if isinstance(value, str) else value
    if not isinstance(titles, list) or not all(isinstance(each, str) for each in titles):
        raise UsageProblem(f"{path.name}: `contract.titles.{name}` must be a list of texts")
    return ((title, Topic(name)) for title in titles)
