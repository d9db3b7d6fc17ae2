"""`specgen compare --json` (`schemas/compare.schema.json`)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from specgen.comparing.report.words import outcome_told
from specgen.comparing.values import Column, Comparison, PageRow

__all__ = ["comparison_document"]

Document = dict[str, Any]


def comparison_document(comparison: Comparison) -> Document:
    """The whole comparison; lists by target are in the order of `targets`."""
    return {
        "schema": 1,
        "targets": [_column(each) for each in comparison.columns],
        "pages": [_page(each) for each in comparison.pages],
        "causes": [
            {"id": each.id, "title": each.title, "hint": each.hint, "cases": list(each.cases)}
            for each in comparison.causes
        ],
        "differing": [
            {"id": each.case, "outcomes": [outcome_told(one) for one in each.outcomes]}
            for each in comparison.cases
        ],
        "unreadable": [{"page": page, "reason": reason} for page, reason in comparison.unreadable],
    }


def _column(column: Column) -> Document:
    info = column.info
    return {
        "name": column.name,
        "distribution": info.distribution if info else None,
        "version": info.version if info else None,
        "engine": info.engine if info and info.engine else None,
        "trouble": column.trouble,
        "duration_s": column.seconds,
        **asdict(column.total),
    }


def _page(row: PageRow) -> Document:
    return {
        "page": row.page,
        "differs": row.differs,
        "results": [asdict(each) for each in row.tallies],
    }
