"""What may be sent to a target: the guard's last word on every single request."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

from specgen.errors import UsageProblem
from specgen.nearest import nearest
from specgen.target.dangers import DANGERS, danger_of, question_before, would_make
from specgen.target.guard import CallRefused, reads_only
from specgen.target.names import out_of_scope
from specgen.target.values import Answer, Call

__all__ = ["Permission", "check_scope", "permissions_of"]

NAMES = tuple(danger.name for danger in DANGERS if not danger.by_disposable)
# Shorter ones are more likely a mistake than a name that stands before those of one team.
SCOPE = re.compile(r"[a-z0-9][\w.-]{2,}")


@dataclass(slots=True)
class Permission:
    """Which requests may go to one target.

    Attributes:
        read_only: Whether only those that read may.
        scope: What all that others name must begin with; empty for no limit.
        private: Whether specgen started the target, so that nothing there can be harmed.
        allow: The names of those dangers that are permitted.
        made: The snapshot repositories and snapshots that were made through it.
    """

    read_only: bool = False
    scope: str = ""
    private: bool = False
    allow: frozenset[str] = frozenset()
    made: set[str] = field(default_factory=set)

    def why_not(self, call: Call, made: Collection[str] | None = None) -> str:
        """Why a call is not to be sent, in the words in which a case is skipped; or empty.

        Args:
            call: The call.
            made: What would be made by then; by default, what was made.
        """
        if reads_only(call.method, call.path, call.query, call.body):
            return ""
        asked = f"{call.method} {call.path}"
        if self.read_only:
            return f"read-only: {asked} would write"
        if self.scope and (why := out_of_scope(call, self.scope)):
            return why
        danger = None if self.private else danger_of(call, self.made if made is None else made)
        # With a scope, what `--disposable` would permit is in it by now, as a wildcard may be.
        if danger is None or danger.by_disposable or danger.name in self.allow:
            return ""
        needs = "" if self.scope else f" (needs --allow {danger.name})"
        return f"refused: {asked} {danger.does}{needs}"

    def why_not_next(self, call: Call, made: set[str]) -> str:
        """`why_not` for one call after others, which made what the set holds; it grows by it."""
        why = self.why_not(call, made)
        if name := would_make(call):
            made.add(name)
        return why

    def question(self, call: Call, made: Collection[str]) -> Call | None:
        """What is asked before a call is sent, to know whether it may be; None for most.

        Args:
            call: A call that may be sent as far as is known without asking.
            made: What was made by then.
        """
        if self.private or self.read_only or "snapshots" in self.allow:
            return None
        return question_before(call, made)

    def send(
        self,
        call: Call,
        send: Callable[[Call], Answer],
        ask: Callable[[Call], Answer] | None = None,
    ) -> Answer:
        """Sends a call if it may be sent, and remembers what it made.

        Args:
            call: The call.
            send: Sends it.
            ask: Sends what has to be known before; by default the same.

        Raises:
            CallRefused: It may not be sent.
        """
        if why := self.why_not(call):
            raise CallRefused(f"{call.method} {call.path} is not sent: {why}.")
        question = self.question(call, self.made)
        if question is not None and (ask or send)(question).status != 404:
            why = "it would take over a repository that this run did not make"
            needs = "" if self.scope else " (needs --allow snapshots)"
            raise CallRefused(f"{call.method} {call.path} is not sent: refused: {why}{needs}.")
        answer = send(call)
        if answer.status in {200, 201} and (name := would_make(call)):
            self.made.add(name)
        return answer


def permissions_of(words: Iterable[str]) -> frozenset[str]:
    """The dangers that `--allow` names, one word or several with commas between them.

    Raises:
        UsageProblem: There is no danger of that name.
    """
    names = {name.strip() for word in words for name in word.split(",")} - {""}
    for name in sorted(names):
        if name not in NAMES:
            close = nearest(name, NAMES)
            hint = f"did you mean {close!r}?" if close else f"known: {', '.join(NAMES)}"
            raise UsageProblem(f"--allow: there is nothing dangerous named {name!r}", hint)
    return frozenset(names)


def check_scope(prefix: str) -> str:
    """The prefix as it was given.

    Raises:
        UsageProblem: It is none that names could be kept to.
    """
    if prefix and not SCOPE.fullmatch(prefix):
        hint = "three characters or more: a letter or digit, then letters, digits, `-`, `_`, `.`"
        raise UsageProblem(f"--scope: {prefix!r} is no beginning of names", hint)
    return prefix
