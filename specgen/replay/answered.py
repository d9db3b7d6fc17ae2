"""How a request ended, read back from what a finding shows of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from specgen.replay.values import Finding

__all__ = ["Answered", "answered"]

# What ends a search tells nothing: what a shard says follows.
NOTHING_TOLD = re.compile(r"\Asearch_phase_execution_exception: all shards failed, caused by ")
STATUS = re.compile(r"(?P<status>[1-5]\d\d)(?:: (?P<reason>.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Answered:
    """How a request ended, as far as a finding tells it.

    Attributes:
        status: The status code that came.
        reason: `type: reason` of the error; empty if none was given.
    """

    status: int
    reason: str


def answered(finding: Finding) -> Answered | None:
    """How the request ended; None where the finding is about something else."""
    says = finding.labels[-1][1] if finding.labels and not finding.pointer else ""
    found = STATUS.fullmatch(says)
    if found is None:
        return None
    return Answered(int(found["status"]), NOTHING_TOLD.sub("", found["reason"] or ""))
