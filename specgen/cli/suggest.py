"""`specgen suggest`: the markers that make pages steady and true."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import click

from specgen.cli.config import Config
from specgen.cli.options import (
    Pages,
    configuration,
    page_options,
    read_pages,
    read_selected,
    target_options,
    write_json,
)
from specgen.cli.targets import check_secrets, settings_of
from specgen.errors import ExitCode, SpecgenError, TargetUnreachable, UsageProblem, worst
from specgen.files import ChangedFiles, DiskFiles, write_below
from specgen.messages import printable
from specgen.plan.values import Case
from specgen.render.module import render_plan
from specgen.replay.run import Replayed, replay_cases
from specgen.replay.runner import ReplayOptions
from specgen.replay.values import CaseResult, Checks, Outcome
from specgen.suggest.telling import document_of, lines_of, summary_of
from specgen.suggest.trying import Found, Observed, suggest
from specgen.suggest.values import Seen, Style
from specgen.target.opening import TargetSettings

__all__ = ["command"]


@click.command("suggest")
@partial(page_options, other_forms=[Style.REFERENCE.value])
@partial(target_options, several=True)
@click.option(
    "--times",
    metavar="N",
    type=click.IntRange(min=2),
    default=3,
    show_default=True,
    help="How many times to replay on each target.",
)
@click.option(
    "--as",
    "style",
    type=click.Choice([each.value for each in Style]),
    help="Write `// SPECGEN[…]` (default), or the substitutions of the reference.",
)
@click.option("--write", is_flag=True, help="Put the markers into the pages.")
@click.option("--json", "json_file", metavar="FILE", help="Write it as JSON; `-` for stdout.")
@click.option("--quiet", "-q", is_flag=True, help="Show the last line only.")
def command(**options: Any) -> int:
    """Proposes the markers that make PAGES pass in every run.

    Replays each page several times and looks at what differs: durations, ids, moments, node
    names, order without meaning. What is the same in each run and not as the page says is
    drift: no marker is proposed for it, and its case stays red. Each proposal was tried.
    `--form reference` is another way to say `--as reference`.

    Exit code 1 if a case fails on the pages as they stand when the command ends.
    """
    style = _style(options)
    config = configuration()
    targets = options["target"] or (config.target or "embedded",)
    settings = tuple(settings_of(config, {**options, "target": each}) for each in targets)
    check_secrets(targets, settings)
    pages = read_pages(config, options)
    observe = partial(_observe, settings, options["times"])
    now = datetime.now(UTC)
    found = suggest(
        observe(pages, pages.cases()), _Again(config, options, pages, observe), style, now
    )
    if options["write"]:
        _write(pages, found)
    _tell(pages, found, settings, options)
    return int(worst(_codes(pages, found, written=options["write"])))


def _style(options: dict[str, Any]) -> Style:
    """What --as and --form say of how markers are written; --form then says nothing else."""
    if options["form"] != Style.REFERENCE.value:
        return Style(options["style"] or Style.SPECGEN)
    if options["style"] == Style.SPECGEN.value:
        raise UsageProblem("--as specgen and --form reference contradict each other")
    options["form"] = None
    return Style.REFERENCE


@dataclass(frozen=True, slots=True)
class _Again:
    """Replays some cases on pages that have markers now; nothing is written for that."""

    config: Config
    options: Mapping[str, Any]
    pages: Pages
    observe: partial[Observed]

    def __call__(self, texts: Mapping[str, bytes], ids: Sequence[str]) -> Observed:
        whole = self.pages.selection
        chosen = tuple(replace(each, line=None) for each in whole.pages if each.name in texts)
        files = ChangedFiles(DiskFiles(whole.root), texts)
        pages = read_selected(self.config, self.options, replace(whole, pages=chosen), files)
        wanted = [case for case in pages.cases() if case.id in ids]
        return self.observe(pages, wanted)


def _observe(
    targets: Sequence[TargetSettings], times: int, pages: Pages, cases: Sequence[Case]
) -> Observed:
    """Replays cases so many times on each target."""
    seen: dict[str, list[Seen]] = {case.id: [] for case in cases}
    rendered = [render_plan(each.plan) for each in pages.stages]
    chosen = [case for page in rendered for case in page.cases if case.id in seen]
    for settings in targets if cases else ():
        name = settings.secrets.redact(settings.target)
        for number in range(1, times + 1):
            click.echo(f"{name}: run {number} of {times}, {len(cases)} cases", err=True)
            replayed = replay_cases(
                rendered, chosen, pages.selection.root, settings, ReplayOptions(), lambda _: None
            )
            _check(replayed, settings)
            for case in cases:
                seen[case.id].append(Seen(name, _result(replayed, case)))
    return Observed(pages.stages, tuple((case, tuple(runs)) for case, runs in seen.items()))


def _check(replayed: Replayed, settings: TargetSettings) -> None:
    if replayed.interrupted:
        raise KeyboardInterrupt
    if replayed.lost is not None:
        raise TargetUnreachable(replayed.lost.message, replayed.lost.hint)
    if replayed.crashed:
        crashed = settings.secrets.redact(replayed.crashed)
        raise SpecgenError(f"the replaying process ended in the middle: {crashed}")


def _result(replayed: Replayed, case: Case) -> CaseResult:
    if case.id in replayed.results:
        return replayed.results[case.id]
    why = replayed.why_not(case.id)
    return CaseResult(case.id, Outcome.ERROR, why, 0.0, why, Checks(), ())


def _write(pages: Pages, found: Found) -> None:
    """Puts markers into pages, each whole or not at all."""
    sources = {each.plan.page: each.plan.source for each in pages.stages}
    for page, data in found.texts:
        path: Path = pages.selection.root / page
        try:
            if path.read_bytes() != sources[page].data:
                hint = "run `specgen suggest` again"
                raise UsageProblem(f"{page} was changed while it was replayed", hint)
            write_below(pages.selection.root, page, data)
        except OSError as trouble:
            raise UsageProblem(f"{path} cannot be written: {trouble.strerror}") from trouble


def _tell(
    pages: Pages, found: Found, settings: Sequence[TargetSettings], options: Mapping[str, Any]
) -> None:
    written, to_stderr = options["write"], options["json_file"] == "-"
    for page, reason in pages.unreadable:
        click.echo(printable(f"{pages.selection.shown(page)}: error: {reason}"), err=True)
    for line in () if options["quiet"] else lines_of(found, pages.selection.shown):
        click.echo(printable(line), err=to_stderr)
    click.echo(summary_of(found, written=written), err=to_stderr)
    if options["json_file"]:
        targets = [each.secrets.redact(each.target) for each in settings]
        document = document_of(found, targets, options["times"], written=written)
        write_json(json.dumps(document, ensure_ascii=False, indent=1), options["json_file"])


def _codes(pages: Pages, found: Found, *, written: bool) -> list[ExitCode]:
    codes = [ExitCode.UNREADABLE] if pages.unreadable else []
    if found.remarks or (found.suggestions and not written):
        codes.append(ExitCode.DRIFT)
    return codes
