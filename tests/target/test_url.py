from __future__ import annotations

import gzip
import json
import shutil
import socket
import ssl
import subprocess
import threading
from pathlib import Path

import pytest
from loopback import CLUSTER, Loopback, Reply, Seen, cluster

from specgen.errors import TargetUnreachable, UsageProblem
from specgen.target.guard import CallRefused
from specgen.target.opening import TargetSettings, open_target
from specgen.target.url import UrlTarget
from specgen.target.values import Call, Target


def opened(
    url: str,
    *,
    timeout: float = 5.0,
    ca_file: str = "",
    client_cert: str = "",
    client_key: str = "",
) -> UrlTarget:
    target = open_target(
        TargetSettings(
            url,
            disposable=True,
            timeout=timeout,
            ca_file=ca_file,
            client_cert=client_cert,
            client_key=client_key,
        )
    )
    assert isinstance(target, UrlTarget)
    return target


def sent(call: Call, base: str = "") -> Seen:
    with Loopback() as server, opened(server.url + base) as target:
        target.send(call)
        return server.seen[-1]


def test_what_is_known_of_a_target() -> None:
    document = {"version": {"number": "3.8.0", "distribution": "opensearch"}}
    reply = Reply(body=json.dumps(document).encode())
    with Loopback(lambda seen: reply) as server, opened(f"{server.url}/base/") as target:
        as_target: Target = target
        assert as_target.info.distribution == "opensearch"
        assert as_target.info.version == "3.8.0"
        assert as_target.info.url == as_target.info.name == f"{server.url}/base"
        assert server.seen[0].path == "/base/"


@pytest.mark.parametrize(
    ("call", "path"),
    [
        (Call("GET", ""), "/b/"),
        (Call("GET", "twitter/_doc/1"), "/b/twitter/_doc/1"),
        (Call("GET", "/twitter"), "/b/twitter"),
        (Call("GET", "twitter/"), "/b/twitter/"),
        (Call("GET", "%3Clogs-%7Bnow%2Fd%7D%3E"), "/b/%3Clogs-%7Bnow%2Fd%7D%3E"),
        (Call("GET", "<logs-{now%2Fd}>"), "/b/%3Clogs-%7Bnow%2Fd%7D%3E"),
        (Call("GET", "100%"), "/b/100%25"),
        (Call("GET", "é x"), "/b/%C3%A9%20x"),
        (Call("GET", "a,b*/_search"), "/b/a,b*/_search"),
        (Call("GET", "x?y#z"), "/b/x%3Fy%23z"),
        (Call("GET", "a.b/...c"), "/b/a.b/...c"),
        (Call("GET", "%7Euser"), "/b/%7Euser"),
        (Call("GET", "a\\b"), "/b/a%5Cb"),
        (Call("GET", "user@elsewhere:80/x"), "/b/user@elsewhere:80/x"),
        (Call("GET", "http:x"), "/b/http:x"),
        (Call("GET", "_cat", (("v", ""), ("h", "a,b"))), "/b/_cat?v&h=a,b"),
        (Call("GET", "_search", (("q", "a&b=c+d é#"),)), "/b/_search?q=a%26b%3Dc%2Bd%20%C3%A9%23"),
    ],
)
def test_what_of_a_path_is_sent(call: Call, path: str) -> None:
    assert sent(call, "/b").path == path


@pytest.mark.parametrize(
    "path",
    [
        "..",
        "../_cat",
        "a/../../b",
        "a/./b",
        "%2e%2e/x",
        "a/.%2E/b",
        "a/%252e%252e/b",
        "..%2Fx",
        "a/..%5Cb",
        "a/..;/b",
        "//elsewhere/x",
        "http://elsewhere/x",
        "a//b",
        "a\nb",
        "a\r\nHost: elsewhere",
        "a\x00b",
        "a\x7fb",
        "a\ud800b",
    ],
)
def test_a_path_that_could_leave_the_target_is_not_sent(path: str) -> None:
    with Loopback() as server, opened(f"{server.url}/base") as target:
        before = len(server.seen)
        with pytest.raises(CallRefused):
            target.send(Call("GET", path))
        assert len(server.seen) == before


@pytest.mark.parametrize(
    "call",
    [
        Call("GET X", "a"),
        Call("get", "a"),
        Call("GET", "a", headers=(("X-A", "b\r\nX-B: c"),)),
        Call("GET", "a", headers=(("X A", "b"),)),
        Call("GET", "a", headers=(("Host", "elsewhere"),)),
        Call("GET", "a", headers=(("content-length", "5"),)),
        Call("GET", "a", headers=(("X-HTTP-Method-Override", "DELETE"),)),
        Call("GET", "a", (("q", "\ud800"),)),
    ],
)
def test_a_call_that_could_become_another_is_not_sent(call: Call) -> None:
    with Loopback() as server, opened(server.url) as target:
        before = len(server.seen)
        with pytest.raises(CallRefused):
            target.send(call)
        assert len(server.seen) == before


def test_body_and_headers() -> None:
    seen = sent(Call("GET", "_search", (), '{"é": 1}'.encode(), (("X-Opaque-Id", "7"),)))
    assert seen.body == '{"é": 1}'.encode()
    assert seen.header("content-type") == "application/json; charset=UTF-8"
    assert seen.header("x-opaque-id") == "7"
    assert sent(Call("GET", "_search")).header("content-type") is None
    assert sent(Call("POST", "x/_open")).body == b""
    yaml = sent(Call("POST", "x", (), b"a: 1", (("content-type", "application/yaml"),)))
    assert [v for k, v in yaml.headers if k.lower() == "content-type"] == ["application/yaml"]


def test_headers_of_the_settings_go_with_every_request() -> None:
    with Loopback() as server:
        settings = TargetSettings(server.url, disposable=True, headers=(("X-Team", "docs"),))
        with open_target(settings) as target:
            target.send(Call("GET", "a"))
        assert [seen.header("x-team") for seen in server.seen] == ["docs", "docs"]


def test_answers_keep_repeated_headers_and_are_decompressed() -> None:
    def warned(seen: Seen) -> Reply:
        if seen.path == "/":
            return cluster(seen)
        headers = (("Content-Encoding", "gzip"), ("Warning", "299 a"), ("Warning", "299 b"))
        return Reply(200, gzip.compress(b'{"a": 1}'), headers)

    with Loopback(warned) as server, opened(server.url) as target:
        answer = target.send(Call("GET", "a"))
    assert answer.text == '{"a": 1}'
    assert answer.all_headers("warning") == ("299 a", "299 b")


def test_redirects_are_answers_and_cookies_are_forgotten() -> None:
    with Loopback() as elsewhere:
        away = Reply(307, b"", (("Location", f"{elsewhere.url}/x"), ("Set-Cookie", "a=b")))

        def redirecting(seen: Seen) -> Reply:
            return cluster(seen) if seen.path == "/" else away

        with Loopback(redirecting) as server, opened(server.url) as target:
            assert target.send(Call("GET", "a")).status == 307
            assert target.send(Call("POST", "a", (), b"{}")).status == 307
            assert server.seen[-1].header("cookie") is None
        assert elsewhere.seen == []


class Breaking:
    """Hangs up on the first requests for /x, answers later ones."""

    def __init__(self, times: int) -> None:
        self.left = times

    def __call__(self, seen: Seen) -> Reply:
        if seen.path == "/x" and self.left:
            self.left -= 1
            return Reply(hang_up=True)
        return cluster(seen)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_reads_is_sent_again_when_the_connection_breaks(method: str) -> None:
    with Loopback(Breaking(1)) as server, opened(server.url) as target:
        assert target.send(Call(method, "x")).status == 200
        assert len(server.seen) == 3


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_what_may_write_is_never_sent_twice(method: str) -> None:
    with Loopback(Breaking(1)) as server, opened(server.url) as target:
        with pytest.raises(TargetUnreachable, match="connection broke"):
            target.send(Call(method, "x"))
        assert [seen.path for seen in server.seen] == ["/", "/x"]


def test_trying_again_ends() -> None:
    with Loopback(Breaking(99)) as server, opened(server.url) as target:
        with pytest.raises(TargetUnreachable, match="connection broke"):
            target.send(Call("GET", "x"))
        assert 2 < len(server.seen) < 8


def test_nothing_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(TargetUnreachable, match="connection refused") as problem:
            opened(url)
    assert url in problem.value.message
    assert problem.value.hint


def test_a_server_that_never_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(TargetUnreachable, match=r"no answer within 0\.2 s"):
            opened(url, timeout=0.2)


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (Reply(raw=b"SSH-2.0-OpenSSH_9.6\r\n"), "does not speak HTTP"),
        (Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab"), "broke off"),
        (Reply(body=b"xx", headers=(("Content-Encoding", "gzip"),)), "decompressed|compressed"),
        (Reply(body=b"<html>", headers=()), "no Elasticsearch or OpenSearch"),
        (Reply(body=b"<html>"), "told to be JSON and is none"),
        (Reply(body=b'{"version": 3}'), "no Elasticsearch or OpenSearch"),
        (Reply(body=b'{"version": {"number": 3}}'), "no Elasticsearch or OpenSearch"),
        (Reply(body=b"[]"), "no Elasticsearch or OpenSearch"),
        (Reply(401), "does not let specgen in"),
        (Reply(502), "answered 502"),
    ],
)
def test_what_is_no_cluster(reply: Reply, told: str) -> None:
    with Loopback(lambda seen: reply) as server, pytest.raises(TargetUnreachable, match=told):
        opened(server.url)


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("embeded", "Did you mean embedded"),
        ("nonsense", "Known: embedded"),
        ("localhost:9200", "http://"),
        ("127.0.0.1", "http://"),
        ("http://", "127.0.0.1:9200"),
        ("http://h/?q=1", "base path"),
        ("http://h/a/../b", ""),
        ("http://h:99999", ""),
        ("http://h h", ""),
        ("http://h\\x", ""),
        ("http://h\nx", ""),
    ],
)
def test_what_is_no_target(target: str, told: str) -> None:
    with pytest.raises(UsageProblem) as problem:
        open_target(TargetSettings(target))
    assert told in problem.value.message + problem.value.hint


def test_files_that_are_not_there() -> None:
    with pytest.raises(UsageProblem, match="no file"):
        opened("https://127.0.0.1:1", ca_file="no-such.pem")
    with pytest.raises(UsageProblem, match="no file"):
        opened("https://127.0.0.1:1", client_cert="no-such.pem")
    with pytest.raises(UsageProblem, match="without a client certificate"):
        opened("https://127.0.0.1:1", client_key="no-such.pem")


def test_settings_that_cannot_be() -> None:
    with pytest.raises(UsageProblem, match="timeout"):
        open_target(TargetSettings("http://127.0.0.1:1", timeout=0))
    with pytest.raises(UsageProblem, match="Host"):
        open_target(TargetSettings("http://127.0.0.1:1", headers=(("Host", "x"),)))


def certificate(folder: Path) -> Path:
    if not shutil.which("openssl"):
        pytest.skip("openssl is not here to make a certificate")
    key, made = folder / "key.pem", folder / "cert.pem"
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    request += ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*request, "-keyout", key, "-out", made], check=True, capture_output=True)
    made.write_bytes(made.read_bytes() + key.read_bytes())
    return made


def test_certificates(tmp_path: Path) -> None:
    pem = str(certificate(tmp_path))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    context.load_verify_locations(pem)
    context.verify_mode = ssl.CERT_REQUIRED
    server = Loopback()
    server.server.socket = context.wrap_socket(server.server.socket, server_side=True)
    server.server.handle_error = lambda *_: None  # type: ignore[method-assign]
    with server:
        url = server.url.replace("http:", "https:")
        with pytest.raises(TargetUnreachable, match="certificate is not trusted"):
            opened(url)
        with pytest.raises(TargetUnreachable):
            opened(url, ca_file=pem)
        with opened(url, ca_file=pem, client_cert=pem) as target:
            assert target.info.version == CLUSTER["version"]["number"]  # type: ignore[index]
        with pytest.raises(TargetUnreachable) as problem:
            opened(server.url)
        assert "https://" in problem.value.hint


def test_several_threads_may_send_at_once() -> None:
    with Loopback() as server, opened(server.url) as target:
        statuses: list[int] = []

        def ask() -> None:
            statuses.extend(target.send(Call("GET", "a")).status for _ in range(20))

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert statuses == [200] * 80


def test_closing_twice_is_fine() -> None:
    with Loopback() as server:
        target = opened(server.url)
        target.close()
        target.close()
