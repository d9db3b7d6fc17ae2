"""Which cases count: all that would be run, or those that passed in a run."""

from __future__ import annotations

from collections.abc import Sequence

from specgen.coverage.values import Basis
from specgen.drift.values import RunReport
from specgen.plan.values import Case
from specgen.replay.values import Outcome

__all__ = ["passed_cases", "planned_cases"]


def planned_cases(cases: Sequence[Case]) -> tuple[tuple[Case, ...], Basis]:
    """The cases that a run would send, as far as their pages tell."""
    kept = tuple(case for case in cases if not (case.skip or case.blocked))
    skipped = sum(bool(case.skip) for case in cases)
    return kept, Basis("", len(kept), skipped, len(cases) - len(kept) - skipped)


def passed_cases(
    cases: Sequence[Case], report: RunReport, results: str
) -> tuple[tuple[Case, ...], Basis]:
    """The cases that passed in a run.

    Args:
        cases: Those of the pages as they are now.
        report: The run.
        results: The file it was read from, as people see it.
    """
    known = {each.case.id: each.result for each in report.cases}
    outcomes = [known[case.id].outcome if case.id in known else None for case in cases]
    kept = tuple(
        case for case, outcome in zip(cases, outcomes, strict=True) if outcome is Outcome.PASSED
    )
    basis = Basis(
        results,
        len(kept),
        skipped=outcomes.count(Outcome.SKIPPED),
        not_passed=sum(outcome is not None and outcome.is_red for outcome in outcomes),
        not_run=outcomes.count(None),
        emulated=sum(known[case.id].emulated for case in kept),
    )
    return kept, basis
