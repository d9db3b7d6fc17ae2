"""`// SPECGEN[…]` in runs: on the embedded engine, and against answers that tests choose."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from pages import answers, asks, page
from project import Loopback, Project, Replayed, Reply, Seen

SEEN_AT_ONCE = 'POST birds/_doc?refresh=true\n{"name": "gull"}'
CREATE = 'POST birds/_doc\n{"name": "gull", "wings": 2}'


def hidden(snippet: str) -> str:
    return f"////\n{snippet}////\n"


def replay(text: str, *options: str) -> Replayed:
    return Project({"docs/birds.adoc": text}).replay("docs", *options)


def served(answer: Callable[[Seen], Reply], text: str, *options: str) -> Replayed:
    """A run against a target that answers so; it says who it is by itself."""

    def reply(seen: Seen) -> Reply:
        if seen.path == "/":
            return Reply(body=b'{"version": {"number": "8.15.3"}}')
        return answer(seen)

    with Loopback(reply) as server:
        return replay(
            text, "--target", server.url, "--disposable", "--clean", "never", "--verbose", *options
        )


def test_a_value_goes_on_into_paths_bodies_parameters_and_responses() -> None:
    text = page(
        asks(SEEN_AT_ONCE, "// SPECGEN[set:id=/_id set:made=/result]"),
        answers(
            '{"_id": "x", "result": "created"}', "// SPECGEN[ignore:/_id at-least set:n=/_version]"
        ),
        asks("GET birds/_doc/${id}?version=${n}", "// TEST[continued]"),
        answers('{"_id": $id, "found": true}', "// SPECGEN[at-least]"),
        asks(
            'POST birds/_search\n{"query": {"ids": {"values": ["$id", "a-${id}"]}}}',
            "// TEST[continued]",
        ),
        answers('{"hits": {"hits": [{"_id": "${id}"}]}}', "// SPECGEN[at-least]"),
        asks("GET birds/_doc/${id}"),
    )
    replayed = replay(text)
    assert list(replayed.outcomes.values()) == ["passed", "failed"]
    assert "there is no value for ${id}" in replayed.told.text
    assert replayed.results[0]["checks"]["lenient"] == 3


def test_a_hidden_snippet_may_find_what_the_page_uses() -> None:
    text = page(
        hidden(asks(CREATE, "// SPECGEN[set:id=/_id]")),
        asks("GET birds/_doc/my-bird", r"// TEST[continued s/my-bird/\${id}/]"),
        answers(
            '{"_id": "my-bird", "found": true}',
            r"// TESTRESPONSE[s/my-bird/\${id}/]" + "\n// SPECGEN[at-least]",
        ),
    )
    assert list(replay(text).outcomes.values()) == ["passed"]


def test_the_setup_of_a_page_keeps_values_for_each_case() -> None:
    text = page(
        hidden(asks(CREATE, "// TESTSETUP\n// SPECGEN[set:id=/_id]")),
        asks("GET birds/_doc/${id}"),
        asks("DELETE birds/_doc/${id}"),
        asks("GET birds/_doc/${id}"),
    )
    assert list(replay(text).outcomes.values()) == ["passed", "passed", "passed"]


def test_a_value_that_is_not_there_is_told_where_it_is_asked_for() -> None:
    text = page(asks("PUT birds/_doc/1\n{}", "// SPECGEN[set:id=/nowhere]"))
    replayed = replay(text)
    (finding,) = replayed.findings
    assert (finding["kind"], finding["line"]) == ("value", 10)
    assert "nowhere is not there" in finding["message"]


def test_each_leniency_is_followed_and_counted_as_weaker_evidence() -> None:
    lenient = [
        "ignore:/_id,/_seq_no,/_primary_term,/_shards/**",
        "shape:/_id,/_seq_no,/_primary_term ignore:/_shards",
        "at-least ignore:/_id,/_shards,/_seq_no,/_primary_term",
    ]
    body = '{"_index": "birds", "_id": "x", "_version": 1, "result": "created", '
    body += '"_shards": {"total": 9}, "_seq_no": 7, "_primary_term": 8}'
    text = page(
        *(each for how in lenient for each in (asks(CREATE), answers(body, f"// SPECGEN[{how}]"))),
        asks("GET birds/_count", "// TEST[catch:missing]"),
        asks("PUT birds"),
        answers('{"acknowledged": true, "shards_acknowledged": true, "index": "birds"}'),
    )
    replayed = replay(text)
    assert set(replayed.outcomes.values()) == {"passed"}, replayed.told.err
    last = replayed.told.err.splitlines()[-1]
    assert "5 passed (4 with the body checked, 3 of them in part, 1 by status only)" in last
    assert replayed.document["summary"]["passed_in_part"] == 3
    assert [each["checks"]["lenient"] for each in replayed.results] == [1, 1, 1, 0, 0]
    assert [each["checks"]["body"] for each in replayed.results] == [1, 1, 1, 0, 1]


def test_items_in_any_order() -> None:
    found = '{"indices": [{"name": "terns"}, {"name": "gulls"}]}'
    text = page(
        asks("PUT gulls\n\nPUT terns\n\nGET _resolve/index/*"),
        answers(found, "// SPECGEN[at-least unordered:/indices]"),
        asks("PUT gulls\n\nPUT terns\n\nGET _resolve/index/*"),
        answers(found, "// SPECGEN[at-least]"),
    )
    assert list(replay(text).outcomes.values()) == ["passed", "failed"]


def test_above_the_first_snippet_it_holds_for_every_response() -> None:
    head = "// SPECGEN[ignore:/_id,/_shards,/_seq_no,/_primary_term]\n\n"
    body = '{"_index": "birds", "_version": 1, "result": "created"}'
    text = page(asks(CREATE), answers(body), asks(CREATE), answers(body.replace("1", "2")))
    assert list(replay(head + text).outcomes.values()) == ["passed", "failed"]


def test_what_is_not_a_test_is_not_sent() -> None:
    text = page(
        asks("PUT gulls", "// SPECGEN[not-a-test:only an idea]"),
        answers('{"wrong": true}'),
        asks("HEAD gulls", "// TEST[catch:missing]"),
        asks("GET _cat/indices"),
    )
    replayed = replay(text)
    assert len(replayed.results) == 2
    told = Project({"docs/birds.adoc": text}).run("parse", "docs")
    assert "nothing: only an idea" in told.out
    assert "nothing: it answers a snippet that is not a test" in told.out


def test_what_a_target_is_not_is_skipped() -> None:
    text = page(
        asks("GET nowhere", "// SPECGEN[requires:version>=99]"),
        asks("GET nowhere", "// SPECGEN[requires:distribution=opensearch]"),
        asks("GET nowhere", "// SPECGEN[requires:api=_query_rules]"),
        asks("GET _connector", "// SPECGEN[requires:api=_connector version>=8.12]"),
    )
    replayed = replay(text)
    assert list(replayed.outcomes.values()) == ["skipped"] * 3 + ["passed"]
    reasons = [each["reason"] for each in replayed.results[:3]]
    assert all(reason.startswith("not applicable to elasticsearch 8.15.3") for reason in reasons)
    assert [each["emulated"] for each in replayed.results] == [False, False, False, True]


SEARCH = "GET birds/_search?filter_path=hits.total.value"
UNSEEN = 'PUT birds/_doc/1\n{"name": "gull"}\n\n' + SEARCH


def test_what_never_comes_fails_after_the_wait_which_is_told() -> None:
    text = page(
        asks(UNSEEN), answers('{"hits": {"total": {"value": 1}}}', "// SPECGEN[eventually:300ms]")
    )
    replayed = replay(text)
    (result,) = replayed.results
    assert result["outcome"] == "failed"
    assert 0.3 <= result["waited_s"] <= result["duration_s"]
    (finding,) = result["findings"]
    assert finding["pointer"] == "/hits/total/value"
    assert finding["shown"]["within_s"] == 0.3
    told = "= waited: the request was repeated for 0.3 s, and this is its last answer"
    assert told in replayed.told.err
    assert result["checks"] == {"status": 2, "body": 1, "warnings": 0, "lenient": 0, "shape": 0}


def test_what_comes_in_time_passes_and_the_wait_is_told() -> None:
    seen_so_far: list[str] = []

    def answer(seen: Seen) -> Reply:
        seen_so_far.append(seen.path)
        count = sum(path.startswith("/birds/_search") for path in seen_so_far)
        return Reply(body=json.dumps({"hits": count}).encode())

    text = page(asks("GET birds/_search"), answers('{"hits": 3}', "// SPECGEN[eventually:30s]"))
    replayed = served(answer, text)
    (result,) = replayed.results
    assert result["outcome"] == "passed"
    assert result["waited_s"] >= 0.1
    assert len(seen_so_far) == 3
    assert "of it waiting" in replayed.told.err
    assert result["checks"] == {"status": 1, "body": 1, "warnings": 0, "lenient": 0, "shape": 0}


def test_nothing_is_repeated_that_is_right_at_once() -> None:
    sent: list[str] = []

    def answer(seen: Seen) -> Reply:
        sent.append(seen.path)
        return Reply()

    replayed = served(answer, page(asks("GET birds"), answers("{}", "// SPECGEN[eventually:9s]")))
    assert list(replayed.outcomes.values()) == ["passed"]
    assert (sent, replayed.results[0]["waited_s"]) == (["/birds"], 0)
    assert "waiting" not in replayed.told.err


@pytest.mark.parametrize(
    "broken", [Reply(503), Reply(body=b'{"_shards": {"failures": [{"shard": 0}]}}')]
)
def test_a_later_answer_is_held_to_the_same_as_the_first(broken: Reply) -> None:
    sent: list[str] = []

    def answer(seen: Seen) -> Reply:
        sent.append(seen.path)
        return broken if len(sent) > 1 else Reply(body=b'{"a": 1}')

    marker = "// SPECGEN[ignore:/_shards eventually:200ms]"
    replayed = served(answer, page(asks("GET birds"), answers("{}", marker)))
    (result,) = replayed.results
    assert result["outcome"] == "failed"
    assert [each["kind"] for each in result["findings"]] in (["status"], ["shards"])
    assert result["findings"][0]["shown"]["within_s"] == 0.2


def test_a_warning_of_a_repeated_request_is_told_once() -> None:
    def answer(seen: Seen) -> Reply:
        kind = ("Content-Type", "application/json")
        return Reply(headers=(kind, ("Warning", '299 specgen "old"')))

    marker = "// SPECGEN[eventually:250ms]"
    replayed = served(answer, page(asks("GET birds"), answers('{"a": 1}', marker)))
    assert [each["kind"] for each in replayed.findings] == ["missing", "warning"]


def test_what_writes_is_never_repeated() -> None:
    sent: list[str] = []

    def answer(seen: Seen) -> Reply:
        sent.append(seen.path)
        return Reply()

    marker = "// SPECGEN[eventually:1s]"
    replayed = served(answer, page(asks("PUT birds"), answers('{"a": 1}', marker)))
    (result,) = replayed.results
    assert (result["outcome"], sent) == ("error", ["/birds"])
    assert "repeats only what reads, and PUT birds may write" in result["reason"]


def test_a_recording_answers_a_repeated_request_as_the_cluster_did() -> None:
    count: list[int] = []

    def answer(seen: Seen) -> Reply:
        count.append(1)
        return Reply(body=json.dumps({"hits": len(count)}).encode())

    text = page(asks("GET birds"), answers('{"hits": 3}', "// SPECGEN[eventually:30s]"))
    project = Project({"docs/birds.adoc": text})

    def reply(seen: Seen) -> Reply:
        known = seen.path == "/"
        return Reply(body=b'{"version": {"number": "8.15.3"}}') if known else answer(seen)

    with Loopback(reply) as server:
        url = ("--target", server.url, "--disposable", "--clean", "never")
        assert project.run("run", "docs", *url, "--record", "r.har").code == 0
    assert project.run("run", "docs", "--target", "recording:r.har").code == 0
