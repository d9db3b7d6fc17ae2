from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from specgen.replay.belongings import SORTS, listing_of, names_in, removal_of, what_it_makes
from specgen.replay.cleaning import Cleaner
from specgen.target.opening import TargetSettings, open_target
from specgen.target.values import Answer, Call, Target, TargetInfo

INDEX = '{"settings": {"number_of_shards": 1}}'
MADE = (
    ("PUT", "logs/_doc/1", "{}"),
    ("PUT", "ships", INDEX),
    ("POST", "_aliases", '{"actions": [{"add": {"index": "harbour", "alias": "quay"}}]}'),
    ("PUT", "_component_template/hull", '{"template": {"settings": {}}}'),
    ("PUT", "_template/old", '{"index_patterns": ["old-*"]}'),
    ("PUT", "_ingest/pipeline/tide", '{"processors": []}'),
    ("PUT", "_ingest/pipeline/high%20tide", '{"processors": []}'),
    ("PUT", "_scripts/wave", '{"script": {"lang": "painless", "source": "1"}}'),
    ("PUT", "_connector/gauge", '{"index_name": "gauges", "service_type": "mysql"}'),
    ("PUT", "_snapshot/shed", '{"type": "fs", "settings": {"location": "shed"}}'),
    ("PUT", "_snapshot/shed/monday", "{}"),
    ("PUT", "_index_template/boats", '{"index_patterns": ["boat-*"], "composed_of": ["hull"]}'),
)


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    with open_target(TargetSettings()) as opened:
        yield opened


class Front:
    """A real target that answers for itself what has a word in its path, and counts requests."""

    def __init__(self, target: Target, word: str = "\0", method: str = "", status: int = 403):
        self.target = target
        self.word, self.method, self.status = word, method, status
        self.sent: list[str] = []

    @property
    def info(self) -> TargetInfo:
        return self.target.info

    def send(self, call: Call) -> Answer:
        self.sent.append(f"{call.method} {call.path}")
        if call.method == self.method and self.word in call.path:
            return Answer(self.status, (), b"{}")
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
    """All there is, by sort; settings of the cluster too."""
    found = {
        sort.name: sorted(names_in(target.send(listing_of(sort, "shed")), sort) or ())
        for sort in SORTS
    }
    settings = target.send(Call("GET", "_cluster/settings", (("flat_settings", "true"),))).text
    return {**found, "cluster setting": [settings]}


def names(target: Target, sort: str) -> list[str]:
    return everything(target)[sort]


def test_what_a_case_made_is_gone_and_the_rest_stays(target: Target) -> None:
    send(target, None, "PUT", "harbour", INDEX)
    send(target, None, "PUT", "_ingest/pipeline/kept", '{"processors": []}')
    before = everything(target)
    cleaner = Cleaner(target)
    for method, path, body in MADE:
        send(target, cleaner, method, path, body)
    assert everything(target) != before
    assert cleaner.clean() == ()
    assert everything(target) == before
    assert target.send(Call("GET", "_scripts/wave")).status == 404
    for path in ("harbour", "_ingest/pipeline/kept"):
        send(target, None, "DELETE", path)


def test_what_cannot_be_removed_is_named_once(target: Target) -> None:
    cleaner = Cleaner(Front(target, "leak", "DELETE"), private=True)
    send(target, cleaner, "PUT", "_ingest/pipeline/leak", '{"processors": []}')
    send(target, cleaner, "PUT", "ships", INDEX)
    assert cleaner.clean() == ("pipeline leak",)
    assert "ships" not in names(target, "index")
    send(target, cleaner, "PUT", "_ingest/pipeline/tide", '{"processors": []}')
    assert cleaner.clean() == ()
    assert names(target, "pipeline") == ["leak"]
    send(target, None, "DELETE", "_ingest/pipeline/leak")


def test_what_was_refused_and_never_made_is_not_named(target: Target) -> None:
    cleaner = Cleaner(Front(target, "ghost", "DELETE", status=500))
    call = Call("PUT", "_ingest/pipeline/ghost", (), b"{ no pipeline")
    cleaner.notice(call)
    assert target.send(call).status == 400
    assert cleaner.clean() == ()


def test_a_wildcard_is_never_sent(target: Target) -> None:
    cleaner = Cleaner(target)
    send(target, None, "PUT", "_ingest/pipeline/tides", '{"processors": []}')
    send(target, cleaner, "PUT", "_ingest/pipeline/tide*", '{"processors": []}')
    assert cleaner.clean() == ("pipeline tide*",)
    assert names(target, "pipeline") == ["tide*", "tides"]
    send(target, None, "DELETE", "_ingest/pipeline/tide*")
    assert names(target, "pipeline") == []
    assert all(removal_of(sort, ["a*"]) is None for sort in SORTS)


def test_an_index_that_takes_no_change_is_removed_all_the_same(target: Target) -> None:
    cleaner = Cleaner(target)
    send(target, cleaner, "PUT", "wreck", INDEX)
    send(target, cleaner, "PUT", "buoy", INDEX)
    send(target, cleaner, "PUT", "wreck/_settings", '{"index.blocks.read_only": true}')
    assert target.send(Call("DELETE", "wreck")).status == 403
    assert cleaner.clean() == ()
    assert names(target, "index") == []


def test_what_others_made_between_two_cases_is_not_touched(target: Target) -> None:
    cleaner = Cleaner(target)
    send(target, cleaner, "PUT", "mine", INDEX)
    cleaner.clean()
    send(target, None, "PUT", "theirs", INDEX)
    send(target, cleaner, "PUT", "mine", INDEX)
    cleaner.clean()
    assert names(target, "index") == ["theirs"]
    send(target, None, "DELETE", "theirs")


def test_what_comes_up_beside_what_a_case_names_is_not_touched(target: Target) -> None:
    cleaner = Cleaner(target, private=True)
    send(target, cleaner, "PUT", "_template/mine", '{"index_patterns": ["mine-*"]}')
    send(target, None, "PUT", "_template/.built-in", '{"index_patterns": [".tides-*"]}')
    assert cleaner.clean() == ()
    assert names(target, "legacy template") == [".built-in"]
    send(target, None, "DELETE", "_template/.built-in")


def test_indices_that_elasticsearch_makes_for_itself_are_not_touched(target: Target) -> None:
    cleaner = Cleaner(target)
    send(target, cleaner, "PUT", "mine", INDEX)
    send(target, None, "PUT", ".geoip_databases", INDEX)
    assert cleaner.clean() == ()
    assert names(target, "index") == [".geoip_databases"]
    send(target, None, "DELETE", ".geoip_databases")


@pytest.mark.parametrize("status", [403, 503])
def test_where_a_target_does_not_tell_nothing_is_taken_for_new(target: Target, status: int) -> None:
    send(target, None, "PUT", "theirs", INDEX)
    front = Front(target, "_alias", "GET", status)
    cleaner = Cleaner(front)
    send(target, cleaner, "PUT", "mine", INDEX)
    front.word = "\0"  # it tells now
    assert cleaner.clean()[:1] == ("index (the target does not tell which)",)
    assert names(target, "index") == ["mine", "theirs"]
    send(target, cleaner, "PUT", "more", INDEX)
    front.word = "_alias"  # it does not tell any more
    assert cleaner.clean()[:1] == ("index (the target does not tell which)",)
    assert names(target, "index") == ["mine", "more", "theirs"]
    for name in ("mine", "theirs", "more"):
        send(target, None, "DELETE", name)


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


def test_settings_that_a_target_does_not_tell_are_not_reset(target: Target) -> None:
    name = "search.default_search_timeout"
    send(target, None, "PUT", "_cluster/settings", json.dumps({"persistent": {name: "7s"}}))
    front = Front(target, "_cluster/settings", "GET")
    cleaner = Cleaner(front)
    cleaner.notice(Call("PUT", "_cluster/settings", (), b"{}"))
    front.word = "\0"
    assert cleaner.clean() == ("cluster settings (the target does not tell which)",)
    assert "7s" in send(target, None, "GET", "_cluster/settings").text
    send(target, None, "PUT", "_cluster/settings", json.dumps({"persistent": {name: None}}))


@pytest.mark.parametrize(
    ("made", "sent"),
    [
        ([("GET", "_search", "")], []),
        ([("PUT", "a/_doc/1", "{}")], ["GET _alias", "DELETE a"]),
        (
            [("PUT", "a", INDEX), ("PUT", "b", INDEX), ("PUT", "a/_alias/c", "")],
            ["GET _alias", "DELETE a,b"],
        ),
        ([("PUT", "_ingest/pipeline/p", '{"processors": []}')], ["DELETE _ingest/pipeline/p"]),
    ],
)
def test_a_case_costs_what_it_does(
    target: Target, made: list[tuple[str, str, str]], sent: list[str]
) -> None:
    front = Front(target)
    cleaner = Cleaner(front, private=True)
    for _ in range(2):  # what was there is asked once
        front.sent.clear()
        for method, path, body in made:
            send(target, cleaner, method, path, body)
        cleaner.clean()
    assert front.sent == sent


@pytest.mark.parametrize(
    ("method", "path", "made"),
    [
        ("GET", "books/_search", []),
        ("POST", "books/_search", []),
        ("HEAD", "books", []),
        ("DELETE", "books", []),
        ("PUT", "books", ["index ", "alias "]),
        ("POST", "_bulk", ["index ", "alias "]),
        ("POST", "_reindex", ["index ", "alias "]),
        ("POST", "books/_rollover", ["index ", "alias "]),
        ("PUT", "books/_alias/library", ["index ", "alias "]),
        ("POST", "_aliases", ["index ", "alias "]),
        ("PUT", "_data_stream/rain", ["index ", "alias "]),
        ("PUT", "_snapshot/shed", ["snapshot repository shed"]),
        ("PUT", "_snapshot/shed/one", ["snapshot shed/"]),
        ("PUT", "_snapshot/shed/one/_clone/two", ["snapshot shed/"]),
        ("POST", "_snapshot/shed/one/_restore", ["index ", "alias "]),
        ("PUT", "_index_template/a", ["index template a"]),
        ("PUT", "_component_template/a", ["component template a"]),
        ("PUT", "_template/a", ["legacy template a"]),
        ("PUT", "_ingest/pipeline/a%2Fb", ["pipeline a/b"]),
        ("PUT", "_search/pipeline/a", ["search pipeline a"]),
        ("PUT", "_scripts/a", ["script a"]),
        ("PUT", "_scripts/a/score", ["script a"]),
        ("PUT", "_connector/a", ["connector "]),
        ("POST", "_connector/_sync_job", ["connector sync job "]),
        ("PUT", "_ilm/policy/a", ["ILM policy a"]),
        ("PUT", "_slm/policy/a", ["SLM policy a"]),
        ("PUT", "_slm/policy/a/_execute", []),
        ("PUT", "_enrich/policy/a", ["enrich policy a"]),
        ("PUT", "_security/role/a", ["role a"]),
        ("PUT", "_security/role_mapping/a", ["role mapping a"]),
        ("PUT", "_security/user/a", ["user a"]),
        ("PUT", "_security/user/a/_password", []),
    ],
)
def test_a_request_says_what_it_can_make(method: str, path: str, made: list[str]) -> None:
    assert [str(each) for each in what_it_makes(Call(method, path))] == made


def test_what_is_made_from_others_goes_after_them() -> None:
    order = [sort.name for sort in SORTS]
    chains = (
        ("SLM policy", "snapshot", "snapshot repository"),
        ("index", "index template", "component template"),
        ("index", "pipeline", "enrich policy"),
        ("index", "ILM policy"),
        ("user", "role"),
    )
    for chain in chains:
        assert sorted(chain, key=order.index) == list(chain)
