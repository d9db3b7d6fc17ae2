"""The report of `specgen drift --html` in a real browser: Debian's Chromium, without a screen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browsing import Scheme, chromium_browser, is_too_wide, opened, with_all_open
from drifting import BIRDS, HOSTILE, HOSTILE_NAME, aviary, birds, hostile_answers
from playwright.sync_api import Browser, Page, expect
from project import Loopback, Project


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with chromium_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def report() -> Iterator[str]:
    """A report of some findings, of which those of one page are accepted; its folder stays."""
    project = birds(more=BIRDS.replace("Books", "More"))
    with Loopback(aviary()) as server:
        target = ("--target", server.url, "--disposable", "--docs-root", "docs")
        baseline = ("--baseline", "known.json")
        project.run("drift", "docs/more.adoc", *target, *baseline, "--write-baseline")
        project.run("drift", "docs", *target, *baseline, "--html", "out.html")
    yield f"file://{project.path}/out.html"
    assert (project.path / "out.html").is_file()


def seen(page: Page) -> list[str]:
    """The places of the findings that a reader sees."""
    places = page.locator(".finding:visible h4").all_inner_texts()
    return [place.strip().rpartition("/")[2] for place in places]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 400])
def test_nothing_is_wider_than_the_screen(
    width: int, scheme: Scheme, chromium: Browser, report: str
) -> None:
    with opened(chromium, report, width, scheme) as page:
        assert not is_too_wide(with_all_open(page))
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert ground == ("rgb(255, 255, 255)" if scheme == "light" else "rgb(21, 24, 28)")


def test_findings_are_filtered_by_page_kind_cause_and_what_is_known(
    chromium: Browser, report: str
) -> None:
    with opened(chromium, report) as page:
        count = page.locator("#count")
        assert count.inner_text() == "8 of 8 shown"
        page.locator("[name=kind]").select_option("surplus")
        assert count.inner_text() == "2 of 8 shown"
        assert seen(page) == ["birds.adoc:29:1", "more.adoc:29:1"]
        page.locator("[name=known]").select_option("accepted")
        assert seen(page) == ["more.adoc:29:1"]
        assert page.locator(".cause:visible").count() == 1
        page.get_by_role("button", name="Show all").click()
        expect(count).to_have_text("8 of 8 shown")
        page.locator("[name=page]").select_option("birds.adoc")
        page.locator("[name=cause]").select_option("cause-1")
        assert count.inner_text() == "2 of 8 shown"


def test_all_of_it_is_reached_by_keyboard(chromium: Browser, report: str) -> None:
    with opened(chromium, report) as page:
        reached = set()
        for _ in range(60):
            page.keyboard.press("Tab")
            reached.add(page.evaluate("document.activeElement.name"))
            reached.add(page.evaluate("document.activeElement.tagName"))
        assert {"cause", "page", "kind", "known", "BUTTON", "SUMMARY", "A"} <= reached
        page.locator(".cause > details > summary").first.focus()
        page.keyboard.press("Enter")
        assert page.locator(".cause > details[open]").count() == 1


def test_it_can_be_read_without_its_script(chromium: Browser, report: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(report)
    assert page.locator("#filter").is_hidden()
    assert page.locator(".finding").count() == 8
    assert page.locator(".finding").first.is_visible()
    context.close()


def test_nothing_that_is_said_runs_and_nothing_is_asked_for(chromium: Browser) -> None:
    project = Project({HOSTILE_NAME: HOSTILE})
    with Loopback(hostile_answers) as server:
        project.run("drift", "docs", "--target", server.url, "--disposable", "--html", "out.html")
    asked: list[str] = []
    page = chromium.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"file://{project.path}/out.html")
    assert page.locator(".finding").count() > 1
    assert page.locator("img, b, iframe").count() == 0
    # Even what got in would not run: the policy of the report allows its own script alone.
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'),"
        " {textContent: 'document.title = 1'}))"
    )
    assert page.title().endswith("on 1 page")
    assert asked == [f"file://{project.path}/out.html"]
    page.close()
