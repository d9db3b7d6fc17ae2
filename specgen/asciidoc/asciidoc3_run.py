"""Runs the program asciidoc3 on a text, in a process and a folder of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from math import ceil
from pathlib import Path

__all__ = ["COPY", "OUTPUT", "Run", "run_asciidoc3"]

GUARD = Path(__file__).with_name("asciidoc3_guard.py")
COPY = "page.txt"
OUTPUT = "page.xml"
CONFIGURATION = "guard.conf"
MAX_MESSAGE_BYTES = 1 << 20

# Styles whose own configuration makes a filter run a command. Here they are listings.
FILTERED = ("source", "code", "graphviz", "latex", "music")
BLOCKS = ("paradef-default", "paradef-literal", "blockdef-open", "blockdef-listing")
TABLES = ("tabledef-default", "tabledef-nested")


@dataclass(frozen=True, slots=True)
class Run:
    """What a run of asciidoc3 left behind.

    Attributes:
        messages: What it wrote to its standard error.
        status: Its exit status, negative if a signal ended it; None if the time was up.
    """

    messages: str
    status: int | None


def run_asciidoc3(program: Path, folder: Path, text: str, timeout: float) -> Run:
    """Runs asciidoc3 on a text, with everything shut away that it could run or read.

    The process has an empty environment, an empty home, no input and limits; it lives in
    `asciidoc3_guard.py`, which tells what is refused. DocBook is written because the HTML
    back ends do not start with `--safe`.

    Args:
        program: The path of `asciidoc3.py`.
        folder: An empty folder for this run alone; `OUTPUT` is left in its `page` folder.
        text: The text of the page.
        timeout: The seconds after which the run is ended.
    """
    page, home, messages = folder / "page", folder / "home", folder / "messages"
    page.mkdir()
    home.mkdir()
    (page / COPY).write_bytes(text.encode("utf-8", "replace"))
    (page / CONFIGURATION).write_text(_configuration(), encoding="utf-8")
    options = ["--safe", "-b", "docbook51", "-f", CONFIGURATION, "-o", OUTPUT, COPY]
    python = [sys.executable, "-I", "-S", "-X", "utf8"]
    with messages.open("wb") as out:
        process = subprocess.Popen(
            [*python, str(GUARD), str(ceil(timeout) + 1), str(program), *options],
            cwd=page,
            env=_environment(home),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=out,
            start_new_session=True,
        )
        status = _status(process, timeout)
    with messages.open("rb") as written:
        return Run(written.read(MAX_MESSAGE_BYTES).decode("utf-8", "replace"), status)


def _status(process: subprocess.Popen[bytes], timeout: float) -> int | None:
    try:
        return process.wait(timeout)
    except subprocess.TimeoutExpired:
        return None
    finally:
        # Not only when the time is up: an interrupt must not leave the process behind.
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _environment(home: Path) -> dict[str, str]:
    folders = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "TMPDIR")
    return {"LC_ALL": "C.UTF-8", "PATH": os.defpath, **dict.fromkeys(folders, str(home))}


def _configuration() -> str:
    """A configuration that is loaded last: no style that asciidoc3 brings has a filter.

    A cell of AsciiDoc in a table is otherwise given to a second asciidoc3, by way of a
    shell and without `--safe`; here its text is taken as it stands.
    """
    listing = 'template="listingblock",subs=("specialcharacters","callouts")'
    styles = [f'{name}-style={listing},posattrs=("style","language")' for name in FILTERED]
    blocks = ["\n".join([f"[{block}]", *styles]) for block in BLOCKS]
    tables = [f'[{table}]\nasciidoc3-style=tags="asciidoc3",subs=()' for table in TABLES]
    return "\n\n".join([*blocks, *tables]) + "\n"
