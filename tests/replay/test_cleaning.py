from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from specgen.replay.belongings import SORTS, names_of, sorts_of
from specgen.replay.cleaning import Cleaner
from specgen.target.opening import TargetSettings, open_target
from specgen.target.values import Answer, Call, Target, TargetInfo

INDEX = '{"settings": {"number_of_shards": 1}}'
MADE = (
    ("PUT", "logs/_doc/1", "{}"),
    ("PUT", "ships", INDEX),
    ("POST", "_aliases", '{"actions": [{"add": {"index": "harbour", "alias": "quay"}}]}'),
    ("PUT", "_index_template/boats", '{"index_patterns": ["boat-*"], "composed_of": ["hull"]}'),
    ("PUT", "_component_template/hull", '{"template": {"settings": {}}}'),
    ("PUT", "_template/old", '{"index_patterns": ["old-*"]}'),
    ("PUT", "_ingest/pipeline/tide", '{"processors": []}'),
    ("PUT", "_scripts/wave", '{"script": {"lang": "painless", "source": "1"}}'),
    ("PUT", "_connector/gauge", '{"index_name": "gauges", "service_type": "mysql"}'),
)


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    with open_target(TargetSettings()) as opened:
        yield opened


class Stubborn:
    """A real target that refuses to remove what has a word in its path."""

    def __init__(self, target: Target, word: str) -> None:
        self.target = target
        self.word = word

    @property
    def info(self) -> TargetInfo:
        return self.target.info

    def send(self, call: Call) -> Answer:
        if call.method == "DELETE" and self.word in call.path:
            return Answer(403, (), b"{}")
        return self.target.send(call)

    def forget_emulated(self) -> None:
        self.target.forget_emulated()

    def close(self) -> None:
        """Leaves the real one open."""


def send(target: Target, cleaner: Cleaner | None, method: str, path: str, body: str = "") -> Answer:
    call = Call(method, path, (), body.encode() or None)
    if cleaner is not None:
        cleaner.notice(call)
    answer = target.send(call)
    assert answer.status in {200, 201}, answer.text
    return answer


def everything(target: Target) -> dict[str, list[str]]:
    return {sort.name: sorted(names_of(target, sort)) for sort in SORTS}


def test_what_a_case_made_is_gone_and_the_rest_stays(target: Target) -> None:
    send(target, None, "PUT", "harbour", INDEX)
    send(target, None, "PUT", "_ingest/pipeline/kept", '{"processors": []}')
    before = everything(target)
    cleaner = Cleaner(target)
    for method, path, body in sorted(MADE, key=lambda each: each[1] == "_index_template/boats"):
        send(target, cleaner, method, path, body)
    assert everything(target) != before
    assert cleaner.clean() == ()
    assert everything(target) == before
    assert target.send(Call("GET", "_scripts/wave")).status == 404
    for path in ("harbour", "_ingest/pipeline/kept"):
        send(target, None, "DELETE", path)


def test_what_cannot_be_removed_is_named(target: Target) -> None:
    stubborn = Stubborn(target, "leak")
    cleaner = Cleaner(stubborn)
    send(target, cleaner, "PUT", "_ingest/pipeline/leak", '{"processors": []}')
    send(target, cleaner, "PUT", "ships", INDEX)
    assert cleaner.clean() == ("pipeline leak",)
    assert "ships" not in everything(target)["index"]
    send(target, None, "DELETE", "_ingest/pipeline/leak")


def test_what_others_made_between_two_cases_is_not_touched(target: Target) -> None:
    cleaner = Cleaner(target)
    send(target, cleaner, "PUT", "mine", INDEX)
    cleaner.clean()
    send(target, None, "PUT", "theirs", INDEX)
    send(target, cleaner, "PUT", "mine", INDEX)
    cleaner.clean()
    assert everything(target)["index"] == ["theirs"]
    send(target, None, "DELETE", "theirs")


def test_cluster_settings_get_their_values_back(target: Target) -> None:
    name = "search.default_search_timeout"
    send(target, None, "PUT", "_cluster/settings", json.dumps({"persistent": {name: "7s"}}))
    cleaner = Cleaner(target)
    changed = {"persistent": {name: "9s"}, "transient": {"cluster.max_shards_per_node": 900}}
    send(target, cleaner, "PUT", "_cluster/settings", json.dumps(changed))
    assert cleaner.clean() == ()
    settings = send(target, None, "GET", "_cluster/settings").text
    assert "7s" in settings
    assert "9s" not in settings
    assert "900" not in settings
    send(target, None, "PUT", "_cluster/settings", json.dumps({"persistent": {name: None}}))


@pytest.mark.parametrize(
    ("method", "path", "sorts"),
    [
        ("GET", "books/_search", []),
        ("POST", "books/_search", []),
        ("HEAD", "books", []),
        ("DELETE", "books", []),
        ("PUT", "books", ["index"]),
        ("POST", "_bulk", ["index"]),
        ("POST", "_reindex", ["index"]),
        ("POST", "books/_rollover", ["index"]),
        ("PUT", "books/_alias/library", ["index", "alias"]),
        ("POST", "_aliases", ["index", "alias"]),
        ("PUT", "_data_stream/rain", ["data stream", "index"]),
        ("PUT", "_snapshot/shed", ["snapshot repository"]),
        ("POST", "_snapshot/shed/one/_restore", ["index", "snapshot repository"]),
        ("PUT", "_index_template/a", ["index template"]),
        ("PUT", "_component_template/a", ["component template"]),
        ("PUT", "_template/a", ["legacy template"]),
        ("PUT", "_ingest/pipeline/a", ["pipeline"]),
        ("PUT", "_scripts/a", ["script"]),
        ("PUT", "_connector/a", ["connector"]),
        ("POST", "_connector/_sync_job", ["connector sync job"]),
        ("PUT", "_ilm/policy/a", ["ILM policy"]),
        ("PUT", "_slm/policy/a", ["SLM policy"]),
        ("PUT", "_enrich/policy/a", ["enrich policy"]),
        ("PUT", "_security/role/a", ["role"]),
        ("PUT", "_security/user/a", ["user"]),
    ],
)
def test_a_request_says_what_it_can_make(method: str, path: str, sorts: list[str]) -> None:
    assert [sort.name for sort in sorts_of(Call(method, path))] == sorts
