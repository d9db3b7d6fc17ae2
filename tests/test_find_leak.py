"""`specgen run --find-leak`: which earlier case breaks a later one.

The leak is a real one: a pipeline whose name is a wildcard, for specgen sends no wildcard
deletes.
"""

from __future__ import annotations

import pytest
from pages import answers, asks, page
from project import Project, Told

LEAKS = asks('PUT _ingest/pipeline/tide*\n{"processors": []}', name="leaks")
FINE = asks("PUT books", name="fine")
LOOKS = asks("GET _ingest/pipeline", name="looks") + answers("{}")
WRONG = asks("GET nothing", name="wrong")


def found(told: Told) -> list[str]:
    """What is told after the last line of the run."""
    lines = told.out.splitlines()
    end = next(n for n, line in enumerate(lines) if " passed" in line and line.endswith(" s"))
    return lines[end + 1 :]


def test_the_case_that_left_something_is_named_with_what_it_broke() -> None:
    project = Project({"docs/a.adoc": page(FINE, LEAKS), "docs/b.adoc": page(LOOKS, WRONG)})
    told = project.run("run", "docs", "--find-leak", "--quiet")
    assert told.code == 1
    assert found(told) == [
        "case a.adoc::leaks left pipeline tide*: it broke case b.adoc::looks",
        "fails alone too: b.adoc::wrong",
    ]


def test_without_the_option_the_leak_is_named_and_nothing_is_run_again() -> None:
    project = Project({"docs/a.adoc": page(LEAKS, FINE, LOOKS)})
    replayed = project.replay("docs")
    left = {each["case"]: each["left_behind"] for each in replayed.results}
    assert left == {"leaks": ["pipeline tide*"], "fine": [], "looks": []}
    assert replayed.outcomes["looks"] == "failed"
    assert "case a.adoc::leaks left pipeline tide*" in replayed.told.err
    assert "broke" not in replayed.told.err


def test_who_is_not_cleaned_up_after_is_found_too() -> None:
    shelf = asks("GET books", "// TEST[catch:missing]", name="shelf")
    project = Project({"docs/a.adoc": page(asks("PUT ships", name="ships"), FINE, shelf)})
    told = project.run("run", "docs", "--find-leak", "--clean", "never", "--quiet")
    assert found(told) == ["case a.adoc::fine broke case a.adoc::shelf"]


def test_where_no_case_failed_nothing_is_run_again() -> None:
    told = Project({"docs/a.adoc": page(FINE)}).run("run", "docs", "--find-leak")
    assert told.code == 0
    assert found(told) == ["no case failed, so no leak broke one"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("-n", "2"), "--find-leak needs one order of all cases"),
        (("--target", "recording:r.har"), "--find-leak needs a cluster"),
    ],
)
def test_what_cannot_tell_an_order_is_refused(options: tuple[str, ...], message: str) -> None:
    project = Project({"docs/a.adoc": page(FINE), "r.har": "{}"})
    told = project.run("run", "docs", "--find-leak", *options)
    assert told.code == 2
    assert message in told.err
