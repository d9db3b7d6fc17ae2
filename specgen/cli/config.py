"""The configuration: `specgen.toml`, or `[tool.specgen]` in `pyproject.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from specgen.cli.credentials import check_target, read_credentials
from specgen.cli.lenient import read_lenient
from specgen.errors import UsageProblem
from specgen.nearest import nearest
from specgen.plan.lenient_pages import LenientPages
from specgen.problems import CODES
from specgen.replay.values import Clean

if TYPE_CHECKING:  # every command reads the configuration, and few read pages
    from specgen.contract.topics import Topic

__all__ = ["INCLUDES", "Config", "read_config"]

INCLUDES = ("ignore", "follow")


@dataclass(frozen=True, slots=True)
class Config:
    """What a file may say once so that no command line has to repeat it.

    Attributes:
        pages: Files, folders or globs.
        docs_root: What pages are named relative to.
        attributes: An AsciiDoc file of `:name: value` lines.
        define: Pairs of a name and a value.
        setups: A folder or JSON file of named setups.
        target: Where to replay.
        credentials: Who specgen is at `target`, pairs of a key and a text with variables.
        scope: What all that pages write to must be named with, as `--scope`.
        out: Where modules are rendered.
        allow: Codes of problems that `check` does not tell.
        includes: One of `INCLUDES`; empty leaves it to each command.
        clean: One of `Clean`; empty leaves it to the command.
        max_skipped: How many cases pages may skip; None for any number.
        fail_under: How many percent of what is documented a case must touch; None for any.
        derive: Whether there is a case, too, for what the prose promises.
        lenient: Where less is asked of responses than their pages show.
        contract: What titles of sections say besides the standard ones: a title and its topic.
    """

    pages: tuple[str, ...] = ()
    docs_root: Path | None = None
    attributes: Path | None = None
    define: tuple[tuple[str, str], ...] = ()
    setups: Path | None = None
    target: str = ""
    credentials: tuple[tuple[str, str], ...] = ()
    scope: str = ""
    out: Path | None = None
    allow: tuple[str, ...] = ()
    includes: str = ""
    clean: str = ""
    max_skipped: int | None = None
    fail_under: float | None = None
    derive: bool = False
    lenient: tuple[LenientPages, ...] = ()
    contract: tuple[tuple[str, Topic], ...] = ()


def read_config(folder: Path) -> Config:
    """Reads the configuration that holds in a folder: its own file, or that of one above.

    Raises:
        UsageProblem: The file cannot be read, or holds a key that nobody knows.
    """
    for place in (folder, *folder.parents):
        own, shared = place / "specgen.toml", place / "pyproject.toml"
        if own.is_file():
            return _config(_load(own), own)
        if shared.is_file():
            table = _load(shared).get("tool", {}).get("specgen")
            return _config(table, shared) if table is not None else Config()
        if (place / ".git").exists():
            break
    return Config()


def _load(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as trouble:
        raise UsageProblem(f"{path.name} cannot be read: {trouble}") from trouble


def _config(table: dict[str, Any], path: Path) -> Config:
    known = [each.name for each in fields(Config)]
    values: dict[str, Any] = {}
    for key, value in table.items():
        name = key.replace("-", "_")
        if name not in known:
            raise UsageProblem(f"{path.name}: there is no key {key!r}", _closest(name, known))
        values[name] = _checked(name, value, path)
    return Config(**values)


def _checked(name: str, value: Any, path: Path) -> Any:
    if name == "pages":
        texts = [value] if isinstance(value, str) else value
        if isinstance(texts, list) and all(isinstance(text, str) for text in texts):
            return tuple(str(path.parent / text) for text in texts)
        raise UsageProblem(f"{path.name}: `pages` must be a list of texts")
    if name == "allow":
        return _codes(value, path)
    if name == "lenient":
        return read_lenient(value, path)
    if name == "contract":
        from specgen.cli.titles import read_titles  # it imports what reads pages

        return read_titles(value, path)
    if name == "credentials":
        return read_credentials(value, path)
    if name == "define":
        if isinstance(value, dict):
            return tuple((str(key), str(item)) for key, item in value.items())
        raise UsageProblem(f"{path.name}: `define` must be a table")
    if name == "max_skipped":
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        raise UsageProblem(f"{path.name}: `max-skipped` must be a number, 0 or more")
    if name == "derive":
        if isinstance(value, bool):
            return value
        raise UsageProblem(f"{path.name}: `derive` must be true or false")
    if name == "fail_under":
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 100:
            return value
        raise UsageProblem(f"{path.name}: `fail-under` must be a number from 0 to 100")
    if name == "includes" and value not in INCLUDES:
        raise UsageProblem(f"{path.name}: `includes` must be one of {', '.join(INCLUDES)}")
    if name == "clean" and value not in list(Clean):
        raise UsageProblem(f"{path.name}: `clean` must be one of {', '.join(Clean)}")
    if not isinstance(value, str):
        raise UsageProblem(f"{path.name}: `{name}` must be a text")
    if name == "target":
        check_target(value, path)
    if name == "target" and value.startswith("recording:"):
        return f"recording:{path.parent / value.removeprefix('recording:')}"
    return value if name in {"target", "scope", "includes", "clean"} else path.parent / value


def _codes(value: Any, path: Path) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise UsageProblem(f"{path.name}: `allow` must be a list of codes")
    for code in value:
        if code not in CODES:
            raise UsageProblem(
                f"{path.name}: `allow`: there is no code {code!r}", _closest(str(code), [*CODES])
            )
    return tuple(value)


def _closest(name: str, known: list[str]) -> str:
    close = nearest(name, known)
    return f"did you mean {close!r}?" if close else f"known: {', '.join(known)}"
