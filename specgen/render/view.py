"""What the template of a module lays out: text that is already Python."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from specgen.dialect.requests import TEXT_APIS
from specgen.dialect.values import Request
from specgen.places import PlaceMap
from specgen.plan.values import (
    Case,
    CheckStep,
    MatchStep,
    NoteStep,
    PagePlan,
    RequestStep,
    SetupRole,
    SetupStep,
    Step,
    YamlStep,
)
from specgen.render.calls import call, function_head, list_argument
from specgen.render.literals import comment_text, docstring_text, pystr
from specgen.source import MappedText

__all__ = ["CaseView", "ModuleView", "is_end", "sends", "target_of", "view_of"]


@dataclass(frozen=True, slots=True)
class CaseView:
    """One test function: its decorators, its first line, and the lines of its body."""

    decorator: str
    head: str
    body: str


@dataclass(frozen=True, slots=True)
class ModuleView:
    """One module.

    Attributes:
        title: The page's title, safe inside a docstring.
        page: The page's name, safe inside a docstring.
        mark: The assignment of `pytestmark`.
        setup: The lines of the page's setup, or empty.
        teardown: The lines of its teardown, or empty.
        cases: The test functions in page order.
    """

    title: str
    page: str
    mark: str
    setup: str
    teardown: str
    cases: tuple[CaseView, ...]

    @property
    def imports(self) -> str:
        """What the module takes from `specgen.replay`.

        It imports pytest through there alone: a linter sorts two imports in different ways,
        depending on whether it takes specgen for a part of the project.
        """
        names = ["Cluster", "page_of"]
        if self.setup or self.teardown:
            names.append("page_setup")
        for name in ("requires", "skipped"):
            if any(f"@{name}(" in case.decorator for case in self.cases):
                names.append(name)
        return ", ".join(names)


def view_of(plan: PagePlan) -> ModuleView:
    """Lays out a page's plan as Python text, with the places of its calls in one string."""
    inside = 8 if plan.teardown else 4
    setup = _body(plan.setup, inside, in_setup=True) if plan.setup else ""
    teardown = _body(plan.teardown, 8, in_setup=True) if plan.teardown else ""
    cases = tuple(_case(case) for case in plan.cases)
    mark = _mark(plan)
    title = docstring_text(plan.title).rstrip(".") or "A page"
    return ModuleView(title, docstring_text(plan.page), mark, setup, teardown, cases)


def _mark(plan: PagePlan) -> str:
    """The assignment of `pytestmark`: digest, places, and files other than the page in them."""
    files = {plan.page: 0}
    places = [*_places(plan.setup, files), *_places(plan.teardown, files)]
    for case in plan.cases:
        ends = [step for step in case.steps if is_end(step)]
        places += _places([*(s for s in case.steps if not is_end(s)), *ends], files)
    at = pystr(" ".join((_digest(plan), *places)))
    arguments = [pystr(plan.page), f"at={at}"]
    if others := [pystr(file) for file, number in files.items() if number]:
        arguments.append(list_argument("files", others, 0))
    return call("pytestmark = page_of", arguments)


def _digest(plan: PagePlan) -> str:
    """The digest of the page, or of all digests if it has lines of other files."""
    if not plan.included:
        return plan.source.digest
    digests = " ".join(source.digest for source in (plan.source, *plan.included))
    return hashlib.sha256(digests.encode()).hexdigest()[:16]


def _case(case: Case) -> CaseView:
    decorators = []
    if case.skip:
        decorators.append(call("@skipped", (pystr(case.skip),)))
    elif not case.blocked and not any(map(sends, case.steps)):
        decorators.append(call("@skipped", (pystr("sends no request"),)))
    if case.requires:
        decorators.append(call("@requires", [pystr(text) for text in case.requires]))
    lines = _case_body(case.steps) if case.steps else ""
    if case.blocked and not case.skip:
        lines = "\n".join(filter(None, (call("cluster.blocked", (pystr(case.blocked),), 4), lines)))
    return CaseView(
        "\n".join(decorators), function_head(case.slug), lines or "    cluster.nothing()"
    )


def _case_body(steps: Sequence[Step]) -> str:
    """The lines of a test; named teardowns run last, whatever happened before them."""
    ends = [step for step in steps if is_end(step)]
    if not ends:
        return _body(steps, 4)
    others = _body([step for step in steps if not is_end(step)], 8)
    return f"    try:\n{others}\n    finally:\n{_body(ends, 8)}"


def is_end(step: Step) -> bool:
    """Whether a step is a named teardown, which runs last wherever it was asked for."""
    return isinstance(step, SetupStep) and step.role is not SetupRole.SETUP


def sends(step: Step) -> bool:
    """Whether a step sends a request."""
    if isinstance(step, SetupStep | YamlStep):
        return any(isinstance(inner, RequestStep) for inner in step.steps)
    return isinstance(step, RequestStep)


def _body(steps: Sequence[Step], indent: int, *, in_setup: bool = False) -> str:
    flat = _flat(steps)
    looked_at = _looked_at(flat)
    lines: list[str] = []
    for index, step in enumerate(flat):
        lines += _lines(step, index in looked_at, indent, in_setup)
    if all(isinstance(step, NoteStep) for step in flat):
        lines.append(f"{' ' * indent}cluster.nothing()")  # a comment alone is no block
    return "\n".join(lines)


def _flat(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps as calls are made: YAML steps one by one, no look at an answer before any."""
    each = chain.from_iterable(s.steps if isinstance(s, YamlStep) else (s,) for s in steps)
    flat: list[Step] = []
    sent = False
    for step in each:
        sent = sent or isinstance(step, RequestStep)
        if sent or not _looks_back(step):
            flat.append(step)
    return tuple(flat)


def _looked_at(steps: Sequence[Step]) -> frozenset[int]:
    """The positions of the requests whose answers a later step looks at."""
    found: set[int] = set()
    last = 0
    for index, step in enumerate(steps):
        if isinstance(step, RequestStep):
            last = index
        elif _looks_back(step):
            found.add(last)
    return frozenset(found)


def _lines(step: Step, looked_at: bool, indent: int, in_setup: bool) -> Iterator[str]:
    pad = " " * indent
    if isinstance(step, NoteStep):
        note = comment_text(step.text.lstrip("#"))
        yield f"{pad}# {note}" if note else f"{pad}#"
    elif isinstance(step, RequestStep):
        name = "response = " if looked_at else ""
        yield call(f"{name}cluster.request", _arguments(step, in_setup, indent), indent)
    elif isinstance(step, MatchStep):
        yield call("response.matches", _match_arguments(step, indent), indent)
    elif isinstance(step, CheckStep):
        yield call(*_check(step), indent)
    elif isinstance(step, SetupStep):
        verb = "setup" if step.role is SetupRole.SETUP else "teardown"
        yield call(f"with cluster.{verb}", (pystr(step.setup.name),), indent, ":")
        yield _body(step.steps, indent + 4, in_setup=True)


def _match_arguments(step: MatchStep, indent: int) -> list[str]:
    arguments = [pystr(_expected(step.expectation.text))]
    for name, pointers in step.leniency.named():
        arguments.append(list_argument(name, [pystr(text) for text in pointers], indent))
    if step.within:
        arguments.append(f"within={step.within:g}")
    return arguments


def _looks_back(step: Step) -> bool:
    """Whether a step looks at the answer of the request before it."""
    return isinstance(step, MatchStep) or (
        isinstance(step, CheckStep) and step.check != "compare_analyzers"
    )


def _check(step: CheckStep) -> tuple[str, list[str]]:
    """The function of a check and its arguments."""
    if step.check == "compare_analyzers":
        names = json.loads(step.expected)
        return "cluster.compare_analyzers", [pystr(name) for name in names]
    functions = {"length": "has_length", "match": "field_matches"}
    arguments = [pystr(step.field)]
    if step.check == "length":
        arguments.append(step.expected)
    elif step.check in {"match", "set", "keep"}:
        arguments.append(pystr(step.expected))
    return f"response.{functions.get(step.check, step.check)}", arguments


def _arguments(step: RequestStep, in_setup: bool, indent: int) -> list[str]:
    request = step.request
    arguments = [pystr(request.method), pystr(target_of(request))]
    if request.body is not None:
        arguments.append(f"body={pystr(request.body.text)}")
    if step.catch:
        arguments.append(f"catch={pystr(step.catch)}")
    if step.warnings:
        items = [pystr(warning) for warning in step.warnings]
        arguments.append(list_argument("warnings", items, indent))
    if not (in_setup or step.shards or request.path.startswith(TEXT_APIS)):
        arguments.append("shards=False")
    if step.status:
        arguments.append(f"status={step.status}")
    if step.verbatim:
        arguments.append("verbatim=True")
    if step.codes:
        arguments.append(list_argument("codes", [pystr(code) for code in step.codes], indent))
    return arguments


def target_of(request: Request) -> str:
    """Path and query as a page writes them: `my-index/_search?size=1&pretty`."""
    query = "&".join(f"{name}={value}" if value else name for name, value in request.query)
    return f"{request.path}?{query}" if query else request.path


def _expected(text: MappedText) -> str:
    # The dialect ends every line; a literal reads better without the last end.
    return text.text.removesuffix("\n")


def _places(steps: Sequence[Step], files: dict[str, int]) -> Iterator[str]:
    """The place of each call in the order in which the module makes them.

    Args:
        steps: In order.
        files: The number of each file so far, 0 for the page; new ones are added.
    """
    for step in _flat(steps):
        if isinstance(step, RequestStep):
            yield _request_place(step.request, files)
        elif isinstance(step, MatchStep):
            yield PlaceMap.of(step.expectation.text).encode(files)
        elif isinstance(step, CheckStep):
            yield PlaceMap.line(step.span).encode(files)
        elif isinstance(step, SetupStep):
            yield from (PlaceMap.line(step.span).encode(files) for _ in _flat(step.steps))


def _request_place(request: Request, files: dict[str, int]) -> str:
    line = PlaceMap.line(request.span)
    if request.body is None:
        return line.encode(files)
    body = PlaceMap.of(request.body)
    if body == line.next_line():
        return line.encode(files)
    return f"{line.encode(files)}+{body.encode(files)}"
