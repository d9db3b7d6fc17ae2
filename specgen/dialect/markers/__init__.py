"""One module a marker, and the one tuple that lists them."""

from __future__ import annotations

from specgen.dialect.markers import (
    console,
    notconsole,
    specgen,
    teardown,
    test,
    testresponse,
    testsetup,
)
from specgen.dialect.markers.syntax import MarkerSyntax, read_marker
from specgen.dialect.values import Form, Marker
from specgen.problems import Problem
from specgen.source import Line

__all__ = ["ALL", "find_marker"]

ALL: tuple[MarkerSyntax, ...] = (
    console.SYNTAX,
    notconsole.SYNTAX,
    test.SYNTAX,
    testresponse.SYNTAX,
    testsetup.SYNTAX,
    teardown.SYNTAX,
    specgen.SYNTAX,
)


def find_marker(line: Line, form: Form) -> tuple[Marker, tuple[Problem, ...]] | None:
    """Reads a line as a marker, whichever it is; None for any other line."""
    if not line.text.startswith("//"):
        return None
    readings = (read_marker(syntax, line, form) for syntax in ALL)
    return next((reading for reading in readings if reading is not None), None)
