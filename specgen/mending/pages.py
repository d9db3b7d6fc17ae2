"""Mends one page in memory: edits, plans it again, and keeps what changed nothing but a body."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from specgen.dialect.java_regex import JavaRegexError
from specgen.errors import PageUnreadable
from specgen.mending.body import Body
from specgen.mending.differences import Change, changes_of, differences_of, is_unsure
from specgen.mending.page_bytes import edited_bytes
from specgen.mending.planned import match_steps, meaning_of, step_of
from specgen.mending.values import (
    Edit,
    Mend,
    NotMendable,
    Proposal,
    Reason,
    Refusal,
    ReplyOf,
    Response,
    Where,
)
from specgen.plan.values import MatchStep, PagePlan
from specgen.replay.answers import AnswerUnreadable
from specgen.replay.flow import ExpectedUnreadable, read_expected
from specgen.replay.nodes import Node
from specgen.replay.values import Absent, Json, Kind, Mismatch
from specgen.source import Source

__all__ = ["MendedPage", "Replan", "Texts", "edited_text", "mend_page", "texts_of", "written_files"]

Texts = Mapping[str, bytes]
# Where differences stand, as they were found first.
Places = dict[tuple[Kind, str], Where]
SECRET = NotMendable(Reason.SECRET, "the value holds a credential of yours")
# How often a body is looked at again: what was put in moves what is still to be mended.
MOST_ROUNDS = 12


class Replan(Protocol):
    """Plans a page anew."""

    def __call__(self, page: str, texts: Texts) -> PagePlan:
        """The plan of a page where some files have other bytes.

        Raises:
            PageUnreadable: It cannot be read.
        """


@dataclass(frozen=True, slots=True)
class MendedPage:
    """What came of a page.

    Attributes:
        page: Its name.
        texts: The bytes of the files that changed.
        mends: What was mended, response by response.
        refusals: What was not, and why.
        proposals: The errors that its markers document otherwise, since a person said so.
    """

    page: str
    texts: tuple[tuple[str, bytes], ...]
    mends: tuple[Mend, ...]
    refusals: tuple[Refusal, ...]
    proposals: tuple[Proposal, ...] = ()


@dataclass(slots=True)
class _Mending:
    """A page while it is mended.

    Attributes:
        plan: Of the page as it is by now.
        said: What its responses said before.
        texts: The files that are not as on disk.
    """

    plan: PagePlan
    said: Mapping[Response, Node]
    replan: Replan
    may_write: Callable[[str], None]
    hide: Callable[[str], str]
    now: datetime
    texts: dict[str, bytes] = field(default_factory=dict)
    mends: list[Mend] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


def texts_of(pages: Iterable[MendedPage]) -> dict[str, bytes]:
    """The bytes of the files that changed, of all these pages."""
    return {path: data for page in pages for path, data in page.texts}


def mend_page(
    plan: PagePlan,
    replies: Sequence[ReplyOf],
    refused: Mapping[Response, Mapping[str, NotMendable]],
    replan: Replan,
    may_write: Callable[[str], None],
    hide: Callable[[str], str],
    now: datetime,
) -> MendedPage:
    """Writes what the cluster answered into the documented responses of a page.

    Args:
        plan: Of the page as it is.
        replies: What came, in the order of the page.
        refused: What is not to be written, by response and pointer, and why.
        replan: Plans the page anew, from bytes.
        may_write: Raises `NotMendable` if a file is not to be written.
        hide: Masks what is secret in a text.
        now: When the answers came.
    """
    mending = _Mending(plan, _said_in(plan), replan, may_write, hide, now)
    for reply in reversed(replies):  # so that lines above stay where they are
        _mend_response(mending, reply, refused.get(reply.response, {}))
    return MendedPage(
        plan.page,
        tuple(mending.texts.items()),
        tuple(sorted(mending.mends, key=lambda each: each.where)),
        tuple(mending.refusals),
    )


def _mend_response(mending: _Mending, reply: ReplyOf, refused: Mapping[str, NotMendable]) -> None:
    known = dict(refused)
    places: Places = {}
    found: tuple[Mismatch, ...] = ()
    others = tuple(each for at, each in mending.said.items() if at != reply.response)
    for _ in range(MOST_ROUNDS):
        step = step_of(mending.plan, reply.response)
        if step is None:
            return
        try:
            body = Body(step.expectation.text)
            found = differences_of(body, reply.answer, step.leniency)
        except (ExpectedUnreadable, AnswerUnreadable, JavaRegexError) as trouble:
            words = f"it cannot be compared: {trouble}"
            _refuse_all(mending, reply, step, NotMendable(Reason.TEXT, words))
            return
        for mismatch in found:
            places.setdefault((mismatch.kind, mismatch.pointer), _place(step, mismatch))
            if mending.hide(_text(mismatch)) != _text(mismatch):
                known[mismatch.pointer] = SECRET
        todo = [each for each in found if each.pointer not in known]
        if not todo:
            break
        unsure = [e for e in found if e.pointer in known and is_unsure(e, known[e.pointer])]
        changes, more = changes_of(
            *(body, reply.answer, todo, step.leniency, mending.now), unsure=unsure, others=others
        )
        known |= {mismatch.pointer: reason for mismatch, reason in more}
        _apply(mending, reply, changes, places, known)
    first = {each.pointer: each for each in reversed(found)}
    mending.refusals += [
        _refusal(reply, places, each, known[each.pointer])
        for each in found
        if each is first[each.pointer] and each.pointer in known
    ]


def _said_in(plan: PagePlan) -> dict[Response, Node]:
    """What the responses of a page say, as far as they can be read."""
    found: dict[Response, Node] = {}
    for case in plan.cases:
        for number, step in enumerate(match_steps(case)):
            with suppress(ExpectedUnreadable):
                text = step.expectation.text.text
                found[Response(case.id, number)] = read_expected(text)
    return found


def _apply(
    mending: _Mending,
    reply: ReplyOf,
    changes: Sequence[Change],
    places: Places,
    known: dict[str, NotMendable],
) -> None:
    """Makes changes all together, or else each by itself, so that one cannot spoil another."""
    try:
        if changes:
            _make(mending, reply, changes, places)
        return
    except NotMendable as reason:
        if len(changes) == 1:
            known.update((each.pointer, reason) for each in changes[0].mismatches)
            return
    before = len(mending.mends)
    for change in changes:
        if len(mending.mends) > before:
            return  # the others are looked at again, where they stand by now
        _apply(mending, reply, (change,), places, known)


def _make(mending: _Mending, reply: ReplyOf, changes: Sequence[Change], places: Places) -> None:
    """Makes changes if the page then says what it is to say, and nothing else is another.

    Raises:
        NotMendable: It would not.
    """
    step = step_of(mending.plan, reply.response)
    assert step is not None
    edits = [edit for change in changes for edit in change.edits]
    texts = written_files(edits, mending.may_write)
    try:
        plan = mending.replan(mending.plan.page, {**mending.texts, **texts})
    except PageUnreadable as trouble:
        raise NotMendable(Reason.OTHER_PLAN, trouble.message) from None
    _check(mending.plan, plan, reply.response, step.expectation.text.text, edits)
    mends = [_mend(reply, places, each, change) for change in changes for each in change.mismatches]
    mending.plan = plan
    mending.texts |= texts
    mending.mends += mends


def written_files(edits: Sequence[Edit], may_write: Callable[[str], None]) -> dict[str, bytes]:
    """The bytes of the files in which edits stand, with these made.

    Raises:
        NotMendable: One of them may not be written, or a line has bytes that are no UTF-8.
    """
    sources: dict[str, Source] = {}
    for edit in edits:
        sources.setdefault(edit.page.source.path, edit.page.source)
    for path in sources:
        may_write(path)
    return {
        path: edited_bytes(
            source, [(edit.page, edit.text) for edit in edits if edit.page.source == source]
        )
        for path, source in sources.items()
    }


def edited_text(text: str, edits: Sequence[Edit]) -> str:
    """A text with edits of it made; none overlaps another."""
    parts: list[str] = []
    position = 0
    for edit in sorted(edits, key=lambda each: (each.start, each.end)):
        parts += [text[position : edit.start], edit.text]
        position = edit.end
    return "".join([*parts, text[position:]])


def _check(
    before: PagePlan, after: PagePlan, response: Response, text: str, edits: Sequence[Edit]
) -> None:
    step = step_of(after, response)
    if step is None or step.expectation.text.text != edited_text(text, edits):
        words = "planned again, the page would say something else there: a substitution or a marker"
        raise NotMendable(Reason.OTHER_PLAN, f"{words} takes part in it", "mend it by hand")
    gone = [(edit.start, edit.end) for edit in edits]
    if meaning_of(before, response, gone) != meaning_of(after, response):
        words = "planned again, the page would ask for something else elsewhere"
        raise NotMendable(Reason.OTHER_PLAN, words, "mend it by hand")


def _mend(reply: ReplyOf, places: Places, mismatch: Mismatch, change: Change) -> Mend:
    return Mend(
        reply.response,
        places[mismatch.kind, mismatch.pointer],
        mismatch.kind,
        mismatch.pointer,
        _json(mismatch.expected),
        _json(mismatch.actual),
        change.mismatches[-1].pointer if change.renames else "",
    )


def _refusal(reply: ReplyOf, places: Places, mismatch: Mismatch, why: NotMendable) -> Refusal:
    where = places[mismatch.kind, mismatch.pointer]
    pointer = mismatch.pointer
    return Refusal(reply.response, where, mismatch.kind, pointer, why.reason, why.words, why.hint)


def _refuse_all(mending: _Mending, reply: ReplyOf, step: MatchStep, why: NotMendable) -> None:
    where = Where(step.span.source.path, *step.span.place)
    refusal = Refusal(reply.response, where, None, "", why.reason, why.words, why.hint)
    mending.refusals.append(refusal)


def _place(step: MatchStep, mismatch: Mismatch) -> Where:
    span = step.expectation.text.span(mismatch.start, mismatch.end)
    return Where(span.source.path, *span.place)


def _text(mismatch: Mismatch) -> str:
    return json.dumps(_json(mismatch.actual), ensure_ascii=False) + mismatch.pointer


def _json(value: Json | Absent) -> Json:
    return None if isinstance(value, Absent) else value
