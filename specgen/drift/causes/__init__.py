"""What red cases have in common: findings grouped by cause.

docs/reference/causes.asciidoc has the rules.
"""

from specgen.drift.causes.grouping import drift_of

__all__ = ["drift_of"]
