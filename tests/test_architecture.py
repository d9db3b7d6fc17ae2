"""Holds every module to the table of rooms in ARCHITECTURE.md, and to the rules of the house."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MOST_LINES = 400
MOST_FUNCTION_LINES = 60
GROWING = frozenset({"append", "add", "update", "setdefault", "extend", "insert", "pop", "clear"})

Tree = Mapping[str, str]  # the text of each module by its path below specgen/
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Room:
    """One row of the table: which modules are in it, and what they may import."""

    owns: tuple[str, ...]
    forbidden: frozenset[str]
    packages: frozenset[str]

    def holds(self, module: str) -> bool:
        folders = tuple(each for each in self.owns if each.endswith("/"))
        return module in self.owns or module.startswith(folders)


def rooms_of(text: str) -> tuple[Room, ...]:
    section = text.partition("## The rooms")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")][2:]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    return tuple(
        Room(_names(room), frozenset(_names(no)), frozenset(_names(packages)))
        for room, _, no, packages in cells
    )


def _names(cell: str) -> tuple[str, ...]:
    return tuple(re.findall(r"`([^`]+)`", cell))


ROOMS = rooms_of((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"))
SPECGEN = {
    path.relative_to(ROOT / "specgen").as_posix(): path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "specgen").rglob("*.py"))
}


def wrong_imports(module: str, text: str) -> Iterator[str]:
    number = _room(module)
    if number is None:
        yield f"{module}: stands in no room of ARCHITECTURE.md"
        return
    room = ROOMS[number]
    for line, name in _imports(text, module):
        top, _, rest = name.partition(".")
        where = f"{module}:{line}: imports {name}"
        if top == "specgen":
            other = _room_of_import(rest)
            if other is None or other > number:
                yield f"{where}, which is in no room or in one below"
            elif rest.partition(".")[0] in room.forbidden:
                yield f"{where}, which its room must not know"
        elif top not in sys.stdlib_module_names and top not in room.packages:
            yield f"{where}, which its row does not list"


def _room(module: str) -> int | None:
    return next((number for number, room in enumerate(ROOMS) if room.holds(module)), None)


def _room_of_import(name: str) -> int | None:
    """The room of `plan.values`, which is a module or a name inside one."""
    path = name.replace(".", "/")
    for candidate in (f"{path}.py", f"{path}/__init__.py"):
        if candidate in SPECGEN:
            return _room(candidate)
    return _room_of_import(name.rpartition(".")[0]) if "." in name else _room("__init__.py")


def _imports(text: str, module: str) -> Iterator[tuple[int, str]]:
    """Every import, wherever it stands: in functions and under TYPE_CHECKING too."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                folder = ("specgen/" + module).split("/")[: -node.level]
                base = ".".join([*folder, *filter(None, [base])])
            # `from specgen import plan` names a module, `from x import y` mostly does not.
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            named = node.args[0]
            if isinstance(named, ast.Constant):
                yield node.lineno, str(named.value)


def too_long(tree: Tree) -> Iterator[str]:
    for module, text in tree.items():
        if (lines := text.count("\n")) > MOST_LINES:
            yield f"{module}: {lines} lines"
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, Function) and node.end_lineno is not None:
                length = node.end_lineno - node.lineno + 1
                if length > MOST_FUNCTION_LINES:
                    yield f"{module}:{node.lineno}: {node.name} has {length} lines"


def global_state(tree: Tree) -> Iterator[str]:
    for module, text in tree.items():
        parsed = ast.parse(text)
        shared = {name for node in parsed.body for name in _assigned(node)}
        for function in (node for node in ast.walk(parsed) if isinstance(node, Function)):
            local = _local_names(function)
            for node in ast.walk(function):
                if isinstance(node, ast.Global):
                    yield f"{module}:{node.lineno}: global {', '.join(node.names)}"
                changed = set(_changed(node)) & (shared - local)
                yield from (f"{module}: {function.name} changes {name}" for name in changed)


def _assigned(node: ast.stmt) -> Iterator[str]:
    targets = node.targets if isinstance(node, ast.Assign) else []
    targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
    yield from (target.id for target in targets if isinstance(target, ast.Name))


def _local_names(function: Function) -> set[str]:
    names = {argument.arg for argument in ast.walk(function) if isinstance(argument, ast.arg)}
    return names | {
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def _changed(node: ast.AST) -> Iterator[str]:
    """The names whose content a statement changes: `X[k] = v`, `del X[k]`, `X.append(v)`."""
    match node:
        case ast.Subscript(ctx=ast.Store() | ast.Del()):
            yield ast.unparse(node.value)
        case ast.Attribute(attr=attr) if attr in GROWING:
            yield ast.unparse(node.value)


def frozen_in_name_only(tree: Tree) -> Iterator[str]:
    for module, text in tree.items():
        for node in ast.walk(ast.parse(text)):
            if not isinstance(node, ast.ClassDef) or not _is_frozen(node):
                continue
            for field in node.body:
                if isinstance(field, ast.AnnAssign):
                    words = set(re.findall(r"\w+", ast.unparse(field.annotation)))
                    if words & {"dict", "list", "set", "bytearray"}:
                        yield f"{module}:{field.lineno}: {ast.unparse(field)} in {node.name}"


def _is_frozen(node: ast.ClassDef) -> bool:
    decorators = map(ast.unparse, node.decorator_list)
    return any(text.startswith("dataclass") and "frozen=True" in text for text in decorators)


def test_the_table_names_rooms_that_exist() -> None:
    owned = [name for room in ROOMS for name in room.owns]
    assert len(owned) == len(set(owned)) > len(ROOMS) == 16
    assert [name for name in owned if not (ROOT / "specgen" / name).exists()] == []


def test_imports_go_one_way() -> None:
    wrong = [each for module, text in SPECGEN.items() for each in wrong_imports(module, text)]
    assert wrong == []


def test_no_file_and_no_function_is_too_long() -> None:
    assert list(too_long(SPECGEN)) == []


def test_nothing_changes_a_module_while_it_runs() -> None:
    assert list(global_state(SPECGEN)) == []


def test_frozen_values_are_frozen_all_the_way() -> None:
    assert list(frozen_in_name_only(SPECGEN)) == []


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("plan/values.py", "from specgen.replay.values import Kind"),
        ("plan/values.py", "def f():\n    from specgen.render import view"),
        ("plan/values.py", "if TYPE_CHECKING:\n    import specgen.replay.cluster"),
        ("plan/values.py", "from specgen import replay"),
        ("plan/values.py", "from ..replay.values import Kind"),
        ("plan/values.py", "from .. import replay"),
        ("plan/values.py", "importlib.import_module('specgen.replay.values')"),
        ("plan/values.py", "import requests.adapters"),
        ("asciidoc/page.py", "from pytest import fixture"),
        ("replay/plugin.py", "from _pytest.config import Config"),
        ("replay/plugin.py", "from specgen.asciidoc.page import Page"),
        ("target/url.py", "from specgen.plan.values import Case"),
        ("target/url.py", "from specgen import dialect"),
        ("source.py", "from specgen.plan.values import Case"),
        ("source.py", "import regex"),
        ("core.py", ""),
        ("common/values.py", ""),
    ],
)
def test_a_wrong_import_is_found(module: str, text: str) -> None:
    assert len(list(wrong_imports(module, text))) == 1


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("replay/plugin.py", "import pytest\nfrom specgen.plan.values import Case"),
        ("plan/values.py", "from .names import slug\nfrom specgen import source, __version__"),
        ("target/url.py", "import requests.adapters\nfrom specgen.target import guard"),
    ],
)
def test_a_right_import_is_not_found(module: str, text: str) -> None:
    assert list(wrong_imports(module, text)) == []


def test_long_files_and_functions_are_found() -> None:
    body = "    pass\n" * (MOST_FUNCTION_LINES - 1)
    assert list(too_long({"a.py": f"def f():\n{body}"})) == []
    assert list(too_long({"a.py": f"def f():\n    pass\n{body}"})) == ["a.py:1: f has 61 lines"]
    assert list(too_long({"a.py": "\n" * 401})) == ["a.py: 401 lines"]


@pytest.mark.parametrize(
    "text",
    [
        "X = 1\ndef f():\n    global X\n    X = 2",
        "X = {}\ndef f():\n    X['a'] = 1",
        "X: dict[str, int] = {}\ndef f():\n    del X['a']",
        "X = []\nclass C:\n    def f(self):\n        X.append(1)",
    ],
)
def test_a_changed_module_is_found(text: str) -> None:
    assert len(list(global_state({"a.py": text}))) == 1


def test_a_local_name_may_be_changed() -> None:
    text = "x = []\ndef f(y):\n    x = []\n    x.append(1)\n    y.append(1)\n    self.x[0] = 1"
    assert list(global_state({"a.py": text})) == []


@pytest.mark.parametrize("kind", ["dict[str, int]", "tuple[list[int], ...]", "set[str] | None"])
def test_a_frozen_value_that_can_change_is_found(kind: str) -> None:
    text = f"@dataclass(frozen=True, slots=True)\nclass C:\n    x: {kind}\n"
    assert len(list(frozen_in_name_only({"a.py": text}))) == 1
    assert list(frozen_in_name_only({"a.py": text.replace("frozen=True, ", "")})) == []
