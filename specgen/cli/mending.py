"""What `--update` does: writes what the cluster said back into pages, and replays them again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
from specgen.cli.reviewing import changed, reviewed, show
from specgen.drift.values import HeldDrift, RunReport
from specgen.errors import PageUnreadable, SpecgenError, TargetUnreachable
from specgen.files import ChangedFiles, DiskFiles, write_below
from specgen.mending.desk import Desk
from specgen.mending.pages import MendedPage, Texts, texts_of
from specgen.mending.rounds import Mended, mend_pages
from specgen.mending.values import Mend, NotMendable, Proposal, Reason, Refusal, Response
from specgen.mending.words import diff_of, lines_of, proposed_diff, summary_of
from specgen.messages import counted
from specgen.plan.reading import PageStages
from specgen.plan.values import PagePlan
from specgen.render.module import render_plan
from specgen.replay.events import CaseFinished, Event
from specgen.replay.run import replay_cases
from specgen.replay.runner import ReplayOptions
from specgen.replay.values import Kind
from specgen.selection import SUFFIXES, PageChoice, Selection
from specgen.target.opening import TargetSettings

__all__ = ["update"]

Judge = Callable[[CaseFinished], CaseFinished]


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
        SpecgenError: The cases cannot be replayed again; nothing is written then.
    """
    report = held.drift.report
    if report.interrupted or report.lost is not None:
        return report
    options, selection = session.options, chosen.pages.selection
    config, settings = session.config, session.settings
    red = {
        each.case.id: each.result.findings
        for each in report.cases
        if each.result.outcome.is_red and each.case.id not in held.settled
    }
    if not red:
        return report
    run = _Run(config, options, settings, selection)
    names = tuple(dict.fromkeys(each.partition("::")[0] for each in red))
    plans = run.plans(names, {})
    known = {case.id for plan in plans for case in plan.cases}
    desk = Desk(
        run.observe,
        run.reread,
        _may_write(run),
        settings.secrets.redact,
        datetime.now(UTC),
    )
    wanted = {case: findings for case, findings in red.items() if case in known}
    ask = options["review"] or options["dry_run"]
    mended = mend_pages(plans, wanted, desk, held.accepted_pointers, propose=ask)
    disk = _on_disk(plans)
    if options["dry_run"]:
        _show_all(mended, disk)
        _tell(mended.pages, len(mended.proposals), selection, options)
        return report
    pages = reviewed(mended, disk) if options["review"] else mended.pages
    pages = tuple(_write(run, page, disk) for page in pages)
    _tell(pages, 0, selection, options)
    return _again(run, report, pages, session.judge(chosen.pages))


def _show_all(mended: Mended, disk: Mapping[str, bytes]) -> None:
    """Shows what would be written, then what is proposed."""
    texts = texts_of(mended.pages)
    show(diff_of(disk, texts))
    responses = [each for each in mended.changes if isinstance(each, Response)]
    for place, proposal in enumerate(mended.proposals):
        before = dict(disk) | texts_of(mended.only(responses, mended.proposals[:place]))
        after = texts_of(mended.only(responses, mended.proposals[: place + 1]))
        show(proposed_diff(proposal, before, changed(before, after)))


def _on_disk(plans: Sequence[PagePlan]) -> dict[str, bytes]:
    sources = (source for plan in plans for source in (plan.source, *plan.included))
    return {source.path: source.data for source in sources}


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
        click.echo(line, err=True)
    click.echo(summary_of(pages, proposed, written=not options["dry_run"]), err=True)


def _again(
    run: _Run, report: RunReport, pages: Sequence[MendedPage], judge: Judge | None
) -> RunReport:
    """The report with what came of the mended pages when they were replayed once more."""
    mended = {page.page for page in pages if page.mends or page.proposals}
    cases = [each.case.id for each in report.cases if each.case.page in mended]
    if not cases:
        return report
    finished = run.observe({}, cases, judge)
    now = {
        case.id: case
        for plan in run.plans(tuple(sorted(mended)), {})
        for case in render_plan(plan).cases
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
