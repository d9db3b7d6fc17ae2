"""Reports in a real browser, Debian's Chromium, and what axe-core finds in them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, sync_playwright

__all__ = ["Scheme", "barriers", "chromium_browser", "is_too_wide", "opened", "with_all_open"]

Scheme = Literal["light", "dark"]


@contextmanager
def chromium_browser() -> Iterator[Browser]:
    """Chromium; the test is skipped where there is none."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("no Chromium here: apt-get install chromium")
    with sync_playwright() as playwright:
        # Whoever is root, as in CI, has no sandbox of Chromium's own; the pages are the tests'.
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def opened(
    chromium: Browser, url: str, width: int = 1280, scheme: Scheme = "light", foreign: bool = False
) -> Iterator[Page]:
    """The report on a screen of that width; afterwards the browser must have had no complaint.

    `foreign` lets scripts in that the policy of the report forbids, as that of axe-core.
    """
    page = chromium.new_page(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=foreign
    )
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text))
    page.goto(url)
    yield page
    page.close()
    assert wrong == []


def with_all_open(page: Page) -> Page:
    """The page with nothing folded away."""
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    return page


def is_too_wide(page: Page) -> bool:
    """Whether a reader would have to scroll sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def barriers(page: Page) -> list[str]:
    """What of it keeps people out, by axe-core: all that it calls serious, critical or moderate."""
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    assert page.evaluate("axe.version")
    return [
        f"{each['id']} ({each['impact']}): {each['nodes'][0]['html'][:200]}"
        for each in found
        if each["impact"] in {"serious", "critical", "moderate"}
    ]
