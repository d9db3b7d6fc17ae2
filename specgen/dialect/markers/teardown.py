"""`// TEARDOWN`: the snippet before runs after every test of the page (modern form)."""

from __future__ import annotations

from specgen.dialect.markers.options import MODERN
from specgen.dialect.markers.syntax import MarkerSyntax, marker_line
from specgen.dialect.values import MarkerKind

__all__ = ["SYNTAX"]

SYNTAX = MarkerSyntax(MarkerKind.TEARDOWN, marker_line("TEARDOWN"), forms=MODERN)
