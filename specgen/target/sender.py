"""Sends calls over HTTP: one request, one answer, nothing behind the caller's back.

The adapter of `requests` is used without its session: no redirect is followed, no cookie is
kept, no proxy and no `.netrc` of the environment is looked at, and a URL is sent as it is.
Importing this module imports `requests` (0.1 s and more), so it is imported when a target opens.
"""

from __future__ import annotations

import time
from http.client import HTTPException
from threading import Event

import requests
import tenacity
import urllib3
from requests.adapters import HTTPAdapter
from requests.hooks import default_hooks
from requests.structures import CaseInsensitiveDict

from specgen.target.address import call_url, check_headers
from specgen.target.failures import NoAnswer, no_answer
from specgen.target.values import Answer, Call

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
        self._timeout = (timeout, timeout)
        self._verify: bool | str = ca_file or True
        self._cert = (client_cert, client_key) if client_key else client_cert or None
        self._headers = {"User-Agent": "specgen", "Accept": "*/*", "Accept-Encoding": "gzip"}
        self._headers |= {"Authorization": authorization} if authorization else {}
        self._headers |= dict(headers)
        self._adapter = HTTPAdapter(max_retries=0, pool_maxsize=8)
        self._retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception(lambda e: isinstance(e, NoAnswer) and e.passing),
            stop=tenacity.stop_after_attempt(3),
            wait=tenacity.wait_exponential(multiplier=0.1, max=1),
            reraise=True,
        )

    def send(self, call: Call, *, retry: bool = True) -> Answer:
        """Sends a call and waits for its answer.

        A connection that was refused is tried again a few times, one that broke only for
        GET and HEAD: what might have written is never sent twice.

        Args:
            call: What to send.
            retry: Whether it may be tried again at all.

        Raises:
            CallRefused: The call could leave the target or cannot be put into a request.
            TargetUnreachable: No answer came, or one that is no HTTP.
        """
        request = self._prepared(call)
        try:
            return self._once(request)
        except NoAnswer as failure:
            if not (retry and failure.passing):
                raise
        return self._retrying(self._once, request)

    def close(self) -> None:
        """Closes the connections; may be called twice."""
        self._adapter.close()

    def _prepared(self, call: Call) -> requests.PreparedRequest:
        check_headers(call.headers)
        request = requests.PreparedRequest()
        request.method = call.method
        request.url = call_url(self.base, call)
        request.headers = CaseInsensitiveDict(self._headers)
        request.hooks = default_hooks()
        if call.body is not None:
            request.body = call.body
            request.headers["Content-Type"] = _JSON
            request.headers["Content-Length"] = str(len(call.body))
        request.headers.update(call.headers)
        return request

    def _once(self, request: requests.PreparedRequest) -> Answer:
        try:
            response = self._adapter.send(
                request, timeout=self._timeout, verify=self._verify, cert=self._cert
            )
            body = response.content
        except _FAILURES as error:
            failure = no_answer(error, self.base, request.method or "", self._timeout[0])
        else:
            received = tuple(response.raw.headers.iteritems())
            return Answer(response.status_code, received, body)
        raise failure  # outside the handler: what it would be chained to may show headers


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
