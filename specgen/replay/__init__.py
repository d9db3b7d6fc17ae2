"""What generated modules use while they run. Knows no AsciiDoc."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

    from specgen.replay.cluster import Cluster

__all__ = ["Cluster", "page_of", "page_setup", "requires", "skipped"]


def page_of(page: str, *, at: str, files: Sequence[str] = ()) -> pytest.MarkDecorator:
    """Marks a module as rendered from a page.

    Args:
        page: The page, relative to the docs root.
        at: The digest of the page and the places of the module's calls, separated by spaces.
        files: Files that the page includes and in which calls stand; `@1` is the first.
    """
    import pytest  # the commands import this room too, and should not wait for pytest

    return pytest.mark.specgen_page(page, at=at, files=tuple(files))


def page_setup(page: Callable[[Cluster], object]) -> object:
    """Makes a function the setup and teardown of every test of its module: a pytest fixture."""
    import pytest  # see `page_of`

    return pytest.fixture(autouse=True)(page)


def requires(*requirements: str) -> pytest.MarkDecorator:
    """Skips a test where the target is or knows something else than its page is about.

    Args:
        requirements: `version>=8.12`, `distribution=elasticsearch`, `api=_connector`.
    """
    import pytest  # see `page_of`

    return pytest.mark.specgen_requires(*requirements)


def skipped(reason: str) -> pytest.MarkDecorator:
    """Skips a test, for the reason that its page gives."""
    import pytest  # see `page_of`

    return pytest.mark.skip(reason=reason)


def __getattr__(name: str) -> object:
    # Modules name `Cluster` only as a type; the plugin loads it when a case is run.
    if name == "Cluster":
        from specgen.replay.cluster import Cluster

        return Cluster
    raise AttributeError(name)
