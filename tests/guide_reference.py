"""The parts of the guide that are made from the program itself.

    commands_page()    docs/reference/commands.asciidoc, from click and the pytest plugin
    json_page()        docs/reference/json.asciidoc, from the schemas that are shipped

`pytest tests/test_guide.py --update-golden` writes them anew.
"""

from __future__ import annotations

import importlib
import inspect
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from specgen.cli.main import COMMANDS, cli
from specgen.cli.options import page_options, target_options
from specgen.replay import plugin

__all__ = ["commands_page", "json_page", "literal", "pytest_options"]

ROOT = Path(__file__).resolve().parents[1]
SCHEMAS = ROOT / "specgen/schemas"
MADE = "// Made by tests/guide_reference.py; `make golden` writes it anew.\n"

COMMANDS_HEAD = """= Commands and options

`specgen COMMAND --help` tells the same. `PAGES` are files, folders or globs, or
`+page.asciidoc:72+` for the one case that holds line 72; by default those of the
xref:configuration.asciidoc[configuration], else `specs/`, else `docs/`. A `FILE` that is `-` is
standard output.
"""

JSON_HEAD = """= JSON documents

What `--json` writes, field by field. The schemas come with specgen, in `specgen/schemas/`, and
every document fits its own. `schema` is 1 as long as nothing that a reader may rely on changes. In
the names of fields `+[]+` is an item of a list, and `+*+` any key.
"""


def literal(text: str, *, cell: bool = False) -> str:
    """A text that stands in AsciiDoc as it is, as code."""
    code = (
        f"`{text}`" if re.fullmatch(r"-{0,2}[A-Za-z0-9]+(-[A-Za-z0-9]+)*", text) else f"`+{text}+`"
    )
    return code.replace("|", "\\|") if cell else code


def _prose(text: str, *, cell: bool = False) -> str:
    """Text of the program, with its code between backticks, as AsciiDoc."""
    parts = re.split(r"`([^`]+)`", text)
    whole = "".join(
        literal(part) if index % 2 else re.sub(r"(?<![\w`])--[a-z][\w-]*", r"`\g<0>`", part)
        for index, part in enumerate(parts)
    )
    return whole.replace("|", "\\|") if cell else whole


def _table(head: str, rows: Iterable[tuple[str, ...]], columns: str) -> Iterator[str]:
    yield f'[%header,cols="{columns}"]'
    yield "|==="
    yield head
    for row in rows:
        yield " ".join(f"|{cell}" for cell in row).rstrip()
    yield "|==="
    yield ""


def commands_page() -> str:
    """Every command with its arguments and options."""
    lines = [MADE + COMMANDS_HEAD]
    rows = ((f"<<{name},{name}>>", _prose(what, cell=True)) for name, what in COMMANDS.items())
    lines += _table("|command |what it does", rows, "1,4")
    for name in COMMANDS:
        command = importlib.import_module(f"specgen.cli.{name}").command
        lines += _command(command, f"specgen {name}", "==", name)
    for (anchor, title), options in _shared().items():
        lines += [f"[[{anchor}]]", f"== {title}", ""]
        lines += _table("|option |what it says", options, "2,3")
    lines += ["[[pytest]]", "== pytest", ""]
    lines += ["The plugin that comes with specgen adds these to `pytest`.", ""]
    shown = (
        (literal(option, cell=True), _prose(text, cell=True)) for option, text in pytest_options()
    )
    lines += _table("|option |what it says", shown, "2,3")
    return "\n".join(lines).rstrip("\n") + "\n"


def _command(command: click.Command, path: str, heading: str, anchor: str) -> Iterator[str]:
    yield f"[[{anchor}]]"
    yield f"{heading} {path}"
    yield ""
    # The options of help as the program has them: a command keeps what it is asked for first.
    settings = cli.context_settings
    context = click.Context(
        command, info_name=path, help_option_names=settings["help_option_names"]
    )
    usage = " ".join(command.collect_usage_pieces(context))
    yield f"{literal(f'{path} {usage}')}"
    yield ""
    for paragraph in inspect.cleandoc(command.help or "").split("\n\n"):
        yield _prose(paragraph.replace("\b\n", ""))
        yield ""
    rows, also = _options_of(command), []
    for (shared, title), options in _shared().items():
        if len(set(options) - set(rows)) <= 1:  # one of them may say something else here
            also.append(f"the <<{shared},{title[:1].lower()}{title[1:]}>>")
            rows = tuple(row for row in rows if row not in options)
    if also:
        yield f"It takes {', and '.join(also)}."
        yield ""
    if rows:
        yield from _table("|option |what it says", rows, "2,3")
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from _command(below, f"{path} {name}", "===", f"{anchor}-{name}")


def _shared() -> dict[tuple[str, str], tuple[tuple[str, str], ...]]:
    """The options that several commands have, by the anchor and title of their section."""

    def nothing() -> None:
        """Takes them."""

    pages = click.command()(page_options(nothing))
    target = click.command()(target_options(nothing))
    return {
        ("page-options", "Options that say which pages, and how they are read"): _options_of(pages),
        ("target-options", "Options that name a target"): _options_of(target),
    }


def _options_of(command: click.Command) -> tuple[tuple[str, str], ...]:
    options = (each for each in command.params if isinstance(each, click.Option))
    return tuple(_option(each) for each in options if not each.hidden)


def _option(option: click.Option) -> tuple[str, str]:
    """The row of an option: how it is written, and what it says."""
    value = "" if option.is_flag or option.count else f" {_value(option)}"
    names = sorted(option.opts, key=len) + option.secondary_opts
    shown = ", ".join(literal(f"{name}{value}", cell=True) for name in names)
    told = [_prose(option.help or "", cell=True)]
    if option.show_default and option.default is not None:
        told.append(f"Default: {literal(str(option.default), cell=True)}.")
    if isinstance(option.envvar, str):
        told.append(f"Environment: {literal(option.envvar)}.")
    return shown, " ".join(told)


def _value(option: click.Option) -> str:
    if isinstance(option.type, click.Choice):
        return "|".join(str(choice) for choice in option.type.choices)
    return option.metavar or option.type.name.upper()


@dataclass
class _Options:
    """Takes the options that the plugin adds, in place of pytest."""

    added: list[tuple[str, str]] = field(default_factory=list)

    def getgroup(self, *_: str) -> _Options:
        return self

    def addoption(self, *names: str, help: str = "", **more: Any) -> None:
        if help != "==SUPPRESS==":
            value = more.get("metavar") or "|".join(more.get("choices", ()))
            self.added.append((f"{names[0]} {value}".rstrip(), help[:1].upper() + help[1:]))


def pytest_options() -> tuple[tuple[str, str], ...]:
    """The options that the plugins of specgen add to pytest, with what they say."""
    taken = _Options()
    for each in (plugin, importlib.import_module("specgen.cli.collecting")):
        each.pytest_addoption(taken)
    return tuple(taken.added)


def json_page() -> str:
    """Every field of every JSON document."""
    lines = [MADE + JSON_HEAD]
    for path in sorted(SCHEMAS.glob("*.schema.json")):
        schema = json.loads(path.read_text(encoding="utf-8"))
        name = path.name.partition(".")[0]
        lines += [f"[[{name}]]", f"== {_prose(schema['title'])}", ""]
        if "description" in schema:
            lines += [_prose(schema["description"]), ""]
        lines += [f"Schema: {literal(f'specgen/schemas/{path.name}')}", ""]
        lines += _table("|field |type |what it is", _fields(schema, schema, ""), "3,2,4")
    return "\n".join(lines).rstrip("\n") + "\n"


def _fields(schema: dict[str, Any], node: dict[str, Any], path: str) -> Iterator[tuple[str, ...]]:
    """The rows of all that is below a node; one that is told elsewhere is named alone."""
    required = node.get("required", ())
    for name, below in node.get("properties", {}).items():
        yield from _field(schema, below, f"{path}{name}", needed=name in required)
    more = node.get("additionalProperties")
    if isinstance(more, dict):
        yield from _field(schema, more, f"{path}*", needed=True)


def _field(
    schema: dict[str, Any], node: dict[str, Any], path: str, *, needed: bool
) -> Iterator[tuple[str, ...]]:
    whole = _resolved(schema, node)
    told = _prose(node.get("description") or whole.get("description", ""), cell=True)
    kind = _type(schema, whole)
    yield literal(path, cell=True), kind, told if needed else f"{told} (not always there)".lstrip()
    inner, step = whole, f"{path}."
    while "items" in inner:
        inner, step = _resolved(schema, inner["items"]), f"{step[:-1]}[]."
    choices = [each for several in ("anyOf", "oneOf") for each in inner.get(several, ())]
    for part in (inner, *(_resolved(schema, each) for each in choices)):
        yield from _fields(schema, part, step)


def _resolved(schema: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        target: Any = schema
        for key in node["$ref"].removeprefix("#/").split("/"):
            target = target[key]
        node = {**target, **{k: v for k, v in node.items() if k != "$ref"}}
    return node


def _type(schema: dict[str, Any], node: dict[str, Any]) -> str:
    if "enum" in node:
        return ", ".join(literal(json.dumps(each), cell=True) for each in node["enum"])
    if "const" in node:
        return literal(json.dumps(node["const"]), cell=True)
    for several in ("anyOf", "oneOf"):
        if several in node:
            kinds = [_type(schema, _resolved(schema, each)) for each in node[several]]
            return " or ".join(dict.fromkeys(kinds))
    kinds = node.get("type", "any")
    if node.get("items") and kinds == "array":
        return f"list of {_type(schema, _resolved(schema, node['items']))}"
    return kinds if isinstance(kinds, str) else " or ".join(kinds)
