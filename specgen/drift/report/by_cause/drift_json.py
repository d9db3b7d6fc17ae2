"""`specgen drift --json`: drift by its causes, for programs."""

from __future__ import annotations

from typing import Any

from specgen.drift.baseline.freed import target_key
from specgen.drift.report.results_json import finding_document, target_document
from specgen.drift.results import summary_of
from specgen.drift.values import Accepted, Cause, HeldDrift

__all__ = ["drift_document"]


def drift_document(held: HeldDrift) -> dict[str, Any]:
    """The document that `schemas/drift.schema.json` describes."""
    drift, report = held.drift, held.drift.report
    return {
        "schema": 1,
        "target": target_document(report.target, report.wanted),
        "summary": summary_of(report),
        "unreadable": [{"page": page, "reason": reason} for page, reason in report.unreadable],
        "causes": [_cause(cause) for cause in drift.causes],
        "findings": [finding_document(each.finding, each.case) for each in drift.findings],
        "baseline": _baseline(held),
    }


def _cause(cause: Cause) -> dict[str, Any]:
    return {
        "id": cause.id,
        "kind": cause.kind.value,
        "title": cause.title,
        "hint": cause.hint,
        "findings": list(cause.findings),
        "cases": list(cause.cases),
    }


def _baseline(held: HeldDrift) -> dict[str, Any] | None:
    if not held.baseline:
        return None
    info = held.drift.report.target
    return {
        "target": target_key(info.distribution, info.version) if info else None,
        "accepted": sorted(held.accepted),
        "gone": [_gone(entry) for entry in held.gone],
    }


def _gone(entry: Accepted) -> dict[str, Any]:
    return {
        "case": entry.case,
        "kind": entry.kind.value,
        "pointer": entry.pointer,
        "came": entry.came,
        "times": entry.times,
    }
