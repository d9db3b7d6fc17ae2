"""From findings of several runs to places: what is proposed, and what never is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from specgen.dialect.values import OptionName
from specgen.replay.answers import ResponseBody
from specgen.replay.compare import compare_node
from specgen.replay.flow import read_expected
from specgen.replay.stash import Stash
from specgen.replay.values import (
    Absent,
    CaseResult,
    Checks,
    Finding,
    Json,
    Kind,
    Mismatch,
    Outcome,
)
from specgen.suggest.judging import Answered, judge
from specgen.suggest.values import Judged, Seen

NOW = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
IGNORE, UNORDERED = OptionName.IGNORE, OptionName.UNORDERED


def finding(found: Mismatch, request: str) -> Finding:
    expected = None if isinstance(found.expected, Absent) else found.expected
    actual = None if isinstance(found.actual, Absent) else found.actual
    return Finding(
        found.kind, "p", 12, 1, found.pointer, expected, actual, found.message, request=request
    )


def seen(page: str, actual: Json, target: str = "here", request: str = "GET x") -> Seen:
    """A run in which the page says one thing and the cluster another."""
    body = ResponseBody(actual, is_text=False, text=json.dumps(actual))
    found = tuple(
        finding(each, request) for each in compare_node(read_expected(page), body, Stash())
    )
    outcome = Outcome.FAILED if found else Outcome.PASSED
    return Seen(target, CaseResult("p::c", outcome, "", 0.0, "", Checks(), found))


def judged(page: str, *actual: Json, request: str = "GET x") -> Judged:
    runs = [seen(page, each, request=request) for each in actual]
    return judge("p::c", [Answered(3, 10, 30, read_expected(page))], runs, NOW)


def places(of: Judged) -> list[tuple[OptionName, str]]:
    assert not of.remarks
    assert {snippet for snippet, _ in of.places} <= {3}
    return [(place.option, place.pointer) for _, place in of.places]


def drift(of: Judged) -> list[str]:
    return [remark.pointer for remark in of.remarks]


def test_what_is_as_documented_needs_nothing() -> None:
    assert judged('{"took": 1}', {"took": 1}, {"took": 1}) == Judged()


def test_a_duration_and_what_is_another_each_time() -> None:
    found = judged('{"took": 9, "key": "x"}', {"took": 3, "key": "a"}, {"took": 5, "key": "b"})
    assert places(found) == [(IGNORE, "/took"), (IGNORE, "/key")]
    assert [place.why for _, place in found.places] == [
        "a duration: 3, 5; the page says 9",
        'another in each run: "a", "b"; the page says "x"',
    ]


def test_what_is_the_same_in_each_run_is_drift() -> None:
    page = '{"took": 9, "result": "created", "a": 1}'
    came: Json = {"took": 3, "result": "noop", "b": 1}
    found = judged(page, came, came, came)
    assert drift(found) == ["/result", "/a", "/b"]
    assert found.remarks[0].message.endswith("(in all 3 runs)")


def test_a_message_with_an_id_in_it_may_lie_in_the_rest() -> None:
    runs: list[Json] = [{"error": f"[books/{run}] is closed"} for run in range(3)]
    assert drift(judged('{"error": "[books/x] is open"}', *runs)) == ["/error"]
    assert places(judged('{"error": "[books/x] is closed"}', *runs)) == [(IGNORE, "/error")]


def test_another_type_is_drift_even_if_it_changes() -> None:
    assert drift(judged('{"took": 9}', {"took": "3ms"}, {"took": "4ms"})) == ["/took"]


def test_what_is_sometimes_as_the_page_says_is_a_race_and_not_hidden() -> None:
    found = judged('{"count": 1}', {"count": 1}, {"count": 0}, {"count": 2})
    assert places(found) == [(OptionName.EVENTUALLY, "")]
    assert [place.why for _, place in found.places] == ["/count is as documented in 1 of 3 runs"]
    assert places(judged('{"a": 1, "b": 2}', {"a": 1, "b": 2}, {})) == [(OptionName.EVENTUALLY, "")]


def test_what_writes_is_not_repeated() -> None:
    found = judged('{"count": 1}', {"count": 1}, {"count": 0}, request="POST x")
    assert drift(found) == ["/count"]
    assert "in 1 of 2 runs" in found.remarks[0].message


def test_a_race_is_one_on_the_target_where_it_was_seen() -> None:
    page = '{"count": 1}'
    runs = [seen(page, {"count": 1}, "here"), seen(page, {"count": 0}, "there")] * 2
    assert set(drift(judge("p::c", [Answered(0, 10, 30, None)], runs, NOW))) == {"/count"}


def test_values_that_differ_only_between_targets_are_drift_on_one_of_them() -> None:
    page = '{"lines": 9}'
    runs = [seen(page, {"lines": 1}, "here"), seen(page, {"lines": 2}, "there")] * 2
    found = judge("p::c", [Answered(0, 10, 30, None)], runs, NOW)
    assert set(drift(found)) == {"/lines"}


def test_what_was_stored_comes_back_as_it_was() -> None:
    assert drift(judged('{"took": 9}', {"took": 3}, {"took": 3}, request="GET b/_source/1")) == [
        "/took"
    ]


def test_all_items_of_a_list_are_one_place() -> None:
    page = '{"hits": [{"_id": "x", "n": 1}, {"_id": "y", "n": 2}]}'
    runs: list[Json] = [
        {"hits": [{"_id": f"a{run}", "n": 1}, {"_id": f"b{run}", "n": 2}]} for run in range(3)
    ]
    assert places(judged(page, *runs)) == [(IGNORE, "/hits/*/_id")]
    assert judged(page, *runs).places[0][1].concrete == ("/hits/0/_id", "/hits/1/_id")


def test_one_item_of_several_is_a_place_of_its_own() -> None:
    page = '{"hits": [{"_id": "x"}, {"_id": "y"}]}'
    runs: list[Json] = [{"hits": [{"_id": f"a{run}"}, {"_id": "y"}]} for run in range(3)]
    assert places(judged(page, *runs)) == [(IGNORE, "/hits/0/_id")]


def test_a_duration_that_happens_to_be_right_counts_with_those_of_the_other_items() -> None:
    page = '{"responses": [{"took": 1}, {"took": 2}]}'
    runs: list[Json] = [{"responses": [{"took": 1}, {"took": 7}]}] * 2
    assert places(judged(page, *runs)) == [(IGNORE, "/responses/*/took")]


def test_lists_within_lists() -> None:
    page = '{"a": [{"b": [{"took": 9}, {"took": 9}]}, {"b": [{"took": 9}]}]}'
    runs: list[Json] = [{"a": [{"b": [{"took": 1}, {"took": 1}]}, {"b": [{"took": 1}]}]}] * 2
    assert places(judged(page, *runs)) == [(IGNORE, "/a/*/b/*/took")]


def test_an_order_that_changes_has_no_meaning() -> None:
    page = '{"tags": [1, 2, 3]}'
    assert places(judged(page, {"tags": [3, 2, 1]}, {"tags": [2, 1, 3]})) == [(UNORDERED, "/tags")]
    assert places(judged(page, {"tags": [3, 2, 1]}, {"tags": [1, 2, 3]})) == [(UNORDERED, "/tags")]


def test_an_order_that_stays_is_drift_but_for_sets_of_names() -> None:
    tags: Json = {"tags": ["b", "a"]}
    assert drift(judged('{"tags": ["a", "b"]}', tags, tags)) == ["/tags"]
    roles: Json = {"roles": ["b", "a"]}
    assert places(judged('{"roles": ["a", "b"]}', roles, roles)) == [(UNORDERED, "/roles")]


def test_items_with_ids_of_their_own_in_another_order() -> None:
    page = '{"hits": [{"_id": "x", "n": 1}, {"_id": "y", "n": 2}, {"_id": "z", "n": 3}]}'

    def run(number: int, *order: int) -> Json:
        return {"hits": [{"_id": f"{number}-{n}", "n": n} for n in order]}

    found = judged(page, run(1, 2, 3, 1), run(2, 3, 2, 1))
    assert places(found) == [(UNORDERED, "/hits"), (IGNORE, "/hits/*/_id")]
    assert "/hits/0/n" in drift(judged(page, run(1, 3, 2, 1), run(2, 3, 2, 1)))


def test_what_no_option_can_name_is_told() -> None:
    assert drift(judged('{"a b": "x"}', {"a b": "1"}, {"a b": "2"})) == ["/a b"]


def test_a_list_that_is_too_long_or_short_is_drift() -> None:
    assert drift(judged('{"hits": [1]}', {"hits": []}, {"hits": []})) == ["/hits/0"]


def other(kind: Kind, line: int = 5, file: str = "") -> Seen:
    pointer = "/a" if file else ""
    found = Finding(kind, "p", line, 1, pointer, None, None, "trouble", file=file)
    return Seen("here", CaseResult("p::c", Outcome.FAILED, "", 0.0, "", Checks(), (found,)))


def test_a_status_is_no_matter_of_markers() -> None:
    run = other(Kind.STATUS)
    found = judge("p::c", [Answered(0, 10, 30, None)], [run, run], NOW)
    assert [each.message for each in found.remarks] == ["trouble"]


def test_an_included_response_is_not_written_to() -> None:
    found = judge("p::c", [], [other(Kind.VALUE, 3, "part.adoc")], NOW)
    assert [each.message for each in found.remarks] == [
        "trouble in part.adoc: not in a response of this page itself"
    ]


def test_a_case_without_any_finding_says_why_it_is_an_error() -> None:
    lost = CaseResult("p::c", Outcome.ERROR, "why", 0.0, "", Checks(), ())
    [remark] = judge("p::c", [], [Seen("here", lost)], NOW).remarks
    assert remark.message == "why"


def test_two_responses_are_judged_each_by_itself() -> None:
    page = '{"took": 9}'
    one, other_one = seen(page, {"took": 3}), seen(page, {"took": 3})
    later = tuple(
        Finding(f.kind, "p", 42, 1, f.pointer, f.expected, f.actual, f.message)
        for f in other_one.result.findings
    )
    second = Seen("here", CaseResult("p::c", Outcome.FAILED, "", 0.0, "", Checks(), later))
    body = read_expected(page)
    found = judge(
        "p::c", [Answered(1, 10, 30, body), Answered(4, 40, 44, body)], [one, second], NOW
    )
    assert [(at, place.pointer) for at, place in found.places] == [(1, "/took"), (4, "/took")]


def test_reasons_are_short() -> None:
    runs: Mapping[int, Json] = {n: {"key": f"{n}{'x' * 99}"} for n in range(9)}
    [(_, place)] = judged('{"key": "y"}', *runs.values()).places
    assert len(place.why) < 160
    assert json.dumps("y") in place.why
