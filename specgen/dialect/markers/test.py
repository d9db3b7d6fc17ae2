"""`// TEST` and `// TEST[options]`: the snippet before is a test."""

from __future__ import annotations

from specgen.dialect.markers import options
from specgen.dialect.markers.syntax import MarkerSyntax, marker_line
from specgen.dialect.values import MarkerKind

__all__ = ["SYNTAX"]

SYNTAX = MarkerSyntax(
    MarkerKind.TEST,
    marker_line("TEST", options=True),
    (
        options.CATCH,
        options.SUBSTITUTE,
        options.SKIP,
        options.CONTINUED,
        options.SETUP,
        options.TEARDOWN,
        options.WARNING,
        options.SKIP_SHARD_FAILURES,
    ),
)
