"""Small pages in the modern form, made of a few words."""

from __future__ import annotations

__all__ = ["answers", "asks", "page"]


def page(*snippets: str) -> str:
    """A page whose snippets stand one below the other; the first dashes are on line 6."""
    return "= Books\n\nWhat books do.\n\n" + "\n".join(snippets)


def asks(request: str, marker: str = "", name: str = "") -> str:
    """A snippet of requests with the marker below it, a comment as the page has it."""
    return _snippet("console", request, marker, name)


def answers(body: str, marker: str = "") -> str:
    """The response that the page shows."""
    return _snippet("console-result", body, marker, "")


def _snippet(language: str, text: str, marker: str, name: str) -> str:
    attributes = f"[source,{language},id={name}]" if name else f"[source,{language}]"
    return f"{attributes}\n----\n{text}\n----\n{marker}\n"
