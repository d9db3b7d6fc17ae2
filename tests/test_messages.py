"""The complete text that a person sees, for everything that can come of a run."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from own_engine import install_engine, wait_for
from pages import answers, asks, page
from project import Loopback, Project, Reply, Seen, seed_page

from specgen.cli.main import COMMANDS

Golden = Callable[[str, str], None]


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
SHELF = CREATED.replace(',\n  "_p', ',\n  "_shelf": 3,\n  "_p')
SOURCE = "GET books/_source/1"
UP_TO_READING = asks(INDEX), asks(SOURCE, "// TEST[continued]")


@dataclass(frozen=True)
class Told:
    """A page, and the exit code of a run of it."""

    page: str
    code: int = 1


CASES = {
    "true": Told(page(asks(INDEX), answers(CREATED)), 0),
    "key-added": Told(page(asks(INDEX), answers(SHELF))),
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
            answers("books 2", "// TESTRESPONSE[non_json]"),
        )
    ),
    "list-order": Told(
        page(
            asks('PUT books/_doc/1?refresh\n{"tags": ["old", "red"]}'),
            asks(SOURCE, "// TEST[continued]"),
            answers('{"tags": ["red", "old"]}'),
        )
    ),
    "long-list-order": Told(
        page(
            asks('PUT books/_doc/1?refresh\n{"years": [1, 2, 3, 4]}'),
            asks(SOURCE, "// TEST[continued]"),
            answers('{"years": [1, 2, 4, 3]}'),
        )
    ),
    "long-text": Told(
        page(
            asks(f'PUT books/_doc/1?refresh\n{{"title": "{"m" * 200}a"}}'),
            asks(SOURCE, "// TEST[continued]"),
            answers(f'{{"title": "{"m" * 200}b"}}'),
        )
    ),
    "two-responses": Told(
        page(
            asks(INDEX),
            answers(CREATED.replace("created", "noop").replace('"1"', '"2"')),
            asks(f"{INDEX}\n\nGET books/_doc/1"),
            answers('{"_index": "books", "_id": "7", "found": true}'),
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
    "malformed-marker": Told(
        page(asks(INDEX, "// TEST[catsch:missing]"), asks("GET _cat/nodes")), 3
    ),
    "unpaired-marker": Told(page("// TEST[continued]\n", asks("GET _cat/nodes")), 3),
    "bad-request-line": Told(page(asks("FETCH books"), asks("GET _cat/nodes")), 3),
    "unknown-setup": Told(page(asks("GET books/_count", "// TEST[setup:libary]"))),
}


@pytest.mark.parametrize("name", CASES)
def test_a_page(name: str, golden: Golden) -> None:
    case = CASES[name]
    told = Project({"docs/books.asciidoc": case.page}).run("run", "docs", "--setups", ".")
    golden(f"messages/{name}.txt", told.out)
    assert told.code == case.code
    assert not told.err


SEED = "docs/check-in-connector-api.asciidoc"


def test_the_page_that_is_true(golden: Golden) -> None:
    told = Project({SEED: seed_page()}).run("run", "docs")
    golden("messages/seed-true.txt", told.out)
    assert told.code == 0


def test_the_page_that_lies_in_one_word(golden: Golden) -> None:
    text = seed_page().replace('"updated"', '"noop"')
    project = Project({SEED: text})
    told = project.run("run", "docs")
    golden("messages/seed-noop.txt", told.out)
    assert told.code == 1
    [finding] = project.replay("docs").findings
    assert (finding["line"], finding["column"], finding["pointer"]) == (79, 13, "/result")
    assert (finding["expected"], finding["actual"]) == ("noop", "updated")


@pytest.mark.parametrize("option", ["--quiet", "--verbose"])
def test_how_much_is_told(option: str, golden: Golden) -> None:
    pages = {
        "docs/false.asciidoc": page(asks("GET books")),
        "docs/some.asciidoc": page(asks(INDEX), asks("GET _cat/nodes", "// TEST[skip:differ]")),
    }
    golden(f"messages/told{option}.txt", Project(pages).run("run", "docs", option).out)


def test_a_target_that_nobody_reaches(golden: Golden) -> None:
    target = ("--target", "http://127.0.0.1:1", "--disposable")
    told = Project({"docs/a.asciidoc": BOTH}).run("run", "docs", *target)
    golden("messages/unreachable.txt", told.out)
    assert told.code == 4


def test_a_target_that_may_hold_data(golden: Golden) -> None:
    with Loopback() as server:
        told = Project({"docs/a.asciidoc": BOTH}).run("run", "docs", "--target", server.url)
        assert [f"{seen.method} {seen.path}" for seen in server.seen] == [
            "GET /.specgen-disposable"
        ]
        golden("messages/unsafe.txt", told.out.replace(server.url, "http://127.0.0.1:PORT"))
    assert told.code == 4


BOTH = page(asks("PUT books"), asks("GET books"))


def test_an_engine_that_is_killed_while_it_runs(golden: Golden) -> None:
    text = page(asks("GET one"), asks("GET die"), asks("GET two"), answers("{}"))
    project = Project({"docs/a.asciidoc": text})
    engine = install_engine(project.path)
    told = project.run("run", "docs", **engine)
    golden("messages/engine-killed.txt", told.out)
    assert told.code == 4
    replayed = project.replay("docs", **engine)
    assert list(replayed.outcomes.values()) == ["passed", "error", "error"]
    assert replayed.told.code == 4


def test_a_run_that_is_interrupted(golden: Golden) -> None:
    text = page(asks("GET one"), asks("GET wait"), asks("GET two"))
    project = Project({"docs/a.asciidoc": text})
    engine = install_engine(project.path)
    stop = threading.Thread(target=_interrupt, args=(project.path / "waits",))
    stop.start()
    told = project.run("run", "docs", **engine)
    stop.join()
    golden("messages/interrupted.txt", told.out)
    assert told.code == 130


def _interrupt(when: Path) -> None:
    wait_for(when)
    os.kill(os.getpid(), signal.SIGINT)


def deprecating(seen: Seen) -> Reply:
    """A cluster that warns of some paths, and whose shards fail when they search."""
    if seen.path == "/":
        return Reply(body=b'{"version": {"number": "8.15.3"}}')
    if "old" in seen.path:
        warning = '299 Elasticsearch-8.15.3 "[parser][3:7] do not say \\"old\\"" "Sun, 1 Jan"'
        return Reply(headers=(*Reply().headers, ("Warning", warning)))
    if "_search" in seen.path:
        return Reply(body=b'{"_shards": {"total": 2, "failures": [{"shard": 0}]}}')
    return Reply()


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("warning-unexpected", page(asks("GET old")), 0),
        ("warning-missing", page(asks("GET new", '// TEST[warning:do not say "new"]')), 1),
        ("shards", page(asks("GET books/_search")), 1),
    ],
)
def test_what_else_an_answer_tells(name: str, text: str, code: int, golden: Golden) -> None:
    with Loopback(deprecating) as server:
        told = Project({"docs/books.asciidoc": text}).run(
            "run", "docs", "--verbose", "--target", server.url, "--disposable"
        )
        golden(f"messages/{name}.txt", told.out.replace(server.url, "http://127.0.0.1:PORT"))
    assert told.code == code


WRONG = {
    "no-page": ("run", "docs/nowhere.asciidoc"),
    "no-case-there": ("run", "docs/books.asciidoc:1"),
    "no-target": ("run", "docs", "--target", "embeded"),
    "bad-shard": ("run", "docs", "--shard", "3/2"),
    "command-misspelt": ("rnu", "docs"),
    "option-misspelt": ("run", "docs", "--max-fail", "2"),
    "bad-expression": ("run", "docs", "-k", "books and"),
    "bad-header": ("run", "docs", "--header", "X"),
    "bad-define": ("run", "docs", "--define", "version"),
    "workers-and-url": ("run", "docs", "-n", "2", "--target", "http://127.0.0.1:1"),
    "outside": ("run", "docs", "--docs-root", "other"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_use(name: str, golden: Golden) -> None:
    project = Project({"docs/books.asciidoc": BOTH, "other/.keep": ""})
    told = project.run(*WRONG[name])
    golden(f"usage/{name}.txt", told.text.replace(f"{project.path}/", ""))
    assert told.code == (3 if name == "no-page" else 2)


def test_a_configuration_with_a_key_that_nobody_knows(golden: Golden) -> None:
    told = Project({"specgen.toml": 'page = "docs"\n'}).run("run")
    golden("usage/bad-key.txt", told.err)
    assert told.code == 2


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help(command: str, golden: Golden) -> None:
    told = Project({}).run(*filter(None, [command]), "--help")
    golden(f"help/{command or 'specgen'}.txt", told.out)
    assert told.code == 0
    assert max(map(len, told.out.splitlines())) <= 80
