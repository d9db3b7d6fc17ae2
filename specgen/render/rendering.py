"""From pages to their modules: what is known from earlier runs, and the rest, rendered."""

from __future__ import annotations

from collections.abc import Sequence

from specgen.errors import PageUnreadable
from specgen.files import DiskFiles
from specgen.render.cache import Cache
from specgen.render.rendered import Recipe, RenderedPages

__all__ = ["render_pages"]


def render_pages(
    recipe: Recipe, names: Sequence[str], cache: Cache | None = None, jobs: int | None = None
) -> RenderedPages:
    """Renders pages, each read once; one that cannot be read stops no other.

    Args:
        recipe: What all of them depend on.
        names: The pages, below the docs root.
        cache: Where results are taken from and kept.
        jobs: In how many processes; None leaves that to what there is to do.

    Raises:
        UsageProblem: The named setups cannot be read.
    """
    files = DiskFiles(recipe.root)
    sources, unreadable = [], []
    for name in names:
        try:
            sources.append(files.read(name))
        except PageUnreadable as trouble:
            unreadable.append((name, trouble.message))
    found = cache.find(sources, files) if cache else [None] * len(sources)
    done = {each.page: each for each in found if each is not None}
    waiting = [source for source in sources if source.path not in done]
    if waiting or not done:
        # Where nothing has changed, nothing that reads pages is imported: that takes longest.
        from specgen.render.fresh import render_sources

        fresh = render_sources(recipe, waiting, jobs)
        done.update((each.page, each) for each in fresh)
        # If somebody changed setups or code meanwhile, nobody knows what was rendered from what.
        if cache is not None and Cache.of(recipe) == cache:
            cache.keep(zip(waiting, fresh, strict=True))
    return RenderedPages(tuple(done[source.path] for source in sources), tuple(unreadable))
