"""`specgen drift --html`: one file for a browser; all of it can be read without its script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from specgen.drift.report.by_cause.side_by_side import side_by_side
from specgen.drift.report.by_cause.suggesting import Read, suggestions
from specgen.drift.report.by_cause.words import (
    baseline_lines,
    cause_told,
    gone_told,
    new_of,
    pages_of,
    place_of,
    total_told,
    typical_of,
    unjudged_of,
)
from specgen.drift.report.terminal import last_line
from specgen.drift.values import CaseFinding, Cause, HeldDrift, PageCase
from specgen.messages import counted, printable
from specgen.render.browser import browser_report
from specgen.replay.telling import BODY, message_of_finding
from specgen.replay.values import Finding, Outcome

__all__ = ["drift_html"]

Shown = Callable[[str], str]
View = dict[str, Any]

# How many lines of a page stand above and below the one that is at fault.
AROUND = 3
LONGEST_LINE = 240
LONGEST_TEXT = 4000


def drift_html(held: HeldDrift, shown: Shown, read: Read) -> str:
    """The report; a page or a cluster can put nothing into it but text.

    Args:
        held: The drift.
        shown: Gives a file's name as people can open it.
        read: Gives a page as it is now; None if it cannot be read.
    """
    edits = {index: each for each in suggestions(held, read) for index in each.findings}
    ordered = sorted(held.drift.causes, key=lambda cause: not held.is_new(cause))
    causes = []
    for number, cause in enumerate(ordered, 1):
        entries = [*_entries(held, cause, number, shown, read)]
        for entry in entries:
            edit = edits.get(entry["index"])
            entry["edit"] = printable(edit.new) if edit else ""
        causes.append(_cause(held, cause, number, entries))
    view = {
        "total": _sentence(total_told(held)),
        "target": _target(held),
        "last": _sentence(last_line(held.drift.report, held.settled).plain),
        "baseline": [printable(_sentence(line)) for line in baseline_lines(held)],
        "gone": [printable(gone_told(entry)) for entry in held.gone],
        "figures": [*_figures(held)],
        "causes": causes,
        "pages": sorted({each["page"] for cause in causes for each in cause["entries"]}),
        "kinds": sorted({each["kind"] for cause in causes for each in cause["entries"]}),
        "has_accepted": bool(held.accepted),
        "unreadable": [
            (printable(shown(page)), printable(reason))
            for page, reason in held.drift.report.unreadable
        ],
    }
    return browser_report("drift.html.j2", view, "drift.css", "drift.js")


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _target(held: HeldDrift) -> str:
    info = held.drift.report.target
    if info is None:
        return f"Target {printable(held.drift.report.wanted)}: it was never open"
    engine = f"{info.engine}, answers as " if info.engine else ""
    return printable(f"Target {info.name}: {engine}{info.distribution} {info.version}")


def _figures(held: HeldDrift) -> Iterator[View]:
    drift, report = held.drift, held.drift.report
    red = [each.case for each in report.cases if each.result.outcome.is_red]
    new = [case for case in red if case.id not in held.settled]
    judged = sum(each.result.outcome is not Outcome.SKIPPED for each in report.cases)
    yield {"name": "causes", "count": sum(map(held.is_new, drift.causes)), "of": ""}
    yield {"name": "cases", "count": len(new), "of": f"of {judged} that were run"}
    findings = held.new_findings
    yield {"name": "findings", "count": findings, "of": ""}
    pages = len({case.page for case in new})
    yield {"name": "pages", "count": pages, "of": f"of {len(report.pages)}"}
    if held.baseline:
        yield {"name": "accepted", "count": len(held.accepted), "of": "findings"}
        yield {"name": "gone", "count": sum(each.times for each in held.gone), "of": "findings"}


def _cause(held: HeldDrift, cause: Cause, number: int, entries: list[View]) -> View:
    typical = typical_of(held, cause)
    first = next((e for e in entries if typical and e["finding"] is typical.finding), None)
    rest = [entry for entry in entries if entry is not first] if first else entries[1:]
    first = first or (entries[0] if entries else None)
    return {
        "id": f"cause-{number}",
        "name": printable(cause.id),
        "kind": cause.kind.value,
        "title": printable(cause.title),
        "hint": printable(_sentence(cause.hint)),
        "told": cause_told(held, cause),
        "new": held.is_new(cause),
        "findings": len(new_of(held, cause)),
        "cases": len(cause.cases),
        "pages": len(pages_of(held, cause)),
        "first": first,
        "rest": rest,
        "rest_told": f"{counted(len(rest), 'more place')} of this cause",
        "entries": entries,
    }


def _entries(
    held: HeldDrift, cause: Cause, number: int, shown: Shown, read: Read
) -> Iterator[View]:
    for index in cause.findings:
        each = held.drift.findings[index]
        yield {
            **_entry(each, shown, read),
            "index": index,
            "id": f"finding-{index + 1}",
            "accepted": index in held.accepted,
            "cause": f"cause-{number}",
        }
    for place, case in enumerate(unjudged_of(held, cause), 1):
        yield {
            **_unjudged(case, shown, read),
            "index": -1,
            "id": f"cause-{number}-case-{place}",
            "accepted": False,
            "cause": f"cause-{number}",
        }


def _entry(each: CaseFinding, shown: Shown, read: Read) -> View:
    finding = each.finding
    file, line, column = place_of(finding)
    message = message_of_finding(finding)
    return {
        "finding": finding,
        "page": printable(finding.page),
        "place": printable(f"{shown(file)}:{line}:{column}"),
        "kind": finding.kind.value,
        "title": message.title,
        "pointer": printable(finding.pointer),
        "lines": [*_lines(finding, read)],
        "rows": side_by_side(finding),
        "message": "" if finding.labels else _text(finding.message),
        "request": _text(finding.request),
        "request_place": _request_place(finding, shown),
        "curl": _text(finding.curl),
        "emulated": finding.emulated,
        "case": printable(each.case),
    }


def _unjudged(each: PageCase, shown: Shown, read: Read) -> View:
    case, result = each.case, each.result
    return {
        "finding": None,
        "page": printable(case.page),
        "place": printable(f"{shown(case.file)}:{case.line}:1"),
        "kind": "not judged",
        "title": "the case could not be judged",
        "pointer": "",
        "lines": [],
        "rows": (),
        "message": _text(result.reason or result.message),
        "request": "",
        "request_place": "",
        "curl": "",
        "emulated": False,
        "case": printable(case.id),
    }


def _request_place(finding: Finding, shown: Shown) -> str:
    if not finding.request_line or finding.request_line == finding.line:
        return ""
    return printable(f"{shown(finding.request_file or finding.page)}:{finding.request_line}")


def _lines(finding: Finding, read: Read) -> Iterator[View]:
    """The lines of the page around a finding; its own line alone if the page is another now."""
    source = read(finding.file or finding.page)
    own = source.line_text(finding.line) if source else ""
    in_body = finding.kind in BODY
    as_it_was = own == finding.excerpt if in_body else own.strip() != ""
    if source is None or not as_it_was:
        if finding.excerpt.strip():
            yield _line(finding.line, finding.excerpt, finding, marked=in_body)
        return
    first = max(1, finding.line - AROUND)
    last = min(len(source.line_starts), finding.line + AROUND)
    for number in range(first, last + 1):
        text = source.line_text(number)
        if number == finding.line:
            yield _line(number, text, finding, marked=in_body)
        else:
            yield {"number": number, "before": _cut(text), "mark": "", "after": "", "own": False}


def _line(number: int, text: str, finding: Finding, *, marked: bool) -> View:
    """A line with the part that is at fault; a long one is cut around it."""
    start = finding.column - 1 if marked else 0
    end = start + finding.width if marked else 0
    cut = max(0, start - LONGEST_LINE // 2)
    before, mark, after = text[cut:start], text[start:end], text[end:]
    return {
        "number": number,
        "before": f"{'…' if cut else ''}{printable(before)}",
        "mark": _cut(printable(mark)),
        "after": _cut(printable(after)),
        "own": True,
    }


def _cut(text: str) -> str:
    shown = printable(text)
    return shown if len(shown) <= LONGEST_LINE else f"{shown[:LONGEST_LINE]}…"


def _text(text: str) -> str:
    shown = "\n".join(printable(line) for line in text.split("\n"))
    return shown if len(shown) <= LONGEST_TEXT else f"{shown[:LONGEST_TEXT]}…"
