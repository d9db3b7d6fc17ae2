"""What is checked of every answer, on a server that answers as it is told."""

from __future__ import annotations

import json
import re
import subprocess
from urllib.parse import unquote

import pytest
from pages import answers, asks, page
from project import Loopback, Project, Replayed, Reply, Seen

CLASSES = {
    "bad_request": 400,
    "unauthorized": 401,
    "forbidden": 403,
    "missing": 404,
    "request_timeout": 408,
    "conflict": 409,
    "unavailable": 503,
    "request": 500,
}


def told(seen: Seen) -> Reply:
    """A cluster that does what the path says: `status/404`, `warn/a,b`, `shards/[…]`."""
    path = unquote(seen.path.partition("?")[0])
    what, _, rest = path.removeprefix("/").partition("/")
    if not what:
        return Reply(body=b'{"version": {"number": "8.15.3"}}')
    if what == "status":
        return Reply(int(rest))
    if what == "warn":
        texts = [f'299 Elasticsearch-8.15.3 "{text}" "now"' for text in rest.split(",") if text]
        return Reply(headers=(*Reply().headers, *(("Warning", text) for text in texts)))
    if what == "shards":
        return Reply(body=b'{"_shards": {"failures": %s}}' % rest.encode())
    return Reply(body=seen.body or b"{}")


def replay(text: str, *options: str) -> Replayed:
    with Loopback(told) as server:
        project = Project({"docs/books.asciidoc": text})
        return project.replay("docs", "--target", server.url, "--disposable", *options)


def test_every_class_of_error_is_caught_and_no_other_one() -> None:
    snippets = [
        asks(f"GET status/{status}", f"// TEST[catch:{name}]", name=f"{name}_{status}")
        for name, own in CLASSES.items()
        for status in sorted(
            {own, 200, 400, 418, 503} | ({404, 409} if name == "request" else set())
        )
    ]
    caught = {f"{name}_{status}" for name, status in CLASSES.items()}
    caught |= {"request_418", "request_503"}
    assert replay(page(*snippets)).outcomes == {
        name: "passed" if name in caught else "failed"
        for name in (re.search("id=([^]]+)", snippet).group(1) for snippet in snippets)  # type: ignore[union-attr]
    }


def test_an_error_that_nobody_catches_fails() -> None:
    statuses = (200, 201, 299, 300, 400, 404, 500)
    snippets = [asks(f"GET status/{status}", name=f"get_{status}") for status in statuses]
    heads = [asks(f"HEAD status/{status}", name=f"head_{status}") for status in (200, 404, 400)]
    outcomes = replay(page(*snippets, *heads)).outcomes
    passed = {name for name, outcome in outcomes.items() if outcome == "passed"}
    assert passed == {"get_200", "get_201", "get_299", "head_200", "head_404"}
    assert len(outcomes) == 10


def test_warnings_must_come_as_the_page_says() -> None:
    replayed = replay(
        page(
            asks("GET warn/old", "// TEST[warning:old]", name="expected"),
            asks("GET warn/[index][3:7] old", "// TEST[warning:old]", name="at_a_place"),
            asks("GET warn/", "// TEST[warning:old]", name="none"),
            asks("GET warn/older", "// TEST[warning:old]", name="another"),
            asks("GET warn/old,new", "// TEST[warning:old]", name="one_more"),
            asks("GET warn/[types removal] old", name="types"),
        )
    )
    assert replayed.outcomes == {
        "expected": "passed",
        "at_a_place": "passed",
        "none": "failed",
        "another": "failed",
        "one_more": "passed",
        "types": "passed",
    }
    assert [(f["expected"], f["actual"]) for f in replayed.findings] == [
        ("old", None),
        ("old", None),
        (None, "older"),
        (None, "new"),
    ]
    assert [each["checks"]["warnings"] for each in replayed.results] == [1, 1, 1, 1, 1, 0]


def test_shards_must_not_fail_unless_the_page_does_not_care() -> None:
    replayed = replay(
        page(
            asks("GET shards/[]", name="empty_list"),
            asks("GET shards/null", name="none"),
            asks('GET shards/[{"shard": 0}]', name="one"),
            asks('GET shards/[{"shard": 0}]', "// TEST[skip_shard_failures]", name="accepted"),
        )
    )
    assert replayed.outcomes == {
        "empty_list": "failed",
        "none": "passed",
        "one": "failed",
        "accepted": "passed",
    }
    assert replayed.kinds("one") == ["shards"]


def test_a_body_goes_out_as_the_page_has_it() -> None:
    body = '{"b": 1, "a": 1.0, "c": "$body.id"}'
    text = page(asks(f'POST echo\n{{"id": 7}}\n\nPOST echo\n{body}'), answers('{"b": 1}'))
    with Loopback(told) as server:
        project = Project({"docs/books.asciidoc": text})
        replayed = project.replay("docs", "--target", server.url, "--disposable")
        sent = [seen for seen in server.seen if seen.path == "/echo"]
    assert [seen.body for seen in sent] == [b'{"id": 7}', b'{"b": 1, "a": 1.0, "c": 7}']
    assert sent[0].header("content-type") == "application/json; charset=UTF-8"
    assert [(f["kind"], f["pointer"], f["actual"]) for f in replayed.findings] == [
        ("surplus", "/a", 1.0),
        ("surplus", "/c", 7),
    ]


class Shelf:
    """A cluster with indices: what is put there can be listed and deleted."""

    def __init__(self, *indices: str) -> None:
        self.indices = set(indices)

    def __call__(self, seen: Seen) -> Reply:
        name = seen.path.partition("?")[0].removeprefix("/")
        if not name:
            return Reply(body=b'{"version": {"number": "8.15.3"}}')
        if name == "_alias":
            listed: dict[str, dict[str, object]] = {index: {} for index in self.indices}
            return Reply(body=json.dumps(listed).encode())
        if seen.method == "PUT":
            self.indices.add(name)
        elif seen.method == "DELETE":
            self.indices.discard(name)
        return Reply(200 if name in self.indices or seen.method == "DELETE" else 404)


def test_what_stood_on_a_target_before_stays_and_what_cases_made_goes() -> None:
    shelf = Shelf("precious")
    text = page(asks("PUT books\n\nGET precious"), asks("GET books", "// TEST[catch:missing]"))
    with Loopback(shelf) as server:
        project = Project({"docs/books.asciidoc": text})
        replayed = project.replay("docs", "--target", server.url, "--disposable")
        deleted = [seen.path for seen in server.seen if seen.method == "DELETE"]
    assert list(replayed.outcomes.values()) == ["passed", "passed"]
    assert shelf.indices == {"precious"}
    assert deleted == ["/books"]


def test_what_cannot_be_removed_is_told() -> None:
    def stubborn(seen: Seen) -> Reply:
        return Reply(500) if seen.method == "DELETE" else shelf(seen)

    shelf = Shelf()
    with Loopback(stubborn) as server:
        project = Project({"docs/books.asciidoc": page(asks("PUT books"))})
        replayed = project.replay("docs", "--target", server.url, "--disposable")
    [result] = replayed.results
    assert (result["outcome"], result["left_behind"]) == ("passed", ["index books"])
    assert "case books.asciidoc::books left index books" in replayed.told.text


READ_ONLY = page(
    asks("GET echo", name="get"),
    asks("HEAD echo", name="head"),
    asks("POST books/_search\n{}", name="search"),
    asks("PUT books", name="put"),
    asks("POST books/_doc\n{}", name="post"),
    asks("GET echo\n\nDELETE books", name="delete"),
)


def test_only_what_reads_is_sent_to_a_target_that_is_only_read() -> None:
    with Loopback(told) as server:
        project = Project({"docs/books.asciidoc": READ_ONLY})
        replayed = project.replay("docs", "--target", server.url, "--read-only")
        methods = {seen.method for seen in server.seen}
    assert replayed.outcomes == {
        "get": "passed",
        "head": "passed",
        "search": "passed",
        "put": "skipped",
        "post": "skipped",
        "delete": "skipped",
    }
    assert replayed.results[3]["reason"] == "read-only: PUT books would write"
    assert methods == {"GET", "HEAD", "POST"}


@pytest.mark.parametrize("option", ["url", "user", "header", "environment"])
def test_a_secret_is_in_no_output(option: str) -> None:
    """Neither where the cluster says it back, nor in what is written or started."""
    secret = "open-sesame"

    processes: list[str] = []

    def gossip(seen: Seen) -> Reply:
        listing = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
        processes.append(listing.stdout)
        if seen.path == "/":
            return Reply(body=b'{"version": {"number": "8.15.3"}}')
        if "one" in seen.path:
            return Reply(body=json.dumps({secret: [secret], "who": str(seen.headers)}).encode())
        error = {"type": secret, "reason": str(seen.headers)}
        return Reply(400, json.dumps({"error": error}).encode())

    text = page(asks("GET one"), answers('{"who": "me"}'), asks("PUT two\n{}"))
    with Loopback(gossip) as server:
        url = server.url
        options = {
            "url": ["--target", url.replace("//", f"//elastic:{secret}@")],
            "user": ["--target", url, "--user", f"elastic:{secret}"],
            "header": ["--target", url, "--header", f"X-Auth-Token: {secret}"],
            "environment": ["--target", url],
        }[option]
        environment = {"SPECGEN_API_KEY": secret} if option == "environment" else {}
        project = Project({"docs/books.asciidoc": text})
        replayed = project.replay(
            "docs", "--disposable", "--out", "out", "--junit", "j.xml", *options, **environment
        )
        assert secret in str(server.seen[-1].headers) or "Basic" in str(server.seen[-1].headers)
    assert list(replayed.outcomes.values()) == ["failed", "failed"]
    assert "specgen.replay.standby" in processes[-1]
    everything = replayed.told.text + str(replayed.told.files) + "".join(processes)
    assert secret not in everything
    assert "ZWxhc3RpYzpvcGVuLXNlc2FtZQ" not in everything  # the two in base64
    assert "***" in replayed.told.err
    assert "***" in everything
