"""Renders pages anew, in several processes where that pays."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from specgen.asciidoc.attributes import below_root
from specgen.contract.topics import titles_with
from specgen.contract.values import Contract
from specgen.dialect.contents import attribute_substitutions
from specgen.dialect.values import Form
from specgen.files import DiskFiles, Files
from specgen.plan.lenient_pages import lenient_in
from specgen.plan.reading import stages_of
from specgen.plan.setups import NO_SETUPS, NamedSetups, read_setups
from specgen.render.cache import digest_in
from specgen.render.module import render_plan
from specgen.render.rendered import DocumentedBody, Recipe, Rendered
from specgen.source import Source

__all__ = ["render_source", "render_sources"]

# What a process should have to do, in characters: to start one takes as long as a tenth of that.
WORTH_A_PROCESS = 200_000
MOST_PROCESSES = 16


def render_sources(
    recipe: Recipe, sources: Sequence[Source], jobs: int | None = None
) -> tuple[Rendered, ...]:
    """Renders pages, in their order.

    Args:
        recipe: What all of them depend on.
        sources: The pages.
        jobs: In how many processes; None starts as many as there are processors, but none that
            would have too little to do.

    Raises:
        UsageProblem: The named setups cannot be read.
    """
    setups = read_setups(recipe.setups) if recipe.setups else NO_SETUPS
    render = partial(_render_share, recipe, setups)
    size = sum(len(source.data) for source in sources)
    if jobs is None:
        jobs = min(len(os.sched_getaffinity(0)), size // WORTH_A_PROCESS, MOST_PROCESSES)
    jobs = min(jobs, len(sources))
    if jobs > 1:
        # Four shares for each, since pages of one size do not take the same time.
        from specgen.render.processes import in_processes  # slow to import

        shares = tuple(_shares(sources, size // (jobs * 4)))
        rendered = in_processes(render, shares, jobs)
        if rendered is not None:
            return tuple(each for share in rendered for each in share)
    return render(sources)


def _shares(sources: Sequence[Source], size: int) -> Iterator[tuple[Source, ...]]:
    """Neighbours together, as many as have the size that is wanted."""
    share: list[Source] = []
    filled = 0
    for source in sources:
        share.append(source)
        filled += len(source.data)
        if filled >= size:
            yield tuple(share)
            share, filled = [], 0
    if share:
        yield tuple(share)


def _render_share(
    recipe: Recipe, setups: NamedSetups, sources: Sequence[Source]
) -> tuple[Rendered, ...]:
    files = DiskFiles(recipe.root)
    return tuple(render_source(source, files, recipe, setups) for source in sources)


def render_source(
    source: Source, files: Files, recipe: Recipe, setups: NamedSetups = NO_SETUPS
) -> Rendered:
    """Renders one page; the files are for what it includes."""
    others: dict[str, str] = {}
    stages = stages_of(
        _NotedFiles(source, files, others.__setitem__),
        source.path,
        form=Form(recipe.form) if recipe.form else None,
        defaults=attribute_substitutions(recipe.values),
        setups=setups,
        attributes=below_root(dict(recipe.values), recipe.root),
        follow=recipe.prose,
        follow_snippets=recipe.follow,
        lenient=lenient_in(recipe.lenient, recipe.root / source.path),
        titles=titles_with(dict(recipe.titles)),
        derive=recipe.derive,
    )
    bodies = tuple(_bodies(stages.contracts)) if recipe.derive else ()
    rendered = render_plan(stages.plan)
    return replace(rendered, others=tuple(sorted(others.items())), bodies=bodies)


def _bodies(contracts: Iterable[Contract]) -> Iterator[DocumentedBody]:
    for contract in contracts:
        fields = tuple((each.name, each.type) for each in contract.response_body if each.type)
        for endpoint in contract.endpoints if fields else ():
            yield DocumentedBody(endpoint.method, endpoint.path, fields)


@dataclass(frozen=True, slots=True)
class _NotedFiles:
    """Files of which one was read before, and that note which others are looked for."""

    page: Source
    files: Files
    note: Callable[[str, str], object]

    def read(self, path: str) -> Source:
        if path == self.page.path:
            return self.page
        self.note(path, "")
        source = self.files.read(path)
        self.note(path, source.digest)
        return source

    def exists(self, path: str) -> bool:
        known = path == self.page.path or self.files.exists(path)
        if path != self.page.path:
            self.note(path, digest_in(self.files, path))
        return known
