"""What a module is made from, and what rendering a page leaves."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from specgen.messages import Message
from specgen.plan.lenient_pages import LenientPages

if TYPE_CHECKING:  # where nothing has changed, nothing that reads pages is imported
    from specgen.contract.topics import Topic

__all__ = ["DocumentedBody", "Planned", "Recipe", "Rendered", "RenderedCase", "RenderedPages"]


@dataclass(frozen=True, slots=True)
class Recipe:
    """What the module of a page depends on besides the page itself.

    Attributes:
        root: The docs root: nothing outside of it is read.
        form: The form of the dialect; empty leaves it to each page.
        values: Names and values that are defined from outside.
        setups: A folder or JSON file of named setups.
        follow: Whether the snippets of included files belong to the page.
        lenient: Where less is asked of responses than their pages show.
        derive: Whether there is a case, too, for what the prose promises.
        prose: Whether prose is read with what the page includes.
        titles: What titles of sections say besides the standard ones.
    """

    root: Path
    form: str = ""
    values: tuple[tuple[str, str], ...] = ()
    setups: Path | None = None
    follow: bool = False
    lenient: tuple[LenientPages, ...] = ()
    derive: bool = False
    prose: bool = True
    titles: tuple[tuple[str, Topic], ...] = ()


@dataclass(frozen=True, slots=True)
class Planned:
    """What is known of a planned case without the plan of its page.

    Attributes:
        id: Stable: `page::slug`.
        name: What the reference calls it: `line_44`, or the snippet's name.
        page: The page that holds it.
        file: The file that holds its first line: the page, or one that it includes.
        line: The line of its opening dashes in that file.
        unread: Whether it cannot be run since its part of the page cannot be read.
        skipped: Whether its page skips it.
        derived: The lines of the page from which it was derived, if no snippet shows it.
    """

    id: str
    name: str
    page: str
    file: str
    line: int
    unread: bool = False
    skipped: bool = False
    derived: tuple[int, ...] = ()

    @property
    def slug(self) -> str:
        """The id without its page: a Python identifier."""
        return self.id.removeprefix(f"{self.page}::")


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedCase(Planned):
    """A planned case of a module, and where it stands in its page, which no report tells.

    Attributes:
        first: The first line of its stretch of the page itself.
        last: The last one.
    """

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class DocumentedBody:
    """The fields that the prose documents of the response to a request.

    Attributes:
        method: Of the request.
        path: As the page documents it, with `{name}` for what the caller chooses.
        fields: The name of each field and the page's words for its type.
    """

    method: str
    path: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Rendered:
    """What came of one page.

    Attributes:
        page: Its name below the docs root.
        module: The text of its module; empty if it has no case.
        cases: Its cases, in order.
        problems: What is wrong with it, each at a path below the docs root.
        others: The other files that were read for it: name, and digest or nothing where there
            was no such file.
        lasting: Whether it would be the same at any other time. A regular expression that took
            too long may not do so again.
        bodies: What its prose documents of responses, if that has cases, too.
    """

    page: str
    module: str
    cases: tuple[RenderedCase, ...]
    problems: tuple[Message, ...]
    others: tuple[tuple[str, str], ...] = ()
    lasting: bool = True
    bodies: tuple[DocumentedBody, ...] = ()


@dataclass(frozen=True, slots=True)
class RenderedPages:
    """What came of many pages, in their order.

    Attributes:
        pages: Those that could be read.
        unreadable: The names of the others, each with the reason.
    """

    pages: tuple[Rendered, ...]
    unreadable: tuple[tuple[str, str], ...]
