"""`specgen replay`: repeats one case with everything shown."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from specgen.cli.config import Config
from specgen.cli.options import (
    configuration,
    derive_option,
    read_selected,
    reading_options,
    target_options,
)
from specgen.cli.rendering import RenderedSelection, no_cache_option, rendered_selection
from specgen.cli.targets import settings_of
from specgen.drift.report.replayed import Bounds, compared_lines, exchange_lines
from specgen.errors import ExitCode, PageUnreadable, UsageProblem
from specgen.files import DiskFiles
from specgen.messages import printable
from specgen.nearest import nearest
from specgen.render.rendered import RenderedCase
from specgen.replay.events import CaseFinished, Event
from specgen.replay.run import Replayed, replay_cases
from specgen.replay.runner import ReplayOptions
from specgen.replay.telling import findings_text
from specgen.replay.values import CaseResult, Checks, Outcome
from specgen.target.har import Entry
from specgen.target.opening import TargetSettings
from specgen.target.recorder import recorded_to

__all__ = ["command"]

BOUNDS = Bounds(lines=40, width=200)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The case that was asked for, and where it stands."""

    pages: RenderedSelection
    case: RenderedCase


@click.command("replay")
@click.argument("case")
@reading_options
@target_options
@click.option(
    "--openapi",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Hold the responses against an OpenAPI document, too, if the case passes.",
)
@derive_option
@click.option(
    "--strict-warnings", is_flag=True, help="Fail if an untold deprecation warning comes."
)
@click.option("--full", is_flag=True, help="Show every body whole.")
@no_cache_option
def command(case: str, full: bool, **options: Any) -> int:
    """Repeats one CASE with everything shown: requests as curl, answers, comparisons, findings.

    CASE is an id as reports have it (`page.asciidoc::slug`), or `page.asciidoc:LINE`. Pages are
    named relative to --docs-root, the configured pages, `specs/`, `docs/`, or the folder where
    specgen is started. Secrets are masked.
    """
    config = configuration()
    settings = settings_of(config, options)
    wanted = _wanted(case, config, {**options, "changed_since": None})
    replayed, entries = _replayed(wanted, settings, options)
    if replayed.interrupted:
        raise KeyboardInterrupt
    result = replayed.results.get(wanted.case.id) or _without(wanted.case, replayed)
    for line in _told(wanted, config, options, replayed, result, entries, None if full else BOUNDS):
        click.echo(printable(line))
    _show_findings(result, wanted.pages.selection.shown)
    if replayed.lost is not None:
        click.echo(f"  help: {replayed.lost.hint}")
        return replayed.lost.exit_code
    return int(ExitCode.DRIFT if result.outcome.is_red else ExitCode.TRUE)


def _wanted(text: str, config: Config, options: dict[str, Any]) -> _Wanted:
    """Finds the case that a text names.

    Raises:
        UsageProblem: There is no such page or case.
        PageUnreadable: The page cannot be read.
    """
    page, separator, slug = text.partition("::")
    if not separator:
        pages = rendered_selection(config, {**options, "pages": (text,)})
        return _only(pages, text, pages.cases())
    found = None
    for root in _roots(config, options):
        if (root / page).is_file():
            chosen = {**options, "pages": (str(root / page),), "docs_root": root}
            found = rendered_selection(config, chosen)
            cases = [each for each in found.cases() if each.slug == slug]
            if cases:
                return _only(found, text, cases)
    if found is None:
        hint = "name the folder that ids are relative to with --docs-root"
        raise UsageProblem(f"{text}: there is no page {page!r} here", hint)
    return _only(found, text, ())


def _only(pages: RenderedSelection, text: str, cases: Sequence[RenderedCase]) -> _Wanted:
    for name, reason in pages.unreadable:
        raise PageUnreadable(f"{name}: {reason}")
    if cases:
        return _Wanted(pages, cases[0])
    known = [each for page in pages.pages for each in page.cases]
    raise UsageProblem(f"{text}: there is no such case", _nearest_case(text, known))


def _nearest_case(text: str, known: Sequence[RenderedCase]) -> str:
    page, separator, slug = text.partition("::")
    close = nearest(slug, [each.slug for each in known])
    if close:
        return f"did you mean '{page}::{close}'?"
    told = ", ".join(each.slug if separator else str(each.line) for each in known)
    if not told:
        return "this page has no case"
    return f"cases of this page{'' if separator else ' begin on the lines'}: {told}"


def _roots(config: Config, options: Mapping[str, Any]) -> Iterator[Path]:
    """The folders that the pages of ids may be relative to, the likeliest first."""
    named = options["docs_root"] or config.docs_root
    if named:
        yield Path(named)
        return
    folders = [Path(each) for each in config.pages] or [Path("specs"), Path("docs")]
    yield from (each for each in (*folders, Path.cwd()) if each.is_dir())


def _replayed(
    wanted: _Wanted, settings: TargetSettings, options: Mapping[str, Any]
) -> tuple[Replayed, list[Entry]]:
    """Replays the case; returns what came of it, and what was sent and answered for it."""
    pages, case = wanted.pages, wanted.case
    judge = _judge(wanted, options["openapi"])
    listen: Callable[[Event], None] = lambda _: None  # noqa: E731
    with tempfile.TemporaryDirectory(prefix="specgen-replay-") as folder:
        recording = Path(folder).resolve() / "exchanges.har"
        how = ReplayOptions(
            strict_warnings=options["strict_warnings"],
            record=str(recording),
            answers=judge is not None,
        )
        with recorded_to(recording):
            replayed = replay_cases(
                pages.pages, [case], pages.root, settings, how, listen, judge=judge
            )
        entries = json.loads(recording.read_text(encoding="utf-8"))["log"]["entries"]
    own = {"case": case.id, "part": "case"}
    return replayed, [each for each in entries if own.items() <= each["_specgen"].items()]


def _judge(wanted: _Wanted, openapi: Path | None) -> Callable[[CaseFinished], CaseFinished] | None:
    bodies = [body for page in wanted.pages.pages for body in page.bodies]
    if not bodies and openapi is None:
        return None
    from specgen.cli.shapes import judge_by_shapes  # slow to import

    return judge_by_shapes(bodies, openapi)


def _without(case: RenderedCase, replayed: Replayed) -> CaseResult:
    """What is told of a case that has no result."""
    why = replayed.why_not(case.id)
    return CaseResult(case.id, Outcome.ERROR, why, 0.0, why, Checks(), ())


def _told(
    wanted: _Wanted,
    config: Config,
    options: Mapping[str, Any],
    replayed: Replayed,
    result: CaseResult,
    entries: Sequence[Entry],
    bounds: Bounds | None,
) -> Iterator[str]:
    shown, info = wanted.pages.selection.shown, replayed.target
    yield f"case {result.id} ({shown(wanted.case.file)}:{wanted.case.line})"
    if info is not None:
        engine = f"{info.engine}, answers as " if info.engine else ""
        yield f"target {info.name}: {engine}{info.distribution} {info.version}"
        for number, entry in enumerate(entries, 1):
            yield ""
            yield from exchange_lines(number, entry, info, bounds)
    yield ""
    yield from _compared(wanted, config, options, result)
    reason = f": {result.reason}" if result.reason else ""
    yield ""
    yield f"{result.outcome.value}{reason}"


def _compared(
    wanted: _Wanted, config: Config, options: Mapping[str, Any], result: CaseResult
) -> Iterator[str]:
    """What the page asks; it is read once more, since its module does not tell."""
    selection = wanted.pages.selection
    page = [each for each in selection.pages if each.name == wanted.case.page]
    read = read_selected(
        config, options, replace(selection, pages=tuple(page)), DiskFiles(selection.root)
    )
    for stages in read.stages:
        for case in stages.plan.cases:
            if case.id == wanted.case.id:
                yield "compared:"
                for line in compared_lines(stages.plan, case, result, selection.shown):
                    yield f"  {line}"


def _show_findings(result: CaseResult, shown: Callable[[str], str]) -> None:
    if not result.findings:
        return
    from rich.console import Console

    from specgen.drift.report.terminal import styled

    click.echo()
    console = Console(highlight=False)
    console.print(styled(findings_text(result.findings, shown)), soft_wrap=True)
