"""Every entry of the golden tables: what the reference's own classes make of small inputs."""

from __future__ import annotations

import json
import pathlib
from typing import Any

import pytest

from specgen.replay.answers import AnswerUnreadable, read_body
from specgen.replay.compare import compare_body
from specgen.replay.flow import ExpectedUnreadable
from specgen.replay.stash import Stash, StashFailure
from specgen.replay.values import Json, Kind
from specgen.replay.wire import BodyUnreadable, body_bytes

GOLDEN = pathlib.Path(__file__).resolve().parents[3] / "shared" / "corpus" / "golden"
JSON_TYPE = "application/json; charset=UTF-8"

# Where ours differs from the reference on purpose: what is not made of objects is refused,
# and a number too large for a double is sent as it stands.
NOT_OBJECTS = (
    "a list",
    "a list of objects",
    "a text",
    "a number",
    "null",
    "true",
    "object and number",
    "object and list",
)
SENT_AS_IT_STANDS = "overflow"

Entry = dict[str, Any]


def entries(name: str) -> list[Any]:
    path = GOLDEN / f"{name}.json"
    if not path.exists():
        return [pytest.param({}, marks=pytest.mark.skip(reason="no shared/corpus here"))]
    table: list[Entry] = json.loads(path.read_text("utf-8"))
    return [pytest.param(entry, id=f"{at}-{entry['trap']}") for at, entry in enumerate(table)]


def outcome(entry: Entry, stash: Stash) -> tuple[bool, str | None]:
    """Whether the response is as documented, and the stage at which reading failed."""
    try:
        body = read_body(entry["actual"].encode(), entry.get("content_type") or JSON_TYPE)
    except AnswerUnreadable:
        return False, "actual"
    if "last_body" not in entry:
        stash.set_body(body.value)
    try:
        found = compare_body(entry["expected"], body, stash, entry.get("field", "$body"))
    except ExpectedUnreadable:
        return False, "expected"
    for mismatch in found:
        assert 0 <= mismatch.start <= mismatch.end <= len(entry["expected"])
        assert mismatch.message
    return not found, None


def documented(entry: Entry) -> tuple[bool, str | None]:
    stage = entry.get("stage")
    return entry["equal"], stage if stage in ("actual", "expected") else None


@pytest.mark.parametrize("entry", entries("match"))
def test_a_response_matches_as_in_the_reference(entry: Entry) -> None:
    assert outcome(entry, Stash()) == documented(entry)


@pytest.mark.parametrize("entry", entries("stash"))
def test_values_are_put_in_as_in_the_reference(entry: Entry) -> None:
    stash = Stash({**entry["stash"], "body": entry["last_body"]})

    assert outcome(entry, stash) == documented(entry)


@pytest.mark.parametrize("entry", entries("body"))
def test_a_body_is_sent_as_by_the_reference(entry: Entry) -> None:
    stash = Stash(entry.get("stash"))
    if entry["trap"] in NOT_OBJECTS or entry["error"]:
        with pytest.raises(StashFailure if entry.get("stage") == "send" else BodyUnreadable):
            body_bytes(entry["text"], stash)
        return
    sent = body_bytes(entry["text"], stash)
    if entry["trap"] == SENT_AS_IT_STANDS:
        assert sent == entry["text"].strip().encode()
    elif entry["sent"] is None:
        assert sent is None
    else:
        assert sent is not None
        assert parsed(sent.decode()) == parsed(entry["sent"])


def parsed(sent: str) -> tuple[list[Json], bool]:
    if sent.endswith("\n"):
        return [json.loads(line) for line in sent.splitlines()], True
    return [json.loads(sent)], False


def test_the_exceptions_are_in_the_table() -> None:
    if not GOLDEN.exists():
        pytest.skip("no shared/corpus here")
    traps = {entry["trap"] for entry in json.loads((GOLDEN / "body.json").read_text("utf-8"))}

    assert {*NOT_OBJECTS, SENT_AS_IT_STANDS} <= traps


def test_a_value_that_cannot_be_put_in_is_told_where_it_stands() -> None:
    body = read_body(b'{"a": 1}', JSON_TYPE)

    (found,) = compare_body('{"a": "$nothing"}', body, Stash())

    assert (found.kind, found.pointer, found.start, found.end) == (Kind.VALUE, "/a", 6, 16)
