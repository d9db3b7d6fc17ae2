"""What a rendered module may hold: imports, functions, and calls whose arguments are literals.

A list of what is allowed, not of what is bad: whatever text of a page left its literal would be
a name, a call or a statement that no module of specgen has.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

__all__ = ["foreign_parts"]

IMPORTS = {
    "collections.abc": {"Iterator"},
    "specgen.replay": {"Cluster", "page_of", "page_setup", "requires", "skipped"},
}
CALLS = {
    *("page_of", "requires", "skipped"),
    *(f"cluster.{name}" for name in ("blocked", "compare_analyzers", "nothing", "request")),
    *(f"cluster.{name}" for name in ("setup", "teardown")),
    *(f"response.{name}" for name in ("field_matches", "has_length", "is_false", "is_true")),
    *(f"response.{name}" for name in ("keep", "matches", "set")),
}
NAMES = {"pytestmark", "page_setup", "Cluster", "Iterator", "cluster", "response", *CALLS}
STATEMENTS = (ast.Expr, ast.Assign, ast.ImportFrom, ast.FunctionDef, ast.With, ast.Try)
# Nothing that is computed: no operator, no lambda, no comprehension, no f-string, no subscript
# but that of the annotation.
EXPRESSIONS = (ast.Constant, ast.List, ast.Yield)


def foreign_parts(module: str) -> list[str]:
    """What a module holds that no module of specgen has, as text; empty if it is harmless.

    Raises:
        SyntaxError: It is no module at all.
    """
    return list(_foreign(ast.parse(module)))


def _foreign(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if not _is_known(node):
            yield ast.unparse(node)


def _is_known(node: ast.AST) -> bool:
    match node:
        case ast.ImportFrom(module=module, names=names):
            return {each.name for each in names} <= IMPORTS.get(module or "", set())
        case ast.Call(func=func, args=arguments, keywords=keywords):
            values = (*arguments, *(keyword.value for keyword in keywords))
            return ast.unparse(func) in CALLS and all(map(_is_literal, values))
        case ast.Attribute():
            return ast.unparse(node) in CALLS
        case ast.Name(id=name):
            return name in NAMES
        case ast.Subscript():
            return ast.unparse(node) == "Iterator[None]"
        case ast.FunctionDef(name=name):
            return name == "page" or name.startswith("test_")
        case ast.stmt():
            return isinstance(node, STATEMENTS)
        case ast.expr():
            return isinstance(node, EXPRESSIONS)
    return True


def _is_literal(argument: ast.expr) -> bool:
    items = argument.elts if isinstance(argument, ast.List) else [argument]
    return all(isinstance(item, ast.Constant) for item in items)
