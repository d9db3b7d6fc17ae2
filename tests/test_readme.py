"""The README is true: its commands run, its links lead somewhere, its tables are complete."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

import pytest

from specgen.cli.config import Config, read_config
from specgen.cli.main import COMMANDS
from specgen.errors import ExitCode

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = sorted(ROOT.glob("*.md")) + sorted((ROOT / "benchmarks").glob("*.md"))

# What no two runs share: how long something took.
DURATION = re.compile(r"\d+\.\d\d s")


@dataclass(frozen=True)
class Command:
    """One `$ line` of a console block, and what the README shows of its output."""

    line: str
    shown: str


@dataclass(frozen=True)
class Section:
    """One section, with the files that it says to save, and its commands in order."""

    title: str
    files: tuple[tuple[str, str], ...]
    commands: tuple[Command, ...]


def sections(text: str) -> Iterator[Section]:
    for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        files = re.findall(r"^Save this as `(.+?)`:\n\n```\w+\n(.*?)^```", part, re.M | re.S)
        blocks = re.findall(r"^```console\n(.*?)^```", part, re.M | re.S)
        lines = [chunk for block in blocks for chunk in block.split("$ ")[1:]]
        commands = (Command(*chunk.split("\n", 1)) for chunk in lines)
        yield Section(part.partition("\n")[0], tuple(files), tuple(commands))


def folder_for(section: Section, folder: Path) -> Path:
    """An empty folder with the files to save, or what a checkout holds."""
    for name, content in section.files:
        (folder / name).write_text(content, encoding="utf-8")
    if not section.files:
        shutil.copytree(ROOT / "specs", folder / "specs")
        shutil.copy(ROOT / "specgen.toml", folder)
    return folder


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    hidden = ("SPECGEN", "PYTEST", "FORCE_COLOR", "COLUMNS")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(hidden)}
    # Not resolved: the interpreter of a virtual environment is a link, its neighbours are not.
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


RUNNABLE = [section for section in sections(TEXT) if section.commands]


@pytest.mark.parametrize("section", RUNNABLE, ids=lambda section: section.title)
def test_every_command_does_what_the_readme_shows(section: Section, tmp_path: Path) -> None:
    folder = folder_for(section, tmp_path)
    for command in section.commands:
        done = run(command.line, folder)
        drift = "error[" in command.shown
        assert done.returncode == (ExitCode.DRIFT if drift else 0), done.stdout + done.stderr
        if command.shown.strip():
            assert DURATION.sub("", done.stdout) == DURATION.sub("", command.shown)


def test_the_console_blocks_hold_every_command() -> None:
    lines = [command.line for section in RUNNABLE for command in section.commands]
    used = {line.split()[1] for line in lines if line.startswith("specgen ")}
    assert used == set(COMMANDS)
    assert [line for line in lines if line.startswith("pytest generated_tests/")]


def test_a_command_that_is_no_longer_true_is_found(tmp_path: Path) -> None:
    assert run("specgen run nothing.asciidoc", tmp_path).returncode == ExitCode.UNREADABLE
    (first,) = (each for each in sections(TEXT) if each.files)
    folder = folder_for(first, tmp_path)
    page = folder / first.files[0][0]
    page.write_text(page.read_text(encoding="utf-8").replace("false", "true"), encoding="utf-8")
    (command,) = first.commands
    assert run(command.line, folder).returncode == 0


def test_completion_knows_the_commands(tmp_path: Path) -> None:
    (setting_up,) = (
        command.line
        for section in RUNNABLE
        for command in section.commands
        if "_COMPLETE" in command.line
    )
    asked = 'COMP_WORDS=(specgen ru); COMP_CWORD=1; _specgen_completion specgen; echo "$COMPREPLY"'
    done = run(f"{setting_up}; complete -p specgen >/dev/null && {asked}", tmp_path)
    assert (done.stdout, done.stderr) == ("run\n", "")


@pytest.mark.parametrize("target", re.findall(r"^make (\w+)", TEXT, re.M))
def test_the_make_targets_exist(target: str, tmp_path: Path) -> None:
    done = run(f"make -n -C {ROOT} {target}", tmp_path)
    assert done.returncode == 0, done.stderr


def table(title: str, text: str = TEXT) -> list[list[str]]:
    section = re.split(rf"^##+ {title}$", text, flags=re.MULTILINE)[1].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def test_the_exit_codes_are_those_of_the_program() -> None:
    assert [int(code) for code, _ in table("Exit codes")] == [int(code) for code in ExitCode]


def test_the_configuration_keys_are_those_of_the_program() -> None:
    told = [key.strip("`") for key, _ in table("Configuration")]
    assert told == [each.name.replace("_", "-") for each in fields(Config)]


def test_the_example_of_a_configuration_can_be_read(tmp_path: Path) -> None:
    (example,) = re.findall(r"^```toml\n(.*?)^```", TEXT, re.M | re.S)
    (tmp_path / "specgen.toml").write_text(example, encoding="utf-8")
    config = read_config(tmp_path)
    assert config.pages == (str(tmp_path / "docs/reference"),)
    assert config.define == (("version", "8.15.3"),)


def test_the_commands_are_those_of_the_program() -> None:
    told = [command.strip("`").split()[1] for command, _ in table("Commands")]
    assert sorted(told) == sorted(COMMANDS)


def test_no_command_is_both_there_and_planned() -> None:
    planned = re.findall(r"`(\w+)`", TEXT.partition("Planned, and not there yet:")[2].split(".")[0])
    assert planned
    assert set(planned).isdisjoint(COMMANDS)


def test_every_option_exists(tmp_path: Path) -> None:
    helps = [f"specgen {command} --help" for command in COMMANDS]
    known = run("; ".join([*helps, "pytest --help"]), tmp_path).stdout
    named = set(re.findall(r"(?<![\w-])--[a-z][\w-]+", TEXT))
    assert len(named) > 15
    assert {option for option in named if not re.search(rf"{option}\b(?!-)", known)} == set()


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
    assert list(broken_links(ROOT / "README.md", text)) == ["nowhere.md", "README.md#nowhere"]
