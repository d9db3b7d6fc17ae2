"""`specgen run --try-skipped` and `--max-skipped`: skips are looked after."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from specgen.cli.config import Config
from specgen.drift.report.skips import over_most, tried_lines
from specgen.drift.report.terminal import Terminal
from specgen.drift.values import RunReport

__all__ = ["max_skipped_option", "most_skipped", "skips_told", "try_option"]

Command = TypeVar("Command", bound=Callable[..., Any])


def try_option(command: Command) -> Command:
    """Adds the option that skips are tried."""
    return click.option(
        "--try-skipped",
        is_flag=True,
        help="Afterwards run what pages skip, and tell what would pass now; no verdict changes.",
    )(command)


def max_skipped_option(command: Command) -> Command:
    """Adds the option that limits skips."""
    return click.option(
        "--max-skipped",
        metavar="N",
        type=click.IntRange(min=0),
        help="Fail if pages skip more than N cases.",
    )(command)


def most_skipped(config: Config, options: Mapping[str, Any]) -> int | None:
    """How many cases pages may skip; None for any number."""
    asked: int | None = options["max_skipped"]
    return config.max_skipped if asked is None else asked


def skips_told(report: RunReport, most: int | None, terminal: Terminal, *, tried: bool) -> None:
    """Tells what came of the skips that were tried, and if there are too many of them."""
    if tried:
        for line in tried_lines(report, terminal.shown):
            terminal.note(line)
    for line in over_most(report, most, terminal.shown):
        terminal.note(line)
