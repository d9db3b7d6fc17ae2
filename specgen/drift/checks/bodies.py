"""Bodies of requests and responses that cannot be read, whatever a cluster says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from specgen.dialect.triple_quotes import UnclosedString, converted
from specgen.dialect.values import Form, MarkerKind, OptionName, Snippet
from specgen.plan.reading import PageStages
from specgen.plan.values import MatchStep, RequestStep, Role, Step
from specgen.problems import Problem
from specgen.replay.flow import ExpectedUnreadable, read_expected
from specgen.replay.stash import Stash, StashFailure
from specgen.replay.wire import BodyUnreadable, body_bytes
from specgen.source import MappedText, Span

__all__ = ["loose_responses", "unreadable_bodies"]

# A token of JSON, or a value of the stash; the words after it are those that no JSON has.
TOKEN = re.compile(
    r'"""(?s:.*?)"""|"(?:[^"\\\n]|\\.)*"|\$[^\s,}\]]+|[{}\[\]:,]|\s+'
    r"|(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?=[\s,:\]}]|\Z)"
)
WORD = re.compile(r"[^\s,\]}]+")
NO_VALUE = re.compile(r",(?=\s*[}\]])|:(?=\s*[,}\]])")
READERS_COPY = "write it as JSON has it, since readers copy it"


def unreadable_bodies(stages: PageStages) -> Iterator[Problem]:
    """What a replay would find unreadable; the bodies of skipped cases are left alone.

    Named setups are not of this page, and YAML steps were read by the planner.
    """
    plan = stages.plan
    text = "non_json" if plan.form is Form.MODERN else "_cat"
    yield from _of_steps(plan.setup, text)
    yield from _of_steps(plan.teardown, text)
    for case in plan.cases:
        if not case.skip:
            yield from _of_steps(case.steps, text)


def _of_steps(steps: Sequence[Step], text: str) -> Iterator[Problem]:
    for step in steps:
        if isinstance(step, MatchStep):
            yield from _expected(step.expectation.text, text)
        elif isinstance(step, RequestStep) and step.request.body is not None and not step.catch:
            yield from _sent(step.request.body)


def _expected(body: MappedText, option: str) -> Iterator[Problem]:
    try:
        read_expected(body.text)
    except ExpectedUnreadable as trouble:
        message = f"the documented body cannot be read: {trouble.message}"
        if body.text.lstrip().startswith(("{", "[")):
            hint = (
                "correct the JSON; what differs each time is put right by // TESTRESPONSE[s/…/…/]"
            )
        else:
            hint = f"a body that is no JSON needs // TESTRESPONSE[{option}]"
        yield Problem.error("expected-not-json", _at(body, trouble.offset), message, hint)


def _sent(body: MappedText) -> Iterator[Problem]:
    try:
        body_bytes(converted(body.text) and body.text, Stash())
    except UnclosedString:
        return  # the planner tells of it
    except StashFailure:
        return  # a value that only an answer can give
    except BodyUnreadable as trouble:
        message = f"the body of this request cannot be sent: {trouble.message}"
        yield Problem.error("bad-body", _at(body, trouble.offset), message)


def _at(body: MappedText, offset: int) -> Span:
    """The character at an offset; where the text has ended too early, what follows its last."""
    offset = min(offset, len(body.text.rstrip()))
    return body.span(offset, offset + 1)


def loose_responses(stages: PageStages) -> Iterator[Problem]:
    """Responses that can be compared and yet are no JSON, once values of the stash are quoted.

    The reference refuses them in a page of 2018, but for a comma too many. Its modern code means
    to and never does.
    """
    for snippet, role in zip(stages.reading.snippets, stages.plan.roles, strict=True):
        if role.role is not Role.RESPONSE or not _is_json(snippet, stages.plan.form):
            continue
        body = snippet.contents
        if (found := _loose(body.text)) and _readable(body.text):
            start, end, what = found
            message = f"this response can be compared, but is no JSON: {what}"
            refused = stages.plan.form is Form.OLD and body.text[start] != ","
            told = Problem.error if refused else Problem.warning
            yield told("expected-not-json", body.span(start, end), message, READERS_COPY)


def _is_json(snippet: Snippet, form: Form) -> bool:
    if snippet.option(OptionName.NON_JSON):
        return False
    marked = snippet.language == "js" and snippet.marked(MarkerKind.TESTRESPONSE)
    meant = marked or (form is Form.MODERN and snippet.language == "console-result")
    return meant and snippet.contents.text.lstrip().startswith(("{", "["))


def _loose(text: str) -> tuple[int, int, str] | None:
    """The first stretch of a text that no JSON has, and what is wrong with it."""
    position = 0
    while position < len(text):
        token = TOKEN.match(text, position)
        if not token:
            word = WORD.match(text, position)
            end = word.end() if word else position + 1
            return position, end, f"found {text[position:end]!r}"
        if NO_VALUE.match(text, position):
            sign = "comma" if text[position] == "," else "colon"
            return position, position + 1, f"nothing follows this {sign}"
        position = token.end()
    return None


def _readable(text: str) -> bool:
    try:
        read_expected(text)
    except ExpectedUnreadable:
        return False
    return True
