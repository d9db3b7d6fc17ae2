"""What Java itself makes of patterns: every entry of the table, result or error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from specgen.dialect.java_regex import RegexInvalid, compile_java

TABLE = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "golden" / "java-regex.json"
ENTRIES: list[dict[str, Any]] = (
    json.loads(TABLE.read_text(encoding="utf-8")) if TABLE.exists() else []
)


def outcome(entry: dict[str, Any]) -> object:
    pattern = compile_java(entry["pattern"], comments=entry["flags"] == "COMMENTS")
    if entry["op"] == "find":
        return pattern.find(entry["input"])
    return pattern.replace_all(entry["input"], entry["replacement"])


@pytest.mark.skipif(not ENTRIES, reason="the golden tables are not beside this checkout")
def test_the_table_is_the_whole_one() -> None:
    assert len(ENTRIES) == 326
    assert {entry["op"] for entry in ENTRIES} == {"find", "replaceAll"}


@pytest.mark.parametrize(
    "entry", ENTRIES, ids=[f"{number}-{entry['trap']}" for number, entry in enumerate(ENTRIES)]
)
def test_agrees_with_java(entry: dict[str, Any]) -> None:
    if entry["error"] is not None:
        with pytest.raises(RegexInvalid):
            outcome(entry)
    else:
        assert outcome(entry) == entry["result"]
