"""What is told of mending, and of what is left to a person."""

from __future__ import annotations

import difflib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from specgen.mending.pages import MendedPage
from specgen.mending.values import Mend, Proposal, Reason, Refusal, Response, Where
from specgen.messages import counted, printable
from specgen.plan.values import PagePlan
from specgen.replay.values import CaseResult, Finding, Json, Kind

__all__ = [
    "cause_of",
    "diff_of",
    "lines_of",
    "not_proposed",
    "other_refusal",
    "proposed_diff",
    "summary_of",
]

# The errors that `catch:` has a name for.
CATCHES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "missing",
    408: "request_timeout",
    409: "conflict",
    503: "unavailable",
}
# How much of a value is told, and of a reason, which may quote whole documents; in characters.
LONGEST = 60
LONGEST_REASON = 200
LINE = re.compile(r"[^\n]*\n|[^\n]+")


def other_refusal(plan: PagePlan, case: str, result: CaseResult | None) -> Iterator[Refusal]:
    """Why nothing is written of a case in which no response of the page differs.

    Args:
        plan: Of its page.
        case: Its id.
        result: What came of it; None if nothing did.
    """
    response = Response(case, -1)
    findings = result.findings if result else ()
    for each in findings:
        where = Where(each.file or each.page, each.line, each.column)
        yield Refusal(response, where, each.kind, each.pointer, *_why(each))
    if not findings:
        span = next(each.span for each in plan.cases if each.id == case)
        why = (result.reason or result.message) if result else "it was not replayed"
        where = Where(span.source.path, *span.place)
        yield Refusal(response, where, None, "", Reason.NOT_JUDGED, why)


def _why(finding: Finding) -> tuple[Reason, str, str]:
    if finding.emulated:
        words = f"specgen itself gave this answer, and proves nothing: {finding.message}"
        return Reason.EMULATED, words, "replay it on a real cluster"
    if finding.kind is Kind.STATUS:
        return Reason.STATUS, finding.message, _proposal(finding)
    if finding.kind is Kind.TEXT:
        return Reason.TEXT, finding.message, "mend the text or its pattern by hand"
    if finding.kind in {Kind.SETUP, Kind.TARGET, Kind.UNSUPPORTED}:
        return Reason.NOT_JUDGED, finding.message, ""
    return Reason.NOT_A_BODY, finding.message, ""


def _proposal(finding: Finding) -> str:
    """What to write if a status is as it should be: never written by itself."""
    status = finding.actual if isinstance(finding.actual, int) else 0
    if status >= 500:
        return "report it: no page should document that a cluster breaks down"
    if str(finding.expected)[:1].isdigit():
        return "if the cluster is right, correct the response codes in the page"
    if 200 <= status < 300:
        return "if it succeeds rightly, take `catch` out of the marker of its snippet"
    name = CATCHES.get(status, "request")
    return f"if this error is right, say `// TEST[catch:{name}]` below its snippet"


def not_proposed(refusal: Refusal, why: str) -> Refusal:
    """A status that is left to a person, with the reason why not even a marker is proposed."""
    if refusal.reason is not Reason.STATUS:
        return refusal
    return replace(refusal, hint=f"{refusal.hint}; --review does not ask, since {why}")


def lines_of(pages: Sequence[MendedPage], shown: Callable[[str], str]) -> Iterator[str]:
    """What was mended, and what was not and why: a line or two each."""
    for page in pages:
        for mend in page.mends:
            if mend.pointer != mend.renamed:  # told with the name that it had
                yield f"{_shown(mend.where, shown)}: mended: {_said(mend)}"
        for proposal in page.proposals:
            yield f"{_shown(proposal.where, shown)}: mended: {proposal.change.words}"
        for refusal in page.refusals:
            yield from _told(refusal, shown)


def _told(refusal: Refusal, shown: Callable[[str], str]) -> Iterator[str]:
    at = f" {refusal.pointer}" if refusal.pointer else ""
    place = _shown(refusal.where, shown)
    yield f"{place}: left to you ({refusal.reason}):{at} {refusal.words}".rstrip()
    if refusal.hint:
        yield f"  help: {refusal.hint}"


def _shown(where: Where, shown: Callable[[str], str]) -> str:
    return f"{shown(where.file)}:{where.line}:{where.column}"


def _said(mend: Mend) -> str:
    if mend.renamed:
        return f"{mend.pointer} has another name: {mend.renamed}"
    if mend.kind is Kind.MISSING:
        return f"{mend.pointer} taken out, it was {_short(mend.expected)}"
    if mend.kind is Kind.SURPLUS:
        return f"{mend.pointer} put in: {_short(mend.actual)}"
    if mend.kind is Kind.ORDER:
        return f"{mend.pointer} put in the order in which it came"
    return f"{mend.pointer} {_short(mend.expected)} -> {_short(mend.actual)}"


def cause_of(proposal: Proposal) -> str:
    """Why anything is proposed: what the cluster answered, on one line."""
    reason = _cut(" ".join(proposal.reason.split()), LONGEST_REASON)
    return printable(f"the cluster answered {proposal.status}{f': {reason}' if reason else ''}")


def _short(value: Json) -> str:
    return _cut(json.dumps(value, ensure_ascii=False), LONGEST)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def summary_of(pages: Sequence[MendedPage], proposed: int, *, written: bool) -> str:
    """The last line: how much was mended, and how much is left, by reason.

    Args:
        pages: What came of them.
        proposed: How many changes are proposed and not written.
        written: Whether all that was mended is on disk.
    """
    mends = [each for page in pages for each in (*page.mends, *page.proposals)]
    files = {path for page in pages for path, _ in page.texts}
    refused = Counter(each.reason.value for page in pages for each in page.refusals)
    done = "mended" if written else "can be mended"
    text = f"{counted(len(mends), 'difference')} {done} in {counted(len(files), 'page')}"
    if refused:
        reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(refused.items()))
        text += f"; left to you: {refused.total()} ({reasons})"
    if proposed:
        text += f"; {counted(proposed, 'change')} proposed"
    return text


def diff_of(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> str:
    """The unified diff of files, by their paths below the docs root.

    Line ends other than a newline are shown as they are, bytes that are no UTF-8 as U+FFFD.
    """
    parts: list[str] = []
    for path, new in after.items():
        old = before.get(path, b"")
        lines = difflib.unified_diff(_lines(old), _lines(new), f"a/{path}", f"b/{path}", n=3)
        for line in lines:
            end = "" if line.endswith("\n") else "\n\\ No newline at end of file\n"
            parts.append(line + end)
    return "".join(parts)


def proposed_diff(
    proposal: Proposal, before: Mapping[str, bytes], after: Mapping[str, bytes]
) -> str:
    """The diff of a proposal as comments: whoever applies the rest does not apply it."""
    diff = diff_of(before, after).splitlines()
    head = f"proposed for {proposal.case}, written by --review alone: {proposal.change.words}"
    return "".join(f"# {line}\n" for line in (head, cause_of(proposal), *diff))


def _lines(data: bytes) -> list[str]:
    """The lines as `git diff` sees them: only a newline ends one."""
    return LINE.findall(data.decode("utf-8", "replace"))
