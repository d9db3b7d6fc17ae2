"""Where that is written what a page says of a snippet above its dashes, for messages about it.

Where it cannot be found, the opening dashes stand for it.
"""

from __future__ import annotations

from specgen.dialect.snippets import NAME, SOURCE
from specgen.dialect.values import Form, Snippet
from specgen.source import Span

__all__ = ["language_span", "name_span", "test_env_span"]


def language_span(snippet: Snippet) -> Span:
    """Where the language of a snippet is written."""
    return _in_source_line(snippet, "language")


def name_span(snippet: Snippet) -> Span:
    """Where the name of a snippet is written."""
    source, start, end = _in_source_line(snippet, "rest")
    found = NAME.search(source.text, start, end) if start < end else None
    return Span(source, *found.span("name")) if found else snippet.opening


def _in_source_line(snippet: Snippet, group: str) -> Span:
    source, above = snippet.opening.source, snippet.line - 1
    found = SOURCE[Form.MODERN].fullmatch(source.line_text(above))
    if not found or found["language"] != snippet.language:
        return snippet.opening
    start = source.line_starts[above - 1]
    return Span(source, start + found.start(group), start + found.end(group))


def test_env_span(snippet: Snippet) -> Span:
    """Where the licence of a snippet is written."""
    source = snippet.opening.source
    written = f'"{snippet.test_env}"'
    start = source.text.rfind(written, 0, snippet.opening.start)
    return Span(source, start + 1, start + len(written) - 1) if start >= 0 else snippet.opening
