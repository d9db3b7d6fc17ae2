"""The guide as `make guide` renders it: links, and what Debian's Chromium shows of it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pytest
from browsing import Scheme, barriers, chromium_browser, is_too_wide, opened
from documented import GUIDE, ROOT
from playwright.sync_api import Browser

DOCS = ROOT / "docs"
PAGES = [path.relative_to(DOCS).with_suffix(".html").as_posix() for path in GUIDE]


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the rendered guide."""
    node = shutil.which("node")
    if not node or not os.environ.get("ASCIIDOCTOR_MODULES"):
        pytest.skip("needs node, and ASCIIDOCTOR_MODULES: a folder with @asciidoctor/core 2.2.8")
    return rendered(DOCS, tmp_path_factory.mktemp("guide"))


def rendered(docs: Path, into: Path) -> Path:
    command = ["node", str(docs / "render.mjs"), str(into)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode:
        raise ValueError(done.stderr)
    return into


@dataclass
class Read(HTMLParser):
    """What a page has to be linked at, and what it links to."""

    ids: set[str] = field(default_factory=set)
    targets: list[str] = field(default_factory=list)
    title: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def handle_data(self, data: str) -> None:
        if self.lasttag == "title" and not self.title:
            self.title = data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if told.get("id"):
            self.ids.add(str(told["id"]))
        if tag == "a" and told.get("href"):
            self.targets.append(str(told["href"]))


def read(path: Path) -> Read:
    reader = Read()
    reader.feed(path.read_text(encoding="utf-8"))
    return reader


def broken_links(page: Path) -> Iterator[str]:
    for target in read(page).targets:
        name, _, anchor = target.partition("#")
        other = page.parent / name if name else page
        if ":" in target:
            continue
        if not other.is_file() or (anchor and anchor not in read(other).ids):
            yield target


def test_every_page_is_rendered_and_its_links_lead_somewhere(guide: Path) -> None:
    assert sorted(PAGES) == sorted(
        path.relative_to(guide).as_posix() for path in guide.rglob("*.html")
    )
    for name in PAGES:
        title = read(guide / name).title
        assert title.endswith(" · specgen")
        assert "<" not in title
        assert len(read(guide / name).targets) > len(PAGES) - 5  # the list of all pages, at least
        assert list(broken_links(guide / name)) == [], name


def test_a_broken_link_of_a_page_is_found(guide: Path, tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    page.write_text('<a id="a" href="#a"><a href="#b"><a href="gone.html"><a href="https://c">')
    assert list(broken_links(page)) == ["#b", "gone.html"]


def test_what_asciidoctor_complains_of_is_told(guide: Path, tmp_path: Path) -> None:
    shutil.copytree(DOCS, tmp_path / "docs")
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    (tmp_path / "docs/tutorial.asciidoc").write_text("= A\n\n== B\n\n==== D\n", encoding="utf-8")
    with pytest.raises(ValueError, match="section title out of sequence"):
        rendered(tmp_path / "docs", tmp_path / "out")


def test_what_stands_in_code_is_shown_as_it_is(guide: Path) -> None:
    """No mark of AsciiDoc is left outside of code, such as the `+` that keeps code as it is."""
    for name in PAGES:
        text = (guide / name).read_text(encoding="utf-8")
        prose = re.sub(r"<(style|pre|code)\b.*?</\1>", "", text, flags=re.DOTALL)
        assert re.findall(r"[`+]|xref:|&lt;&lt;", prose) == [], name


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with chromium_browser() as browser:
        yield browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1280])
def test_every_page_can_be_read_on_any_screen(
    width: int, scheme: Scheme, chromium: Browser, guide: Path
) -> None:
    asked: list[str] = []
    for name in PAGES:
        with opened(chromium, f"file://{guide}/{name}", width, scheme) as page:
            page.on("request", lambda request: asked.append(request.url))
            page.reload()
            assert not is_too_wide(page), name
            ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
            assert ground == ("rgb(255, 255, 255)" if scheme == "light" else "rgb(21, 24, 28)")
            assert page.locator("main h1").count() == 1
            # The list of pages is beside the text where there is room, else below it.
            top = page.evaluate("document.querySelector('nav').getBoundingClientRect().top")
            assert (top < 100) == (width > 1000), name
            assert page.locator(".jump").is_visible() == (width < 1000)
            assert barriers(page) == [], name
    assert len(asked) >= len(PAGES)
    assert all(url.startswith("file:") for url in asked)
