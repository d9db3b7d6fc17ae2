"""The two forms of the dialect."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Form"]


class Form(StrEnum):
    """The two forms of the dialect: `[source,js]` with `// CONSOLE`, and `[source,console]`."""

    OLD = "2018"
    MODERN = "modern"
