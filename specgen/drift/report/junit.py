"""`specgen run --junit`: the verdicts in the form that CI servers read."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterator

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from specgen.drift.values import PageCase, RunReport
from specgen.messages import plain, xml_text
from specgen.replay.telling import findings_text
from specgen.replay.values import CaseResult, Outcome

__all__ = ["junit_text"]


class _Document(JUnitXml):
    # The schema that CI servers publish has this number for a suite, and not for all of them.
    skipped = 0


def junit_text(report: RunReport) -> str:
    """An XML document of one suite a page, one test case a case."""
    pages: dict[str, list[PageCase]] = defaultdict(list)
    for each in report.cases:
        pages[each.case.page].append(each)
    document = _Document("specgen")
    for page, cases in pages.items():
        suite = TestSuite(xml_text(page))
        suite.add_testcases([_case(each) for each in cases])
        document.add_testsuite(suite)
    document.update_statistics()  # type: ignore[no-untyped-call]
    written = io.BytesIO()
    document.write(written, pretty=True)
    return written.getvalue().decode("utf-8")


def _case(each: PageCase) -> TestCase:
    case, result = each.case, each.result
    test = TestCase(xml_text(case.slug), classname=xml_text(case.page), time=result.duration_s)
    text = xml_text(plain(findings_text(result.findings)) or result.message)
    message = xml_text(result.message)
    if result.outcome is Outcome.FAILED:
        test.result = [_with_text(Failure(message), text)]
    elif result.outcome is Outcome.ERROR:
        test.result = [_with_text(Error(message), text)]
    elif result.outcome is Outcome.SKIPPED:
        test.result = [Skipped(xml_text(result.reason))]
    elif evidence := ", ".join(_weak_evidence(result)):
        test.system_out = f"passed, but {evidence}"
    return test


def _weak_evidence(result: CaseResult) -> Iterator[str]:
    """Why a case that passed says less than others; nothing if it does not."""
    if result.checks.body == 0:
        by_shape = "of its responses only the shape was checked"
        yield by_shape if result.checks.shape else "only statuses were checked"
    if result.checks.lenient:
        yield "a response was compared in part"
    if result.emulated:
        yield "specgen itself emulated an API"


def _with_text(entry: Failure | Error, text: str) -> Failure | Error:
    entry.text = text
    return entry
