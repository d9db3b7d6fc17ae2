"""Puts the embedded engine and what specgen emulates behind one URL, for any client."""

from __future__ import annotations

import gzip
import sys
import threading
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

from specgen.errors import TargetUnreachable
from specgen.target.connectors import ConnectorApis
from specgen.target.embedded import EmbeddedTarget
from specgen.target.values import Answer, Call, Closing, TargetInfo
from specgen.target.wholeness import ID_HEADER

__all__ = ["Front"]

# RFC 9110, 7.6.1: these belong to one connection. A length is told anew.
_OF_ONE_CONNECTION = frozenset(
    {"connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "content-length"}
)
_SECONDS = 300.0


class Front(Closing):
    """An embedded engine at a loopback URL that answers the connector APIs too.

    Answers that specgen made itself carry the header `X-Specgen-Emulated`.

    Args:
        port: Where to listen; 0 takes a free one.

    Raises:
        TargetUnreachable: The engine cannot be started.
    """

    def __init__(self, port: int = 0) -> None:
        self._engine = EmbeddedTarget()
        self.pid = self._engine.pid
        """The id of the engine's process."""
        apis = ConnectorApis(now=lambda: datetime.now(UTC), new_id=lambda: uuid4().hex)
        try:
            self._server = _Server(("127.0.0.1", port), _Handler)
        except BaseException:
            self._engine.close()
            raise
        self._server.apis = apis
        self._server.engine = urlsplit(self._engine.info.url).netloc
        thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        thread.start()

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def info(self) -> TargetInfo:
        """What is known of the engine behind it."""
        return self._engine.info

    def failure(self) -> TargetUnreachable | None:
        """What to tell if the engine has ended; None while it runs."""
        return self._engine.failure()

    def close(self) -> None:
        """Stops listening and ends the engine; may be called twice."""
        self._server.shutdown()
        self._server.server_close()
        self._engine.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    apis: ConnectorApis
    engine: str

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(address, handler)
        self.lock = threading.Lock()

    def handle_error(self, request: object, client_address: object) -> None:
        """Tells what failed, but not that a client hung up."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    """One client's connection: each request goes to the emulation, else on to the engine."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: standard error is for what went wrong."""

    def _serve(self) -> None:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            self.close_connection = True
            self._send(411, (), b"")
            return
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if answer := self._emulated(body):
            mark = ("X-Specgen-Emulated", "connector APIs")
            self._send(answer.status, (*answer.headers, mark), answer.body)
        else:
            self._forward(body)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = do_PATCH = _serve

    def _emulated(self, body: bytes) -> Answer | None:
        parts = urlsplit(self.path)
        if not parts.path.lstrip("/").startswith("_connector"):
            return None
        if body and self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        query = tuple(parse_qsl(parts.query, keep_blank_values=True))
        call = Call(self.command, parts.path.strip("/"), query, body or None)
        with self.server.lock:
            return self.server.apis.answers(call)

    def _forward(self, body: bytes) -> None:
        headers = {k: v for k, v in self.headers.items() if k.lower() not in _OF_ONE_CONNECTION}
        has_body = bool(body) or "Content-Length" in self.headers
        # One that is kept could be closed by the engine just as it is used again.
        onward = HTTPConnection(self.server.engine, timeout=_SECONDS)
        try:
            onward.request(self.command, self.path, body if has_body else None, headers)
            response = onward.getresponse()
            received = response.read()
        except (OSError, HTTPException) as error:
            self._send(502, (), f"the embedded engine did not answer: {error}\n".encode())
            return
        finally:
            onward.close()
        kept = [(k, v) for k, v in response.getheaders() if k.lower() not in _OF_ONE_CONNECTION]
        length = response.headers.get("Content-Length") if self.command == "HEAD" else None
        self._send(response.status, tuple(kept), received, length)

    def _send(
        self,
        status: int,
        headers: tuple[tuple[str, str], ...],
        body: bytes,
        length: str | None = None,
    ) -> None:
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        told = self.headers.get(ID_HEADER, "")
        if told and told.isprintable():  # sent back, as Elasticsearch does
            self.send_header(ID_HEADER, told)
        if status not in (204, 304):
            self.send_header("Content-Length", length or str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
