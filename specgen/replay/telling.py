"""Findings in the words that people read, wherever they run: a terminal, pytest, a log."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import groupby

from specgen.messages import Message, Piece, notes_of, render
from specgen.replay.status import wanted
from specgen.replay.values import Finding, Kind

__all__ = ["findings_text", "message_of_finding"]

Shown = Callable[[str], str]

TITLES = {
    Kind.VALUE: "the response is not what the page says",
    Kind.TYPE: "the response has another type than the page says",
    Kind.MISSING: "the page shows what the response does not have",
    Kind.SURPLUS: "the response has what the page does not show",
    Kind.ORDER: "the response has the same items in another order",
    Kind.TEXT: "the body is not what the page says",
    Kind.STATUS: "the request did not end as the page says",
    Kind.WARNING: "the deprecation warnings are not what the page says",
    Kind.SHAPE: "the response has another shape than is documented",
    Kind.SHARDS: "the request failed on some shards",
    Kind.UNSUPPORTED: "the target does not know this request",
    Kind.SETUP: "the setup or teardown did not work",
    Kind.TARGET: "the target gave no answer, so the case was not judged",
}
# A difference of a body that has no two sides: something is wrong before any is compared.
ONE_SIDED = {
    Kind.VALUE: "the page names a value that is not there",
    Kind.TEXT: "a body cannot be read",
}
# How many surplus values of one object are told; the rest is counted.
# 404   200, 4xx
DOCUMENTED_CODES = re.compile(r"[1-5](?:\d\d|xx)(?:, [1-5](?:\d\d|xx))*")
MOST = 12
BODY = frozenset({Kind.VALUE, Kind.TYPE, Kind.MISSING, Kind.SURPLUS, Kind.ORDER, Kind.TEXT})


def message_of_finding(finding: Finding, shown: Shown = str) -> Message:
    """The message for one finding; `shown` gives a file's name as people can open it."""
    notes: list[tuple[str, str]] = []
    if finding.pointer:
        notes.append(("at", finding.pointer))
    if _says_more(finding):
        notes.append(("because", finding.message))
    title = TITLES[finding.kind] if finding.labels else ONE_SIDED.get(finding.kind)
    severity = "warning" if finding.kind is Kind.WARNING and finding.expected is None else "error"
    return Message(
        shown(finding.file or finding.page),
        finding.line,
        finding.column,
        severity,
        finding.kind.value,
        title or TITLES[finding.kind],
        finding.excerpt,
        finding.width,
        finding.labels,
        tuple(notes),
    )


def _says_more(finding: Finding) -> bool:
    """Whether the sentence of a finding holds what its two sides do not show."""
    if not finding.labels or finding.kind is Kind.TEXT:
        return True
    shortened = any("…" in says for _, says in finding.labels)
    by_pattern = finding.kind is Kind.STATUS and str(finding.expected).startswith("/")
    return shortened or by_pattern


def findings_text(findings: Sequence[Finding], shown: Shown = str) -> tuple[Piece, ...]:
    """All findings of one case, the request that showed them named once at the end."""
    pieces: list[Piece] = []
    for _, of_request in groupby(findings, _of_request):
        finding = None
        for _, together in groupby(of_request, _at_one_place):
            group = tuple(together)
            finding = group[0]
            pieces += render(_message_of_group(group, shown))
        if finding is not None:
            pieces += notes_of(_request_notes(finding, shown), " " * len(str(finding.line)))
    return tuple(pieces)


def _of_request(finding: Finding) -> tuple[str, int]:
    return finding.request_file, finding.request_line


def _at_one_place(finding: Finding) -> tuple[object, ...]:
    """Surplus values of one object are told as one; every other finding stands alone."""
    if finding.kind is Kind.SURPLUS:
        return finding.kind, finding.file, finding.line, finding.column
    return (id(finding),)


def _message_of_group(group: Sequence[Finding], shown: Shown) -> Message:
    message = message_of_finding(group[0], shown)
    if len(group) == 1:
        return message
    told = [(each.kind.value, f"{each.pointer}: {each.labels[-1][1]}") for each in group[:MOST]]
    if len(group) > MOST:
        told.append((group[0].kind.value, f"and {len(group) - MOST} more"))
    labels = (message.labels[0], (message.labels[1][0], f"{len(group)} values"))
    return replace(message, labels=labels, notes=tuple(told))


def _request_notes(finding: Finding, shown: Shown) -> tuple[tuple[str, str], ...]:
    notes: list[tuple[str, str]] = []
    if finding.request and finding.request_file != finding.file:
        place = f"{shown(finding.request_file or finding.page)}:{finding.request_line}"
        notes.append(("request", f"{place}, {finding.request}"))
    elif finding.request and finding.request_line != finding.line:
        notes.append(("request", f"line {finding.request_line}, {finding.request}"))
    if finding.within:
        told = f"the request was repeated for {finding.within:g} s, and this is its last answer"
        notes.append(("waited", told))
    if finding.emulated:
        notes.append(("emulated", "specgen answered this itself; a real cluster decides"))
    if finding.curl:
        notes.append(("repeat", finding.curl))
    if hint := _hint(finding):
        notes.append(("help", hint))
    return tuple(notes)


def _hint(finding: Finding) -> str:
    if finding.kind in BODY and finding.labels:
        return "correct the page, or report the cluster: one of them is wrong"
    if finding.kind is Kind.STATUS and finding.expected == wanted(""):
        return "correct the request, or document the error: `// TEST[catch:…]`"
    if finding.kind is Kind.STATUS and DOCUMENTED_CODES.fullmatch(str(finding.expected)):
        return "if the cluster is right, correct the response codes in the page"
    if finding.kind is Kind.STATUS:
        return f"if the cluster is right, correct `catch:{finding.expected}` in the page"
    if finding.kind is Kind.WARNING and finding.expected is None:
        return "tell of it with `// TEST[warning:…]`, or stop using it"
    if finding.kind is Kind.WARNING:
        return "if the cluster is right, take the warning out of the page's marker"
    if finding.kind is Kind.SHAPE:
        return "correct the documentation, or report the cluster: one of them is wrong"
    if finding.kind is Kind.SETUP:
        return "correct the setup or teardown; the page's own claim is not at fault"
    if finding.kind is Kind.UNSUPPORTED:
        return "choose a target that has this API, or correct the path"
    return ""
