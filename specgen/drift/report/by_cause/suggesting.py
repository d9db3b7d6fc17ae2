"""Edits of a page that are certain: one value on one line, at its exact place."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from specgen.drift.baseline.freed import is_volatile
from specgen.drift.values import HeldDrift
from specgen.replay.values import Finding, Json, Kind
from specgen.source import Source

__all__ = ["Suggestion", "suggestions"]

Read = Callable[[str], Source | None]

# What stands for a value that is another one in each version of the page.
ATTRIBUTE = re.compile(r"\{[\w-]+\}")
# A longer line is nobody's to look through.
LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a line of a page would be if the cluster is right.

    Attributes:
        file: The file that holds the line, relative to the docs root.
        line: Counted from 1.
        old: The line as it is.
        new: The same with the values that came.
        findings: The indexes of the findings that it settles.
    """

    file: str
    line: int
    old: str
    new: str
    findings: tuple[int, ...]


def suggestions(held: HeldDrift, read: Read) -> tuple[Suggestion, ...]:
    """The lines that can be mended by putting what came in place of what the page says.

    Only values that stand in the page letter for letter, are not accepted, were not answered by
    specgen itself, and are no moments, ids or durations, which are others next time. A value with
    an `{attribute}` in it is left as it is.

    Args:
        held: The drift.
        read: Gives a page as it is now; None if it cannot be read.
    """
    lines: dict[tuple[str, int], list[int]] = {}
    for index, each in enumerate(held.drift.findings):
        if index not in held.accepted and _is_certain(each.finding, read):
            place = each.finding.file or each.finding.page, each.finding.line
            lines.setdefault(place, []).append(index)
    return tuple(_suggestions(held, lines))


def _suggestions(held: HeldDrift, lines: dict[tuple[str, int], list[int]]) -> Iterator[Suggestion]:
    for (file, line), indexes in sorted(lines.items()):
        findings = [held.drift.findings[index].finding for index in indexes]
        said: dict[tuple[int, int], set[str]] = {}
        for each in findings:
            start = each.column - 1
            said.setdefault((start, start + each.width), set()).add(_written(each.actual))
        if any(len(values) > 1 for values in said.values()):
            continue  # two cases compare this line, and were told different things
        old = new = findings[0].excerpt
        for (start, end), (value,) in sorted(said.items(), reverse=True):
            new = f"{new[:start]}{value}{new[end:]}"
        if len(new) <= LONGEST and new.isprintable():
            yield Suggestion(file, line, old, new, tuple(indexes))


def _is_certain(finding: Finding, read: Read) -> bool:
    if finding.kind not in {Kind.VALUE, Kind.TYPE} or not finding.labels or finding.emulated:
        return False
    if not (_is_scalar(finding.expected) and _is_scalar(finding.actual)) or is_volatile(finding):
        return False
    source = read(finding.file or finding.page)
    if source is None or finding.line > len(source.line_starts):
        return False
    if source.line_text(finding.line) != finding.excerpt:
        return False
    start = finding.column - 1
    literal = finding.excerpt[start : start + finding.width]
    if ATTRIBUTE.search(literal):
        return False
    try:
        value = json.loads(literal)
    except ValueError:
        return False
    return type(value) is type(finding.expected) and value == finding.expected


def _is_scalar(value: Json) -> bool:
    return not isinstance(value, (dict, list))


def _written(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)
