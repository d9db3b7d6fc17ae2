"""The way of one page from its file to its plan: read, outline, snippets, plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from specgen.asciidoc.blocks import outline_of
from specgen.asciidoc.page import Outline, Page
from specgen.asciidoc.reader import read_page
from specgen.dialect.contents import Substitution
from specgen.dialect.snippets import Reading, find_snippets
from specgen.dialect.values import Form
from specgen.files import Files
from specgen.plan.pages import plan_page
from specgen.plan.setups import NO_SETUPS, NamedSetups
from specgen.plan.values import PagePlan

__all__ = ["PageStages", "stages_of"]


@dataclass(frozen=True, slots=True)
class PageStages:
    """What each stage saw of a page."""

    page: Page
    outline: Outline
    reading: Reading
    plan: PagePlan


def stages_of(
    files: Files,
    path: str,
    *,
    form: Form | None = None,
    defaults: Sequence[Substitution] = (),
    setups: NamedSetups = NO_SETUPS,
) -> PageStages:
    """Takes a page through all stages that need no cluster.

    Raises:
        PageUnreadable: There is no such page.
    """
    page = read_page(files, path)
    outline = outline_of(page)
    reading = find_snippets(page, form, defaults)
    return PageStages(page, outline, reading, plan_page(page, outline, reading, setups))
