"""The nouns of the replay room: mismatches and findings."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["ABSENT", "Absent", "Json", "Kind", "Mismatch"]

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


class Absent:
    """Stands for a value that is not there, which is not the same as null."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = Absent()


class Kind(StrEnum):
    """What a difference is about; the words of the JSON output."""

    VALUE = "value"
    TYPE = "type"
    MISSING = "missing"
    SURPLUS = "surplus"
    ORDER = "order"
    TEXT = "text"
    STATUS = "status"
    WARNING = "warning"
    SHARDS = "shards"
    UNSUPPORTED = "unsupported"
    SETUP = "setup"
    TARGET = "target"


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One difference between a documented body and the one that came.

    Attributes:
        kind: What it is about.
        pointer: JSON pointer (RFC 6901) of the value, empty for the whole body.
        expected: What the page says, stash values put in; `ABSENT` for a surplus value.
        actual: What the cluster said; `ABSENT` for a missing one.
        start: Offset in the expected text of what is at fault: the value; for a missing
            key the key and its value; for a surplus key the opening brace of its object.
        end: Where that ends.
        message: The difference in one sentence.
    """

    kind: Kind
    pointer: str
    expected: Json | Absent
    actual: Json | Absent
    start: int
    end: int
    message: str
