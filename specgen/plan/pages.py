"""From the snippets of a page to its cases, by the rules of the dialect's second part."""

from __future__ import annotations

from dataclasses import dataclass, field

from specgen.asciidoc.page import Outline, Page
from specgen.dialect.requests import find_parts, reports_shards
from specgen.dialect.snippets import Reading, span_of
from specgen.dialect.values import (
    Comment,
    Expectation,
    Form,
    MarkerKind,
    OptionName,
    Request,
    Snippet,
    YamlSteps,
)
from specgen.plan.names import slugs_for
from specgen.plan.setups import NO_SETUPS, NamedSetups, setup_steps
from specgen.plan.values import (
    Case,
    MatchStep,
    NoteStep,
    PagePlan,
    RequestStep,
    SetupStep,
    Step,
    YamlStep,
)
from specgen.problems import Problem
from specgen.source import Span

__all__ = ["plan_page"]

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


@dataclass(slots=True)
class _Draft:
    """A case while its continued snippets come in."""

    snippet: Snippet
    last: Snippet
    skip: str
    steps: list[Step] = field(default_factory=list)
    blocked: str = ""


@dataclass(slots=True)
class _Planner:
    form: Form
    setups: NamedSetups
    setup: list[Step] = field(default_factory=list)
    teardown: list[Step] = field(default_factory=list)
    drafts: list[_Draft] = field(default_factory=list)
    previous: str = ""
    names: set[str] = field(default_factory=set)
    blocked: str = ""
    problems: list[Problem] = field(default_factory=list)


def plan_page(
    page: Page, outline: Outline, reading: Reading, setups: NamedSetups = NO_SETUPS
) -> PagePlan:
    """Plans the cases of a page; what breaks a rule is a problem and stops only its snippet."""
    planner = _Planner(reading.form, setups)
    for snippet in reading.snippets:
        _place(planner, snippet)
    slugs = slugs_for([draft.snippet for draft in planner.drafts], outline, page.name)
    cases = tuple(
        _case(draft, slug, page.name, planner.blocked)
        for draft, slug in zip(planner.drafts, slugs, strict=True)
    )
    title = next((heading.title for heading in outline.headings), page.name)
    problems = (*reading.problems, *planner.problems)
    return PagePlan(
        page.source,
        title,
        reading.form,
        tuple(planner.setup),
        tuple(planner.teardown),
        cases,
        tuple(sorted(problems, key=lambda problem: problem.span.start)),
    )


def _case(draft: _Draft, slug: str, page: str, blocked: str) -> Case:
    snippet = draft.snippet
    return Case(
        f"{page}::{slug}",
        slug,
        snippet.name or f"line_{snippet.line}",
        page,
        tuple(draft.steps),
        draft.skip,
        blocked or draft.blocked,
        span_of(snippet),
        span_of(draft.last),
    )


def _place(planner: _Planner, snippet: Snippet) -> None:
    if snippet.language in {"json", "javascript"} and snippet.markers:
        message = f"the language {snippet.language} cannot be a test or a response"
        _refuse(planner, "unknown-form", snippet.opening, message, "use `js` or `console`")
    elif snippet.marked(MarkerKind.TESTSETUP):
        _plan_setup(planner, snippet)
    elif snippet.marked(MarkerKind.TEARDOWN):
        _plan_teardown(planner, snippet)
    elif snippet.language == "console-result" or snippet.marked(MarkerKind.TESTRESPONSE):
        _plan_response(planner, snippet)
    elif _is_test(planner, snippet):
        _plan_test(planner, snippet)


def _is_test(planner: _Planner, snippet: Snippet) -> bool:
    if snippet.language == "console" or snippet.marked(MarkerKind.TEST):
        return True
    # In a modern page the reference refuses `js` with CONSOLE; it is plain what is meant.
    old = planner.form is Form.OLD or snippet.language == "js"
    return old and snippet.console is True


def _plan_setup(planner: _Planner, snippet: Snippet) -> None:
    if planner.previous:
        message = "TESTSETUP is not the first test of the page"
        _refuse(planner, "bad-order", snippet.opening, message, "move it above all others")
        return
    planner.previous = "setup"
    steps, blocked = _steps(planner, snippet, in_setup=True)
    planner.setup += steps
    planner.blocked = blocked


def _plan_teardown(planner: _Planner, snippet: Snippet) -> None:
    if planner.previous not in {"", "setup"}:
        message = "TEARDOWN comes neither first nor right after TESTSETUP"
        _refuse(planner, "bad-order", snippet.opening, message, "move it below TESTSETUP")
        return
    planner.previous = "teardown"
    steps, _ = _steps(planner, snippet, in_setup=True)
    planner.teardown += steps


def _plan_response(planner: _Planner, snippet: Snippet) -> None:
    if snippet.options(OptionName.SKIP, MarkerKind.TESTRESPONSE):
        return
    step = MatchStep(Expectation(snippet.contents, span_of(snippet)), span_of(snippet))
    if planner.drafts:
        planner.drafts[-1].steps.append(step)
        planner.drafts[-1].last = snippet
        return
    message = "a response with no test before it"
    _refuse(planner, "bad-order", snippet.opening, message, "put it below the request it answers")


def _plan_test(planner: _Planner, snippet: Snippet) -> None:
    continued = snippet.option(OptionName.CONTINUED)
    skip = snippet.option(OptionName.SKIP)
    if continued and (trouble := _cannot_continue(planner, skip is not None)):
        _refuse(planner, "bad-order", continued.span, trouble)
        if skip is not None or not planner.drafts:
            return
    if not continued and snippet.name and snippet.name in planner.names:
        message = f"the name {snippet.name!r} stands twice in this page"
        _refuse(planner, "duplicate-name", snippet.opening, message)
    planner.names.add(snippet.name)
    planner.previous = "test"
    steps, blocked = _steps(planner, snippet, in_setup=False)
    if not continued:
        planner.drafts.append(_Draft(snippet, snippet, skip.value.strip() if skip else ""))
    draft = planner.drafts[-1]
    draft.steps += steps
    draft.blocked = draft.blocked or blocked
    draft.last = snippet


def _cannot_continue(planner: _Planner, skipped: bool) -> str:
    if skipped:
        return "a continued snippet cannot be skipped"
    if planner.previous == "setup":
        return "a test cannot continue the setup of the page"
    return "" if planner.drafts else "the first test of a page continues nothing"


def _steps(planner: _Planner, snippet: Snippet, in_setup: bool) -> tuple[list[Step], str]:
    """The steps of a snippet with its named setups, and why they cannot be run if they cannot."""
    parts, problems = find_parts(snippet, planner.form)
    planner.problems += problems
    blocked = problems[0].message if problems else ""
    steps: list[Step] = []
    if setup := snippet.option(OptionName.SETUP):
        before, missing = setup_steps(planner.setups, setup, planner.form)
        steps += before
        planner.problems += missing
        blocked = blocked or (missing[0].message if missing else "")
    steps += _parts(planner, snippet, parts, in_setup)
    if teardown := snippet.option(OptionName.TEARDOWN):
        after, missing = setup_steps(planner.setups.teardowns, teardown, planner.form)
        steps += after
        planner.problems += missing
        blocked = blocked or (missing[0].message if missing else "")
    return steps, blocked or _not_yet(steps)


def _not_yet(steps: list[Step]) -> str:
    for step in steps:
        if isinstance(step, SetupStep) and step.setup.yaml:
            return f"the setup {step.setup.name!r} is made of YAML REST steps, not run yet"
        if isinstance(step, YamlStep):
            return "YAML REST steps inside a page are not run yet"
    return ""


def _parts(
    planner: _Planner,
    snippet: Snippet,
    parts: tuple[Request | Comment | YamlSteps, ...],
    in_setup: bool,
) -> list[Step]:
    catch = snippet.option(OptionName.CATCH)
    if catch and not _known_catch(catch.value):
        message = f"expected an error class or /regex/, found {catch.value!r}"
        _refuse(planner, "unknown-catch", catch.span, message, f"known: {', '.join(CATCHES)}")
    if catch and parts and isinstance(parts[-1], Comment):
        message = "this catch belongs to the last part of the snippet, which is a comment"
        planner.problems.append(Problem.warning("catch-lost", catch.span, message))
    warnings = tuple(option.value for option in snippet.options(OptionName.WARNING))
    no_shards = snippet.option(OptionName.SKIP_SHARD_FAILURES) is not None
    steps: list[Step] = []
    for part in parts:
        if isinstance(part, Comment):
            steps.append(NoteStep(part.text, part.span))
        elif isinstance(part, YamlSteps):
            steps.append(YamlStep(part, part.span))
        else:
            caught = catch.value if catch and part is parts[-1] else ""
            shards = not (in_setup or no_shards) and reports_shards(part.path)
            steps.append(RequestStep(part, caught, warnings, shards, part.span))
    return steps


def _known_catch(text: str) -> bool:
    return text in CATCHES or (len(text) > 2 and text[0] == text[-1] == "/")


def _refuse(planner: _Planner, code: str, span: Span, message: str, hint: str = "") -> None:
    planner.problems.append(Problem.error(code, span, message, hint))
