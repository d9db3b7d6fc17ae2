"""From the snippets of a page to its cases, by the rules of the dialect's second part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import PurePosixPath

from specgen.asciidoc.page import Outline, Page
from specgen.dialect.leniency import ApiLeniency
from specgen.dialect.snippets import Reading, span_of
from specgen.dialect.values import Expectation, Form, MarkerKind, OptionName, Snippet
from specgen.dialect.written import language_span, name_span, test_env_span
from specgen.plan.names import free, slugs_for
from specgen.plan.own_options import (
    OwnOptions,
    SnippetUse,
    after_request,
    kept_values,
    requirements_of,
    softened,
)
from specgen.plan.setups import NO_SETUPS, NamedSetups
from specgen.plan.snippet_steps import looks_at_nothing, steps_of, unclosed
from specgen.plan.values import (
    Case,
    MatchStep,
    PagePlan,
    RequestStep,
    Role,
    SnippetRole,
    Step,
    YamlStep,
)
from specgen.problems import Problem, Related
from specgen.source import Source, Span

__all__ = ["plan_page"]

TEST_ENVS = ("basic", "gold", "platinum")
# Why there is nothing that could be answered or continued.
REFUSED = "was refused"
NO_TEST = "is not a test"


@dataclass(slots=True)
class _Draft:
    """A case while its continued snippets come in."""

    snippet: Snippet
    last: Snippet
    skip: str
    name: str
    steps: list[Step] = field(default_factory=list)
    blocked: str = ""
    requires: dict[str, None] = field(default_factory=dict)


@dataclass(slots=True)
class _Planner:
    page: Page
    form: Form
    setups: NamedSetups
    own: OwnOptions
    setup: list[Step] = field(default_factory=list)
    teardown: list[Step] = field(default_factory=list)
    drafts: list[_Draft] = field(default_factory=list)
    previous: str = ""
    names: dict[str, Span] = field(default_factory=dict)
    # Of each name of a case, the last ordinal that was given to it.
    case_names: dict[str, int] = field(default_factory=dict)
    blocked: str = ""
    # Why the last test or setup is none: what answers or continues it goes with it.
    lost: str = ""
    roles: list[SnippetRole] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def plan_page(
    page: Page,
    outline: Outline,
    reading: Reading,
    setups: NamedSetups = NO_SETUPS,
    lenient: Sequence[ApiLeniency] = (),
) -> PagePlan:
    """Plans the cases of a page; what breaks a rule is a problem and stops only its snippet.

    Args:
        page: Its lines.
        outline: Its headings, by which cases are named.
        reading: Its snippets.
        setups: The named setups.
        lenient: Where less is asked of its responses than it shows.
    """
    own = OwnOptions.of_page(reading.markers, lenient)
    planner = _Planner(page, reading.form, setups, own)
    for snippet in reading.snippets:
        _place(planner, snippet)
    slugs = slugs_for([draft.snippet for draft in planner.drafts], outline, page)
    cases = tuple(
        _case(draft, slug, page.name, planner.blocked)
        for draft, slug in zip(planner.drafts, slugs, strict=True)
    )
    title = next((heading.title for heading in outline.headings), page.name)
    problems = (*reading.problems, *planner.problems, *planner.own.problems)
    return PagePlan(
        page.source,
        title,
        reading.form,
        tuple(planner.setup),
        tuple(planner.teardown),
        cases,
        tuple(planner.roles),
        tuple(sorted(problems, key=partial(_order, page))),
        _included(page),
    )


def _included(page: Page) -> tuple[Source, ...]:
    sources = dict.fromkeys(line.span.source for line in page.lines if line.via)
    return tuple(source for source in sources if source.path != page.name)


def _order(page: Page, problem: Problem) -> tuple[bool, str, int]:
    """The page's own problems come before those of the files that it includes."""
    source = problem.span.source
    return source is not page.source, source.path, problem.span.start


def _case(draft: _Draft, slug: str, page: str, blocked: str) -> Case:
    snippet = draft.snippet
    return Case(
        f"{page}::{slug}",
        slug,
        draft.name,
        page,
        tuple(draft.steps),
        draft.skip,
        blocked or draft.blocked or looks_at_nothing(draft.steps),
        span_of(snippet),
        span_of(draft.last),
        snippet.in_page.to(draft.last.in_page),
        tuple(draft.requires),
    )


def _name_of(planner: _Planner, snippet: Snippet) -> str:
    """What the reference calls the case that a snippet begins.

    The reference includes nothing. What another file brings is called by that file too, and
    counted where it is brought more than once.
    """
    own, opening = snippet.in_page, snippet.opening
    name = snippet.name
    if not name and own.start == opening.start and own.source is opening.source:
        name = f"line_{snippet.line}"
    if name:
        planner.case_names.setdefault(name, 1)
        return name
    file = PurePosixPath(opening.source.path).stem
    return free(f"{file}_line_{snippet.line}", planner.case_names)


def _place(planner: _Planner, snippet: Snippet) -> None:
    """Gives a snippet its place in the plan, and notes what became of it."""
    role, why = _plan(planner, snippet)
    with_case = role in {Role.TEST, Role.CONTINUED, Role.RESPONSE, Role.NOT_COMPARED}
    case = planner.drafts[-1].name if with_case and planner.drafts else ""
    planner.roles.append(SnippetRole(snippet.opening, snippet.language, role, case, why))


def _plan(planner: _Planner, snippet: Snippet) -> tuple[Role, str]:
    if snippet.language in {"json", "javascript"}:
        message = f"the language {snippet.language} cannot be a test or a response"
        if snippet.console or snippet.marked(MarkerKind.TEST):
            planner.lost = planner.lost or REFUSED
        hint = "use `js` or `console`"
        return _refuse(planner, "unknown-form", language_span(snippet), message, hint)
    if reason := snippet.option(OptionName.NOT_A_TEST):
        planner.own.look_at(snippet, SnippetUse.NOTHING)
        if _is_test(planner, snippet):
            planner.lost = planner.lost or NO_TEST
        return Role.NOTHING, reason.value.strip()
    if snippet.marked(MarkerKind.TESTSETUP):
        return _plan_setup(planner, snippet)
    if snippet.marked(MarkerKind.TEARDOWN):
        return _plan_teardown(planner, snippet)
    if snippet.language == "console-result" or snippet.marked(MarkerKind.TESTRESPONSE):
        return _plan_response(planner, snippet)
    if _is_test(planner, snippet):
        return _plan_test(planner, snippet)
    planner.own.look_at(snippet, SnippetUse.NOTHING)
    return Role.NOTHING, _why_nothing(snippet)


def _why_nothing(snippet: Snippet) -> str:
    if snippet.console is False:
        return "marked NOTCONSOLE"
    if snippet.console:
        return f"CONSOLE makes no test of {snippet.language or 'a snippet without a language'}"
    return f"{snippet.language} without a marker" if snippet.language else "without a language"


def _is_test(planner: _Planner, snippet: Snippet) -> bool:
    if snippet.language == "console" or snippet.marked(MarkerKind.TEST):
        return True
    # In a modern page the reference refuses `js` with CONSOLE; it is plain what is meant.
    old = planner.form is Form.OLD or snippet.language == "js"
    return old and snippet.console is True


def _plan_setup(planner: _Planner, snippet: Snippet) -> tuple[Role, str]:
    if planner.previous:
        message = "TESTSETUP is not the first test of the page"
        planner.lost = REFUSED
        place = _marker(snippet, MarkerKind.TESTSETUP)
        return _refuse(planner, "bad-order", place, message, "move it above all others")
    planner.previous = "setup"
    steps, blocked = _take_steps(planner, snippet, in_setup=True)
    planner.own.look_at(snippet, SnippetUse.SETUP)
    planner.setup += (*steps, *kept_values(planner.own, snippet))
    planner.blocked = blocked
    return Role.SETUP, ""


def _plan_teardown(planner: _Planner, snippet: Snippet) -> tuple[Role, str]:
    if planner.previous not in {"", "setup"}:
        message = "TEARDOWN comes neither first nor right after TESTSETUP"
        planner.lost = REFUSED
        place = _marker(snippet, MarkerKind.TEARDOWN)
        hint = "move it right below the TESTSETUP, or above all others"
        return _refuse(planner, "bad-order", place, message, hint)
    planner.previous = "teardown"
    steps, _ = _take_steps(planner, snippet, in_setup=True)
    planner.own.look_at(snippet, SnippetUse.TEARDOWN)
    planner.teardown += () if snippet.unmade else steps
    return Role.TEARDOWN, ""


def _marker(snippet: Snippet, kind: MarkerKind) -> Span:
    return next(marker.span for marker in snippet.markers if marker.kind is kind)


def _plan_response(planner: _Planner, snippet: Snippet) -> tuple[Role, str]:
    if skip := snippet.option(OptionName.SKIP):
        planner.own.look_at(snippet, SnippetUse.RESPONSE)
        if planner.drafts and not planner.lost:
            planner.drafts[-1].steps += kept_values(planner.own, snippet)
        return Role.NOT_COMPARED, skip.value.strip()
    if planner.lost:
        role = Role.REFUSED if planner.lost == REFUSED else Role.NOTHING
        return role, f"it answers a snippet that {planner.lost}"
    if not planner.drafts:
        message = "a response with no test before it"
        hint = "put it below the request it answers"
        return _refuse(planner, "bad-order", snippet.opening, message, hint)
    draft = planner.drafts[-1]
    draft.last = snippet
    if not any(isinstance(step, RequestStep | YamlStep) for step in draft.steps):
        message = "a response with no request before it"
        if not draft.blocked:
            hint = "put it below the request it answers, or write that request"
            _refuse(planner, "bad-order", snippet.opening, message, hint)
        return Role.REFUSED, message
    if trouble := unclosed(snippet.contents):
        planner.problems.append(trouble)
        draft.blocked = draft.blocked or trouble.message
        return Role.REFUSED, trouble.message
    if snippet.unmade:
        draft.blocked = draft.blocked or snippet.unmade
        return Role.REFUSED, snippet.unmade
    match = MatchStep(Expectation(snippet.contents, span_of(snippet)), span_of(snippet))
    draft.steps += softened(planner.own, snippet, match, draft.steps)
    return Role.RESPONSE, ""


def _plan_test(planner: _Planner, snippet: Snippet) -> tuple[Role, str]:
    continued = snippet.option(OptionName.CONTINUED)
    skip = snippet.option(OptionName.SKIP)
    if continued and (trouble := _cannot_continue(planner, skip is not None)):
        planner.lost = REFUSED
        return _refuse(planner, "bad-order", continued.span, *trouble)
    if continued and planner.lost == NO_TEST:
        message = "a test cannot continue a snippet that is not a test"
        return _refuse(planner, "bad-order", continued.span, message, "take `continued` out")
    if continued and planner.lost:
        return Role.REFUSED, f"it continues a snippet that {planner.lost}"
    if not continued and snippet.name and snippet.name in planner.names:
        planner.problems.append(_same_name(snippet, planner.names[snippet.name]))
    planner.names.setdefault(snippet.name, name_span(snippet))
    if planner.previous != "test":
        _check_test_env(planner, snippet)
    planner.previous, planner.lost = "test", ""
    steps, blocked = _take_steps(planner, snippet, in_setup=False)
    if not continued:
        why = skip.value.strip() if skip else ""
        planner.drafts.append(_Draft(snippet, snippet, why, _name_of(planner, snippet)))
    draft = planner.drafts[-1]
    draft.steps += (*steps, *after_request(planner.own, snippet))
    draft.requires |= dict.fromkeys(requirements_of(planner.own, snippet))
    draft.blocked = draft.blocked or blocked
    draft.last = snippet
    return (Role.CONTINUED if continued else Role.TEST), draft.skip


def _same_name(snippet: Snippet, first: Span) -> Problem:
    message = f"the name {snippet.name!r} stands twice in this page"
    hint = "give each snippet a name of its own"
    problem = Problem.error("duplicate-name", name_span(snippet), message, hint)
    return replace(problem, related=(Related("its first use", first),))


def _cannot_continue(planner: _Planner, skipped: bool) -> tuple[str, str] | None:
    """Why a snippet cannot continue the test before, and what to do about it."""
    if skipped:
        hint = "skip the first snippet of the test, and this one is skipped with it"
        return "a continued snippet cannot be skipped", hint
    hint = "take `continued` out"
    if planner.previous == "setup":
        hint += ": the setup has run before every test of the page"
        return "a test cannot continue the setup of the page", hint
    return None if planner.drafts else ("the first test of a page continues nothing", hint)


def _check_test_env(planner: _Planner, snippet: Snippet) -> None:
    if snippet.test_env and snippet.test_env not in TEST_ENVS:
        message = f"expected testenv basic, gold or platinum, found {snippet.test_env!r}"
        hint = "tests of later snippets need this licence: correct it, or take it out"
        _refuse(planner, "bad-option", test_env_span(snippet), message, hint)


def _take_steps(planner: _Planner, snippet: Snippet, in_setup: bool) -> tuple[list[Step], str]:
    """The steps of a snippet, and why they cannot be run if they cannot."""
    found = steps_of(snippet, planner.form, planner.setups, in_setup=in_setup)
    planner.problems += found.problems
    return list(found.steps), found.blocked


def _refuse(
    planner: _Planner, code: str, span: Span, message: str, hint: str = ""
) -> tuple[Role, str]:
    planner.problems.append(Problem.error(code, span, message, hint))
    return Role.REFUSED, message
