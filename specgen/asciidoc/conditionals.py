"""Decides `ifdef`, `ifndef` and `ifeval`, and remembers which of them are open."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from specgen.asciidoc import patterns
from specgen.asciidoc.attributes import Attributes, whole_number
from specgen.problems import Problem
from specgen.source import Span

__all__ = ["Conditionals"]

_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_NUMBER = re.compile(r"\s*[+-]?\d{1,300}(?:\.\d{1,300})?")


@dataclass(frozen=True, slots=True)
class _Open:
    name: str
    target: str
    skips: bool
    span: Span


@dataclass(slots=True)
class Conditionals:
    """The conditionals that are open at a line, and what was wrong with those before it."""

    open: list[_Open] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def skipping(self) -> bool:
        """Whether the lines here are left out."""
        return bool(self.open) and self.open[-1].skips

    def copy(self) -> Conditionals:
        """The same, which changes on its own."""
        return Conditionals(list(self.open), list(self.problems))

    def take(self, found: re.Match[str], span: Span, attributes: Attributes) -> str | None:
        """Takes one directive in.

        Args:
            found: A match of `patterns.CONDITIONAL`.
            span: Its line.
            attributes: As they are at that line.

        Returns:
            The text that a directive on a single line, `ifdef::x[text]`, leaves in its place.
        """
        name, target, text = found["name"], found["target"].lower(), found["text"]
        if name == "endif":
            self._close(target, text, span)
            return None
        was_skipping, holds = self.skipping, True
        if not was_skipping:
            decided = self._decide(name, target, text, span, attributes)
            if decided is None:
                return None
            holds = decided
        if name != "ifeval" and text:
            return None if was_skipping or not holds else text.rstrip()
        self.open.append(_Open(name, target, was_skipping or not holds, span))
        return None

    def finish(self) -> None:
        """Tells which conditionals the end of the page finds open."""
        for each in self.open:
            message = f"nothing closes this {each.name}"
            hint = f"write `endif::{each.target}[]` where it ends"
            self.problems.append(Problem.warning("open-conditional", each.span, message, hint))

    def _close(self, target: str, text: str | None, span: Span) -> None:
        if text:
            self._refuse(span, "an endif has no text between its brackets")
        elif not self.open:
            self._refuse(span, "this endif closes nothing")
        elif target and target != self.open[-1].target:
            last = self.open[-1]
            opened = f"{last.name}::{last.target}" if last.target else last.name
            self._refuse(span, f"this endif is not that of the {opened} that is open")
        else:
            self.open.pop()

    def _decide(
        self, name: str, target: str, text: str | None, span: Span, attributes: Attributes
    ) -> bool | None:
        """Whether the condition holds; None where it is none."""
        if name == "ifeval":
            if target or not text or (held := evaluate(text.strip(), attributes)) is None:
                self._refuse(span, 'an ifeval compares two values: ifeval::["{name}" == "value"]')
                return None
            return held
        if not target:
            self._refuse(span, f"expected the name of an attribute after {name}::")
            return None
        return defined(target, attributes) is (name == "ifdef")

    def _refuse(self, span: Span, message: str) -> None:
        self.problems.append(Problem.warning("bad-conditional", span, message))


def defined(target: str, attributes: Attributes) -> bool:
    """Whether `a,b` or `a+b` counts as set: of `a,b` one is enough, of `a+b` all are needed."""
    first = next((mark for mark in target if mark in ",+"), "")
    names = target.split(first) if first else [target]
    return (any if first == "," else all)(name in attributes for name in names)


def evaluate(expression: str, attributes: Attributes) -> bool | None:
    """What a comparison comes to; None where the text is none.

    Values of two kinds are never equal, and to order them is false.
    """
    found = patterns.COMPARISON.search(expression, 1)
    if not found:
        return None
    left = _value(expression[: found.start()].rstrip(" ") or " ", attributes)
    right = _value(expression[found.end() :].lstrip(" ") or " ", attributes)
    same_kind = type(left) is type(right) or {type(left), type(right)} == {int, float}
    if found[0] in {"==", "!="}:
        return (same_kind and left == right) is (found[0] == "==")
    if not same_kind or left is None or isinstance(left, bool):
        return False
    return _COMPARISONS[found[0]](left, right)


def _value(text: str, attributes: Attributes) -> str | int | float | bool | None:
    quoted = text[0] == text[-1] and text[0] in "\"'"
    text = attributes.resolve(text[1:] if quoted else text, "drop")
    if quoted:
        return text
    if not text:
        return None
    if text in {"true", "false"}:
        return text == "true"
    if not text.strip():
        return " "
    if "." in text:
        found = _NUMBER.match(text)
        return float(found[0]) if found else 0.0
    return whole_number(text)
