"""Answers that cannot be what the cluster said, from a server that does as it is told."""

from __future__ import annotations

import gzip
from dataclasses import replace

import pytest
from loopback import Loopback, Reply, Seen, cluster

from specgen.target.opening import TargetSettings, open_target
from specgen.target.values import Answer, Call
from specgen.target.wholeness import AnswerHarmed, harm_of

JSON = (("Content-Type", "application/json; charset=UTF-8"),)
TEXT = (("Content-Type", "text/plain"),)


class Knowing:
    """A cluster that sends ids back, but for what a path asks: `/lacks`, `/stale`."""

    def __init__(self, always: str = "") -> None:
        self.always = always
        self.first = ""

    def __call__(self, seen: Seen) -> Reply:
        told = seen.header("x-opaque-id") or ""
        self.first = self.first or told
        told = {"/lacks": "", "/stale": self.first}.get(seen.path, self.always or told)
        reply = cluster(seen)
        return replace(reply, headers=(*reply.headers, ("X-Opaque-Id", told))) if told else reply


def sent(server: Loopback, *calls: Call, headers: tuple[tuple[str, str], ...] = ()) -> list[Answer]:
    with open_target(TargetSettings(server.url, disposable=True, headers=headers)) as target:
        return [target.send(call) for call in calls]


@pytest.mark.parametrize(
    ("method", "status", "headers", "body", "harmed"),
    [
        ("GET", 200, JSON, b"{}", False),
        ("GET", 200, JSON, b" [1", True),
        ("GET", 200, JSON, b"", True),
        ("GET", 404, JSON, b"", True),
        ("HEAD", 200, JSON, b"", False),
        ("GET", 204, (), b"", False),
        ("GET", 200, (), b"", True),
        ("GET", 200, TEXT, b"", False),
        ("GET", 200, TEXT, b"{", False),
        ("GET", 200, JSON, b'{} "what follows a value is passed over"', False),
        ("GET", 200, JSON, b"[" * 100_000, False),  # not ours to say: nobody reads so deep
        ("GET", 200, (("Content-Type", "application/vnd.elasticsearch+json"),), b"x", True),
    ],
)
def test_what_cannot_be_whole(
    method: str, status: int, headers: tuple[tuple[str, str], ...], body: bytes, harmed: bool
) -> None:
    assert bool(harm_of(method, Answer(status, headers, body))) is harmed


def test_every_request_has_an_id_of_its_own_and_no_answer_shows_it() -> None:
    with Loopback(Knowing()) as server:
        found = sent(server, Call("GET", "a"), Call("PUT", "a"))
        ids = [seen.header("x-opaque-id") for seen in server.seen]
    assert len({*ids}) == 3
    assert None not in ids
    assert [answer.header("x-opaque-id") for answer in found] == [None, None]


@pytest.mark.parametrize("path", ["lacks", "stale"])
def test_an_answer_without_its_id_is_not_taken_and_the_next_one_is(path: str) -> None:
    with (
        Loopback(Knowing()) as server,
        open_target(TargetSettings(server.url, disposable=True)) as target,
    ):
        with pytest.raises(AnswerHarmed, match="X-Opaque-Id"):
            target.send(Call("GET", path))
        assert target.send(Call("GET", "a")).status == 200
        assert [seen.path for seen in server.seen].count(f"/{path}") == 1


def test_a_target_that_knows_no_ids_is_not_asked_for_them() -> None:
    with Loopback() as server:
        assert sent(server, Call("GET", "a"))[0].status == 200


def test_an_id_that_a_gateway_sets_says_nothing() -> None:
    with (
        Loopback(Knowing(always="gateway-1")) as server,
        open_target(TargetSettings(server.url, disposable=True)) as target,
    ):
        assert target.send(Call("GET", "a")).status == 200
        with pytest.raises(AnswerHarmed):  # but this one is of our own, of another request
            target.send(Call("GET", "stale"))


def test_an_id_of_the_user_is_sent_and_not_looked_at() -> None:
    with Loopback(Knowing()) as server:
        found = sent(server, Call("GET", "lacks"), headers=(("x-opaque-id", "docs"),))
        assert {seen.header("x-opaque-id") for seen in server.seen} == {"docs"}
    assert found[0].status == 200


def test_an_id_that_a_gateway_adds_to_a_request_without_one_says_nothing() -> None:
    def adding(seen: Seen) -> Reply:
        told = seen.header("x-opaque-id") or "gateway-2"
        return replace(cluster(seen), headers=(*JSON, ("X-Opaque-Id", told)))

    with Loopback(adding) as server:
        assert sent(server, Call("GET", "_tasks"))[0].status == 200


@pytest.mark.parametrize(
    "call",
    [
        Call("GET", "_tasks", (("detailed", ""),)),
        Call("GET", "_cat/tasks"),
        Call("POST", "_reindex", (("wait_for_completion", "false"),), b"{}"),
    ],
)
def test_what_shows_the_headers_of_tasks_is_asked_without_an_id(call: Call) -> None:
    with Loopback(Knowing()) as server:
        assert sent(server, call)[0].status == 200
        assert server.seen[-1].header("x-opaque-id") is None


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(b"shelf", mtime=0)[:-9]),
        ("gzip", gzip.compress(b"shelf", mtime=0)[:-1]),
        ("gzip", b""),
        ("gzip", b"shelf"),
        ("br", b"shelf"),
    ],
)
def test_what_cannot_be_unpacked(encoding: str, body: bytes) -> None:
    def packed(seen: Seen) -> Reply:
        headers = (*TEXT, ("Content-Encoding", encoding))
        return cluster(seen) if seen.path == "/" else Reply(200, body, headers)

    with Loopback(packed) as server, pytest.raises(AnswerHarmed, match="compressed"):
        sent(server, Call("GET", "_cat/indices"))
