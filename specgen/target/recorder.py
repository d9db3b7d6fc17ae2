"""Keeps every exchange with a target, as it happens, in a file of each worker's own.

A line is one JSON object and is handed to the operating system at once, so that a crash loses
nothing. When all is over, the files become one HAR document; if that never happens, each of
them can be replayed as it is.
"""

from __future__ import annotations

import glob
import heapq
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from specgen.errors import ExitCode, TargetProblem
from specgen.files import write_whole
from specgen.target.guard import CallRefused
from specgen.target.har import Entry, Exchanged, Part, document_of, entry_of, info_of
from specgen.target.masks import Masks
from specgen.target.values import Answer, Call, Target, TargetInfo

__all__ = ["Diary", "Recorder", "RecordingFull", "part_file", "read_parts", "recorded_to"]


class RecordingFull(TargetProblem):
    """An exchange cannot be kept: without it a recording would not be what it is for."""

    exit_code = ExitCode.USAGE


class Diary:
    """One worker's file of exchanges.

    Args:
        path: The file to append to.
        masks: Hide what is secret.
        now: The time of day, with a time zone.
        seconds: A clock that is never set, in seconds.
    """

    def __init__(
        self,
        path: Path,
        masks: Masks,
        now: Callable[[], datetime],
        seconds: Callable[[], float],
    ) -> None:
        self.case = ""
        self._path = path
        self._masks = masks
        self._now = now
        self._seconds = seconds

    def keep(
        self, send: Callable[[Call], Answer], call: Call, base: str, part: Part = "start-up"
    ) -> Answer:
        """Sends a call and writes down what came of it; what was never sent is not.

        Raises:
            TargetProblem: What `send` raised; that no answer came is written down too.
            RecordingFull: It cannot be written down.
        """
        started, before = self._now(), self._seconds()
        write = partial(self._write, call, base, part, started, before)
        try:
            answer = send(call)
        except CallRefused:
            raise
        except TargetProblem as trouble:
            write(None, trouble.message)
            raise
        write(answer, "")
        return answer

    def opened(self, info: TargetInfo) -> None:
        """Writes down what is known of the target."""
        self._append({"target": asdict(info)})

    def _write(
        self,
        call: Call,
        base: str,
        part: Part,
        started: datetime,
        before: float,
        answer: Answer | None,
        trouble: str,
    ) -> None:
        seconds = self._seconds() - before
        exchanged = Exchanged(call, answer, base, started, seconds, self.case, part, trouble)
        self._append({"entry": entry_of(exchanged, self._masks)})

    def _append(self, fields: dict[str, Any]) -> None:
        try:
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(json.dumps(fields).encode() + b"\n")
        except OSError as trouble:
            what = f"the recording {self._path} cannot be written: {trouble.strerror}"
            raise RecordingFull(what, "make room on the disk, then record again") from trouble


class Recorder:
    """A target of which every exchange is kept.

    Args:
        target: Answers.
        diary: Keeps.
        part: What sends through this recorder.
    """

    def __init__(self, target: Target, diary: Diary, part: Part = "case") -> None:
        self._target = target
        self._diary = diary
        self._part = part

    @property
    def info(self) -> TargetInfo:
        """What is known of the target."""
        return self._target.info

    def begin_case(self, case: str) -> None:
        """What is sent from here on belongs to this case."""
        self._diary.case = case

    def cleaning(self) -> Recorder:
        """The same target for what removes what cases made."""
        return Recorder(self._target, self._diary, "cleaning")

    def send(self, call: Call) -> Answer:
        """Sends one call and keeps its answer; raises what the target raises."""
        return self._diary.keep(self._target.send, call, self.info.url, self._part)

    def forget_emulated(self) -> None:
        """Clears what specgen emulates."""
        self._target.forget_emulated()

    def close(self) -> None:
        """Lets go of the target; may be called twice."""
        self._target.close()


def part_file(recording: Path, worker: str = "") -> Path:
    """Where a worker keeps its exchanges until they become one document."""
    return recording.with_name(f"{recording.name}{f'.{worker}' if worker else ''}.part")


@contextmanager
def recorded_to(recording: Path) -> Iterator[None]:
    """While this is open, sessions record; then their files become one document.

    Raises:
        OSError: It cannot be written.
    """
    recording.parent.mkdir(parents=True, exist_ok=True)
    for part in _parts(recording):  # of a run that was killed
        part.unlink()
    try:
        yield
    finally:
        parts = _parts(recording)
        info, entries = read_parts(parts)
        write_whole(recording, json.dumps(document_of(entries, info), indent=1) + "\n")
        for part in parts:
            part.unlink()


def read_parts(parts: list[Path]) -> tuple[TargetInfo | None, list[Entry]]:
    """The target, and the exchanges of all workers in the order they were sent.

    A line that was cut off, because its writer died, is left out.

    Raises:
        ValueError, LookupError, TypeError: A file holds something else.
    """
    info: TargetInfo | None = None
    files: list[list[Entry]] = []
    for part in parts:
        entries: list[Entry] = []
        for line in part.read_bytes().splitlines(keepends=True):
            if not line.endswith(b"\n"):
                break
            fields = json.loads(line)
            if "target" in fields:
                info = info or info_of(fields["target"])
            else:
                entries.append(fields["entry"])
        files.append(entries)
    # Not sorted: a clock that was set back must not change the order within a worker.
    merged = heapq.merge(*files, key=lambda entry: str(entry["startedDateTime"]))
    return info, list(merged)


def _parts(recording: Path) -> list[Path]:
    alone = part_file(recording)
    workers = recording.parent.glob(f"{glob.escape(recording.name)}.gw*.part")
    return [*([alone] if alone.exists() else []), *sorted(workers)]
