"""What a generated module talks to: `cluster` sends requests and checks what holds always."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from types import FrameType

from specgen.dialect.java_regex import JavaRegexError, RegexTimeout
from specgen.dialect.requests import TEXT_APIS, parameters_of
from specgen.errors import SpecgenError, TargetProblem
from specgen.replay.analyzers import analyzer_difference
from specgen.replay.answers import AnswerUnreadable, ResponseBody, read_body
from specgen.replay.cleaning import Cleaner
from specgen.replay.failures import CannotJudge, PageDrifted, timed_out
from specgen.replay.findings import (
    Exchange,
    body_findings,
    code_finding,
    curl_line,
    not_judged,
    request_finding,
    status_finding,
)
from specgen.replay.module_places import CallPlace, ModulePlaces
from specgen.replay.response import Response
from specgen.replay.stash import Stash, StashFailure
from specgen.replay.status import (
    answer_failure,
    error_reason,
    has_api,
    is_overloaded,
    is_unsupported,
    undocumented_status,
    unexpected_warnings,
    warnings_of,
)
from specgen.replay.values import (
    Awaited,
    Checks,
    DifferingAnswer,
    Finding,
    Json,
    KeptAnswer,
    Kind,
    Mismatch,
)
from specgen.replay.wire import BodyUnreadable, body_bytes
from specgen.target.guard import CallRefused
from specgen.target.masks import issued_by
from specgen.target.recording import NotRecorded
from specgen.target.values import Answer, Call, Target
from specgen.target.wholeness import AnswerHarmed, harm_of

__all__ = ["Cluster", "Phase"]


class Phase(StrEnum):
    """Where in the life of a case a request is sent; it decides who is at fault."""

    SETUP = "setup"
    CASE = "case"
    TEARDOWN = "teardown"


@dataclass(slots=True)
class Cluster:
    """The target as one case sees it: it sends, checks what holds always, and remembers.

    Attributes:
        target: Where to send.
        places: The places of the module's calls in the page.
        phase: What is going on; the plugin tells.
        findings: What was found and did not end the case: warnings, a failing teardown.
        troubles: Why the teardown failed, in a sentence each.
        cleaner: Removes what the case makes; None where nothing may be removed.
        fresh: Cleans what earlier cases left; called if the first thing sent is a setup.
        left: What could not be removed of what this case made.
        lost: What happened if the target no longer answers.
        issued: The secrets that answers handed out and that the page does not show itself.
        kept: What the page's setup keeps for all its cases (`SPECGEN[set:…]`).
        waited: How long requests were repeated, in seconds.
        keeps: Whether answers are kept for their shapes.
        answers: Those that were kept.
        keeps_differing: Whether the answer is kept that is not as the page shows it.
        differing: That answer; None if there is none, or if it may not count.
        compared: How many documented bodies were held against an answer.
    """

    target: Target
    places: ModulePlaces
    phase: Phase = Phase.SETUP
    stash: Stash = field(default_factory=Stash)
    findings: list[Finding] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    cleaner: Cleaner | None = None
    fresh: Callable[[], None] | None = None
    left: tuple[str, ...] = ()
    lost: SpecgenError | None = None
    emulated: bool = False
    status_checks: int = 0
    body_checks: int = 0
    warning_checks: int = 0
    lenient_checks: int = 0
    waited: float = 0.0
    keeps: bool = False
    answers: list[KeptAnswer] = field(default_factory=list)
    issued: set[str] = field(default_factory=set)
    keeps_differing: bool = False
    differing: DifferingAnswer | None = None
    compared: int = 0
    kept: dict[str, Json] = field(default_factory=dict)

    @property
    def checks(self) -> Checks:
        """How many checks were made so far."""
        return Checks(
            self.status_checks, self.body_checks, self.warning_checks, self.lenient_checks
        )

    def begin_case(self) -> None:
        """The page's setup is done: its stash is forgotten, but for what it keeps."""
        self.phase = Phase.CASE
        self.stash.clear()
        for name, value in self.kept.items():
            self.stash.set(name, value)

    @contextmanager
    def setup(self, name: str) -> Iterator[None]:
        """Marks requests as those of a named setup: if they fail, the page is not at fault."""
        before, self.phase = self.phase, Phase.SETUP
        try:
            yield
        except CannotJudge as trouble:
            self.phase = Phase.TEARDOWN  # nothing else is sent from here on
            raise CannotJudge(f"setup {name!r}: {trouble.reason}", trouble.findings) from None
        self.phase = before

    @contextmanager
    def teardown(self, name: str) -> Iterator[None]:
        """Marks requests as those of a named teardown: what fails there ends nothing."""
        before, self.phase = self.phase, Phase.TEARDOWN
        try:
            yield
        finally:
            self.phase = before

    def blocked(self, reason: str) -> None:
        """Ends a case that cannot be run.

        Raises:
            CannotJudge: Always.
        """
        raise CannotJudge(f"this case cannot be run: {reason}")

    def nothing(self) -> None:
        """Stands in a case that has no step at all."""

    def request(
        self,
        method: str,
        target: str,
        *,
        body: str | None = None,
        catch: str = "",
        warnings: Sequence[str] = (),
        shards: bool = True,
        codes: Sequence[str] = (),
        status: int = 0,
        verbatim: bool = False,
    ) -> Response:
        """Sends a request and checks what holds of every answer.

        In a teardown nothing is raised: what fails is kept, and the rest of it is sent.

        Args:
            method: Upper case.
            target: Path and query as the page writes them, stash references included.
            body: As the page writes it, triple-quoted strings included.
            catch: The error that must come, as in `TEST[catch:…]`; empty for success.
            warnings: The deprecation warnings that must come.
            shards: Whether shard failures are looked for where an answer can tell of them.
            codes: The status codes that the page documents, as `404` or `4xx`; empty for any.
            status: The documented status code that must come instead of success; 0 for success.
            verbatim: Whether the body is sent as it stands, and need not be JSON.

        Raises:
            PageDrifted: The answer is not what the page says.
            CannotJudge: The target or a setup is at fault.
        """
        place = self._place(sys._getframe(1))
        exchange = self._exchange(place, f"{method} {target}")
        awaited = Awaited(catch, tuple(warnings), shards, tuple(codes), status)
        sent = body.encode() if verbatim and body is not None else body
        try:
            return self._request(exchange, place, method, target, sent, awaited)
        except CannotJudge as trouble:
            if self.phase is not Phase.TEARDOWN:
                # A page's teardown follows at once if its setup fails, before pytest tells.
                self.phase = Phase.TEARDOWN if self.phase is Phase.SETUP else self.phase
                raise
            self.findings += trouble.findings
            self.troubles.append(trouble.reason)
            return Response(self, "no answer came that could be used", exchange)

    def _request(
        self,
        exchange: Exchange,
        place: CallPlace,
        method: str,
        target: str,
        body: str | bytes | None,
        awaited: Awaited,
    ) -> Response:
        call = self._call(method, target, body, place, exchange)
        exchange = replace(exchange, curl=curl_line(call, self.target.info))
        if awaited.catch == "param":  # the reference's client refuses such a call before it is sent
            return Response(self, "nothing was sent, so no body came", exchange)
        return self._answered(call, exchange, awaited)

    def _answered(self, call: Call, exchange: Exchange, awaited: Awaited) -> Response:
        again = partial(self._answered, call, exchange, awaited)
        answer = self._send(call, exchange)
        exchange = replace(exchange, emulated=answer.emulated)
        body_read = self._body_of(call, answer, exchange)
        self.stash.set_body(body_read.value)
        self._check(call, answer, exchange, awaited)
        if self.keeps and self.phase is Phase.CASE:
            self._keep_answer(call, answer, body_read, exchange)
        response = Response(self, body_read, exchange, call, again)
        if awaited.shards and self.phase is Phase.CASE and not call.path.startswith(TEXT_APIS):
            response.has_no_shard_failures()
        return response

    def _keep_answer(
        self, call: Call, answer: Answer, body: ResponseBody, exchange: Exchange
    ) -> None:
        """Keeps a JSON body; what specgen itself answered says nothing of the target."""
        if answer.emulated or body.is_text or not 200 <= answer.status < 300 or not body.text:
            return
        place = (exchange.line, exchange.file, exchange.request, exchange.curl)
        kept = KeptAnswer(call.method, call.path, answer.status, body.text, *place)
        self.answers.append(kept)

    def keep(self, name: str, value: Json) -> None:
        """Keeps a value under a name for the rest of the case, and for all if in a setup."""
        self.stash.set(name, value)
        if self.phase is Phase.SETUP:
            self.kept[name] = value

    def knows(self, path: str) -> bool:
        """Whether the target has an API, asked by a `GET` of its path.

        Raises:
            CannotJudge: No answer came that could be used.
        """
        call, emulated = Call("GET", path.lstrip("/")), self.emulated
        answer = self._send(call, Exchange(self.places.page, 1, f"GET {path}", ""))
        self.emulated = emulated  # no case rests on that
        return has_api(answer)

    def compare_analyzers(self, index: str, first: str, second: str) -> None:
        """Checks that two analyzers of an index give the same tokens for random texts.

        Raises:
            PageDrifted: They do not.
        """
        place = self._place(sys._getframe(1))
        exchange = self._exchange(place, f"compare {first} with {second}")
        self.body_checks += 1
        difference = analyzer_difference(
            lambda call: self._send(call, exchange), index, first, second
        )
        if difference:
            self._fail((request_finding(Kind.VALUE, exchange, difference),))

    def target_finding(self, message: str) -> Finding:
        """A finding about the target itself, which stands at no line of the page."""
        nowhere = Exchange(self.places.page, 1, "", "")
        return request_finding(Kind.TARGET, nowhere, message)

    def _exchange(self, place: CallPlace, request: str) -> Exchange:
        return Exchange(self.places.page, place.line, request, "", file=place.file)

    def _place(self, frame: FrameType) -> CallPlace:
        try:
            return self.places.of_line(frame.f_lineno)
        except LookupError as trouble:
            raise CannotJudge(f"the module does not fit its page: {trouble}") from trouble

    def _call(
        self,
        method: str,
        target: str,
        body: str | bytes | None,
        place: CallPlace,
        exchange: Exchange,
    ) -> Call:
        path, _, query = target.partition("?")
        try:
            return Call(
                method,
                self.stash.resolve_text(path),
                tuple(
                    (name, self.stash.resolve_text(value)) for name, value in parameters_of(query)
                ),
                body_bytes(body, self.stash) if isinstance(body, str) else body,
            )
        except StashFailure as trouble:
            finding = request_finding(Kind.VALUE, exchange, trouble.message)
        except BodyUnreadable as trouble:
            mismatch = Mismatch(
                Kind.TEXT, "", None, None, trouble.offset, trouble.offset + 1, trouble.message
            )
            finding = body_findings((mismatch,), str(body), place.body, exchange)[0]
        self._fail((finding,))
        raise CannotJudge("the request cannot be built", (finding,))

    def _send(self, call: Call, exchange: Exchange) -> Answer:
        try:
            fresh, self.fresh = self.fresh, None
            if fresh is not None and self.phase is Phase.SETUP:
                fresh()
            if self.cleaner is not None:
                self.cleaner.notice(call)
            answer = self.target.send(call)
        except CallRefused as trouble:
            finding = request_finding(Kind.SETUP, exchange, trouble.message)
            raise CannotJudge(trouble.message, (finding,)) from trouble
        except (NotRecorded, TargetProblem) as trouble:
            harmed = isinstance(trouble, NotRecorded | AnswerHarmed)
            self.lost = self.lost or (None if harmed else trouble)
            finding = request_finding(Kind.TARGET, exchange, trouble.message)
            raise CannotJudge(trouble.message, (finding,)) from trouble
        self.emulated = self.emulated or answer.emulated
        issued = issued_by(call.path, answer.text)
        self.issued |= {each for each in issued if each not in self.places.text}
        return answer

    def _body_of(self, call: Call, answer: Answer, exchange: Exchange) -> ResponseBody:
        """The body of an answer; one that cannot be read proves nothing, whatever its status."""
        harm = harm_of(call.method, answer)
        try:
            if not harm:
                return read_body(answer.body, answer.header("content-type") or "")
        except AnswerUnreadable as trouble:
            harm = trouble.message
        message = f"the answer ({answer.status}) cannot be used: {harm}"
        raise CannotJudge(message, (request_finding(Kind.TARGET, exchange, message),))

    def _check(self, call: Call, answer: Answer, exchange: Exchange, awaited: Awaited) -> None:
        self.status_checks += 1
        catch = awaited.catch
        try:
            failure = answer_failure(awaited, call.method, answer)
        except RegexTimeout as trouble:
            raise timed_out(f"the expression of the catch: {trouble}", exchange) from trouble
        except JavaRegexError as trouble:
            failure = f"the expression of the catch cannot be used: {trouble}"
        if failure and is_overloaded(answer):
            message = f"the target cannot take it now: {answer.status}{error_reason(answer)}"
            raise CannotJudge(message, (request_finding(Kind.TARGET, exchange, message),))
        if failure:
            kind = Kind.UNSUPPORTED if is_unsupported(answer) else Kind.STATUS
            self._fail((status_finding(kind, exchange, failure, awaited, answer),))
        if undocumented := undocumented_status(awaited.codes, answer):
            self._fail((code_finding(exchange, undocumented, awaited.codes, answer),))
        if not catch:
            self._check_warnings(answer, exchange, awaited.warnings)

    def _check_warnings(self, answer: Answer, exchange: Exchange, expected: Sequence[str]) -> None:
        actual = warnings_of(answer)
        self.warning_checks += len(expected)
        for text in unexpected_warnings(expected, actual):
            message = f"a deprecation warning that the page does not tell of: {text}"
            self.findings.append(request_finding(Kind.WARNING, exchange, message, None, text))
        missing = [text for text in expected if text not in actual]
        if missing:
            self._fail(
                tuple(
                    request_finding(
                        Kind.WARNING, exchange, f"this warning did not come: {text}", text
                    )
                    for text in missing
                )
            )

    def _fail(self, findings: tuple[Finding, ...]) -> None:
        """Ends what is going on: only what fails in the case itself is the page's fault."""
        if self.phase is Phase.CASE:
            raise PageDrifted(findings)
        blamed = tuple(map(not_judged, findings))
        what = "the setup failed: " if self.phase is Phase.SETUP else ""
        raise CannotJudge(f"{what}{findings[0].message}", blamed)
