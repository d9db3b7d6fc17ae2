"""The target `recording:FILE`: answers out of a recording, with no cluster.

A request is looked for among those of its case first and then among all: same method, path,
query and body (JSON bodies as values). Each entry is used once in the order recorded; when none
is left, the last one answers again. What specgen sent for itself, to start and to clean, is
passed over, for a recording has nothing to clean.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from specgen.errors import SpecgenError, UsageProblem
from specgen.target.address import call_url
from specgen.target.har import Entry, answer_of, body_of, info_of, place
from specgen.target.masks import MASKED
from specgen.target.permission import Permission
from specgen.target.recorder import read_parts
from specgen.target.values import Answer, Call, Closing, TargetInfo

__all__ = ["NotRecorded", "Recorded", "RecordingTarget", "read_recording"]

_HINT = "A recording is what `specgen run --record FILE` wrote."


class NotRecorded(SpecgenError):
    """A request is not in the recording; other cases may well be."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """An exchange of a case as it is looked up.

    Attributes:
        key: The request as `_key` gives it.
        case: The id of the case that sent it.
        answer: What came back.
        pattern: Matches the key of the request where that holds masks.
    """

    key: str
    case: str
    answer: Answer
    pattern: re.Pattern[str] | None = None


class RecordingTarget(Closing):
    """Answers calls as a recorded target did.

    Args:
        info: What is known of the recorded target.
        recorded: The exchanges of its cases, in the order sent.
        permission: What may be asked for; by default anything.
    """

    def __init__(
        self,
        info: TargetInfo,
        recorded: tuple[Recorded, ...],
        *,
        permission: Permission | None = None,
    ) -> None:
        self._permission = permission or Permission(private=True)
        read_only = self._permission.read_only
        self._info = replace(info, name="recording", disposable=False, read_only=read_only)
        self._recorded = recorded
        self._case = ""
        self._used: set[int] = set()
        self._meanings: dict[str, str] = {}
        self._by_key: defaultdict[str, list[int]] = defaultdict(list)
        for index, each in enumerate(recorded):
            self._by_key[each.key].append(index)
        self._masked = [index for index, each in enumerate(recorded) if each.pattern]

    @property
    def info(self) -> TargetInfo:
        """What is known of the recorded target."""
        return self._info

    def begin_case(self, case: str) -> None:
        """What is asked from here on is looked for in this case first."""
        self._case = case
        self._meanings.clear()

    def send(self, call: Call) -> Answer:
        """The recorded answer to a call.

        Raises:
            CallRefused: The call could not be sent to any target, or is not permitted.
            NotRecorded: The recording does not know it.
        """
        return self._permission.send(call, self._answer)

    def _answer(self, call: Call) -> Answer:
        key = _key(call.method, place(call), call.body)
        index = self._find(key)
        if index is None:
            call_url("", call)
            raise NotRecorded(f"the recording does not know {call.method} {place(call)}{_of(call)}")
        self._used.add(index)
        found = self._recorded[index]
        if found.pattern and (fits := found.pattern.fullmatch(key)):
            masks = [each[0] for each in MASKED.finditer(found.key) if each[1]]
            self._meanings |= zip(masks, fits.groups(), strict=True)
        return self._meant(found.answer)

    def forget_emulated(self) -> None:
        """Does nothing: a recording does not change."""

    def close(self) -> None:
        """Does nothing: nothing is open."""

    def _find(self, key: str) -> int | None:
        masked = [i for i in self._masked if self._fits(i, key)]
        known = sorted({*self._by_key.get(key, ()), *masked})
        own = [index for index in known if self._recorded[index].case == self._case]
        candidates = own or known
        unused = (index for index in candidates if index not in self._used)
        return next(unused, candidates[-1] if candidates else None)

    def _fits(self, index: int, key: str) -> bool:
        pattern = self._recorded[index].pattern
        return pattern is not None and pattern.fullmatch(key) is not None

    def _meant(self, answer: Answer) -> Answer:
        """The answer with the secrets that the page itself named in this case."""
        if not self._meanings or b"***" not in answer.body:
            return answer
        text = MASKED.sub(lambda found: self._meanings.get(found[0], found[0]), answer.text)
        return replace(answer, body=text.encode())


def read_recording(path: Path) -> tuple[TargetInfo, tuple[Recorded, ...]]:
    """Reads a HAR document, or what a killed run left of one (`FILE.part`).

    Raises:
        UsageProblem: There is no such file, or it is no recording.
    """
    try:
        info, entries = _entries(path)
    except OSError as trouble:
        raise UsageProblem(f"{path} cannot be read: {trouble.strerror}.", _HINT) from None
    except json.JSONDecodeError as trouble:
        where = f"{path}:{trouble.lineno}:{trouble.colno}"
        raise UsageProblem(f"{where}: {trouble.msg}: this is no recording.", _HINT) from None
    except (ValueError, LookupError, TypeError, AttributeError):
        raise UsageProblem(f"{path} is no recording.", _HINT) from None
    if info is None:
        raise UsageProblem(f"{path} holds no target: it was never open in that run.", _HINT)
    recorded = (_recorded(path, number, entry) for number, entry in enumerate(entries))
    return info, tuple(each for each in recorded if each)


def _entries(path: Path) -> tuple[TargetInfo | None, list[Entry]]:
    if path.suffix == ".part":
        return read_parts([path])
    log: dict[str, Any] = json.loads(path.read_bytes())["log"]
    target = log["_specgen"]["target"]
    return info_of(target) if target else None, list(log["entries"])


def _recorded(path: Path, number: int, entry: Entry) -> Recorded | None:
    """What an entry tells of a case; None for one without an answer, or sent for specgen."""
    try:
        notes, request = entry["_specgen"], entry["request"]
        if notes["part"] != "case" or entry["response"]["status"] == 0:
            return None
        body = body_of(request.get("postData", {}))
        key = _key(request["method"], request["url"].removeprefix(notes["base"]), body)
        return Recorded(key, notes["case"], answer_of(entry), _pattern(key))
    except (ValueError, LookupError, TypeError, AttributeError) as trouble:
        what = f"lacks {trouble}" if isinstance(trouble, KeyError) else str(trouble)
        message = f"{path}: log.entries[{number}] is no recorded exchange: {what}."
        raise UsageProblem(message, _HINT) from None


def _key(method: str, where: str, body: bytes | None) -> str:
    return f"{method} {where}\n{_canonical(body or b'')}"


def _canonical(body: bytes) -> str:
    """A body so that two which mean the same are the same text."""
    try:
        return json.dumps(json.loads(body), sort_keys=True, ensure_ascii=False)
    except (ValueError, RecursionError):
        return body.decode("utf-8", "replace")


def _pattern(key: str) -> re.Pattern[str] | None:
    """Matches what a key with masks may have been; each numbered one is a group."""
    if "***" not in key:
        return None
    pieces, end = [], 0
    for found in MASKED.finditer(key):
        pieces += [re.escape(key[end : found.start()]), "(.*?)" if found[1] else ".*?"]
        end = found.end()
    return re.compile("".join(pieces) + re.escape(key[end:]), re.DOTALL)


def _of(call: Call) -> str:
    """The beginning of a body, for a message."""
    if not call.body:
        return ""
    text = " ".join(call.body.decode("utf-8", "replace").split())
    return f" with the body {text if len(text) <= 80 else text[:79] + '…'}"
