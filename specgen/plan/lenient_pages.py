"""Where a configuration asks less of responses than their pages show: of which pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from specgen.dialect.leniency import ApiLeniency

__all__ = ["LenientPages", "lenient_in"]

# What a glob says in a regular expression.
GLOB = (("**/", "(?:.*/)?"), ("**", ".*"), ("*", "[^/]*"), ("?", "[^/]"))
SIGNS = re.compile(r"\*\*/|\*\*|\*|\?|[^*?]+")


@dataclass(frozen=True, slots=True)
class LenientPages:
    """What is asked less of the responses of some pages.

    Attributes:
        pages: A glob of full paths, or a folder for all below it; empty for all pages.
        api: Where among these pages.
    """

    pages: str
    api: ApiLeniency

    def holds(self, page: Path) -> bool:
        """Whether it holds for a page, by its full path."""
        known = dict(GLOB)
        pattern = "".join(known.get(sign) or re.escape(sign) for sign in SIGNS.findall(self.pages))
        return not pattern or re.fullmatch(f"{pattern}(?:/.*)?", page.as_posix()) is not None


def lenient_in(lenient: Sequence[LenientPages], page: Path) -> tuple[ApiLeniency, ...]:
    """What holds for one page, by its full path."""
    return tuple(each.api for each in lenient if each.holds(page))
