"""Annotations as GitHub Actions reads them from a job's output."""

from __future__ import annotations

import re

from specgen.messages import printable
from specgen.problems import Problem, Severity

__all__ = ["annotation", "github_line", "unreadable_line"]

LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}

NO_LINE_END = re.compile(r"[^\r\n]+")


def github_line(problem: Problem, path: str) -> str:
    """One annotation for a problem of the page at `path`, relative to the repository."""
    place = problem.span.place
    message = f"{problem.message}; {problem.hint}" if problem.hint else problem.message
    level = LEVELS[problem.severity]
    return annotation(level, path, place.line, place.column, problem.code, message)


def annotation(level: str, path: str, line: int, column: int, title: str, text: str) -> str:
    """One annotation of the file at `path`; `level` is `error`, `warning` or `notice`."""
    properties = f"file={_property(path)},line={line},col={column},title={_property(title)}"
    return f"::{level} {properties}::{_data(text)}"


def unreadable_line(path: str, reason: str) -> str:
    """The annotation for a page that cannot be read at all."""
    return f"::error file={_property(path)},title=unreadable::{_data(reason)}"


def _data(text: str) -> str:
    shown = NO_LINE_END.sub(lambda found: printable(found[0]), text)
    return shown.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
