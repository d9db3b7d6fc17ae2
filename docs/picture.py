"""Makes docs/terminal.svg anew: the first page of the README, as a terminal shows it.

Run by hand, in a checkout: `.venv/bin/python docs/picture.py`.
"""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

DOCS = Path(__file__).resolve().parent
COLUMNS = 92
COMMANDS = (
    "specgen run tides.asciidoc",
    "specgen drift tides.asciidoc --update --quiet",
    "specgen run tides.asciidoc --quiet",
)


def first_page() -> tuple[str, str]:
    """The name and the text of the page that the README says to save."""
    text = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    found = re.search(r"^Save this as `(.+?)`:\n\n```\w+\n(.*?)^```", text, re.M | re.S)
    if not found:
        raise LookupError("the README has no first page")
    return found[1], found[2]


def printed(command: str, folder: Path) -> str:
    """What a command prints on a terminal."""
    words = [sys.executable, "-m", *command.split()]
    environment = {**os.environ, "COLUMNS": str(COLUMNS), "TERM": "xterm-256color"}
    here, there = pty.openpty()
    with subprocess.Popen(
        words, cwd=folder, env=environment, stdout=there, stderr=there, stdin=subprocess.DEVNULL
    ):
        os.close(there)
        told = bytearray()
        while part := _read(here):
            told += part
    os.close(here)
    lines = told.decode("utf-8").replace("\r\n", "\n").splitlines()
    # A picture does not move: the bar that shows how far a run is, and goes, is left out.
    return "\n".join(line for line in lines if "━" not in line)


def _read(end: int) -> bytes:
    try:
        return os.read(end, 4096)
    except OSError:  # how Linux says that nobody writes any more
        return b""


def picture() -> str:
    """The commands and what they print, as SVG that asks for nothing from elsewhere."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    name, page = first_page()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / name).write_text(page, encoding="utf-8")
        for command in COMMANDS:
            console.print(Text(f"$ {command}", style="bold"))
            console.print(Text.from_ansi(printed(command, Path(folder))))
    svg = console.export_svg(title="specgen", theme=MONOKAI, unique_id="terminal")
    return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.S)


if __name__ == "__main__":
    (DOCS / "terminal.svg").write_text(picture(), encoding="utf-8")
