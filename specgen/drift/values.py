"""The nouns of the drift room: what a report is made of, by itself, without the pages."""

from __future__ import annotations

from dataclasses import dataclass

from specgen.changes import LineChange
from specgen.messages import Message
from specgen.plan.values import Skip, SkipKind
from specgen.problems import Severity
from specgen.render.rendered import Planned, Rendered
from specgen.replay.events import TargetLost
from specgen.replay.values import CaseResult, Finding, Kind, Outcome
from specgen.target.values import TargetInfo

__all__ = [
    "Accepted",
    "CaseFinding",
    "Cause",
    "DatedSkip",
    "Drift",
    "HeldDrift",
    "PageCase",
    "PageRead",
    "RunReport",
    "Share",
    "Tried",
]


@dataclass(frozen=True, slots=True)
class DatedSkip:
    """A skip, and since when it stands in its page.

    Attributes:
        skip: The skip.
        since: The commit that brought it; None if there is none, or nobody knows.
        committed: Whether a commit has it; None if nobody knows.
    """

    skip: Skip
    since: LineChange | None
    committed: bool | None


@dataclass(frozen=True, slots=True)
class Tried:
    """What would come of a case if one of its skips were taken out; it changes no verdict.

    Attributes:
        kind: Whether the case is skipped, or a response of it.
        file: The file that holds the skip.
        line: The line of the skip in it.
        column: Its column.
        reason: Why the page skips it.
        would: How the case, or the comparison of the response, would end.
        message: The first finding, or why nobody can tell; empty if it would pass.
    """

    kind: SkipKind
    file: str
    line: int
    column: int
    reason: str
    would: Outcome
    message: str


@dataclass(frozen=True, slots=True)
class PageCase:
    """A planned case and how it ended.

    Attributes:
        tried: What `--try-skipped` found out about its skips, in page order.
    """

    case: Planned
    result: CaseResult
    tried: tuple[Tried, ...] = ()


@dataclass(frozen=True, slots=True)
class PageRead:
    """A page that was read.

    Attributes:
        page: Its path relative to the docs root.
        unread: Why parts of it could not be read, in page order.
    """

    page: str
    unread: tuple[Message, ...] = ()

    @classmethod
    def of(cls, page: Rendered) -> PageRead:
        """What reports tell of a page that was rendered."""
        errors = (each for each in page.problems if each.severity == Severity.ERROR)
        return cls(page.page, tuple(errors))


@dataclass(frozen=True, slots=True)
class Share:
    """Which parts of all pages a run was asked for.

    Attributes:
        parts: Their numbers, counted from 1, ascending.
        count: How many parts there are.
        deal: A digest of how all pages were dealt: parts of one whole have the same.
    """

    parts: tuple[int, ...]
    count: int
    deal: str

    @property
    def missing(self) -> tuple[int, ...]:
        """The numbers of the other parts."""
        return tuple(part for part in range(1, self.count + 1) if part not in self.parts)


@dataclass(frozen=True, slots=True)
class RunReport:
    """A whole run, or several that were merged.

    Attributes:
        pages: The pages that were read, in order.
        cases: Every planned case that was selected, in page and case order.
        wanted: The target as it was asked for, without credentials.
        target: What is known of it; None if it was never open.
        lost: Why no further case was run; None if nothing happened.
        unreadable: Pages that could not be read at all, with the reason.
        interrupted: Whether a person stopped the run.
        duration_s: Seconds from start to end, to the millisecond.
        crashed: What the session printed if it ended in a way that nobody planned.
        share: Which part of all pages this is; None for all of them.
        rerun: Whether only cases were run that had failed before.
    """

    pages: tuple[PageRead, ...]
    cases: tuple[PageCase, ...]
    wanted: str
    target: TargetInfo | None
    lost: TargetLost | None
    unreadable: tuple[tuple[str, str], ...]
    interrupted: bool
    duration_s: float
    crashed: str = ""
    share: Share | None = None
    rerun: bool = False

    @property
    def emulated(self) -> bool:
        """Whether specgen itself answered a request of one of the cases."""
        return any(each.result.emulated for each in self.cases)


@dataclass(frozen=True, slots=True)
class CaseFinding:
    """A finding, and the id of the case that showed it."""

    case: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class Cause:
    """What red cases have in common, and a writer would mend in the same way.

    Attributes:
        id: Stable from run to run, a few words joined by dashes.
        kind: What most of its findings are about; `error` cases without any are `setup`.
        title: In plain words.
        hint: What to do about it; empty if nobody knows.
        findings: The indexes of its findings in `Drift.findings`, in page order.
        cases: The ids of its cases, in page order; a case that shows no finding counts too.
    """

    id: str
    kind: Kind
    title: str
    hint: str
    findings: tuple[int, ...]
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drift:
    """The red cases of a run, told by their causes.

    Attributes:
        report: The run.
        findings: All findings of its red cases, in page and case order.
        causes: What they have in common, that of most cases first; each red case has one.
    """

    report: RunReport
    findings: tuple[CaseFinding, ...]
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True, order=True)
class Accepted:
    """A finding that a baseline accepts, by what of it stays when lines move.

    Attributes:
        target: The distribution and its major version, such as `elasticsearch 8`.
        case: The id of the case.
        kind: What it is about.
        pointer: Of the value, ids in it replaced.
        came: What the cluster said, freed of what differs from run to run.
        times: How many findings of the case are like that.
    """

    target: str
    case: str
    kind: Kind
    pointer: str
    came: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class HeldDrift:
    """Drift that was held against a baseline, or against none.

    Attributes:
        drift: All of it.
        baseline: The file, as people can open it; empty without one.
        accepted: The indexes of the findings that it accepts, in `Drift.findings`.
        settled: The ids of the red cases of which everything is accepted.
        gone: What it accepts and no case shows any more.
    """

    drift: Drift
    baseline: str = ""
    accepted: frozenset[int] = frozenset()
    settled: frozenset[str] = frozenset()
    gone: tuple[Accepted, ...] = ()

    @property
    def new_findings(self) -> int:
        """How many findings nobody accepted."""
        return len(self.drift.findings) - len(self.accepted)

    @property
    def accepted_pointers(self) -> dict[str, frozenset[str]]:
        """By case, the pointers of what is accepted."""
        found: dict[str, frozenset[str]] = {}
        for index in self.accepted:
            each = self.drift.findings[index]
            found[each.case] = found.get(each.case, frozenset()) | {each.finding.pointer}
        return found

    def is_new(self, cause: Cause) -> bool:
        """Whether a case of a cause shows what nobody accepted."""
        return any(case not in self.settled for case in cause.cases)
