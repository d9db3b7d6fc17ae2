"""`// NOTCONSOLE`: the snippet before is no test, and should not be one."""

from __future__ import annotations

from specgen.dialect.markers.syntax import MarkerSyntax, marker_line
from specgen.dialect.values import MarkerKind

__all__ = ["SYNTAX"]

SYNTAX = MarkerSyntax(MarkerKind.NOTCONSOLE, marker_line("NOTCONSOLE"))
