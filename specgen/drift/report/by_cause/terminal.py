"""Drift as a person sees it: the causes, each with its size, a typical place and what to do."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.text import Text

from specgen.drift.report.by_cause.words import (
    baseline_lines,
    cause_told,
    gone_told,
    new_of,
    pages_of,
    place_of,
    sides_of,
    total_told,
    typical_of,
    unjudged_of,
)
from specgen.drift.report.terminal import styled
from specgen.drift.values import Cause, HeldDrift
from specgen.messages import counted, printable
from specgen.replay.telling import findings_text
from specgen.replay.values import Finding

__all__ = ["tell_drift"]

Shown = Callable[[str], str]

# How many names of one sort are shown; the rest is counted.
MOST = 3
MOST_GONE = 10
# How many causes are shown, those of most cases first.
MOST_CAUSES = 20
# A value, or a request, that is longer is cut.
LONGEST = 200


def tell_drift(held: HeldDrift, console: Console, shown: Shown, *, verbose: bool = False) -> None:
    """Prints the causes of drift that is new, and what is known of the rest.

    Args:
        held: The drift.
        console: Where to print.
        shown: Gives a file's name as people can open it.
        verbose: Whether to show every finding of every cause, the accepted ones too.
    """
    causes = held.drift.causes if verbose else tuple(filter(held.is_new, held.drift.causes))
    style = "bold red" if any(map(held.is_new, causes)) else "bold green"
    console.print()
    console.print(Text(total_told(held), style), soft_wrap=True)
    for number, cause in enumerate(causes[: None if verbose else MOST_CAUSES], 1):
        console.print()
        for piece in _cause(held, cause, number, console.width, shown):
            console.print(piece, soft_wrap=True)
        if verbose:
            _details(held, cause, console, shown)
    if not verbose and (more := causes[MOST_CAUSES:]):
        cases = sum(len(cause.cases) for cause in more)
        told = f"and {counted(len(more), 'more cause')} of {counted(cases, 'case')}"
        console.print()
        console.print(Text(f"{told} (--verbose shows all)", "yellow"), soft_wrap=True)
    lines = [*baseline_lines(held)]
    if lines:
        console.print()
    for line in lines:
        console.print(Text(printable(line), "yellow"), soft_wrap=True)
    for entry in held.gone[: None if verbose else MOST_GONE]:
        console.print(Text(f"  {printable(gone_told(entry))}", "dim"), soft_wrap=True)
    if not verbose and len(held.gone) > MOST_GONE:
        console.print(Text(f"  and {len(held.gone) - MOST_GONE} more", "dim"))


def _cause(held: HeldDrift, cause: Cause, number: int, width: int, shown: Shown) -> Iterator[Text]:
    mark = f"{number}. "
    indent = " " * len(mark)
    title = textwrap.wrap(printable(cause.title), width - len(mark), break_on_hyphens=False) or [""]
    yield Text.assemble(mark, (title[0], "bold"))
    yield from (Text(f"{indent}{line}", "bold") for line in title[1:])
    told = f"{indent}{cause_told(held, cause)} ({cause.kind.value}"
    named = f"{told}, {printable(cause.id)})"  # for `specgen explain`, where there is room
    yield Text(named if len(named) <= width else f"{told})", "dim")
    if typical := typical_of(held, cause):
        yield from _typical(typical.finding, indent, width, shown)
    if len(pages := pages_of(held, cause)) > 1:
        more = f" and {len(pages) - MOST} more" if len(pages) > MOST else ""
        yield from _wrapped("pages: ", f"{', '.join(pages[:MOST])}{more}", indent, width)
    if not cause.findings:
        yield from _unfound(held, cause, indent, width)
    yield from _wrapped("help: ", cause.hint, indent, width, "cyan")


def _typical(finding: Finding, indent: str, width: int, shown: Shown) -> Iterator[Text]:
    file, line, column = place_of(finding)
    place = f"{printable(shown(file))}:{line}:{column}"
    at = f" {printable(finding.pointer)}" if finding.pointer else ""
    yield Text.assemble(indent, (place, "bold"), at)
    if finding.request:
        yield from _wrapped("request: ", finding.request, f"{indent}  ", width)
    longest = max(len(side) for side, _ in sides_of(finding)) + 2
    for index, (side, says) in enumerate(sides_of(finding)):
        style = "red" if index else "green" if finding.labels else ""
        yield from _wrapped(f"{side}: ".ljust(longest), says, f"{indent}  ", width, style)


def _unfound(held: HeldDrift, cause: Cause, indent: str, width: int) -> Iterator[Text]:
    """Cases that nobody could judge show no finding, but say why."""
    said = (each.result for each in unjudged_of(held, cause))
    why = dict.fromkeys(each.reason or each.message for each in said)
    for reason in list(why)[:MOST]:
        yield from _wrapped("because: ", reason, indent, width)


def _wrapped(mark: str, text: str, indent: str, width: int, style: str = "") -> Iterator[Text]:
    """A text below its mark, on as many lines as it takes."""
    shown = printable(" ".join(text.split()))
    cut = shown if len(shown) <= LONGEST else f"{shown[:LONGEST]}…"
    room = max(20, width - len(indent) - len(mark))
    for index, line in enumerate(textwrap.wrap(cut, room, break_on_hyphens=False)):
        yield Text.assemble(indent, (mark if not index else " " * len(mark), "blue"), (line, style))


def _details(held: HeldDrift, cause: Cause, console: Console, shown: Shown) -> None:
    new = new_of(held, cause)
    old = tuple(index for index in cause.findings if index in held.accepted)
    for indexes, word in ((new, ""), (old, "accepted: ")):
        if not indexes:
            continue
        console.print()
        if word:
            console.print(Text(f"{word}{held.baseline}", "yellow"), soft_wrap=True)
        findings = [held.drift.findings[index].finding for index in indexes]
        console.print(styled(findings_text(findings, shown)), soft_wrap=True, end="")
