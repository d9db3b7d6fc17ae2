"""What is volatile by what it is, and what only looks like it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from specgen.replay.values import Json
from specgen.suggest.kinds import VolatileKind, of_one_form, volatile_by_name, volatile_kind
from specgen.suggest.pointers import tokens_of

NOW = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("pointer", "expected", "actual", "kind"),
    [
        ("/took", 11, 3, VolatileKind.DURATION),
        ("/responses/0/took", 11, 3, VolatileKind.DURATION),
        ("/nodes/x/jvm/uptime_in_millis", 11, 3, VolatileKind.DURATION),
        ("/total_time", "1.2s", "15ms", VolatileKind.DURATION),
        ("/_seq_no", 17, 0, VolatileKind.NUMBER),
        ("/_shards/failures/0/node", "a", "b", VolatileKind.NODE),
        ("/nodes/x/name", "a", "b", VolatileKind.NODE),
        ("/cluster_name", "a", "b", VolatileKind.NODE),
        ("/created_at", "2019-01-01T00:00:00.000Z", "2024-05-06T07:08:00.1Z", VolatileKind.MOMENT),
        ("/last_seen", 1393245486349, 1714979280000, VolatileKind.MOMENT),
        ("/_source/seen", "2019-01-01", "2024-05-06", VolatileKind.MOMENT),
    ],
)
def test_what_is_volatile(pointer: str, expected: Json, actual: Json, kind: VolatileKind) -> None:
    assert volatile_kind(tokens_of(pointer), expected, actual, NOW) is kind


@pytest.mark.parametrize(
    ("pointer", "expected", "actual"),
    [
        ("/result", "created", "updated"),
        ("/hits/total/value", 1, 2),
        ("/hits/hits/0/_score", 1.0, 2.0),
        ("/_version", 1, 2),
        ("/_id", "W0tpsmIBdwcYyG50zbta", "W0tpsmIBdwcYyG50zbtb"),
        ("/hits/hits/0/_source/took", 11, 3),
        ("/time", 11, 3),
        ("/took", "long", "short"),
        ("/took", 11, "3ms"),
        ("/keep_alive_in_millis", 11, 3),
        ("/check_interval_in_millis", 11, 3),
        ("/user/name", "Ann", "Bob"),
        ("/ip", "10.0.0.1", "10.0.0.2"),
        ("/aggregations/by_day/buckets/0/key_as_string", "2015-01-01", "2015-02-01"),
        ("/aggregations/by_day/buckets/0/key", 1420070400000, 1422748800000),
        ("/seen", "some day", "2024-05-06"),
        ("/", 1, 2),
    ],
)
def test_what_is_drift(pointer: str, expected: Json, actual: Json) -> None:
    assert volatile_kind(tokens_of(pointer), expected, actual, NOW) is None


def test_a_moment_is_of_the_run_for_a_day() -> None:
    told = [
        volatile_kind(("at",), "2001-01-01T00:00:00Z", f"2024-05-0{day}T07:00:00Z", NOW)
        for day in (4, 6, 8)
    ]
    assert told == [None, VolatileKind.MOMENT, None]


def test_a_name_tells_whatever_stands_there() -> None:
    assert volatile_by_name(("responses", "*", "took")) is VolatileKind.DURATION
    assert volatile_by_name(("_source", "took")) is None
    assert volatile_by_name(()) is None


ID = "W0tpsmIBdwcYyG50zbt"


@pytest.mark.parametrize(
    ("page", "runs", "alike"),
    [
        ("x", ["a", "b"], True),
        (f"no [{ID}1] here", [f"no [{ID}2] here", f"no [{ID}3] here"], True),
        (f"no [{ID}1] here", [f"no [{ID}2] there", f"no [{ID}3] there"], False),
        (f"no {ID}1 here", [f"no [{ID}2] here", f"no [{ID}3] here"], False),
        (f"{ID}1:12", [f"{ID}2:13", f"{ID}2:14"], True),
        ("one:12", ["two:13", "two:14"], False),
        ("short", ["longer text 1", "longer text 2"], False),
    ],
)
def test_what_a_text_says_besides_an_id_counts(page: str, runs: list[str], alike: bool) -> None:
    assert of_one_form(page, runs) is alike
