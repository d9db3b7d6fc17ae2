"""What `run` and `drift` share: the options of a replay, and from pages to the report of one."""

from __future__ import annotations

import ast
import random
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import click

from specgen.cli.config import Config
from specgen.cli.last_run import LastRun, last_run
from specgen.cli.leaks import clean_option
from specgen.cli.options import derive_option
from specgen.cli.rendering import RenderedSelection, no_cache_option, rendered_selection
from specgen.cli.shards import dealt, weights_of
from specgen.cli.targets import settings_of
from specgen.cli.whole_reports import report_of
from specgen.drift.report.journal import Journal
from specgen.drift.report.terminal import Terminal
from specgen.drift.results import collect
from specgen.drift.values import RunReport, Share
from specgen.errors import ExitCode, UsageProblem
from specgen.render.rendered import RenderedCase
from specgen.replay.events import CaseFinished, CaseStarted, Event, TargetLost, TargetOpened
from specgen.replay.run import Replayed, replay_cases
from specgen.replay.runner import ReplayOptions
from specgen.replay.standby import Standby, standing_by
from specgen.replay.values import Clean, Outcome
from specgen.target.company import in_company
from specgen.target.opening import TargetSettings
from specgen.target.recorder import recorded_to

__all__ = ["Chosen", "ReplaySession", "prepared", "replay_options", "replay_session"]

Command = TypeVar("Command", bound=Callable[..., Any])
Judge = Callable[[CaseFinished], CaseFinished]

COMPANY = """\
warning: another run is at work on this cluster: each may take away what the other makes
  help: give each a `--scope` of its own, or wait until the other one is over"""
# A word of an expression as pytest's `-k` takes it.
WORD = re.compile(r"[\w:+\-.\[\]\\/]+")


def replay_options(command: Command) -> Command:
    """Adds the options that say which cases are replayed, and how."""
    for option in reversed(
        (
            *_choice_options(),
            click.option(
                "--out",
                metavar="DIR",
                type=click.Path(file_okay=False, path_type=Path),
                help="Leave the modules in DIR.",
            ),
            click.option(
                "--record",
                metavar="FILE",
                type=click.Path(dir_okay=False, path_type=Path),
                help="Keep every exchange in FILE (HAR 1.2), secrets masked.",
            ),
            click.option(
                "--rerun",
                type=click.Choice(["failed"]),
                help="Run only what failed when it was last run.",
            ),
            click.option(
                "--strict-warnings",
                is_flag=True,
                help="Fail a case if a deprecation warning comes that its page does not tell of.",
            ),
            clean_option,
            click.option(
                "--openapi",
                metavar="FILE",
                type=click.Path(exists=True, dir_okay=False, path_type=Path),
                help="Hold the responses of cases that pass against an OpenAPI document, too.",
            ),
            derive_option,
            no_cache_option,
        )
    ):
        command = option(command)
    return command


def _choice_options() -> tuple[Callable[[Command], Command], ...]:
    return (
        click.option(
            "-n",
            "workers",
            metavar="N",
            type=click.IntRange(min=0),
            default=0,
            help="Replay on N engines side by side.",
        ),
        click.option("--shard", metavar="I/N", help="Run only the I-th of N parts of the pages."),
        click.option(
            "--durations",
            metavar="FILE",
            type=click.Path(dir_okay=False, path_type=Path),
            help="Cut parts by how long cases took in FILE, an earlier --json.",
        ),
        click.option(
            "-k",
            "expression",
            metavar="EXPR",
            default="",
            help="Run only the cases that pytest's EXPR selects.",
        ),
        click.option(
            "--maxfail",
            metavar="N",
            type=click.IntRange(min=0),
            default=0,
            help="Stop after N failed cases.",
        ),
        click.option(
            "--shuffle",
            metavar="SEED",
            type=int,
            help="Run the cases in another order, told by SEED.",
        ),
    )


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a command is asked to replay.

    Attributes:
        pages: The pages of it.
        cases: Their cases, in page and case order.
        weights: How long each page is expected to take.
        share: Which part of all pages this is; None for all of them.
        before: What is known of earlier runs in this folder.
    """

    pages: RenderedSelection
    cases: tuple[RenderedCase, ...]
    weights: Mapping[str, int]
    share: Share | None
    before: LastRun


@dataclass(frozen=True, slots=True)
class ReplaySession:
    """A command that is about to replay: what it was asked, and what stands by for it.

    Attributes:
        config: The configuration.
        settings: The target.
        standbys: The processes that wait for cases.
        options: What `page_options`, `target_options` and `replay_options` read.
        started: When the command was, by a clock that only goes forward.
    """

    config: Config
    settings: TargetSettings
    standbys: Sequence[Standby]
    options: Mapping[str, Any]
    started: float

    def choose(self) -> Chosen:
        """Renders the pages, and takes those cases of them that were asked for.

        Raises:
            UsageProblem: No case holds a line that was named.
        """
        pages = rendered_selection(self.config, self.options)
        _check_lines(pages)
        before = last_run(Path.cwd())
        weights = weights_of(pages, before, self.options)
        pages, share = dealt(pages, weights, self.options["shard"])
        if self.options["rerun"]:
            pages = _failed(pages, before)
        return Chosen(pages, _cases(pages, before, self.options), weights, share, before)

    def in_order(self, chosen: Chosen) -> tuple[RenderedCase, ...]:
        """The cases in the order in which they are replayed."""
        return tuple(_in_order(chosen.cases, self.options))

    def planned(self, chosen: Chosen) -> RunReport:
        """The report of a run that did not come to any case."""
        return _report(chosen, self.settings, Replayed(interrupted=True), self.options)

    def replay(
        self, chosen: Chosen, terminal: Terminal, journal: Journal
    ) -> tuple[RunReport, Replayed]:
        """Replays the cases, and tells it meanwhile.

        Returns:
            The report, and what it was made from: the results as they came.
        """
        try:
            replayed = _replay(chosen, self, terminal, journal)
        finally:
            if terminal.progress is not None:
                terminal.progress.stop()
        return _report(chosen, self.settings, replayed, self.options), replayed

    def judge(self, pages: RenderedSelection) -> Judge | None:
        """Looks at the answers of cases that passed; None if nothing documents their shape."""
        bodies = [body for page in pages.pages for body in page.bodies]
        openapi = self.options["openapi"]
        if not bodies and openapi is None:
            return None
        from specgen.cli.shapes import judge_by_shapes  # slow to import

        return judge_by_shapes(bodies, openapi)

    def timed(self, report: RunReport) -> RunReport:
        """The report with how long it all took until now."""
        return replace(report, duration_s=round(time.perf_counter() - self.started, 3))


def prepared(
    config: Config, options: dict[str, Any], check: Callable[[TargetSettings], None] | None = None
) -> ReplaySession:
    """Looks at the options; nothing stands by yet.

    Args:
        config: The configuration.
        options: As a command has them; `clean` becomes a `Clean`.
        check: Refuses what the command alone cannot do.

    Raises:
        UsageProblem: What is asked for cannot be.
    """
    started = time.perf_counter()
    settings = settings_of(config, options)
    options["clean"] = Clean(options["clean"] or config.clean or Clean.CASE)
    _check_workers(options["workers"], settings)
    if check is not None:
        check(settings)
    _check_expression(options["expression"])
    return ReplaySession(config, settings, (), options, started)


@contextmanager
def replay_session(
    config: Config, options: dict[str, Any], check: Callable[[TargetSettings], None] | None = None
) -> Iterator[ReplaySession]:
    """The same, with processes that stand by and import what a replay needs.

    Raises:
        UsageProblem: What is asked for cannot be.
    """
    session = prepared(config, options, check)
    settings = session.settings
    with (
        in_company(settings) as others,
        standing_by(settings, max(1, options["workers"])) as standbys,
    ):
        if others:
            click.echo(COMPANY, err=True)
        yield replace(session, standbys=standbys)


def _replay(
    chosen: Chosen, session: ReplaySession, terminal: Terminal, journal: Journal
) -> Replayed:
    options, pages = session.options, chosen.pages
    record = options["record"].absolute() if options["record"] else None
    cases = _in_order(chosen.cases, options)
    judge = session.judge(pages)

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
                    session.settings,
                    wanted,
                    listen,
                    options["out"],
                    session.standbys,
                    chosen.weights,
                    judge,
                )
    except OSError as trouble:
        message = f"{trouble.filename or 'a file'} cannot be written: {trouble.strerror}"
        if not replayed.results:
            raise UsageProblem(message) from trouble
        replayed.lost = replayed.lost or TargetLost(message, "", int(ExitCode.USAGE))
    if cases and options["expression"] and replayed.collected == set():
        terminal.note(f"-k: no case of these pages is selected by {options['expression']!r}")
    return replayed


def _report(
    chosen: Chosen, settings: TargetSettings, replayed: Replayed, options: Mapping[str, Any]
) -> RunReport:
    pages, cases = chosen.pages, list(chosen.cases)
    if options["expression"] and replayed.collected is not None:
        cases = [case for case in cases if case.id in replayed.collected]
    why_not: Callable[[str], str] = replayed.why_not
    without = Outcome.ERROR
    if options["maxfail"] and not (replayed.lost or replayed.interrupted or replayed.crashed):
        stopped, without = f"not run: stopped by --maxfail {options['maxfail']}", Outcome.SKIPPED
        why_not = lambda _: stopped  # noqa: E731
    names = {case.page for case in cases} if options["expression"] else None
    read = (page for page in pages.pages if names is None or page.page in names)
    told = replace(pages, pages=tuple(read))
    ended = collect(cases, replayed.results, why_not, without)
    report = report_of(told, ended, settings, replayed)
    return replace(report, share=chosen.share, rerun=bool(options["rerun"]))


def _failed(pages: RenderedSelection, before: LastRun) -> RenderedSelection:
    """The pages that hold a case which failed last time, or all if nothing is known of it."""
    if before.failed is None:
        click.echo("no earlier run in this folder is known: all cases are run", err=True)
        return pages
    path_of = pages.root.joinpath
    failed = (page for page in pages.pages if any(before.has(c, path_of) for c in page.cases))
    return replace(pages, pages=tuple(failed))


def _cases(
    pages: RenderedSelection, before: LastRun, options: Mapping[str, Any]
) -> tuple[RenderedCase, ...]:
    """The cases to run: of the pages, those which failed last time if only these are wanted."""
    cases = pages.cases()
    if not options["rerun"] or before.failed is None:
        return cases
    return tuple(case for case in cases if before.has(case, pages.root.joinpath))


def _in_order(cases: Sequence[RenderedCase], options: Mapping[str, Any]) -> list[RenderedCase]:
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
