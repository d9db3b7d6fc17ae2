"""Pages with proposals in them: they ask for what is proposed, and else for the same as before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from specgen.dialect.values import Snippet
from specgen.errors import PageUnreadable
from specgen.mending.catches import catch_edits
from specgen.mending.corrections.edits import correction_edits
from specgen.mending.corrections.values import Correction
from specgen.mending.desk import Desk
from specgen.mending.page_bytes import edited_bytes
from specgen.mending.pages import Texts, edited_text, written_files
from specgen.mending.planned import case_of, meaning_of
from specgen.mending.values import Catch, NotMendable, Proposal, Reason, Response
from specgen.plan.reading import PageStages
from specgen.plan.values import PagePlan, RequestStep, Step
from specgen.source import MappedText, Span

__all__ = ["holds", "request_of", "snippet_of", "with_proposals"]

NOBODY = Response("", -1)


def with_proposals(desk: Desk, texts: Texts, proposals: Iterable[Proposal]) -> dict[str, bytes]:
    """The bytes of all files that are not as before, with proposals in them.

    Raises:
        NotMendable: A file may not be written, or one proposal changes more than it says.
    """
    written = dict(texts)
    for proposal in proposals:
        if isinstance(proposal.change, Catch):
            written = _caught(desk, written, proposal, proposal.change)
            continue
        for correction in proposal.change.corrections:
            written = _corrected(desk, written, proposal, correction)
    return {path: data for path, data in written.items() if texts.get(path) != data}


def request_of(plan: PagePlan, proposal: Proposal) -> RequestStep:
    """The request that a proposal is about, as a plan has it.

    Raises:
        NotMendable: It has none there.
    """
    case = case_of(plan, proposal.case)
    steps = plan.setup if proposal.in_setup else case.steps if case else ()
    step = steps[proposal.step] if proposal.step < len(steps) else None
    if not isinstance(step, RequestStep):
        raise _other_plan()
    return step


def snippet_of(stages: PageStages, step: Step) -> Snippet:
    """The snippet that a step stands in.

    Raises:
        NotMendable: It stands in none, or in several.
    """
    found = [each for each in stages.reading.snippets if holds(each, step.span)]
    if len(found) != 1:
        raise _other_plan()
    return found[0]


def holds(snippet: Snippet, span: Span) -> bool:
    """Whether a snippet has something between its dashes."""
    source, start, end = span
    opening, closing = snippet.opening, snippet.closing
    same = opening.source == source == closing.source
    return same and opening.end <= start and end <= closing.start


def _caught(
    desk: Desk, texts: Mapping[str, bytes], proposal: Proposal, change: Catch
) -> dict[str, bytes]:
    """The files with another error documented."""
    stages = desk.reread(proposal.page, texts)
    step = request_of(stages.plan, proposal)
    snippet = snippet_of(stages, step)
    source = snippet.closing.source
    desk.may_write(proposal.page)(source.path)
    edits = catch_edits(snippet, stages.reading.snippets, change.now)
    written = {**texts, source.path: edited_bytes(source, edits)}
    wanted = _with_request(stages.plan, proposal, replace(step, catch=change.now))
    _check(wanted, _planned(desk, proposal.page, written))
    return written


def _corrected(
    desk: Desk, texts: Mapping[str, bytes], proposal: Proposal, correction: Correction
) -> dict[str, bytes]:
    """The files with a request that says something else."""
    before = desk.replan(proposal.page, texts)
    step = request_of(before, proposal)
    edits = correction_edits(step.request, correction)
    changed = written_files(edits, desk.may_write(proposal.page))
    if len(changed) != 1:
        raise _other_plan()
    written = {**texts, **changed}
    after = _planned(desk, proposal.page, written)
    text = edited_text(step.request.text.text, edits)
    # Which codes are documented, and whether shards are told of, the path says.
    now = request_of(after, proposal)
    request = replace(step.request, text=MappedText.made(text, step.span))
    wanted = replace(step, request=request, codes=now.codes, shards=now.shards)
    _check(_with_request(before, proposal, wanted), after)
    return written


def _with_request(plan: PagePlan, proposal: Proposal, step: RequestStep) -> PagePlan:
    """A plan with another request there, and nothing else changed."""

    def with_it(steps: tuple[Step, ...]) -> tuple[Step, ...]:
        return (*steps[: proposal.step], step, *steps[proposal.step + 1 :])

    if proposal.in_setup:
        return replace(plan, setup=with_it(plan.setup))
    cases = (
        replace(each, steps=with_it(each.steps)) if each.id == proposal.case else each
        for each in plan.cases
    )
    return replace(plan, cases=tuple(cases))


def _planned(desk: Desk, page: str, texts: Texts) -> PagePlan:
    try:
        return desk.replan(page, texts)
    except PageUnreadable as trouble:
        raise NotMendable(Reason.OTHER_PLAN, trouble.message) from None


def _check(wanted: PagePlan, planned: PagePlan) -> None:
    if meaning_of(wanted, NOBODY) != meaning_of(planned, NOBODY):
        raise _other_plan()


def _other_plan() -> NotMendable:
    words = "planned again, the page would ask for something else elsewhere"
    return NotMendable(Reason.OTHER_PLAN, words, "mend it by hand")
