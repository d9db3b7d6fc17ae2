"""Regular expressions of a page that never end: an error that says so, soon, and never "no match".

`tests/dialect/test_java_regex.py` holds one use of one pattern against its limit. Here are whole
pages: what many patterns cost together, and what becomes of the cases.
"""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from mutated_pages import LIMIT, examine
from pages import answers, asks, page
from project import Project

from specgen.files import MemoryFiles
from specgen.plan.reading import stages_of

EXPLODES = "(?:a|aa)+Q"
TEXT = "a" * 60 + "!"


def test_the_pattern_never_ends_where_nobody_looks_at_the_clock() -> None:
    """The attack at work on Python's own regular expressions."""
    program = f"import re; re.search({EXPLODES!r}, {TEXT!r})"
    with pytest.raises(subprocess.TimeoutExpired):
        subprocess.run([sys.executable, "-c", program], timeout=3, check=False)


def test_many_patterns_that_never_end_cost_no_more_than_one() -> None:
    sends = f'PUT books/_doc/1\n{{"a": "{TEXT}"}}'
    text = page(*(asks(sends, f"// TEST[s/{EXPLODES}/{n}/]") for n in range(200)))
    assert examine(text.encode(), limit=LIMIT).trouble == ""
    plan = stages_of(MemoryFiles({"page.adoc": text}), "page.adoc").plan
    assert [problem.code for problem in plan.problems] == ["bad-regex"] * 200
    assert "takes too long on this text" in plan.problems[0].message
    assert "above took too long already" in plan.problems[-1].message
    assert all("the substitution cannot be made" in case.blocked for case in plan.cases)


def test_many_that_find_nothing_are_told_in_time() -> None:
    markers = "".join(f"// TEST[s/a{number}/b/]\n" for number in range(3000))
    assert examine(page(asks("GET /", markers)).encode()).trouble == ""


def test_what_is_harmless_is_still_done_on_such_a_page() -> None:
    """Only what comes behind the pattern that takes the time is lost, each with its own error."""
    before = asks("GET red", "// TEST[s/red/green/]", name="before")
    slow = asks(f"GET {TEXT}", f"// TEST[s/{EXPLODES}/x/]", name="slow")
    stages = stages_of(MemoryFiles({"page.adoc": page(before, slow)}), "page.adoc")
    assert [bool(case.blocked) for case in stages.plan.cases] == [False, True]
    assert stages.reading.snippets[0].contents.text == "GET green\n"


CASES = {
    "response": asks(f"PUT {TEXT[:-1]}\n\nGET _cat/indices?h=index&v")
    + answers(EXPLODES, "// TESTRESPONSE[non_json]"),
    "yaml": asks(
        f'PUT books/_doc/1?refresh\n{{"t": "{TEXT}"}}\n\nGET books/_doc/1\n\n'
        f'startyaml\n  - match: {{_source.t: "/{EXPLODES}/"}}\nendyaml'
    ),
    "catch": asks(f"GET no-index-{TEXT[:-1]}", f"// TEST[catch:/{EXPLODES}/]"),
    "substitution": asks(f"GET {TEXT}", f"// TEST[s/{EXPLODES}/_cat\\/health/]"),
}


@pytest.mark.parametrize("kind", CASES)
def test_a_case_with_such_a_pattern_is_an_error(kind: str) -> None:
    project = Project({"docs/a.asciidoc": page(CASES[kind], asks("GET /", name="after"))})
    started = time.monotonic()
    replayed = project.replay("docs")
    assert time.monotonic() - started < 30
    first, after = replayed.results
    assert (first["outcome"], after["outcome"]) == ("error", "passed")
    assert "takes too long" in str(first["message"]) + str(first["findings"])


def test_the_same_patterns_are_judged_where_they_end() -> None:
    fitting = {
        kind: text.replace(EXPLODES, "a+").replace("_cat\\/health", "_cat/health")
        for kind, text in CASES.items()
        if kind != "substitution"
    }
    project = Project({"docs/a.asciidoc": page(*fitting.values())})
    outcomes = [each["outcome"] for each in project.replay("docs").results]
    assert outcomes == ["passed", "passed", "passed"]
