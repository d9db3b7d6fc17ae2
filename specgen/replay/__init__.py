"""What generated modules use while they run. Knows no AsciiDoc."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

    from specgen.replay.cluster import Cluster

__all__ = ["Cluster", "page_of"]


def page_of(page: str, *, at: str) -> pytest.MarkDecorator:
    """Marks a module as rendered from a page.

    Args:
        page: The page, relative to the docs root.
        at: The digest of the page and the places of the module's calls, separated by spaces.
    """
    import pytest  # the commands import this room too, and should not wait for pytest

    return pytest.mark.specgen_page(page, at=at)


def __getattr__(name: str) -> object:
    # Modules name `Cluster` only as a type; the plugin loads it when a case is run.
    if name == "Cluster":
        from specgen.replay.cluster import Cluster

        return Cluster
    raise AttributeError(name)
