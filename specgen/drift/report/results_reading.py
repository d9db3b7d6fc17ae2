"""Reads back what `specgen run --json` wrote, whole or as far as it came."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from specgen.drift.report.results_json import EMULATED
from specgen.drift.values import PageCase, PageRead, RunReport, Share, Tried
from specgen.messages import Message
from specgen.plan.values import SkipKind
from specgen.render.rendered import Planned
from specgen.replay.events import TargetLost
from specgen.replay.values import CaseResult, Checks, Finding, Kind, Outcome
from specgen.target.values import TargetInfo

__all__ = ["durations_in", "read_report"]

Document = Mapping[str, Any]


def read_report(text: str) -> RunReport:
    """The report that a file of results tells of.

    Args:
        text: A document as `results_document` makes it; or a journal: such a document in one
            line, then one line for each result that came since (see `Journal`). A last line
            that is cut off is left out.

    Raises:
        ValueError: It is neither.
    """
    try:
        document, *later = _documents(text)
        report = _report(document)
        for each in later:
            report = _with_target(report, each) if "target" in each else report
        results = {each["id"]: _case(each) for each in later if "id" in each}
    except (LookupError, TypeError, AttributeError) as trouble:
        raise ValueError("no results of specgen") from trouble
    cases = tuple(results.get(each.case.id, each) for each in report.cases)
    return replace(report, cases=cases)


def durations_in(text: str) -> dict[str, float]:
    """How long each judged case of a file of results took, in seconds by its id.

    Raises:
        ValueError: It is no such file.
    """
    judged = {Outcome.PASSED, Outcome.FAILED}
    results = (each.result for each in read_report(text).cases)
    return {each.id: each.duration_s for each in results if each.outcome in judged}


def _documents(text: str) -> list[Document]:
    try:
        return [json.loads(text)]
    except ValueError:
        lines = text.split("\n")
    if len(lines) < 2:
        raise ValueError("no results of specgen")
    # The last one is empty, or was cut off when its writer died.
    return [json.loads(line) for line in lines[:-1]]


def _report(document: Document) -> RunReport:
    if document["schema"] != 1:
        raise ValueError("results of another version of specgen")
    run, lost, share = document["run"], document["run"]["lost"], document["run"]["shard"]
    return RunReport(
        tuple(PageRead(each["page"], _messages(each)) for each in document["pages"]),
        tuple(_case(each) for each in document["results"]),
        run["access"]["wanted"],
        _target(document["target"], run["access"]),
        TargetLost(lost["message"], lost["hint"], lost["code"]) if lost else None,
        tuple((each["page"], each["reason"]) for each in run["unreadable"]),
        run["interrupted"],
        document["summary"]["duration_s"],
        run["crashed"],
        Share(tuple(share["parts"]), share["count"], share["deal"]) if share else None,
        run["rerun"],
    )


def _with_target(report: RunReport, document: Document) -> RunReport:
    return replace(report, target=_target(document["target"], document["access"]))


def _target(document: Document, access: Document) -> TargetInfo | None:
    if document["url"] is None:
        return None
    return TargetInfo(
        document["name"],
        document["url"],
        document["distribution"],
        document["version"],
        document["engine"] or "",
        access["disposable"],
        access["read_only"],
        tuple(each.removesuffix(EMULATED) for each in document["emulated"]),
        access["private"],
    )


def _messages(page: Document) -> tuple[Message, ...]:
    return tuple(
        Message(
            each["file"],
            each["line"],
            each["column"],
            each["severity"],
            each["code"],
            each["message"],
            each["excerpt"],
            each["width"],
            (),
            tuple((word, says) for word, says in each["notes"]),
        )
        for each in page.get("unread", ())
    )


def _case(document: Document) -> PageCase:
    page = document["page"]
    file = document.get("file", page)
    name, line, unread = document["case"], document["line"], document.get("unread", False)
    skipped = document.get("skipped_by_page", False)
    derived = tuple(document.get("derived_from", ()))
    planned = Planned(document["id"], name, page, file, line, unread, skipped, derived)
    result = CaseResult(
        document["id"],
        Outcome(document["outcome"]),
        document["reason"],
        document["duration_s"],
        document["message"],
        Checks(**document["checks"]),
        tuple(_finding(each) for each in document["findings"]),
        document["emulated"],
        tuple(document["left_behind"]),
        document.get("waited_s", 0.0),
    )
    return PageCase(planned, result, tuple(map(_tried, document.get("tried", ()))))


def _tried(document: Document) -> Tried:
    return Tried(
        SkipKind(document["kind"]),
        document["file"],
        document["line"],
        document["column"],
        document["reason"],
        Outcome(document["would"]),
        document["message"],
    )


def _finding(document: Document) -> Finding:
    shown = document["shown"]
    return Finding(
        Kind(document["kind"]),
        document["page"],
        document["line"],
        document["column"],
        document["pointer"],
        document["expected"],
        document["actual"],
        document["message"],
        tuple((side, says) for side, says in shown["labels"]),
        shown["excerpt"],
        shown["width"],
        shown["request"],
        shown["request_line"],
        shown["curl"],
        shown["emulated"],
        document.get("file", ""),
        shown["request_file"],
        shown.get("within_s", 0.0),
    )
