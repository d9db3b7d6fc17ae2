"""From runs to suggestions: proposes, has it tried, and keeps what makes a case pass each time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from specgen.dialect.values import OptionName, Snippet
from specgen.plan.reading import PageStages
from specgen.plan.values import Case, MatchStep
from specgen.replay.flow import ExpectedUnreadable, read_expected
from specgen.replay.nodes import Node
from specgen.replay.values import Outcome
from specgen.suggest.chance import chance_places
from specgen.suggest.judging import Answered, judge
from specgen.suggest.pointers import is_below
from specgen.suggest.reference import NotWritable, reference_markers
from specgen.suggest.values import LineEdit, Place, Remark, Seen, Style, Suggestion
from specgen.suggest.writing import edited, is_closed, own_markers

__all__ = ["Found", "Observed", "suggest"]

# A case shows the differences of one response after the other; no page has so many of them.
MOST_ROUNDS = 8

Texts = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Observed:
    """What came of replaying cases several times.

    Attributes:
        stages: The pages as they were replayed.
        seen: How each case ended, run by run; by the id of the case.
    """

    stages: tuple[PageStages, ...]
    seen: tuple[tuple[str, tuple[Seen, ...]], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What is proposed for the pages.

    Attributes:
        suggestions: In page order; each made its case pass in every run.
        remarks: Of the cases that stay red.
        texts: Pairs of a page and its bytes with all suggestions in it.
        cases: How many cases ran.
    """

    suggestions: tuple[Suggestion, ...]
    remarks: tuple[Remark, ...]
    texts: tuple[tuple[str, bytes], ...]
    cases: int


@dataclass(slots=True)
class _Draft:
    """What is proposed for one case so far: places by the index of their snippet."""

    page: str
    places: dict[int, list[Place]] = field(default_factory=dict)

    def add(self, found: Sequence[tuple[int, Place]]) -> bool:
        """Takes what it has not got yet; tells whether there was any."""
        known = {(at, p.option, p.pointer) for at, all in self.places.items() for p in all}
        new = [(at, p) for at, p in found if (at, p.option, p.pointer) not in known]
        for at, place in new:
            self.places.setdefault(at, []).append(place)
        for at in {at for at, _ in new}:
            self.places[at] = [each for each in self.places[at] if not self._is_covered(at, each)]
        return bool(new)

    def _is_covered(self, at: int, place: Place) -> bool:
        """Whether what stands around a place is left out too."""
        others = (each for each in self.places[at] if each.option is OptionName.IGNORE)
        return any(is_below(place.pointer, each.pointer) for each in others)


def suggest(
    first: Observed,
    again: Callable[[Texts, Sequence[str]], Observed],
    style: Style,
    now: datetime,
) -> Found:
    """Finds the markers that make red cases pass in every run.

    Args:
        first: What came of the pages as they are.
        again: Replays the cases of these ids, on pages of these bytes.
        style: How markers are written.
        now: When all this happens.
    """
    pages = {each.plan.page: each for each in first.stages}
    drafts = {case: _Draft(case.partition("::")[0]) for case, seen in first.seen if _is_red(seen)}
    remarks: list[Remark] = []
    waiting = _judged(first, tuple(drafts), drafts, remarks, now)
    waiting += _steadied(first, drafts, style)
    drafts = {case.id: drafts[case.id] for case in _cases(first) if case.id in drafts}
    for _ in range(MOST_ROUNDS):
        _drop_unwritable(pages, drafts, remarks, style)
        waiting = tuple(case for case in waiting if case in drafts)
        if not waiting:
            break
        texts = {page: _text(pages[page], drafts, style) for page in _pages_of(drafts, waiting)}
        waiting = _judged(again(texts, waiting), waiting, drafts, remarks, now)
    for case in waiting:
        remarks.append(Remark(case, 0, "", "something else differs in each run"))
        del drafts[case]
    texts = {page: _text(pages[page], drafts, style) for page in _pages_of(drafts, tuple(drafts))}
    found = tuple(_suggestions(pages, drafts, style))
    return Found(found, tuple(dict.fromkeys(remarks)), tuple(texts.items()), len(first.seen))


def _steadied(first: Observed, drafts: dict[str, _Draft], style: Style) -> tuple[str, ...]:
    """Takes what is so only by chance into the drafts, where it can be written."""
    pages = {each.plan.page: each for each in first.stages}
    found: dict[str, _Draft] = {}
    for case, places in _by_chance(first):
        found[case] = _Draft(case.partition("::")[0])
        found[case].add(places)
    _drop_unwritable(pages, found, [], style)
    drafts.update(found)
    return tuple(found)


def _is_red(seen: Sequence[Seen]) -> bool:
    return any(each.result.outcome.is_red for each in seen)


def _judged(
    tried: Observed,
    waiting: Sequence[str],
    drafts: dict[str, _Draft],
    remarks: list[Remark],
    now: datetime,
) -> tuple[str, ...]:
    """Judges cases, takes what is proposed into the drafts, and returns those to try again."""
    all_seen = dict(tried.seen)
    responses = {each.plan.page: tuple(_responses(each)) for each in tried.stages}
    open_ones = []
    for case in waiting:
        seen, draft = all_seen[case], drafts[case]
        if not _is_red(seen):
            continue
        judged = judge(case, responses[draft.page], seen, now)
        if not judged.remarks and draft.add(judged.places):
            open_ones.append(case)
            continue
        remarks += judged.remarks or [Remark(case, 0, "", "no marker makes it pass")]
        del drafts[case]
    return tuple(open_ones)


def _responses(stages: PageStages) -> Iterator[Answered]:
    steps = {step.span.start: step for case in stages.plan.cases for step in _matches(case)}
    for index, snippet in enumerate(stages.reading.snippets):
        step = steps.get(snippet.opening.start)
        if step and snippet.opening.source == stages.plan.source and is_closed(snippet):
            lines, body = (snippet.line, snippet.end_line), _body_of(snippet)
            yield Answered(index, *lines, body, step.leniency, step.span.start)


def _matches(case: Case) -> Iterator[MatchStep]:
    return (step for step in case.steps if isinstance(step, MatchStep))


def _by_chance(first: Observed) -> Iterator[tuple[str, list[tuple[int, Place]]]]:
    """The cases that passed, each with what of its responses is as documented by chance."""
    all_seen = dict(first.seen)
    for stages in first.stages:
        responses = {each.start: each for each in _responses(stages)}
        for case in stages.plan.cases:
            seen = all_seen.get(case.id, ())
            if {each.result.outcome for each in seen} != {Outcome.PASSED}:
                continue
            mine = [
                responses[at] for step in _matches(case) if (at := step.span.start) in responses
            ]
            places = [
                (each.snippet, place)
                for each in mine
                if each.body
                for place in chance_places(each.body, each.leniency)
            ]
            if places:
                yield case.id, places


def _body_of(snippet: Snippet) -> Node | None:
    try:
        return read_expected(snippet.contents.text)
    except ExpectedUnreadable:
        return None


def _drop_unwritable(
    pages: Mapping[str, PageStages],
    drafts: dict[str, _Draft],
    remarks: list[Remark],
    style: Style,
) -> None:
    for case, draft in list(drafts.items()):
        try:
            list(_edits(pages[draft.page], draft, style))
        except NotWritable as trouble:
            place = next(place for places in draft.places.values() for place in places)
            remarks.append(Remark(case, 0, place.pointer, f"no substitution says it: {trouble}"))
            del drafts[case]


def _edits(
    stages: PageStages, draft: _Draft, style: Style
) -> Iterator[tuple[int, tuple[LineEdit, ...]]]:
    write = own_markers if style is Style.SPECGEN else reference_markers
    for index, places in sorted(draft.places.items()):
        yield index, write(stages.reading.snippets[index], places)


def _pages_of(drafts: Mapping[str, _Draft], cases: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(drafts[case].page for case in cases))


def _text(stages: PageStages, drafts: Mapping[str, _Draft], style: Style) -> bytes:
    mine = (draft for draft in drafts.values() if draft.page == stages.plan.page)
    edits = (edit for draft in mine for _, lines in _edits(stages, draft, style) for edit in lines)
    return edited(stages.plan.source.data, edits)


def _suggestions(
    pages: Mapping[str, PageStages], drafts: Mapping[str, _Draft], style: Style
) -> Iterator[Suggestion]:
    for case, draft in drafts.items():
        stages = pages[draft.page]
        for index, edits in _edits(stages, draft, style):
            line = stages.reading.snippets[index].line
            yield Suggestion(draft.page, line, case, edits, tuple(draft.places[index]))


def _cases(tried: Observed) -> Iterator[Case]:
    for each in tried.stages:
        yield from each.plan.cases
