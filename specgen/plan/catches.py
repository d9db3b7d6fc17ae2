"""Which errors a `catch` can expect."""

from __future__ import annotations

from specgen.dialect.values import Option
from specgen.nearest import nearest
from specgen.problems import Problem
from specgen.source import Span

__all__ = ["unknown_catch"]

CATCHES = (
    "bad_request",
    "unauthorized",
    "forbidden",
    "missing",
    "request_timeout",
    "conflict",
    "unavailable",
    "request",
    "param",
)


def unknown_catch(catch: Option) -> Problem | None:
    """What is wrong with the value of a catch: it is an error class, or `/regex/`."""
    text = catch.value
    if text in CATCHES or (len(text) > 2 and text[0] == text[-1] == "/"):
        return None
    source, _, end = catch.span
    message = f"expected an error class or /regex/, found {text!r}"
    return Problem.error("unknown-catch", Span(source, end - len(text), end), message, _hint(text))


def _hint(text: str) -> str:
    if text.startswith("/"):
        return "a slash ends the regular expression"
    close = nearest(text, CATCHES)
    return f"did you mean `{close}`?" if close else f"known: {', '.join(CATCHES)}"
