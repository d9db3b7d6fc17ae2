"""`--results FILE`: the report of an earlier run, and where its pages are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from specgen.cli.config import Config
from specgen.cli.options import selected_pages
from specgen.cli.reports import read_results
from specgen.drift.values import RunReport
from specgen.errors import SpecgenError, UsageProblem

__all__ = ["told_results"]


def told_results(config: Config, options: Mapping[str, Any]) -> tuple[RunReport, Path | None]:
    """What a file of results holds of the pages that were named, or of all.

    Args:
        config: The configuration.
        options: What `page_options` read from the command line, and `results`.

    Returns:
        The report, and the docs root of its pages; None if nobody knows.

    Raises:
        UsageProblem: There are no results in the file, or none of the pages.
    """
    report = read_results(options["results"])
    if options["pages"]:
        selection = selected_pages(config, options)
        return _of_pages(report, {each.name for each in selection.pages}, options), selection.root
    return report, next(_roots(report, config, options), None)


def _of_pages(report: RunReport, names: set[str], options: Mapping[str, Any]) -> RunReport:
    cases = tuple(each for each in report.cases if each.case.page in names)
    pages = tuple(each for each in report.pages if each.page in names)
    unreadable = tuple(each for each in report.unreadable if each[0] in names)
    if names and not pages and not unreadable:
        hint = "name pages and --docs-root as for the run that wrote it"
        raise UsageProblem(f"{options['results']} knows none of these pages", hint)
    return replace(report, pages=pages, cases=cases, unreadable=unreadable)


def _roots(report: RunReport, config: Config, options: Mapping[str, Any]) -> Iterator[Path]:
    """The folders below which all pages of a report are found, the likeliest first."""
    if options["docs_root"]:
        yield options["docs_root"].resolve()
        return
    roots = [config.docs_root.resolve()] if config.docs_root else []
    with suppress(SpecgenError):  # where no pages are, they say nothing of a root
        roots.append(selected_pages(config, options).root)
    for root in (*roots, Path("docs").resolve(), Path.cwd()):
        if all((root / each.page).is_file() for each in report.pages):
            yield root
