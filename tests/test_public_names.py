"""Every module says what is public, and everything public says what it is for."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import specgen

FOLDER = Path(specgen.__file__).parent
# Started, never imported from.
PROGRAMS = frozenset({"specgen.__main__"})
# What pytest looks up by name needs no `__all__`.
PLUGINS = frozenset({"specgen.replay.plugin", "specgen.cli.collecting"})


def modules() -> Iterator[str]:
    for path in sorted(FOLDER.rglob("*.py")):
        parts = ("specgen", *path.relative_to(FOLDER).with_suffix("").parts)
        if parts[-1] != "__init__":
            yield ".".join(parts)
        elif _says_something(path):
            yield ".".join(parts[:-1])


def _says_something(path: Path) -> bool:
    """Whether a package's own file holds more than its docstring and version."""
    body = ast.parse(path.read_text(encoding="utf-8")).body[1:]
    return any(isinstance(node, ast.ImportFrom | ast.FunctionDef | ast.ClassDef) for node in body)


def trouble(module: ModuleType) -> Iterator[str]:
    names = getattr(module, "__all__", None)
    if names is None:
        yield "has no __all__"
        return
    if list(names) != sorted(set(names), key=_order):
        yield "__all__ is not sorted, or names something twice"
    for name in names:
        if not hasattr(module, name):
            yield f"{name} is in __all__ and nowhere else"
    yield from (f"{name} has no docstring" for name in _undocumented(module, names))


def _order(name: str) -> tuple[bool, bool, str]:
    """Constants, then classes, then functions: ruff's order (RUF022)."""
    return not name.isupper(), name.islower(), name


def _undocumented(module: ModuleType, names: list[str]) -> Iterator[str]:
    for name in names:
        value = getattr(module, name, None)
        if inspect.isclass(value):
            # `inspect.getdoc` would take the docstring of a base class for its own.
            if not (value.__doc__ or "").strip():
                yield name
            yield from (f"{name}.{each}" for each in _undocumented_members(value))
        elif inspect.isfunction(value) and not (value.__doc__ or "").strip():
            yield name


def _undocumented_members(owner: type) -> Iterator[str]:
    for name, member in vars(owner).items():
        function = getattr(member, "fget", None) or getattr(member, "__func__", member)
        written_here = inspect.isfunction(function) and function.__module__ == owner.__module__
        if written_here and not name.startswith("_") and not inspect.getdoc(function):
            yield name


@pytest.mark.parametrize("name", sorted(set(modules()) - PROGRAMS - PLUGINS))
def test_public_names_are_listed_sorted_and_documented(name: str) -> None:
    assert list(trouble(importlib.import_module(name))) == []


SOUND = '''
__all__ = ["Good", "f"]
class Good:
    """Is good."""
    @property
    def value(self):
        """The value."""
    def _private(self): ...
def f():
    """Does it."""
'''


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", []),
        ('__all__ = ["Good", "f"]', "", ["has no __all__"]),
        ('"Good", "f"', '"f", "Good"', ["__all__ is not sorted, or names something twice"]),
        ('"Good", "f"', '"Good", "f", "f"', ["__all__ is not sorted, or names something twice"]),
        ('"Good", "f"', '"Good", "f", "g"', ["g is in __all__ and nowhere else"]),
        ('"""Is good."""', "x = 1", ["Good has no docstring"]),
        ('"""The value."""', "return 1", ["Good.value has no docstring"]),
        ('"""Does it."""', "return 1", ["f has no docstring"]),
    ],
)
def test_each_kind_of_trouble_is_found(before: str, after: str, expected: list[str]) -> None:
    module = ModuleType("planted")
    source = SOUND.replace(before, after) if before else SOUND
    exec(compile(source, "planted", "exec"), module.__dict__)
    assert list(trouble(module)) == expected


def test_the_public_function_of_a_plugin_is_documented() -> None:
    for name in PLUGINS:
        module = importlib.import_module(name)
        hooks = [each for each in vars(module) if each.startswith("pytest_")]
        assert hooks
        assert list(_undocumented(module, hooks)) == []
