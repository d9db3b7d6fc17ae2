"""What the red cases of a run have in common."""

from __future__ import annotations

from specgen.drift.values import CaseFinding, Cause, Drift, PageCase, RunReport
from specgen.replay.telling import TITLES
from specgen.replay.values import Kind

__all__ = ["drift_of"]


def drift_of(report: RunReport) -> Drift:
    """The red cases of a run by what their first finding is about."""
    red = [each for each in report.cases if each.result.outcome.is_red]
    findings = [
        CaseFinding(each.case.id, finding) for each in red for finding in each.result.findings
    ]
    groups: dict[Kind, list[str]] = {}
    for each in red:
        groups.setdefault(_kind(each), []).append(each.case.id)
    causes = (
        Cause(
            f"kind-{kind.value}",
            kind,
            TITLES[kind],
            "",
            tuple(n for n, each in enumerate(findings) if each.case in cases),
            tuple(cases),
        )
        for kind, cases in sorted(groups.items(), key=lambda item: -len(item[1]))
    )
    return Drift(report, tuple(findings), tuple(causes))


def _kind(case: PageCase) -> Kind:
    return case.result.findings[0].kind if case.result.findings else Kind.SETUP
