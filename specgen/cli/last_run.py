"""Which cases failed when they were last run in a folder: what `--rerun failed` means.

Kept in the user's own state folder, one small file for each folder in which specgen was
started, so that a run leaves nothing beside the pages. A case stays in it until it passes: a
run of one page does not forget what failed in the others.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_state_path

from specgen.drift.results import PageCase
from specgen.files import write_whole
from specgen.plan.values import Case
from specgen.replay.values import Outcome

__all__ = ["LastRun", "last_run"]


@dataclass(frozen=True, slots=True)
class LastRun:
    """What is known of the earlier runs in a folder.

    Attributes:
        path: The file that keeps it.
        failed: The cases that failed or could not be judged, each as its page's absolute path
            and its name; None if there was no earlier run.
    """

    path: Path
    failed: frozenset[str] | None

    def has(self, case: Case, path_of: Callable[[str], Path]) -> bool:
        """Whether a case is one of those; `path_of` gives the file of a page."""
        return self.failed is not None and _name(case, path_of) in self.failed

    def remember(self, cases: tuple[PageCase, ...], path_of: Callable[[str], Path]) -> None:
        """Adds what came of cases; a folder that cannot be written to is no reason to fail."""
        failed = set(self.failed or ())
        for each in cases:
            name = _name(each.case, path_of)
            if each.result.outcome in {Outcome.FAILED, Outcome.ERROR}:
                failed.add(name)
            elif not each.result.reason.startswith("not run"):
                failed.discard(name)
        with suppress(OSError):
            write_whole(self.path, json.dumps({"schema": 1, "failed": sorted(failed)}) + "\n")


def last_run(folder: Path) -> LastRun:
    """What is known of the earlier runs that were started in a folder."""
    digest = hashlib.sha256(str(folder.resolve()).encode("utf-8", "surrogateescape")).hexdigest()
    path = user_state_path("specgen") / "last-run" / f"{digest[:16]}.json"
    try:
        failed = json.loads(path.read_text(encoding="utf-8"))["failed"]
        return LastRun(path, frozenset(map(str, failed)))
    except (OSError, ValueError, LookupError, TypeError):  # none, or none that can be read
        return LastRun(path, None)


def _name(case: Case, path_of: Callable[[str], Path]) -> str:
    return f"{path_of(case.page).resolve()}::{case.slug}"
