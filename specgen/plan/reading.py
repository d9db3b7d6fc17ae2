"""The way of one page from its file to its plan: read, outline, snippets, plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

from specgen.asciidoc.document import NO_ATTRIBUTES, outline_of, read_document
from specgen.asciidoc.includes import included_from
from specgen.asciidoc.page import Document, Outline, Page
from specgen.asciidoc.reader import read_page
from specgen.contract.reading import contract_of, contracts_of
from specgen.contract.topics import STANDARD, Titles
from specgen.contract.values import Contract
from specgen.dialect.contents import Substitution
from specgen.dialect.leniency import ApiLeniency
from specgen.dialect.snippets import Reading, find_snippets, without_own_markers
from specgen.dialect.values import Form, MarkerKind, Snippet
from specgen.files import Files
from specgen.plan.derived import with_derived
from specgen.plan.pages import plan_page
from specgen.plan.setups import NO_SETUPS, NamedSetups
from specgen.plan.skips import without_skips
from specgen.plan.values import PagePlan
from specgen.problems import Problem
from specgen.source import Span

__all__ = ["PageStages", "stages_of"]


@dataclass(frozen=True, slots=True)
class PageStages:
    """What each stage saw of a page.

    Attributes:
        page: The lines of its file.
        reading: Its snippets.
        plan: Its cases.
        read_prose: Reads the page as AsciiDoc, when somebody asks for the first time.
        plan_unskipped: Plans the same cases as if the page skipped nothing.
        plan_reference: Plans them as the reference does, which knows no `SPECGEN[…]`.
        titles: What the titles of its sections say.
        read_contracts: Reads what the prose promises, one contract for each API.
    """

    page: Page
    reading: Reading
    plan: PagePlan
    read_prose: Callable[[], Document]
    plan_unskipped: Callable[[], PagePlan]
    plan_reference: Callable[[], PagePlan]
    titles: Titles
    read_contracts: Callable[[], tuple[Contract, ...]]

    @property
    def document(self) -> Document:
        """The page as AsciiDoc, as it was asked for: what the prose says is read from it."""
        return self.read_prose()

    @property
    def contract(self) -> Contract:
        """What the prose promises."""
        return contract_of(self.document.page, self.document.outline, self.titles)

    @property
    def contracts(self) -> tuple[Contract, ...]:
        """The same, one for each API that the page documents."""
        return self.read_contracts()


def stages_of(
    files: Files,
    path: str,
    *,
    form: Form | None = None,
    defaults: Sequence[Substitution] = (),
    setups: NamedSetups = NO_SETUPS,
    attributes: Mapping[str, str] = NO_ATTRIBUTES,
    follow: bool = False,
    follow_snippets: bool = False,
    lenient: Sequence[ApiLeniency] = (),
    titles: Titles = STANDARD,
    derive: bool = False,
) -> PageStages:
    """Takes a page through all stages that need no cluster.

    Args:
        files: Where it is read from.
        path: Its name below the docs root.
        form: The form of the dialect; None leaves it to the page.
        defaults: Substitutions that all snippets undergo.
        setups: The named setups.
        attributes: AsciiDoc attributes that the page cannot change.
        follow: Whether the document has what the page includes.
        follow_snippets: Whether snippets are read from there too, with conditionals decided.
            Else a case belongs to the page that holds it, and never runs twice.
        lenient: Where less is asked of its responses than it shows.
        titles: What the titles of its sections say.
        derive: Whether the plan has the cases, too, that the prose promises.

    Raises:
        PageUnreadable: There is no such page.
    """
    page = read_page(files, path)
    if follow_snippets:
        document = read_document(page, files, attributes)
        reading = find_snippets(document.page, form, defaults)
        reading = replace(reading, problems=(*document.problems, *reading.problems))
        plan_it = partial(
            plan_page, document.page, document.outline, setups=setups, lenient=lenient
        )
        plan = plan_it(reading)
        plan = replace(plan, problems=_with_ways(plan.problems, document.page))
        prose: Callable[[], Document] = lambda: document  # noqa: E731
    else:
        reading = find_snippets(page, form, defaults)
        # Names must not depend on what is defined or included. A page without a test has none.
        outline = outline_of(page) if any(map(_may_test, reading.snippets)) else Outline((), (), ())
        plan_it = partial(plan_page, page, outline, setups=setups, lenient=lenient)
        plan = plan_it(reading)
        prose = cache(partial(read_document, page, files if follow else None, attributes))
    promised = cache(lambda: contracts_of(prose().page, prose().outline, titles))
    if derive:
        plan = with_derived(plan, promised())
    return PageStages(page, reading, plan, prose, *_otherwise(plan_it, reading), titles, promised)


def _otherwise(
    plan_it: Callable[[Reading], PagePlan], reading: Reading
) -> tuple[Callable[[], PagePlan], Callable[[], PagePlan]]:
    """The last two of `PageStages`."""
    return lambda: plan_it(without_skips(reading)), lambda: plan_it(without_own_markers(reading))


def _may_test(snippet: Snippet) -> bool:
    return bool(snippet.language == "console" or snippet.console or snippet.marked(MarkerKind.TEST))


def _with_ways(problems: Sequence[Problem], page: Page) -> tuple[Problem, ...]:
    """The problems, each with the way to it where it stands in an included file."""
    ways: dict[tuple[str, int], tuple[Span, ...]] = {}
    for line in page.lines if problems else ():
        ways.setdefault((line.span.source.path, line.span.start), line.via)
    return tuple(_with_way(problem, page.name, ways) for problem in problems)


def _with_way(
    problem: Problem, page: str, ways: Mapping[tuple[str, int], tuple[Span, ...]]
) -> Problem:
    source, start, _ = problem.span
    if source.path == page or problem.related:
        return problem
    begin = source.line_starts[source.locate(start).line - 1]
    return replace(problem, related=included_from(ways.get((source.path, begin), ())))
