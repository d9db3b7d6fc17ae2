"""`--baseline FILE` and `--write-baseline`: which drift is known and accepted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from specgen.cli.options import write_json
from specgen.drift.baseline.file import baseline_text, read_baseline
from specgen.drift.baseline.holding import hold, renewed
from specgen.drift.values import Accepted, Drift, HeldDrift
from specgen.errors import UsageProblem
from specgen.messages import counted

__all__ = ["accepted_in", "baseline_options", "held_against"]

Command = TypeVar("Command", bound=Callable[..., Any])


def baseline_options(command: Command) -> Command:
    """Adds the options that name a baseline and write it."""
    for option in reversed(
        (
            click.option(
                "--baseline",
                metavar="FILE",
                type=click.Path(dir_okay=False, path_type=Path),
                help="Accept the findings in FILE: only others are drift.",
            ),
            click.option(
                "--write-baseline",
                is_flag=True,
                help="Accept everything that is found now: write it to the --baseline FILE.",
            ),
        )
    ):
        command = option(command)
    return command


def accepted_in(options: Mapping[str, Any]) -> tuple[Accepted, ...]:
    """What the file of `--baseline` accepts; nothing without one.

    Raises:
        UsageProblem: It is no baseline, or there is none and none is to be written.
    """
    file: Path | None = options["baseline"]
    if file is None:
        if options["write_baseline"]:
            raise UsageProblem("--write-baseline: expected --baseline FILE, found none")
        return ()
    if options["write_baseline"] and not file.exists():
        return ()
    try:
        return read_baseline(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        hint = "--write-baseline writes one"
        raise UsageProblem(f"--baseline: {file} does not exist", hint) from None
    except (OSError, ValueError) as trouble:
        hint = "--write-baseline writes them; mend the file, or take it away and write it anew"
        raise UsageProblem(f"--baseline: {file} is no baseline of specgen", hint) from trouble


def held_against(
    drift: Drift,
    entries: tuple[Accepted, ...],
    complete: Callable[[str], bool],
    options: Mapping[str, Any],
) -> tuple[HeldDrift, str]:
    """Holds drift against the baseline, which is written anew first if that was asked for.

    Args:
        drift: What was found.
        entries: What was accepted until now.
        complete: Whether all cases that a page has now were looked at.
        options: What `baseline_options` read from the command line.

    Returns:
        The drift, and what to tell of the file; mostly nothing.
    """
    file, note = options["baseline"], ""
    if options["write_baseline"]:
        report = drift.report
        if report.interrupted or report.lost or report.crashed:
            note = f"{file} was not written: the run did not come to its end"
        else:
            entries = renewed(entries, drift, complete)
            write_json(baseline_text(entries), str(file))
            note = f"{file} accepts {counted(len(entries), 'finding')} now"
    if file is None:
        return HeldDrift(drift), note
    return hold(drift, entries, str(file), complete), note
