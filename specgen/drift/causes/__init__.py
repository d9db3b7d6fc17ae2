"""Findings grouped by their cause."""

from __future__ import annotations

from specgen.drift.values import CaseFinding, Cause, Drift, RunReport
from specgen.replay.values import Kind

__all__ = ["drift_of"]


def drift_of(report: RunReport) -> Drift:
    """The red cases of a run by their causes."""
    red = [each for each in report.cases if each.result.outcome.is_red]
    findings = tuple(CaseFinding(e.case.id, f) for e in red for f in e.result.findings)
    groups: dict[Kind, list[str]] = {}
    for each in red:
        kind = each.result.findings[0].kind if each.result.findings else Kind.SETUP
        groups.setdefault(kind, []).append(each.case.id)
    causes = tuple(
        Cause(
            k.value,
            k,
            k.value,
            "",
            tuple(i for i, f in enumerate(findings) if f.case in c),
            tuple(c),
        )
        for k, c in groups.items()
    )
    return Drift(report, findings, causes)
