"""Errors that came and that no page documents, or the other way round: proposals for a person.

Whether the page or the cluster is right, no second answer can tell. So a proposal is never
written by itself; it is a change of its own, tried as all others are: the page must then ask for
the same but for this error, and its case must come further in a session of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from specgen.dialect.values import Snippet
from specgen.errors import PageUnreadable
from specgen.mending.catches import catch_edits
from specgen.mending.desk import Desk
from specgen.mending.page_bytes import edited_bytes
from specgen.mending.pages import Texts
from specgen.mending.planned import meaning_of
from specgen.mending.values import NotMendable, Proposal, Reason, Response, Where
from specgen.plan.reading import PageStages
from specgen.plan.values import Case, NoteStep, PagePlan, RequestStep, Step, YamlStep
from specgen.replay.events import CaseFinished
from specgen.replay.values import Finding, Kind, Outcome
from specgen.source import Span
from specgen.suggest.writing import is_closed

__all__ = ["Ended", "Proposed", "ended_in", "proposals_for", "with_proposals"]

# The errors that come of what a request says. The others come of who asks, or of when: no page
# should document them only because they came.
NAMES = {400: "bad_request", 404: "missing", 409: "conflict"}
# How many requests of one case may end otherwise than documented.
MOST_ROUNDS = 8
NOBODY = Response("", -1)


@dataclass(frozen=True, slots=True)
class Ended:
    """A request that ended otherwise than documented.

    Attributes:
        step: Which step of its case sends it: lines may move meanwhile.
        finding: What was found, where it stood then.
    """

    step: int
    finding: Finding


@dataclass(frozen=True, slots=True)
class Proposed:
    """What is proposed, and what is not.

    Attributes:
        proposals: In the order in which they were found; later ones of a case rest on those
            before them.
        refused: By case, why its first error is not proposed to be documented.
    """

    proposals: tuple[Proposal, ...]
    refused: Mapping[str, str]


@dataclass(slots=True)
class _Trial:
    """Proposals while they are tried.

    Attributes:
        texts: The pages without any proposal.
        kept: What a session confirmed.
        refused: Why a case has none.
    """

    desk: Desk
    texts: Texts
    kept: list[Proposal] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


def ended_in(plan: PagePlan, case: str, finished: CaseFinished | None) -> Ended | None:
    """The request of a case whose status was not as documented; None if none can be told.

    Args:
        plan: Of its page as it was replayed.
        case: Its id.
        finished: What came of it.
    """
    findings = finished.result.findings if finished else ()
    finding = next((each for each in findings if each.kind is Kind.STATUS), None)
    planned = next((each for each in plan.cases if each.id == case), None)
    if finding is None or planned is None or planned.derived:
        return None
    at = (finding.file or finding.page, finding.line)
    places = [
        place
        for place, step in enumerate(planned.steps)
        if isinstance(step, RequestStep) and (step.span.source.path, step.span.line) == at
    ]
    # A substitution may have made several requests of one line.
    if len(places) > 1:
        places = [place for place in places if _is_sent_by(planned.steps[place], finding)]
    return Ended(places[0], finding) if len(places) == 1 else None


def _is_sent_by(step: Step, finding: Finding) -> bool:
    """Whether a finding is about this request; one whose path is put together is not known."""
    assert isinstance(step, RequestStep)
    method, _, target = finding.request.partition(" ")
    path = target.partition("?")[0].strip("/")
    return (method, path) == (step.request.method, step.request.path.strip("/"))


def proposals_for(desk: Desk, texts: Texts, errors: Mapping[str, Ended]) -> Proposed:
    """Tries for each case to document the status that came.

    Args:
        desk: What is asked of the world.
        texts: The pages, mended so far.
        errors: By case, the request that ended otherwise than documented, in page order.
    """
    trial = _Trial(desk, texts)
    for _ in range(MOST_ROUNDS):
        tried: dict[str, Proposal] = {}
        for case, ended in errors.items():
            if one := _made(trial, case, ended, [*trial.kept, *tried.values()]):
                tried[case] = one
        if not tried:
            break
        made = with_proposals(desk, texts, [*trial.kept, *tried.values()])
        with_all = {**texts, **made}
        seen = desk.observe(with_all, tuple(tried))
        errors = {}
        for case, proposal in tried.items():
            if following := _judged(trial, proposal, seen.get(case), with_all):
                errors[case] = following
    return Proposed(tuple(trial.kept), trial.refused)


def with_proposals(desk: Desk, texts: Texts, proposals: Collection[Proposal]) -> dict[str, bytes]:
    """The bytes of all files that are not as on disk, with proposals in them.

    Raises:
        NotMendable: A file may not be written, or one proposal changes more than it says.
    """
    written = dict(texts)
    for proposal in proposals:
        stages = desk.reread(proposal.page, written)
        case, place = _request_of(stages.plan, proposal)
        step = case.steps[place]
        assert isinstance(step, RequestStep)
        snippet = _snippet_of(stages, case, place)
        desk.may_write(proposal.page)(snippet.closing.source.path)
        edits = catch_edits(snippet, stages.reading.snippets, proposal.catch)
        data = edited_bytes(snippet.closing.source, edits)
        wanted = _with_catch(stages.plan, case, place, proposal.catch)
        after = {**written, snippet.closing.source.path: data}
        _check(wanted, desk, proposal.page, after)
        written = after
    return {path: data for path, data in written.items() if texts.get(path) != data}


def _made(trial: _Trial, case: str, ended: Ended, others: Collection[Proposal]) -> Proposal | None:
    """The proposal for a status that came beside others, if a careful writer would make it."""
    desk, page = trial.desk, case.partition("::")[0]
    beside = [each for each in others if each.page == page]
    written = {**trial.texts, **with_proposals(desk, trial.texts, beside)}
    stages = desk.reread(page, written)
    planned = next((each for each in stages.plan.cases if each.id == case), None)
    place, finding = ended.step, ended.finding
    step = planned.steps[place] if planned is not None else None
    if planned is None or not isinstance(step, RequestStep):
        return None
    catch = _name_of(step, finding)
    if catch is None or catch == step.catch or not _can_say(stages, planned, place):
        return None
    where = Where(finding.file or finding.page, finding.line, finding.column)
    status = finding.actual if isinstance(finding.actual, int) else 0
    proposal = Proposal(page, case, place, where, step.catch, catch, status)
    try:
        with_proposals(desk, trial.texts, [*beside, proposal])
    except NotMendable as reason:
        trial.refused.setdefault(case, reason.words)
        return None
    return proposal


def _name_of(step: RequestStep, finding: Finding) -> str | None:
    """What `catch` is to say of an answer: empty for a success; None if nothing should."""
    status = finding.actual
    if finding.kind is not Kind.STATUS or finding.emulated or not isinstance(status, int):
        return None
    if 200 <= status < 300 or (step.request.method == "HEAD" and status == 404):
        return ""
    # Of an error with another text a person has to say what of it counts.
    return None if step.catch.startswith("/") else NAMES.get(status)


def _can_say(stages: PageStages, case: Case, place: int) -> bool:
    """Whether a marker can speak of a request: of the last one of a snippet that has an end."""
    try:
        snippet = _snippet_of(stages, case, place)
    except NotMendable:
        return False
    later = case.steps[place + 1 :]
    inside = (each for each in later if isinstance(each, RequestStep | NoteStep | YamlStep))
    return is_closed(snippet) and not any(_holds(snippet, each.span) for each in inside)


def _judged(
    trial: _Trial, proposal: Proposal, finished: CaseFinished | None, texts: Texts
) -> Ended | None:
    """Keeps a proposal if its case came further; returns the next status that is another."""
    result = finished.result if finished else None
    if result is None or result.outcome not in {Outcome.PASSED, Outcome.FAILED}:
        trial.refused.setdefault(proposal.case, "it could not be replayed with it")
        return None
    plan = trial.desk.replan(proposal.page, texts)
    case = next(each for each in plan.cases if each.id == proposal.case)
    ends = [_step_at(case, each) for each in result.findings if each.kind is not Kind.WARNING]
    if result.outcome is Outcome.FAILED and any(place <= proposal.step for place in ends):
        trial.refused.setdefault(proposal.case, "the case came no further with it")
        return None
    trial.kept.append(proposal)
    return ended_in(plan, proposal.case, finished)


def _step_at(case: Case, finding: Finding) -> int:
    """The step of a case that failed; -1 if none of its own did."""
    path = finding.file or finding.page
    for place, step in enumerate(case.steps):
        source, start, end = step.span
        lines = (source.locate(start).line, source.locate(end).line)
        if source.path == path and lines[0] <= finding.line <= lines[1]:
            return place
    return -1


def _request_of(plan: PagePlan, proposal: Proposal) -> tuple[Case, int]:
    case = next((each for each in plan.cases if each.id == proposal.case), None)
    if case is None or proposal.step >= len(case.steps):
        raise _other_plan()
    return case, proposal.step


def _snippet_of(stages: PageStages, case: Case, place: int) -> Snippet:
    span = case.steps[place].span
    found = [each for each in stages.reading.snippets if _holds(each, span)]
    if len(found) != 1:
        raise _other_plan()
    return found[0]


def _holds(snippet: Snippet, span: Span) -> bool:
    source, start, end = span
    opening, closing = snippet.opening, snippet.closing
    same = opening.source == source == closing.source
    return same and opening.end <= start and end <= closing.start


def _with_catch(plan: PagePlan, case: Case, place: int, catch: str) -> PagePlan:
    """A plan that asks for another error there, and for nothing else."""
    step = case.steps[place]
    assert isinstance(step, RequestStep)
    steps = (*case.steps[:place], replace(step, catch=catch), *case.steps[place + 1 :])
    changed = replace(case, steps=steps)
    cases = tuple(changed if each.id == case.id else each for each in plan.cases)
    return replace(plan, cases=cases)


def _check(wanted: PagePlan, desk: Desk, page: str, texts: Texts) -> None:
    try:
        planned = desk.replan(page, texts)
    except PageUnreadable as trouble:
        raise NotMendable(Reason.OTHER_PLAN, trouble.message) from None
    if meaning_of(wanted, NOBODY) != meaning_of(planned, NOBODY):
        raise _other_plan()


def _other_plan() -> NotMendable:
    words = "planned again, the page would ask for something else elsewhere"
    return NotMendable(Reason.OTHER_PLAN, words, "mend it by hand")
