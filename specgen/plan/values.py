"""The nouns of the plan: cases, their steps, and the plan of a page."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from specgen.dialect.leniency import STRICT, Leniency
from specgen.dialect.values import Expectation, Form, Request, YamlSteps
from specgen.problems import Problem
from specgen.source import Source, Span

__all__ = [
    "Case",
    "CheckStep",
    "MatchStep",
    "NamedSetup",
    "NoteStep",
    "PagePlan",
    "RequestStep",
    "Role",
    "SetupRole",
    "SetupStep",
    "Skip",
    "SkipKind",
    "SnippetRole",
    "Step",
    "YamlStep",
]


@dataclass(frozen=True, slots=True)
class RequestStep:
    """Send a request and check what holds of every answer.

    Attributes:
        request: What to send.
        catch: The error class or `/regex/` that must come; empty for success.
        warnings: The deprecation warnings that must come.
        shards: Whether shard failures are looked for in the answer.
        span: The request in the page.
        codes: The status codes that the prose of the page documents for it, as `404` or `4xx`;
            empty where they are not looked at.
        status: The documented status code that must come instead of success; 0 for success.
        verbatim: Whether the body is sent as it stands, and need not be JSON.
    """

    request: Request
    catch: str
    warnings: tuple[str, ...]
    shards: bool
    span: Span
    codes: tuple[str, ...] = ()
    status: int = 0
    verbatim: bool = False


@dataclass(frozen=True, slots=True)
class MatchStep:
    """Hold the body of the last answer against a documented one.

    Attributes:
        expectation: The documented body.
        span: Where it stands.
        leniency: Where less is asked of the response.
        within: How long the request is repeated until the response is as documented, in
            seconds; 0 sends it once.
    """

    expectation: Expectation
    span: Span
    leniency: Leniency = STRICT
    within: float = 0.0


@dataclass(frozen=True, slots=True)
class NoteStep:
    """A `# comment` of the page, kept for the reader of the module."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class CheckStep:
    """One check of a YAML REST test on the answer before it.

    Attributes:
        check: `match`, `is_true`, `is_false`, `length`, `set` or `compare_analyzers`; `keep`
            is `SPECGEN[set:…]`.
        field: The dotted path of the field; empty for `compare_analyzers`.
        expected: What it must be, as JSON; for `set` and `keep` the name to keep it under, for
            `compare_analyzers` a JSON list of index, first and second analyzer.
        span: What stands for it in the page.
    """

    check: str
    field: str
    expected: str
    span: Span


@dataclass(frozen=True, slots=True)
class YamlStep:
    """Steps of a YAML REST test that a page gives verbatim.

    Attributes:
        source: Their text, for exports.
        steps: What they say; empty if that cannot be read.
        span: Where they stand.
    """

    source: YamlSteps
    steps: tuple[RequestStep | CheckStep, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class NamedSetup:
    """A setup that several pages share, from `--setups`.

    Attributes:
        name: As in `TEST[setup:NAME]`.
        text: Console requests, or YAML REST steps as written.
        yaml: Which of the two.
        origin: The file it was read from, as people see it.
    """

    name: str
    text: str
    yaml: bool
    origin: str


class SetupRole(StrEnum):
    """Why a named setup stands in a case.

    A teardown runs whatever happened before it. The reference writes one that a page asks for
    among the steps of the case, and knows none that a setup brings along.
    """

    SETUP = "setup"
    TEARDOWN = "teardown"
    OWN_TEARDOWN = "own teardown"


@dataclass(frozen=True, slots=True)
class SetupStep:
    """A named setup or teardown in the place where a case asks for it.

    Attributes:
        setup: The setup itself.
        role: Whether it is sent in its place, or at the end whatever happens.
        steps: What it sends and checks; empty if it cannot be read.
        span: The option that names it.
    """

    setup: NamedSetup
    role: SetupRole
    steps: tuple[RequestStep | CheckStep, ...]
    span: Span


Step = RequestStep | MatchStep | NoteStep | CheckStep | YamlStep | SetupStep


@dataclass(frozen=True, slots=True)
class Case:
    """One test of a page.

    Attributes:
        id: Stable as long as the section and the order inside it stay: `page::slug`.
        slug: The id without its page: a Python identifier.
        name: What the reference calls it: `line_44`, or the snippet's name.
        page: The page that holds it.
        steps: In order, those of continued snippets included.
        skip: Why it is not run; empty if it is.
        blocked: Why it cannot be run although it should; empty if it can.
        span: From the opening dashes of its first snippet to the closing ones.
        last: The same of its last snippet.
        in_page: Its stretch of the page itself; where another file holds its ends, the
            `include::` lines that bring them.
        requires: What a target must be or know; else the case is not applicable to it.
        derived: From what of the page it was derived, if no snippet shows it: a documented code,
            and the request that it is about.
    """

    id: str
    slug: str
    name: str
    page: str
    steps: tuple[Step, ...]
    skip: str
    blocked: str
    span: Span
    last: Span
    in_page: Span
    requires: tuple[str, ...] = ()
    derived: tuple[Span, ...] = ()

    @property
    def line(self) -> int:
        """The line of the opening dashes of its first snippet, in the file that holds them."""
        return self.span.line

    @property
    def file(self) -> str:
        """The file that holds them: its page, or one that the page includes."""
        return self.span.source.path


class Role(StrEnum):
    """What became of a snippet."""

    SETUP = "setup"
    TEARDOWN = "teardown"
    TEST = "test"
    CONTINUED = "continued"
    RESPONSE = "response"
    NOT_COMPARED = "not compared"
    REFUSED = "refused"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class SnippetRole:
    """What became of one snippet, so that nobody believes in a test that does not exist.

    Attributes:
        opening: Its opening dashes.
        language: As the page gives it.
        role: What became of it.
        case: The name of the case that it makes or belongs to; empty if there is none.
        why: Why it became nothing, is skipped or not compared; empty otherwise.
    """

    opening: Span
    language: str
    role: Role
    case: str
    why: str


class SkipKind(StrEnum):
    """What is left out: a case, the comparison of a response, or an example that is no test."""

    TEST = "test"
    RESPONSE = "response"
    NOT_A_TEST = "not-a-test"


@dataclass(frozen=True, slots=True)
class Skip:
    """Something that a page shows and asks nobody to check.

    Attributes:
        kind: What is left out.
        span: The option that says so.
        case: The id of the case that is skipped, or whose response is not compared; else empty.
        reason: Why, as the page says.
        snippet: From the opening dashes of what is left out to the closing ones.
    """

    kind: SkipKind
    span: Span
    case: str
    reason: str
    snippet: Span


@dataclass(frozen=True, slots=True)
class PagePlan:
    """All that a page asks to be sent and checked.

    Attributes:
        source: The page's own file.
        included: The other files of which a line was read, in page order.
    """

    source: Source
    title: str
    form: Form
    setup: tuple[Step, ...]
    teardown: tuple[Step, ...]
    cases: tuple[Case, ...]
    roles: tuple[SnippetRole, ...]
    problems: tuple[Problem, ...]
    included: tuple[Source, ...] = ()

    @property
    def page(self) -> str:
        """The page's path relative to the docs root."""
        return self.source.path
