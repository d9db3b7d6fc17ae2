"""Round after round: mends pages in memory, replays them, and keeps what a second replay confirms.

A case ends at the first response that is not as documented, so a later one shows only when that
is mended. Each round is a session of its own: what comes differently there is no drift but
changes from run to run, and is never written.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType

from specgen.mending.body import Body
from specgen.mending.desk import Desk
from specgen.mending.differences import differences_of
from specgen.mending.pages import MendedPage, Texts, mend_page, texts_of
from specgen.mending.planned import match_steps, page_of, step_of
from specgen.mending.proposals import Ended, Proposed, ended_in, proposals_for
from specgen.mending.proposed_pages import with_proposals
from specgen.mending.values import (
    Mend,
    NotMendable,
    Proposal,
    Reason,
    Refusal,
    ReplyOf,
    Response,
    Where,
)
from specgen.mending.words import not_proposed, other_refusal
from specgen.plan.values import PagePlan
from specgen.replay.events import CaseFinished
from specgen.replay.values import Finding, Kind, Outcome
from specgen.suggest.keys import without_ids

__all__ = ["Mended", "mend_pages"]

# A page, and what of it is taken.
_Choice = tuple[str, tuple[Response, ...], tuple[Proposal, ...]]
# No page has so many responses in one case that differ.
MOST_ROUNDS = 16
NOTHING: Mapping[str, Collection[str]] = MappingProxyType({})
ACCEPTED = NotMendable(Reason.ACCEPTED, "the baseline accepts it", "")
SUGGEST = "`specgen suggest` proposes a marker for what changes from run to run"


@dataclass(slots=True)
class _Work:
    """What is known so far.

    Attributes:
        plans: Of the pages as they are on disk.
        replies: The first answer to each response that was not as documented.
        refused: What is not to be written, by response and pointer.
        others: What no response is about.
        errors: By case, the request that ended otherwise than documented in each replay.
        confirmed: By case, the mends that a replay confirmed.
        stopped: Cases of which nothing is written, and why.
        mended: Pages as they were mended last, and by what: one of which nothing new is known
            is not mended again.
        chosen: Pages with what a person took so far.
    """

    desk: Desk
    plans: Mapping[str, PagePlan]
    replies: dict[Response, ReplyOf] = field(default_factory=dict)
    refused: dict[Response, dict[str, NotMendable]] = field(default_factory=dict)
    others: dict[str, tuple[Refusal, ...]] = field(default_factory=dict)
    errors: dict[str, Ended] = field(default_factory=dict)
    confirmed: dict[str, tuple[Mend, ...]] = field(default_factory=dict)
    stopped: dict[str, Refusal] = field(default_factory=dict)
    mended: dict[str, tuple[object, MendedPage]] = field(default_factory=dict)
    chosen: dict[_Choice, MendedPage] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mended:
    """What can be mended, all of it or in part.

    Attributes:
        pages: All of it that is sure, in page order.
        proposals: What a person has to say of; later ones of a case rest on those before them.
        only: The pages with some of the responses mended, and of the proposals made.
    """

    pages: tuple[MendedPage, ...]
    proposals: tuple[Proposal, ...]
    only: Callable[[Collection[Response], Collection[Proposal]], tuple[MendedPage, ...]]

    @property
    def changes(self) -> tuple[Response | Proposal, ...]:
        """The responses in which something can be mended, and the proposals, in page order."""
        order = {each.page: number for number, each in enumerate(self.pages)}
        places: dict[Response | Proposal, tuple[int, Where]] = {}
        for page in self.pages:
            for mend in page.mends:
                places.setdefault(mend.response, (order[page.page], mend.where))
        places.update((each, (order[each.page], each.where)) for each in self.proposals)
        return tuple(sorted(places, key=places.__getitem__))


def mend_pages(
    plans: Sequence[PagePlan],
    red: Mapping[str, Sequence[Finding]],
    desk: Desk,
    accepted: Mapping[str, Collection[str]] = NOTHING,
    *,
    propose: bool = False,
) -> Mended:
    """Mends the pages of red cases as far as a second replay confirms it; writes nothing.

    Args:
        plans: Of the pages, as they are on disk.
        red: The ids of cases that failed, in page order, each with what was found then: that
            is one more witness.
        desk: What is asked of the world.
        accepted: By case, the pointers of findings that somebody accepted: they are left.
        propose: Whether to try, too, what a person would have to say of.
    """
    work = _Work(desk, {plan.page: plan for plan in plans})
    first = desk.observe({}, tuple(red))
    for case, findings in red.items():
        _look_first(work, case, findings, first.get(case))
        _leave_accepted(work, case, accepted.get(case, ()))
    pages = _mended(work)
    for _ in range(MOST_ROUNDS):
        waiting = _unconfirmed(work, pages)
        if not waiting:
            break
        texts = texts_of(pages.values())
        seen = desk.observe(texts, tuple(waiting))
        for case, mends in waiting.items():
            _look_again(work, case, mends, seen.get(case), texts)
        pages = _mended(work)
    for case in _unconfirmed(work, pages):
        _stop(work, case, "it came differently in every replay")
    proposals = _proposed(work, red) if propose else ()
    return Mended(_with_others(work, _mended(work)), proposals, partial(_only, work))


def _proposed(work: _Work, red: Mapping[str, Sequence[Finding]]) -> tuple[Proposal, ...]:
    errors = {case: work.errors[case] for case in red if case in work.errors}
    found: Proposed = proposals_for(work.desk, texts_of(_mended(work).values()), errors)
    for case, why in found.refused.items():
        others = work.others[case]
        work.others[case] = tuple(not_proposed(each, why) for each in others)
    return found.proposals


def _only(
    work: _Work, responses: Collection[Response], proposals: Collection[Proposal]
) -> tuple[MendedPage, ...]:
    found = []
    for page in _with_others(work, _mended(work)):
        mine = tuple(each for each in responses if page_of(each.case) == page.page)
        made = tuple(each for each in proposals if each.page == page.page)
        if (page.page, mine, made) not in work.chosen:
            work.chosen[page.page, mine, made] = _chosen(work, page, mine, made)
        found.append(work.chosen[page.page, mine, made])
    return tuple(found)


def _chosen(
    work: _Work,
    page: MendedPage,
    responses: tuple[Response, ...],
    proposals: tuple[Proposal, ...],
) -> MendedPage:
    """A page with some of its responses mended, and some of its proposals made."""
    texts = dict(_mend(work, page.page, responses).texts) if responses else {}
    texts |= with_proposals(work.desk, texts, proposals)
    left = (each for each in page.refusals if not any(one.settles(each) for one in proposals))
    mends = (each for each in page.mends if each.response in responses)
    return MendedPage(page.page, tuple(texts.items()), tuple(mends), tuple(left), proposals)


def _look_first(
    work: _Work, case: str, earlier: Sequence[Finding], finished: CaseFinished | None
) -> None:
    plan = work.plans[page_of(case)]
    if finished is not None and finished.differing is not None:
        response = Response(case, finished.differing.comparison)
        work.replies[response] = ReplyOf(response, finished.differing)
        changed = _changed(earlier, finished.result.findings)
        work.refused[response] = {
            each.pointer: _volatile(each.message, only_value=_is_in_both(each, earlier))
            for each in changed
        }
        return
    if finished is not None and finished.result.outcome is Outcome.PASSED:
        _stop(work, case, "it passed when it was replayed again")
        return
    result = None if finished is None else finished.result
    work.others[case] = tuple(other_refusal(plan, case, result))
    error = ended_in(plan, case, finished)
    if error is not None and any(_is_same_error(error.finding, each) for each in earlier):
        work.errors[case] = error


def _leave_accepted(work: _Work, case: str, pointers: Collection[str]) -> None:
    """Only what a case came to first was held against a baseline, and that is one response."""
    for response in [each for each in work.replies if each.case == case]:
        work.refused[response] |= dict.fromkeys(pointers, ACCEPTED)


def _look_again(
    work: _Work,
    case: str,
    mends: tuple[Mend, ...],
    finished: CaseFinished | None,
    texts: Texts,
) -> None:
    """Judges mends by what a second session came to."""
    if finished is None or finished.result.outcome in {Outcome.ERROR, Outcome.SKIPPED}:
        _stop(work, case, "it could not be replayed a second time")
    elif finished.result.outcome is Outcome.PASSED:
        work.confirmed[case] = mends
    elif finished.differing is None:
        plan = work.plans[page_of(case)]
        if _is_later(work, case, mends, finished, texts):
            work.others[case] = tuple(other_refusal(plan, case, finished.result))
            work.confirmed[case] = mends
            if error := ended_in(work.desk.replan(page_of(case), texts), case, finished):
                work.errors[case] = error
        else:
            _stop(work, case, "it ended otherwise in a second replay")
    else:
        response = Response(case, finished.differing.comparison)
        reply = ReplyOf(response, finished.differing)
        if response not in work.replies:
            work.replies[response] = reply
        elif not _unsteady(work, reply, mends, texts):
            work.confirmed[case] = mends


def _is_later(
    work: _Work, case: str, mends: tuple[Mend, ...], finished: CaseFinished, texts: Texts
) -> bool:
    """Whether a case came past all responses that were mended, and failed behind them."""
    plan = work.desk.replan(page_of(case), texts)
    steps = [step_of(plan, mend.response) for mend in mends]
    lines = [step.span.line for step in steps if step is not None]
    return bool(lines) and all(each.line > max(lines) for each in finished.result.findings[:1])


def _unsteady(work: _Work, reply: ReplyOf, mends: tuple[Mend, ...], texts: Texts) -> bool:
    """Takes back what a second session answered differently; tells whether there was any."""
    step = step_of(work.desk.replan(page_of(reply.response.case), texts), reply.response)
    assert step is not None
    found = differences_of(Body(step.expectation.text), reply.answer, step.leniency)
    refused = work.refused.setdefault(reply.response, {})
    told = {without_ids(each.pointer) for each in _told(work, reply.response)}
    mine = [mend for mend in mends if mend.response == reply.response]
    before = dict(refused)
    for mismatch in found:
        # Not even the name that a key was given comes each time.
        if mismatch.kind is Kind.MISSING and _is_new_name(mismatch.pointer, mine):
            refused[mismatch.pointer] = _volatile(mismatch.message)
        if without_ids(mismatch.pointer) in told:
            continue
        related = [mend for mend in mine if _is_related(mend.pointer, mismatch.pointer)]
        for pointer in {*(each.pointer for each in related), mismatch.pointer}:
            refused.setdefault(pointer, _volatile(mismatch.message))
    return refused != before


def _told(work: _Work, response: Response) -> Iterator[Refusal]:
    """What is refused of a response already, whatever a second session says of it."""
    page = page_of(response.case)
    for refusal in _mended_page(work, page).refusals:
        if refusal.response == response:
            yield refusal


def _is_related(mended: str, found: str) -> bool:
    mended, found = without_ids(mended), without_ids(found)
    above, _, last = mended.rpartition("/")
    around = above if last.isdigit() else mended
    return found == mended or found.startswith(f"{around}/") or mended.startswith(f"{found}/")


def _changed(earlier: Sequence[Finding], now: Sequence[Finding]) -> Iterator[Finding]:
    """What two runs did not both find; nodes, tasks and shards have other ids in each of them."""
    before: dict[str, list[Finding]] = {}
    for each in earlier:
        before.setdefault(without_ids(each.pointer), []).append(each)
    for each in now:
        if not any(_alike(each, other) for other in before.get(without_ids(each.pointer), ())):
            yield each
    still = {without_ids(each.pointer) for each in now}
    yield from (each for pointer in before.keys() - still for each in before[pointer])


def _alike(one: Finding, other: Finding) -> bool:
    """Whether two runs found the same."""
    return (one.kind, one.actual) == (other.kind, other.actual)


def _is_same_error(one: Finding, other: Finding) -> bool:
    return _alike(one, other) and (one.file, one.line) == (other.file, other.line)


def _is_in_both(finding: Finding, earlier: Sequence[Finding]) -> bool:
    place = without_ids(finding.pointer), finding.kind
    return any((without_ids(each.pointer), each.kind) == place for each in earlier)


def _is_new_name(pointer: str, mends: Iterable[Mend]) -> bool:
    renamed = (mend.pointer for mend in mends if mend.renamed == mend.pointer)
    return without_ids(pointer) in map(without_ids, renamed)


def _volatile(message: str, *, only_value: bool = False) -> NotMendable:
    words = f"two replays gave something else each: {message}"
    return NotMendable(Reason.VOLATILE, words, SUGGEST, only_value=only_value)


def _stop(work: _Work, case: str, why: str) -> None:
    """Writes nothing of a case, and says why."""
    for response in [each for each in work.replies if each.case == case]:
        del work.replies[response]
    plan = work.plans[page_of(case)]
    span = next(each.span for each in plan.cases if each.id == case)
    where = Where(span.source.path, *span.place)
    refusal = Refusal(Response(case, -1), where, None, "", Reason.UNSTABLE, why, SUGGEST)
    work.stopped[case] = refusal
    work.errors.pop(case, None)


def _mended(work: _Work) -> dict[str, MendedPage]:
    """All pages, mended anew from what they are on disk."""
    names = dict.fromkeys(page_of(response.case) for response in work.replies)
    return {page: _mended_page(work, page) for page in names}


def _mended_page(work: _Work, page: str) -> MendedPage:
    mine = [response for response in work.replies if page_of(response.case) == page]
    by = tuple((each, tuple(work.refused.get(each, {}).items())) for each in mine)
    known = work.mended.get(page)
    if known is None or known[0] != by:
        known = work.mended[page] = (by, _mend(work, page))
    return known[1]


def _mend(work: _Work, page: str, responses: Collection[Response] | None = None) -> MendedPage:
    plan, desk = work.plans[page], work.desk
    order = {
        Response(case.id, number): step.span.start
        for case in plan.cases
        for number, step in enumerate(match_steps(case))
    }
    replies = sorted(
        (
            reply
            for response, reply in work.replies.items()
            if page_of(response.case) == page and (responses is None or response in responses)
        ),
        key=lambda reply: order[reply.response],
    )
    return mend_page(
        plan, replies, work.refused, desk.replan, desk.may_write(page), desk.hide, desk.now
    )


def _unconfirmed(work: _Work, pages: Mapping[str, MendedPage]) -> dict[str, tuple[Mend, ...]]:
    """The cases of which something was mended since they were replayed, with all their mends."""
    found: dict[str, tuple[Mend, ...]] = {}
    for page in pages.values():
        for mend in page.mends:
            found[mend.response.case] = (*found.get(mend.response.case, ()), mend)
    return {case: mends for case, mends in found.items() if work.confirmed.get(case) != mends}


def _with_others(work: _Work, pages: Mapping[str, MendedPage]) -> tuple[MendedPage, ...]:
    """The pages in order, each with what no response is about."""
    found = []
    for name in work.plans:
        page = pages.get(name, MendedPage(name, (), (), ()))
        others = [
            one for case, each in work.others.items() if page_of(case) == name for one in each
        ]
        others += [each for case, each in work.stopped.items() if page_of(case) == name]
        refusals = sorted((*page.refusals, *others), key=lambda each: each.where)
        found.append(replace(page, refusals=tuple(refusals)))
    return tuple(found)
