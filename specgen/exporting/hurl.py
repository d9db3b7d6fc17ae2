r"""Writes a case as a Hurl file: requests, and what must hold of their answers.

Hurl judges what it can say: statuses, values, and how many keys and items there are. What it
cannot is told in a comment where it stands: regular expressions of Java, shapes, lists in any
order, deprecation warnings. Hurl stops at the first request that fails, so what follows it, a
teardown included, is not sent then.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import quote

from specgen.dialect.triple_quotes import converted_if_closed
from specgen.plan.values import (
    Case,
    CheckStep,
    MatchStep,
    NoteStep,
    PagePlan,
    RequestStep,
    SetupStep,
    Step,
    YamlStep,
)
from specgen.render.literals import comment_text
from specgen.render.view import is_end, target_of
from specgen.replay.fields import pointer_to
from specgen.replay.flow import ExpectedUnreadable, read_expected
from specgen.replay.nodes import ListNode, Node, ObjectNode, Scalar
from specgen.replay.status import CATCHES

__all__ = ["render_hurl"]

# A reference to a kept value, or to one of the answer before: `$id`, `${id}`, `$body.count`,
# `${body.hits.hits.0._id}`.
REFERENCE = re.compile(
    r"\$(?:\{body\.(?P<path>[\w.]+)\}|body\.(?P<dotted>\w+(?:\.\w+)*)"
    r"|\{(?P<kept>\w+)\}|(?P<bare>\w+))"
)
PATH = re.compile(r"[\w-]+(?:\.[\w-]+)*")
NAME = re.compile(r"\w+")


def render_hurl(plan: PagePlan, case: Case) -> str:
    """The file of one case: the page's setup, its requests, the page's teardown."""
    lines = [
        f"# {comment_text(plan.title)}: {comment_text(case.slug)}",
        f"# Written by specgen from {comment_text(plan.page)}, line {case.line}.",
        "# hurl --path-as-is --variable target=http://localhost:9200 FILE",
    ]
    if why := case.skip or case.blocked:
        return "\n".join([*lines, f"# not run: {comment_text(why)}", ""])
    steps = _flat((*plan.setup, *sorted(case.steps, key=is_end), *plan.teardown))
    for index, step in enumerate(steps):
        if isinstance(step, RequestStep):
            later = steps[index + 1 :]
            lines += ["", *_entry(step, _looks(later), _taken(later))]
        elif isinstance(step, NoteStep):
            lines += ["", f"# {comment_text(step.text.lstrip('#'))}"]
    return "\n".join([*lines, ""])


def _flat(steps: Sequence[Step]) -> tuple[Step, ...]:
    flat: list[Step] = []
    for step in steps:
        flat += _flat(step.steps) if isinstance(step, SetupStep | YamlStep) else (step,)
    return tuple(flat)


def _looks(steps: Sequence[Step]) -> Iterator[MatchStep | CheckStep]:
    """What is asked of an answer, up to the next request."""
    for step in steps:
        if isinstance(step, RequestStep):
            return
        if isinstance(step, MatchStep | CheckStep):
            yield step


def _taken(steps: Sequence[Step]) -> tuple[str, ...]:
    """What the next request takes from the answer before it, as dotted paths."""
    request = next((step.request for step in steps if isinstance(step, RequestStep)), None)
    text = f"{target_of(request)} {request.body.text if request.body else ''}" if request else ""
    found = (each["path"] or each["dotted"] for each in REFERENCE.finditer(text))
    return tuple(dict.fromkeys(filter(None, found)))


def _entry(
    step: RequestStep, looks: Iterator[MatchStep | CheckStep], taken: Sequence[str]
) -> Iterator[str]:
    request = step.request
    target = _filled(target_of(request), _in_path)
    yield f"{request.method} {{{{target}}}}/{target}"
    if request.body is not None:
        yield "Content-Type: application/json"
        yield from _body(request.body.text)
    status = step.status or CATCHES.get(step.catch, 0)
    yield f"HTTP {status or '*'}"
    captures = [f"{_variable(path)}: jsonpath {_quoted(_dotted(path))}" for path in taken]
    asserts: list[str] = []
    if not status:
        asserts += ["status >= 400"] if step.catch else ["status >= 200", "status < 300"]
    if step.catch.startswith("/"):
        asserts.append(f"# judged by specgen alone: {comment_text(step.catch)}")
    asserts += [f"# a warning that must come: {comment_text(each)}" for each in step.warnings]
    for look in looks:
        if isinstance(look, CheckStep):
            _check(look, captures, asserts)
        elif request.method != "HEAD":
            asserts += _match(look)
    yield from ("[Captures]", *captures) if captures else ()
    yield from ("[Asserts]", *asserts) if asserts else ()


def _body(text: str) -> Iterator[str]:
    """A body between marks, as it is; in one line if it holds marks, or braces of a variable."""
    # `_bulk` and its like want a newline at the very end.
    plain = converted_if_closed(text).rstrip("\n") + "\n"
    if any(mark in plain for mark in ("{{", "{$", "```")):
        yield f"`{_filled(plain, _in_one_line)}`"
    else:
        yield f"```\n{_filled(plain)}```"


def _filled(text: str, written: Callable[[str], str] = str) -> str:
    """A text with kept values as Hurl names them, and what stands between them as it is written."""
    parts, end = [], 0
    for found in REFERENCE.finditer(text):
        name = _variable(found["path"] or found["dotted"] or "")
        name = _own(found["kept"] or found["bare"] or "") or name
        parts += [written(text[end : found.start()]), f"{{{{{name}}}}}"]
        end = found.end()
    return "".join([*parts, written(text[end:])])


def _in_path(text: str) -> str:
    """A piece of a path: braces would name a variable."""
    return quote(text, safe="%/?&=:,;@!$'()*+~-._[]")


def _in_one_line(text: str) -> str:
    return "".join("\\u{60}" if each == "`" else _escaped(each) for each in text)


def _variable(path: str) -> str:
    """What a value of an answer is called."""
    return f"body_{path.replace('.', '_')}"


def _own(name: str) -> str:
    """What a kept value is called: no page may say what `target` is."""
    return f"{name}_" if name.rstrip("_") == "target" else name


def _check(step: CheckStep, captures: list[str], asserts: list[str]) -> None:
    plain = PATH.fullmatch(step.field) and NAME.fullmatch(step.expected)
    if step.check in {"set", "keep"} and plain:
        captures.append(f"{_own(step.expected)}: jsonpath {_quoted(_dotted(step.field))}")
        return
    shown = f"{step.check} {step.field} {step.expected}".rstrip()
    asserts.append(f"# judged by specgen alone: {comment_text(shown)}")


def _dotted(field: str) -> str:
    return "$" + "".join(
        f"[{part}]" if part.isdigit() else f"['{part}']" for part in field.split(".")
    )


def _match(step: MatchStep) -> Iterator[str]:
    try:
        node = read_expected(step.expectation.text.text)
    except ExpectedUnreadable as trouble:
        yield f"# judged by specgen alone: {comment_text(trouble.message)}"
        return
    if isinstance(node, Scalar):
        yield "# judged by specgen alone: a body that is no JSON"
        return
    if step.leniency.shape or step.leniency.unordered:
        yield "# judged by specgen alone: a shape, or items in any order"
        return
    yield from _node(node, "$", "", step)


def _node(node: Node, path: str, pointer: str, step: MatchStep) -> Iterator[str]:
    if step.leniency.ignores(pointer):
        return
    query = f"jsonpath {_quoted(path)}"
    match node:
        case ObjectNode():
            yield from _object(node, path, pointer, step)
        case ListNode():
            yield f"{query} count == {len(node.items)}"
            for index, item in enumerate(node.items):
                yield from _node(item, f"{path}[{index}]", pointer_to(pointer, index), step)
        case Scalar(value=str(text)) if text.startswith("$"):
            # Of what an answer holds itself (`$body.took`) nothing is asked.
            found = REFERENCE.fullmatch(text)
            if found and (found["kept"] or found["bare"]) and text != "$body":
                yield f'{query} == "{_filled(text)}"'
        case Scalar():
            yield f"{query} == {_value(node.value)}"


def _object(node: ObjectNode, path: str, pointer: str, step: MatchStep) -> Iterator[str]:
    keys = [member.key for member in node.members]
    plain = all("'" not in key and "\\" not in key for key in keys)
    if not plain:
        yield f"# judged by specgen alone: the keys of {comment_text(pointer or '/')}"
        return
    exact = not (step.leniency.more_keys(pointer) or step.leniency.ignore)
    if exact and len(keys) == 1:  # of one value alone, Hurl makes no list
        yield f"# judged by specgen alone: that {comment_text(pointer or '/')} has no other key"
    elif exact and keys:
        yield f"jsonpath {_quoted(f'{path}.*')} count == {len(keys)}"
    for member in node.members:
        below = pointer_to(pointer, member.key)
        yield from _node(member.value, f"{path}['{member.key}']", below, step)


def _value(value: object) -> str:
    return _quoted(value) if isinstance(value, str) else json.dumps(value)


def _quoted(text: str) -> str:
    """A text as Hurl quotes it; braces are no variables there."""
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    plain = character.isascii() and character.isprintable() and character != "{"
    return character if plain else f"\\u{{{ord(character):x}}}"
