"""What `run --json` wrote is read back without any loss."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from specgen.drift.report.journal import Journal
from specgen.drift.report.results_json import results_document
from specgen.drift.report.results_reading import durations_in, read_report
from specgen.drift.values import PageCase, PageRead, RunReport, Share, Tried
from specgen.messages import Message
from specgen.plan.values import SkipKind
from specgen.render.rendered import Planned
from specgen.replay.events import CaseFinished, CaseStarted, LeftBehind, TargetLost, TargetOpened
from specgen.replay.values import CaseResult, Checks, Finding, Kind, Outcome
from specgen.target.values import TargetInfo

SCHEMAS = Path(__file__).resolve().parents[2] / "specgen/schemas"
SCHEMA = json.loads((SCHEMAS / "run.schema.json").read_text(encoding="utf-8"))

FINDING = Finding(
    kind=Kind.VALUE,
    page="a.asciidoc",
    line=9,
    column=3,
    pointer="/hits/0",
    expected={"ü\ud800": [1, 2.5, None, True, 10**30]},
    actual="x",
    message="not equal",
    labels=(("page", "1"), ("cluster", '"x"')),
    excerpt='  "hits": 1',
    width=4,
    request="GET books",
    request_line=7,
    curl='curl "$TARGET"/books',
    emulated=True,
    file="part.adoc",
    request_file="other.adoc",
    within=5.0,
)
RESULT = CaseResult(
    id="a.asciidoc::one",
    outcome=Outcome.FAILED,
    reason="why",
    duration_s=0.1234,
    message="not equal",
    checks=Checks(1, 2, 3, 4, 7),
    findings=(FINDING,),
    emulated=True,
    left=("pipeline p",),
    waited_s=0.25,
)
TRIED = Tried(SkipKind.RESPONSE, "part.adoc", 9, 3, "too long", Outcome.FAILED, "not equal")
UNREAD = Message(
    "part.adoc", 3, 4, "error", "bad-option", "no", "// TEST[x]", 2, (), (("help", "y"),)
)
FULL = RunReport(
    pages=(PageRead("a.asciidoc", (UNREAD,)), PageRead("b.asciidoc")),
    cases=(
        PageCase(
            Planned(RESULT.id, "line_7", "a.asciidoc", "part.adoc", 7, True, True, (3, 9)),
            RESULT,
            (TRIED,),
        ),
        PageCase(
            Planned("b.asciidoc::two", "two", "b.asciidoc", "b.asciidoc", 1),
            CaseResult("b.asciidoc::two", Outcome.ERROR, "lost", 0.0, "lost", Checks(), ()),
        ),
    ),
    wanted="embedded",
    target=TargetInfo("embedded", "http://x", "es", "8", "noida", True, True, ("c APIs",), True),
    lost=TargetLost("gone", "help", 4),
    unreadable=(("c.asciidoc", "no such page"),),
    interrupted=True,
    duration_s=1.234,
    crashed="(signal 9)\n",
    share=Share((1, 3), 4, "0123456789abcdef"),
    rerun=True,
)
PLAIN = RunReport((), (), "http://127.0.0.1:1", None, None, (), False, 0.0)
REPORTS = pytest.mark.parametrize("report", [FULL, PLAIN], ids=["full", "plain"])


def unset(value: Any) -> list[str]:
    """The fields that hold what they hold by default, so that losing them would not be seen."""
    return [each.name for each in fields(value) if getattr(value, each.name) == each.default]


@REPORTS
def test_a_report_that_is_read_back_is_the_same(report: RunReport) -> None:
    document = results_document(report)
    jsonschema.validate(document, SCHEMA, jsonschema.Draft202012Validator)
    assert read_report(json.dumps(document, indent=1)) == report
    assert read_report(json.dumps(document)) == report


def test_no_field_is_left_out_of_that() -> None:
    assert FULL.target is not None
    values = (FULL, FULL.target, FULL.cases[0].case, RESULT, RESULT.checks, FINDING, TRIED)
    assert [unset(each) for each in values] == [[]] * len(values)
    assert unset(UNREAD) == ["labels"]  # a problem of a page has no two sides


@pytest.mark.parametrize("text", ["", "\n", "{}", "[]", "null", "{}\n{}\n", '{"schema": 2}', "x"])
def test_what_is_no_result(text: str) -> None:
    with pytest.raises(ValueError, match=r"^(no )?results of|Expecting value"):
        read_report(text)


def test_durations_are_those_of_judged_cases() -> None:
    assert durations_in(json.dumps(results_document(FULL))) == {RESULT.id: 0.1234}


PLANNED = replace(
    FULL,
    target=None,
    cases=tuple(
        PageCase(each.case, CaseResult(each.case.id, Outcome.ERROR, "?", 0.0, "?", Checks(), ()))
        for each in FULL.cases
    ),
)


def journal(path: Path) -> Path:
    assert FULL.target is not None
    with Journal(path, PLANNED) as kept:
        kept.take(TargetOpened(FULL.target, 0.1))
        kept.take(CaseStarted(RESULT.id))
        kept.take(CaseFinished(RESULT))
        kept.take(CaseFinished(replace(RESULT, id="nobody planned this")))
        kept.take(LeftBehind(RESULT.id, ("index i",)))
    return path


def test_a_journal_tells_what_a_run_came_to(tmp_path: Path) -> None:
    text = journal(tmp_path / "new/r.json.part").read_text(encoding="utf-8")
    first = replace(RESULT, left=("pipeline p", "index i"))
    cases = (replace(PLANNED.cases[0], result=first), PLANNED.cases[1])
    assert read_report(text) == replace(PLANNED, target=FULL.target, cases=cases)
    # The line that was being written when everything ended tells nothing.
    assert read_report(text[:-20]).cases[0] == replace(PLANNED.cases[0], result=RESULT)


def test_a_journal_goes_when_it_is_not_needed(tmp_path: Path) -> None:
    path = tmp_path / "r.json.part"
    with Journal(path, PLANNED) as kept:
        assert path.exists()
        kept.take(CaseFinished(RESULT))
        kept.saved = True
    assert not path.exists()
    with Journal(path, PLANNED):
        assert path.exists()
    assert not path.exists()


@pytest.mark.parametrize("path", ["/dev/full", "/dev/null/no-folder"])
def test_a_journal_that_cannot_be_written_stops_nothing(path: str, tmp_path: Path) -> None:
    link = tmp_path / "r.json.part"
    if path == "/dev/full":
        link.symlink_to(path)
    assert journal(link if path == "/dev/full" else Path(path)).name
