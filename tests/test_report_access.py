"""Reports for a browser keep nobody out: axe-core reads them, light and dark, narrow and wide."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import Scheme, barriers, chromium_browser, is_too_wide, opened, with_all_open
from drifting import aviary
from playwright.sync_api import Browser
from project import Loopback, Project

SPECS = Path(__file__).resolve().parents[1] / "specs"
# A lie each: a value, a field too many, and a request that the engine refuses.
LIES = {
    "document/get-document.asciidoc": ('"_version": 1,', '"_version": 7,\n  "_tide": "low",'),
    "indices/delete-index.asciidoc": ('"acknowledged": true', '"acknowledged": "gladly"'),
    "search/search.asciidoc": ('"query"', '"querry"'),
}
REPORTS = ("drift", "coverage", "compare")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with chromium_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def project() -> Project:
    """Pages of this repository with lies in them, and each report of what came of a replay."""
    made = Project({})
    shutil.copytree(SPECS, made.path / "docs")
    for name, (truth, lie) in LIES.items():
        text = (SPECS / name).read_text(encoding="utf-8")
        assert truth in text
        made.write(f"docs/{name}", text.replace(truth, lie, 1))
    few = [f"docs/{name}" for name in LIES]
    options = ("--docs-root", "docs", "--attributes", "docs/attributes.txt")
    known = (*options, "--baseline", "known.json")
    made.run("drift", few[0], *known, "--write-baseline")
    assert made.run("drift", "docs", *known, "--html", "drift.html").code == 1
    assert made.run("coverage", "docs", *options, "--html", "coverage.html").code == 0
    with Loopback(aviary()) as other:
        targets = ("--target", "embedded", "--target", other.url, "--disposable")
        assert made.run("compare", *few, *options, *targets, "--html", "compare.html").code == 1
    return made


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1280])
@pytest.mark.parametrize("report", REPORTS)
def test_no_report_keeps_a_reader_out(
    report: str, width: int, scheme: Scheme, chromium: Browser, project: Project
) -> None:
    url = f"file://{project.path}/{report}.html"
    with opened(chromium, url, width, scheme, foreign=True) as page:
        assert not is_too_wide(page)
        assert not is_too_wide(with_all_open(page))
        assert barriers(page) == []


def test_the_reports_have_what_is_looked_at(project: Project) -> None:
    drift = (project.path / "drift.html").read_text(encoding="utf-8")
    assert "accepted</span>" in drift
    assert drift.count('class="finding') > 2
    assert "untouched" in (project.path / "coverage.html").read_text(encoding="utf-8")
    compare = (project.path / "compare.html").read_text(encoding="utf-8")
    assert 'class="bad"' in compare
    assert 'class="good"' in compare


@pytest.mark.parametrize(
    ("defect", "rule"),
    [
        ("document.querySelector('h1').style.color = 'silver'", "color-contrast (serious)"),
        ("document.querySelector('label').replaceWith(...document.querySelectorAll('select'))",
         "select-name (critical)"),
        ("document.documentElement.removeAttribute('lang')", "html-has-lang (serious)"),
        ("document.querySelector('button').textContent = ''", "button-name (critical)"),
    ],
    ids=["contrast", "label", "language", "button"],
)  # fmt: skip
def test_a_defect_is_seen(defect: str, rule: str, chromium: Browser, project: Project) -> None:
    with opened(chromium, f"file://{project.path}/drift.html", foreign=True) as page:
        page.evaluate(defect)
        assert any(each.startswith(rule) for each in barriers(page)), barriers(page)


def test_a_line_that_is_too_wide_is_seen(chromium: Browser, project: Project) -> None:
    with opened(chromium, f"file://{project.path}/compare.html", 375, foreign=True) as page:
        page.evaluate("document.querySelector('h1').style.whiteSpace = 'nowrap'")
        page.evaluate("document.querySelector('h1').textContent += ' and more'")
        assert is_too_wide(page)
