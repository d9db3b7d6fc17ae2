"""Selects the lines between `tag::name[]` and `end::name[]` of an included file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from specgen.asciidoc import patterns
from specgen.source import Line

__all__ = ["TagChoice", "Tagged", "choice_of", "select_tagged"]

EVERY_LINE, EVERY_TAG = "**", "*"


@dataclass(frozen=True, slots=True)
class TagChoice:
    """Which tags an include asks for.

    Attributes:
        tags: Names in the order given, each with whether its lines are wanted.
        untagged: Whether lines outside all tags are wanted.
        others: Whether tags that are not named are wanted; None where nothing is said of them.
    """

    tags: tuple[tuple[str, bool], ...]
    untagged: bool
    others: bool | None


@dataclass(frozen=True, slots=True)
class Tagged:
    """What a choice selects.

    Attributes:
        lines: The selected lines; lines that hold a tag are never among them.
        unclosed: The lines of tags that nothing closes.
        mismatched: The lines of closing tags that close nothing.
        missing: The wanted tags that the file does not have.
    """

    lines: tuple[Line, ...]
    unclosed: tuple[Line, ...]
    mismatched: tuple[Line, ...]
    missing: tuple[str, ...]


@dataclass(slots=True)
class _Scan:
    choice: TagChoice
    open: list[tuple[str, bool, Line]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    mismatched: list[Line] = field(default_factory=list)

    @property
    def selecting(self) -> bool:
        return self.open[-1][1] if self.open else self.choice.untagged


def choice_of(tag: str | None, tags: str | None) -> TagChoice | None:
    """The choice that `tag=` or `tags=` makes; None where it makes none.

    The rules for the wildcards `*` (all tagged lines) and `**` (all lines) and for `!` are
    those of the user manual, "Include Content by Tagged Regions".
    """
    several = (tags or "").split("," if "," in (tags or "") else ";")
    words = several if tag is None else [tag]
    wanted = {word.removeprefix("!"): word[:1] != "!" for word in words if word not in {"", "!"}}
    if not wanted:
        return None
    return _with_wildcards(wanted)


def _with_wildcards(wanted: dict[str, bool]) -> TagChoice:
    others: bool | None = None
    first = next(iter(wanted))
    if EVERY_LINE in wanted:
        untagged = wanted.pop(EVERY_LINE)
        if EVERY_TAG in wanted:
            others = wanted.pop(EVERY_TAG)
        elif not untagged and next(iter(wanted.values()), None) is False:
            others = True
    elif EVERY_TAG in wanted:
        others = wanted.pop(EVERY_TAG)
        untagged = first == EVERY_TAG and not others
    else:
        untagged = not any(wanted.values())
    return TagChoice(tuple(wanted.items()), untagged, others)


def select_tagged(lines: Iterable[Line], choice: TagChoice) -> Tagged:
    """The lines of a file that a choice of tags selects."""
    scan, wanted = _Scan(choice), dict(choice.tags)
    selected = tuple(_selected(lines, scan, wanted))
    missing = tuple(name for name, chosen in choice.tags if chosen and name not in scan.seen)
    unclosed = tuple(line for _, _, line in scan.open)
    return Tagged(selected, unclosed, tuple(scan.mismatched), missing)


def _selected(lines: Iterable[Line], scan: _Scan, wanted: dict[str, bool]) -> Iterator[Line]:
    for line in lines:
        if "::" not in line.text or not (tag := _tag(line.text)):
            if scan.selecting:
                yield line
        elif tag[1]:
            _close(scan, line, tag[0], wanted)
        else:
            _open(scan, line, tag[0], wanted)


def _tag(text: str) -> tuple[str, bool] | None:
    """The tag in a line, and whether it closes."""
    for word in text.split(" ") if "[]" in text else ():
        # A tab ends a name but, unlike a space, does not follow the brackets.
        if word.endswith("[]") and (found := patterns.TAG.search(word)):
            return found["name"], bool(found["end"])
    return None


def _open(scan: _Scan, line: Line, name: str, wanted: dict[str, bool]) -> None:
    if name in wanted:
        if wanted[name]:
            scan.seen.add(name)
        scan.open.append((name, wanted[name], line))
    elif (others := scan.choice.others) is not None:
        scan.open.append((name, others and (scan.selecting or not scan.open), line))


def _close(scan: _Scan, line: Line, name: str, wanted: dict[str, bool]) -> None:
    if scan.open and scan.open[-1][0] == name:
        scan.open.pop()
    elif name in wanted:
        scan.mismatched.append(line)
