"""`specgen skips`: what pages ask nobody to check, why, and since when."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from specgen.changes import LineChange, last_changes
from specgen.cli.options import Pages, configuration, page_options, read_pages, write_json
from specgen.cli.problems import show_problems
from specgen.drift.report.skips import skip_lines, skips_document
from specgen.drift.values import DatedSkip
from specgen.errors import UsageProblem
from specgen.messages import printable
from specgen.plan.skips import skips_of
from specgen.plan.values import Skip

__all__ = ["command"]


@click.command("skips")
@page_options
@click.option("--json", "json_file", metavar="FILE", help="Write them as JSON; `-` for stdout.")
def command(json_file: str | None, **options: Any) -> int:
    """Lists every skip of PAGES with its reason and its age, the oldest first.

    These are skipped tests (TEST[skip:…]), responses that are not compared
    (TESTRESPONSE[skip:…]), and examples that are no tests (SPECGEN[not-a-test:…]). The age of a
    skip is that of its line in git. `specgen run --try-skipped` tells which would pass now.
    """
    pages = read_pages(configuration(), options)
    skips = _dated([*_chosen(pages)], pages.selection.root)
    if json_file:
        write_json(json.dumps(skips_document(skips), ensure_ascii=False, indent=1), json_file)
    for line in skip_lines(skips, pages.selection.shown, time.time()):
        click.echo(printable(line), err=json_file == "-")
    return int(show_problems(pages))


def _chosen(pages: Pages) -> Iterator[Skip]:
    """The skips of the pages; of one that was named with a line, those of its case alone."""
    whole = {choice.name for choice in pages.selection.pages if choice.line is None}
    cases = {case.id for case in pages.cases()}
    for each in pages.stages:
        for skip in skips_of(each.plan, each.reading.snippets):
            if each.plan.page in whole or skip.case in cases:
                yield skip


def _dated(skips: Sequence[Skip], root: Path) -> list[DatedSkip]:
    """The skips with their age; git is asked once for each file, and trouble is told once."""
    troubles: dict[str, None] = {}
    known: dict[str, tuple[LineChange | None, ...] | None] = {}
    for name in dict.fromkeys(skip.span.source.path for skip in skips):
        try:
            known[name] = last_changes(root / name)
        except UsageProblem as trouble:
            known[name] = None
            troubles[trouble.message] = None
    for message in troubles:
        click.echo(f"note: {printable(message)}", err=True)
    return [_with_age(skip, known[skip.span.source.path]) for skip in skips]


def _with_age(skip: Skip, lines: tuple[LineChange | None, ...] | None) -> DatedSkip:
    if lines is None:
        return DatedSkip(skip, None, None)
    # Lines as git counts them: a carriage return alone ends none.
    line = skip.span.source.text.count("\n", 0, skip.span.start)
    since = lines[line] if line < len(lines) else None
    return DatedSkip(skip, since, since is not None)
