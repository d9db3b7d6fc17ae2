"""`specgen drift --sarif`: SARIF 2.1.0, which code scanning shows on the line of a page."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import astuple
from typing import Any

from sarif_pydantic import (  # type: ignore[import-untyped]
    Level,
    Location,
    Message,
    Region,
    ReportingDescriptor,
    Result,
)

from specgen.drift.baseline.freed import accepted_of
from specgen.drift.report.by_cause.words import gone_told, level_of, message_told, unjudged_of
from specgen.drift.report.sarif import location_at, sarif_text
from specgen.drift.values import Cause, HeldDrift, PageCase
from specgen.messages import printable, printable_lines
from specgen.replay.telling import BODY, TITLES
from specgen.replay.values import Finding

__all__ = ["drift_sarif"]

Shown = Callable[[str], str]

UNJUDGED = "not-judged"
RULES = {
    **{kind.value: title for kind, title in TITLES.items()},
    UNJUDGED: "a case could not be judged",
}
LEVELS = {"error": Level.ERROR, "warning": Level.WARNING}


def drift_sarif(held: HeldDrift, shown: Shown) -> str:
    """One run with a result a finding, as JSON text; the rules are the kinds of findings.

    Its fingerprints stay when lines move: code scanning knows a finding again by them. What a
    baseline accepts is suppressed, and `baselineState` tells it from what is new.

    Args:
        held: The drift.
        shown: Gives a page's path relative to the root of the repository.
    """
    results = [*_results(held, shown)]
    ids = sorted({each.rule_id for each in results})
    for each in results:
        each.rule_index = ids.index(each.rule_id)
    rules = [ReportingDescriptor(id=id, shortDescription=Message(text=RULES[id])) for id in ids]
    gone = [printable(gone_told(entry)) for entry in held.gone]
    return sarif_text(rules, results, **({"gone": gone} if held.baseline else {}))


def _results(held: HeldDrift, shown: Shown) -> Iterator[Result]:
    cause_of = {index: cause for cause in held.drift.causes for index in cause.findings}
    seen: Counter[str] = Counter()
    for index, each in enumerate(held.drift.findings):
        cause, finding = cause_of[index], each.finding
        digest = _digest(astuple(accepted_of("", each.case, finding)))
        seen[digest] += 1
        told = f"{message_told(finding)}\nCause: {cause.title}"
        asked = finding.request_line and finding.request_line != finding.line
        yield Result(
            ruleId=finding.kind.value,
            level=LEVELS[level_of(finding)],
            message=Message(text=printable_lines(told)),
            locations=[_finding_location(finding, shown)],
            relatedLocations=[_request_location(finding, shown)] if asked else None,
            partialFingerprints=_fingerprints(digest, seen[digest]),
            properties=_properties(cause, each.case, finding),
            **_state(held, accepted=index in held.accepted),
        )
    for cause in held.drift.causes:
        yield from (_unjudged(held, cause, each, shown) for each in unjudged_of(held, cause))


def _state(held: HeldDrift, *, accepted: bool) -> dict[str, Any]:
    if not held.baseline:
        return {}
    if not accepted:
        return {"baselineState": "new"}
    why = {"kind": "external", "status": "accepted"}
    justification = f"accepted by {printable(held.baseline)}"
    return {
        "baselineState": "unchanged",
        "suppressions": [{**why, "justification": justification}],
    }


def _properties(cause: Cause, case: str, finding: Finding | None = None) -> dict[str, Any]:
    known = {"cause": printable(cause.id), "case": printable(case)}
    if finding is None:
        return known
    beside = {"pointer": printable(finding.pointer), "request": printable(finding.request)}
    return {**known, **beside, "emulated": finding.emulated}


def _unjudged(held: HeldDrift, cause: Cause, each: PageCase, shown: Shown) -> Result:
    region = Region(startLine=each.case.line)
    why = each.result.reason or each.result.message or cause.title
    return Result(
        ruleId=UNJUDGED,
        level=Level.ERROR,
        message=Message(text=printable_lines(why)),
        locations=[_location(each.case.file, region, shown)],
        partialFingerprints=_fingerprints(_digest((each.case.id, UNJUDGED)), 1),
        properties=_properties(cause, each.case.id),
        **_state(held, accepted=False),
    )


def _fingerprints(digest: str, number: int) -> dict[str, str]:
    """The first is the name under which GitHub looks for one."""
    return {"primaryLocationLineHash": f"{digest}:{number}", "specgenFinding/v1": digest}


def _digest(parts: tuple[object, ...]) -> str:
    text = "\0".join(map(str, parts))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _finding_location(finding: Finding, shown: Shown) -> Location:
    region = Region(startLine=finding.line)
    if finding.kind in BODY:
        end = finding.column + max(1, finding.width)
        region = Region(startLine=finding.line, startColumn=finding.column, endColumn=end)
    return _location(finding.file or finding.page, region, shown)


def _request_location(finding: Finding, shown: Shown) -> Location:
    place = finding.request_file or finding.page
    return _location(place, Region(startLine=finding.request_line), shown, finding.request)


def _location(file: str, region: Region, shown: Shown, message: str = "") -> Location:
    return location_at(shown(file), region, printable_lines(message))
