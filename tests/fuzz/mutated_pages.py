"""Real pages, harmed: each is read, planned, derived, checked and rendered, as `specgen` does it.

    python tests/fuzz/mutated_pages.py 100000 1 [FOLDER…]

The pages are those of `specs/`, of `corpus/`, of `../shared/corpus` where that is at hand, and of
folders that are named. The same count, seed and folders give the same pages. A page fails if
specgen crashes, if it takes more than a second of processor time, or if its module does not
compile or holds anything but calls with literals. It is written to a file, and the run goes on.
"""

from __future__ import annotations

import ast
import faulthandler
import random
import re
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from module_view import foreign_parts  # noqa: E402  # the path is known only now

from specgen.dialect.values import Form  # noqa: E402
from specgen.drift.checks import check_pages  # noqa: E402
from specgen.files import MemoryFiles  # noqa: E402
from specgen.plan.reading import PageStages, stages_of  # noqa: E402
from specgen.plan.setups import NamedSetups  # noqa: E402
from specgen.plan.values import NamedSetup  # noqa: E402
from specgen.render.module import render_module  # noqa: E402

__all__ = ["LIMIT", "Mutator", "Outcome", "examine", "fuzz", "real_pages", "words"]

LIMIT = 1.0
"""How many seconds of processor time a page may take."""

# A real page is cut to a stretch of so many bytes, so that many of them can be tried.
STRETCH = 6000
NAME = "a-page-that-no-mutation-names.adoc"
SETUPS = NamedSetups(
    (
        NamedSetup("books", "PUT books\n", False, "books.console"),
        NamedSetup("yaml", "- do: {raw: {method: GET, path: _cat}}\n", True, "setups.json"),
    )
)
PART = b"tag::a[]\n----\nGET /\n----\n// TEST\nend::a[]\n"
# Endless repetitions of these are what readers are slow at.
REPEATED = (b"[", b"]", b"(", b")", b"*", b"_", b"`", b"<", b">", b"{", b"}", b'"', b"'", b"\\")
NUMBERS = (b"0", b"-1", b"1e999", b"9" * 5000, b"0x" + b"f" * 30, b"1" * 20, b"NaN", b".inf")


def real_pages(more: Sequence[Path] = ()) -> tuple[bytes, ...]:
    """Every page at hand, in a fixed order."""
    folders = (ROOT / "specs", ROOT / "tests/fuzz/corpus", ROOT.parent / "shared/corpus", *more)
    found = (path for folder in folders for path in folder.rglob("*.a*doc") if path.is_file())
    return tuple(path.read_bytes() for path in sorted(found))


def words() -> tuple[bytes, ...]:
    """What the dictionary of the other fuzzer holds."""
    text = (ROOT / "tests/fuzz/page.dict").read_text(encoding="utf-8")
    quoted = (line for line in text.splitlines() if line.startswith('"'))
    return tuple(ast.literal_eval(f"b{line}") for line in quoted)


@dataclass
class Mutator:
    """Makes harmed pages out of real ones; the same seed makes the same."""

    pages: Sequence[bytes]
    words: Sequence[bytes]
    seed: int
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def page(self) -> bytes:
        """The next one."""
        data = self._stretch(self.chance.choice(self.pages))
        kinds = (self._flip, self._splice, self._insert, self._shuffle, self._repeat, self._cut)
        for _ in range(self.chance.choice((1, 1, 2, 3, 5, 8))):
            data = self.chance.choice(kinds)(data)
        return data

    def _place(self, data: bytes) -> int:
        return self.chance.randint(0, len(data))

    def _line_start(self, data: bytes) -> int:
        return data.rfind(b"\n", 0, self._place(data)) + 1

    def _stretch(self, page: bytes) -> bytes:
        if len(page) <= STRETCH:
            return page
        start = page.rfind(b"\n", 0, self.chance.randrange(len(page) - STRETCH)) + 1
        return page[start : start + STRETCH]

    def _flip(self, data: bytes) -> bytes:
        changed = bytearray(data)
        for _ in range(self.chance.choice((1, 2, 4, 16)) if data else 0):
            changed[self.chance.randrange(len(data))] = self.chance.randrange(256)
        return bytes(changed)

    def _splice(self, data: bytes) -> bytes:
        other = self._stretch(self.chance.choice(self.pages))
        start = self._line_start(other)
        piece = other[start : start + self.chance.choice((40, 200, 1000))]
        place = self.chance.choice((self._place, self._line_start))(data)
        return data[:place] + piece + data[place:]

    def _insert(self, data: bytes) -> bytes:
        for _ in range(self.chance.choice((1, 1, 3, 6))):
            place = self.chance.choice((self._place, self._line_start))(data)
            word = self.chance.choice(self.chance.choice((self.words, NUMBERS)))
            data = data[:place] + word + data[place:]
        return data

    def _shuffle(self, data: bytes) -> bytes:
        lines = data.splitlines(keepends=True)
        start = self.chance.randrange(len(lines) + 1)
        end = start + self.chance.choice((2, 5, 20, 200))
        some = lines[start:end]
        self.chance.shuffle(some)
        return b"".join((*lines[:start], *some, *lines[end:]))

    def _repeat(self, data: bytes) -> bytes:
        start = self._line_start(data)
        piece = self.chance.choice(
            (data[start : start + self.chance.choice((1, 9, 60))], *REPEATED)
        )
        place = self._place(data)
        times = self.chance.choice((2, 20, 300))
        return data[:place] + piece * times + data[place:]

    def _cut(self, data: bytes) -> bytes:
        start, end = sorted((self._place(data), self._place(data)))
        return data[:start] + data[min(end, start + 400) :]


@dataclass(frozen=True)
class Outcome:
    """What became of a page: how long it took, and what is wrong with specgen; empty if nothing."""

    seconds: float
    trouble: str = ""


def examine(data: bytes, number: int = 0, limit: float = LIMIT) -> Outcome:
    """Takes a page through all stages; the number decides on form and includes.

    Args:
        data: The page.
        number: Any; neighbours differ in how the page is read.
        limit: The seconds that it may take.
    """
    started = time.process_time()
    faulthandler.dump_traceback_later(60, exit=True)
    try:
        trouble = "; ".join(_examined(data, number))
    except Exception:  # whatever comes is what is looked for
        trouble = traceback.format_exc()
    finally:
        faulthandler.cancel_dump_traceback_later()
    seconds = time.process_time() - started
    slow = f"took {seconds:.1f} s" if seconds > limit else ""
    return Outcome(seconds, "; ".join(filter(None, (trouble, slow))))


def _examined(data: bytes, number: int) -> list[str]:
    files = MemoryFiles({NAME: data, "part.adoc": PART})
    stages: PageStages = stages_of(
        files,
        NAME,
        form=(None, None, *Form)[number % 4],
        setups=SETUPS,
        follow=number % 3 != 0,
        follow_snippets=number % 3 == 1,
        derive=True,
    )
    check_pages([stages])
    module = render_module(stages.plan)
    module.encode("utf-8")
    compile(module, "test_page.py", "exec")
    return [f"holds {part[:200]}" for part in foreign_parts(module)]


def fuzz(count: int, seed: int, more: Sequence[Path] = ()) -> Iterator[tuple[bytes, Outcome]]:
    """So many harmed pages, each with what became of it."""
    mutator = Mutator(real_pages(more), words(), seed)
    for number in range(count):
        data = mutator.page()
        yield data, examine(data, number)


def main(count: int, seed: int, more: Sequence[Path]) -> int:
    """Tries pages, tells what failed, and how fast it went; 1 if any failed."""
    folder = Path(tempfile.mkdtemp(prefix="specgen-fuzz-"))
    started = time.monotonic()
    failed, slowest = 0, (0.0, b"", 0)
    for number, (data, outcome) in enumerate(fuzz(count, seed, more)):
        if outcome.seconds > slowest[0]:
            slowest = (outcome.seconds, data, number)
        if outcome.trouble:
            failed += 1
            (folder / f"{number}.adoc").write_bytes(data)
            print(f"page {number}: {outcome.trouble}\n  kept in {folder / f'{number}.adoc'}")
        if number % 5000 == 4999:
            print(f"{number + 1} pages, {failed} failed", flush=True)
    seconds = time.monotonic() - started
    (folder / "slowest.adoc").write_bytes(slowest[1])
    print(
        f"{count} pages with seed {seed} in {seconds:.0f} s, {count / seconds:.0f} pages per "
        f"second; {failed} failed; the slowest, number {slowest[2]}, took {slowest[0]:.2f} s and "
        f"is kept in {folder / 'slowest.adoc'}"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) < 3 or not all(re.fullmatch(r"\d+", each) for each in sys.argv[1:3]):
        sys.exit("usage: python tests/fuzz/mutated_pages.py PAGES SEED [FOLDER…]")
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), [Path(each) for each in sys.argv[3:]]))
