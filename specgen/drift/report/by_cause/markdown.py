"""`specgen drift --markdown`: a summary for a pull request, short enough for a comment."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from specgen.drift.report.by_cause.suggesting import Read, Suggestion, suggestions
from specgen.drift.report.by_cause.words import (
    baseline_lines,
    cause_told,
    gone_told,
    message_told,
    new_of,
    pages_of,
    place_of,
    total_told,
    unjudged_of,
)
from specgen.drift.report.markdown_text import inert, plain_markdown
from specgen.drift.report.terminal import last_line
from specgen.drift.values import CaseFinding, Cause, HeldDrift
from specgen.messages import counted, printable

__all__ = ["drift_markdown"]

Shown = Callable[[str], str]

# GitHub takes comments of 65,536 characters.
ROOM = 60_000
# How many of one sort are told; the rest is counted.
MOST_CAUSES = 50
MOST_FINDINGS = 8
MOST_SUGGESTIONS = 30
MOST_GONE = 10
LONGEST = 300
BACKTICKS = re.compile(r"`+")


def drift_markdown(held: HeldDrift, shown: Shown, read: Read) -> str:
    """The causes, some findings of each, and suggestion blocks for edits that are certain.

    What pages and clusters say stands in code, or has everything escaped that Markdown reads.

    Args:
        held: The drift.
        shown: Gives a file's path relative to the root of the repository.
        read: Gives a page as it is now; None if it cannot be read.
    """
    causes = tuple(filter(held.is_new, held.drift.causes))
    parts = [f"## {plain_markdown(_sentence(total_told(held)))}", *_run_lines(held)]
    if causes:
        parts.append("\n".join(_table(held, causes)))
    certain = suggestions(held, read)
    room = ROOM - sum(len(part) + 2 for part in parts)
    room = _fill(parts, list(_suggestion_parts(certain, shown)), room, "suggestion")
    _fill(parts, [_details(held, cause, shown) for cause in causes[:MOST_CAUSES]], room, "cause")
    return "\n\n".join(parts)


def _fill(parts: list[str], more: list[str], room: int, noun: str) -> int:
    """Adds parts as long as there is room for them; returns what is left of it."""
    for index, part in enumerate(more):
        room -= len(part) + 2
        if room < 0:
            parts.append(f"… and {counted(len(more) - index, noun)} more that had no room here.")
            return 0
        parts.append(part)
    return room


def _run_lines(held: HeldDrift) -> Iterator[str]:
    report = held.drift.report
    target = report.target
    if target is not None:
        yield f"Target: {_code(f'{target.name}: {target.distribution} {target.version}')}"
    yield plain_markdown(_sentence(last_line(report, held.settled).plain))
    for line in baseline_lines(held):
        yield plain_markdown(_sentence(line))
    if held.gone:
        told = [f"- {_code(gone_told(entry))}" for entry in held.gone[:MOST_GONE]]
        more = len(held.gone) - MOST_GONE
        yield "\n".join([*told, f"- and {more} more"] if more > 0 else told)
    for page, reason in report.unreadable[:MOST_GONE]:
        yield f"Not read: {_code(page)}, {plain_markdown(reason)}"


def _table(held: HeldDrift, causes: tuple[Cause, ...]) -> Iterator[str]:
    yield "| cause | kind | new findings | cases | pages |"
    yield "| --- | --- | ---: | ---: | ---: |"
    for cause in causes[:MOST_CAUSES]:
        figures = len(new_of(held, cause)), len(cause.cases), len(pages_of(held, cause))
        cells = (_prose(cause.title), cause.kind.value, *map(str, figures))
        yield f"| {' | '.join(cells)} |"
    if len(causes) > MOST_CAUSES:
        yield f"| and {len(causes) - MOST_CAUSES} more | | | | |"


def _suggestion_parts(certain: tuple[Suggestion, ...], shown: Shown) -> Iterator[str]:
    if not certain:
        return
    yield (
        f"### {counted(len(certain), 'certain edit')}\n\n"
        "If the cluster is right, these lines of the pages become:"
    )
    for each in certain[:MOST_SUGGESTIONS]:
        place = _code(f"{shown(each.file)}:{each.line}")
        yield f"{place}\n\n{_block(each.new, 'suggestion')}"
    if len(certain) > MOST_SUGGESTIONS:
        yield f"and {len(certain) - MOST_SUGGESTIONS} more"


def _details(held: HeldDrift, cause: Cause, shown: Shown) -> str:
    """A cause that a reader can open: some of its findings, and what to do."""
    lines = [f"<details><summary>{_prose(cause.title)}: {cause_told(held, cause)}</summary>", ""]
    if cause.hint:
        lines += [_prose(_sentence(cause.hint)), ""]
    new = [held.drift.findings[index] for index in new_of(held, cause)]
    lines += [_finding(each, shown) for each in new[:MOST_FINDINGS]]
    unjudged = unjudged_of(held, cause)
    for case in unjudged[:MOST_FINDINGS]:
        place = f"{shown(case.case.file)}:{case.case.line}"
        why = case.result.reason or case.result.message
        lines.append(f"- {_code(place)} {plain_markdown(_cut(why))}")
    more = max(0, len(new) - MOST_FINDINGS) + max(0, len(unjudged) - MOST_FINDINGS)
    if more:
        lines.append(f"- and {more} more")
    return "\n".join([*lines, "", "</details>"])


def _finding(each: CaseFinding, shown: Shown) -> str:
    file, line, column = place_of(each.finding)
    title, *sides = message_told(each.finding).split("\n")
    place = _code(f"{shown(file)}:{line}:{column}")
    emulated = " (emulated by specgen)" if each.finding.emulated else ""
    asked = [f"request: {each.finding.request}"] if each.finding.request else []
    told = "".join(f"\n  - {_code(_cut(side))}" for side in (*asked, *sides))
    return f"- {place} {plain_markdown(_cut(title))}{emulated}{told}"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _prose(text: str) -> str:
    """Plain text in which what stands between backticks is code, also inside an element."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # one of them has no other, so none means anything
        return plain_markdown(text)
    return "".join(
        f"<code>{inert(part)}</code>" if number % 2 else inert(part)
        for number, part in enumerate(parts)
    )


def _code(text: str) -> str:
    """Code inside a line, whatever backticks and line ends the text has."""
    shown = printable(" ".join(text.split()))
    fence = "`" * (_longest_run(shown) + 1)
    edge = " " if shown[:1] == "`" or shown[-1:] == "`" else ""
    return f"{fence}{edge}{shown}{edge}{fence}"


def _block(line: str, language: str) -> str:
    fence = "`" * max(3, _longest_run(line) + 1)
    return f"{fence}{language}\n{line}\n{fence}"


def _longest_run(text: str) -> int:
    return max((len(run) for run in BACKTICKS.findall(text)), default=0)
