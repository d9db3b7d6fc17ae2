"""Reports of runs that never were, made of the results of a few cases."""

from __future__ import annotations

from specgen.drift.values import PageCase, PageRead, RunReport
from specgen.render.rendered import Planned
from specgen.replay.values import CaseResult

__all__ = ["report_of"]


def report_of(*results: CaseResult) -> RunReport:
    """A report of these results, in this order."""
    cases = tuple(PageCase(_planned(each.id), each) for each in results)
    pages = dict.fromkeys(each.case.page for each in cases)
    return RunReport(
        tuple(map(PageRead, pages)), cases, "embedded", None, None, (), False, duration_s=0.0
    )


def _planned(id: str) -> Planned:
    page = id.partition("::")[0]
    return Planned(id, "line_1", page, page, 1)
