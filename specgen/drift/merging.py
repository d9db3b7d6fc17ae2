"""Makes one report of several: of the parts of a run, and of what was run again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from specgen.drift.values import PageCase, PageRead, RunReport, Share
from specgen.errors import UsageProblem
from specgen.replay.values import CaseResult, Outcome

__all__ = ["Merged", "merge"]


@dataclass(frozen=True, slots=True)
class Named:
    """A report and the file it was read from."""

    file: str
    report: RunReport


@dataclass(frozen=True, slots=True)
class Merged:
    """What reports came to together.

    Attributes:
        report: All of them as one. It took as long as the longest of them.
        mended: The ids of the cases that failed at first and passed when they were run again.
    """

    report: RunReport
    mended: tuple[str, ...]


def merge(reports: Sequence[tuple[str, RunReport]]) -> Merged:
    """Makes one report of several, or tells why they cannot have been one run.

    A case belongs to one report. Only what `--rerun failed` came to takes the place of an
    earlier result of the same case, in the order given, and only if the case was run at all.

    Args:
        reports: At least one, each with the name of its file.

    Raises:
        UsageProblem: They were run on different clusters, hold a case twice, or are parts that
            were cut from different pages or in a different way.
    """
    named = [Named(file, report) for file, report in reports]
    _check_targets(named)
    first = [each for each in named if not each.report.rerun] or named
    again = [each for each in named if each not in first]
    cases = _cases(first)
    before = {each.case.id: each.result.outcome for each in cases}
    cases = _rerun(cases, again)
    mended = tuple(
        each.case.id
        for each in cases
        if each.result.outcome is Outcome.PASSED
        and (was := before.get(each.case.id))
        and was.is_red
    )
    report = replace(
        _together([each.report for each in named]),
        pages=_pages(named),
        cases=tuple(sorted(cases, key=lambda each: each.case.page)),
        share=_share(first),
        rerun=all(each.report.rerun for each in named),
    )
    return Merged(_healed(report) if again else report, mended)


def _together(reports: Sequence[RunReport]) -> RunReport:
    """What holds of a run as a whole."""
    known = [each.target for each in reports if each.target]
    lost = [each.lost for each in reports if each.lost]
    return replace(
        reports[0],
        target=known[0] if known else None,
        lost=lost[0] if lost else None,
        unreadable=tuple(sorted({each for report in reports for each in report.unreadable})),
        interrupted=any(each.interrupted for each in reports),
        duration_s=max(each.duration_s for each in reports),
        crashed="\n".join(filter(None, (each.crashed for each in reports))),
    )


def _check_targets(named: Sequence[Named]) -> None:
    known = [each for each in named if each.report.target]
    for one, other in pairwise(known):
        if (mine := _kind(one.report)) != (theirs := _kind(other.report)):
            raise UsageProblem(
                f"{one.file} was run on {mine}, {other.file} on {theirs}",
                "only results of the same cluster are one run",
            )


def _kind(report: RunReport) -> str:
    assert report.target is not None
    return " ".join(filter(None, (report.target.distribution, report.target.version)))


def _cases(named: Sequence[Named]) -> list[PageCase]:
    """The cases of all reports, each once."""
    owner: dict[str, str] = {}
    for each in named:
        for case in each.report.cases:
            if case.case.id in owner:
                raise UsageProblem(
                    f"{case.case.id} is in {owner[case.case.id]} and in {each.file}",
                    "merge the parts of one run; only `run --rerun failed` replaces results",
                )
        owner |= {case.case.id: each.file for case in each.report.cases}
    return [case for each in named for case in each.report.cases]


def _rerun(cases: Iterable[PageCase], again: Sequence[Named]) -> list[PageCase]:
    latest = {each.case.id: each for each in cases}
    for each in again:
        latest |= {
            case.case.id: case
            for case in each.report.cases
            if case.case.id not in latest or _was_run(case.result)
        }
    return list(latest.values())


def _was_run(result: CaseResult) -> bool:
    return not result.reason.startswith(("not run", "not finished"))


def _healed(report: RunReport) -> RunReport:
    """The report without what ended an earlier run, if every case was judged in the end."""
    if any(each.result.outcome is Outcome.ERROR for each in report.cases):
        return report
    return replace(report, interrupted=False, lost=None, crashed="")


def _pages(named: Sequence[Named]) -> tuple[PageRead, ...]:
    """The pages of all reports, as they were read last."""
    pages: Mapping[str, PageRead] = {
        page.page: page for each in named for page in each.report.pages
    }
    return tuple(pages[name] for name in sorted(pages))


def _share(named: Sequence[Named]) -> Share | None:
    """The parts that are there; None if nothing was cut."""
    owner: dict[int, str] = {}
    shares = [(each.file, each.report.share) for each in named if each.report.share]
    for file, share in shares:
        first_file, first = shares[0]
        if (share.count, share.deal) != (first.count, first.deal):
            raise UsageProblem(
                f"{first_file} and {file} are parts of different wholes",
                "cut the same pages with the same --shard …/N and the same --durations",
            )
        for part in share.parts:
            if part in owner:
                raise UsageProblem(f"{owner[part]} and {file} are both part {part}")
            owner[part] = file
    if not shares:
        return None
    return replace(shares[0][1], parts=tuple(sorted(owner)))
