"""The options of `--update`, and what is refused of them before anything starts."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from specgen.errors import UsageProblem
from specgen.target.opening import RECORDING, TargetSettings

__all__ = ["check_update", "check_update_options", "update_options"]

Command = TypeVar("Command", bound=Callable[..., Any])


def update_options(command: Command) -> Command:
    """Adds the options that write pages."""
    for option in (
        click.option(
            "--review", is_flag=True, help="With --update: show each change, and ask (y/n/q)."
        ),
        click.option(
            "--dry-run", is_flag=True, help="With --update: show the changes, write nothing."
        ),
        click.option("--update", is_flag=True, help="Write what the cluster said into the pages."),
    ):
        command = option(command)
    return command


def check_update_options(options: Mapping[str, Any]) -> None:
    """Refuses options that contradict each other, and questions that nobody could answer.

    Raises:
        UsageProblem: It is so.
    """
    for name in ("dry_run", "review"):
        if options[name] and not options["update"]:
            raise UsageProblem(f"--{name.replace('_', '-')} is of use with --update only")
    if options["update"] and options["results"]:
        hint = "leave --results out: pages are mended by what a cluster answers now"
        raise UsageProblem("--results replays nothing, and --update has to", hint)
    if options["dry_run"] and options["review"]:
        raise UsageProblem("--dry-run and --review contradict each other")
    if options["review"] and not (sys.stdin.isatty() and sys.stderr.isatty()):
        hint = "--dry-run shows all changes without asking"
        raise UsageProblem("--review asks, and there is no terminal to ask on", hint)


def check_update(options: Mapping[str, Any], settings: TargetSettings) -> None:
    """Refuses a target that proves nothing by a second answer.

    Raises:
        UsageProblem: It is a recording.
    """
    if options["update"] and settings.target.startswith(RECORDING):
        hint = "name a cluster that answers by itself"
        raise UsageProblem("--update needs two answers, and a recording gives one twice", hint)
