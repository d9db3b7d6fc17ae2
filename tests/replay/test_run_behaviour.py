"""What a run makes of pages, on the embedded engine: every rule holds, and can be broken."""

from __future__ import annotations

from pages import answers, asks, page
from project import Project

BOOK = 'PUT books/_doc/1?refresh\n{"title": "Emma", "tags": [{"name": "old"}]}'
COUNT = "GET books/_count?filter_path=count"

# Each case stands beside one that breaks the same rule, so that the rule is seen to work.
RULES = page(
    asks(f"{BOOK}\n\nGET books/_doc/1?filter_path=_id,result", name="stash_body"),
    answers('{"_id": "$body._id"}'),
    asks(f"{BOOK}\n\nGET books/_doc/1?filter_path=_i*", name="stash_body_broken"),
    answers('{"_id": "$body._index", "_index": "books"}'),
    asks(f"{BOOK}\n\nGET books/_doc/1\n\nGET books/_doc/${{body._id}}", name="path"),
    asks(f"{BOOK}\n\nGET books/_doc/1\n\nGET books/_doc/${{body._version}}0", name="path_broken"),
    asks(
        f"{BOOK}\n\nGET books/_doc/1\n\nPUT shelf-${{body._source.tags.0.name}}", name="deep_path"
    ),
    asks(
        f"{BOOK}\n\nGET books/_doc/1\n\nPUT shelf-${{body._source.tags.1.name}}",
        name="deep_path_broken",
    ),
    asks(BOOK, name="any"),
    answers(
        '{"result": "created", "_seq_no": 5, "_shards": "x", "_index": "books", "_id": "1",'
        ' "_version": 1, "_primary_term": 1, "forced_refresh": true}',
        '// TESTRESPONSE[s/: 5/: "$body.$_path"/ s/"x"/"$body.$_path"/]',
    ),
    asks(BOOK, name="any_broken"),
    answers('{"result": "created", "nothing": "$body.$_path"}'),
    asks("GET books", "// TEST[catch:missing]", name="missing"),
    asks("PUT books", "// TEST[catch:missing]", name="missing_broken"),
    asks("PUT books\n\nPUT books", "// TEST[catch:bad_request]", name="bad_request"),
    asks("GET books", "// TEST[catch:bad_request]", name="bad_request_broken"),
    asks(f"{BOOK}\n\nPUT books/_create/1\n{{}}", "// TEST[catch:conflict]", name="conflict"),
    asks("GET books", "// TEST[catch:conflict]", name="conflict_broken"),
    asks(
        "GET _cluster/health?wait_for_nodes=7&timeout=1ms",
        "// TEST[catch:request_timeout]",
        name="request_timeout",
    ),
    asks("GET books", "// TEST[catch:request]", name="request_broken"),
    asks("GET no-such", "// TEST[catch:/no such index \\[no-such\\]/]", name="by_reason"),
    asks("GET no-such", "// TEST[catch:/no such shelf/]", name="by_reason_broken"),
    asks("PUT books", "// TEST[catch:/no such index/]", name="by_reason_success"),
    asks("GET books", "// TEST[catch:param]", name="param"),
    asks("HEAD books", name="head"),
    asks("HEAD books", "// TEST[catch:missing]", name="head_broken"),
    asks(
        'POST books/_bulk?refresh\n{"index": {"_id": "1"}}\n{"title": "Emma"}\n'
        '{"index": {"_id": "2"}}\n{"title": "Persuasion"}\n\n' + COUNT,
        name="bulk",
    ),
    answers('{"count": 2}'),
    asks(
        'PUT books/_doc/1?refresh\n{"text": """one "word"\nor two"""}\n\nGET books/_source/1',
        name="triple",
    ),
    answers('{"text": """one "word"\nor two"""}'),
    asks(f"{BOOK}\n\nGET _cat/count/books?h=count", name="text"),
    answers("1", "// TESTRESPONSE[non_json]"),
    asks(f"{BOOK}\n\nGET _cat/count/books?h=count", name="text_broken"),
    answers("2", "// TESTRESPONSE[non_json]"),
    asks(f"{BOOK}\n\n{COUNT}", name="several"),
    answers('{"count": 1}'),
    asks(f"GET books\n\n{BOOK}", name="several_broken"),
    asks("PUT books\n{'a': 1}", name="no_json_broken"),
)


def test_every_rule_holds_and_can_be_broken() -> None:
    replayed = Project({"docs/books.asciidoc": RULES}).replay("docs")
    outcomes = replayed.outcomes
    assert outcomes.pop("param") == "skipped"
    assert outcomes == {
        case: "failed" if case.endswith(("_broken", "_success")) else "passed" for case in outcomes
    }
    assert {case: replayed.kinds(case) for case in replayed.outcomes if replayed.kinds(case)} == {
        "stash_body_broken": ["value"],
        "path_broken": ["status"],
        "deep_path_broken": ["value"],
        "any_broken": ["missing", *["surplus"] * 7],
        "missing_broken": ["status"],
        "bad_request_broken": ["status"],
        "conflict_broken": ["status"],
        "request_broken": ["status"],
        "by_reason_broken": ["status"],
        "by_reason_success": ["status"],
        "head_broken": ["status"],
        "text_broken": ["text"],
        "several_broken": ["status"],
        "no_json_broken": ["text"],
    }
    assert replayed.told.code == 1
    assert len(replayed.outcomes) == 29
    assert replayed.document["summary"]["passed_with_body"] == 6


def test_what_the_setup_of_a_page_left_in_the_stash_is_forgotten() -> None:
    text = page(
        asks(f"{BOOK}\n\nGET books/_doc/1", "// TESTSETUP"),
        asks("GET books/_doc/${body._id}", name="forgotten"),
        asks("GET books/_doc/1\n\nGET books/_doc/${body._id}", name="own"),
    )
    replayed = Project({"docs/books.asciidoc": text}).replay("docs")
    assert replayed.outcomes == {"forgotten": "failed", "own": "passed"}


THINGS = {
    "index": ("PUT books", "GET books"),
    "alias": ("PUT books/_alias/shelf", "GET _alias/shelf"),
    "template": (
        'PUT _index_template/books\n{"index_patterns": ["books-*"]}',
        "GET _index_template/books",
    ),
    "pipeline": ('PUT _ingest/pipeline/books\n{"processors": []}', "GET _ingest/pipeline/books"),
    "script": (
        'PUT _scripts/books\n{"script": {"lang": "painless", "source": "1"}}',
        "GET _scripts/books",
    ),
    "connector": ('PUT _connector/books\n{"name": "Books"}', "GET _connector/books"),
}


def test_what_one_case_makes_is_not_there_in_the_next() -> None:
    makes = [f"{make}\n\n{look}" for make, look in THINGS.values()]
    makes[1] = f"PUT books\n\n{makes[1]}"
    snippets = [
        asks(text, name=f"{thing}_{what}")
        for thing, make in zip(THINGS, makes, strict=True)
        for what, text in (("made", make), ("gone", THINGS[thing][1]))
    ]
    replayed = Project({"docs/books.asciidoc": page(*snippets)}).replay("docs")
    assert replayed.outcomes == {
        name: "passed" if name.endswith("made") else "failed" for name in replayed.outcomes
    }
    assert {finding["actual"] for finding in replayed.findings} == {404}
