"""Sends calls over HTTP: one request, one answer, nothing behind the caller's back.

The adapter of `requests` is used without its session: no redirect is followed, no cookie is
kept, no proxy and no `.netrc` of the environment is looked at, and a URL is sent as it is.
What is returned came whole and, where the target tells, is the answer to this very request.
Importing this module imports `requests` (0.1 s and more), so it is imported when a target opens.
"""

from __future__ import annotations

import gzip
import time
import zlib
from collections.abc import MutableMapping
from dataclasses import replace
from functools import partial
from http.client import HTTPException
from threading import Event
from typing import Any, cast
from urllib.parse import urlsplit

import requests
import tenacity
import urllib3
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict

from specgen.target.address import call_url, check_headers
from specgen.target.failures import broken_answer, no_answer
from specgen.target.guard import reads_only
from specgen.target.values import Answer, Call
from specgen.target.wholeness import ID_HEADER, AnswerHarmed, Correlation, NoAnswer, harm_of

__all__ = ["Sender", "first_answer"]

_JSON = "application/json; charset=UTF-8"
_FAILURES = (
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    HTTPException,
    OSError,
    ValueError,
)


class Sender:
    """Sends calls to one base URL over connections that are kept open.

    Args:
        base: As `address.base_url` gives it.
        timeout: How long to wait for a connection, and for the next bytes, in seconds.
        headers: Sent with every call; what a call brings wins over them.
        authorization: The value of the Authorization header, or nothing.
        ca_file: What to trust instead of the usual authorities; an empty string: these.
        client_cert: Path of the client's certificate, its key in the same file or apart.
        client_key: Path of its key.
    """

    def __init__(
        self,
        base: str,
        *,
        timeout: float,
        headers: tuple[tuple[str, str], ...] = (),
        authorization: str = "",
        ca_file: str = "",
        client_cert: str = "",
        client_key: str = "",
    ) -> None:
        check_headers(headers)
        self.base = base
        self._seconds = timeout
        self._timeout = urllib3.Timeout(connect=timeout, read=timeout)
        parts = urlsplit(base)
        self._origin = len(f"{parts.scheme}://{parts.netloc}")
        self._pool: urllib3.HTTPConnectionPool | None = None
        self._verify: bool | str = ca_file or True
        self._cert = (client_cert, client_key) if client_key else client_cert or None
        self._headers = {"User-Agent": "specgen", "Accept": "*/*", "Accept-Encoding": "gzip"}
        self._headers |= {"Authorization": authorization} if authorization else {}
        self._headers = dict(CaseInsensitiveDict([*self._headers.items(), *headers]).items())
        self._ids = Correlation()
        self._adapter = HTTPAdapter(max_retries=0, pool_maxsize=8)
        self._retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception(lambda e: isinstance(e, NoAnswer) and e.passing),
            stop=tenacity.stop_after_attempt(3),
            wait=tenacity.wait_exponential(multiplier=0.1, max=1),
            reraise=True,
        )

    def send(self, call: Call, *, retry: bool = True) -> Answer:
        """Sends a call and waits for its answer.

        A connection that was refused is tried again a few times, one that broke only where
        sending twice does the same as sending once: what might have written never is.

        Args:
            call: What to send.
            retry: Whether it may be tried again at all.

        Raises:
            CallRefused: The call could leave the target or cannot be put into a request.
            AnswerHarmed: An answer came that is not whole, or is none to this call.
            TargetUnreachable: No answer came, or one that is no HTTP.
        """
        url, headers = call_url(self.base, call), self._headers_of(call)
        sent = None if ID_HEADER in headers else self._ids.next_id(call)
        if sent:
            headers[ID_HEADER] = sent
        once = partial(self._once, call, url[self._origin :] or "/", headers)
        try:
            answer = once()
        except NoAnswer as failure:
            if not (retry and failure.passing):
                raise
            answer = self._retrying(once)
        return answer if sent is None else self._own(answer, sent)

    def close(self) -> None:
        """Closes the connections; may be called twice."""
        self._adapter.close()
        self._pool = None

    def _headers_of(self, call: Call) -> MutableMapping[str, str]:
        headers = dict(self._headers)
        if call.body is not None:
            headers |= {"Content-Type": _JSON, "Content-Length": str(len(call.body))}
        if not call.headers:
            return headers
        check_headers(call.headers)
        # Names are the same however they are spelt; only here can one stand twice.
        return CaseInsensitiveDict([*headers.items(), *call.headers])

    def _connections(self) -> urllib3.HTTPConnectionPool:
        """The connections to the target, with what `requests` knows of trust and certificates."""
        if self._pool is None:
            request = requests.Request("GET", self.base).prepare()
            # Neither has types that tell of this.
            get: Any = self._adapter.get_connection_with_tls_context
            trust: Any = self._adapter.cert_verify
            pool = get(request, self._verify, cert=self._cert)
            trust(pool, self.base, self._verify, self._cert)
            self._pool = cast("urllib3.HTTPConnectionPool", pool)
        return self._pool

    def _once(self, call: Call, target: str, headers: MutableMapping[str, str]) -> Answer:
        try:
            # A session and its prepared requests do the same for each request in twice the time.
            response = self._connections().urlopen(
                call.method,
                target,
                call.body,
                headers,
                retries=False,
                redirect=False,
                assert_same_host=False,
                timeout=self._timeout,
                preload_content=False,
                decode_content=False,
            )
        except _FAILURES as error:
            again = _may_be_sent_twice(call)
            failure = no_answer(error, self.base, self._seconds, again=again)
        else:
            return self._whole(call.method, response)
        raise failure  # outside the handler: what it would be chained to may show headers

    def _whole(self, method: str, response: urllib3.BaseHTTPResponse) -> Answer:
        """The answer with its body, if all of that comes."""
        try:
            # Read and unpacked here, since the libraries pass over the missing end of a gzip.
            body = response.read(decode_content=False)
            if method != "HEAD":
                body = _unpacked(body, response.headers.get("Content-Encoding", ""))
        except (*_FAILURES, EOFError, zlib.error) as error:
            failure = broken_answer(error, self.base, self._seconds)
        else:
            answer = Answer(response.status, tuple(response.headers.iteritems()), body)
            # An error may come from what stands before the cluster; its status is told then.
            harm = harm_of(method, answer) if 200 <= answer.status < 300 else ""
            if not harm:
                return answer
            failure = self._harmed(answer, harm)
        raise failure

    def _own(self, answer: Answer, sent: str) -> Answer:
        """The answer if it is to the request with this id, without the id."""
        if harm := self._ids.harm_of(sent, answer):
            raise self._harmed(answer, harm)
        kept = tuple(pair for pair in answer.headers if pair[0].lower() != ID_HEADER.lower())
        return answer if len(kept) == len(answer.headers) else replace(answer, headers=kept)

    def _harmed(self, answer: Answer, harm: str) -> AnswerHarmed:
        self.close()  # what still stands in its connections belongs to nobody
        hint = "Look at what stands between specgen and the cluster: a proxy, a load balancer."
        message = f"{self.base}: the answer ({answer.status}) cannot be used: {harm}."
        return AnswerHarmed(message, hint)


def _unpacked(body: bytes, encoding: str) -> bytes:
    """A body without the compression that specgen said it can read."""
    if encoding in {"", "identity"}:
        return body
    if encoding not in {"gzip", "x-gzip"} or not body:  # nothing, compressed, is something
        raise EOFError
    return gzip.decompress(body)


def _may_be_sent_twice(call: Call) -> bool:
    """Whether a call does the same if it is sent twice: it reads, and moves no cursor on."""
    moving = "scroll" in call.path or "sql" in call.path
    moving = moving or any(name in {"scroll", "scroll_id"} for name, _ in call.query)
    reads = call.method in {"GET", "HEAD"} and not moving
    return reads and reads_only(call.method, call.path, call.query, call.body)


def first_answer(base: str, ends: float, ended: Event) -> Answer:
    """Asks `GET /` until there is an answer.

    Args:
        base: The base URL of what was just started.
        ends: When to give up, on the clock of `time.monotonic`.
        ended: Set when waiting is in vain.

    Raises:
        TargetUnreachable: There was none in time.
    """
    left = max(0.1, ends - time.monotonic())
    waiting = tenacity.Retrying(
        retry=tenacity.retry_if_exception_type(NoAnswer),
        stop=tenacity.stop_after_delay(left) | tenacity.stop_when_event_set(ended),
        wait=tenacity.wait_fixed(0.02),
        reraise=True,
    )
    sender = Sender(base, timeout=left)
    try:
        return waiting(sender.send, Call("GET", ""), retry=False)
    finally:
        sender.close()
