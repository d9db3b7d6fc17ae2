"""What README and guide tell people to do: the files to save and the commands to run, in order.

In Markdown a file follows on ``Save this as `NAME`:``, and a ```` ```console ```` block holds lines
that begin with `$ `, each with what it prints. In AsciiDoc a file is a source block whose title is
its name, a `[source,shellsession]` block is such a session, and each line of a `[source,sh]`
block is a command that ends well.

Of what a command prints, as a terminal shows it, durations and the version of the engine are free,
and so is everything where a line `…` stands.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from specgen.errors import ExitCode

ROOT = Path(__file__).resolve().parents[1]
GUIDE = sorted((ROOT / "docs").rglob("*.asciidoc"))

MARKDOWN = re.compile(
    r"^Save this as `(?P<name>.+?)`:\n\n```\w+\n(?P<saved>.*?)^```$"
    r"|^```console\n(?P<session>.*?)^```$"
    r"|^```sh\n(?P<script>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
ASCIIDOC = re.compile(
    r"^\.(?P<name>\S+\.\w+)\n\[source,[^\]]+\]\n(?P<bar>-{4,}|\.{4,})\n(?P<saved>.*?)^(?P=bar)$"
    r"|^\[source,shellsession\]\n----\n(?P<session>.*?)^----$"
    r"|^\[source,sh\]\n----\n(?P<script>.*?)^----$",
    re.MULTILINE | re.DOTALL,
)
# Commands that need a network, and what `.ci/run` holds in their place.
ELSEWHERE = {"make run": "make run", "make test": "make test", "pip install .": "pip install"}
# What no two runs share: how long something took, and the engine of the day.
FREE = re.compile(r"\d+\.\d\d s|noida-db [\d.]+")


@dataclass(frozen=True)
class File:
    """A file to save."""

    name: str
    text: str


@dataclass(frozen=True)
class Command:
    """One command, and what the document shows of its output."""

    line: str
    shown: str = ""

    @property
    def ends(self) -> ExitCode:
        """With which exit code it must end: what is shown to fail, fails."""
        drift = re.search(r"error\[|\bfailed\b", self.shown) or "# exit code 1" in self.line
        return ExitCode.DRIFT if drift else ExitCode.TRUE

    def differs_from(self, printed: str) -> bool:
        """Whether something else was printed than the document shows."""
        if not self.shown.strip():
            return False
        lines = FREE.sub("", self.shown).rstrip("\n").split("\n")
        pattern = "".join(
            r"(?:.*\n)*?" if line == "…" else re.escape(line) + r" *\n" for line in lines
        )
        return re.fullmatch(pattern, FREE.sub("", printed).rstrip("\n") + "\n") is None


Step = File | Command


def steps_of(path: Path, text: str | None = None) -> tuple[Step, ...]:
    """What a document tells people to do, in order."""
    pattern = MARKDOWN if path.suffix == ".md" else ASCIIDOC
    text = path.read_text(encoding="utf-8") if text is None else text
    return tuple(step for found in pattern.finditer(text) for step in _steps(found))


def _steps(found: re.Match[str]) -> Iterator[Step]:
    if found["name"]:
        yield File(found["name"], textwrap.dedent(found["saved"]))
    elif found["session"]:
        for part in re.split(r"^\$ ", found["session"], flags=re.MULTILINE)[1:]:
            line, _, shown = part.partition("\n")
            yield Command(line, shown)
    else:
        whole = found["script"].replace("\\\n", "")
        yield from (Command(line) for line in whole.splitlines() if line.strip(" ")[:1] not in "#")


def commands_of(path: Path) -> tuple[Command, ...]:
    """The commands of a document."""
    return tuple(step for step in steps_of(path) if isinstance(step, Command))


def prepare(steps: tuple[Step, ...], folder: Path) -> None:
    """What a reader begins with: nothing where there are files to save, else a checkout."""
    if any(isinstance(step, File) for step in steps):
        return
    shutil.copytree(ROOT / "specs", folder / "specs")
    shutil.copy(ROOT / "specgen.toml", folder)
    who = "git -c user.name=a -c user.email=a@example.org"
    run(f"git init -q && git add . && {who} commit -qm pages", folder)


def run(
    command: str, folder: Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs a command as a reader would; its output is what a terminal shows."""
    hidden = ("SPECGEN", "PYTEST", "FORCE_COLOR", "COLUMNS", "GIT_")
    kept = {k: v for k, v in os.environ.items() if k == "SPECGEN_MAVEN_URL"}
    own = {k: v for k, v in os.environ.items() if not k.startswith(hidden)} | kept
    # Not resolved: the interpreter of a virtual environment is a link, its neighbours are not.
    own["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{own['PATH']}"
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={**own, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=240,
        check=False,
    )


def follow(
    steps: tuple[Step, ...], folder: Path, environment: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Does what a document says, in a folder; yields what came otherwise than it says."""
    for step in steps:
        if isinstance(step, File):
            (folder / step.name).parent.mkdir(parents=True, exist_ok=True)
            (folder / step.name).write_text(step.text, encoding="utf-8")
            continue
        if step.line.partition(" #")[0].strip() in ELSEWHERE:
            continue
        done = run(step.line, folder, environment)
        if done.returncode != step.ends or step.differs_from(done.stdout):
            yield f"$ {step.line}\nexit code {done.returncode}, not {step.ends}\n{done.stdout}"


def table_of(page: str, title: str) -> list[list[str]]:
    """The rows of the first table below a heading of a page of the guide's reference.

    Code is told between backticks alone, as `+…+` is only how AsciiDoc keeps it as it is.
    """
    text = (ROOT / f"docs/reference/{page}.asciidoc").read_text(encoding="utf-8")
    section = re.split(rf"^=+ {re.escape(title)}$", text, flags=re.MULTILINE)[1]
    lines = section.split("|===\n")[1].splitlines()[1:]
    return [
        [re.sub(r"`\+(.*?)\+`", r"`\1`", cell).replace(r"\|", "|").strip() for cell in row]
        for row in (re.split(r"(?<!\\)\|", line)[1:] for line in lines)
    ]
