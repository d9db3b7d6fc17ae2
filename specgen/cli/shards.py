"""`--shard I/N` and `--durations FILE`: which pages a run takes, and in which order workers do."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from specgen.cli.last_run import LastRun
from specgen.cli.rendering import RenderedSelection
from specgen.drift.values import Share
from specgen.errors import UsageProblem
from specgen.replay.parts import deal, page_weights

__all__ = ["dealt", "weights_of"]

SHARD = re.compile(r"(?P<index>[1-9]\d*)/(?P<count>[1-9]\d*)")


def weights_of(
    pages: RenderedSelection, before: LastRun, options: Mapping[str, Any]
) -> dict[str, int]:
    """How long each page is expected to take; equal where nothing is to be dealt.

    Raises:
        UsageProblem: `--shard` or `--durations` cannot be understood.
    """
    names = [*(each.page for each in pages.pages), *(page for page, _ in pages.unreadable)]
    if not options["shard"] and options["workers"] < 2:
        return dict.fromkeys(names, 0)
    cases = pages.cases()
    if options["durations"]:
        seconds, source = _durations_in(options["durations"]), f"of {options['durations']}"
    else:
        seconds = before.durations(cases, pages.root.joinpath)
        source = "of the last run here"
    if options["shard"]:
        _index_and_count(options["shard"])
        known = any(case.id in seconds for case in cases)
        how = f"durations {source}" if known else f"number of cases (no durations {source})"
        if not options["quiet"]:
            click.echo(f"shard {options['shard']}: pages are dealt by {how}", err=True)
    return page_weights(names, cases, seconds)


def dealt(
    pages: RenderedSelection, weights: Mapping[str, int], shard: str | None
) -> tuple[RenderedSelection, Share | None]:
    """The pages of one part; all parts together are all pages, each once."""
    if not shard:
        return pages, None
    index, count = _index_and_count(shard)
    parts = deal(weights, count)
    mine = frozenset(parts[index - 1])
    readable = tuple(each for each in pages.pages if each.page in mine)
    unreadable = tuple(each for each in pages.unreadable if each[0] in mine)
    digest = hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]
    kept = replace(pages, pages=readable, unreadable=unreadable)
    return kept, Share((index,), count, digest)


def _index_and_count(text: str) -> tuple[int, int]:
    found = SHARD.fullmatch(text)
    if found is None or int(found["index"]) > int(found["count"]):
        raise UsageProblem(f"--shard: expected I/N with I from 1 to N, found {text!r}")
    return int(found["index"]), int(found["count"])


def _durations_in(file: Path) -> dict[str, float]:
    """How long cases took, by id; nothing is known of a file that is not there."""
    from specgen.drift.report.results_reading import durations_in  # rarely asked for

    try:
        return durations_in(file.read_text(encoding="utf-8"))
    except FileNotFoundError:  # the first run of a CI has none
        return {}
    except (OSError, ValueError) as trouble:
        raise UsageProblem(f"--durations: {file} holds no results of `run --json`") from trouble
