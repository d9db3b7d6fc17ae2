"""What `--update` does: writes what the cluster said back into pages, and replays them again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

import click

from specgen.asciidoc.attributes import below_root
from specgen.asciidoc.dependencies import depends_on
from specgen.cli.config import Config
from specgen.cli.options import defined_values, includes_of, read_selected
from specgen.cli.replaying import Chosen, ReplaySession
from specgen.cli.reviewing import Review, changed_in, show
from specgen.drift.values import HeldDrift, RunReport
from specgen.errors import PageUnreadable, SpecgenError, TargetUnreachable
from specgen.files import ChangedFiles, DiskFiles, write_below
from specgen.mending.corrections.vocabulary import NO_WORDS, Vocabulary, vocabulary_of
from specgen.mending.desk import Desk
from specgen.mending.pages import MendedPage, Texts, texts_of
from specgen.mending.rounds import Mended, mend_pages
from specgen.mending.values import Mend, NotMendable, Proposal, Reason, Refusal, Response
from specgen.mending.words import diff_of, lines_of, proposed_diff, summary_of
from specgen.messages import counted, printable
from specgen.plan.reading import PageStages
from specgen.plan.values import PagePlan
from specgen.render.module import render_plan
from specgen.replay.events import CaseFinished, Event
from specgen.replay.run import replay_cases
from specgen.replay.runner import ReplayOptions
from specgen.replay.values import Finding, Kind
from specgen.selection import SUFFIXES, PageChoice, Selection
from specgen.target.opening import TargetSettings

__all__ = ["update"]

Judge = Callable[[CaseFinished], CaseFinished]
# By the id of its case.
_Findings = Mapping[str, Sequence[Finding]]
# How often a person is asked for what comes next in pages that changed.
MOST_REVIEWS = 12


@dataclass(frozen=True, slots=True)
class _Run:
    """What mending needs of the command around it."""

    config: Config
    options: Mapping[str, Any]
    settings: TargetSettings
    selection: Selection

    def stages(self, pages: Sequence[str], texts: Texts) -> tuple[PageStages, ...]:
        """What each stage sees of pages, where some files have other bytes."""
        chosen = tuple(PageChoice(page) for page in pages)
        selection = replace(self.selection, pages=chosen)
        files = ChangedFiles(DiskFiles(self.selection.root), texts)
        return read_selected(self.config, self.options, selection, files).stages

    def plans(self, pages: Sequence[str], texts: Texts) -> tuple[PagePlan, ...]:
        """The plans of pages, where some files have other bytes."""
        return tuple(each.plan for each in self.stages(pages, texts))

    def reread(self, page: str, texts: Texts) -> PageStages:
        """What each stage sees of one page."""
        found = self.stages([page], texts)
        if not found:
            raise PageUnreadable(f"{page} cannot be read any more")
        return found[0]

    def observe(
        self, texts: Texts, ids: Sequence[str], judge: Judge | None = None
    ) -> dict[str, CaseFinished]:
        """Replays cases in a session of its own; nothing is written for that."""
        names = dict.fromkeys(case.partition("::")[0] for case in ids)
        rendered = [render_plan(plan) for plan in self.plans(tuple(names), texts)]
        wanted = frozenset(ids)
        cases = [case for page in rendered for case in page.cases if case.id in wanted]
        finished: dict[str, CaseFinished] = {}
        if not cases:
            return finished

        def listen(event: Event) -> None:
            if isinstance(event, CaseFinished):
                finished[event.result.id] = event

        click.echo(f"replaying {counted(len(cases), 'case')} again", err=True)
        how = ReplayOptions(
            self.options["workers"],
            strict_warnings=self.options["strict_warnings"],
            clean=self.options["clean"],
            differing=True,
        )
        root = self.selection.root
        replayed = replay_cases(rendered, cases, root, self.settings, how, listen, judge=judge)
        if replayed.interrupted:
            raise KeyboardInterrupt
        if replayed.lost is not None:
            raise TargetUnreachable(replayed.lost.message, replayed.lost.hint)
        if replayed.crashed:
            crashed = self.settings.secrets.redact(replayed.crashed)
            raise SpecgenError(f"the replaying process ended in the middle: {crashed}")
        return finished


def update(held: HeldDrift, session: ReplaySession, chosen: Chosen) -> RunReport:
    """Writes what the cluster said into the pages of red cases, and replays these pages again.

    Args:
        held: What the run found, and what of it is accepted and so left as it is; a run that
            was cut short proves nothing.
        session: What was asked for, and where.
        chosen: The pages of the run.

    Returns:
        The report as it is with the mended pages; the same if nothing was written.

    Raises:
        SpecgenError: The cases cannot be replayed again; what was written before stays.
    """
    report = held.drift.report
    if report.interrupted or report.lost is not None:
        return report
    run = _Run(session.config, session.options, session.settings, chosen.pages.selection)
    red, judge = _red(report, held), session.judge(chosen.pages)
    if not red:
        return report
    if session.options["dry_run"]:
        _try(run, red, held)
        return report
    if session.options["review"]:
        return _reviewed(run, report, red, held, judge)
    mended, disk = _mended(run, _desk(run), red, held)
    pages = _written(run, mended.pages, disk)
    _tell(pages, 0, run.selection, run.options)
    return _again(run, report, _changed(pages), judge)


def _reviewed(
    run: _Run, report: RunReport, red: _Findings, held: HeldDrift, judge: Judge | None
) -> RunReport:
    """Asks until nothing more is taken: who said yes to a request may mend its response, too."""
    review, desk = Review(), _desk(run, _words(run))
    done: dict[str, MendedPage] = {}
    try:
        for _ in range(MOST_REVIEWS):
            mended, disk = _mended(run, desk, red, held, propose=True)
            pages = _written(run, review.taken(mended, disk), disk)
            done |= {page.page: _both(done.get(page.page), page) for page in pages}
            changed = _changed(pages)
            report = _again(run, report, changed, judge)
            red = _red(report, held, changed)
            if review.ended or not red:
                break
    finally:
        if done:
            _tell(tuple(done.values()), 0, run.selection, run.options)
    return report


def _changed(pages: Iterable[MendedPage]) -> frozenset[str]:
    return frozenset(page.page for page in pages if page.mends or page.proposals)


def _red(report: RunReport, held: HeldDrift, pages: Collection[str] | None = None) -> _Findings:
    """What was found of each red case that nobody accepted; all pages, or some."""
    return {
        each.case.id: each.result.findings
        for each in report.cases
        if each.result.outcome.is_red
        and each.case.id not in held.settled
        and (pages is None or each.case.page in pages)
    }


def _desk(run: _Run, words: Vocabulary = NO_WORDS) -> Desk:
    redact = run.settings.secrets.redact
    return Desk(run.observe, run.reread, _may_write(run), redact, datetime.now(UTC), words)


def _mended(
    run: _Run, desk: Desk, red: _Findings, held: HeldDrift, *, propose: bool = False
) -> tuple[Mended, dict[str, bytes]]:
    """What can be mended of red cases now, and the files as they are on disk."""
    plans = run.plans(tuple(dict.fromkeys(each.partition("::")[0] for each in red)), {})
    known = {case.id for plan in plans for case in plan.cases}
    desk = replace(desk, now=datetime.now(UTC))
    wanted = {case: findings for case, findings in red.items() if case in known}
    mended = mend_pages(plans, wanted, desk, held.accepted_pointers, propose=propose)
    return mended, _on_disk(plans)


def _try(run: _Run, red: _Findings, held: HeldDrift) -> None:
    """Shows what would be written, and writes nothing."""
    mended, disk = _mended(run, _desk(run, _words(run)), red, held, propose=True)
    _show_all(mended, disk)
    _tell(mended.pages, len(mended.proposals), run.selection, run.options)


def _written(
    run: _Run, pages: Iterable[MendedPage], disk: Mapping[str, bytes]
) -> tuple[MendedPage, ...]:
    return tuple(_write(run, page, disk) for page in pages)


def _both(before: MendedPage | None, now: MendedPage) -> MendedPage:
    """What was made of a page that was mended twice."""
    if before is None:
        return now
    return replace(
        now,
        texts=tuple({**dict(before.texts), **dict(now.texts)}.items()),
        mends=(*before.mends, *now.mends),
        proposals=(*before.proposals, *now.proposals),
    )


def _show_all(mended: Mended, disk: Mapping[str, bytes]) -> None:
    """Shows what would be written, then what is proposed."""
    texts = texts_of(mended.pages)
    show(diff_of(disk, texts))
    responses = [each for each in mended.changes if isinstance(each, Response)]
    for place, proposal in enumerate(mended.proposals):
        before = dict(disk) | texts_of(mended.only(responses, mended.proposals[:place]))
        after = texts_of(mended.only(responses, mended.proposals[: place + 1]))
        show(proposed_diff(proposal, before, changed_in(before, after)))


def _on_disk(plans: Sequence[PagePlan]) -> dict[str, bytes]:
    sources = (source for plan in plans for source in (plan.source, *plan.included))
    return {source.path: source.data for source in sources}


def _words(run: _Run) -> Vocabulary:
    """The words that the requests of all selected pages use."""
    return vocabulary_of(run.plans(tuple(each.name for each in run.selection.pages), {}))


def _may_write(run: _Run) -> Callable[[str], Callable[[str], None]]:
    """Tells by a page and a file whether that file is the page's alone."""

    @cache
    def users() -> Mapping[str, frozenset[str]]:
        return _users(run)

    def of_page(page: str, path: str) -> None:
        if path == page:
            return
        others = users().get(path, frozenset()) - {page}
        if path.endswith(SUFFIXES) and any(path == each.name for each in run.selection.pages):
            others |= {path}
        if others:
            words = f"{path} is not this page's alone: {min(others)} has it, too"
            raise NotMendable(Reason.SHARED, words, "mend it by hand, for all of them")

    return lambda page: partial(of_page, page)


def _users(run: _Run) -> dict[str, frozenset[str]]:
    """By an included file, the pages below the docs root that include it."""
    root = run.selection.root
    if includes_of(run.config, run.options) != "follow":
        return {}
    files = DiskFiles(root)
    attributes = below_root(defined_values(run.config, run.options), root)
    found: dict[str, set[str]] = {}
    for path in sorted(root.rglob("*")):
        if path.suffix in SUFFIXES and path.is_file():
            page = path.relative_to(root).as_posix()
            for name in depends_on(files, page, attributes) - {page}:
                found.setdefault(name, set()).add(page)
    return {name: frozenset(pages) for name, pages in found.items()}


def _write(run: _Run, page: MendedPage, disk: Mapping[str, bytes]) -> MendedPage:
    """Writes the files of a page, each whole or not at all."""
    root = run.selection.root
    why = next(filter(None, (_why_not(root / path, disk[path]) for path, _ in page.texts)), "")
    for path, data in () if why else page.texts:
        try:
            write_below(root, path, data)
        except OSError as trouble:
            why = f"it cannot be written: {trouble.strerror}"
    if not why:
        return page
    refusals = tuple(_left(mend, why) for mend in page.mends)
    refusals += tuple(_proposal_left(each, why) for each in page.proposals)
    return MendedPage(page.page, (), (), (*page.refusals, *refusals))


def _why_not(path: Any, data: bytes) -> str:
    try:
        changed = path.read_bytes() != data
    except OSError as trouble:
        return f"it cannot be read any more: {trouble.strerror}"
    return "the page was changed while it was replayed" if changed else ""


def _left(mend: Mend, why: str) -> Refusal:
    place = (mend.response, mend.where, mend.kind, mend.pointer)
    return Refusal(*place, Reason.CHANGED, why, "run `specgen drift --update` again")


def _proposal_left(proposal: Proposal, why: str) -> Refusal:
    place = (Response(proposal.case, -1), proposal.where, Kind.STATUS, "")
    return Refusal(*place, Reason.CHANGED, why, "run `specgen drift --update` again")


def _tell(
    pages: Sequence[MendedPage], proposed: int, selection: Selection, options: Mapping[str, Any]
) -> None:
    for line in () if options["quiet"] else lines_of(pages, selection.shown):
        click.echo(printable(line), err=True)
    click.echo(summary_of(pages, proposed, written=not options["dry_run"]), err=True)


def _again(run: _Run, report: RunReport, pages: Collection[str], judge: Judge | None) -> RunReport:
    """The report with what came of changed pages when they were replayed once more."""
    cases = [each.case.id for each in report.cases if each.case.page in pages]
    if not cases:
        return report
    finished = run.observe({}, cases, judge)
    now = {
        case.id: case for plan in run.plans(sorted(pages), {}) for case in render_plan(plan).cases
    }
    return replace(
        report,
        cases=tuple(
            replace(
                each,
                case=now.get(each.case.id, each.case),
                result=finished[each.case.id].result,
            )
            if each.case.id in finished
            else each
            for each in report.cases
        ),
    )
