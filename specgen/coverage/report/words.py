"""How coverage is told: the same words in every report for people."""

from __future__ import annotations

import math
from collections.abc import Iterator

from specgen.coverage.values import Basis, Count, Coverage, Entry, Sort, State, UsedRequest
from specgen.messages import counted

__all__ = [
    "basis_lines",
    "request_told",
    "shortfall",
    "state_label",
    "state_told",
    "total_told",
    "unverified_told",
]

LABELS = {
    State.CHECKED: "checked",
    State.REQUESTED: "only requested",
    State.SETUP: "setup only",
    State.LEFT_OUT: "left out",
    State.UNTOUCHED: "untouched",
}


def state_label(entry: Entry) -> str:
    """What cases make of an entry, in a word or two."""
    return (
        "unverified" if entry.covered and entry.state is not State.CHECKED else LABELS[entry.state]
    )


def state_told(entry: Entry) -> str:
    """What cases make of an entry, in a sentence."""
    by = counted(len(entry.cases), "case")
    if entry.sort is Sort.FIELD:
        words = {
            State.CHECKED: f"compared in {by}",
            State.REQUESTED: "its endpoint is requested, but no compared response holds it",
            State.SETUP: "its endpoint is used by setups alone",
            State.LEFT_OUT: "only cases that are not counted compare it",
            State.UNTOUCHED: "no case requests its endpoint",
        }
    elif entry.sort is Sort.CODE:
        words = {
            State.CHECKED: f"expected by {by}",
            State.REQUESTED: "no case expects it alone: others may come in its place",
            State.SETUP: "comes in setups alone",
            State.LEFT_OUT: "only cases that are not counted expect it",
            State.UNTOUCHED: "no case expects it",
        }
    else:
        words = {
            State.CHECKED: f"sent by {by}",
            State.REQUESTED: f"sent by {by}, and only the status is checked",
            State.SETUP: "used by setups alone",
            State.LEFT_OUT: "only cases that are not counted send it",
            State.UNTOUCHED: "no case sends it",
        }
    return words[entry.state]


def unverified_told(entry: Entry) -> str:
    """Of how many requests to an endpoint no body is looked at."""
    return f"{entry.unverified} of {counted(entry.requests, 'request')}"


def request_told(request: UsedRequest) -> str:
    """What is known of a request that no page documents."""
    known = f", documented for {', '.join(request.documented)}" if request.documented else ""
    return f"{counted(len(request.cases), 'case')}{known}"


def total_told(coverage: Coverage) -> str:
    """How much is covered in all."""
    count = Count.of(coverage.entries)
    if not count.total:
        return "nothing is documented here that a case could touch"
    kind = "measured" if coverage.basis.results else "planned"
    return f"{kind} coverage {count.whole_percent}: {count.covered} of {count.total} documented"


def shortfall(coverage: Coverage, least: float) -> str:
    """Why coverage is not enough; empty if it is. What documents nothing is never enough."""
    percent = Count.of(coverage.entries).percent
    if percent is None:
        return f"nothing is documented here, so nothing is covered: --fail-under {least:g}"
    # Not rounded: 89.999 is below 90, and must not be shown as 90.
    told = f"{math.floor(percent * 100) / 100:g}%"
    return f"coverage {told} is below --fail-under {least:g}" if percent < least else ""


def basis_lines(basis: Basis) -> Iterator[str]:
    """Which cases count, and why the others do not."""
    cases = counted(basis.cases, "case")
    if basis.results:
        yield f"measured: {cases} that passed in {basis.results}"
    else:
        yield f"planned: {cases} as their pages have them"
    others = (
        (basis.skipped, "skipped"),
        (basis.blocked, "cannot be run"),
        (basis.not_passed, "did not pass"),
        (basis.not_run, "not in these results"),
    )
    told = ", ".join(f"{count} {what}" for count, what in others if count)
    if told:
        yield f"not counted: {told}"
    if basis.emulated:
        rest = "1 of them rests" if basis.emulated == 1 else f"{basis.emulated} of them rest"
        yield f"{rest} on an API that specgen emulates"
