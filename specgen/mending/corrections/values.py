"""The noun of corrections: one thing that a request says, and what it is to say instead."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Correction", "Part"]


class Part(StrEnum):
    """What of a request is corrected."""

    PATH = "path"
    PARAMETER = "parameter"
    FIELD = "field"
    LEVEL = "level"


@dataclass(frozen=True, slots=True)
class Correction:
    """One thing that a request says, and what it is to say instead.

    Attributes:
        part: What sort of thing.
        name: The path as it is written, without its query; the name of the parameter; the key of
            the field, or of the level around a mapping, empty for whichever it is.
        new: What is to stand there; empty if it is taken out. A level is always taken out, and
            what it holds stays.
    """

    part: Part
    name: str
    new: str = ""

    @property
    def words(self) -> str:
        """What it does, for people."""
        if not self.name:
            return "the level of its type taken out"
        thing = "" if self.part is Part.PATH else f"the {self.part} "
        done = f"-> `{self.new}`" if self.new else "taken out"
        return f"{thing}`{self.name}` {done}"
