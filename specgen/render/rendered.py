"""What a module is made from, and what rendering a page leaves."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from specgen.messages import Message
from specgen.plan.lenient_pages import LenientPages

__all__ = ["Recipe", "Rendered", "RenderedPages"]


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
    """

    root: Path
    form: str = ""
    values: tuple[tuple[str, str], ...] = ()
    setups: Path | None = None
    follow: bool = False
    lenient: tuple[LenientPages, ...] = ()


@dataclass(frozen=True, slots=True)
class Rendered:
    """What came of one page.

    Attributes:
        page: Its name below the docs root.
        module: The text of its module; empty if it has no case.
        cases: How many cases it has.
        problems: What is wrong with it, each at a path below the docs root.
        others: The other files that were read for it: name, and digest or nothing where there
            was no such file.
        lasting: Whether it would be the same at any other time. A regular expression that took
            too long may not do so again.
    """

    page: str
    module: str
    cases: int
    problems: tuple[Message, ...]
    others: tuple[tuple[str, str], ...] = ()
    lasting: bool = True


@dataclass(frozen=True, slots=True)
class RenderedPages:
    """What came of many pages, in their order.

    Attributes:
        pages: Those that could be read.
        unreadable: The names of the others, each with the reason.
    """

    pages: tuple[Rendered, ...]
    unreadable: tuple[tuple[str, str], ...]
