"""What a session of pytest tells the process that started it, line by line.

Each session appends to a file of its own; a line is one JSON object. A line that is cut off,
because its writer died, is left out by the reader.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from specgen.replay.values import (
    CaseResult,
    Checks,
    DifferingAnswer,
    Finding,
    KeptAnswer,
    Kind,
    Outcome,
)
from specgen.target.values import TargetInfo

__all__ = [
    "UNWRITABLE",
    "CaseFinished",
    "CaseStarted",
    "Collected",
    "Event",
    "EventLog",
    "LeftBehind",
    "TargetLost",
    "TargetOpened",
    "stop_file",
]

UNWRITABLE = 74
"""The exit code of a session whose results cannot be written (`EX_IOERR` of sysexits)."""

# Space that each session sets aside for the result that finds the disk full, in bytes.
RESERVE = 256 * 1024
RESERVED = "reserved-"


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
    """A case has its result.

    Attributes:
        result: What came of it.
        answers: What it was answered, if that is to be held against shapes.
        differing: What it was answered instead of what its page shows, if that is to be mended.
    """

    result: CaseResult
    answers: tuple[KeptAnswer, ...] = ()
    differing: DifferingAnswer | None = None


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """What could not be removed when the cluster was cleaned some time after a case.

    Attributes:
        id: The last case that ran before.
        things: What it and those before it left.
    """

    id: str
    things: tuple[str, ...]


Event = Collected | TargetOpened | TargetLost | CaseStarted | CaseFinished | LeftBehind


@dataclass(slots=True)
class EventLog:
    """One session's file of events, seen from either end.

    Space is set aside with the first event, so that a disk that is full in the middle of a run
    still takes the result of the case that filled it. If the file takes no more, another is
    begun: a limit may be one of the file alone.
    """

    path: Path
    offset: int = 0
    reserved: Path | None = None
    files: int = 0

    def write(self, event: Event) -> None:
        """Appends an event and hands it to the operating system at once.

        Raises:
            OSError: No place takes it, not even what was set aside.
        """
        line = (json.dumps({"event": type(event).__name__, **asdict(event)}) + "\n").encode()
        if self.reserved is None:
            self.reserved = _reserve(self.path)
        if _append(self._current, line):
            return
        self.reserved.unlink(missing_ok=True)
        self.files += 1  # nothing may follow a line that was cut off
        if not _append(self._current, line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.path))

    @property
    def full(self) -> bool:
        """Whether the last event took what was set aside, so that no other may follow."""
        return self.files > 0

    @property
    def _current(self) -> Path:
        return self.path.with_name(f"{self.path.name}.{self.files}") if self.files else self.path

    def read(self) -> Iterator[Event]:
        """The events since the last reading that are complete."""
        if not self.path.is_file():
            return
        with self.path.open("rb") as file:
            file.seek(self.offset)
            for line in file:
                if not line.endswith(b"\n"):
                    break
                self.offset += len(line)
                yield _event(json.loads(line))


def stop_file(events: Path) -> Path:
    """The file that, once it is there, asks the writer of these events to end soon."""
    return events.with_name(f"stop-{events.name}")


def _reserve(path: Path) -> Path:
    """Takes space on the disk; as much as there is, if that is less."""
    reserved = path.with_name(f"{RESERVED}{path.name}")
    with suppress(OSError):
        reserved.write_bytes(bytes(RESERVE))
    return reserved


def _append(path: Path, line: bytes) -> bool:
    """Whether the file took the line whole."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    except OSError:
        return False
    try:
        return os.write(descriptor, line) == len(line)
    except OSError:
        return False
    finally:
        os.close(descriptor)


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
    if name == "LeftBehind":
        return LeftBehind(fields["id"], tuple(fields["things"]))
    answers = tuple(KeptAnswer(**each) for each in fields["answers"])
    differing = _differing(fields["differing"]) if fields["differing"] else None
    return CaseFinished(_result(fields["result"]), answers, differing)


def _differing(fields: dict[str, Any]) -> DifferingAnswer:
    stash = tuple((name, value) for name, value in fields["stash"])
    return DifferingAnswer(**{**fields, "stash": stash})


def _result(fields: dict[str, Any]) -> CaseResult:
    findings = tuple(_finding(each) for each in fields["findings"])
    checks = Checks(**fields["checks"])
    outcome = Outcome(fields["outcome"])
    rest = {"left": tuple(fields["left"]), "checks": checks, "outcome": outcome}
    return CaseResult(**{**fields, "findings": findings, **rest})


def _finding(fields: dict[str, Any]) -> Finding:
    labels = tuple((side, says) for side, says in fields["labels"])
    return Finding(**{**fields, "kind": Kind(fields["kind"]), "labels": labels})
