"""The way of one page from its file to its plan: read, outline, snippets, plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
        document: The page as AsciiDoc, as it was asked for: what the prose says is read from it.
        outline: The structure of the file alone, which names its cases.
        reading: Its snippets.
        plan: Its cases.
    """

    page: Page
    document: Document
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
    document = read_document(page, files if follow else None, attributes)
    # Names must not depend on what is defined or included.
    outline = outline_of(page) if follow or attributes else document.outline
    reading = find_snippets(page, form, defaults)
    plan = plan_page(page, outline, reading, setups)
    return PageStages(page, document, outline, reading, plan)
