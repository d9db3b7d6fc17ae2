"""A real cluster that holds what others made: not a byte of it changes where it may not."""

from __future__ import annotations

import json
from typing import Any

from inventory import inventory
from pages import answers, asks, page
from project import Project
from test_nodes import skip_without

from specgen.target.nodes.kinds import JAVA_NODES
from specgen.target.nodes.target import NodeTarget
from specgen.target.opening import TargetSettings, open_target
from specgen.target.values import Call, Target

ELASTICSEARCH = next(kind for kind in JAVA_NODES if kind.name == "elasticsearch-7.10")

# What colleagues keep there.
FOREIGN: tuple[tuple[str, str, Any], ...] = (
    ("PUT", "_ingest/pipeline/tern-clean", {"processors": [{"set": {"field": "a", "value": 1}}]}),
    ("PUT", "_scripts/tern-rank", {"script": {"lang": "painless", "source": "1"}}),
    ("PUT", "_template/tern-old", {"index_patterns": ["tern-old-*"]}),
    ("PUT", "_component_template/tern-base", {"template": {"settings": {}}}),
    ("PUT", "_index_template/tern-new",
     {"index_patterns": ["tern-new-*"], "composed_of": ["tern-base"]}),
    ("PUT", "_cluster/settings", {"persistent": {"search.default_search_timeout": "9s"}}),
    ("PUT", "tern", {"aliases": {"tern-all": {}}, "settings": {"number_of_replicas": 0}}),
    ("PUT", "tern/_doc/1", {"name": "Arctic tern"}),
    ("PUT", "tern/_doc/2", {"name": "Sandwich tern"}),
    ("PUT", "gannet", {"settings": {"number_of_replicas": 0}}),
    ("PUT", "gannet/_doc/1", {"name": "Gannet"}),
    ("PUT", ".hidden-terns", {"settings": {"number_of_replicas": 0}}),
    ("PUT", ".hidden-terns/_doc/1", {"name": "Least tern"}),
    ("POST", "gannet/_close", None),
)  # fmt: skip

# A change of each sort, the smallest that there is.
CHANGES: tuple[tuple[str, str, Any], ...] = (
    ("PUT", "tern/_doc/1", {"name": "Arctic tern"}),  # the same again is another version
    ("DELETE", "tern/_doc/2", None),
    ("PUT", ".hidden-terns/_doc/2", {}),
    ("PUT", "tern/_alias/tern-more", None),
    ("PUT", "tern/_settings", {"refresh_interval": "7s"}),
    ("PUT", "tern/_mapping", {"properties": {"size": {"type": "long"}}}),
    ("POST", "gannet/_open", None),
    ("PUT", "gull", None),
    ("PUT", "_ingest/pipeline/tern-clean", {"processors": []}),
    ("PUT", "_scripts/tern-rank", {"script": {"lang": "painless", "source": "2"}}),
    ("PUT", "_template/tern-old", {"index_patterns": ["tern-*"]}),
    ("PUT", "_index_template/tern-new", {"index_patterns": ["tern-*"]}),
    ("DELETE", "_component_template/tern-base", None),
    ("PUT", "_cluster/settings", {"persistent": {"search.default_search_timeout": "1s"}}),
)

# Pages that write wherever they can; `read` and `own` alone harm nobody.
HARMFUL = page(
    asks('PUT tern/_doc/1?refresh\n{"name": "none"}', name="overwrites"),
    asks("POST tern/_delete_by_query?refresh\n"
         '{"query": {"match_all": {}}}', name="empties"),
    asks('PUT tern/_settings\n{"index": {"refresh_interval": "7s"}}', name="settings"),
    asks("POST gannet/_open", name="opens"),
    asks('POST _aliases\n{"actions": [{"remove": {"index": "tern", "alias": "tern-all"}}]}',
         name="alias"),
    asks('PUT _ingest/pipeline/tern-clean\n{"processors": []}', name="pipeline"),
    asks('PUT _scripts/tern-rank\n{"script": {"lang": "painless", "source": "2"}}', name="script"),
    asks('PUT _index_template/tern-new\n{"index_patterns": ["tern-*"]}', name="template"),
    asks('PUT _cluster/settings\n{"persistent": {"search.default_search_timeout": "1s"}}',
         name="cluster"),
    asks('POST _bulk?refresh\n{"index":{"_index":"gull-a"}}\n{}\n'
         '{"delete":{"_index":"tern","_id":"2"}}',
         name="bulk"),
    asks('POST _reindex?refresh\n{"source": {"index": "tern"}, "dest": {"index": "tern-copy"}}',
         name="reindex"),
    asks("DELETE tern*", name="wildcard"),
    asks("DELETE _all", name="all"),
)  # fmt: skip
OWN = page(
    asks(
        "PUT gull-a\n"
        '{"settings": {"number_of_replicas": 0}, "aliases": {"gull-all": {}}}\n\n'
        'POST _bulk?refresh\n{"index":{"_index":"gull-a","_id":"1"}}\n{"a":1}\n\n'
        'PUT _ingest/pipeline/gull-p\n{"processors": [{"lowercase": {"field": "b"}}]}\n\n'
        'PUT _index_template/gull-t\n{"index_patterns": ["gull-t-*"]}\n\n'
        'PUT _scripts/gull-s\n{"script": {"lang": "painless", "source": "1"}}\n\n'
        'POST _reindex?refresh\n{"source": {"index": "tern"}, "dest": {"index": "gull-b"}}\n\n'
        "GET gull-*/_count?filter_path=count",
        name="own",
    ),
    answers('{"count": 3}'),
    asks("GET tern/_count?filter_path=count", name="read"),
    answers('{"count": 2}'),
    asks("DELETE gull-*", name="own_wildcard"),
)
PAGES = {"docs/harmful.asciidoc": HARMFUL, "docs/own.asciidoc": OWN}


def state(node: Target) -> str:
    """All that a cluster holds: its metadata, versions of settings included, and documents.

    What tells of deleted indices alone is left out: who makes and deletes an index of its own
    leaves a trace there.
    """
    metadata = json.loads(node.send(Call("GET", "_cluster/state/metadata,blocks")).body)
    for key in ("version", "state_uuid"):
        metadata.pop(key, None)
    metadata["metadata"].pop("index-graveyard", None)
    metadata["metadata"].pop("version", None)
    node.send(Call("POST", "tern,.hidden-terns/_refresh"))
    query = (("version", "true"), ("seq_no_primary_term", "true"), ("size", "100"))
    found = node.send(Call("GET", "_all/_search", (*query, ("expand_wildcards", "open,hidden"))))
    hits = sorted(json.loads(found.body)["hits"]["hits"], key=lambda h: (h["_index"], h["_id"]))
    shown = (metadata, hits, inventory(node))
    return json.dumps(shown, sort_keys=True, indent=1, default=sorted)


def prepared(node: Target) -> str:
    for method, path, body in FOREIGN:
        assert send(node, method, path, body) in {200, 201}
    # A closed index is allocated anew, which changes its metadata.
    settled = (("wait_for_no_initializing_shards", "true"), ("wait_for_events", "languid"))
    assert node.send(Call("GET", "_cluster/health", settled)).status == 200
    return state(node)


def send(node: Target, method: str, path: str, body: Any) -> int:
    data = json.dumps(body).encode() if body is not None else None
    return node.send(Call(method, path, (), data)).status


def outcomes(project: Project, url: str, *options: str) -> dict[str, Any]:
    document = project.replay("docs", "--target", url, *options).document
    return {each["case"]: (each["outcome"], each["reason"]) for each in document["results"]}


# Takes about 25 s where the machine is idle and the jars are in the cache.
def test_what_others_keep_stays_byte_for_byte() -> None:
    skip_without(ELASTICSEARCH)
    project = Project(PAGES)
    with open_target(TargetSettings(ELASTICSEARCH.name)) as node:
        assert isinstance(node, NodeTarget)
        before = prepared(node)
        assert "Arctic tern" in before
        assert "tern-clean" in before

        told = project.run("run", "docs", "--target", node.url)
        assert told.code == 4
        assert state(node) == before

        told = project.run("run", "docs", "--target", node.url, "--plan")
        assert told.code == 0
        assert state(node) == before

        found = outcomes(project, node.url, "--read-only")
        assert [name for name, (what, _) in found.items() if what == "passed"] == ["read"]
        assert all(why.startswith("read-only: ") for what, why in found.values() if why)
        assert state(node) == before

        found = outcomes(project, node.url, "--scope", "gull-")
        done = [name for name, (what, _) in found.items() if what == "passed"]
        assert done == ["own", "read", "own_wildcard"], found
        assert {what for what, _ in found.values()} == {"passed", "skipped"}
        assert all(why.startswith("out of scope: ") for what, why in found.values() if why)
        assert state(node) == before

        # Anything else would prove that the check cannot fail.
        outcomes(project, node.url, "--disposable", "-k", "overwrites or pipeline or settings")
        after = state(node)
        assert after != before
        assert "Arctic tern" not in after
        outcomes(project, node.url, "--disposable", "-k", "wildcard")
        assert "Sandwich tern" not in state(node)


def test_each_change_is_seen() -> None:
    skip_without(ELASTICSEARCH)
    with open_target(TargetSettings(ELASTICSEARCH.name)) as node:
        seen = [prepared(node)]
        for method, path, body in CHANGES:
            assert send(node, method, path, body) in {200, 201}
            seen.append(state(node))
    assert len(set(seen)) == len(CHANGES) + 1
