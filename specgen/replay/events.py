"""What a session of pytest tells the process that started it, line by line.

Each worker appends to a file of its own; a line is one JSON object. A line that is cut off,
because its writer died, is left out by the reader.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from specgen.replay.values import CaseResult, Checks, Finding, Kind, Outcome
from specgen.target.values import TargetInfo

__all__ = [
    "CaseFinished",
    "CaseStarted",
    "Collected",
    "Event",
    "EventLog",
    "TargetLost",
    "TargetOpened",
]


@dataclass(frozen=True, slots=True)
class Collected:
    """The ids of the cases that will be run, after every selection."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TargetOpened:
    """The target answers.

    Attributes:
        info: What is known of it.
        seconds: How long it took from the start to the first answer.
    """

    info: TargetInfo
    seconds: float


@dataclass(frozen=True, slots=True)
class TargetLost:
    """The target cannot be used, or is gone: no further case is run."""

    message: str
    hint: str
    exit_code: int


@dataclass(frozen=True, slots=True)
class CaseStarted:
    """A case begins."""

    id: str


@dataclass(frozen=True, slots=True)
class CaseFinished:
    """A case has its result."""

    result: CaseResult


Event = Collected | TargetOpened | TargetLost | CaseStarted | CaseFinished


@dataclass(slots=True)
class EventLog:
    """One worker's file of events, seen from either end."""

    path: Path
    offset: int = 0

    def write(self, event: Event) -> None:
        """Appends an event and hands it to the operating system at once."""
        line = json.dumps({"event": type(event).__name__, **asdict(event)}) + "\n"
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, line.encode())
        finally:
            os.close(descriptor)

    def read(self) -> Iterator[Event]:
        """The events since the last reading that are complete."""
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            file.seek(self.offset)
            for line in file:
                if not line.endswith(b"\n"):
                    break
                self.offset += len(line)
                yield _event(json.loads(line))


def _event(fields: dict[str, Any]) -> Event:
    name = fields.pop("event")
    if name == "Collected":
        return Collected(tuple(fields["ids"]))
    if name == "TargetOpened":
        info = fields["info"]
        known = TargetInfo(**{**info, "emulated": tuple(info["emulated"])})
        return TargetOpened(known, fields["seconds"])
    if name == "TargetLost":
        return TargetLost(**fields)
    if name == "CaseStarted":
        return CaseStarted(**fields)
    return CaseFinished(_result(fields["result"]))


def _result(fields: dict[str, Any]) -> CaseResult:
    findings = tuple(_finding(each) for each in fields["findings"])
    checks = Checks(**fields["checks"])
    outcome = Outcome(fields["outcome"])
    rest = {"left": tuple(fields["left"]), "checks": checks, "outcome": outcome}
    return CaseResult(**{**fields, "findings": findings, **rest})


def _finding(fields: dict[str, Any]) -> Finding:
    labels = tuple((side, says) for side, says in fields["labels"])
    return Finding(**{**fields, "kind": Kind(fields["kind"]), "labels": labels})
