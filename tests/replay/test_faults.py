"""What a proxy between specgen and the engine can do, and that none of it makes a page true.

Each case of many pages is harmed in one request that no other case sends, now in this way, now
in that. A case whose answer was harmed is an `error`; every other one keeps the verdict that it
has without harm. The engine stands behind `Front`, which sends `X-Opaque-Id` back as Elasticsearch
and OpenSearch do; what cannot be told without that is told at the end.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import faulty_proxy as faults
import pytest
from faulty_proxy import Asked, FaultyProxy, Harm
from pages import answers, asks, page
from project import ROOT, SHARED, Project, Replayed

from specgen.errors import TargetUnreachable
from specgen.target.nodes.front import Front
from specgen.target.opening import TargetSettings, open_target
from specgen.target.sender import Sender
from specgen.target.url import UrlTarget
from specgen.target.values import Call

CORPUS = SHARED / "corpus/es2018"
# One in so many of the corpus pages whose cases are all true on the engine.
EVERY = 3

HARMS: tuple[Harm, ...] = (
    faults.bare_200,
    faults.empty_json,
    faults.emptied,
    faults.emptied_gzip,
    faults.cut,
    faults.cut_by_reset,
    faults.cut_chunks,
    faults.cut_gzip,
    faults.unframed,
    faults.shortened,
    faults.not_json,
    faults.repeated,
    faults.of_another,
    faults.of_nobody,
)
# These leave a text that is framed as if it were whole.
HARMLESS_TO_TEXT = frozenset({faults.emptied, faults.unframed, faults.shortened, faults.not_json})
# These are whole answers, only not to this request.
SWAPS = frozenset({faults.repeated, faults.of_another, faults.of_nobody})

Plan = Mapping[Asked, tuple[Harm, str]]
"""Which request is harmed, how, and whose it is."""


@dataclass(frozen=True)
class Control:
    """What is without harm: the results, and the requests that only one case sends.

    Attributes:
        text: The requests that are answered by a text that is no JSON.
    """

    replayed: Replayed
    own: Mapping[str, tuple[Asked, ...]]
    text: frozenset[Asked]

    @property
    def outcomes(self) -> dict[str, str]:
        return outcomes_of(self.replayed)

    def plan(self, turn: int, harms: tuple[Harm, ...] = HARMS) -> Plan:
        """One request of each case; another one and another harm each turn."""
        cases = enumerate(sorted(self.own.items()))
        planned = {
            own[-1 - turn % len(own)]: (harms[(number + 5 * turn) % len(harms)], case)
            for number, (case, own) in cases
        }
        return {
            asked: (harm, case)
            for asked, (harm, case) in planned.items()
            if not (asked in self.text and harm in HARMLESS_TO_TEXT)
        }


def outcomes_of(replayed: Replayed) -> dict[str, str]:
    return {each["id"]: each["outcome"] for each in replayed.results}


def run(project: Project, url: str, *options: str) -> Replayed:
    setups = ("--setups", str(CORPUS / "setups.json")) if CORPUS.is_dir() else ()
    return project.replay("docs", "--target", url, "--disposable", *setups, *options)


def harmed_run(project: Project, proxy: FaultyProxy, plan: Plan) -> tuple[Replayed, set[str]]:
    """A run in which the proxy does what is planned, and the cases that it really harmed."""
    proxy.harm = lambda asked: plan[asked][0] if asked in plan else None
    replayed = run(project, proxy.url)
    return replayed, {plan[kept.asked][1] for kept in proxy.seen if kept.harmed}


@pytest.fixture(scope="module")
def front() -> Iterator[Front]:
    with Front() as front:
        yield front


@pytest.fixture
def proxy(front: Front) -> Iterator[FaultyProxy]:
    with FaultyProxy(front.url) as proxy:
        yield proxy
    with target_at(front.url) as target:  # a run that was ended early has not cleaned
        target.send(Call("DELETE", "shelf"))


def target_at(url: str, timeout: float = 5.0) -> UrlTarget:
    target = open_target(TargetSettings(url, disposable=True, timeout=timeout))
    assert isinstance(target, UrlTarget)
    return target


@pytest.fixture(scope="module")
def project() -> Project:
    return Project({**own_pages(), **corpus_pages()})


def own_pages() -> dict[str, bytes]:
    folder = ROOT / "specs"
    found = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.asciidoc")}
    return {f"docs/specs/{path.as_posix()}": text for path, text in found.items()}


def corpus_pages() -> dict[str, bytes]:
    if not CORPUS.is_dir():
        return {}
    verdicts = json.loads((CORPUS / "verdicts-noida-db-0.2.3.json").read_text("utf-8"))
    by_page: dict[str, set[str]] = {}
    for case, (verdict, _) in sorted(verdicts.items()):
        by_page.setdefault(case.rpartition("/")[0], set()).add(verdict)
    true = [name for name, found in by_page.items() if found == {"pass"}][::EVERY]
    return {
        f"docs/{name}.asciidoc": (CORPUS / f"docs/{name}.asciidoc").read_bytes() for name in true
    }


@pytest.fixture(scope="module")
def control(front: Front, project: Project) -> Control:
    with FaultyProxy(front.url) as proxy:
        replayed = run(project, proxy.url, "--record", "r.har")
    sent = recorded(project.path / "r.har")
    times = Counter(asked for _, asked, _ in sent)
    own: dict[str, tuple[Asked, ...]] = {}
    for case, asked, _ in sent:
        if times[asked] == 1 and case:
            own[case] = (*own.get(case, ()), asked)
    text = frozenset(asked for _, asked, kind in sent if kind.startswith("text/"))
    return Control(replayed, own, text)


def recorded(har: Path) -> list[tuple[str, Asked, str]]:
    """The case, the request and the kind of answer of each exchange; no case where cleaning."""
    found = []
    for entry in json.loads(har.read_text("utf-8"))["log"]["entries"]:
        notes, request = entry["_specgen"], entry["request"]
        case = notes["case"] if notes["part"] == "case" else ""
        path = request["url"].removeprefix(notes["base"])
        body = request.get("postData", {}).get("text", "").encode()
        kind = entry["response"]["content"]["mimeType"]
        found.append((case, Asked(request["method"], path, body), kind))
    return found


def test_a_proxy_that_does_no_harm_changes_no_verdict(
    front: Front, project: Project, control: Control
) -> None:
    assert outcomes_of(run(project, front.url)) == control.outcomes
    assert set(control.outcomes.values()) <= {"passed", "skipped"}
    passed = sum(outcome == "passed" for outcome in control.outcomes.values())
    assert passed >= (90 if CORPUS.is_dir() else 30)
    assert len(control.own) > 0.8 * passed


def test_a_proxy_that_is_slow_or_says_more_changes_no_verdict(
    project: Project, proxy: FaultyProxy, control: Control
) -> None:
    plan = control.plan(0, (faults.slow, faults.followed))
    replayed, touched = harmed_run(project, proxy, plan)
    assert outcomes_of(replayed) == control.outcomes
    assert len(touched) > 0.9 * len(control.own)


@pytest.mark.parametrize("turn", range(2))
def test_no_case_with_a_harmed_answer_passes_and_no_other_is_touched(
    project: Project, proxy: FaultyProxy, control: Control, turn: int
) -> None:
    plan = control.plan(turn)
    replayed, harmed = harmed_run(project, proxy, plan)
    assert len(harmed) > 0.8 * len(control.own)
    how = {case: harm.__name__ for harm, case in plan.values()}
    found = outcomes_of(replayed)
    wrong = {
        (case, how.get(case)): found[case]
        for case, outcome in control.outcomes.items()
        if found[case] != ("error" if case in harmed else outcome)
    }
    assert wrong == {}


def test_without_ids_only_a_page_that_shows_no_answer_takes_a_whole_one_of_another_request(
    project: Project,
    proxy: FaultyProxy,
    control: Control,
    record_property: Callable[[str, object], None],
) -> None:
    proxy.strips_ids = True
    by_case = {case: harm for harm, case in control.plan(0).values()}
    plan = {
        asked: (by_case[case], case)
        for case, own in control.own.items()
        if case in by_case
        for asked in own
        if not (asked in control.text and by_case[case] in HARMLESS_TO_TEXT)
    }
    replayed, harmed = harmed_run(project, proxy, plan)
    passed = {each["id"] for each in replayed.results if each["outcome"] == "passed"} & harmed
    shows = {each["id"] for each in control.replayed.results if each["checks"]["body"]}
    heads = {case for case, own in control.own.items() if {a.method for a in own} == {"HEAD"}}
    untold = {case for case in harmed - shows if by_case[case] in SWAPS}
    assert passed <= untold | heads
    assert passed & untold  # if there were none, nothing would be gained by ids
    record_property("cannot be told without X-Opaque-Id", f"{len(passed)} of {len(harmed)}")


def hit(method: str, path: str, harm: Harm, times: int = 99) -> Callable[[Asked], Harm | None]:
    """Harms the first answers to one request; parameters and body do not matter."""
    left = iter([harm] * times)

    def choose(asked: Asked) -> Harm | None:
        fits = (asked.method, asked.path.partition("?")[0]) == (method, path)
        return next(left, None) if fits else None

    return choose


def told(proxy: FaultyProxy, text: str, *options: str) -> Replayed:
    project = Project({"docs/books.asciidoc": text})
    return project.replay("docs", "--target", proxy.url, "--disposable", *options)


SILENT = [faults.reset, faults.hung_up, faults.late]


@pytest.mark.parametrize("harm", SILENT)
def test_what_writes_reaches_the_engine_once_whatever_comes_back(
    proxy: FaultyProxy, harm: Harm
) -> None:
    proxy.harm = lambda asked: harm if asked.path.startswith("/shelf") else None
    with target_at(proxy.url, timeout=0.6) as target:
        for method, path in WRITES:
            with pytest.raises(TargetUnreachable):
                target.send(Call(method, path, (), b"{}"))
            assert proxy.reached(method, f"/{path}") == 1


WRITES = [("PUT", "shelf/_doc/1"), ("POST", "shelf/_doc"), ("DELETE", "shelf")]


@pytest.mark.parametrize("harm", [faults.reset, faults.late])
def test_a_run_ends_where_nobody_knows_what_became_of_a_request(
    proxy: FaultyProxy, harm: Harm
) -> None:
    proxy.harm = hit("POST", "/shelf/_doc", harm)
    text = page(asks("POST shelf/_doc\n{}", name="a"), asks("GET _cat/indices", name="b"))
    assert told(proxy, text, "--timeout", "0.6").outcomes == {"a": "error", "b": "error"}
    assert proxy.reached("POST", "/shelf/_doc") == 1


def test_what_never_reached_the_engine_is_no_success(proxy: FaultyProxy) -> None:
    proxy.keeps_out = lambda asked: asked.method == "POST"
    assert told(proxy, page(asks("POST shelf/_doc\n{}", name="a"))).outcomes == {"a": "error"}
    assert [kept.asked.method for kept in proxy.seen].count("POST") == 1


@pytest.mark.parametrize("harm", [faults.reset, faults.hung_up])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_only_reads_is_asked_again_when_no_answer_came(
    proxy: FaultyProxy, harm: Harm, method: str
) -> None:
    proxy.harm = hit(method, "/shelf", harm, times=1)
    with target_at(proxy.url) as target:
        assert target.send(Call(method, "shelf")).status == 404
    assert proxy.reached(method, "/shelf") == 2


@pytest.mark.parametrize(
    "call",
    [
        Call("GET", "_search/scroll", (("scroll_id", "x"),)),
        Call("GET", "shelf/_search", (("scroll", "1m"),)),
        Call("GET", "_sql", (), b'{"cursor": "x"}'),
        Call("GET", "shelf/_refresh"),
    ],
)
def test_what_reads_and_does_more_is_not_asked_for_twice(proxy: FaultyProxy, call: Call) -> None:
    proxy.harm = hit("GET", f"/{call.path}", faults.reset)
    with target_at(proxy.url) as target, pytest.raises(TargetUnreachable):
        target.send(call)
    assert len([kept for kept in proxy.seen if kept.harmed]) == 1


def test_what_was_refused_is_sent_again_and_arrives_once(front: Front) -> None:
    with target_at(front.url) as target:
        target.send(Call("PUT", "shelf"))
    with FaultyProxy(front.url, opens_after=0.15) as proxy:
        sender = Sender(proxy.url, timeout=5.0)
        assert sender.send(Call("DELETE", "shelf")).status == 200
        sender.close()
        assert proxy.reached("DELETE", "/shelf") == 1


def test_a_late_answer_is_an_error_and_no_drift(proxy: FaultyProxy) -> None:
    proxy.harm = hit("GET", "/shelf/_count", faults.late)
    text = page(asks("PUT shelf\n\nGET shelf/_count", name="a"), answers('{"count": 7}'))
    replayed = told(proxy, text, "--timeout", "0.6")
    assert replayed.outcomes == {"a": "error"}
    assert "no answer within 0.6 s" in replayed.results[0]["message"]
    assert proxy.reached("GET", "/shelf/_count") == 1


def test_an_answer_too_many_is_not_taken_for_the_next_one(proxy: FaultyProxy) -> None:
    proxy.harm = hit("PUT", "/shelf", faults.out_of_step)
    text = page(asks("PUT shelf\n\nPUT shelf/_doc/1\n{}", name="a"))
    replayed = told(proxy, text)
    assert replayed.outcomes == {"a": "error"}
    assert "answer to another request" in replayed.results[0]["message"]


@pytest.mark.parametrize("harm", [faults.emptied, faults.cut, faults.of_nobody])
def test_an_inventory_that_was_harmed_is_an_error_and_no_leak(
    proxy: FaultyProxy, harm: Harm
) -> None:
    asked_before: set[tuple[str, str]] = set()

    def after(asked: Asked) -> Harm | None:
        """The second listing of anything, by which specgen learns what the case made."""
        known = (asked.method, asked.path) in asked_before
        asked_before.add((asked.method, asked.path))
        return harm if known and asked.method == "GET" else None

    proxy.harm = after
    text = page(
        asks('POST _bulk\n{"index": {"_index": "shelf"}}\n{}', name="a"),
        asks("GET _cluster/health", name="b"),
    )
    replayed = told(proxy, text)
    assert [kept.harmed for kept in proxy.seen].count(True) == 1
    assert replayed.outcomes == {"a": "error", "b": "error"}
    assert replayed.told.code == 4


@pytest.mark.parametrize("harm", [faults.emptied, faults.of_nobody])
def test_without_an_inventory_nothing_is_written(proxy: FaultyProxy, harm: Harm) -> None:
    proxy.harm = lambda asked: harm if asked.method == "GET" and asked.path != "/" else None
    replayed = told(proxy, page(asks("PUT shelf", name="a"), asks("HEAD shelf", name="b")))
    assert replayed.outcomes == {"a": "error", "b": "passed"}
    assert proxy.reached("PUT", "/shelf") == 0


def test_a_text_that_was_shortened_and_framed_anew_is_true_only_where_nothing_of_it_is_shown(
    proxy: FaultyProxy,
) -> None:
    proxy.harm = hit("GET", "/_cat/indices/shelf", faults.shortened)
    request = "PUT shelf\n\nGET _cat/indices/shelf?h=index"
    shown = (asks(request, name="shown"), answers("shelf", "// TESTRESPONSE[non_json]"))
    assert told(proxy, page(*shown, asks(request, name="hidden"))).outcomes == {
        "shown": "failed",
        "hidden": "passed",
    }


def test_an_error_of_which_nothing_came_is_not_the_error_that_a_page_catches(
    proxy: FaultyProxy,
) -> None:
    text = page(asks("GET shelf", "// TEST[catch:missing]", name="a"))
    assert told(proxy, text).outcomes == {"a": "passed"}
    for harm in (faults.emptied, faults.shortened):
        proxy.harm = hit("GET", "/shelf", harm)
        assert told(proxy, text).outcomes == {"a": "error"}
