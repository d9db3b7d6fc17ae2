"""A second opinion on a page: what the program asciidoc3 warns of, at the page's lines.

It takes a process of its own and so a tenth of a second a page; import this module only
where it is asked for.

What is changed in the copy that asciidoc3 sees, line by line so that its numbers are ours:

- `include::` and `include1::` yield nothing. With `--safe` asciidoc3 would still read files
  beside the page, and break off at any other.
- `ifeval::` always holds. It evaluates Python, so with `--safe` asciidoc3 breaks off there.
- `{include:…}` is escaped, for the same reason as `include::`.
- `[discrete]`, which Asciidoctor knows, becomes `[float]`, asciidoc3's name for it.
- An attribute in a title becomes its name: most are set elsewhere in the book, and
  asciidoc3 drops a line with an attribute that it does not know.

All else that is dangerous stays in, and is refused where it is reached: see
`asciidoc3_guard`. The user then reads at which line the page asks for it.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from specgen.asciidoc.asciidoc3_program import unpacked_program
from specgen.asciidoc.asciidoc3_run import COPY, Run, run_asciidoc3
from specgen.problems import Problem
from specgen.source import Source, Span, lines_of

__all__ = ["second_opinion"]

# An attribute that no page sets: what depends on it is not there, and no line is lost.
ABSENT = "specgen-absent"
HARMLESS = (
    (re.compile(r"^include1?::.*\]\s*$"), f"ifdef::{ABSENT}[.]"),
    (re.compile(r"^ifeval::.*\]\s*$"), f"ifndef::{ABSENT}[]"),
    (re.compile(r"^\[discrete(?=[\],#.%])"), "[float"),
    (re.compile(r"(?<!\\)\{(?=include1?:)"), r"\\{"),
)
ATTRIBUTE = re.compile(r"\{([\w-]+)\}")
MESSAGE = re.compile(
    rf"asciidoc3: (?P<kind>WARNING|ERROR|FAILED|DEPRECATED): "
    rf"(?:{re.escape(COPY)}: line (?P<line>\d+): )?(?P<text>.*)"
)
UNEXPECTED = "unexpected error:"
OUT_OF_PLACE = "section title out of sequence: expected level 1,"
MAX_CHARACTERS = 300


def second_opinion(
    page: Source, *, cache: Path | None = None, timeout: float = 20.0
) -> tuple[Problem, ...]:
    """Asks the program asciidoc3 what is wrong with a page.

    The page can neither run nor read anything: it is given to `asciidoc3_run` as a copy.
    That the first section is not of level 1 is left out: a page is mostly a part of a book.

    Args:
        page: The page; its own file is not opened.
        cache: The folder that holds specgen's caches; the user's own if not given.
        timeout: The seconds after which asciidoc3 is ended.

    Returns:
        Warnings with the code `asciidoc3`, each at a whole line, in the order of the page.

    Raises:
        UsageProblem: The program is not installed or cannot be unpacked.
    """
    program = unpacked_program(cache)
    with tempfile.TemporaryDirectory(prefix="specgen-", ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary).resolve()
        run = run_asciidoc3(program, folder, _copy(page), timeout)
        hidden = (f"{folder}/page/", f"{program.parent}/", f"{folder}/")
    found = dict.fromkeys(_problems(page, run, timeout, hidden))
    return tuple(sorted(found, key=lambda problem: problem.span.start))


def _copy(page: Source) -> str:
    return "".join(_harmless(line.text) + "\n" for line in lines_of(page))


def _harmless(line: str) -> str:
    for pattern, replacement in HARMLESS:
        line = pattern.sub(replacement, line)
    return ATTRIBUTE.sub(r"\1", line) if line.startswith("=") else line


def _problems(page: Source, run: Run, timeout: float, hidden: tuple[str, ...]) -> Iterator[Problem]:
    lines = run.messages.splitlines()
    messages = [match for match in map(MESSAGE.fullmatch, lines) if match]
    for match in messages:
        span = _line(page, int(match["line"] or 1))
        text = match["text"]
        if match["kind"] == "FAILED":
            broken = text.startswith(UNEXPECTED)
            text = f"asciidoc3 breaks off here: {_last(lines) if broken else text}"
        if not _of_the_book(page, text):
            yield Problem.warning("asciidoc3", span, _clean(text, hidden))
    whole = _line(page, 1)
    if run.status is None:
        yield Problem.warning("asciidoc3", whole, f"asciidoc3 is not done after {timeout:g} s")
    elif run.status and not messages:
        end = f"signal {-run.status}" if run.status < 0 else f"status {run.status}"
        text = f"asciidoc3 came to no end, {end}: {_last(lines)}".removesuffix(": ")
        yield Problem.warning("asciidoc3", whole, _clean(text, hidden))


def _line(page: Source, number: int) -> Span:
    number = min(max(number, 1), len(page.line_starts))
    start = page.line_starts[number - 1]
    return page.span(start, start + len(page.line_text(number)))


def _last(lines: list[str]) -> str:
    """The last line of a Python traceback among the messages."""
    return next(
        (each for each in reversed(lines) if each and not each.startswith("asciidoc3: ")), ""
    )


def _of_the_book(page: Source, text: str) -> bool:
    """Whether a message only tells that the page is a part of a larger document."""
    return text.startswith(OUT_OF_PLACE) and not re.search(r"(?m)^= +\S", page.text)


def _clean(text: str, hidden: tuple[str, ...]) -> str:
    for path in hidden:
        text = text.replace(path, "")
    text = "".join(each if each.isprintable() else " " for each in text).strip()
    return text if len(text) <= MAX_CHARACTERS else f"{text[: MAX_CHARACTERS - 1]}…"
