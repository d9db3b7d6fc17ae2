"""What all reports of a comparison say in the same words."""

from __future__ import annotations

from specgen.comparing.values import Column, Comparison, Tally
from specgen.messages import counted
from specgen.replay.values import Outcome

__all__ = ["column_told", "outcome_told", "tally_told", "total_told"]


def tally_told(tally: Tally) -> str:
    """One cell: `12/14`; `n/a` where a page is about other targets, `-` where all is skipped."""
    if tally.judged:
        return f"{tally.passed}/{tally.judged}"
    return "n/a" if tally.not_applicable else "-"


def outcome_told(outcome: Outcome | None) -> str:
    """How a case ended, in a word."""
    return "not applicable" if outcome is None else outcome.value


def column_told(column: Column) -> str:
    """What is known of a target, in a sentence."""
    info = column.info
    what = f"{info.distribution} {info.version}" if info else "never answered"
    engine = f" ({info.engine})" if info and info.engine else ""
    told = f"{column.name}: {what}{engine}, {_total(column.total)} in {column.seconds:.1f} s"
    return f"{told}; not to the end: {column.trouble}" if column.trouble else told


def _total(tally: Tally) -> str:
    parts = [f"{tally.passed} of {tally.judged} passed"]
    if tally.error:
        parts.append(f"{tally.error} not judged")
    if tally.not_applicable:
        parts.append(f"{tally.not_applicable} not applicable")
    return ", ".join(parts)


def total_told(comparison: Comparison) -> str:
    """What the targets differ in, in a sentence."""
    cases = counted(len(comparison.cases), "case is", "cases are")
    pages = {row.case.rpartition("::")[0] for row in comparison.cases}
    where = f", in {counted(len(pages), 'page')}" if pages else ""
    return f"{cases} green on one target and red on another{where}"
