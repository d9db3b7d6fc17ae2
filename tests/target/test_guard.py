from __future__ import annotations

import subprocess
import sys

import pytest
from loopback import Loopback, Reply, Seen, cluster

from specgen.errors import ExitCode, TargetUnreachable, TargetUnsafe
from specgen.target.guard import MARKER, CallRefused, check_marker, reads_only
from specgen.target.opening import TargetSettings, open_target
from specgen.target.values import Answer, Call

READS = """
GET
GET _cat/indices
GET twitter/_doc/1
HEAD twitter
HEAD twitter/_refresh
POST _search
POST twitter/_search
POST twitter,blog*/_search
POST %3Clogstash-%7Bnow%2Fd%7D%3E/_search
POST twitter/tweet/_search
POST _all/_search
POST _search/template
POST _search/scroll
POST twitter/_count
POST _msearch
POST twitter/_mget
POST _analyze
POST twitter/_analyze
POST twitter/_validate/query
POST twitter/_explain/0
POST twitter/tweet/0/_explain
POST twitter/_field_caps
POST twitter/_search_shards
POST _render/template
POST _render/template/mine
POST twitter/_termvectors
POST twitter/_termvectors/1
POST _mtermvectors
POST twitter/_rank_eval
POST twitter/_eql/search
POST _sql
POST _sql/translate
POST _xpack/sql
POST _query
POST _ingest/pipeline/_simulate
POST _ingest/pipeline/mine/_simulate
POST _scripts/painless/_execute
POST _index_template/_simulate_index/mine
POST _cluster/allocation/explain
POST /twitter/_search
POST twitter/%5Fsearch
"""
WRITES = """
PUT twitter
DELETE twitter
PATCH twitter
POST
POST twitter
POST twitter/_doc
POST twitter/_doc/_search
POST twitter/_doc/_mget
POST twitter/_create/_count
POST twitter/_update/_search
POST twitter/tweet/1/_update
POST _bulk
POST twitter/_bulk
POST twitter/_search/extra
POST twitter/_searching
POST x_search
POST _bulk/_search
POST twitter%2F_bulk/_search
POST twitter/../_search
POST twitter/%2e%2e/_search
POST _reindex
POST twitter/_update_by_query
POST twitter/_delete_by_query
POST twitter/_refresh
POST twitter/_pit
POST twitter/_async_search
POST _query/async
POST _sql/close
POST _xpack/sql/close
POST _scripts/_search
POST _aliases
POST _plugins/_sql
POST _snapshot/repo/_search
POST _ingest/pipeline/mine
POST _nodes/reload_secure_settings
GET _refresh
GET twitter/_refresh
GET twitter/%5Frefresh
GET /twitter//_refresh
GET twitter/_flush
GET _flush/synced
GET twitter/_cache/clear
GET _cluster/nodes/_local/_shutdown
GET _opendistro/_sql
"""


def split(text: str) -> list[tuple[str, str]]:
    return [(line.split()[0], line.partition(" ")[2]) for line in text.split("\n") if line]


@pytest.mark.parametrize(("method", "path"), split(READS))
def test_requests_that_read(method: str, path: str) -> None:
    assert reads_only(method, path)


@pytest.mark.parametrize(("method", "path"), split(WRITES))
def test_requests_that_write_or_may_write(method: str, path: str) -> None:
    assert not reads_only(method, path)


def test_a_search_that_is_stored_writes() -> None:
    assert reads_only("GET", "twitter/_eql/search", (("pretty", ""),), b"{}")
    assert not reads_only("GET", "twitter/_eql/search", (("keep_on_completion", "true"),))
    assert not reads_only("POST", "_sql", (), b'{"query": "x", "keep_on_completion": true}')


def test_the_guard_is_light() -> None:
    code = "import sys, specgen.target.guard; sys.exit('requests' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_unmarked_target_is_refused_after_exactly_one_get() -> None:
    with Loopback() as server:
        with pytest.raises(TargetUnsafe) as refused:
            open_target(TargetSettings(server.url))
        assert [(seen.method, seen.path, seen.body) for seen in server.seen] == [
            ("GET", f"/{MARKER}", b"")
        ]
    assert refused.value.exit_code == ExitCode.TARGET
    assert server.url in refused.value.message
    assert "--disposable" in refused.value.hint


def test_it_is_refused_after_one_get_even_if_that_breaks() -> None:
    with Loopback(lambda seen: Reply(hang_up=True)) as server:
        with pytest.raises(TargetUnreachable):
            open_target(TargetSettings(server.url))
        assert len(server.seen) == 1


@pytest.mark.parametrize(
    ("reply", "kind", "told"),
    [
        (Reply(200, b"<html>welcome</html>", ()), TargetUnsafe, "not marked"),
        (Reply(200, b"<html>welcome</html>"), TargetUnreachable, "told to be JSON"),
        (Reply(200, b'{"other": {}}'), TargetUnsafe, "not marked"),
        (Reply(200, b'[".specgen-disposable"]'), TargetUnsafe, "not marked"),
        (Reply(404, b'{".specgen-disposable": {}}'), TargetUnsafe, "not marked"),
        (Reply(401), TargetUnreachable, "credentials"),
        (Reply(403), TargetUnsafe, "403"),
        (Reply(503), TargetUnsafe, "503"),
        (Reply(302, b"", (("Location", "http://127.0.0.1:1/"),)), TargetUnsafe, "redirect"),
    ],
)
def test_answers_that_are_no_marker(reply: Reply, kind: type[Exception], told: str) -> None:
    with Loopback(lambda seen: reply) as server:
        with pytest.raises(kind, match=told):
            open_target(TargetSettings(server.url))
        assert len(server.seen) == 1


def marked(seen: Seen) -> Reply:
    return Reply(body=b'{".specgen-disposable": {}}') if MARKER in seen.path else cluster(seen)


def test_a_marked_target_is_opened() -> None:
    with Loopback(marked) as server, open_target(TargetSettings(server.url)) as target:
        assert target.info.disposable
        assert [seen.path for seen in server.seen] == [f"/{MARKER}", "/"]
        assert target.send(Call("DELETE", "twitter")).status == 200


def test_a_target_named_disposable_is_opened_without_looking_for_the_marker() -> None:
    with (
        Loopback() as server,
        open_target(TargetSettings(server.url, disposable=True)) as target,
    ):
        assert target.info.disposable
        assert [seen.path for seen in server.seen] == ["/"]


@pytest.mark.parametrize("disposable", [True, False])
def test_a_read_only_target_is_never_written_to(disposable: bool) -> None:
    settings = TargetSettings("", disposable=disposable, read_only=True)
    with Loopback() as server:
        settings = TargetSettings(server.url, disposable=disposable, read_only=True)
        with open_target(settings) as target:
            assert target.info.read_only
            assert not target.info.disposable
            with pytest.raises(CallRefused, match="read-only") as refused:
                target.send(Call("PUT", "twitter/_doc/1", (), b"{}"))
            assert isinstance(refused.value, TargetUnsafe)
            assert target.send(Call("POST", "twitter/_search", (), b"{}")).status == 200
        assert [seen.path for seen in server.seen] == ["/", "/twitter/_search"]


def test_an_answer_of_any_depth_is_no_marker() -> None:
    with pytest.raises(TargetUnsafe):
        check_marker(Answer(200, (), b"[" * 200_000), "a cluster")
