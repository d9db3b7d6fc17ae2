"""Runs the cases of `literate/*.md`: small pages, and the listings and sections in them.

A case is a `##` heading with fenced blocks (four back quotes) below it:

    page            the page, called `page.adoc`; `␠` is a space, `␉` a tab
    file NAME       a file that the page can include
    seen            what is in it, one a line: `PLACE STYLE LANGUAGE | text`, where `⏎` is a line
                    end and `-` no language, or `PLACE == | title` with the level in `=`
    problems        every problem, `PLACE code`; without this block there must be none

PLACE is a line of the page, or `NAME:LINE` for one of an included file. What is seen is what
Asciidoctor sees: the last tests ask it, where it is installed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from random_pages import random_files

from specgen.asciidoc.document import read_document
from specgen.asciidoc.page import Document
from specgen.asciidoc.reader import read_page
from specgen.files import MemoryFiles

FOLDER = Path(__file__).resolve().parent
BLOCK = re.compile(r"^````(?P<info>\w[^\n]*)\n(?P<text>.*?)^````$", re.MULTILINE | re.DOTALL)
PAGE = "page.adoc"


@dataclass(frozen=True, slots=True)
class PageCase:
    title: str
    files: tuple[tuple[str, str], ...]
    seen: str
    problems: str


def cases() -> Iterator[PageCase]:
    for path in sorted(FOLDER.glob("literate/*.md")):
        text = path.read_text(encoding="utf-8")
        for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
            title, _, rest = section.partition("\n")
            files, told = {}, {"seen": "", "problems": ""}
            for found in BLOCK.finditer(rest):
                kind, _, name = found["info"].partition(" ")
                if kind in told:
                    told[kind] = found["text"]
                else:
                    files[name or PAGE] = found["text"].replace("␠", " ").replace("␉", "\t")
            yield PageCase(f"{path.stem}: {title.strip()}", tuple(files.items()), **told)


CASES = tuple(cases())


def read(files: dict[str, str], page: str = PAGE) -> Document:
    memory = MemoryFiles(files)
    return read_document(read_page(memory, page), memory)


def place(file: str, line: int) -> str:
    return str(line) if file == PAGE else f"{file}:{line}"


def seen(listings: list[dict[str, Any]], sections: list[dict[str, Any]]) -> list[str]:
    lines = []
    for each in listings:
        text = each["source"].replace("\n", "⏎")
        where = place(each["file"], each["line"])
        lines.append(f"{where} {each['style']} {each['language'] or '-'} | {text}".rstrip())
    for each in sections:
        marks = "=" * (each["level"] + 1)
        lines.append(f"{place(each['file'], each['line'])} {marks} | {each['title']}")
    return sorted(lines)


def view(document: Document) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    listings = [
        {
            "file": each.file,
            "line": each.line,
            "style": each.style,
            "language": each.language,
            "source": each.text,
        }
        for each in document.outline.listings
    ]
    sections = [
        {"file": each.file, "line": each.line, "level": each.level, "title": each.converted}
        for each in document.outline.headings
        if not each.discrete
    ]
    return listings, sections


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_a_page_is_read_as_its_case_says(case: PageCase) -> None:
    document = read(dict(case.files))
    assert seen(*view(document)) == sorted(case.seen.splitlines())
    problems = [
        f"{place(each.span.source.path, each.span.line)} {each.code}" for each in document.problems
    ]
    assert sorted(problems) == sorted(case.problems.splitlines())


@pytest.fixture
def asciidoctor(tmp_path: Path) -> Callable[[dict[str, str], list[str]], list[dict[str, Any]]]:
    """What Asciidoctor sees of pages, given all files by name and the names of the pages."""
    modules, node = os.environ.get("ASCIIDOCTOR_MODULES"), shutil.which("node")
    if not modules or not node:
        pytest.skip("needs node, and ASCIIDOCTOR_MODULES: a folder with @asciidoctor/core 2.2.8")

    def view_of(files: dict[str, str], pages: list[str]) -> list[dict[str, Any]]:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        done = subprocess.run(
            [node, str(FOLDER / "asciidoctor_view.mjs"), str(tmp_path)],
            input="\n".join(pages),
            capture_output=True,
            text=True,
            check=True,
        )
        found = json.loads(done.stdout)["pages"]
        assert isinstance(found, list)
        return found

    return view_of


def test_asciidoctor_agrees_on_every_case(
    asciidoctor: Callable[[dict[str, str], list[str]], list[dict[str, Any]]],
) -> None:
    files = {
        f"{number}/{name}": text for number, case in enumerate(CASES) for name, text in case.files
    }
    pages = asciidoctor(files, [f"{number}/{PAGE}" for number in range(len(CASES))])
    for case, page in zip(CASES, pages, strict=True):
        folder = page["page"].removesuffix(PAGE)
        for each in (*page["listings"], *page["sections"]):
            each["file"] = each["file"].removeprefix(folder)
        assert seen(page["listings"], page["sections"]) == sorted(case.seen.splitlines()), (
            case.title
        )


@pytest.mark.parametrize("seed", range(5))
def test_asciidoctor_agrees_on_random_pages(
    seed: int, asciidoctor: Callable[[dict[str, str], list[str]], list[dict[str, Any]]]
) -> None:
    files = random_files(seed, 200)
    for page in asciidoctor(files, [f"{number}.adoc" for number in range(200)]):
        ours = seen(*view(read(files, page["page"])))
        assert ours == seen(page["listings"], page["sections"]), files[page["page"]]
