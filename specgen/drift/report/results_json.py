"""`specgen run --json`: every planned case with its verdict, for programs and for `merge`.

Nothing of a report is left out, so that `results_reading` gives back an equal one.
"""

from __future__ import annotations

from typing import Any

from specgen.drift.results import summary_of
from specgen.drift.values import PageCase, PageRead, RunReport, Tried
from specgen.messages import Message
from specgen.render.rendered import Planned
from specgen.replay.values import CaseResult, Finding
from specgen.target.values import TargetInfo

__all__ = [
    "EMULATED",
    "access_document",
    "finding_document",
    "result_document",
    "results_document",
    "target_document",
]

EMULATED = ": emulated by specgen"


def results_document(report: RunReport) -> dict[str, Any]:
    """The document that `schemas/run.schema.json` describes."""
    return {
        "schema": 1,
        "target": target_document(report.target, report.wanted),
        "summary": summary_of(report),
        "run": _run(report),
        "pages": [_page(each) for each in report.pages],
        "results": [result_document(each) for each in report.cases],
    }


def target_document(info: TargetInfo | None, wanted: str) -> dict[str, Any]:
    """What is known of the target; of one that was never open, how it was asked for."""
    if info is None:
        known = {"name": wanted, "url": None, "distribution": None, "version": None}
        return {**known, "engine": None, "emulated": []}
    return {
        "name": info.name,
        "url": info.url,
        "distribution": info.distribution,
        "version": info.version,
        "engine": info.engine or None,
        "emulated": [f"{family}{EMULATED}" for family in info.emulated],
    }


def access_document(info: TargetInfo | None, wanted: str) -> dict[str, Any]:
    """How the target was asked for, and what may be done there."""
    return {
        "wanted": wanted,
        "disposable": info is not None and info.disposable,
        "read_only": info is not None and info.read_only,
        "private": info is not None and info.private,
    }


def result_document(each: PageCase) -> dict[str, Any]:
    """One case and its verdict."""
    case, result = each.case, each.result
    tried = {"tried": [_tried(skip) for skip in each.tried]} if each.tried else {}
    return {**_planned(case), **_verdict(result, case.id), **tried}


def _run(report: RunReport) -> dict[str, Any]:
    lost, share = report.lost, report.share
    told = {"message": lost.message, "hint": lost.hint, "code": lost.exit_code} if lost else None
    return {
        "access": access_document(report.target, report.wanted),
        "interrupted": report.interrupted,
        "lost": told,
        "crashed": report.crashed,
        "rerun": report.rerun,
        "shard": {"parts": list(share.parts), "count": share.count, "deal": share.deal}
        if share
        else None,
        "unreadable": [{"page": page, "reason": reason} for page, reason in report.unreadable],
    }


def _page(page: PageRead) -> dict[str, Any]:
    unread = {"unread": [_message(each) for each in page.unread]} if page.unread else {}
    return {"page": page.page, **unread}


def _message(message: Message) -> dict[str, Any]:
    return {
        "file": message.path,
        "line": message.line,
        "column": message.column,
        "severity": message.severity,
        "code": message.code,
        "message": message.title,
        "excerpt": message.excerpt,
        "width": message.width,
        "notes": [list(note) for note in message.notes],
    }


def _planned(case: Planned) -> dict[str, Any]:
    return {
        "id": case.id,
        "page": case.page,
        "case": case.name,
        **({"file": case.file} if case.file != case.page else {}),
        "line": case.line,
        **({"unread": True} if case.unread else {}),
        **({"skipped_by_page": True} if case.skipped else {}),
        **({"derived_from": list(case.derived)} if case.derived else {}),
    }


def _tried(skip: Tried) -> dict[str, Any]:
    return {
        "kind": skip.kind.value,
        "file": skip.file,
        "line": skip.line,
        "column": skip.column,
        "reason": skip.reason,
        "would": skip.would.value,
        "message": skip.message,
    }


def _verdict(result: CaseResult, case: str) -> dict[str, Any]:
    return {
        "outcome": result.outcome.value,
        "reason": result.reason,
        "duration_s": result.duration_s,
        "waited_s": result.waited_s,
        "message": result.message,
        "emulated": result.emulated,
        "left_behind": list(result.left),
        "checks": {
            "status": result.checks.status,
            "body": result.checks.body,
            "warnings": result.checks.warnings,
            "lenient": result.checks.lenient,
            "shape": result.checks.shape,
        },
        "findings": [finding_document(finding, case) for finding in result.findings],
    }


def finding_document(finding: Finding, case: str) -> dict[str, Any]:
    """One finding, and the id of the case that showed it."""
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
        "shown": {
            "excerpt": finding.excerpt,
            "width": finding.width,
            "labels": [list(label) for label in finding.labels],
            "request": finding.request,
            "request_line": finding.request_line,
            "request_file": finding.request_file,
            "curl": finding.curl,
            "emulated": finding.emulated,
            **({"within_s": finding.within} if finding.within else {}),
        },
    }
