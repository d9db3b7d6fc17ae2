"""What a page says beside what the cluster said, line by line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from specgen.messages import counted, printable
from specgen.replay.values import Finding, Json, Kind

__all__ = ["Row", "side_by_side"]

# More lines of a value, or characters of a line, are not shown.
MOST_LINES = 60
LONGEST_LINE = 400


@dataclass(frozen=True, slots=True)
class Row:
    """One line of each side.

    Attributes:
        page: What the page says; None where it has no such line.
        cluster: What the cluster said; None where it said no such line.
    """

    page: str | None
    cluster: str | None

    @property
    def is_same(self) -> bool:
        """Whether both say the same."""
        return self.page == self.cluster


def side_by_side(finding: Finding) -> tuple[Row, ...]:
    """The two sides of a finding; nothing if it has no two sides."""
    if not finding.labels:
        return ()
    sides = dict(finding.labels)
    page = _lines(finding.expected, sides.get("page", ""), finding.kind)
    cluster = _lines(finding.actual, sides.get("cluster", ""), finding.kind)
    return tuple(_rows(page, cluster))


def _lines(value: Json, label: str, kind: Kind) -> list[str]:
    """A value in full where it has several lines, else as all messages tell of it."""
    if isinstance(value, (dict, list)) and value:
        lines = json.dumps(value, ensure_ascii=False, indent=2).split("\n")
    elif kind is Kind.TEXT and isinstance(value, str) and "\n" in value.strip():
        lines = value.strip("\n").split("\n")
    else:
        lines = [label]
    shown = [_cut(printable(line)) for line in lines[:MOST_LINES]]
    if len(lines) > MOST_LINES:
        shown.append(f"… and {counted(len(lines) - MOST_LINES, 'more line')}")
    return shown


def _rows(page: Sequence[str], cluster: Sequence[str]) -> Iterator[Row]:
    matcher = SequenceMatcher(None, page, cluster, autojunk=False)
    for _, a, b, c, d in matcher.get_opcodes():
        for offset in range(max(b - a, d - c)):
            yield Row(
                page[a + offset] if a + offset < b else None,
                cluster[c + offset] if c + offset < d else None,
            )


def _cut(line: str) -> str:
    return line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}…"
