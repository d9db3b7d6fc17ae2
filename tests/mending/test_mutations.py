"""Each single change in a true page is found where it is, and `--update` takes it back."""

from __future__ import annotations

import json
import random
from collections import Counter

from mutations import Mutation, mutations_of, sample
from pages import answers, asks, page
from project import CLUSTER, Loopback, Project, Reply, Seen

from specgen.files import MemoryFiles
from specgen.plan.reading import stages_of

STORES = """PUT kites/_doc/1?refresh
{"name": "Delta", "lines": 2, "colours": ["red", "blue", "green"]}"""
FOUND = """{
  "took" : 12,
  "hits" : {
    "total" : {"value": 1, "relation": "eq"},
    "hits" : [
      {
        "_index" : "kites", <1>
        "_id" : "1",
        "_score" : 1.0,
        "_source" : {
          "name" : "Delta",
          "lines" : 2,
          "colours" : ["red", "blue", "green"]
        }
      }
    ]
  }
}"""
WITHIN = '{"hits": {"total": {"value": 1, "relation": "eq"}, "max_score": 1.0}}'
SEARCH = "GET kites/_search?filter_path=took,hits.total,hits.hits"
TRUE = page(
    asks(STORES, name="stores"),
    asks(SEARCH, "// TEST[continued]"),
    answers(FOUND, '// TESTRESPONSE[s/"took" : 12/"took" : $body.took/]'),
    asks(STORES, name="again"),
    asks("GET kites/_search?filter_path=hits.total,hits.max_score", "// TEST[continued]"),
    answers(WITHIN),
    "<1> Where it flies.\n",
)
COUNT, SEED = 36, 7
KNOWN = {
    "/kites/_search?filter_path=took,hits.total,hits.hits": FOUND.replace(" <1>", ""),
    "/kites/_search?filter_path=hits.total,hits.max_score": WITHIN,
}


def kites(seen: Seen) -> Reply:
    """A cluster that takes one document, finds it, and knows nothing else."""
    path = seen.path.replace("error_trace=true", "").rstrip("?&").replace("%2C", ",")
    if path in KNOWN:
        return Reply(body=KNOWN[path].encode())
    stores = "/kites/_doc" in path
    taken = path == "/kites/_doc/1?refresh=" or path == "/kites/_doc/1?refresh"
    if stores and taken and "kite_" not in seen.body.decode():
        return Reply(body=b'{"result": "created"}')
    if stores or "_search" in path:
        return Reply(400, b'{"error": {"type": "unknown", "reason": "no such thing"}}')
    return Reply(body=json.dumps(CLUSTER).encode())


def changes() -> list[Mutation]:
    plan = stages_of(MemoryFiles({"a.adoc": TRUE}), "a.adoc").plan
    chance = random.Random(SEED)
    found = [each for case in plan.cases for each in mutations_of(plan, case, chance)]
    return sample(found, COUNT, chance)


def test_single_changes_are_found_in_place_and_taken_back() -> None:
    chosen = changes()
    assert len({(each.kind, each.substituted) for each in chosen}) >= 12
    files = {f"docs/m{number:02}.adoc": each.data for number, each in enumerate(chosen)}
    project = Project({**files, "docs/true.adoc": TRUE})
    with Loopback(kites) as server:
        target = ("--target", server.url, "--disposable")
        replayed = project.replay("docs", *target)
        assert set(outcomes_of("true", replayed.results).values()) == {"passed"}
        for number, change in enumerate(chosen):
            case = change.case.partition("::")[2]
            mine = [each for each in replayed.results if each["page"] == f"m{number:02}.adoc"]
            found = [one for each in mine for one in each["findings"]]
            assert outcomes_of(f"m{number:02}", replayed.results)[case] == "failed", change.told
            assert any(is_told(one, change) for one in found), (change.told, found)

        told = project.run("drift", "docs", "--update", *target)
        back = Counter[str]()
        for number, change in enumerate(chosen):
            same = told.files[f"docs/m{number:02}.adoc"] == TRUE.encode()
            back[f"{change.kind} {'back' if same else 'left'}"] += 1
            if change.kind in {"request", "status"}:
                assert not same  # whether page or cluster is right, a person has to say
            else:
                assert same, (change.told, told.files[f"docs/m{number:02}.adoc"].decode())
        assert told.files["docs/true.adoc"] == TRUE.encode()
        assert back["value back"] >= 4


def outcomes_of(name: str, results: list[dict[str, object]]) -> dict[str, str]:
    mine = [each for each in results if each["page"] == f"{name}.adoc"]
    return {str(each["id"]).partition("::")[2]: str(each["outcome"]) for each in mine}


def is_told(finding: dict[str, object], change: Mutation) -> bool:
    if change.kind in {"request", "status"}:
        return True
    pointer = str(finding["pointer"])
    if change.kind in {"gone-item", "new-item"}:
        return pointer.startswith(change.pointer.rpartition("/")[0])
    return (finding["line"], pointer) == (change.line, change.pointer)
