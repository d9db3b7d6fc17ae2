"""The requests of a module as they stand there, before anything is sent."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

from specgen.dialect.requests import parameters_of
from specgen.replay.wire import BodyUnreadable, body_as_written
from specgen.target.permission import Permission
from specgen.target.values import Call

__all__ = ["SentCall", "calls_of", "refusal_of", "sent_calls"]

PARTS = ("setup", "case", "teardown")
"""Which part of a case sends a request, in the order of sending."""


@dataclass(frozen=True, slots=True)
class SentCall:
    """A request as it stands in the module.

    Attributes:
        function: The function that sends it: `page` or a test.
        method: Upper case.
        target: Path and query, stash references as they stand.
        body: Its body as the page writes it; None if it has none.
        verbatim: Whether the body is sent as it stands.
        part: One of `PARTS`.
        repeats: Whether it may be sent several times until its answer is as documented.
    """

    function: str
    method: str
    target: str
    body: str | None = None
    verbatim: bool = False
    part: str = "case"
    repeats: bool = False

    @property
    def call(self) -> Call:
        """What is sent, as far as it is known: stash references stand for themselves."""
        path, _, query = self.target.partition("?")
        body = None
        if self.body is not None:
            try:
                body = self.body.encode() if self.verbatim else body_as_written(self.body)
            except BodyUnreadable:  # such a request is never sent
                body = None
        return Call(self.method, path, tuple(parameters_of(query)), body)


def sent_calls(tree: ast.Module) -> tuple[SentCall, ...]:
    """All requests of a module, function by function, in the order in which each sends them."""
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef))
    return tuple(call for each in functions for call in _of_function(each))


def calls_of(sends: tuple[SentCall, ...], test: str) -> tuple[SentCall, ...]:
    """What one test sends, in order: the page's setup first, its teardown last."""
    mine = [call for call in sends if call.function in {"page", test}]
    first = [each for each in mine if each.function == "page" and each.part == "setup"]
    last = [each for each in mine if each.function == "page" and each.part != "setup"]
    return (*first, *(each for each in mine if each.function != "page"), *last)


def refusal_of(calls: tuple[SentCall, ...], permission: Permission) -> str:
    """Why a case that sends these is not run; empty if all of them may be sent."""
    made: set[str] = set()
    reasons = (permission.why_not_next(each.call, made) for each in calls)
    return next(filter(None, reasons), "")


def _of_function(function: ast.FunctionDef) -> list[SentCall]:
    part = "setup" if function.name == "page" else "case"
    found: list[SentCall] = []
    for node, where in _in_order(function.body, part):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if name == "request":
            found.append(_sent(function.name, node, where))
        elif name == "compare_analyzers":
            index = ast.literal_eval(node.args[0])
            found.append(SentCall(function.name, "POST", f"{index}/_analyze", "{}", part=where))
            found[-1] = replace(found[-1], repeats=True)
        elif name == "matches" and found and any(each.arg == "within" for each in node.keywords):
            found[-1] = replace(found[-1], repeats=True)
    return [call for call in found if call.method]


def _in_order(statements: list[ast.stmt], part: str) -> Iterator[tuple[ast.Call, str]]:
    """The calls of statements as they are run, each with its part of the case."""
    for statement in statements:
        if isinstance(statement, ast.Try):
            yield from _in_order(statement.body, part)
            yield from _in_order(statement.finalbody, "teardown")
        elif isinstance(statement, ast.With):
            named = statement.items[0].context_expr
            inner = part
            if isinstance(named, ast.Call) and isinstance(named.func, ast.Attribute):
                inner = named.func.attr if named.func.attr in PARTS else part
            yield from _in_order(statement.body, inner)
        elif isinstance(statement, ast.Expr | ast.Assign) and isinstance(statement.value, ast.Call):
            yield statement.value, part


def _sent(function: str, call: ast.Call, part: str) -> SentCall:
    method, target = (ast.literal_eval(argument) for argument in call.args)
    told = {each.arg: ast.literal_eval(each.value) for each in call.keywords}
    if told.get("catch") == "param":  # the reference's client refuses it before it is sent
        method = ""
    return SentCall(function, method, target, told.get("body"), told.get("verbatim", False), part)
