"""All that a run would send, told from its modules alone: no target is opened for it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from specgen.render.rendered import Rendered, RenderedCase
from specgen.replay.belongings import Belonging, listing_of, removal_of, what_it_makes
from specgen.replay.sent_calls import SentCall, calls_of, refusal_of, sent_calls
from specgen.replay.values import Clean
from specgen.target.guard import marker_call, reads_only
from specgen.target.opening import TargetSettings
from specgen.target.permission import Permission
from specgen.target.values import Call

__all__ = ["DryPlan", "PlannedCall", "PlannedCase", "Removal", "dry_plan"]


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """A request that would be sent.

    Attributes:
        part: `start-up`, `question` (what the case requires of the target), `setup`, `case`,
            `teardown`, or `cleaning`.
        method: Upper case.
        path: With its query; stash references as the page has them.
        body_bytes: How long its body is; stash references count as they stand.
        reads: Whether it changes nothing.
        repeats: Whether it may be sent several times.
        refused: Why it is not sent; empty if it is.
    """

    part: str
    method: str
    path: str
    body_bytes: int = 0
    reads: bool = True
    repeats: bool = False
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Removal:
    """What cleaning would remove once the case is over, if it is there and was not before.

    Attributes:
        thing: In the words of messages: `index gulls`; without a name where only the target
            can tell which.
        request: The request that removes it; empty where that is not known before.
    """

    thing: str
    request: str = ""


@dataclass(frozen=True, slots=True)
class PlannedCase:
    """What one case would send.

    Attributes:
        case: The case.
        not_run: Why it is not run; empty if it is.
        requires: What a target must be or know, or else it is not run either.
        calls: Its requests, in order; those of a case that is not run show why.
        lists: What is listed before the first request that makes something.
        removals: What cleaning would remove.
    """

    case: RenderedCase
    not_run: str
    requires: tuple[str, ...]
    calls: tuple[PlannedCall, ...]
    lists: tuple[PlannedCall, ...] = ()
    removals: tuple[Removal, ...] = ()

    @property
    def sent(self) -> tuple[PlannedCall, ...]:
        """The requests of the page that would be sent."""
        return () if self.not_run else self.calls


@dataclass(frozen=True, slots=True)
class DryPlan:
    """All that a run would send.

    Attributes:
        target: The target as people see it, without credentials.
        access: `private`, `read-only`, `scope`, `disposable`, or `marked` if it is used only
            with the marker index.
        start: What is sent to open it.
        cases: In the order in which they would be run.
    """

    target: str
    access: str
    start: tuple[PlannedCall, ...]
    cases: tuple[PlannedCase, ...]


@dataclass(frozen=True, slots=True)
class _Module:
    """What the text of a module tells of its tests."""

    sends: tuple[SentCall, ...] = ()
    skipped: Mapping[str, str] = field(default_factory=dict)
    blocked: Mapping[str, str] = field(default_factory=dict)
    requires: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def dry_plan(
    pages: Sequence[Rendered],
    cases: Sequence[RenderedCase],
    settings: TargetSettings,
    clean: Clean = Clean.CASE,
) -> DryPlan:
    """Tells what a run would send; nothing is sent for it.

    Args:
        pages: The pages of the cases.
        cases: The cases, in the order in which they would be run.
        settings: Where to replay; a marker index is taken to be there.
        clean: When what cases made is removed.
    """
    wanted = {case.page for case in cases}
    modules = {page.page: _module(page.module) for page in pages if page.page in wanted}
    asked: set[str] = set()
    cleans = clean is not Clean.NEVER and not settings.read_only
    planned = (_planned(case, modules[case.page], settings, asked, cleans) for case in cases)
    target = settings.secrets.redact(settings.target)
    return DryPlan(target, _access(settings), tuple(_start(settings)), tuple(planned))


def _planned(
    case: RenderedCase, module: _Module, settings: TargetSettings, asked: set[str], cleans: bool
) -> PlannedCase:
    test = f"test_{case.slug}"
    permission, requires = settings.permission, module.requires.get(test, ())
    sends = calls_of(module.sends, test)
    blocked = module.blocked.get(test, "")
    if blocked:  # setup and teardown of its page are sent all the same
        sends = tuple(each for each in sends if each.function == "page")
    calls = tuple(_with_verdicts(sends, permission, settings))
    not_run = module.skipped.get(test, "") or refusal_of(sends, permission)
    if not_run:
        return PlannedCase(case, not_run, requires, calls)
    questions = tuple(_questions(requires, asked))
    lists, removals = _cleaning([each.call for each in sends], settings) if cleans else ((), ())
    return PlannedCase(case, "", requires, (*questions, *calls), lists, removals)


def _with_verdicts(
    sends: Iterable[SentCall], permission: Permission, settings: TargetSettings
) -> Iterator[PlannedCall]:
    made: set[str] = set()
    for sent in sends:
        call = sent.call
        if question := permission.question(call, made):
            yield PlannedCall("question", question.method, question.path)
        yield PlannedCall(
            sent.part,
            sent.method,
            settings.secrets.redact(sent.target),
            len(call.body or b""),
            reads_only(call.method, call.path, call.query, call.body),
            sent.repeats,
            permission.why_not_next(call, made),
        )


def _questions(requires: Iterable[str], asked: set[str]) -> Iterator[PlannedCall]:
    """What is asked of the target for what a case requires; each once in a run."""
    for text in requires:
        what, _, value = text.partition("=")
        if what == "api" and value not in asked:
            asked.add(value)
            yield PlannedCall("question", "GET", value.strip("/"))


def _cleaning(
    calls: Sequence[Call], settings: TargetSettings
) -> tuple[tuple[PlannedCall, ...], tuple[Removal, ...]]:
    made: dict[Belonging, None] = {}
    lists: dict[Call, None] = {}
    removals: list[Removal] = []
    for call in calls:
        for each in what_it_makes(call):
            made[each] = None
            lists[listing_of(each.sort, each.within)] = None
    for each in made:
        removal = removal_of(each.sort, [each.name], each.within) if each.name else None
        request = f"{removal.method} {removal.path}" if removal else ""
        removals.append(Removal(settings.secrets.redact(str(each)).rstrip(), request))
    if any(call.method == "PUT" and call.path == "_cluster/settings" for call in calls):
        lists[Call("GET", "_cluster/settings")] = None
        removals.append(Removal("changed cluster settings", "PUT _cluster/settings"))
    shown = (PlannedCall("cleaning", call.method, call.path) for call in lists)
    return tuple(shown), tuple(removals)


def _start(settings: TargetSettings) -> Iterator[PlannedCall]:
    if settings.is_recording:
        return
    if _access(settings) == "marked":
        yield PlannedCall("start-up", "GET", marker_call().path)
    yield PlannedCall("start-up", "GET", "")


def _access(settings: TargetSettings) -> str:
    if settings.read_only:
        return "read-only"
    if settings.scope:
        return "scope"
    if settings.is_private:
        return "private"
    return "disposable" if settings.disposable else "marked"


def _module(text: str) -> _Module:
    tree = ast.parse(text)
    skipped: dict[str, str] = {}
    blocked: dict[str, str] = {}
    requires: dict[str, tuple[str, ...]] = {}
    for function in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
        for name, texts in _told(function.decorator_list):
            if name == "skipped":
                skipped[function.name] = texts[0]
            elif name == "requires":
                requires[function.name] = texts
        first = function.body[0]
        for name, texts in _told([first.value]) if isinstance(first, ast.Expr) else ():
            if name == "blocked":
                blocked[function.name] = texts[0]
    return _Module(sent_calls(tree), skipped, blocked, requires)


def _told(expressions: Iterable[ast.expr]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The names of the functions that are called, each with its arguments."""
    for each in expressions:
        if isinstance(each, ast.Call):
            name = each.func.id if isinstance(each.func, ast.Name) else ""
            name = each.func.attr if isinstance(each.func, ast.Attribute) else name
            if name in {"skipped", "requires", "blocked"}:
                yield name, tuple(ast.literal_eval(argument) for argument in each.args)
