"""`specgen watch`: what is saved is replayed, and nothing else."""

from __future__ import annotations

import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from pages import answers, asks, page
from project import Project

MADE = '{"acknowledged": true, "shards_acknowledged": true, "index": "books"}'
GOOD = page(asks("PUT books", name="made"), answers(MADE))
WRONG = GOOD.replace('"books"}', '"shelves"}')
OTHER = page(asks("PUT shelves", name="other"))


class Watched:
    """A `specgen watch` that runs, and what it has printed so far."""

    def __init__(self, project: Project, process: subprocess.Popen[str]) -> None:
        self.project, self.process, self.lines = project, process, list[str]()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)

    def save(self, name: str, text: str) -> None:
        (self.project.path / name).write_text(text, encoding="utf-8")

    def printed(self, what: str, times: int = 1) -> str:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            text = "".join(self.lines)
            if text.count(what) >= times:
                return text
            assert self.process.poll() is None, text
            time.sleep(0.05)
        raise AssertionError(f"{what!r} was never printed: {text}")


@contextmanager
def watching(files: dict[str, str]) -> Iterator[Watched]:
    project = Project(files)
    process = project.start("watch", "docs")
    watched = Watched(project, process)
    try:
        watched.printed("Ctrl-C ends it")
        yield watched
    finally:
        process.kill()
        watched.reader.join(30)
        process.communicate()


def test_a_page_that_is_saved_is_replayed_and_no_other() -> None:
    with watching({"docs/a.adoc": GOOD, "docs/b.adoc": OTHER}) as watched:
        watched.save("docs/a.adoc", WRONG)
        text = watched.printed("1 failed")
        assert re.search(r"docs/a.adoc:\d+:\d+: error\[value\]", text)
        assert "shelves" in text
        watched.save("docs/a.adoc", GOOD)
        assert "b.adoc" not in watched.printed("1 passed")


def test_a_page_is_replayed_if_what_it_includes_is_saved() -> None:
    files = {"docs/a.adoc": OTHER + "\ninclude::part.txt[]\n", "docs/b.adoc": GOOD}
    with watching({**files, "docs/part.txt": "One.\n"}) as watched:
        watched.save("docs/part.txt", "Two.\n")
        text = watched.printed("1 passed")
        assert "a.adoc" in text
        assert "b.adoc" not in text


def test_a_new_page_and_one_that_cannot_be_read_end_nothing() -> None:
    with watching({"docs/a.adoc": GOOD, "docs/b.adoc": OTHER}) as watched:
        watched.save("docs/c.adoc", OTHER)
        assert "c.adoc" in watched.printed("1 passed")
        watched.save("docs/a.adoc", GOOD.replace("console-result", "console-result\n[["))
        watched.save("docs/a.adoc", GOOD)
        watched.printed("docs/a.adoc")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_it(number: signal.Signals) -> None:
    with watching({"docs/a.adoc": GOOD}) as watched:
        watched.process.send_signal(number)
        assert watched.process.wait(30) == 130
