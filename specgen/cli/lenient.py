"""Where a configuration asks less of responses: its `[[lenient]]` tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from specgen.dialect.leniency import ApiLeniency, Leniency
from specgen.errors import UsageProblem
from specgen.plan.lenient_pages import LenientPages

if TYPE_CHECKING:
    from specgen.source import Span

__all__ = ["read_lenient"]

KEYS = ("pages", "api", "options")


def read_lenient(tables: Any, path: Path) -> tuple[LenientPages, ...]:
    """Reads the `[[lenient]]` tables of a configuration.

    Args:
        tables: Their values.
        path: The file that holds them; globs are relative to its folder.

    Raises:
        UsageProblem: One of them cannot be read; what is at fault has its place in the file.
    """
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise UsageProblem(f"{path.name}: `lenient` must be tables: [[lenient]]")
    # TOML does not tell where a value stands: the tables are found in their order.
    after, found = 0, []
    for table in tables:
        lenient, after = _read_table(table, path, after)
        found.append(lenient)
    return tuple(found)


def _read_table(table: dict[str, Any], path: Path, after: int) -> tuple[LenientPages, int]:
    for key, value in table.items():
        if key not in KEYS:
            hint = f"known: {', '.join(KEYS)}"
            raise UsageProblem(f"{path.name}: `lenient` has no key {key!r}", hint)
        if not isinstance(value, str):
            raise UsageProblem(f"{path.name}: `{key}` of `lenient` must be a text")
    if not (table.get("pages") or table.get("api")) or not table.get("options"):
        raise UsageProblem(
            f"{path.name}: `lenient` needs `options`, and `pages` or `api`",
            'pages = "search/**" or api = "_search", and options = "ignore:/took"',
        )
    pages = (path.parent.resolve() / table["pages"]).as_posix() if table.get("pages") else ""
    leniency, after = _leniency(table["options"], path, after)
    return LenientPages(pages, ApiLeniency(table.get("api", ""), leniency)), after


def _leniency(text: str, path: Path, after: int) -> tuple[Leniency, int]:
    """What options say, and where in the file they end."""
    # The reader of markers takes long to import, and few configurations need it.
    from specgen.dialect.markers.specgen import SYNTAX
    from specgen.dialect.markers.syntax import read_options
    from specgen.dialect.values import Form
    from specgen.plan.own_options import OF_BODIES, pointers_of
    from specgen.source import Source, Span

    source = Source.of(path.name, path.read_bytes())
    start = max(0, source.text.find(text, after))
    end = start + len(text)
    options, problems = read_options(text, Span(source, start, end), SYNTAX, Form.MODERN)
    for problem in problems:
        raise UsageProblem(f"{_place(problem.span)}: {problem.message}", problem.hint)
    for option in options:
        if option.name not in OF_BODIES:
            known = ", ".join(name.value for name in OF_BODIES)
            message = f"`{option.name.value}` is no default for responses"
            raise UsageProblem(f"{_place(option.span)}: {message}", f"known here: {known}")
    return Leniency(*(tuple(pointers_of(options, name)) for name in OF_BODIES)), end


def _place(span: Span) -> str:
    place = span.place
    return f"{span.source.path}:{place.line}:{place.column}"
