"""Splits the contents of a console snippet into requests, comments and YAML steps."""

from __future__ import annotations

import re

from specgen.dialect.values import Comment, Form, Part, Request, Snippet, YamlSteps
from specgen.problems import Problem
from specgen.source import MappedText

__all__ = ["METHODS", "TEXT_APIS", "find_parts", "parameters_of", "reports_shards"]

METHODS = "GET|PUT|POST|HEAD|OPTIONS|DELETE"
PART = re.compile(
    rf"""(?:
        (?P<comment>\#.+)
      | (?P<method>{METHODS})\s+(?P<target>[^\n]+)
        (?P<body>(?:\n(?!{METHODS}|startyaml|\#)[^\n]+)+)?
      | startyaml(?s:(?P<yaml>.+?))endyaml
    )\n+""",
    re.VERBOSE,
)
ENCODED = {
    Form.MODERN: {"<": "%3C", ">": "%3E"},
    Form.OLD: {"<": "%3C", ">": "%3E", "{": "%7B", "}": "%7D", "|": "%7C"},
}
# Answers of these tell nothing of shards, in either form.
TEXT_APIS = "_cat"
NO_SHARDS = {Form.MODERN: "_ml/datafeeds/", Form.OLD: "_xpack/ml/datafeeds/"}


def find_parts(snippet: Snippet, form: Form) -> tuple[tuple[Part, ...], tuple[Problem, ...]]:
    """Splits a snippet; what is no request is a problem at its place and ends the reading."""
    contents = snippet.contents
    parts: list[Part] = []
    offset = 0
    while offset < len(contents.text):
        found = PART.match(contents.text, offset)
        if found is None:
            return tuple(parts), (_unreadable(contents, offset, snippet),)
        parts.append(_part(contents, found, form))
        offset = found.end()
    return tuple(parts), ()


def reports_shards(path: str, form: Form) -> bool:
    """Whether an answer of this path may tell of shard failures, so that they are looked for."""
    return not path.startswith((TEXT_APIS, NO_SHARDS[form]))


def _part(contents: MappedText, found: re.Match[str], form: Form) -> Part:
    if found["comment"]:
        start, end = found.span("comment")
        return Comment(found["comment"], contents.span(start, end))
    if found["yaml"]:
        start, end = found.span("yaml")
        return YamlSteps(contents.slice(start, end), contents.span(found.start(), end))
    return _request(contents, found, form)


def _request(contents: MappedText, found: re.Match[str], form: Form) -> Request:
    end = found.end("body") if found["body"] else found.end("target")
    path, _, query = found["target"].partition("?")
    for character, code in ENCODED[form].items():
        path = path.replace(character, code)
    body = None
    if found["body"]:
        body = contents.slice(found.start("body") + 1, found.end("body"))
    return Request(
        found["method"],
        path.removeprefix("/"),
        parameters_of(query.partition("?")[0]),
        body,
        contents.slice(found.start(), end),
        contents.span(found.start(), end),
    )


def parameters_of(query: str) -> tuple[tuple[str, str], ...]:
    """Splits a query at `&` and each piece at `=`; only the first two pieces count."""
    pieces = (piece.split("=") for piece in query.split("&") if piece)
    return tuple((piece[0], piece[1] if len(piece) > 1 else "") for piece in pieces)


def _unreadable(contents: MappedText, offset: int, snippet: Snippet) -> Problem:
    if contents.text.startswith("\n") and not offset and contents.segments:
        message = "expected a request, found an empty line"
        return Problem.error("bad-request", contents.span(0, 1), message, "take the empty line out")
    line = contents.text[offset:].lstrip("\n").partition("\n")[0]
    start = contents.text.find(line, offset) if line else offset
    place = contents.span(start, start + len(line)) if contents.segments else snippet.opening
    shown = line if len(line) <= 60 else f"{line[:60]}…"
    hint = _advice(line, within=offset > 0)
    return Problem.error("bad-request", place, f"expected a request, found {shown!r}", hint)


def _advice(line: str, *, within: bool) -> str:
    word = line.split(maxsplit=1)[0] if line.strip() else ""
    methods = METHODS.split("|")
    if word in methods and line.strip() != word:
        return "each request ends with a newline: a substitution has taken that of this one"
    if word in methods:
        return f"a path follows {word} on the same line"
    if word.upper() in methods:
        return f"a method is written in capitals: {word.upper()}"
    if within and (begins := next(filter(word.startswith, methods), "")):
        return f"a line that begins with {begins} begins a request: indent what belongs to a body"
    if word == "startyaml":
        return "a line `endyaml` ends the steps that begin here"
    if word == "#":
        return "write the comment right behind the #, or take it out"
    if word.startswith(("//", "/*")):
        return "a comment outside a body begins with #"
    hint = "a request begins with GET, PUT, POST, HEAD, OPTIONS or DELETE and a path"
    return f"{hint}; an empty line ends the request before" if within else hint
