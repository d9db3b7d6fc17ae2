"""What a case asks of its target, and what a target without it comes to."""

from __future__ import annotations

import pytest
from pages import answers, asks, page
from project import Loopback, Project, Reply, Seen

from specgen.replay.requirements import unmet
from specgen.replay.status import has_api
from specgen.target.values import Answer, TargetInfo

NONE: frozenset[str] = frozenset()


def about(version: str, distribution: str = "elasticsearch") -> TargetInfo:
    return TargetInfo("there", "http://there", distribution, version, "", False, False, (), False)


@pytest.mark.parametrize(
    ("version", "requirement", "met"),
    [
        ("8.15.3", "version>=8.12", True),
        ("8.12.0", "version>=8.12", True),
        ("8.12", "version>=8.12.0", True),
        ("8.9.3", "version>=8.12", False),
        ("8.12.1", "version>8.12", True),
        ("8.12.0", "version>8.12", False),
        ("8.15.3-SNAPSHOT", "version==8.15.3", True),
        ("8.15.3", "version==8.15", False),
        ("10.0.0", "version<9", False),
        ("9.0.0", "version<=9", True),
        ("9.0.1", "version<=9", False),
        ("", "version>=1", False),
        ("8.15.3", "distribution=elasticsearch", True),
        ("8.15.3", "distribution=Elasticsearch", True),
        ("8.15.3", "distribution=opensearch", False),
        ("8.15.3", "api=_connector", True),
        ("8.15.3", "api=/_connector/", True),
        ("8.15.3", "api=_security", False),
        ("8.15.3", "mood=good", False),
    ],
)
def test_one_requirement(version: str, requirement: str, met: bool) -> None:
    why = unmet((requirement,), about(version), {"_connector"}.__contains__)
    told = f"not applicable to elasticsearch {version}: requires {requirement}"
    assert why == ("" if met else told)


def test_all_must_hold_and_the_first_that_does_not_is_told() -> None:
    asked = ("version>=8", "api=_a", "api=_b")
    why = unmet(asked, about("8.15.3"), {"_b"}.__contains__)
    assert why.endswith("requires api=_a")
    assert unmet((), about("8.15.3"), NONE.__contains__) == ""


@pytest.mark.parametrize(
    ("status", "error", "has"),
    [
        (200, "{}", True),
        (404, '{"error": {"type": "resource_not_found_exception"}}', True),
        (403, '{"error": {"type": "security_exception"}}', True),
        (405, '{"error": "Incorrect HTTP method for uri [/_bulk] and method [GET]"}', True),
        (400, '{"error": "no handler found for uri [/_x/y] and method [GET]"}', False),
        (400, '{"error": {"type": "invalid_index_name_exception"}}', False),
        (410, '{"error": "not available when running in serverless mode"}', False),
    ],
)
def test_whether_an_api_is_there(status: int, error: str, has: bool) -> None:
    assert has_api(Answer(status, (), error.encode())) is has


def test_an_api_is_asked_for_once_and_what_needs_it_is_skipped() -> None:
    asked: list[str] = []

    def answer(seen: Seen) -> Reply:
        asked.append(seen.path)
        if seen.path == "/":
            return Reply(body=b'{"version": {"number": "8.15.3"}}')
        if seen.path == "/_gulls":
            return Reply(400, b'{"error": "no handler found for uri [/_gulls] and method [GET]"}')
        return Reply(body=b"{}")

    text = page(
        asks("PUT nest", "// TESTSETUP"),
        asks("GET one", "// SPECGEN[requires:api=_gulls]"),
        answers('{"wrong": true}'),
        asks("GET two", "// SPECGEN[requires:version>=8 api=_gulls]"),
        asks("GET three", "// SPECGEN[requires:api=_terns]"),
        asks("GET four", "// SPECGEN[requires:version<8]"),
    )
    with Loopback(answer) as server:
        project = Project({"docs/birds.adoc": text})
        replayed = project.replay("docs", "--target", server.url, "--disposable", "--clean=never")
    outcomes = list(replayed.outcomes.values())
    assert outcomes == ["skipped", "skipped", "passed", "skipped"]
    assert (asked.count("/_gulls"), asked.count("/_terns")) == (1, 1)
    assert asked.count("/nest") == asked.count("/three") == 1
    assert {"/one", "/two", "/four"}.isdisjoint(asked)
    reasons = [each["reason"] for each in replayed.results if each["outcome"] == "skipped"]
    told = "not applicable to elasticsearch 8.15.3: requires "
    assert reasons == [f"{told}api=_gulls", f"{told}api=_gulls", f"{told}version<8"]
    assert replayed.told.code == 0


@pytest.mark.parametrize(
    "reply", [Reply(200, b'{"cut": '), Reply(hang_up=True)], ids=["cut", "hung up"]
)
def test_what_nobody_could_find_out_is_an_error_and_no_skip(reply: Reply) -> None:
    def answer(seen: Seen) -> Reply:
        if seen.path == "/_gulls":
            return reply
        return Reply(body=b'{"version": {"number": "8.15.3"}}')

    text = page(asks("GET one", "// SPECGEN[requires:api=_gulls]"))
    with Loopback(answer) as server:
        project = Project({"docs/birds.adoc": text})
        replayed = project.replay("docs", "--target", server.url, "--disposable", "--clean=never")
    (result,) = replayed.results
    assert result["outcome"] == "error"
    assert result["findings"][0]["kind"] == "target"
    assert result["findings"][0]["shown"]["request"] == "GET _gulls"
    assert replayed.told.code != 0
