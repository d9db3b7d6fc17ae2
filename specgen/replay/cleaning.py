"""Leaves a cluster as it was found: what a case made is removed by name, never by wildcard.

Before the first request that can make a thing of some sort is sent, all things of that sort
are listed; after the case, what is there and was not is removed. So a case pays for what it
does: one that only reads costs nothing, one that only writes documents one listing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from specgen.replay.belongings import SORTS, Sort, names_of, removal_of, sorts_of
from specgen.target.values import Call, Target

__all__ = ["Cleaner"]

SETTINGS = Call("GET", "_cluster/settings", (("flat_settings", "true"),))


@dataclass(slots=True)
class Cleaner:
    """What was there before, by sort, and which sorts the case now running may have touched.

    Attributes:
        target: What is cleaned; it must be disposable.
        private: Whether nobody but specgen can make anything there. Elsewhere each case looks
            anew at what is there, so that what others made meanwhile is not taken for its own.
        before: The names that stood there when a sort was first touched.
        settings: The cluster settings at that time; None if they were never touched.
        touched: The sorts of the case that is running.
        made: What this case is known to have made, for what a target does not list.
    """

    target: Target
    private: bool = False
    before: dict[str, frozenset[str]] = field(default_factory=dict)
    settings: Any = None
    touched: set[str] = field(default_factory=set)
    made: set[tuple[str, str]] = field(default_factory=set)

    def notice(self, call: Call) -> None:
        """Looks at a request before it is sent.

        Raises:
            TargetProblem: The target does not answer.
        """
        for sort in sorts_of(call):
            if sort.name not in self.before:
                self.before[sort.name] = names_of(self.target, sort)
            self.touched.add(sort.name)
        if call.path.startswith("_scripts/"):  # not every target lists its scripts
            self.made.add(("script", call.path.split("/")[1]))
        if call.path.startswith("_cluster/settings") and call.method == "PUT":
            self.touched.add("settings")
            if self.settings is None:
                self.settings = self._settings()

    def clean(self) -> tuple[str, ...]:
        """Removes what the case made, and names what could not be removed.

        Raises:
            TargetProblem: The target does not answer.
        """
        left: list[str] = []
        for sort in SORTS:
            if sort.name in self.touched:
                left += self._remove(sort)
        if "settings" in self.touched:
            left += self._restore()
        self.touched.clear()
        self.made.clear()
        if not self.private:
            self.before.clear()
            self.settings = None
        return tuple(left)

    def _remove(self, sort: Sort) -> list[str]:
        known = {name for kind, name in self.made if kind == sort.name}
        new = sorted((names_of(self.target, sort) | known) - self.before[sort.name])
        if sort.name == "index" and any(name.startswith(".ds-") for name in new):
            return self._remove_streams(sort)
        left = []
        for name in new:
            if sort.name == "snapshot repository":
                self._remove_snapshots(name)
            answer = self.target.send(removal_of(sort, name))
            if answer.status not in {200, 404}:
                left.append(f"{sort.name} {name}")
        return left

    def _remove_streams(self, indices: Sort) -> list[str]:
        """A backing index goes only with its data stream, if all of them are new."""
        streams = next(sort for sort in SORTS if sort.name == "data stream")
        answer = self.target.send(Call("GET", streams.listing, streams.query))
        for stream in json.loads(answer.body).get("data_streams", ()):
            backing = {index["index_name"] for index in stream["indices"]}
            if not backing & self.before["index"]:
                self.target.send(removal_of(streams, stream["name"]))
        new = sorted(names_of(self.target, indices) - self.before["index"])
        left = [name for name in new if name.startswith(".ds-")]
        for name in new:
            if name not in left and self.target.send(removal_of(indices, name)).status != 200:
                left.append(name)
        return [f"index {name}" for name in left]

    def _remove_snapshots(self, repository: str) -> None:
        path = f"_snapshot/{repository}"
        answer = self.target.send(Call("GET", f"{path}/_all"))
        if answer.status == 200:
            for snapshot in json.loads(answer.body).get("snapshots", ()):
                self.target.send(Call("DELETE", f"{path}/{snapshot['snapshot']}"))

    def _settings(self) -> Any:
        answer = self.target.send(SETTINGS)
        return json.loads(answer.body) if answer.status == 200 else {}

    def _restore(self) -> list[str]:
        """Gives each changed cluster setting its value back, or none if it had none."""
        now, body = self._settings(), {}
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
