"""What is dangerous on a cluster that specgen did not start, and what permits it."""

from __future__ import annotations

import pytest
from documented import table_of
from loopback import Loopback, Reply, Seen, cluster

from specgen.errors import UsageProblem
from specgen.target.dangers import DANGERS, danger_of
from specgen.target.guard import CallRefused
from specgen.target.opening import TargetSettings, open_target
from specgen.target.permission import NAMES, Permission, permissions_of
from specgen.target.values import Call

DANGEROUS = """
shutdown          POST _shutdown
shutdown          GET _shutdown
shutdown          POST _cluster/nodes/_local/_shutdown
shutdown          POST %5Fshutdown
shutdown          PUT _nodes/abc/shutdown
shutdown          DELETE _nodes/abc/shutdown
security          PUT _security/user/ann
security          POST _security/user/elastic/_password
security          DELETE _security/role/gulls
security          POST _security/api_key
security          PUT _xpack/security/user/ann
security          PUT _plugins/_security/api/internalusers/ann
security          POST _nodes/reload_secure_settings
license           PUT _license
license           POST _license/start_trial
license           DELETE _xpack/license
snapshots         DELETE _snapshot/shed
snapshots         DELETE _snapshot/shed/monday
snapshots         DELETE _snapshot/*
snapshots         POST _snapshot/shed/_cleanup
snapshots         POST _slm/_execute_retention
remote            POST _reindex {"source": {"remote": {"host": "h"}, "index": "a"}, "dest": {}}
remote            POST _reindex // {"source": {"remote"
remote            POST _reindex?source={}
remote            PUT _snapshot/shed {"type": "s3"}
remote            PUT _snapshot/shed {"type": "url", "settings": {"url": "http://h"}}
remote            PUT _snapshot/shed {"type"
remote            PUT gulls/_ccr/follow
remote            PUT _watcher/watch/gulls
remote            PUT _inference/sparse_embedding/gulls
cluster-settings  PUT _cluster/settings
reroute           POST _cluster/reroute
reroute           POST _cluster/voting_config_exclusions
services          POST _ilm/stop
services          POST _tasks/_cancel
services          POST _tasks/abc:1/_cancel
services          POST _features/_reset
services          DELETE _dangling/abc
wildcards         DELETE _all
wildcards         DELETE *
wildcards         DELETE gull*
wildcards         DELETE gulls,tern%2A
wildcards         DELETE gulls/_alias/*
wildcards         DELETE _template/*
wildcards         DELETE _search/scroll/_all
wildcards         POST _close
wildcards         POST _all/_close
wildcards         POST *,-.*/_close
wildcards         PUT _settings
wildcards         PUT gull*/_settings
wildcards         POST gull*/_delete_by_query
wildcards         POST _forcemerge
wildcards         POST _aliases {"actions": [{"remove_index": {"index": "gull*"}}]}
"""
HARMLESS = """
GET _security/user
GET _nodes/abc/shutdown
GET _snapshot/shed/*
GET _license
GET gull*/_search
GET _cluster/settings
POST _all/_search
PUT gulls
PUT gulls/_doc/*
DELETE gulls/_doc/*
PUT shutdown
PUT _snapshot/shed
PUT _snapshot/shed {"type": "fs"}
PUT _snapshot/shed/monday
POST _snapshot/shed/monday/_restore
POST _reindex {"source": {"index": "a"}, "dest": {"index": "b"}}
PUT _index_template/gulls {"index_patterns": ["gull*"]}
DELETE %3Cgulls-%7Bnow%2Fd%7D%3E
DELETE gulls
"""


def calls(text: str) -> list[Call]:
    found = (line.split(" ", 2) for line in text.strip().splitlines())
    return [
        Call(
            method,
            path.partition("?")[0],
            (("source", "{}"),) if "?source" in path else (),
            body[0].encode() if body else None,
        )
        for method, path, *body in found
    ]


def named(text: str) -> list[tuple[str, Call]]:
    lines = [line.split(None, 1) for line in text.strip().splitlines()]
    return list(
        zip([name for name, _ in lines], calls("\n".join(c for _, c in lines)), strict=True)
    )


@pytest.mark.parametrize(("name", "call"), named(DANGEROUS), ids=str)
def test_what_is_dangerous_has_a_name(name: str, call: Call) -> None:
    danger = danger_of(call)
    assert danger is not None
    assert danger.name == name


@pytest.mark.parametrize("call", calls(HARMLESS), ids=str)
def test_what_is_not(call: Call) -> None:
    assert danger_of(call) is None


@pytest.mark.parametrize(("name", "call"), named(DANGEROUS), ids=str)
def test_what_permits_it(name: str, call: Call) -> None:
    assert Permission(private=True).why_not(call) == ""
    told = Permission().why_not(call)
    if name not in NAMES:
        assert told == ""
        return
    assert told.startswith(f"refused: {call.method} {call.path} ")
    assert told.endswith(f"(needs --allow {name})")
    assert Permission(allow=frozenset({name})).why_not(call) == ""
    others = frozenset(NAMES) - {name}
    assert Permission(allow=others).why_not(call) == told
    assert Permission(read_only=True, allow=frozenset(NAMES)).why_not(call).startswith("read-only")
    assert Permission(scope="gull").why_not(call) != ""


@pytest.mark.parametrize(("name", "call"), [e for e in named(DANGEROUS) if e[0] in NAMES], ids=str)
def test_it_is_not_sent_to_a_disposable_cluster(name: str, call: Call) -> None:
    with Loopback() as server:
        with open_target(TargetSettings(server.url, disposable=True)) as target:
            with pytest.raises(CallRefused, match=f"--allow {name}"):
                target.send(call)
            assert [seen.path for seen in server.seen] == ["/"]
        allowed = TargetSettings(server.url, disposable=True, allow=frozenset({name, "snapshots"}))
        with open_target(allowed) as target:
            assert target.send(call).status == 200
        assert len(server.seen) == 3


class Backups:
    """A cluster with one repository, `vault`."""

    def __init__(self) -> None:
        self.names = {"vault"}

    def __call__(self, seen: Seen) -> Reply:
        if not seen.path.startswith("/_snapshot/"):
            return cluster(seen)
        name = seen.path.removeprefix("/_snapshot/")
        there = name in self.names
        if seen.method == "PUT":
            self.names.add(name)
        elif seen.method == "DELETE":
            self.names.discard(name)
        return Reply(200 if there or seen.method == "PUT" else 404)


def test_a_run_may_delete_the_backups_that_it_made_and_no_others() -> None:
    with Loopback(backups := Backups()) as server:
        with open_target(TargetSettings(server.url, disposable=True)) as target:
            for method, path in [
                ("PUT", "_snapshot/shed"),
                ("PUT", "_snapshot/shed/monday"),
                ("PUT", "_snapshot/shed"),
                ("DELETE", "_snapshot/shed/monday"),
                ("DELETE", "_snapshot/shed"),
            ]:
                assert target.send(Call(method, path)).status == 200
            for method, path in [
                ("PUT", "_snapshot/vault"),  # it may point elsewhere from then on
                ("DELETE", "_snapshot/vault"),
                ("DELETE", "_snapshot/vault/2020"),
            ]:
                with pytest.raises(CallRefused, match="--allow snapshots"):
                    target.send(Call(method, path))
        assert backups.names == {"vault"}
        sent = [seen.method for seen in server.seen if "vault" in seen.path]
        assert sent == ["GET"]


def test_only_what_there_is_can_be_allowed() -> None:
    assert permissions_of(["shutdown, security", "license"]) == {"shutdown", "security", "license"}
    with pytest.raises(UsageProblem, match="shutdwon") as told:
        permissions_of(["shutdwon"])
    assert "shutdown" in told.value.hint
    with pytest.raises(UsageProblem):
        permissions_of(["wildcards"])  # --disposable is what permits these


def test_the_table_for_people_is_that_of_the_program() -> None:
    rows = [(name.strip("`"), permitted) for name, _, permitted in table_of("safety", "Dangers")]
    known = [
        (danger.name, "`--disposable`" if danger.by_disposable else f"`--allow {danger.name}`")
        for danger in DANGERS
    ]
    assert rows == known
