"""A proxy that does harm: what stands between specgen and an engine on a bad day.

    with FaultyProxy(engine_url) as proxy:
        proxy.harm = lambda asked: cut if asked.path == "/books" else None
        ...  # specgen runs against proxy.url
    proxy.seen  # every request, what was done to its answer, whether it reached the engine

A harm is a function of the request, the engine's answer, and what the proxy knows besides; it
returns what goes over the wire instead, or None where it cannot harm such an answer.
"""

from __future__ import annotations

import contextlib
import gzip
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Literal, Self
from urllib.parse import urlsplit

__all__ = ["Asked", "FaultyProxy", "Given", "Harm", "Kept", "Wire"]

_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}
OWN_ID = "x-opaque-id"


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    @property
    def id(self) -> str:
        return next((value for name, value in self.headers if name.lower() == OWN_ID), "")


@dataclass(frozen=True)
class Given:
    """An answer: the engine's, or what is made of it."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def raw(self, length: int | None = None) -> bytes:
        """As it goes over the wire; `length` is what it claims, by default the truth."""
        told = len(self.body) if length is None else length
        return self.head((("Content-Length", str(told)),)) + self.body

    def head(self, more: tuple[tuple[str, str], ...] = ()) -> bytes:
        lines = [f"{name}: {value}\r\n" for name, value in (*self.headers, *more)]
        return f"HTTP/1.1 {self.status} Told\r\n{''.join(lines)}\r\n".encode("latin-1")

    def without_id(self) -> Given:
        kept = tuple((name, value) for name, value in self.headers if name.lower() != OWN_ID)
        return replace(self, headers=kept)


@dataclass(frozen=True)
class Wire:
    """What is done on the connection: wait, write, and then go on, hang up, or reset.

    `later` is written when the next request comes on the same connection, before its answer.
    """

    raw: bytes = b""
    then: Literal["go on", "hang up", "reset"] = "go on"
    wait: float = 0.0
    later: bytes = b""


@dataclass(frozen=True)
class Kept:
    """One exchange that came by. `true` is None if the request was kept from the engine."""

    asked: Asked
    true: Given | None
    harmed: bool


Harm = Callable[[Asked, Given, Given | None], Wire | None]
"""From the request, its true answer and the one given before it, to what is done."""


class FaultyProxy:
    """Listens on the loopback interface and passes on what it is asked.

    Args:
        engine: The URL to pass it on to.
        opens_after: Until so many seconds have passed, connections are refused.

    Attributes:
        harm: Chooses the harm for a request; None leaves it alone.
        keeps_out: Chooses the requests of which the engine is never to hear: they are reset.
        strips_ids: Whether `X-Opaque-Id` is hidden, as if the engine did not know of it.
        seen: What came by.
    """

    def __init__(self, engine: str, opens_after: float = 0.0) -> None:
        self.harm: Callable[[Asked], Harm | None] = lambda _: None
        self.keeps_out: Callable[[Asked], bool] = lambda _: False
        self.strips_ids = False
        self.seen: list[Kept] = []
        self._engine = urlsplit(engine).netloc
        self._last: Given | None = None
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            later = b""

            def log_message(self, format: str, *args: object) -> None:
                pass

            def _serve(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                asked = Asked(self.command, self.path, body, tuple(self.headers.items()))
                with contextlib.suppress(OSError):  # specgen may have hung up meanwhile
                    self.wfile.write(self.later)
                    self._do(proxy.exchange(asked))

            def _do(self, wire: Wire) -> None:
                self.later = wire.later
                time.sleep(wire.wait)
                self.wfile.write(wire.raw)
                self.close_connection = wire.then != "go on"
                if wire.then == "reset":
                    linger = struct.pack("ii", 1, 0)
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                    self.connection.close()

            do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _serve

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False

            def handle_error(self, request: object, client_address: object) -> None:
                pass  # connections break here on purpose

        self._server = Server(("127.0.0.1", 0), Handler, bind_and_activate=False)
        self._server.server_bind()  # the port is taken, and nobody listens yet
        self._opens_after = opens_after
        self._thread = threading.Thread(target=self._serve)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def exchange(self, asked: Asked) -> Wire:
        """Passes a request on, and decides what is done with its answer."""
        if self.keeps_out(asked):
            self.seen.append(Kept(asked, None, True))
            return Wire(then="reset")
        true = self._passed_on(asked)
        harm = self.harm(asked)
        wire = harm(asked, true, self._last) if harm else None
        self._last = true
        self.seen.append(Kept(asked, true, wire is not None))
        return wire or Wire(_plain(asked, true))

    def reached(self, method: str, path: str) -> int:
        """How often the engine got such a request."""
        return sum(
            kept.true is not None and (kept.asked.method, kept.asked.path) == (method, path)
            for kept in self.seen
        )

    def _serve(self) -> None:
        if self._opens_after:
            time.sleep(self._opens_after)
            self._server.server_activate()
        self._server.serve_forever(0.01)

    def _passed_on(self, asked: Asked) -> Given:
        onward = HTTPConnection(self._engine, timeout=30)
        try:
            own = {*_HOP, "host", "accept-encoding"}  # so that bodies can be cut as they read
            headers = {k: v for k, v in asked.headers if k.lower() not in own}
            has_body = any(k.lower() == "content-length" for k, _ in asked.headers)
            onward.request(asked.method, asked.path, asked.body if has_body else None, headers)
            got = onward.getresponse()
            given = tuple((k, v) for k, v in got.getheaders() if k.lower() not in _HOP)
            true = Given(got.status, given, got.read())
        finally:
            onward.close()
        return true.without_id() if self.strips_ids else true

    def __enter__(self) -> Self:
        if not self._opens_after:
            self._server.server_activate()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _plain(asked: Asked, given: Given) -> bytes:
    return given.head((("Content-Length", "0"),)) if asked.method == "HEAD" else given.raw()


JSON = (("Content-Type", "application/json; charset=UTF-8"),)


def bare_200(asked: Asked, true: Given, last: Given | None) -> Wire | None:
    """200 and nothing else, as from something that stands in for the cluster."""
    return Wire(Given(200, (), b"").raw())


def empty_json(asked: Asked, true: Given, last: Given | None) -> Wire | None:
    """200, said to be JSON, with an empty body."""
    return Wire(Given(200, JSON, b"").raw())


def emptied(asked: Asked, true: Given, last: Given | None) -> Wire | None:
    """The true head, and a length of 0."""
    return Wire(replace(true, body=b"").raw()) if true.body else None


def emptied_gzip(asked: Asked, true: Given, last: Given | None) -> Wire | None:
    """The same where the engine's answer was compressed."""
    headers = (*true.headers, ("Content-Encoding", "gzip"))
    return Wire(Given(true.status, headers, b"").raw()) if true.body else None


def cut(asked: Asked, true: Given, last: Given | None) -> Wire | None:
    """Half of the body, then the end of the connection."""
    return _half(true, lambda half: Wire(half.raw(len(true.body)), "hang up"))


def cut_by_reset(asked: Asked, true: Given, last: Given | None) -> Wire | None:
    """Half of the body, then a reset."""
    return _half(true, lambda half: Wire(half.raw(len(true.body)), "reset"))


def cut_chunks(asked: Asked, true: Given, last: Given | None) -> Wire | None:
    """Half of the body in a whole chunk, and no last chunk."""

    def chunked(half: Given) -> Wire:
        head = half.head((("Transfer-Encoding", "chunked"),))
        return Wire(head + b"%x\r\n%s\r\n" % (len(half.body), half.body), "hang up")

    return _half(true, chunked)


def unframed(asked: Asked, true: Given, last: Given | None) -> Wire | None:
    """Half of the body and no length, so that the end of the connection is the end of it."""
    return _half(true, lambda half: Wire(half.head() + half.body, "hang up"))


def shortened(asked: Asked, true: Given, last: Given | None) -> Wire | None:
    """Half of the body, told to be all."""
    return _half(true, lambda half: Wire(half.raw()))


def cut_gzip(asked: Asked, true: Given, last: Given | None) -> Wire | None:
    """A compressed body that lacks its end, told to be all."""
    packed = gzip.compress(true.body)[:-12]
    headers = (*true.headers, ("Content-Encoding", "gzip"))
    return Wire(Given(true.status, headers, packed).raw()) if true.body else None


def not_json(asked: Asked, true: Given, last: Given | None) -> Wire | None:
    """Something that is said to be JSON."""
    welcome = Given(true.status, true.headers, b"<html>Welcome</html>")
    return Wire(welcome.raw()) if true.body else None


def repeated(asked: Asked, true: Given, last: Given | None) -> Wire | None:
    """What was answered last, once more."""
    return Wire(_plain(asked, last)) if last else None


def of_another(asked: Asked, true: Given, last: Given | None) -> Wire | None:
    """What a cluster answers to most requests that change something."""
    headers = (*JSON, ("X-Opaque-Id", "of-somebody-else"))
    return Wire(Given(200, headers, b'{"acknowledged":true,"shards_acknowledged":true}').raw())


def of_nobody(asked: Asked, true: Given, last: Given | None) -> Wire | None:
    """The same, with nothing that says whose it is."""
    return Wire(Given(200, JSON, b'{"acknowledged":true,"shards_acknowledged":true}').raw())


def late(asked: Asked, true: Given, last: Given | None) -> Wire | None:
    """The true answer, later than anybody waits."""
    return Wire(_plain(asked, true), wait=1.2)


def reset(asked: Asked, true: Given, last: Given | None) -> Wire | None:
    """Nothing: the connection is reset when the engine has answered."""
    return Wire(then="reset")


def hung_up(asked: Asked, true: Given, last: Given | None) -> Wire | None:
    """Nothing: the connection is closed when the engine has answered."""
    return Wire(then="hang up")


def slow(asked: Asked, true: Given, last: Given | None) -> Wire | None:
    """The true answer, a little late: no harm at all."""
    return Wire(_plain(asked, true), wait=0.01)


def followed(asked: Asked, true: Given, last: Given | None) -> Wire | None:
    """The true answer, with a second one behind it: harmless if that is never read."""
    return Wire(_plain(asked, true) * 2)


def out_of_step(asked: Asked, true: Given, last: Given | None) -> Wire | None:
    """The true answer, and once more as the answer to the next request."""
    return Wire(_plain(asked, true), later=_plain(asked, true))


def _half(true: Given, harm: Callable[[Given], Wire]) -> Wire | None:
    size = len(true.body) // 2
    return harm(replace(true, body=true.body[:size])) if size else None
