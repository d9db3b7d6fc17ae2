"""The README is true: its commands run, its links lead somewhere, its tables are complete."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from documented import FREE, ROOT, Step, commands_of, follow, prepare, run, steps_of

from specgen.errors import ExitCode

README = ROOT / "README.md"
TEXT = README.read_text(encoding="utf-8")
DOCUMENTS = sorted(ROOT.glob("*.md")) + sorted((ROOT / "benchmarks").glob("*.md"))
PICTURE = ROOT / "docs/terminal.svg"


def sections() -> Iterator[tuple[str, tuple[Step, ...]]]:
    for part in re.split(r"^## ", TEXT, flags=re.MULTILINE)[1:]:
        if steps := steps_of(README, part):
            yield part.partition("\n")[0], steps


@pytest.mark.parametrize(("title", "steps"), [*sections()], ids=[each for each, _ in sections()])
def test_every_command_does_what_the_readme_shows(
    title: str, steps: tuple[Step, ...], tmp_path: Path
) -> None:
    prepare(steps, tmp_path)
    wrong = "\n".join(follow(steps, tmp_path))
    assert not wrong, wrong


def test_it_is_short() -> None:
    assert len(TEXT.splitlines()) <= 130


@pytest.mark.parametrize("target", re.findall(r"^make (\w+)", TEXT, re.M))
def test_the_make_targets_exist(target: str, tmp_path: Path) -> None:
    done = run(f"make -n -C {ROOT} {target}", tmp_path)
    assert done.returncode == 0, done.stdout


def test_the_exit_codes_are_those_of_the_program() -> None:
    section = TEXT.split("## Exit codes\n")[1].partition("\n## ")[0]
    assert re.findall(r"^\| (\d+) \|", section, re.M) == [str(int(code)) for code in ExitCode]


def test_the_picture_shows_what_the_program_prints(tmp_path: Path) -> None:
    """`python docs/picture.py` makes it anew."""
    assert PICTURE.stat().st_size < 150_000
    shown = lines_of(PICTURE)
    steps = steps_of(README, TEXT.split("## A first page\n")[1].partition("\n## ")[0])
    list(follow(steps[:1], tmp_path))
    commands = [line.removeprefix("$ ") for line in shown if line.startswith("$ ")]
    printed = [f"$ {line}\n{run(line, tmp_path).stdout}" for line in commands]
    assert lines("\n".join(shown)) == lines("\n".join(printed))
    assert commands[0] == commands_of(README)[2].line


def lines_of(picture: Path) -> list[str]:
    """The lines of a picture: its texts, which stand at the same height, put together."""
    rows: dict[float, list[tuple[float, str]]] = {}
    for text in ElementTree.parse(picture).iter("{http://www.w3.org/2000/svg}text"):
        if text.get("clip-path"):
            row = rows.setdefault(float(text.attrib["y"]), [])
            row.append((float(text.attrib["x"]), (text.text or "").replace("\xa0", " ")))
    return ["".join(part for _, part in sorted(row)).rstrip() for _, row in sorted(rows.items())]


def lines(text: str) -> list[str]:
    """The lines that hold something, without what no two runs share, nor how they are spaced."""
    freed = (" ".join(FREE.sub("", line).split()) for line in text.splitlines())
    return [line for line in freed if line]


def anchors(text: str) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", text, re.M)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def broken_links(document: Path, text: str) -> Iterator[str]:
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, anchor = target.partition("#")
        if re.match(r"\w+:", target):
            continue
        other = document.parent / path if path else document
        known = anchors(other.read_text(encoding="utf-8")) if anchor and other.exists() else {""}
        if not other.exists() or anchor not in known:
            yield target


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_inside_the_repository_leads_somewhere(document: Path) -> None:
    assert list(broken_links(document, document.read_text(encoding="utf-8"))) == []


def test_a_broken_link_is_found() -> None:
    text = "[a](README.md) [b](nowhere.md) [c](README.md#nowhere) [d](README.md#exit-codes)"
    assert list(broken_links(README, text)) == ["nowhere.md", "README.md#nowhere"]
