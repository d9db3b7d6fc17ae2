"""What is told of skips: `specgen skips`, `run --try-skipped` and `run --max-skipped`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from specgen.changes import LineChange
from specgen.drift.results import page_skips
from specgen.drift.values import DatedSkip, RunReport
from specgen.messages import counted
from specgen.plan.values import Skip, SkipKind
from specgen.replay.values import Outcome

__all__ = ["over_most", "skip_lines", "skips_document", "tried_lines"]

Shown = Callable[[str], str]

DAY = 24 * 60 * 60
# How many skipped cases a run names; `specgen skips` lists all.
MOST = 8
SORTS = (
    (SkipKind.TEST, "skipped case", ""),
    (SkipKind.RESPONSE, "response not compared", "responses not compared"),
    (SkipKind.NOT_A_TEST, "example that is no test", "examples that are no tests"),
)


def oldest_first(skips: Sequence[DatedSkip]) -> list[DatedSkip]:
    """Skips by age: the new ones after those of commits, and then those of unknown age."""
    return sorted(skips, key=_age)


def _age(each: DatedSkip) -> tuple[int, int]:
    if each.since is not None:
        return 0, each.since.time
    return (1, 0) if each.committed is False else (2, 0)


def skip_lines(skips: Sequence[DatedSkip], shown: Shown, now: float) -> Iterator[str]:
    """A line for each skip, oldest first, and one with the totals.

    Args:
        skips: In page order.
        shown: Gives a page's name as people can open it.
        now: Seconds since 1970.
    """
    for each in oldest_first(skips):
        skip, place = each.skip, each.skip.span.place
        where = f"{shown(skip.span.source.path)}:{place.line}:{place.column}"
        what = _what(skip)
        age = _age_told(each, now)
        yield f"{where}: {what}: {skip.reason or 'no reason given'}{f' ({age})' if age else ''}"
    yield _totals([each.skip for each in skips])


def _what(skip: Skip) -> str:
    slug = skip.case.rpartition("::")[2]
    if skip.kind is SkipKind.NOT_A_TEST:
        return "no test"
    if skip.kind is SkipKind.TEST:
        return f"{slug} skipped"
    return f"response of {slug} not compared" if slug else "response not compared"


def _age_told(skip: DatedSkip, now: float) -> str:
    if skip.since is None:
        return "not committed yet" if skip.committed is False else ""
    days = max(0, int((now - skip.since.time) // DAY))
    for_long = "today" if days == 0 else counted(days, "day")
    before = " or before" if skip.since.or_before else ""
    return f"since {_instant(skip.since)[:10]}{before}, {for_long}, {skip.since.commit}"


def _instant(change: LineChange) -> str:
    return f"{datetime.fromtimestamp(change.time, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _totals(skips: Sequence[Skip]) -> str:
    count = Counter(skip.kind for skip in skips)
    parts = [counted(count[kind], *nouns) for kind, *nouns in SORTS if count[kind]]
    pages = len({skip.span.source.path for skip in skips})
    return f"{', '.join(parts)} in {counted(pages, 'page')}" if parts else "nothing is skipped"


def skips_document(skips: Sequence[DatedSkip]) -> dict[str, Any]:
    """The document that `schemas/skips.schema.json` describes, oldest first."""
    count = Counter(each.skip.kind for each in skips)
    return {
        "schema": 1,
        "summary": {kind.value: count[kind] for kind in SkipKind},
        "skips": [_document(each) for each in oldest_first(skips)],
    }


def _document(each: DatedSkip) -> dict[str, Any]:
    skip, place, since = each.skip, each.skip.span.place, each.since
    known = since and {
        "commit": since.commit,
        "time": _instant(since),
        "or_before": since.or_before,
    }
    return {
        "page": skip.span.source.path,
        "line": place.line,
        "column": place.column,
        "kind": skip.kind.value,
        "case": skip.case or None,
        "reason": skip.reason,
        "committed": each.committed,
        "since": known,
    }


def tried_lines(report: RunReport, shown: Shown) -> Iterator[str]:
    """What would come of each skip that was tried, and the totals."""
    tried = [skip for each in report.cases for skip in each.tried]
    words = {
        Outcome.PASSED: "would pass now: take the skip out",
        Outcome.FAILED: "still fails",
        Outcome.ERROR: "cannot be judged",
        Outcome.SKIPPED: "cannot be tried",
    }
    for skip in tried:
        why = f": {skip.message}" if skip.message else ""
        reason = f" ({skip.reason})" if skip.would is Outcome.PASSED and skip.reason else ""
        yield f"{shown(skip.file)}:{skip.line}:{skip.column}: {words[skip.would]}{why}{reason}"
    passing = sum(skip.would is Outcome.PASSED for skip in tried)
    yield f"{counted(len(tried), 'skip')} tried: {passing or 'none'} would pass now"


def over_most(report: RunReport, most: int | None, shown: Shown) -> Iterator[str]:
    """Tells which cases pages skip, if there are more than there may be."""
    skipped = page_skips(report)
    if most is None or len(skipped) <= most:
        return
    more = f"{len(skipped) - most} more than --max-skipped {most}"
    yield f"{counted(len(skipped), 'case')} skipped by pages, {more}:"
    for each in skipped[:MOST]:
        yield f"  {shown(each.case.file)}:{each.case.line}: {each.result.reason}"
    if len(skipped) > MOST:
        yield f"  and {len(skipped) - MOST} more: `specgen skips` lists all"
