"""`// TESTRESPONSE` and `// TESTRESPONSE[options]`: the snippet before is a response."""

from __future__ import annotations

from specgen.dialect.markers import options
from specgen.dialect.markers.syntax import MarkerSyntax, marker_line
from specgen.dialect.values import MarkerKind

__all__ = ["SYNTAX"]

SYNTAX = MarkerSyntax(
    MarkerKind.TESTRESPONSE,
    marker_line("TESTRESPONSE", options=True),
    (options.SUBSTITUTE, options.NON_JSON, options.NON_JSON_OLD, options.SKIP_MODERN),
)
