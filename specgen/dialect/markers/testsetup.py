"""`// TESTSETUP`: the snippet before runs before every test of the page."""

from __future__ import annotations

from specgen.dialect.markers.syntax import MarkerSyntax, marker_line
from specgen.dialect.values import MarkerKind

__all__ = ["SYNTAX"]

SYNTAX = MarkerSyntax(MarkerKind.TESTSETUP, marker_line("TESTSETUP"))
