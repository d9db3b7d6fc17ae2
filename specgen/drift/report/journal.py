"""What is known of a run while it goes on: `FILE.part` beside the `--json FILE` to come.

Its first line is a whole document of results in which every planned case is an error, since
the run that wrote it did not end; one line follows for each result, as soon as it is there.
So nothing is lost if specgen is killed: `specgen merge FILE.part` makes a report of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO, Self

from specgen.drift.report.results_json import (
    access_document,
    result_document,
    results_document,
    target_document,
)
from specgen.drift.values import PageCase, RunReport
from specgen.render.rendered import Planned
from specgen.replay.events import CaseFinished, Event, LeftBehind, TargetOpened
from specgen.replay.values import CaseResult

__all__ = ["Journal"]


@dataclass(slots=True)
class Journal:
    """A file to which each result is handed at once, until it cannot be written any more.

    Attributes:
        path: The file; None keeps nothing.
        report: What is planned, each case as an error.
        saved: Whether what it tells is kept elsewhere by now, so that it may go.
    """

    path: Path | None
    report: RunReport
    saved: bool = False
    _planned: Mapping[str, Planned] = field(init=False)
    _file: BinaryIO | None = field(init=False, default=None)
    _results: dict[str, CaseResult] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._planned = {each.case.id: each.case for each in self.report.cases}

    def __enter__(self) -> Self:
        if self.path is None:
            return self
        with suppress(OSError):  # no reason to fail
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("wb", buffering=0)
            self._write(results_document(self.report))
        return self

    def take(self, event: Event) -> None:
        """Adds a result, or what is known of the target."""
        if self._file is None:
            return
        if isinstance(event, TargetOpened):
            known = event.info, self.report.wanted
            self._write({"target": target_document(*known), "access": access_document(*known)})
        elif isinstance(event, CaseFinished):
            self._write_result(event.result)
        elif isinstance(event, LeftBehind) and (result := self._results.get(event.id)):
            self._write_result(replace(result, left=(*result.left, *event.things)))

    def _write_result(self, result: CaseResult) -> None:
        if case := self._planned.get(result.id):
            self._results[result.id] = result
            self._write(result_document(PageCase(case, result)))

    def _write(self, document: Mapping[str, Any]) -> None:
        """Writes a line; after one that is not whole none may follow."""
        assert self._file is not None
        if self._file.closed:
            return
        line = (json.dumps(document) + "\n").encode()
        try:
            whole = self._file.write(line) == len(line)
        except OSError:
            whole = False
        if not whole:
            self._file.close()

    def __exit__(self, *_: object) -> None:
        if self.path is None or self._file is None:
            return
        self._file.close()
        if self.saved or not self._results:
            self.path.unlink(missing_ok=True)
