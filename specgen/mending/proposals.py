"""What would make the page true where a request ends otherwise than documented: for a person.

Whether the page or the cluster is right, no second answer can tell. So a proposal is never
written by itself; it is a change of its own, tried as all others are: the page must then ask for
the same but for this request or its error, and its case must come further in a session of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from specgen.mending.corrections.told import corrections_for
from specgen.mending.desk import Desk
from specgen.mending.pages import Texts
from specgen.mending.planned import case_of, page_of
from specgen.mending.proposed_pages import holds, request_of, snippet_of, with_proposals
from specgen.mending.values import Catch, NotMendable, Proposal, Rewrite, Where
from specgen.plan.reading import PageStages
from specgen.plan.values import Case, NoteStep, PagePlan, RequestStep, Step, YamlStep
from specgen.replay.answered import Answered, answered
from specgen.replay.events import CaseFinished
from specgen.replay.values import Finding, Kind, Outcome
from specgen.suggest.writing import is_closed

__all__ = ["Ended", "Proposed", "ended_in", "proposals_for"]

# The errors that come of what a request says. The others come of who asks, or of when: no page
# should document them only because they came.
NAMES = {400: "bad_request", 404: "missing", 409: "conflict"}
# What is found of a request that did not end as documented.
REFUSED = frozenset({Kind.STATUS, Kind.SETUP, Kind.UNSUPPORTED})
# How many sessions try proposals, and how many corrections one request may need.
MOST_ROUNDS = 16
MOST_CORRECTIONS = 4


@dataclass(frozen=True, slots=True)
class Ended:
    """A request that ended otherwise than documented.

    Attributes:
        in_setup: Whether the setup of the page sends it.
        step: Which step of the setup, or of its case, sends it: lines may move meanwhile.
        finding: What was found, where it stood then.
    """

    in_setup: bool
    step: int
    finding: Finding


@dataclass(frozen=True, slots=True)
class Proposed:
    """What is proposed, and what is not.

    Attributes:
        proposals: In the order in which they were found; later ones of a case rest on those
            before them.
        refused: By case, why nothing is proposed for its first error.
    """

    proposals: tuple[Proposal, ...]
    refused: Mapping[str, str]


@dataclass(slots=True)
class _Search:
    """One request that is to end well: what is tried next, the likeliest first."""

    ended: Ended
    left: list[Catch | Rewrite]


@dataclass(slots=True)
class _Trial:
    """Proposals while they are tried.

    Attributes:
        kept: What a session confirmed.
        refused: Why a case has none.
        searches: By case, what is tried for it.
        waiting: By a page and a step of its setup, the cases that wait for another one to come
            past it.
        unseen: Cases to be replayed, since the setup of their page works by now.
    """

    desk: Desk
    kept: list[Proposal] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    searches: dict[str, _Search] = field(default_factory=dict)
    waiting: dict[tuple[str, int], list[str]] = field(default_factory=dict)
    unseen: set[str] = field(default_factory=set)


def ended_in(plan: PagePlan, case: str, finished: CaseFinished | None) -> Ended | None:
    """The request of a case whose status was not as documented; None if none can be told.

    Args:
        plan: Of its page as it was replayed.
        case: Its id.
        finished: What came of it.
    """
    findings = finished.result.findings if finished else ()
    finding = next((each for each in findings if each.kind in REFUSED), None)
    planned = case_of(plan, case)
    if finding is None or planned is None or planned.derived:
        return None
    at = (finding.file or finding.page, finding.line)
    places = [
        (in_setup, place, step)
        for in_setup, place, step in _steps(plan, planned)
        if isinstance(step, RequestStep) and (step.span.source.path, step.span.line) == at
    ]
    # A substitution may have made several requests of one line.
    if len(places) > 1:
        places = [each for each in places if _is_sent_by(each[2], finding)]
    return Ended(*places[0][:2], finding) if len(places) == 1 else None


def _is_sent_by(step: RequestStep, finding: Finding) -> bool:
    """Whether a finding is about this request; one whose path is put together is not known."""
    method, _, target = finding.request.partition(" ")
    path = target.partition("?")[0].strip("/")
    return (method, path) == (step.request.method, step.request.path.strip("/"))


def proposals_for(desk: Desk, texts: Texts, errors: Mapping[str, Ended]) -> Proposed:
    """Tries for each case what would make its page true.

    Args:
        desk: What is asked of the world.
        texts: The pages, mended so far.
        errors: By case, the request that ended otherwise than documented, in page order.
    """
    trial = _Trial(desk)
    for case, ended in errors.items():
        _begin(trial, case, ended, texts)
    for _ in range(MOST_ROUNDS):
        made = {**texts, **with_proposals(desk, texts, trial.kept)}
        tried: dict[str, Proposal] = {}
        for case, search in trial.searches.items():
            if (one := _next(trial, case, search, made)) is not None:
                tried[case] = one
        unseen, trial.unseen = trial.unseen, set()
        if not tried and not unseen:
            break
        seen = desk.observe(made, (*tried, *sorted(unseen)))
        searches, trial.searches = trial.searches, {}
        for case, proposal in tried.items():
            _judge(trial, searches[case], proposal, seen.get(case), made)
        for case in sorted(unseen):
            plan = desk.replan(page_of(case), made)
            if (following := ended_in(plan, case, seen.get(case))) is not None:
                _begin(trial, case, following, made)
    return Proposed(tuple(trial.kept), trial.refused)


def _begin(trial: _Trial, case: str, ended: Ended, texts: Texts) -> None:
    """Begins to look for what would make a request of a page, as it was replayed, end well."""
    page = page_of(case)
    if ended.in_setup:
        others = trial.waiting.get((page, ended.step))
        if others is not None:
            others.append(case)
            return
        trial.waiting[page, ended.step] = []
    stages = trial.desk.reread(page, texts)
    trial.searches[case] = _Search(ended, list(_changes(trial.desk, stages, case, ended)))


def _changes(desk: Desk, stages: PageStages, case: str, ended: Ended) -> Iterator[Catch | Rewrite]:
    """All that could make the page true: a request that says it right, then the error that came."""
    planned = case_of(stages.plan, case)
    steps = stages.plan.setup if ended.in_setup else planned.steps if planned else ()
    step = steps[ended.step] if ended.step < len(steps) else None
    if not isinstance(step, RequestStep) or ended.finding.emulated:
        return
    told = answered(ended.finding)
    if told is not None and not step.catch and not step.status:
        for each in corrections_for(step.request, told, desk.words):
            yield Rewrite((each,))
    if planned is None or ended.in_setup:
        return
    catch = _name_of(step, ended.finding)
    if catch is not None and catch != step.catch and _can_say(stages, planned, ended.step):
        yield Catch(step.catch, catch)


def _next(trial: _Trial, case: str, search: _Search, texts: dict[str, bytes]) -> Proposal | None:
    """The next proposal for a request that can be made at all; it is made in the texts, too."""
    ended, finding = search.ended, search.ended.finding
    where = Where(finding.file or finding.page, finding.line, finding.column)
    told = answered(finding) or Answered(0, "")
    about = (page_of(case), case, ended.in_setup, ended.step, where, told.status, told.reason)
    while search.left:
        change = search.left.pop(0)
        proposal = Proposal(*about, change)
        try:
            texts |= with_proposals(trial.desk, texts, [proposal])
        except NotMendable as reason:
            trial.refused.setdefault(case, reason.words)
            continue
        return proposal
    return None


def _name_of(step: RequestStep, finding: Finding) -> str | None:
    """What `catch` is to say of an answer: empty for a success; None if nothing should."""
    status = finding.actual
    if finding.kind is not Kind.STATUS or not isinstance(status, int):
        return None
    if 200 <= status < 300 or (step.request.method == "HEAD" and status == 404):
        return ""
    # Of an error with another text a person has to say what of it counts.
    return None if step.catch.startswith("/") else NAMES.get(status)


def _can_say(stages: PageStages, case: Case, place: int) -> bool:
    """Whether a marker can speak of a request: of the last one of a snippet that has an end."""
    try:
        snippet = snippet_of(stages, case.steps[place])
    except NotMendable:
        return False
    later = case.steps[place + 1 :]
    inside = (each for each in later if isinstance(each, RequestStep | NoteStep | YamlStep))
    return is_closed(snippet) and not any(holds(snippet, each.span) for each in inside)


def _judge(
    trial: _Trial,
    search: _Search,
    proposal: Proposal,
    finished: CaseFinished | None,
    texts: Texts,
) -> None:
    """Keeps a proposal if its case came further, and goes on with what its request ended in."""
    case = proposal.case
    result = finished.result if finished else None
    plan = trial.desk.replan(proposal.page, texts)
    following = ended_in(plan, case, finished)
    if result is None or result.outcome not in {Outcome.PASSED, Outcome.FAILED, Outcome.ERROR}:
        trial.refused.setdefault(case, "it could not be replayed with it")
    elif result.outcome is Outcome.PASSED or _came_past(plan, proposal, result.findings):
        trial.kept.append(proposal)
        trial.refused.pop(case, None)
        if proposal.in_setup:
            trial.unseen.update(trial.waiting.pop((proposal.page, proposal.step), ()))
        if following is not None:
            _begin(trial, case, following, texts)
    else:
        trial.refused.setdefault(case, "the case came no further with it")
        more = _more(trial.desk, plan, proposal, following)
        search.left = sorted((*search.left, *more), key=_effort)
        trial.searches[case] = search


def _more(
    desk: Desk, plan: PagePlan, proposal: Proposal, following: Ended | None
) -> Iterator[Rewrite]:
    """A request that is refused for another reason by now may need one more correction."""
    change = proposal.change
    if isinstance(change, Catch) or len(change.corrections) == MOST_CORRECTIONS:
        return
    told = answered(following.finding) if following else None
    if following is None or told is None or following.step != proposal.step:
        return
    for each in corrections_for(request_of(plan, proposal).request, told, desk.words):
        if each not in change.corrections:
            yield Rewrite((*change.corrections, each))


def _effort(change: Catch | Rewrite) -> int:
    """How far a change goes from what the page says: few corrections first, then an error."""
    return MOST_CORRECTIONS + 1 if isinstance(change, Catch) else len(change.corrections)


def _came_past(plan: PagePlan, proposal: Proposal, findings: Collection[Finding]) -> bool:
    """Whether all that is wrong now comes behind the request of a proposal."""
    case = case_of(plan, proposal.case)
    assert case is not None
    here = (not proposal.in_setup, proposal.step)
    ends = [_place(plan, case, each) for each in findings if each.kind is not Kind.WARNING]
    return bool(findings) and all(place > here for place in ends)


def _place(plan: PagePlan, case: Case, finding: Finding) -> tuple[bool, int]:
    """The step that failed, those of the page's setup first; before all if none of them did."""
    path = finding.file or finding.page
    for in_setup, place, step in _steps(plan, case):
        source, start, end = step.span
        lines = (source.locate(start).line, source.locate(end).line)
        if source.path == path and lines[0] <= finding.line <= lines[1]:
            return not in_setup, place
    return False, -1


def _steps(plan: PagePlan, case: Case) -> Iterator[tuple[bool, int, Step]]:
    """Each step before a case ends: whether the setup of the page has it, its place there, it."""
    for in_setup, steps in ((True, plan.setup), (False, case.steps)):
        for place, step in enumerate(steps):
            yield in_setup, place, step
