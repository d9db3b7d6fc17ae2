"""The cause of one red case, told by its own result alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from specgen.drift.causes.known import Evidence, Recognised, recognised
from specgen.drift.causes.pointers import pointer_pattern
from specgen.drift.causes.reasons import api_of, general, slug
from specgen.replay.answered import answered
from specgen.replay.values import CaseResult, Finding, Kind

__all__ = ["Key", "key_of"]

# Differences between a documented body and the one that came: one comparison tells all of them.
BODY = frozenset(
    {Kind.VALUE, Kind.TYPE, Kind.MISSING, Kind.SURPLUS, Kind.ORDER, Kind.TEXT, Kind.SHAPE}
)
BODY_TITLES = {
    Kind.VALUE: "has another value than the page shows",
    Kind.TYPE: "has another type than the page shows",
    Kind.MISSING: "is in the page, and not in the response",
    Kind.SURPLUS: "is in the response, and not in the page",
    Kind.ORDER: "has its items in another order than the page shows",
    Kind.TEXT: "does not match the pattern of the page",
    Kind.SHAPE: "has another shape than is documented",
}
BODY_HINTS = {
    Kind.VALUE: "correct the value in the page, or say that it may differ (`specgen suggest`)",
    Kind.TYPE: "write the value in the page as the cluster sends it",
    Kind.MISSING: "take it out of the page, or choose a target that still sends it",
    Kind.SURPLUS: "add it to the page, or allow more than it shows: `// SPECGEN[at-least:…]`",
    Kind.ORDER: "sort in the request, or say that the order does not matter: "
    "`// SPECGEN[unordered:…]`",
    Kind.TEXT: "hold the pattern against what came, and correct it",
    Kind.SHAPE: "correct the documentation, or report the cluster: one of them is wrong",
}
LONGEST_TITLE = 160
# How much of a reason is looked at for a known cause, in characters: it may quote documents.
LONGEST_TEXT = 4_000
NAMED_SETUP = re.compile(r"(?:teardown: )?setup '(?P<name>[^']+)': ")
PAGE_SETUP = re.compile(r"(?:teardown: )?the setup failed: ")
WARNING_TEXT = re.compile(
    r"\A(?:this warning did not come|a deprecation warning [^:]*): (.*)", re.S
)


@dataclass(frozen=True, slots=True)
class Key:
    """What cases of one cause have in common.

    Attributes:
        identity: Equal for two cases if and only if they have the same cause.
        words: The id, as long as no other cause would have the same.
        title: The title in words that hold for each of its cases.
        said: The same in the words of the case that it was made for.
        hint: What to do about it.
    """

    identity: str
    words: str
    title: str
    said: str
    hint: str = ""


def key_of(result: CaseResult) -> Key:
    """The key of a red case: a known cause, else what its most telling finding says.

    What ends a case comes first, and all else follows from it, a teardown that fails too. Of
    the differences of one body, those that no known cause explains are the more telling ones.
    """
    findings = [each for each in result.findings if not _is_remark(each)] or result.findings
    if not findings:
        return _of_verdict(result)
    first = findings[0]
    if first.kind not in BODY or not first.pointer:
        return _of_request(result, first)
    together = [
        each
        for each in findings
        if each.kind in BODY and (each.request_file, each.request_line) == _asked(first)
    ]
    return _of_body(result, together)


def _asked(finding: Finding) -> tuple[str, int]:
    return finding.request_file, finding.request_line


def _is_remark(finding: Finding) -> bool:
    """Whether it is a deprecation warning that no page tells of: it rarely fails a case."""
    return finding.kind is Kind.WARNING and finding.expected is None


def _of_verdict(result: CaseResult) -> Key:
    text = result.reason or result.message or "no reason is known"
    known = recognised(Evidence(None, text[:LONGEST_TEXT]))
    return _of_known(known) if known else _key("error", text, "")


def _of_body(result: CaseResult, findings: Sequence[Finding]) -> Key:
    known = [recognised(_evidence(finding)) for finding in findings]
    for finding, found in zip(findings, known, strict=True):
        if found is None:
            return _of_place(result, finding)
    return _of_known(min(filter(None, known), key=lambda found: found.rank))


def _of_place(result: CaseResult, finding: Finding) -> Key:
    """By kind and place: the same field is surplus everywhere."""
    kind, pattern = finding.kind, pointer_pattern(finding.pointer, finding.request)
    title = f"`{pattern}` {BODY_TITLES[kind]}"
    words = slug(pattern.replace("/**", "").replace("*", "each"), 8)
    key = Key(f"{kind}{pattern}", f"{kind}-{words}", title, title, BODY_HINTS[kind])
    return _within_setup(result, key)


def _of_request(result: CaseResult, finding: Finding) -> Key:
    known = recognised(_evidence(finding))
    if known is not None:
        return _of_known(known)
    answer = answered(finding)
    if answer is not None:
        return _within_setup(result, _of_answer(finding, answer.status, answer.reason))
    if finding.kind is Kind.WARNING:
        found = WARNING_TEXT.match(finding.message)
        key = _key("warning", found[1] if found else finding.message, "")
        return replace(key, hint="correct the `warning:` of the marker, or the request")
    if finding.kind in BODY:
        api = api_of(finding.request)
        if finding.kind is Kind.TEXT:
            title = f"the text that `{api}` answers does not match the page's"
            key = Key(f"text {api}", f"text-{slug(api)}", title, title, BODY_HINTS[Kind.TEXT])
        else:
            key = _key(finding.kind, finding.message, BODY_HINTS[finding.kind])
        return _within_setup(result, key)
    return _within_setup(result, _key(finding.kind, finding.message, ""))


def _of_answer(finding: Finding, status: int, reason: str) -> Key:
    expected = str(finding.expected or "")
    if status < 400:
        wanted = finding.labels[0][1] if finding.labels else expected
        title = f"the page expects {wanted}, and the cluster answers {status}"
        hint = "if the cluster is right, take the `catch:` or the code out of the page"
        words = f"expected-{slug(wanted, 3)}-got-{status}"
        return Key(f"{wanted}>{status}", words, title, title, hint)
    if not reason:
        api = api_of(finding.request)
        title = f"`{api}` is answered {status} without a reason"
        hint = "nothing tells why: give the page what it asks for, or document the error"
        return Key(f"{status} {api}", f"error-{status}-{slug(api)}", title, title, hint)
    hint = "correct the request, or document the error: `// TEST[catch:…]`"
    return _key(f"error {status}", reason, hint, f"the cluster answers {status}: ")


def _within_setup(result: CaseResult, key: Key) -> Key:
    """A setup that fails is one cause for all cases that share it, and no cause for others."""
    if named := NAMED_SETUP.match(result.reason):
        name = named["name"]
        where, words = f"the setup '{name}' fails", slug(name)
    elif PAGE_SETUP.match(result.reason):
        page = result.id.partition("::")[0]
        where, words = f"the setup of {page} fails", slug(page.rpartition("/")[2].split(".")[0])
        name = page
    else:
        return key
    return Key(
        f"setup {name}: {key.identity}",
        f"setup-{words}-{key.words}",
        f"{where}: {key.title}",
        f"{where}: {key.said}",
        "correct the setup: the cases that use it are judged again then",
    )


def _key(start: str, text: str, hint: str, opening: str = "") -> Key:
    told = general(text)
    said = " ".join(text.split())
    said = said if len(said) <= LONGEST_TITLE else f"{said[: LONGEST_TITLE - 1]}…"
    words = f"{slug(start)}-{slug(told)}".strip("-")
    return Key(f"{start}: {told}", words, f"{opening}{told}", f"{opening}{said}", hint)


def _of_known(known: Recognised) -> Key:
    cause, feature = known.cause, known.feature[:LONGEST_TITLE]
    id = f"{cause.id}-{slug(feature)}" if feature else cause.id
    title, hint = (each.replace("{feature}", feature) for each in (cause.title, cause.hint))
    return Key(f"known {cause.id} {feature}", id, title, title, hint)


def _evidence(finding: Finding) -> Evidence:
    answer = answered(finding)
    text = (answer.reason if answer else "") or finding.message
    pattern = pointer_pattern(finding.pointer, finding.request)
    return Evidence(
        finding.kind,
        text[:LONGEST_TEXT],
        finding.request[:LONGEST_TEXT],
        pattern,
        finding.expected,
        finding.actual,
    )
