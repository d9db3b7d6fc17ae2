"""The causes that specgen knows: rows of `known.toml`, each with a title and what to do."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from specgen.replay.values import Json, Kind

__all__ = ["Evidence", "KnownCause", "Recognised", "Sign", "known_causes", "recognised"]

TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "list": (list,),
    "string": (str,),
    "number": (int, float),
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one finding, or a verdict without any, tells of its cause.

    Attributes:
        kind: Of the finding; None if there is none.
        text: What the cluster gave as its reason, else the message or the verdict's reason.
        request: Method and target of the request; empty if there is none.
        pointer: The pattern of its JSON pointer; empty if it has none.
        expected: What the page says.
        actual: What the cluster said.
    """

    kind: Kind | None
    text: str
    request: str = ""
    pointer: str = ""
    expected: Json = None
    actual: Json = None


@dataclass(frozen=True, slots=True)
class Sign:
    """What a cause is known by; every part that is given must hold.

    Attributes:
        kinds: The kinds of finding that it shows in; empty for any, or none.
        text: Is searched for in the text of the evidence.
        request: Is matched against the start of the request.
        pointer: Is matched against the whole of a pointer's pattern.
        expected: Is matched against the whole of a text that the page shows.
        actual: The JSON type of what the cluster said; empty for any.
    """

    kinds: frozenset[Kind]
    text: re.Pattern[str] | None
    request: re.Pattern[str] | None
    pointer: re.Pattern[str] | None
    expected: re.Pattern[str] | None
    actual: str

    def found_in(self, evidence: Evidence) -> Mapping[str, str] | None:
        """The names that the patterns caught, if the sign is there; else None."""
        if self.kinds and evidence.kind not in self.kinds:
            return None
        if self.actual and not isinstance(evidence.actual, TYPES[self.actual]):
            return None
        shown = evidence.expected if isinstance(evidence.expected, str) else ""
        matches = (
            self.text.search(evidence.text) if self.text else None,
            self.request.match(evidence.request) if self.request else None,
            self.pointer.fullmatch(evidence.pointer) if self.pointer else None,
            self.expected.fullmatch(shown) if self.expected else None,
        )
        wanted = (self.text, self.request, self.pointer, self.expected)
        if any(pattern and match is None for pattern, match in zip(wanted, matches, strict=True)):
            return None
        caught = (match.groupdict() for match in matches if match)
        return {name: value for each in caught for name, value in each.items() if value}


@dataclass(frozen=True, slots=True)
class KnownCause:
    """A cause that many pages share, since an engine changed or lacks something.

    Attributes:
        id: A few words joined by dashes; where `feature` is caught, that is added to it.
        title: In plain words; `{feature}` stands for what was caught.
        means: What happened, in a few sentences.
        example: What a cluster, or a page, says then.
        hint: What to do about it.
        signs: What it is known by; one is enough.
    """

    id: str
    title: str
    means: str
    example: str
    hint: str
    signs: tuple[Sign, ...]


@dataclass(frozen=True, slots=True)
class Recognised:
    """A known cause that explains a finding.

    Attributes:
        rank: Its row, from 0: the lower, the more telling.
        cause: The row.
        feature: What its sign caught; empty if it catches nothing.
    """

    rank: int
    cause: KnownCause
    feature: str


@cache
def known_causes() -> tuple[KnownCause, ...]:
    """All rows of the table, the more telling ones first."""
    text = files(__package__).joinpath("known.toml").read_text(encoding="utf-8")
    return tuple(map(_known_cause, tomllib.loads(text)["cause"]))


def recognised(evidence: Evidence) -> Recognised | None:
    """The first row that knows the evidence; None if none does."""
    for rank, cause in enumerate(known_causes()):
        for sign in cause.signs:
            caught = sign.found_in(evidence)
            if caught is not None:
                return Recognised(rank, cause, caught.get("feature", ""))
    return None


def _known_cause(row: Mapping[str, Any]) -> KnownCause:
    signs = tuple(map(_sign, row["signs"]))
    title, means, example, hint = (
        " ".join(row[key].split()) for key in ("title", "means", "example", "hint")
    )
    return KnownCause(row["id"], title, means, example, hint, signs)


def _sign(row: Mapping[str, Any]) -> Sign:
    text, request, pointer, expected = (
        re.compile(row[key]) if key in row else None
        for key in ("text", "request", "pointer", "expected")
    )
    kinds = frozenset(map(Kind, row.get("kinds", ())))
    return Sign(kinds, text, request, pointer, expected, row.get("actual", ""))
