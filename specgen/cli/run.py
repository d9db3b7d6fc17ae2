"""`specgen run`: generate, then replay."""

from __future__ import annotations

import ast
import random
import re
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import click

from specgen.cli.config import Config
from specgen.cli.dry_plan import plan_option, tell_plan
from specgen.cli.last_run import LastRun, last_run
from specgen.cli.leaks import Tries, check_find_leak, cleaning_options, leaks_told
from specgen.cli.options import configuration, derive_option, page_options, target_options
from specgen.cli.rendering import RenderedSelection, no_cache_option, rendered_selection
from specgen.cli.reports import journal_for, report_options, save_reports
from specgen.cli.shards import dealt, weights_of
from specgen.cli.skipped import max_skipped_option, most_skipped, skips_told, try_option
from specgen.cli.targets import settings_of
from specgen.drift.report.journal import Journal
from specgen.drift.report.terminal import Terminal
from specgen.drift.results import collect, exit_code
from specgen.drift.values import PageRead, RunReport, Share
from specgen.errors import ExitCode, UsageProblem, worst
from specgen.render.rendered import RenderedCase
from specgen.replay.events import CaseFinished, CaseStarted, Event, TargetLost, TargetOpened
from specgen.replay.run import Replayed, replay_cases
from specgen.replay.runner import ReplayOptions
from specgen.replay.standby import Standby, standing_by
from specgen.replay.values import Clean, Outcome
from specgen.target.opening import TargetSettings
from specgen.target.recorder import recorded_to

__all__ = ["command"]

Judge = Callable[[CaseFinished], CaseFinished]

# A word of an expression as pytest's `-k` takes it.
WORD = re.compile(r"[\w:+\-.\[\]\\/]+")


@click.command("run")
@page_options
@target_options
@report_options
@click.option(
    "-n",
    "workers",
    metavar="N",
    type=click.IntRange(min=0),
    default=0,
    help="Replay on N engines side by side.",
)
@click.option("--shard", metavar="I/N", help="Run only the I-th of N parts of the pages.")
@click.option(
    "--durations",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Cut parts by how long cases took in FILE, an earlier --json.",
)
@click.option(
    "-k",
    "expression",
    metavar="EXPR",
    default="",
    help="Run only the cases that pytest's EXPR selects.",
)
@click.option(
    "--maxfail",
    metavar="N",
    type=click.IntRange(min=0),
    default=0,
    help="Stop after N failed cases.",
)
@click.option(
    "--shuffle", metavar="SEED", type=int, help="Run the cases in another order, told by SEED."
)
@click.option(
    "--require-tests", is_flag=True, help="Fail if a page sends no request, or skips everything."
)
@plan_option
@max_skipped_option
@try_option
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Leave the modules in DIR.",
)
@click.option(
    "--record",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Keep every exchange in FILE (HAR 1.2), secrets masked.",
)
@click.option(
    "--rerun", type=click.Choice(["failed"]), help="Run only what failed when it was last run."
)
@click.option(
    "--strict-warnings",
    is_flag=True,
    help="Fail a case if a deprecation warning comes that its page does not tell of.",
)
@cleaning_options
@click.option(
    "--openapi",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Hold the responses of cases that pass against an OpenAPI document, too.",
)
@derive_option
@no_cache_option
@click.option("--quiet", "-q", is_flag=True, help="Show failures and the last line only.")
@click.option("--verbose", "-v", is_flag=True, help="Show a line for each case.")
def command(**options: Any) -> int:
    """Replays the examples of PAGES against a cluster and tells which are true.

    Without --target it starts an engine of its own, which is gone afterwards.
    """
    started = time.perf_counter()
    config = configuration()
    settings = settings_of(config, options)
    options["clean"] = Clean(options["clean"] or config.clean or Clean.CASE)
    _check_workers(options["workers"], settings)
    check_find_leak(options, settings)
    _check_expression(options["expression"])
    if options["plan"]:
        chosen = _chosen(config, options)
        ordered = _in_order(_cases(chosen.pages, chosen.before, options), options)
        return int(tell_plan(chosen.pages, ordered, settings, options))
    with standing_by(settings, max(1, options["workers"])) as standbys:
        return _run(config, settings, standbys, options, started)


def _run(
    config: Config,
    settings: TargetSettings,
    standbys: Sequence[Standby],
    options: dict[str, Any],
    started: float,
) -> int:
    pages, before, weights, share = _chosen(config, options)
    cases = _cases(pages, before, options)
    terminal = _terminal(pages, cases, options)
    terminal.begin()
    planned = _report(pages, cases, settings, Replayed(interrupted=True), options, share)
    with journal_for(options["json_file"], planned) as journal:
        try:
            ordered = _in_order(cases, options)
            judge = _judge(pages, options["openapi"])
            replay = partial(_replay, pages, ordered, weights, settings, standbys, judge)
            replayed = replay((terminal, journal), options)
        finally:
            if terminal.progress is not None:
                terminal.progress.stop()
        report = _report(pages, cases, settings, replayed, options, share)
        if options["try_skipped"]:
            from specgen.cli.trying import try_skipped  # slow to import: it reads pages

            report = try_skipped(report, config, pages, settings, options)
        report = replace(report, duration_s=round(time.perf_counter() - started, 3))
        before.remember(report, pages.root.joinpath)
        most = most_skipped(config, options)
        skips_told(report, most, terminal, tried=options["try_skipped"])
        terminal.end(report)
        saved = save_reports(report, options)
        journal.saved = saved is ExitCode.TRUE
    if options["find_leak"]:
        again = ReplayOptions(strict_warnings=options["strict_warnings"], clean=options["clean"])
        for line in leaks_told(report, replayed, Tries(pages, settings, again)):
            terminal.note(line)
    code = exit_code(report, require_tests=options["require_tests"], max_skipped=most)
    return int(worst((code, saved)))


class _Chosen(NamedTuple):
    """The pages to run, what is known of the last run, weights of pages, and which part it is."""

    pages: RenderedSelection
    before: LastRun
    weights: dict[str, int]
    share: Share | None


def _chosen(config: Config, options: dict[str, Any]) -> _Chosen:
    pages = rendered_selection(config, options)
    _check_lines(pages)
    before = last_run(Path.cwd())
    weights = weights_of(pages, before, options)
    pages, share = dealt(pages, weights, options["shard"])
    if options["rerun"]:
        pages = _failed(pages, before)
    return _Chosen(pages, before, weights, share)


def _judge(pages: RenderedSelection, openapi: Path | None) -> Judge | None:
    """Looks at the answers of cases that passed; None if nothing documents their shape."""
    bodies = [body for page in pages.pages for body in page.bodies]
    if not bodies and openapi is None:
        return None
    from specgen.cli.shapes import judge_by_shapes  # slow to import

    return judge_by_shapes(bodies, openapi)


def _replay(
    pages: RenderedSelection,
    cases: Sequence[RenderedCase],
    weights: Mapping[str, int],
    settings: TargetSettings,
    standbys: Sequence[Standby],
    judge: Judge | None,
    listeners: tuple[Terminal, Journal],
    options: dict[str, Any],
) -> Replayed:
    record = options["record"].absolute() if options["record"] else None
    terminal, journal = listeners

    def listen(event: Event) -> None:
        journal.take(event)
        if isinstance(event, TargetOpened):
            terminal.target_opened(event.info, event.seconds)
        elif isinstance(event, TargetLost):
            terminal.target_lost()
        elif isinstance(event, CaseStarted):
            terminal.case_started(event.id)
        elif isinstance(event, CaseFinished):
            terminal.case_finished(event.result)

    wanted = ReplayOptions(
        options["workers"],
        options["expression"],
        options["maxfail"],
        options["strict_warnings"],
        str(record or ""),
        options["clean"],
        answers=judge is not None,
    )
    replayed = Replayed(collected=set())
    try:
        with recorded_to(record) if record else nullcontext():
            if cases:
                replayed = replay_cases(
                    pages.pages,
                    cases,
                    pages.root,
                    settings,
                    wanted,
                    listen,
                    options["out"],
                    standbys,
                    weights,
                    judge,
                )
    except OSError as trouble:
        where = trouble.filename or "a module"
        message = f"{where} cannot be written: {trouble.strerror}"
        if not replayed.results:
            raise UsageProblem(message) from trouble
        replayed.lost = replayed.lost or TargetLost(message, "", int(ExitCode.USAGE))
    return replayed


def _report(
    pages: RenderedSelection,
    cases: Sequence[RenderedCase],
    settings: TargetSettings,
    replayed: Replayed,
    options: dict[str, Any],
    share: Share | None,
) -> RunReport:
    chosen = list(cases)
    if options["expression"] and replayed.collected is not None:
        chosen = [case for case in cases if case.id in replayed.collected]
    why_not: Callable[[str], str] = replayed.why_not
    without = Outcome.ERROR
    if options["maxfail"] and not (replayed.lost or replayed.interrupted or replayed.crashed):
        stopped, without = f"not run: stopped by --maxfail {options['maxfail']}", Outcome.SKIPPED
        why_not = lambda _: stopped  # noqa: E731
    names = {case.page for case in chosen} if options["expression"] else None
    read = (page for page in pages.pages if names is None or page.page in names)
    return RunReport(
        tuple(map(PageRead.of, read)),
        collect(chosen, replayed.results, why_not, without),
        settings.target,
        replayed.target,
        replayed.lost,
        pages.unreadable,
        replayed.interrupted,
        0.0,
        settings.secrets.redact(replayed.crashed),
        share,
        bool(options["rerun"]),
    )


def _terminal(
    pages: RenderedSelection, cases: Sequence[RenderedCase], options: dict[str, Any]
) -> Terminal:
    from rich.console import Console

    console = Console(stderr=options["json_file"] == "-", highlight=False)
    return Terminal(
        console,
        {case.id: case for case in cases},
        pages.selection.shown,
        options["quiet"],
        options["verbose"],
    )


def _failed(pages: RenderedSelection, before: LastRun) -> RenderedSelection:
    """The pages that hold a case which failed last time, or all if nothing is known of it."""
    if before.failed is None:
        click.echo("no earlier run in this folder is known: all cases are run", err=True)
        return pages
    path_of = pages.root.joinpath
    failed = (page for page in pages.pages if any(before.has(c, path_of) for c in page.cases))
    return replace(pages, pages=tuple(failed))


def _cases(
    pages: RenderedSelection, before: LastRun, options: dict[str, Any]
) -> tuple[RenderedCase, ...]:
    """The cases to run: of the pages, those which failed last time if only these are wanted."""
    cases = pages.cases()
    if not options["rerun"] or before.failed is None:
        return cases
    return tuple(case for case in cases if before.has(case, pages.root.joinpath))


def _in_order(cases: Sequence[RenderedCase], options: dict[str, Any]) -> list[RenderedCase]:
    """The cases in the order in which they are run; reports have that of the pages."""
    if options["shuffle"] is not None:
        return random.Random(options["shuffle"]).sample(cases, len(cases))
    return list(cases)


def _check_workers(workers: int, settings: TargetSettings) -> None:
    if workers > 1 and not settings.is_private:
        raise UsageProblem(
            "-n needs a target for each worker, and there is one URL",
            "cases clean their cluster, so two workers would disturb each other",
        )


def _check_expression(expression: str) -> None:
    """Refuses what pytest would refuse only after it was started, and in more words."""
    words = WORD.sub(lambda word: word[0] if word[0] in {"and", "or", "not"} else "x", expression)
    parts = (ast.Expression, ast.BoolOp, ast.boolop, ast.UnaryOp, ast.Not, ast.Name, ast.Load)
    try:
        known = all(isinstance(node, parts) for node in ast.walk(ast.parse(words, mode="eval")))
    except SyntaxError:
        known = not expression
    if not known:
        hint = "names of cases, with `and`, `or`, `not` and parentheses"
        raise UsageProblem(f"-k: {expression!r} is no expression", hint)


def _check_lines(pages: RenderedSelection) -> None:
    """Refuses a line that no case holds: nothing would be run, and nobody would know."""
    cases = {page.page: page.cases for page in pages.pages}
    wanted = {case.page for case in pages.cases()}
    for choice in pages.selection.pages:
        if choice.line is not None and choice.name in cases and choice.name not in wanted:
            lines = ", ".join(str(case.line) for case in cases[choice.name])
            raise UsageProblem(
                f"{pages.selection.shown(choice.name)}:{choice.line}: no case holds this line",
                f"cases of this page begin on the lines {lines}" if lines else "",
            )
