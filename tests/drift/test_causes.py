"""Red cases are told by what they have in common, each by one thing, and by the same next time."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise

import pytest
from pages import answers, asks, page
from project import Project
from reports import report_of

from specgen.drift.causes import drift_of
from specgen.drift.causes.pointers import pointer_pattern
from specgen.drift.causes.reasons import api_of, general
from specgen.drift.report.results_reading import read_report
from specgen.drift.values import Cause, Drift
from specgen.replay.findings import Exchange, request_finding, status_finding
from specgen.replay.status import error_reason
from specgen.replay.values import Awaited, CaseResult, Checks, Finding, Kind, Outcome
from specgen.target.values import Answer

INDEX = 'PUT books/_doc/1?refresh\n{"title": "Emma", "year": 1815}'
SOURCE = "GET books/_source/1"
WRONG = 'GET books/_search\n{"query": {"resembles": {"title": "Emma"}}}'


def drift(files: dict[str, str], *options: str) -> Drift:
    """What a run of pages on the embedded engine comes to."""
    told = Project(files).run("run", "docs", *options, "--json", "-")
    return drift_of(read_report(told.out))


def result(id: str, *findings: Finding, reason: str = "") -> CaseResult:
    outcome = Outcome.ERROR if reason else Outcome.FAILED
    return CaseResult(id, outcome, reason, 0.0, "", Checks(), findings)


def body(kind: Kind, pointer: str, request: str = "GET books/_search", line: int = 9) -> Finding:
    """A difference of a body, as a comparison makes it."""
    found = request_finding(kind, Exchange("a", line, request, ""), f"{pointer} differs")
    return replace(found, pointer=pointer, labels=(("page", "integer 1"), ("cluster", "nothing")))


def refused(reason: str, kind: Kind = Kind.STATUS, status: int = 400, line: int = 9) -> Finding:
    """A request that ends with an error."""
    error = f'{{"error": {{"type": "strange_exception", "reason": "{reason}"}}}}'
    answer = Answer(status, (), error.encode())
    exchange = Exchange("a", line, "PUT books/_doc/1", "")
    message = f"expected success, the cluster answered {status}{error_reason(answer)}"
    return status_finding(kind, exchange, message, Awaited(), answer)


def causes(*results: CaseResult) -> dict[str, tuple[str, ...]]:
    return {cause.id: cause.cases for cause in drift_of(report_of(*results)).causes}


def told(*findings: Finding, reason: str = "") -> Cause:
    (cause,) = drift_of(report_of(result("a::one", *findings, reason=reason))).causes
    return cause


# --- real runs ------------------------------------------------------------------------------


def test_the_same_field_is_one_cause_on_all_pages() -> None:
    shown = answers('{"title": "Emma"}')
    asked = asks(SOURCE, "// TEST[continued]")
    pages = {
        f"docs/{name}.asciidoc": page(asks(INDEX, name=f"{name}1"), asked, shown)
        for name in ("a", "b", "c")
    }
    pages["docs/d.asciidoc"] = page(
        asks(INDEX, name="d1"), asked, answers('{"title": "Emma", "year": "1815"}')
    )
    found = drift(pages)
    assert {cause.id: cause.cases for cause in found.causes} == {
        "surplus-year": ("a.asciidoc::a1", "b.asciidoc::b1", "c.asciidoc::c1"),
        "type-year": ("d.asciidoc::d1",),
    }
    surplus = found.causes[0]
    assert surplus.kind is Kind.SURPLUS
    assert surplus.title == "`/year` is in the response, and not in the page"
    assert [found.findings[index].case for index in surplus.findings] == list(surplus.cases)


def test_a_page_setup_that_fails_is_one_cause_for_its_cases() -> None:
    setup = asks("PUT books/_doc/1?version=7\n{}", "// TESTSETUP")
    pages = {
        "docs/a.asciidoc": page(setup, asks("GET books", name="a"), asks("GET books/_count")),
        "docs/b.asciidoc": page(setup, asks("GET books", name="b")),
    }
    found = drift(pages)
    assert [len(cause.cases) for cause in found.causes] == [2, 1]
    first, second = found.causes
    assert first.id.startswith("setup-a-")
    assert second.id.startswith("setup-b-")
    assert first.title.startswith("the setup of a.asciidoc fails: the cluster answers 400: ")


def test_a_named_setup_that_fails_is_one_cause_on_all_pages() -> None:
    marker = "// TEST[setup:library]"
    pages = {
        "docs/a.asciidoc": page(asks("GET books", marker, "a"), asks("GET books/_count", marker)),
        "docs/b.asciidoc": page(asks("GET books", marker, "b")),
        "setups/library.console": "PUT books/_doc/1?version=7\n{}\n",
    }
    (cause,) = drift(pages, "--setups", "setups").causes
    assert cause.cases == ("a.asciidoc::a", "a.asciidoc::a_2", "b.asciidoc::b")
    assert cause.kind is Kind.SETUP
    assert cause.title.startswith("the setup 'library' fails: ")


def test_a_chain_is_told_by_its_first_step_that_fails() -> None:
    chain = page(
        asks(INDEX, name="chain"),
        asks(WRONG, "// TEST[continued]"),
        asks("GET nowhere/_search", "// TEST[continued]"),
    )
    (cause,) = drift({"docs/a.asciidoc": chain}).causes
    assert cause.cases == ("a.asciidoc::chain",)
    assert len(cause.findings) == 1
    assert cause.id == "query-unknown-resembles"


def test_a_run_without_red_cases_has_no_cause() -> None:
    found = drift({"docs/a.asciidoc": page(asks(INDEX), asks("GET _cat/nodes"))})
    assert (found.causes, found.findings) == ((), ())
    assert found.report.cases


# --- what decides ---------------------------------------------------------------------------


def test_names_numbers_and_values_make_no_difference() -> None:
    assert causes(
        result("a::one", refused("shelf [red] holds 12 books of 'Emma'")),
        result("a::two", refused("shelf [blue/a] holds 7 books of 'Persuasion'")),
        result("a::three", refused("shelf [red] is full")),
    ) == {
        "error-400-strange_exception-shelf-holds-books-of": ("a::one", "a::two"),
        "error-400-strange_exception-shelf-is-full": ("a::three",),
    }


def test_a_title_is_in_the_words_of_the_cluster_where_they_are_the_same() -> None:
    one = refused("shelf [red] is full")
    assert told(one).title == "the cluster answers 400: strange_exception: shelf [red] is full"
    both = drift_of(report_of(result("a::1", one), result("a::2", refused("shelf [b] is full"))))
    assert both.causes[0].title == "the cluster answers 400: strange_exception: shelf … is full"


def test_another_status_is_another_cause() -> None:
    found = causes(result("a::one", refused("no")), result("a::two", refused("no", status=500)))
    assert len(found) == 2


def test_of_one_body_what_no_known_cause_explains_is_more_telling() -> None:
    type_, year = body(Kind.MISSING, "/_type"), body(Kind.MISSING, "/year")
    assert told(type_, year).id == "missing-year"
    assert told(type_, body(Kind.SURPLUS, "/_seq_no")).id == "type-in-response"
    assert told(body(Kind.SURPLUS, "/_seq_no"), type_).id == "type-in-response"


def test_what_ended_a_case_decides_and_not_what_its_teardown_found() -> None:
    ended, later = body(Kind.VALUE, "/year"), refused("cannot delete", Kind.SETUP, line=30)
    cause = told(ended, later)
    assert (cause.id, len(cause.findings)) == ("value-year", 2)


def test_a_warning_that_no_page_tells_of_decides_nothing_beside_a_difference() -> None:
    warning = request_finding(Kind.WARNING, Exchange("a", 3, "GET books", ""), "old", None, "old")
    assert told(warning, body(Kind.VALUE, "/year")).id == "value-year"


def test_the_text_of_an_api_is_told_by_the_api() -> None:
    nodes = request_finding(Kind.TEXT, Exchange("a", 3, "GET _cat/nodes?v", ""), "not found")
    health = replace(nodes, request="GET _cat/health?v")
    again = replace(nodes, page="b", request="GET _cat/nodes?v&h=name")
    found = causes(result("a::1", nodes), result("b::1", again), result("a::2", health))
    assert found == {
        "text-get-_cat-nodes": ("a::1", "b::1"),
        "text-get-_cat-health": ("a::2",),
    }


def test_two_analyzers_that_differ_are_one_cause_whatever_they_are_called() -> None:
    def differ(name: str) -> Finding:
        exchange = Exchange("a", 3, f"compare {name} with my_{name}", "")
        return request_finding(Kind.VALUE, exchange, f"the analyzers {name} and my_{name} differ")

    assert causes(result("a::1", differ("thai")), result("a::2", differ("czech"))) == {
        "analyzers-differ": ("a::1", "a::2")
    }


@pytest.mark.parametrize(
    ("reason", "id"),
    [
        ("setup 'sales': the setup failed: no", "setup-sales-error-400-strange_exception-no"),
        ("the setup failed: no", "setup-a-error-400-strange_exception-no"),
        ("teardown: no", "error-400-strange_exception-no"),
    ],
)
def test_a_setup_is_no_cause_of_cases_that_do_not_use_it(reason: str, id: str) -> None:
    assert told(refused("no", Kind.SETUP), reason=reason).id == id


def test_an_error_without_findings_is_told_by_its_reason() -> None:
    cause = told(reason="specgen failed (ValueError): cannot read 'a' in line 7")
    assert cause.id == "error-specgen-failed-cannot-read-in-line"
    assert (cause.kind, cause.findings) == (Kind.SETUP, ())
    assert told(reason="").id


def test_an_answer_where_an_error_is_documented_is_told_by_both() -> None:
    answer = Answer(201, (), b"{}")
    exchange = Exchange("a", 3, "PUT books/_doc/1", "")
    finding = status_finding(Kind.STATUS, exchange, "no error", Awaited("conflict"), answer)
    assert told(finding).id == "expected-409-conflict-got-201"


# --- every case has one cause, and the same next time ---------------------------------------


def many(seed: int) -> list[CaseResult]:
    """Results of all sorts, with findings of all sorts."""
    dice = random.Random(seed)
    results = []
    for number in range(120):
        findings = [
            dice.choice(
                [
                    body(
                        dice.choice([*Kind]),
                        f"/hits/hits/{dice.randint(0, 9)}/{dice.choice('abc')}",
                    ),
                    refused(f"{dice.choice('xyz')} [{dice.random()}]", dice.choice([*Kind])),
                ]
            )
            for _ in range(dice.randint(0, 3))
        ]
        reason = dice.choice(["", "", "setup 'sales': no", "not run: interrupted"])
        results.append(result(f"p{number % 7}::c{number}", *findings, reason=reason))
    return results


@pytest.mark.parametrize("seed", range(5))
def test_each_red_case_has_exactly_one_cause_and_each_finding_too(seed: int) -> None:
    results = many(seed)
    found = drift_of(report_of(*results))
    cases = [case for cause in found.causes for case in cause.cases]
    assert sorted(cases) == sorted(each.id for each in results)
    held = sorted(index for cause in found.causes for index in cause.findings)
    assert held == list(range(len(found.findings)))
    ids = [cause.id for cause in found.causes]
    assert len(ids) == len(set(ids))
    assert all(id.replace("-", "").replace("_", "").isalnum() for id in ids)
    sizes = [len(cause.cases) for cause in found.causes]
    assert all(one >= other for one, other in pairwise(sizes))


@pytest.mark.parametrize("seed", range(5))
def test_neither_lines_nor_the_order_or_number_of_cases_change_a_cause(seed: int) -> None:
    results = many(seed)
    before = {case: id for id, cases in causes(*results).items() for case in cases}
    moved = [
        replace(
            each,
            findings=tuple(
                replace(f, line=f.line + 3, request_line=f.request_line + 3) for f in each.findings
            ),
        )
        for each in random.Random(seed).sample(results, len(results))
    ]
    assert before == {case: id for id, cases in causes(*moved).items() for case in cases}
    for each in results[::10]:
        assert causes(each) == {before[each.id]: (each.id,)}


def test_ids_are_the_same_on_a_page_with_another_line_on_top() -> None:
    text = page(asks(INDEX, name="a"), asks(SOURCE, "// TEST[continued]"), answers("{}"))
    text += asks(WRONG, name="b") + asks("GET _no_such_api", name="c")
    ids = [cause.id for cause in drift({"docs/a.asciidoc": text}).causes]
    longer = text.replace("What books do.", "What books do.\n\nAnd more.")
    assert ids == [cause.id for cause in drift({"docs/a.asciidoc": longer}).causes]
    assert len(ids) == 3


def test_causes_with_the_same_words_are_told_apart() -> None:
    found = causes(
        result("a::one", body(Kind.VALUE, "/a-b")), result("a::two", body(Kind.VALUE, "/a/b"))
    )
    assert [id[: len("value-a-b-")] for id in found] == ["value-a-b-", "value-a-b-"]


# --- pointers and reasons -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pointer", "request_", "pattern"),
    [
        ("", "GET books", ""),
        ("/hits/hits/12/_type", "GET books/_search", "/hits/hits/*/_type"),
        ("/books/mappings", "GET books", "/*/mappings"),
        ("/acknowledged", "PUT acknowledged", "/acknowledged"),
        ("/aggregations/per_year/buckets/0/mean/value", "GET _search", None),
        ("/nodes/z00yV6HTTu2yqaIARMnPfw/os", "GET _nodes", "/nodes/*/os"),
        ("/nodes/some_node/os", "GET _nodes", "/nodes/*/os"),
        ("/hits/hits/0/_source/title/0", "GET _search", "/hits/hits/*/_source/**"),
        ("/books/shards/0/type", "GET _recovery", "/*/shards/*/type"),
        ("/docs/0/doc/_id", "POST _ingest/pipeline/_simulate", "/docs/*/doc/_id"),
        ("/_all/primaries", "GET _stats", "/_all/primaries"),
    ],
)
def test_the_pattern_of_a_pointer(pointer: str, request_: str, pattern: str | None) -> None:
    expected = "/aggregations/*/buckets/*/*/value" if pattern is None else pattern
    assert pointer_pattern(pointer, request_) == expected


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("a: no [x] in [y[z]]", "a: no … in …"),
        ('cannot read "a b" at 3:7', "cannot read … at …"),
        ("no /etc/x here, {a=[1], b={}}", "no … here, …"),
        ("one, two [3], [4]", "one, two …"),
        ("[" * 50_000, "[" * 600),
        ("'" * 50_001, "…"),
    ],
)
def test_a_reason_without_its_names(reason: str, expected: str) -> None:
    assert general(reason) == expected


@pytest.mark.parametrize(
    ("request_", "api"),
    [
        ("GET ", "GET /"),
        ("GET books/_doc/1?refresh", "GET …/_doc/…"),
        ("GET _cat/nodes?v", "GET _cat/nodes"),
        ("PUT _ingest/pipeline/mine", "PUT _ingest/pipeline/…"),
    ],
)
def test_the_api_of_a_request(request_: str, api: str) -> None:
    assert api_of(request_) == api
