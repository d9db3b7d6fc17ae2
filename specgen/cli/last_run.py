"""What is remembered of the earlier runs in a folder: what failed, and how long cases took.

Kept in the user's own state folder, two small files for each folder in which specgen was
started, so that a run leaves nothing beside the pages. A case stays among those that failed
until it passes: a run of one page does not forget what failed in the others.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_state_path

from specgen.drift.values import PageCase, RunReport
from specgen.files import write_whole
from specgen.render.rendered import Planned
from specgen.replay.values import Outcome

__all__ = ["LastRun", "last_run"]

PathOf = Callable[[str], Path]


@dataclass(frozen=True, slots=True)
class LastRun:
    """What is known of the earlier runs in a folder.

    Attributes:
        path: The file that keeps what failed.
        failed: The cases that failed or could not be judged, each as its page's absolute path
            and its name; None if there was no earlier run.
    """

    path: Path
    failed: frozenset[str] | None

    def has(self, case: Planned, path_of: PathOf) -> bool:
        """Whether a case is one of those; `path_of` gives the file of a page."""
        return self.failed is not None and _names([case], path_of)[case.id] in self.failed

    def remember(self, report: RunReport, path_of: PathOf) -> None:
        """Adds what came of a run; a folder that cannot be written to is no reason to fail."""
        failed = set(self.failed or ())
        names = _names([each.case for each in report.cases], path_of)
        for each in report.cases:
            name = names[each.case.id]
            if each.result.outcome.is_red:
                failed.add(name)
            elif not each.result.reason.startswith("not run"):
                failed.discard(name)
        with suppress(OSError):
            write_whole(self.path, json.dumps({"schema": 1, "failed": sorted(failed)}) + "\n")
            if report.share is None:  # else each part of a run would be cut in another way
                self._remember_durations(report.cases, names)

    def durations(self, cases: Sequence[Planned], path_of: PathOf) -> dict[str, float]:
        """How long cases took when all pages were last run, in seconds by id."""
        known, names = self._durations(), _names(cases, path_of)
        return {id: known[name] for id, name in names.items() if name in known}

    def _remember_durations(self, cases: Sequence[PageCase], names: Mapping[str, str]) -> None:
        judged = {Outcome.PASSED, Outcome.FAILED}
        known = self._durations() | {
            names[each.case.id]: each.result.duration_s
            for each in cases
            if each.result.outcome in judged
        }
        write_whole(self._beside, json.dumps({"schema": 1, "durations_s": known}) + "\n")

    @property
    def _beside(self) -> Path:
        return self.path.with_suffix(".durations.json")

    def _durations(self) -> dict[str, float]:
        try:
            known = json.loads(self._beside.read_text(encoding="utf-8"))["durations_s"]
            return {str(name): float(seconds) for name, seconds in known.items()}
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            return {}


def last_run(folder: Path) -> LastRun:
    """What is known of the earlier runs that were started in a folder."""
    digest = hashlib.sha256(str(folder.resolve()).encode("utf-8", "surrogateescape")).hexdigest()
    path = user_state_path("specgen") / "last-run" / f"{digest[:16]}.json"
    try:
        failed = json.loads(path.read_text(encoding="utf-8"))["failed"]
        return LastRun(path, frozenset(map(str, failed)))
    except (OSError, ValueError, LookupError, TypeError):  # none, or none that can be read
        return LastRun(path, None)


def _names(cases: Sequence[Planned], path_of: PathOf) -> dict[str, str]:
    """The name of each case in the files kept here, by its id."""
    paths = {page: path_of(page).resolve() for page in {case.page for case in cases}}
    return {case.id: f"{paths[case.page]}::{case.slug}" for case in cases}
