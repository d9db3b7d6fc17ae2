"""`specgen run --json`: every planned case with its verdict, for programs."""

from __future__ import annotations

from typing import Any

from specgen.drift.results import PageCase, RunReport, summary_of
from specgen.replay.values import Finding

__all__ = ["results_document"]


def results_document(report: RunReport) -> dict[str, Any]:
    """The document that `schemas/run.schema.json` describes."""
    info = report.target
    target = {
        "name": info.name if info else report.wanted,
        "url": info.url if info else None,
        "distribution": info.distribution if info else None,
        "version": info.version if info else None,
        "engine": (info.engine or None) if info else None,
        "emulated": [f"{family}: emulated by specgen" for family in info.emulated] if info else [],
    }
    return {
        "schema": 1,
        "target": target,
        "summary": summary_of(report),
        "results": [_result(each) for each in report.cases],
    }


def _result(each: PageCase) -> dict[str, Any]:
    case, result = each.case, each.result
    return {
        "id": case.id,
        "page": case.page,
        "case": case.name,
        **({"file": case.file} if case.file != case.page else {}),
        "line": case.line,
        "outcome": result.outcome.value,
        "reason": result.reason,
        "duration_s": result.duration_s,
        "message": result.message,
        "emulated": result.emulated,
        "left_behind": list(result.left),
        "checks": {
            "status": result.checks.status,
            "body": result.checks.body,
            "warnings": result.checks.warnings,
        },
        "findings": [_finding(finding, case.id) for finding in result.findings],
    }


def _finding(finding: Finding, case: str) -> dict[str, Any]:
    return {
        "kind": finding.kind.value,
        "case": case,
        "page": finding.page,
        **({"file": finding.file} if finding.file else {}),
        "line": finding.line,
        "column": finding.column,
        "pointer": finding.pointer,
        "expected": finding.expected,
        "actual": finding.actual,
        "message": finding.message,
    }
