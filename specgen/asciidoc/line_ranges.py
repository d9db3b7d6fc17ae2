"""Selects the lines of an included file that `lines=1;3..5;8..-1` names."""

from __future__ import annotations

from collections.abc import Sequence

from specgen.asciidoc.attributes import whole_number
from specgen.source import Line

__all__ = ["select_lines"]


def select_lines(lines: Sequence[Line], written: str) -> tuple[Line, ...]:
    """The named lines, in the order of the file; all of them where none is named.

    Ranges are `from..to`, where no end or a negative one means the last line. They are
    sought one after the other: a line 0 is never found, and so nothing behind it.
    """
    numbers, to_the_end = _numbers(written, len(lines))
    if not numbers:
        return tuple(lines)
    if min(numbers) <= 0:
        return ()
    chosen = [line for number, line in enumerate(lines, start=1) if number in numbers]
    if to_the_end:
        chosen += lines[max(numbers) :]
    return tuple(chosen)


def _numbers(written: str, count: int) -> tuple[set[int], bool]:
    """The numbers named, and whether a range is open; one behind the last stands for all such."""
    numbers: set[int] = set()
    to_the_end = False
    mark = "," if "," in written else ";"
    for word in written.rstrip(mark).split(mark) if written.strip(mark) else ():
        first, dots, last = word.partition("..")
        start, stop = min(whole_number(first), count + 1), min(whole_number(last), count + 1)
        if dots and last and stop >= 0:
            numbers.update(range(max(start, 0), stop + 1))
        else:
            numbers.add(start)
            to_the_end = to_the_end or bool(dots)
    return numbers, to_the_end
