"""One pytest session's replay: its target, its cases, and what came of each."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NoReturn

import pytest

from specgen.errors import SpecgenError, TargetProblem
from specgen.messages import plain
from specgen.replay.cleaning import Cleaner
from specgen.replay.cluster import Cluster, Phase
from specgen.replay.events import (
    UNWRITABLE,
    CaseStarted,
    Collected,
    Event,
    EventLog,
    LeftBehind,
    TargetLost,
    TargetOpened,
    stop_file,
)
from specgen.replay.failures import CannotJudge, PageDrifted
from specgen.replay.findings import without_secrets
from specgen.replay.finished import end_by, finished_case
from specgen.replay.module_places import ModulePlaces, read_places
from specgen.replay.requirements import unmet
from specgen.replay.sent_calls import refusal_of
from specgen.replay.session_options import diary_in, settings_of
from specgen.replay.telling import Shown, findings_text
from specgen.replay.values import CaseResult, Checks, Clean, Finding, Kind, Outcome
from specgen.target.auth import Secrets
from specgen.target.opening import TargetSettings, open_target
from specgen.target.recorder import Diary, Recorder, part_file
from specgen.target.values import FollowsCases, Target, TargetInfo

__all__ = ["WORKER", "Session"]

WORKER = "PYTEST_XDIST_WORKER"
"""The environment variable in which pytest-xdist names a worker."""


@dataclass(slots=True)
class _Running:
    """What is known of a case while it runs."""

    id: str
    started: float
    cluster: Cluster | None = None
    outcome: Outcome | None = None
    reason: str = ""
    findings: list[Finding] = field(default_factory=list)


@dataclass(slots=True)
class Session:
    """The state of the plugin; there is one for each pytest session that replays pages.

    Attributes:
        page: The page since whose first case the cluster was not cleaned, with `Clean.PAGE`.
        last: The id of the last case that had the cluster.
        left: Ids of cases with what nobody could remove.
        keeps_answers: Whether what cases are answered goes out with their results.
        issued: The secrets that the cluster handed out.
        keeps_differing: Whether what came instead of what a page shows does.
        apis: Which APIs the target has, as far as it was asked: each once.
        shown: Gives a page's name as people can open it.
    """

    settings: TargetSettings
    secrets: Secrets
    log: EventLog | None
    diary: Diary | None = None
    strict_warnings: bool = False
    clean: Clean = Clean.CASE
    keeps_answers: bool = False
    keeps_differing: bool = False
    target: Target | None = None
    cleaner: Cleaner | None = None
    cases: dict[str, _Running] = field(default_factory=dict)
    places: dict[Path, ModulePlaces] = field(default_factory=dict)
    emulated: bool = False
    issued: set[str] = field(default_factory=set)
    parent: int = field(default_factory=os.getppid)
    apis: dict[str, bool] = field(default_factory=dict)
    page: str = ""
    last: str = ""
    left: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    shown: Shown = str

    @classmethod
    def of(cls, config: pytest.Config, items: Sequence[pytest.Item]) -> Session:
        """The session for these cases, with its target not opened yet."""
        settings = settings_of(config)
        path, worker = config.getoption("--specgen-events"), os.environ.get(WORKER, "")
        log = EventLog(Path(path)) if path else None
        record = config.getoption("--specgen-record")
        diary = diary_in(part_file(Path(record), worker), settings.secrets) if record else None
        strict = config.getoption("--specgen-strict-warnings")
        clean = Clean(config.getoption("--specgen-clean"))
        keeps = (config.getoption("--specgen-answers"), config.getoption("--specgen-differing"))
        session = cls(settings, settings.secrets, log, diary, strict, clean, *keeps)
        session._tell(Collected(tuple(case_id(item) for item in items)))
        return session

    def end(self) -> None:
        """All cases are over: what is not removed yet is removed."""
        with suppress(TargetProblem):  # there is no case left that could tell of it
            if left := self._cleaned(self.last):
                self._tell(LeftBehind(self.last, left))

    def close(self) -> None:
        """Lets go of the target."""
        if self.target is not None:
            self.target.close()

    def begin(self, item: pytest.Item) -> None:
        """A case begins."""
        self.cases[item.nodeid] = _Running(case_id(item), time.perf_counter())
        if isinstance(self.target, FollowsCases):
            self.target.begin_case(case_id(item))
        self._tell(CaseStarted(case_id(item)))

    def cluster_for(self, item: pytest.Item) -> Iterator[Cluster]:
        """The target as this case sees it, cleaned when the case is over."""
        running = self.cases[item.nodeid]
        places = self._places(item)
        if not (self.settings.read_only or self.settings.scope):
            self._open(running)  # whether it may be used at all comes before any single case
        if why := refusal_of(places.sent_by(item.name), self.settings.permission):
            pytest.skip(why)
        target = self._open(running)
        cluster = running.cluster = Cluster(target, places, cleaner=self.cleaner)
        cluster.keeps, cluster.keeps_differing = self.keeps_answers, self.keeps_differing
        if why := self._not_applicable(item, cluster):
            pytest.skip(why)
        if self.clean is Clean.PAGE:
            self._begin_in_page(cluster, running.id)
        yield cluster
        if self.clean is Clean.CASE:
            cluster.left = self._clean(cluster, running.id)
        if cluster.troubles:
            raise CannotJudge("; ".join(cluster.troubles), tuple(cluster.findings))

    def _not_applicable(self, item: pytest.Item, cluster: Cluster) -> str:
        def knows(api: str) -> bool:
            if api not in self.apis:
                self.apis[api] = cluster.knows(api)
            return self.apis[api]

        marks = item.iter_markers("specgen_requires")
        requirements = tuple(text for mark in marks for text in mark.args)
        return unmet(requirements, cluster.target.info, knows)

    def enter_case(self, item: pytest.Item) -> None:
        """The page's setup is over."""
        running = self.cases.get(item.nodeid)
        if running and running.cluster:
            running.cluster.begin_case()

    def enter_teardown(self, item: pytest.Item) -> None:
        """The case is over; what fails from here on is the teardown's."""
        running = self.cases.get(item.nodeid)
        if running and running.cluster:
            running.cluster.phase = Phase.TEARDOWN

    def note(
        self, item: pytest.Item, call: pytest.CallInfo[None], report: pytest.TestReport
    ) -> None:
        """Keeps what one phase of a case came to, and puts it in the words of the page."""
        running = self.cases[item.nodeid]
        if report.passed and call.when == "call" and _checked_nothing(running):
            report.outcome = "skipped"
            line = item.location[1] or 0
            report.longrepr = (str(item.path), line, "Skipped: nothing was checked")
        if report.passed and call.when == "call" and self.strict_warnings:
            _fail_by_warnings(running, report, self.shown)
        if report.skipped:
            running.outcome = Outcome.SKIPPED
            running.reason = _skip_reason(report)
            return
        if report.passed and call.when == "call":
            running.outcome = Outcome.PASSED
        if not report.failed:
            return
        if call.excinfo is None:
            running.outcome = Outcome.FAILED
            return
        trouble = call.excinfo.value
        self._judge(running, trouble, call.when)
        if isinstance(trouble, PageDrifted | CannotJudge):
            secrets = self._secrets(running.cluster)
            found = [without_secrets(finding, secrets) for finding in trouble.findings]
            told = f"{running.id}: {secrets.redact_pieces(str(trouble))}\n"
            report.longrepr = plain(findings_text(found, self.shown)) or told

    def finish(self, item: pytest.Item) -> None:
        """A case is over: its result goes out, and if the target is gone nothing follows."""
        running = self.cases.pop(item.nodeid)
        cluster = running.cluster
        if cluster is not None:
            running.findings += [f for f in cluster.findings if f not in running.findings]
            self.emulated = self.emulated or cluster.emulated
        if running.outcome is None:
            running.outcome = Outcome.ERROR
            running.reason = "not finished: the run was interrupted"
        secrets = self._secrets(cluster)
        findings = tuple(without_secrets(finding, secrets) for finding in running.findings)
        reason = secrets.redact_pieces(running.reason)
        by_finding = findings and running.outcome is not Outcome.ERROR
        message = findings[0].message if by_finding else reason
        result = CaseResult(
            running.id,
            running.outcome,
            reason,
            round(time.perf_counter() - running.started, 4),
            "" if running.outcome is Outcome.SKIPPED else message,
            cluster.checks if cluster else Checks(),
            findings,
            cluster.emulated if cluster else False,
            cluster.left if cluster else (),
            round(cluster.waited, 3) if cluster else 0.0,
        )
        self._tell(finished_case(result, cluster, self.secrets, secrets))
        if why := self._must_end():
            item.session.shouldstop = why
        if cluster is not None and cluster.lost is not None:
            self._tell(end_by(cluster.lost))
            item.session.shouldstop = "the target is gone"
            self.cleaner = None

    def _secrets(self, cluster: Cluster | None) -> Secrets:
        """What nothing that is told of a case may show, what the cluster made by then included."""
        self.issued |= cluster.issued if cluster else set()
        return Secrets((*self.secrets.values, *sorted(self.issued)))

    def told(self) -> Iterator[str]:
        """What a person should know about where the cases ran."""
        if self.target is None:
            return
        info = self.target.info
        yield f"specgen: replayed on {describe_target(info)}"
        if self.emulated:
            yield f"specgen: {', '.join(info.emulated)}: emulated by specgen"
        for case, things in self.left:
            yield f"specgen: case {case} left {', '.join(things)}"

    def _judge(self, running: _Running, trouble: BaseException, when: str) -> None:
        """Takes the trouble of one phase into the verdict; a teardown's never replaces one."""
        findings = getattr(trouble, "findings", ())
        running.findings += [finding for finding in findings if finding not in running.findings]
        if running.outcome not in {None, Outcome.PASSED}:
            return
        if isinstance(trouble, PageDrifted):
            running.outcome = Outcome.FAILED
            return
        running.outcome = Outcome.ERROR
        running.reason = str(trouble) or type(trouble).__name__
        if not isinstance(trouble, CannotJudge):
            running.reason = f"specgen failed ({type(trouble).__name__}): {running.reason}"
        if when == "teardown":
            running.reason = f"teardown: {running.reason}"

    def _open(self, running: _Running) -> Target:
        if self.target is not None:
            return self.target
        started = time.perf_counter()
        try:
            target = self._opened()
        except SpecgenError as trouble:
            self._lost(running, trouble)
        self.target = target
        if isinstance(target, FollowsCases):
            target.begin_case(running.id)
        scope = self.settings.scope
        writes = not target.info.read_only and (target.info.disposable or scope)
        if writes and self.clean is not Clean.NEVER:
            cleaned = target.cleaning() if isinstance(target, Recorder) else target
            self.cleaner = Cleaner(cleaned, private=target.info.private, scope=scope)
        self._tell(TargetOpened(target.info, round(time.perf_counter() - started, 3)))
        return target

    def _opened(self) -> Target:
        """The target, recorded from its first request on if that is wanted."""
        if self.diary is None:
            return open_target(self.settings)
        target = open_target(self.settings, self.diary.keep)
        self.diary.opened(target.info)
        return Recorder(target, self.diary)

    def _lost(self, running: _Running, trouble: SpecgenError) -> NoReturn:
        message = self.secrets.redact(trouble.message)
        running.outcome, running.reason = Outcome.ERROR, message
        self._tell(TargetLost(message, trouble.hint, int(trouble.exit_code)))
        pytest.exit(f"{message}\n{trouble.hint}".strip(), returncode=int(trouble.exit_code))

    def _places(self, item: pytest.Item) -> ModulePlaces:
        if item.path not in self.places:
            marker = item.get_closest_marker("specgen_page")
            assert marker is not None
            try:
                places = read_places(item.path, marker.args[0], **marker.kwargs)
            except ValueError as trouble:
                raise CannotJudge(str(trouble)) from trouble
            self.places[item.path] = places
        return self.places[item.path]

    def _begin_in_page(self, cluster: Cluster, case: str) -> None:
        """What the cases before left is removed before another page, and before a setup."""
        clean = partial(self._clean_before, cluster, self.last)
        if self.page == cluster.places.page:
            cluster.fresh = clean
        else:
            clean()
        self.page, self.last = cluster.places.page, case

    def _clean_before(self, cluster: Cluster, last: str) -> None:
        if left := self._clean(cluster, last):
            self._tell(LeftBehind(last, left))

    def _clean(self, cluster: Cluster, case: str) -> tuple[str, ...]:
        """Removes what was made up to a case, and returns what is left of it."""
        try:
            return self._cleaned(case)
        except TargetProblem as trouble:
            cluster.lost = trouble
            finding = cluster.target_finding(trouble.message)
            raise CannotJudge(f"cleaning: {trouble.message}", (finding,)) from trouble

    def _cleaned(self, case: str) -> tuple[str, ...]:
        if self.target is None or self.cleaner is None:
            return ()
        self.target.forget_emulated()
        left = self.cleaner.clean()
        if left:
            self.left.append((case, left))
        return left

    def _must_end(self) -> str:
        """Why no further case is run, if nobody would hear of it; empty otherwise."""
        if self.log is None:
            return ""
        if self.log.full:
            return "there is no room for more results"
        if stop_file(self.log.path).exists():
            return "enough was seen"
        return "" if os.getppid() == self.parent else "the process that planned is gone"

    def _tell(self, event: Event) -> None:
        if self.log is None:
            return
        try:
            self.log.write(event)
        except OSError as trouble:
            pytest.exit(f"results cannot be written: {trouble}", returncode=UNWRITABLE)


def case_id(item: pytest.Item) -> str:
    """The stable id of a case: its page and its function's name."""
    marker = item.get_closest_marker("specgen_page")
    assert marker is not None
    return f"{marker.args[0]}::{item.name.removeprefix('test_')}"


def describe_target(info: TargetInfo) -> str:
    """A target in a few words: `embedded: noida-db 0.2.3, answers as elasticsearch 8.15.3`."""
    if info.engine:
        return f"{info.name}: {info.engine}, answers as {info.distribution} {info.version}"
    return f"{info.name}: {info.distribution} {info.version}"


def _checked_nothing(running: _Running) -> bool:
    """Whether a case came to its end without a single check, so that it has proved nothing."""
    return running.cluster is not None and running.cluster.checks == Checks()


def _fail_by_warnings(running: _Running, report: pytest.TestReport, shown: Shown) -> None:
    """Fails a case in which a warning came that its page does not tell of."""
    cluster = running.cluster
    found = [f for f in cluster.findings if f.kind is Kind.WARNING] if cluster else []
    if found:
        report.outcome = "failed"
        report.longrepr = plain(findings_text(found, shown))


def _skip_reason(report: pytest.TestReport) -> str:
    longrepr = report.longrepr
    text = longrepr[2] if isinstance(longrepr, tuple) else str(longrepr)
    return text.removeprefix("Skipped: ")
