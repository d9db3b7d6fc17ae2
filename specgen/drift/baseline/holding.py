"""Holds drift against what is accepted, and makes what is accepted from drift."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from specgen.drift.baseline.freed import accepted_of, target_key
from specgen.drift.values import Accepted, Drift, HeldDrift, RunReport
from specgen.replay.values import Finding, Kind, Outcome

__all__ = ["entries_of", "hold", "renewed"]

Complete = Callable[[str], bool]


def hold(drift: Drift, entries: Sequence[Accepted], baseline: str, complete: Complete) -> HeldDrift:
    """Drift, and which of it is accepted.

    An entry accepts as many findings as it says, the first ones of its case.

    Args:
        drift: What a run found.
        entries: What is accepted, on any target.
        baseline: What the file of these is called.
        complete: Whether the run had all cases that a page has now.
    """
    target = _target(drift.report)
    left = Counter({_key(each): each.times for each in entries if each.target == target})
    accepted = set()
    for index, each in enumerate(drift.findings):
        key = accepted_of(target, each.case, each.finding)
        if left[key] > 0:
            left[key] -= 1
            accepted.add(index)
    over = _over(drift.report, complete)
    gone = (replace(key, times=count) for key, count in left.items() if count and over(key))
    settled = frozenset(_settled(drift, accepted))
    return HeldDrift(drift, baseline, frozenset(accepted), settled, tuple(sorted(gone)))


def entries_of(drift: Drift) -> tuple[Accepted, ...]:
    """What must be accepted so that none of the drift is new, sorted."""
    target = _target(drift.report)
    count = Counter(accepted_of(target, each.case, each.finding) for each in drift.findings)
    return tuple(sorted(replace(key, times=times) for key, times in count.items()))


def renewed(entries: Sequence[Accepted], drift: Drift, complete: Complete) -> tuple[Accepted, ...]:
    """What is accepted from now on: all that a run found, and what it did not look at.

    Args:
        entries: What was accepted until now, on any target.
        drift: What the run found.
        complete: Whether it had all cases that a page has now.
    """
    target = _target(drift.report)
    found = entries_of(drift)
    known, over = {_key(each) for each in found}, _over(drift.report, complete)
    kept = (
        each
        for each in entries
        if each.target != target or (_key(each) not in known and not over(each))
    )
    return tuple(sorted((*kept, *found)))


def _target(report: RunReport) -> str:
    return target_key(report.target.distribution, report.target.version) if report.target else ""


def _key(entry: Accepted) -> Accepted:
    return replace(entry, times=1)


def _over(report: RunReport, complete: Complete) -> Callable[[Accepted], bool]:
    """Tells whether a run would have shown a finding if it were still there."""
    judged = {Outcome.PASSED, Outcome.FAILED}
    known = {each.case.id: each.result.outcome in judged for each in report.cases}

    def over(entry: Accepted) -> bool:
        seen = known.get(entry.case)
        return complete(entry.case.rpartition("::")[0]) if seen is None else seen

    return over


def _settled(drift: Drift, accepted: set[int]) -> Iterator[str]:
    """The red cases whose verdict rests on nothing that is new."""
    open_cases, held = set(), set()
    for index, each in enumerate(drift.findings):
        if index in accepted:
            held.add(each.case)
        elif not _is_beside(each.finding):
            open_cases.add(each.case)
    yield from held - open_cases


def _is_beside(finding: Finding) -> bool:
    """A deprecation warning that no page tells of makes no case red."""
    return finding.kind is Kind.WARNING and finding.expected is None
