"""`// CONSOLE`: the snippet before is a test (the form of 2018)."""

from __future__ import annotations

from specgen.dialect.markers.syntax import MarkerSyntax, marker_line
from specgen.dialect.values import MarkerKind

__all__ = ["SYNTAX"]

SYNTAX = MarkerSyntax(MarkerKind.CONSOLE, marker_line("CONSOLE"))
