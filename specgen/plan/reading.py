"""The way of one page from its file to its plan: read, outline, snippets, plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial

from specgen.asciidoc.document import NO_ATTRIBUTES, outline_of, read_document
from specgen.asciidoc.page import Document, Outline, Page
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
    """What each stage saw of a page.

    Attributes:
        page: The lines of its file.
        reading: Its snippets.
        plan: Its cases.
        read_prose: Reads the page as AsciiDoc, when somebody asks for the first time.
    """

    page: Page
    reading: Reading
    plan: PagePlan
    read_prose: Callable[[], Document]

    @property
    def document(self) -> Document:
        """The page as AsciiDoc, as it was asked for: what the prose says is read from it."""
        return self.read_prose()


def stages_of(
    files: Files,
    path: str,
    *,
    form: Form | None = None,
    defaults: Sequence[Substitution] = (),
    setups: NamedSetups = NO_SETUPS,
    attributes: Mapping[str, str] = NO_ATTRIBUTES,
    follow: bool = False,
) -> PageStages:
    """Takes a page through all stages that need no cluster.

    Args:
        files: Where it is read from.
        path: Its name below the docs root.
        form: The form of the dialect; None leaves it to the page.
        defaults: Substitutions that all snippets undergo.
        setups: The named setups.
        attributes: AsciiDoc attributes that the page cannot change.
        follow: Whether the document has what the page includes. Its snippets never do, so
            that a case belongs to the page that holds it.

    Raises:
        PageUnreadable: There is no such page.
    """
    page = read_page(files, path)
    reading = find_snippets(page, form, defaults)
    # Names must not depend on what is defined or included. A page without snippets has none.
    outline = outline_of(page) if reading.snippets else Outline((), (), ())
    plan = plan_page(page, outline, reading, setups)
    prose = cache(partial(read_document, page, files if follow else None, attributes))
    return PageStages(page, reading, plan, prose)
