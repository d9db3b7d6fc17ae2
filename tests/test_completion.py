"""Tab completion in real shells, set up as the README says: what Tab makes of a word."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

QUIET = {"TERM": "dumb", "NO_COLOR": "1", "COLUMNS": "200", "PS1": "> ", "LC_ALL": "C.UTF-8"}
START = {
    "bash": ["bash", "--noprofile", "--norc", "-i"],
    "zsh": ["zsh", "-f", "-i"],
}
SETUP = {
    "bash": 'eval "$(_SPECGEN_COMPLETE=bash_source specgen)"',
    "zsh": 'autoload -Uz compinit; compinit -u -D; eval "$(_SPECGEN_COMPLETE=zsh_source specgen)"',
    "fish": "_SPECGEN_COMPLETE=fish_source specgen | source",
}


def surroundings(folder: Path) -> dict[str, str]:
    """A PATH with specgen on it, and a home without settings of anybody's."""
    program = folder / "bin/specgen"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m specgen "$@"\n')
    program.chmod(0o700)
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, **QUIET, "PATH": path, "HOME": str(folder), "ZDOTDIR": str(folder)}


def needs(shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not here: apt-get install {shell}")


def typed(shell: str, folder: Path, keys: str, awaited: str) -> str:
    """What a terminal shows once `awaited` stands on it, after somebody typed `keys`."""
    terminal, own = pty.openpty()
    process = subprocess.Popen(
        START[shell],
        cwd=folder,
        env=surroundings(folder),
        stdin=own,
        stdout=own,
        stderr=own,
        start_new_session=True,
    )
    os.close(own)
    try:
        # The shell says that it is ready in other words than were typed.
        os.write(terminal, f"{SETUP[shell]}; echo rea''dy\n".encode())
        seen = shown(terminal, "ready")
        assert "ready" in seen, seen
        os.write(terminal, keys.encode())
        return shown(terminal, awaited)
    finally:
        process.kill()
        process.wait(30)
        os.close(terminal)


def shown(terminal: int, awaited: str) -> str:
    text, end = "", time.monotonic() + 60
    while awaited not in text and time.monotonic() < end:
        if select.select([terminal], [], [], 1)[0]:
            text += os.read(terminal, 65536).decode("utf-8", "replace")
    return text


@pytest.mark.parametrize("shell", ["bash", "zsh"])
@pytest.mark.parametrize(
    ("keys", "awaited"),
    [("specgen cov\t", "specgen coverage"), ("specgen run --junit\t", "specgen run --junit ")],
    ids=["command", "option"],
)
def test_tab_completes_commands_and_options(
    shell: str, keys: str, awaited: str, tmp_path: Path
) -> None:
    needs(shell)
    assert awaited in typed(shell, tmp_path, keys, awaited)


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_tab_completes_pages(shell: str, tmp_path: Path) -> None:
    needs(shell)
    (tmp_path / "lighthouse.adoc").touch()
    awaited = "run lighthouse.adoc"
    assert awaited in typed(shell, tmp_path, "specgen run light\t", awaited)


def test_fish_offers_commands_and_options(tmp_path: Path) -> None:
    needs("fish")

    def offered(line: str) -> list[str]:
        script = f"{SETUP['fish']}; complete -C '{line}'"
        command = ["fish", "--no-config", "-c", script]
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=60, check=True
        )
        return [each.split("\t")[0] for each in done.stdout.splitlines()]

    environment = surroundings(tmp_path)
    assert offered("specgen cov") == ["coverage"]
    assert "--junit" in offered("specgen run --ju")
    assert offered("specgen run --target open") == ["opensearch-3.8"]
    assert offered("specgen cluster up emb") == ["embedded"]
    assert offered("specgen explain surp") == ["surplus"]
    assert offered("specgen run --no-such-") == []
