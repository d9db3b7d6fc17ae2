"""Leaves a cluster as it was found: what cases made is removed by name, never by wildcard.

Before the first request that can make a thing of some sort is sent, all things of that sort
are listed. What the case names in its requests and was not there is removed afterwards; where
requests do not name what they make, a second listing tells. So a case pays for what it does:
one that only reads costs nothing, one that only writes documents one listing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from specgen.replay.belongings import (
    DATA_STREAM,
    SORTS,
    Belonging,
    Sort,
    listing_of,
    names_in,
    of_the_cluster,
    removal_of,
    what_it_makes,
)
from specgen.target.guard import CallRefused
from specgen.target.names import in_scope
from specgen.target.values import Answer, Call, Target

__all__ = ["Cleaner"]

SETTINGS = Call("GET", "_cluster/settings", (("flat_settings", "true"),))
# Waits for what goes on after its case, and would make things that were just removed.
BACKGROUND = Call(
    "GET",
    "_tasks",
    (("actions", "*reindex,*byquery"), ("wait_for_completion", "true"), ("timeout", "10s")),
)
# Each apart: OpenSearch takes nothing else along with the one that makes an index writable.
BLOCKS = ("index.blocks.read_only", "index.blocks.metadata")
# How many indices one request removes: their names are of at most 255 bytes, a line of HTTP of
# at most 4096, and encoded a byte is three.
AT_ONCE = 5
UNLISTED = "(the target does not tell which)"

Answers = dict[Call, Answer]


@dataclass(slots=True)
class Cleaner:
    """What was there before, by sort, and what was made since the cluster was last clean.

    Attributes:
        target: What is cleaned; it must be disposable.
        scope: What names must begin with for a thing to be removed; empty for no limit.
        private: Whether nobody but specgen can make anything there. Elsewhere each case looks
            anew at what is there, so that what others made meanwhile is not taken for its own.
        before: The names that stood there when a sort was first touched, by the sort's name and
            what they stand in; None where the target did not tell.
        settings: The cluster settings at that time; None where nobody told them.
        made: What requests may have made since the cluster was clean.
        resets: Whether one of them may have changed cluster settings.
        goes_on: Whether one of them may still be at work.
    """

    target: Target
    private: bool = False
    scope: str = ""
    before: dict[tuple[str, str], frozenset[str] | None] = field(default_factory=dict)
    settings: Any = None
    made: set[Belonging] = field(default_factory=set)
    resets: bool = False
    goes_on: bool = False

    def notice(self, call: Call) -> None:
        """Looks at a request before it is sent.

        Raises:
            TargetProblem: The target does not answer.
        """
        answers: Answers = {}
        for each in what_it_makes(call):
            place = each.sort.name, each.within
            if place not in self.before:
                self.before[place] = self._names(each.sort, each.within, answers)
            self.made.add(each)
            self.goes_on = self.goes_on or ("wait_for_completion", "false") in call.query
        if call.path.startswith("_cluster/settings") and call.method == "PUT":
            self.resets = True
            if self.settings is None:
                self.settings = self._settings()

    def clean(self) -> tuple[str, ...]:
        """Removes what was made, and names what could not be removed.

        Raises:
            TargetProblem: The target does not answer.
        """
        if self.goes_on:
            self.target.send(BACKGROUND)
        settings = self._restore() if self.resets else []
        left = self._remove_made()
        if left:  # once more: what it hung on may be gone by now
            self._unblock(left)
            left = self._remove_made()
        for each in left:  # named once, and not blamed on the cases that follow
            known = self.before[each.sort.name, each.within]
            self.before[each.sort.name, each.within] = (known or frozenset()) | {each.name}
        self.made.clear()
        self.resets = self.goes_on = False
        if not self.private:
            self.before.clear()
            self.settings = None
        return (*map(str, left), *settings)

    def _remove_made(self) -> list[Belonging]:
        """Removes what is known to be made, in the order of `SORTS`; returns what is left."""
        answers: Answers = {}
        left: list[Belonging] = []
        for sort in SORTS:
            for within in sorted({each.within for each in self.made if each.sort is sort}):
                names = self._new(sort, within, answers)
                if sort.name == "index":
                    names = self._without_streams(names)
                remaining = self._remove(sort, within, names)
                left += [Belonging(sort, within, name) for name in remaining]
        return left

    def _new(self, sort: Sort, within: str, answers: Answers) -> list[str]:
        """The names of what was made since the cluster was clean, by nobody else."""
        found = self._since(sort, within, answers)
        if not self.scope:
            return found
        return [name for name in found if name == UNLISTED or self._is_mine(sort, name)]

    def _is_mine(self, sort: Sort, name: str) -> bool:
        """Whether a thing is in scope; an alias is if its index is, too."""
        parts = name.split("/_alias/") if sort.name == "alias" else [name]
        return all(in_scope(part, self.scope) for part in parts)

    def _since(self, sort: Sort, within: str, answers: Answers) -> list[str]:
        before = self.before[sort.name, within]
        mine = (each.name for each in self.made if (each.sort, each.within) == (sort, within))
        named = set(filter(None, mine))
        if before is None:  # a cluster of specgen's own had none
            return sorted(named) if named and self.private else [UNLISTED]
        if named:
            return sorted(named - before)
        now = self._names(sort, within, answers)
        new = sorted([UNLISTED] if now is None else now - before)
        if sort.name == "alias":  # one of a new index went with it
            indices = self.before["index", ""] or frozenset()
            return [name for name in new if name.partition("/")[0] in indices]
        if sort.name == "index" and not self.private:
            return [name for name in new if not of_the_cluster(name)]
        return new

    def _remove(self, sort: Sort, within: str, names: Sequence[str]) -> list[str]:
        """Removes things of one sort; returns what is still there."""
        many = AT_ONCE if sort.name == "index" else 1
        left: list[str] = []
        for start in range(0, len(names), many):
            some = names[start : start + many]
            if len(some) > 1 and self._gone(sort, within, some):
                continue
            left += [name for name in some if not self._gone(sort, within, [name])]
        return left

    def _gone(self, sort: Sort, within: str, names: Sequence[str]) -> bool:
        """Removes what goes with one request, and tells whether it is gone."""
        call = removal_of(sort, names, within)
        if call is None or UNLISTED in names:
            return False
        try:
            status = self.target.send(call).status
        except CallRefused:
            return False
        if status == 200 or len(names) > 1:
            return status == 200
        if status in {404, 405}:  # it never was there, or there is no such API
            return True
        return self.target.send(Call("GET", call.path)).status in {400, 404, 405}

    def _without_streams(self, indices: list[str]) -> list[str]:
        """Removes the data streams all of whose backing indices are new: these go with them."""
        if not any(name.startswith(".ds-") for name in indices):
            return indices
        answer = self.target.send(listing_of(DATA_STREAM))
        if answer.status == 400:  # OpenSearch knows no `expand_wildcards` here
            answer = self.target.send(Call("GET", DATA_STREAM.listing))
        streams = json.loads(answer.body).get("data_streams", ()) if answer.status == 200 else ()
        gone: set[str] = set()
        for stream in streams:
            backing = {str(index["index_name"]) for index in stream["indices"]}
            if backing <= {*indices} and self._gone(DATA_STREAM, "", [stream["name"]]):
                gone |= backing
        return [name for name in indices if name not in gone]

    def _unblock(self, left: Sequence[Belonging]) -> None:
        """Lifts what keeps an index from being removed."""
        for name in (each.name for each in left if each.sort.name == "index"):
            for block in BLOCKS:
                body = json.dumps({block: None}).encode()
                self.target.send(Call("PUT", f"{name}/_settings", (), body))

    def _names(self, sort: Sort, within: str, answers: Answers) -> frozenset[str] | None:
        """The names of all things of a sort; sorts that share a listing ask once."""
        call = listing_of(sort, within)
        if call not in answers:
            answers[call] = self.target.send(call)
        return names_in(answers[call], sort)

    def _settings(self) -> Any:
        answer = self.target.send(SETTINGS)
        return json.loads(answer.body) if answer.status == 200 else None

    def _restore(self) -> list[str]:
        """Gives each changed cluster setting its value back, or none if it had none."""
        now, body = self._settings(), {}
        if self.settings is None or now is None:
            return [f"cluster settings {UNLISTED}"]
        for kind in ("persistent", "transient"):
            old, new = self.settings.get(kind, {}), now.get(kind, {})
            changed = {key for key in {*old, *new} if old.get(key) != new.get(key)}
            if changed:
                body[kind] = {key: old.get(key) for key in sorted(changed)}
        if not body:
            return []
        call = Call("PUT", "_cluster/settings", (), json.dumps(body).encode())
        if self.target.send(call).status == 200:
            return []
        return [f"cluster setting {key}" for keys in body.values() for key in keys]
