"""The nouns of the replay room: mismatches, findings, results."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = [
    "ABSENT",
    "Absent",
    "Awaited",
    "CaseResult",
    "Checks",
    "Clean",
    "DifferingAnswer",
    "Finding",
    "Json",
    "KeptAnswer",
    "Kind",
    "Mismatch",
    "Outcome",
]

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


class Absent:
    """Stands for a value that is not there, which is not the same as null."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = Absent()


class Kind(StrEnum):
    """What a difference is about; the words of the JSON output."""

    VALUE = "value"
    TYPE = "type"
    MISSING = "missing"
    SURPLUS = "surplus"
    ORDER = "order"
    TEXT = "text"
    STATUS = "status"
    WARNING = "warning"
    SHAPE = "shape"
    SHARDS = "shards"
    UNSUPPORTED = "unsupported"
    SETUP = "setup"
    TARGET = "target"


class Outcome(StrEnum):
    """How a case ended. `error`: setup, target or specgen at fault, not the page's claim."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    SKIPPED = "skipped"

    @property
    def is_red(self) -> bool:
        """Whether a run in which a case ends so is no success."""
        return self in {Outcome.FAILED, Outcome.ERROR}


class Clean(StrEnum):
    """When what cases made is removed.

    `page`: when the next page begins, and before a setup, for that needs a clean cluster.
    """

    CASE = "case"
    PAGE = "page"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One difference between a documented body and the one that came.

    Attributes:
        kind: What it is about.
        pointer: JSON pointer (RFC 6901) of the value, empty for the whole body.
        expected: What the page says, stash values put in; `ABSENT` for a surplus value.
        actual: What the cluster said; `ABSENT` for a missing one.
        start: Offset in the expected text of what is at fault: the value; for a missing
            key the key and its value; for a surplus key the opening brace of its object.
        end: Where that ends.
        message: The difference in one sentence.
    """

    kind: Kind
    pointer: str
    expected: Json | Absent
    actual: Json | Absent
    start: int
    end: int
    message: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing in which page and cluster disagree, at its place in the page.

    Attributes:
        kind: What it is about.
        page: The page, relative to the docs root.
        line: Of the value; for a surplus one, of the brace of its object; for a status, of
            the request. Counted from 1, in `file`.
        column: Counted from 1.
        pointer: JSON pointer into the response body; empty for the whole or none.
        expected: What the page says as JSON; None also where it says nothing.
        actual: What the cluster said; None also where it said nothing.
        message: The difference in one sentence.
        labels: What each side says, with types, for the lines beside the caret.
        excerpt: The line of the page that is at fault.
        width: How many of its characters are.
        request: The request's method and target, as sent.
        request_line: The line of the request in the page.
        curl: A command that repeats the request, without credentials; empty if none can.
        emulated: Whether specgen itself answered it, so that no real cluster is the witness.
        file: The included file that holds the line; empty where the page itself does.
        request_file: The same of the request's line.
        within: How long the request was repeated in vain, in seconds; 0 if it was sent once.
    """

    kind: Kind
    page: str
    line: int
    column: int
    pointer: str
    expected: Json
    actual: Json
    message: str
    labels: tuple[tuple[str, str], ...] = ()
    excerpt: str = ""
    width: int = 1
    request: str = ""
    request_line: int = 0
    curl: str = ""
    emulated: bool = False
    file: str = ""
    request_file: str = ""
    within: float = 0.0


@dataclass(frozen=True, slots=True)
class Checks:
    """How many checks of each sort held or failed in a case.

    Attributes:
        status: Of a status, or an error.
        body: Of a body, or of a field of it.
        warnings: Of a deprecation warning.
        lenient: Those of a body that asked for less than the page shows (`SPECGEN[…]`).
        shape: Of the shape of a body, which an OpenAPI document or the prose documents.
    """

    status: int = 0
    body: int = 0
    warnings: int = 0
    lenient: int = 0
    shape: int = 0


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer of success with a JSON body, kept to be held against its shape.

    Attributes:
        method: Of the request.
        path: Of the request as sent, without its query.
        status: That came.
        text: The body.
        line: The line of the request in the page.
        file: The included file that holds the line; empty where the page itself does.
        request: The request's method and target.
        curl: A command that repeats it; empty if none can.
    """

    method: str
    path: str
    status: int
    text: str
    line: int
    file: str
    request: str
    curl: str


@dataclass(frozen=True, slots=True)
class DifferingAnswer:
    """A JSON answer that is not as its page shows it, kept so that the page can be mended.

    Attributes:
        comparison: Which documented body of its case it was held against, counted from 0.
        expected: The documented body, as it was compared.
        text: The body that came.
        stash: What `$name` stood for at that moment, but for `$body`: names and JSON.
    """

    comparison: int
    expected: str
    text: str
    stash: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Awaited:
    """What must hold of an answer, whatever its body says.

    Attributes:
        catch: The error that must come, as in `TEST[catch:…]`; empty for success.
        warnings: The deprecation warnings that must come.
        shards: Whether shard failures are looked for where an answer can tell of them.
        codes: The status codes that the page documents, as `404` or `4xx`; empty for any.
        status: The documented status code that must come instead of success; 0 for success.
    """

    catch: str = ""
    warnings: tuple[str, ...] = ()
    shards: bool = True
    codes: tuple[str, ...] = ()
    status: int = 0


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How one case ended.

    Attributes:
        id: The stable id of the case.
        outcome: The verdict.
        reason: Why it was skipped, or could not be judged; empty otherwise.
        duration_s: Seconds from the start of its setup to the end of its cleaning.
        message: The first finding in one line; empty if there is none.
        checks: What was checked.
        findings: Everything found, the page's faults and others.
        emulated: Whether specgen itself answered one of its requests.
        left: What it made and nobody could remove; it changes no verdict.
        waited_s: Seconds in which a request was repeated until its answer was as documented,
            or in vain.
    """

    id: str
    outcome: Outcome
    reason: str
    duration_s: float
    message: str
    checks: Checks
    findings: tuple[Finding, ...]
    emulated: bool = False
    left: tuple[str, ...] = ()
    waited_s: float = 0.0
