"""What a run sends to a cluster that it did not start, and what it never sends anywhere."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from urllib.parse import urljoin
from urllib.request import urlopen

import pytest
from pages import answers, asks, page
from project import Loopback, Project, Reply, Seen, cluster

from specgen.target.nodes.front import Front
from specgen.target.opening import TargetSettings, open_target
from specgen.target.values import Call


def remembering(seen: Seen) -> Reply:
    """A cluster that takes everything and holds nothing."""
    if seen.path == "/" or ".specgen-disposable" in seen.path:
        return cluster(seen)
    return Reply(404 if seen.method == "GET" else 200)


def writes(server: Loopback) -> list[str]:
    return [f"{seen.method} {seen.path}" for seen in server.seen if seen.method != "GET"]


DANGEROUS = page(
    asks("PUT gulls\n{}\n\nPOST _shutdown", name="shutdown"),
    asks("PUT _security/user/ann\n{}", name="security"),
    asks("PUT _snapshot/vault/one\n\nDELETE _snapshot/vault/two", name="backup"),
    asks("PUT _cluster/settings\n{}", name="settings"),
    asks("DELETE _all", name="all"),
)


def test_dangerous_cases_are_skipped_whole_and_say_what_permits_them() -> None:
    with Loopback(remembering) as server:
        project = Project({"docs/a.asciidoc": DANGEROUS})
        replayed = project.replay("docs", "--target", server.url, "--disposable")
        sent = writes(server)
    assert replayed.told.code == 0
    reasons = {each["case"]: each["reason"] for each in replayed.results}
    assert reasons == {
        "shutdown": "refused: POST _shutdown ends nodes (needs --allow shutdown)",
        "security": "refused: PUT _security/user/ann changes who may do what "
        "(needs --allow security)",
        "backup": "refused: DELETE _snapshot/vault/two changes backups that this run did not make "
        "(needs --allow snapshots)",
        "settings": "",
        "all": "",
    }
    assert sent == ["PUT /_cluster/settings", "DELETE /_all"]


def test_what_is_allowed_is_sent() -> None:
    with Loopback(remembering) as server:
        project = Project({"docs/a.asciidoc": DANGEROUS})
        options = ("--target", server.url, "--disposable", "--allow", "shutdown,security")
        replayed = project.replay("docs", *options)
        sent = writes(server)
    assert replayed.outcomes["shutdown"] == replayed.outcomes["security"] == "passed"
    assert replayed.outcomes["backup"] == "skipped"
    assert "POST /_shutdown" in sent
    assert "PUT /_security/user/ann" in sent


def test_what_is_asked_before_a_request_is_recorded_too() -> None:
    with Loopback(remembering) as server:
        project = Project({"docs/a.asciidoc": page(asks("PUT _snapshot/shed\n{}"))})
        told = project.run(
            *("run", "docs", "--target", server.url, "--disposable", "--record", "r.har")
        )
        sent = [f"{seen.method} {server.url}{seen.path}" for seen in server.seen]
    entries = json.loads(told.files["r.har"])["log"]["entries"]
    assert [f"{e['request']['method']} {e['request']['url']}" for e in entries] == sent
    assert sent.count(f"GET {server.url}/_snapshot/shed") >= 1


@pytest.mark.parametrize("option", [["--read-only"], ["--scope", "gull"]])
def test_nothing_can_be_allowed_where_nothing_may_be_lost(option: list[str]) -> None:
    project = Project({"docs/a.asciidoc": DANGEROUS})
    told = project.run("run", "docs", "--target", "http://h", "--allow", "shutdown", *option)
    assert told.code == 2
    assert "--allow is for a cluster whose data may be lost" in told.err


def test_an_unmarked_cluster_is_refused_before_any_case_is_looked_at() -> None:
    with Loopback(remembering) as server:
        project = Project({"docs/a.asciidoc": page(asks("POST _shutdown"))})
        assert project.run("run", "docs", "--target", server.url).code == 4
        assert [seen.path for seen in server.seen] == ["/.specgen-disposable"]


@pytest.mark.parametrize("value", ["_shutdown", "%5Fshutdown"])
def test_what_an_answer_makes_dangerous_is_not_sent_either(value: str) -> None:
    first = Reply(body=json.dumps({"x": value}).encode())
    with Loopback(lambda seen: first if seen.path == "/first" else cluster(seen)) as server:
        project = Project({"docs/a.asciidoc": page(asks("GET first\n\nPOST $body.x"))})
        (result,) = project.replay("docs", "--target", server.url, "--disposable").results
        assert writes(server) == []
    assert result["outcome"] == "error"
    assert "ends nodes (needs --allow shutdown)" in result["reason"]


def test_a_name_that_nobody_knows_yet_is_out_of_scope() -> None:
    with Loopback() as server:
        project = Project({"docs/a.asciidoc": page(asks("GET first\n\nDELETE gull-a,$body.x"))})
        (result,) = project.replay("docs", "--target", server.url, "--scope", "gull-").results
        assert writes(server) == []
    assert result["outcome"] == "skipped"
    assert result["reason"] == "out of scope: names $body.x"


SCOPED = page(
    asks("PUT gull-a/_doc/1\n{}\n\nGET tern/_search", name="inside"),
    asks("PUT gull-b\n{}\n\nPUT tern\n{}", name="outside"),
    asks("PUT gull-c\n{}", "// TEST[setup:tern]", name="by_setup"),
    asks("GET tern/_search", name="reads"),
)


@pytest.mark.parametrize("where", ["option", "file"])
def test_with_a_scope_only_what_is_named_so_is_written(where: str) -> None:
    files = {"docs/a.asciidoc": SCOPED, "setups/tern.console": "PUT tern\n"}
    if where == "file":
        files["specgen.toml"] = 'scope = "gull-"\n'
    options = ["--scope", "gull-"] if where == "option" else []
    with Loopback(lambda seen: cluster(seen) if seen.path == "/" else Reply()) as server:
        project = Project(files)
        target = ("--target", server.url, "--setups", "setups")
        replayed = project.replay("docs", *target, *options)
        sent = writes(server)
        assert not [seen for seen in server.seen if ".specgen-disposable" in seen.path]
    told = {each["case"]: (each["outcome"], each["reason"]) for each in replayed.results}
    assert told == {
        "inside": ("passed", ""),
        "outside": ("skipped", "out of scope: names tern"),
        "by_setup": ("skipped", "out of scope: names tern"),
        "reads": ("passed", ""),
    }
    assert sent == ["PUT /gull-a/_doc/1"]


def test_what_others_make_meanwhile_is_not_taken_for_the_case_s_own() -> None:
    nothing: dict[str, dict[str, str]] = {"aliases": {}}
    listings = [{"tern": nothing}]

    def busy(seen: Seen) -> Reply:
        if seen.path.startswith("/_alias"):
            return Reply(body=json.dumps(listings[-1]).encode())
        if seen.method == "POST":  # the case's own request; somebody else makes `tern-2`
            more = dict.fromkeys(("tern-2", "gull-a"), nothing)
            listings.append(listings[-1] | more)
        return cluster(seen) if seen.path == "/" else Reply()

    bulk = 'POST _bulk\n{"index":{"_index":"gull-a"}}\n{}'
    with Loopback(busy) as server:
        project = Project({"docs/a.asciidoc": page(asks(bulk))})
        project.replay("docs", "--target", server.url, "--scope", "gull-")
        assert writes(server) == ["POST /_bulk", "DELETE /gull-a"]


def test_two_runs_at_once_on_one_cluster_keep_to_their_scopes() -> None:
    def cases(name: str) -> str:
        request = (
            f"PUT {name}-{{0}}/_doc/1?refresh\n{{{{}}}}\n\nPOST _bulk\n"
            f'{{{{"index":{{{{"_index":"{name}-bulk-{{0}}"}}}}}}}}\n{{{{}}}}\n\n'
            f"GET {name}-{{0}},{name}-bulk-{{0}}/_count"
        )
        return page(*(asks(request.format(number)) for number in range(20)))

    project = Project({"gull/a.adoc": cases("gull"), "tern/b.adoc": cases("tern")})
    with Front() as front:
        mine = open_target(TargetSettings(front.url, disposable=True))
        mine.send(Call("PUT", "kept"))
        runs = [
            project.start("run", name, "--target", front.url, "--scope", name)
            for name in ("gull", "tern")
        ]
        told = [run.communicate(timeout=120)[0] for run in runs]
        assert ["20 passed" in each for each in told] == [True, True], told
        assert json.loads(mine.send(Call("GET", "_alias")).body) == {"kept": {"aliases": {}}}


def test_without_scopes_the_second_of_two_runs_is_told_of_the_first() -> None:
    arrived, go_on = threading.Event(), threading.Event()

    def slow(seen: Seen) -> Reply:
        if seen.path == "/slow":
            arrived.set()
            go_on.wait(60)
        return remembering(seen)

    project = Project({"a/a.adoc": page(asks("PUT slow")), "b/b.adoc": page(asks("PUT b"))})
    warning = "warning: another run is at work on this cluster"
    state = Path(os.environ["XDG_STATE_HOME"]) / "specgen/targets"
    before = set(state.glob("*"))  # runs that other tests killed may have left some
    with Loopback(slow) as server:
        target = ("--target", server.url)
        first = project.start("run", "a", *target, "--disposable")
        try:
            assert arrived.wait(60)
            second = project.command("run", "b", *target, "--disposable")
            assert (second.code, warning in second.err) == (0, True)
            assert "--scope" in second.err
            for apart in (("--scope", "b"), ("--read-only",)):
                assert warning not in project.command("run", "b", *target, *apart).err
        finally:
            go_on.set()
        assert warning not in first.communicate(timeout=60)[1]
        assert warning not in project.command("run", "b", *target, "--disposable").err
    assert set(state.glob("*")) == before


def test_a_scope_of_the_file_holds_for_urls_alone() -> None:
    project = Project({"docs/a.asciidoc": page(asks("PUT tern")), "specgen.toml": 'scope = "gull"'})
    assert set(project.replay("docs").outcomes.values()) == {"passed"}
    limited = project.replay("docs", "--scope", "gull").results
    assert [each["reason"] for each in limited] == ["out of scope: names tern"]
    told = project.run("run", "docs", "--scope", "*")
    assert told.code == 2
    assert "--scope: '*' is no beginning of names" in told.err


# Each path is what a page asks for; `HOST` is where the second server listens.
ATTACKS = {
    "url": "GET http://HOST/x",
    "url_of_a_query": "GET _cat?x=http://HOST/x",
    "slashes": "GET //HOST/x",
    "encoded_slashes": "GET %2f%2fHOST/x",
    "user": "GET @HOST/x",
    "user_and_colon": "GET :80@HOST/x",
    "dots": "GET ../../HOST/x",
    "encoded_dots": "GET %2e%2e/%2e%2e/HOST/x",
    "twice_encoded_dots": "GET %252e%252e/HOST/x",
    "backslashes": r"GET \\HOST\x",
    "encoded_backslashes": "GET %5c%5cHOST%5cx",
    "dots_and_backslash": r"GET ..\HOST/x",
    "fragment": "GET #@HOST/x",
    "host_in_a_line_break": "GET x%0d%0aHost:%20HOST%0d%0a",
    "next_request": "GET x HTTP/1.1\r\nHost: HOST",
}
STASHED = {
    "line_break": "x HTTP/1.1\r\nHost: HOST\r\n\r\nGET http://HOST/x",
    "url": "http://HOST/x",
    "slashes": "//HOST/x",
    "dots": "../../HOST",
    "user": "@HOST/x",
}


def is_below(seen: Seen, server: Loopback) -> bool:
    own = seen.header("host") == server.url.removeprefix("http://")
    return own and (seen.path == "/base/" or seen.path.startswith("/base/"))


@pytest.mark.parametrize("name", ATTACKS)
def test_no_path_of_a_page_leaves_the_target(name: str) -> None:
    with Loopback() as second, Loopback() as server:
        request = ATTACKS[name].replace("HOST", second.url.removeprefix("http://"))
        project = Project({"docs/a.asciidoc": page(asks(request), asks("GET _end", name="end"))})
        project.run("run", "docs", "--target", f"{server.url}/base", "--disposable")
        assert [seen.path for seen in server.seen][-1] == "/base/_end"
        assert all(is_below(seen, server) for seen in server.seen)
        assert second.seen == []


@pytest.mark.parametrize("name", STASHED)
@pytest.mark.parametrize("how", ["GET $body.x", "GET a/$body.x", "GET a?q=$body.x"])
def test_no_value_of_an_answer_leaves_the_target(name: str, how: str) -> None:
    with Loopback() as second:
        value = STASHED[name].replace("HOST", second.url.removeprefix("http://"))

        def answer(seen: Seen) -> Reply:
            return (
                Reply(body=json.dumps({"x": value}).encode())
                if seen.path == "/base/first"
                else cluster(seen)
            )

        with Loopback(answer) as server:
            case = asks(f"GET first\n\n{how}") + asks("GET _end", name="end")
            project = Project({"docs/a.asciidoc": page(case)})
            project.run("run", "docs", "--target", f"{server.url}/base", "--disposable")
            assert "/base/first" in [seen.path for seen in server.seen]
            assert [seen.path for seen in server.seen][-1] == "/base/_end"
            assert all(is_below(seen, server) for seen in server.seen)
        assert second.seen == []


@pytest.mark.parametrize("name", ["url", "slashes"])
def test_a_path_leaves_a_target_that_it_is_only_joined_to(name: str) -> None:
    """The attack at work on a client that joins URLs as a browser does."""
    with Loopback() as second, Loopback() as server:
        path = ATTACKS[name].removeprefix("GET ")
        host = second.url.removeprefix("http://")
        urlopen(urljoin(f"{server.url}/base/", path.replace("HOST", host))).close()
        assert (len(second.seen), server.seen) == (1, [])


def test_a_redirect_leads_a_client_that_follows_it_elsewhere() -> None:
    with Loopback() as second:
        away = Reply(307, b"{}", (("Location", f"{second.url}/x"),))
        with Loopback(lambda seen: away) as server:
            urlopen(server.url).close()
        assert len(second.seen) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status: int) -> None:
    with Loopback() as second:
        away = Reply(status, b"{}", (("Location", f"{second.url}/x"), ("Refresh", "0")))
        with Loopback(lambda seen: cluster(seen) if seen.path == "/" else away) as server:
            text = page(asks("GET a", name="read"), asks("PUT b\n{}", name="write"))
            project = Project({"docs/a.asciidoc": text})
            secret = ("--user", "ann:open-sesame")
            options = ("--target", server.url, "--disposable", "--clean", "never", *secret)
            replayed = project.replay("docs", *options)
        assert set(replayed.outcomes.values()) == {"failed"}
        assert second.seen == []


def test_a_marker_is_not_looked_for_elsewhere() -> None:
    marked = Reply(body=b'{".specgen-disposable": {}}')
    with Loopback(lambda seen: marked) as second:
        away = Reply(307, b"", (("Location", f"{second.url}/.specgen-disposable"),))
        with Loopback(lambda seen: away) as server:
            project = Project({"docs/a.asciidoc": page(asks("PUT b\n{}"), answers("{}"))})
            assert project.run("run", "docs", "--target", server.url).code == 4
        assert second.seen == []
