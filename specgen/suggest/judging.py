"""Tells what differs from run to run from what is drift: a pure function over findings.

Nothing that is the same in every run is proposed to be left out, unless it is volatile by what
it is (`kinds.py`) and of the type that the page says. What is sometimes as the page says is a
race, and to ignore it would hide that: a request that reads is to be repeated (`eventually`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from specgen.dialect.leniency import STRICT, Leniency
from specgen.dialect.values import OptionName
from specgen.replay.nodes import Node
from specgen.replay.values import Finding, Json, Kind, Outcome
from specgen.suggest.keys import renamed_keys
from specgen.suggest.kinds import VolatileKind, of_one_form, volatile_by_name, volatile_kind
from specgen.suggest.orders import reordered_lists
from specgen.suggest.pointers import is_writable, starred, tokens_of
from specgen.suggest.values import Judged, Place, Remark, Seen

__all__ = ["Answered", "judge"]

OF_BODIES = frozenset({Kind.VALUE, Kind.TYPE, Kind.MISSING, Kind.SURPLUS, Kind.ORDER})
# Lists of names that the APIs give as sets; all other orders may be what a page is about.
SETS = frozenset({"roles", "indices", "index_patterns", "failed_indices", "aliases", "attributes"})
# A request whose whole answer is what a client stored.
STORED_BODY = re.compile(r"/_source(/|\?|$)")
# What authors write in place of a value that they do not show.
LEFT_OUT = ("...", "…")
# How many values a reason tells, and how much of each.
MOST, LONGEST = 3, 24


@dataclass(frozen=True, slots=True)
class Answered:
    """A documented response of the page.

    Attributes:
        snippet: The index of its snippet.
        first: The line of the opening dashes.
        last: The line of the closing ones.
        body: What it says; None if it cannot be read.
        leniency: What of it is not asked.
        start: The offset of its opening dashes in the page.
    """

    snippet: int
    first: int
    last: int
    body: Node | None
    leniency: Leniency = STRICT
    start: int = 0

    def holds(self, finding: Finding) -> bool:
        """Whether a finding stands in it."""
        return not finding.file and self.first <= finding.line <= self.last


@dataclass(frozen=True, slots=True)
class _Run:
    """What one run found in one response: findings by pointer, none where it was as documented."""

    target: str
    findings: Mapping[str, Finding]


def judge(case: str, responses: Sequence[Answered], seen: Sequence[Seen], now: datetime) -> Judged:
    """What would make a case pass in every run, and what no marker should hide.

    Args:
        case: Its id.
        responses: The documented responses of its page.
        seen: How it ended, run by run.
        now: When that was.
    """
    remarks = tuple(dict.fromkeys(_other_trouble(case, responses, seen)))
    places: list[tuple[int, Place]] = []
    for response in responses:
        runs = tuple(_runs(response, seen))
        if any(run.findings for run in runs):
            judging = _Judging(case, runs, response.body, now, len(seen))
            places += [(response.snippet, place) for place in judging.places()]
            remarks += tuple(judging.remarks)
    return Judged(tuple(places), remarks)


def _other_trouble(
    case: str, responses: Sequence[Answered], seen: Sequence[Seen]
) -> Iterator[Remark]:
    """What no marker of a response can be about."""
    for each in seen:
        result = each.result
        if result.outcome in {Outcome.PASSED, Outcome.SKIPPED}:
            continue
        inside = [one for one in result.findings if _in_a_body(one)]
        for finding in result.findings:
            if not _in_a_body(finding) and not (inside and finding.kind is Kind.WARNING):
                yield Remark(case, finding.line, finding.pointer, finding.message)
            elif _in_a_body(finding) and not any(r.holds(finding) for r in responses):
                where = f" in {finding.file}" if finding.file else ""
                message = f"{finding.message}{where}: not in a response of this page itself"
                yield Remark(case, finding.line, finding.pointer, message)
        if not result.findings:
            yield Remark(case, 0, "", result.message or result.reason)


def _in_a_body(finding: Finding) -> bool:
    return finding.kind in OF_BODIES and bool(finding.pointer)


def _runs(response: Answered, seen: Sequence[Seen]) -> Iterator[_Run]:
    """The runs that came as far as a response."""
    for each in seen:
        found = [one for one in each.result.findings if _in_a_body(one)]
        mine = {one.pointer: one for one in found if response.holds(one)}
        later = any(one.line > response.last for one in found)
        if mine or later or each.result.outcome is Outcome.PASSED:
            yield _Run(each.target, mine)


class _Judging:
    """Judges the places of one response.

    Args:
        case: The id of the case.
        runs: Those that came as far as the response.
        body: What is documented.
        now: When the runs were.
        times: How many runs there were in all.
    """

    def __init__(
        self, case: str, runs: Sequence[_Run], body: Node | None, now: datetime, times: int
    ) -> None:
        self.case, self.runs, self.body, self.now, self.times = case, runs, body, now, times
        self.remarks: list[Remark] = []

    def places(self) -> Iterator[Place]:
        """What to ask less of, in the order in which it was found."""
        lists = reordered_lists([(run.target, run.findings) for run in self.runs])
        for pointer in lists:
            yield Place(OptionName.UNORDERED, pointer, "its items come in another order each time")
        renamed = renamed_keys([run.findings for run in self.runs], self.body)
        for above, inside in renamed.items():
            yield Place(OptionName.IGNORE, f"{above}/*", "its keys are ids", inside)
        pointers = dict.fromkeys(pointer for run in self.runs for pointer in run.findings)
        explained = (*lists.values(), *renamed.values())
        moved = {each for inside in explained for each in inside}
        ignored: dict[str, str] = {}
        late: dict[str, None] = {}
        for pointer in (each for each in pointers if each not in moved):
            findings = [run.findings[pointer] for run in self.runs if pointer in run.findings]
            if not is_writable(pointer):
                self._remark(pointer, findings[0], "no marker can name this place")
            elif all(each.kind is Kind.ORDER for each in findings):
                yield from self._order(pointer, findings)
            elif why := self._why_volatile(pointer, findings):
                ignored[pointer] = why
            elif self._races(pointer, findings):
                late.setdefault(self._late(pointer, findings))
            else:
                self._remark(pointer, findings[0], self._how_often(pointer, findings))
        for why in [*late][:1]:
            yield Place(OptionName.EVENTUALLY, "", why)
        yield from self._merged(ignored)

    def _why_volatile(self, pointer: str, findings: Sequence[Finding]) -> str:
        if all(each.expected in LEFT_OUT for each in findings):
            return f"the page leaves it out: {_shown(findings[0].expected)}"
        if any(each.kind is not Kind.VALUE for each in findings):
            return ""
        said = f"{_values(each.actual for each in findings)}; the page says "
        said += _shown(findings[0].expected)
        kinds = {self._kind(each) for each in findings}
        always = len(findings) == len(self.runs) and self._differs(pointer)
        if None not in kinds and not (always and VolatileKind.NODE in kinds):
            return f"{kinds.pop()}: {said}"
        return f"another in each run: {said}" if always and _alike(findings) else ""

    def _kind(self, finding: Finding) -> VolatileKind | None:
        if STORED_BODY.search(finding.request):
            return None
        tokens = tokens_of(finding.pointer)
        return volatile_kind(tokens, finding.expected, finding.actual, self.now)

    def _differs(self, pointer: str) -> bool:
        """Whether one and the same target gave several values."""
        values: dict[str, set[str]] = {}
        for run in self.runs:
            if pointer in run.findings:
                values.setdefault(run.target, set()).add(_text(run.findings[pointer].actual))
        return any(len(each) > 1 for each in values.values())

    def _order(self, pointer: str, findings: Sequence[Finding]) -> Iterator[Place]:
        name = tokens_of(pointer)[-1]
        if self._differs(pointer) or len(findings) < len(self._of_targets(findings, pointer)):
            yield Place(OptionName.UNORDERED, pointer, "its items come in another order each time")
        elif name in SETS and _all_texts(findings[0].expected):
            yield Place(OptionName.UNORDERED, pointer, "a set of names, and these have no order")
        else:
            self._remark(pointer, findings[0], self._how_often(pointer, findings))

    def _races(self, pointer: str, findings: Sequence[Finding]) -> bool:
        """Whether a request that reads was answered as documented too, on each of its targets."""
        targets = {run.target for run in self.runs if pointer in run.findings}
        right = {run.target for run in self.runs if pointer not in run.findings}
        return targets <= right and all(each.request.startswith("GET ") for each in findings)

    def _late(self, pointer: str, findings: Sequence[Finding]) -> str:
        return (
            f"{pointer} is as documented in {len(self.runs) - len(findings)} of {self.times} runs"
        )

    def _of_targets(self, findings: Sequence[Finding], pointer: str) -> list[_Run]:
        """The runs on those targets that once differed there."""
        targets = {run.target for run in self.runs if pointer in run.findings}
        return [run for run in self.runs if run.target in targets]

    def _how_often(self, pointer: str, findings: Sequence[Finding]) -> str:
        if len(findings) == len(self.runs):
            return f"in all {self.times} runs" if self.times > 1 else ""
        return f"in {len(findings)} of {self.times} runs: it depends on something else"

    def _remark(self, pointer: str, finding: Finding, how: str) -> None:
        message = f"{finding.message}{f' ({how})' if how else ''}"
        self.remarks.append(Remark(self.case, finding.line, pointer, message))

    def _merged(self, ignored: Mapping[str, str]) -> Iterator[Place]:
        """One place for all items of a list in which the same differs."""

        def covered(pointer: str) -> bool:
            # Of another item, it happened to be as the page says.
            return pointer in ignored or bool(volatile_by_name(tokens_of(pointer)))

        merged: dict[str, list[str]] = {}
        for pointer in ignored:
            merged.setdefault(starred(pointer, self.body, covered), []).append(pointer)
        for pattern, pointers in merged.items():
            yield Place(OptionName.IGNORE, pattern, ignored[pointers[0]], tuple(pointers))


def _alike(findings: Sequence[Finding]) -> bool:
    """Whether texts say the same but for what is another in each run."""
    expected = findings[0].expected
    actual = [each.actual for each in findings if isinstance(each.actual, str)]
    return not isinstance(expected, str) or of_one_form(expected, actual)


def _all_texts(value: Json) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _values(values: Iterator[Json]) -> str:
    different = list(dict.fromkeys(map(_shown, values)))
    more = "…" if len(different) > MOST else ""
    return ", ".join([*different[:MOST], *filter(None, [more])])


def _shown(value: Json) -> str:
    text = _text(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _text(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)
