"""The complete text that a person sees, for everything that can come of a run."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from project import Loopback, Project, Reply, Seen, seed_page

Golden = Callable[[str, str], None]


def page(*snippets: str) -> str:
    """A page whose snippets stand one below the other."""
    return "= Books\n\nWhat books do.\n\n" + "\n".join(snippets)


def asks(request: str, marker: str = "") -> str:
    return f"[source,console]\n----\n{request}\n----\n{marker}\n"


def answers(body: str, marker: str = "") -> str:
    return f"[source,console-result]\n----\n{body}\n----\n{marker}\n"


INDEX = 'PUT books/_doc/1?refresh\n{"title": "Emma", "year": 1815}'
CREATED = """{
  "_index": "books",
  "_id": "1",
  "_version": 1,
  "result": "created",
  "forced_refresh": true,
  "_shards": {"total": 2, "successful": 1, "failed": 0},
  "_seq_no": 0,
  "_primary_term": 1
}"""
SOURCE = 'GET books/_source/1'
UP_TO_READING = asks(INDEX), asks(SOURCE, "// TEST[continued]")


@dataclass(frozen=True)
class Told:
    """A page, and the exit code of a run of it."""

    page: str
    code: int = 1


CASES = {
    "true": Told(page(asks(INDEX), answers(CREATED)), 0),
    "key-added": Told(page(asks(INDEX), answers(CREATED.replace(',\n  "_p', ',\n  "_shelf": 3,\n  "_p')))),
    "key-removed": Told(page(asks(INDEX), answers(CREATED.replace('  "_version": 1,\n', "")))),
    "number-for-string": Told(page(*UP_TO_READING, answers('{"title": 7, "year": 1815}'))),
    "unknown-request": Told(page(asks("GET _no_such_api/books"))),
    "catch-not-there": Told(page(asks(INDEX, "// TEST[catch:missing]"))),
    "catch-other-error": Told(page(asks("GET books/_doc/1", "// TEST[catch:conflict]"))),
    "catch-other-reason": Told(page(asks("GET books/_search", "// TEST[catch:/no such shelf/]"))),
    "other-status": Told(page(asks("GET books/_search"))),
    "text": Told(
        page(
            asks(INDEX),
            asks("GET _cat/indices/books?h=index,docs.count", "// TEST[continued]"),
            answers("books 2\n", "// TESTRESPONSE[non_json]"),
        )
    ),
    "list-order": Told(
        page(
            asks('PUT books/_doc/1?refresh\n{"tags": ["old", "red"]}'),
            asks(SOURCE, "// TEST[continued]"),
            answers('{"tags": ["red", "old"]}'),
        )
    ),
    "two-responses": Told(
        page(
            asks(INDEX),
            answers(CREATED.replace("created", "noop").replace('"1"', '"2"')),
            asks("GET books/_count"),
            answers('{"count": 3}'),
        )
    ),
    "bad-body": Told(page(asks('PUT books/_doc/1\n{"title": "Emma",}'))),
    "setup-fails": Told(
        page(asks("GET books/_search", "// TESTSETUP"), asks("GET _cluster/health"))
    ),
    "teardown-fails": Told(
        page(
            asks(INDEX, "// TESTSETUP"),
            asks("DELETE shelf", "// TEARDOWN"),
            asks("GET books/_count"),
        )
    ),
    "stash": Told(page(asks(INDEX), asks("GET books/_doc/${body.nope}", "// TEST[continued]"))),
    "skipped": Told(page(asks("GET _cat/nodes", "// TEST[skip:nodes differ]")), 0),
    "no-example": Told("= Books\n\nNothing to see.\n", 0),
    "malformed-marker": Told(page(asks(INDEX, "// TEST[catsch:missing]"), asks("GET _cat/nodes")), 3),
    "unpaired-marker": Told(page("// TEST[continued]\n", asks("GET _cat/nodes")), 3),
    "bad-request-line": Told(page(asks("FETCH books"), asks("GET _cat/nodes"))),
    "unknown-setup": Told(page(asks("GET books/_count", "// TEST[setup:libary]"))),
}


@pytest.mark.parametrize("name", CASES)
def test_a_page(name: str, golden: Golden) -> None:
    case = CASES[name]
    told = Project({"docs/books.asciidoc": case.page}).run("run", "docs", "--setups", ".")
    golden(f"messages/{name}.txt", told.text)
    assert told.code == case.code
    assert told.out == told.text
