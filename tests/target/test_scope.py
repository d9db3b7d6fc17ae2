"""What keeps to names with a prefix, and what does not."""

from __future__ import annotations

import json

import pytest
from loopback import Loopback

from specgen.errors import UsageProblem
from specgen.target.guard import CallRefused
from specgen.target.names import in_scope
from specgen.target.opening import TargetSettings, open_target
from specgen.target.permission import Permission
from specgen.target.values import Call

INSIDE = """
PUT gull-a
PUT gull-a {"aliases": {"gull-b": {}}, "settings": {"index.default_pipeline": "gull-p"}}
PUT gull-a {"mappings": {"properties": {"index": {"type": "keyword", "index": false}}}}
DELETE gull-a
DELETE gull-a,gull-b
DELETE gull-*
DELETE %3Cgull-%7Bnow%2Fd%7D%3E
PUT gull-a/_doc/1 {"index": "tern", "_index": "tern"}
POST gull-a/_doc?pipeline=gull-p {}
POST gull-a/_doc?pipeline=_none {}
PUT gull-a/bird/1 {}
POST gull-a/_update/1 {"script": "ctx._source.x = 1"}
POST _bulk {"index":{"_index":"gull-a"}}|{"_index":"tern"}|{"delete":{"_index":"gull-b","_id":"1"}}
POST gull-a/_bulk {"index":{}}|{}
POST gull-a/_refresh
POST gull-a/_close
PUT gull-a/_settings {"index": {"number_of_replicas": 0}}
POST gull-a/_delete_by_query {"query": {"match_all": {}}}
POST _reindex {"source": {"index": "tern"}, "dest": {"index": "gull-b"}}
POST _aliases {"actions": [{"add": {"index": "gull-a", "alias": "gull-b"}}]}
PUT gull-a/_alias/gull-b
POST gull-a/_rollover/gull-b
PUT gull-a/_clone/gull-b
PUT _index_template/gull-t {"index_patterns": ["gull-*"], "composed_of": ["gull-c"]}
PUT _template/gull-t {"index_patterns": "gull-*", "aliases": {"gull-z": {}}}
PUT _ingest/pipeline/gull-p {"processors": [{"set": {"field": "a", "value": 1}}]}
PUT _scripts/gull-s {"script": {"lang": "painless", "source": "1"}}
PUT _snapshot/gull-r {"type": "fs"}
PUT _snapshot/gull-r/gull-s
PUT _connector/gull-c {"index_name": "gull-a", "name": "Any words"}
PUT _connector/gull-c/_check_in
PUT _data_stream/gull-d
GET tern/_search
POST tern/_search {"query": {}}
HEAD tern
GET _cluster/settings
"""
OUTSIDE = """
tern | PUT tern
tern | DELETE gull-a,tern
gul* | DELETE gul*
* | DELETE *
_all | DELETE _all
-tern | DELETE gull-*,-tern
<{}gull-> | DELETE %3C%7Bnow%7Dgull-%3E
gull-a:tern | PUT gull-a:tern/_doc/1 {}
gull-%2ctern | DELETE gull-%252ctern
tern | PUT gull-a {"aliases": {"tern": {}}}
tern | PUT gull-a {"settings": {"index": {"default_pipeline": "tern"}}}
tern | POST gull-a/_doc?pipeline=tern {}
tern | PUT gull-a/_settings {"index.final_pipeline": "tern"}
tern | POST _bulk {"index":{"_index":"gull-a"}}|{}|{"index":{"_index":"tern"}}|{}
tern | POST gull-a/_bulk {"index":{"_index":"tern"}}|{}
tern | POST gull-a/_bulk {"index":{"pipeline":"tern"}}|{}
nothing | POST _bulk {"index":{}}|{}
tern | POST _reindex {"source": {"index": "gull-a"}, "dest": {"index": "tern"}}
nothing | POST _reindex {"source": {"index": "gull-a"}, "dest": {}}
tern | POST _aliases {"actions": [{"add": {"indices": ["gull-a", "tern"], "alias": "gull-b"}}]}
tern | POST _aliases {"actions": [{"remove_index": {"index": "tern"}}]}
tern | PUT gull-a/_alias/tern
tern | PUT tern/_alias/gull-a
tern | PUT gull-a/_alias/gull-b {"index": "tern"}
tern | POST gull-a/_rollover/tern
tern | PUT tern/_clone/gull-b
ter* | PUT _index_template/gull-t {"index_patterns": ["gull-*", "ter*"]}
* | PUT _template/gull-t {"index_patterns": "*"}
* | PUT _template/gull-t {"template": "*"}
tern | PUT _index_template/gull-t {"index_patterns": ["gull-*"], "composed_of": ["tern"]}
{index}-gull | PUT _template/gull-t {"index_patterns": ["gull-*"], "aliases": {"{index}-gull": {}}}
tern | PUT _index_template/gull-t {"template": {"aliases": {"tern": {}}}}
tern | PUT _ingest/pipeline/tern {}
tern | PUT _ingest/pipeline/gull-p {"processors": [{"pipeline": {"name": "tern"}}]}
tern | PUT _scripts/tern {}
tern | DELETE _data_stream/tern
tern | PUT _snapshot/gull-r/tern
tern | PUT _connector/gull-c {"index_name": "tern"}
tern | PUT _connector/gull-c/_index_name {"index_name": "tern"}
tern | PUT _transform/gull-t {"source": {"index": "gull-a"}, "dest": {"index": "tern"}}
_all | POST _refresh
_all | POST _flush
_all | PUT _settings {}
_all | POST _delete_by_query {}
"""
UNKNOWN = """
PUT _cluster/settings {}
POST _cluster/reroute {}
POST _shutdown
PUT _security/user/gull-u {}
PUT _watcher/watch/gull-w {}
POST _connector {"index_name": "gull-a"}
POST _snapshot/gull-r/gull-s/_restore {}
POST _tasks/_cancel
POST _slm/policy/gull-p/_execute
PUT gull-a%2F_doc%2F1 {}
PUT _ingest%2Fpipeline/gull-p {}
PUT gull-a {"aliases": {}
PUT gull-a {"aliases": {"gull-b": {}}, "aliases": {"tern": {}}}
PUT gull-a {} {"aliases": {"tern": {}}}
PUT gull-a /* */ {"aliases": {"tern": {}}}
POST _bulk {"index":{"_index":"gull-a"}}||{"index":{"_index":"tern"}}|{}
POST _bulk {"index":{"_index":"gull-a"}}
POST _bulk {"index":{"_index":"gull-a"},"create":{"_index":"tern"}}|{}
POST _bulk?source=%7B%7D&source_content_type=application/json
POST _aliases?source=%7B%7D
POST _aliases {"actions": [{}]}
POST _aliases {"actions": {"add": {"index": "gull-a"}}}
POST _reindex {"source": {"index": "a"}, "dest": {"index": "gull-b"}, "script": "ctx._index = 1"}
POST _reindex {"source": {"remote": {"host": "h"}}, "dest": {"index": "gull-b"}}
PUT _ingest/pipeline/gull-p {"processors": [{"set": {"field": "_index", "value": "tern"}}]}
PUT _ingest/pipeline/gull-p {"processors": [{"set": {"field": "\\u005findex", "value": "tern"}}]}
PUT _ingest/pipeline/gull-p {"processors": [{"set": {"field": "{{x}}", "value": "tern"}}]}
PUT _ingest/pipeline/gull-p {"processors": [{"script": {"source": "ctx['_in' + 'dex'] = 'tern'"}}]}
PUT _ingest/pipeline/gull-p {"processors": [{"reroute": {"destination": "tern"}}]}
PUT _ingest/pipeline/gull-p {"processors": [{"kv": {"field": "a"}}]}
PUT _ingest/pipeline/gull-p {"on_failure": [{"script": {"id": "gull-s"}}]}
PUT _ingest/pipeline/gull-p {"processors": [{"drop": {"on_failure": [{"script": {"id": "x"}}]}}]}
"""
PERMISSION = Permission(scope="gull-")


def call_of(line: str) -> Call:
    method, target, *rest = line.split(" ", 2)
    path, _, query = target.partition("?")
    pairs = tuple(tuple(pair.split("=", 1)) for pair in query.split("&") if pair)
    body = rest[0].replace("|", "\n").encode() if rest else None
    return Call(method, path, pairs, body)  # type: ignore[arg-type]


def lines(text: str) -> list[str]:
    return text.strip().splitlines()


@pytest.mark.parametrize("line", lines(INSIDE))
def test_what_keeps_to_the_scope(line: str) -> None:
    assert PERMISSION.why_not(call_of(line)) == ""


@pytest.mark.parametrize("line", lines(OUTSIDE))
def test_what_names_something_else(line: str) -> None:
    name, _, rest = line.partition(" | ")
    assert PERMISSION.why_not(call_of(rest)) == f"out of scope: names {name}"


@pytest.mark.parametrize("line", lines(UNKNOWN))
def test_what_may_change_anything(line: str) -> None:
    told = PERMISSION.why_not(call_of(line))
    assert told.startswith("out of scope: ")
    assert "names" not in told or "keep to what it names" in told


@pytest.mark.parametrize("line", lines(OUTSIDE) + lines(UNKNOWN))
def test_it_is_not_sent(line: str) -> None:
    call = call_of(line.partition(" | ")[2] or line)
    with (
        Loopback() as server,
        open_target(TargetSettings(server.url, scope="gull-")) as target,
    ):
        assert not target.info.disposable
        with pytest.raises(CallRefused, match="out of scope"):
            target.send(call)
        assert [seen.path for seen in server.seen] == ["/"]


@pytest.mark.parametrize(
    ("name", "held"),
    [
        ("gull-", True),
        ("gull-a", True),
        ("gull-*", True),
        ("gull*", False),
        ("<gull-{now/d}>", True),
        ("<gull{now/d}->", False),
        (".ds-gull-a-2024.01.01-000001", True),
        (".ds-tern", False),
        ("xgull-", False),
        ("GULL-", False),
        ("", False),
    ],
)
def test_names(name: str, held: bool) -> None:
    assert in_scope(name, "gull-") is held


@pytest.mark.parametrize(
    "prefix", ["*", "a", "ab", "gull*", "_gull", "-gull", "gull,tern", "a b c"]
)
def test_what_is_no_prefix(prefix: str) -> None:
    with pytest.raises(UsageProblem, match="--scope"):
        open_target(TargetSettings("http://127.0.0.1:1", scope=prefix))


def test_a_body_too_deep_to_read_names_anything() -> None:
    deep = json.dumps({"a": 1}).replace("1", '{"a":' * 50_000 + "1" + "}" * 50_000).encode()
    told = PERMISSION.why_not(Call("PUT", "_template/gull-t", (), deep))
    assert told == "out of scope: its body cannot be read"
