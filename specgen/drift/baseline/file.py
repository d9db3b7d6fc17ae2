"""The file of a baseline: JSON, one line a finding, sorted, so that its changes can be read."""

from __future__ import annotations

import json
from collections.abc import Sequence

from specgen.drift.values import Accepted
from specgen.replay.values import Kind

__all__ = ["baseline_text", "read_baseline"]

HEAD = '{"schema": 1, "accepted": ['


def baseline_text(entries: Sequence[Accepted]) -> str:
    """A JSON document without a newline at its end."""
    lines = ",\n".join(f"  {_line(entry)}" for entry in sorted(entries))
    return f"{HEAD}\n{lines}\n]}}" if lines else f"{HEAD}]}}"


def read_baseline(text: str) -> tuple[Accepted, ...]:
    """What a file accepts.

    Raises:
        ValueError: It is no baseline.
    """
    try:
        document = json.loads(text)
        if document["schema"] != 1:
            raise ValueError("a baseline of another version of specgen")
        return tuple(
            Accepted(
                str(each["target"]),
                str(each["case"]),
                Kind(each["kind"]),
                str(each["pointer"]),
                str(each["came"]),
                int(each.get("times", 1)),
            )
            for each in document["accepted"]
        )
    except (LookupError, TypeError, AttributeError, RecursionError) as trouble:
        raise ValueError("no baseline of specgen") from trouble


def _line(entry: Accepted) -> str:
    document = {
        "target": entry.target,
        "case": entry.case,
        "kind": entry.kind.value,
        "pointer": entry.pointer,
        "came": entry.came,
        **({"times": entry.times} if entry.times > 1 else {}),
    }
    text = json.dumps(document, ensure_ascii=False)
    # What cannot be seen, or cannot be written as UTF-8, is escaped as JSON does.
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)
