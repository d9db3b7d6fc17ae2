"""`specgen compare --html`: one file for a browser, without script and without other files."""

from __future__ import annotations

from typing import Any

from specgen.comparing.report.words import column_told, outcome_told, tally_told, total_told
from specgen.comparing.values import Comparison, Tally
from specgen.messages import printable
from specgen.render.browser import browser_report
from specgen.replay.values import Outcome

__all__ = ["comparison_html"]

Cell = dict[str, str]


def comparison_html(comparison: Comparison) -> str:
    """The report; a page can put nothing into it but text."""
    view: dict[str, Any] = {
        "told": printable(total_told(comparison)),
        "targets": [printable(column_told(each)) for each in comparison.columns],
        "names": [printable(each.name) for each in comparison.columns],
        "pages": [
            {
                "name": printable(row.page),
                "differs": row.differs,
                "cells": list(map(_cell, row.tallies)),
            }
            for row in comparison.pages
        ],
        "causes": [
            {
                "title": printable(each.title),
                "hint": printable(each.hint),
                "cells": list(map(_count, each.cases)),
            }
            for each in comparison.causes
        ],
        "cases": [
            {"name": printable(each.case), "cells": list(map(_outcome, each.outcomes))}
            for each in comparison.cases
        ],
        "unreadable": [f"{printable(p)}: {printable(why)}" for p, why in comparison.unreadable],
    }
    return browser_report("compare.html.j2", view, "compare.css")


def _cell(tally: Tally) -> Cell:
    tone = "bad" if tally.is_red else "good" if tally.passed else ""
    word = "red" if tally.is_red else "green" if tally.passed else ""
    return {"tone": tone, "text": tally_told(tally), "word": word}


def _count(count: int) -> Cell:
    return {"tone": "", "text": str(count or "-"), "word": ""}


def _outcome(outcome: Outcome | None) -> Cell:
    red = outcome is not None and outcome.is_red
    tone = "bad" if red else "good" if outcome is Outcome.PASSED else ""
    return {"tone": tone, "text": outcome_told(outcome), "word": ""}
