"""One case with everything shown: what was sent, what came, and what was compared."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from specgen.plan.values import (
    Case,
    CheckStep,
    MatchStep,
    PagePlan,
    RequestStep,
    SetupRole,
    SetupStep,
    Step,
    YamlStep,
)
from specgen.replay.findings import curl_line
from specgen.replay.status import wanted
from specgen.replay.values import CaseResult, Finding, Kind, Outcome
from specgen.source import Span
from specgen.target.har import Entry, answer_of, body_of
from specgen.target.values import Answer, Call, TargetInfo

__all__ = ["Bounds", "compared_lines", "exchange_lines"]

Shown = Callable[[str], str]

# What a finding is about if it is not about the body of a response.
OF_REQUEST = frozenset({Kind.STATUS, Kind.UNSUPPORTED, Kind.WARNING, Kind.SHARDS, Kind.SHAPE})


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of a body is shown.

    Attributes:
        lines: How many lines.
        width: How many characters of each.
    """

    lines: int
    width: int


def exchange_lines(
    number: int, entry: Entry, info: TargetInfo, bounds: Bounds | None
) -> Iterator[str]:
    """One exchange of a recording: the request as curl, how it ended, and the body.

    Args:
        number: Its number among those of the case.
        entry: As it was recorded, secrets masked.
        info: What is known of the target.
        bounds: How much of the body is shown; None for all of it.

    Raises:
        LookupError, TypeError, ValueError: It is no entry of a recording.
    """
    call, answer = _call(entry), answer_of(entry)
    yield f"{number}. {call.method} /{call.path}{_query(call)}"
    yield f"   {curl_line(call, info)}"
    if "_error" in entry:
        yield f"   no answer: {entry['_error']}"
        return
    emulated = ", answered by specgen itself" if answer.emulated else ""
    yield f"   {answer.status}{emulated}"
    yield from (f"   {line}" for line in _bounded(pretty(answer), bounds))


def _call(entry: Entry) -> Call:
    """The call of an entry; its path and query are as they went over the wire."""
    request = entry["request"]
    target = request["url"].removeprefix(entry["_specgen"]["base"]).removeprefix("/")
    path, _, query = target.partition("?")
    pairs = (pair.partition("=") for pair in query.split("&") if pair)
    body = body_of({**request.get("postData", {})})
    return Call(request["method"], path, tuple((name, value) for name, _, value in pairs), body)


def _query(call: Call) -> str:
    told = "&".join(f"{name}={value}" if value else name for name, value in call.query)
    return f"?{unquote(told)}" if told else ""


def pretty(answer: Answer) -> str:
    """A body as people read it: JSON indented, all else as it came."""
    try:
        return json.dumps(json.loads(answer.body), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return answer.text


def _bounded(text: str, bounds: Bounds | None) -> Iterator[str]:
    lines = text.rstrip("\n").split("\n") if text else []
    if bounds is None:
        yield from lines
        return
    for line in lines[: bounds.lines]:
        long = len(line) > bounds.width
        yield f"{line[: bounds.width]}… ({len(line)} characters)" if long else line
    if len(lines) > bounds.lines:
        yield f"… and {len(lines) - bounds.lines} more lines (--full shows all)"


def compared_lines(plan: PagePlan, case: Case, result: CaseResult, shown: Shown) -> Iterator[str]:
    """What the page asks of the answers, step by step, and what came of each.

    A case ends with the first thing that is not so; what comes behind it was not looked at.

    Args:
        plan: The plan of the page.
        case: The case.
        result: How it ended.
        shown: Gives a file's name as people can open it.
    """
    steps = [*(("setup: ", each) for each in plan.setup), *(("", each) for each in case.steps)]
    asked = [(before, step, each) for before, step in steps for each in _asked(step)]
    findings = _that_ended_it(result)
    counts = [sum(_is_about(each, step, span) for each in findings) for _, step, (_, span) in asked]
    going = result.outcome is not Outcome.SKIPPED
    known = result.outcome is Outcome.PASSED or any(counts) or _setup_named(result)
    for (before, step, (what, span)), count in zip(asked, counts, strict=True):
        verdict = _verdict(step, result, count) if known else "not known"
        place = f"{shown(span.source.path)}:{span.line}"
        yield f"{place}: {before}{what}: {verdict if going else 'not reached'}"
        going = going and verdict in {"held", "not known"}


def _that_ended_it(result: CaseResult) -> Sequence[Finding]:
    """The findings without warnings that no page tells of, unless it is they that failed it."""
    if result.outcome is Outcome.PASSED:
        return ()
    told = [each for each in result.findings if each.kind is not Kind.WARNING or each.expected]
    return told or result.findings


def _setup_named(result: CaseResult) -> bool:
    return result.reason.startswith("setup '")


def _verdict(step: Step, result: CaseResult, count: int) -> str:
    if count:
        return f"{count} finding{'s' if count > 1 else ''}"
    if isinstance(step, SetupStep) and f"setup {step.setup.name!r}: " in result.reason:
        return "failed"
    return "held"


def _asked(step: Step) -> Iterator[tuple[str, Span]]:
    """What a step asks, in words, and where the page says so."""
    match step:
        case RequestStep(request=request):
            must = str(step.status or wanted(step.catch))
            warned = f", and {len(step.warnings)} warnings" if step.warnings else ""
            yield f"{request.method} {request.path} ends with {must}{warned}", step.span
        case MatchStep():
            less = "; ".join(f"{name} {' '.join(at)}" for name, at in step.leniency.named())
            yield f"the body is as shown{f' ({less})' if less else ''}", step.span
        case CheckStep():
            yield f"{step.check} {step.field} {step.expected}".rstrip(), step.span
        case YamlStep():
            for inner in step.steps:
                yield from _asked(inner)
        case SetupStep() if step.role is SetupRole.SETUP:
            yield f"setup '{step.setup.name}' succeeds", step.span


def _is_about(finding: Finding, step: Step, span: Span) -> bool:
    """Whether a finding tells of a step: by its line, and by what it is about."""
    if (finding.file or finding.page) != span.source.path:
        return False
    of_request = finding.kind in OF_REQUEST or (finding.kind is Kind.SETUP and not finding.pointer)
    if isinstance(step, MatchStep):
        last = span.source.locate(span.end).line
        return not of_request and span.line <= finding.line <= last
    return isinstance(step, RequestStep) and of_request and finding.request_line == span.line
