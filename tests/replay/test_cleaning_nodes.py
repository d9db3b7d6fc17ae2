"""Real nodes are as before when a case is over, and after pages of the corpus."""

from __future__ import annotations

import json

import pytest
from inventory import inventory
from pages import answers, asks, page
from project import Project, corpus_pages
from test_nodes import skip_without

from specgen.replay.cleaning import Cleaner
from specgen.target.nodes.kinds import JAVA_NODES, JavaNode
from specgen.target.opening import TargetSettings, open_target
from specgen.target.values import Call, Target

MADE = (
    ("PUT", "ships/_doc/1", "{}"),
    ("PUT", "ships/_alias/fleet", ""),
    ("POST", "_aliases", '{"actions": [{"add": {"index": "harbour", "alias": "quay"}}]}'),
    ("PUT", "wreck", '{"settings": {"index.blocks.read_only": true}}'),
    ("PUT", "_component_template/hull", '{"template": {"settings": {}}}'),
    ("PUT", "_index_template/boats", '{"index_patterns": ["boat-*"], "composed_of": ["hull"]}'),
    ("PUT", "_template/old", '{"index_patterns": ["old-*"]}'),
    ("PUT", "_ingest/pipeline/tide", '{"processors": []}'),
    ("PUT", "_scripts/wave", '{"script": {"lang": "painless", "source": "1"}}'),
    ("PUT", "_cluster/settings", '{"transient": {"cluster.blocks.read_only": false}}'),
    ("PUT", "_cluster/settings", '{"persistent": {"search.default_search_timeout": "9s"}}'),
    ("POST", "_reindex?wait_for_completion=false",
     '{"source": {"index": "ships"}, "dest": {"index": "late"}}'),
)  # fmt: skip
OPENSEARCH_MADE = (
    ("PUT", "_index_template/rain", '{"index_patterns": ["rain-*"], "data_stream": {}}'),
    ("POST", "rain-today/_doc", '{"@timestamp": "2024-05-01T06:00:00Z"}'),
    ("POST", "rain-today/_rollover", ""),
    ("PUT", "_data_stream/rain-hourly", ""),
    ("PUT", "_search/pipeline/near", '{"request_processors": []}'),
)
LEAKS = asks('PUT _ingest/pipeline/tide*\n{"processors": []}', name="leaks")


def send(target: Target, cleaner: Cleaner | None, method: str, text: str, body: str = "") -> None:
    path, _, query = text.partition("?")
    pairs = (("wait_for_completion", "false"),) if query else ()
    call = Call(method, path, pairs, body.encode() or None)
    if cleaner is not None:
        cleaner.notice(call)
    answer = target.send(call)
    assert answer.status in {200, 201}, answer.text


# Takes about 10 s a node where the machine is idle and the jars are in the cache.
@pytest.mark.parametrize("kind", JAVA_NODES, ids=lambda kind: kind.name)
def test_a_real_node_is_as_before(kind: JavaNode) -> None:
    skip_without(kind)
    with open_target(TargetSettings(kind.name)) as node:
        everything_goes(node, MADE + (OPENSEARCH_MADE if "opensearch" in kind.name else ()))
        the_corpus_leaves_nothing(node)
        a_leak_is_named(node)
        what_comes_late_is_waited_for(node)


def everything_goes(node: Target, made: tuple[tuple[str, str, str], ...]) -> None:
    send(node, None, "PUT", "harbour")
    before = inventory(node)
    cleaner = Cleaner(node, private=True)
    for method, text, body in made:
        send(node, cleaner, method, text, body)
    during = inventory(node)
    assert during != before
    assert cleaner.clean() == ()
    assert inventory(node) == before
    send(node, None, "DELETE", "harbour")


def the_corpus_leaves_nothing(node: Target) -> None:
    project = Project({})
    setups = corpus_pages(project, 12)
    before = inventory(node)
    replayed = project.replay("docs", *setups, "--target", node.info.url, "--disposable")
    assert replayed.document["summary"]["passed"] > 4
    assert [each for each in replayed.results if each["left_behind"]] == []
    assert inventory(node) == before


def a_leak_is_named(node: Target) -> None:
    project = Project({"docs/a.adoc": page(LEAKS)})
    replayed = project.replay("docs", "--target", node.info.url, "--disposable")
    assert replayed.results[0]["left_behind"] == ["pipeline tide*"]
    assert "tide*" in json.dumps(inventory(node))


def what_comes_late_is_waited_for(node: Target) -> None:
    """A node refreshes by itself, a second after a write; the embedded engine never does."""
    search = "PUT quays/_doc/1\n{}\n\nGET quays/_search?filter_path=hits.hits._id"
    found = '{"hits": {"hits": [{"_id": "1"}]}}'
    text = page(asks(search), answers(found, "// SPECGEN[eventually:30s]"))
    project = Project({"docs/quays.adoc": text})
    replayed = project.replay("docs", "--target", node.info.url, "--disposable")
    (result,) = replayed.results
    assert result["outcome"] == "passed", replayed.told.text
    assert result["waited_s"] > 0
