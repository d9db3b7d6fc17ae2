"""Why no answer came, in plain words. Imported with `requests`, when a target opens."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPException, IncompleteRead
from typing import Literal

from requests import exceptions
from urllib3 import exceptions as errors

from specgen.errors import TargetUnreachable

__all__ = ["NoAnswer", "no_answer"]

_Kinds = type[BaseException] | tuple[type[BaseException], ...]
_TLS_HINT = "Does the cluster speak https? Then name it with https://."


class NoAnswer(TargetUnreachable):
    """A request got no answer.

    Attributes:
        passing: Whether trying once more may help and cannot write anything twice.
    """

    def __init__(self, message: str, hint: str, *, passing: bool) -> None:
        super().__init__(message, hint)
        self.passing = passing


def no_answer(error: Exception, base: str, method: str, timeout: float) -> NoAnswer:
    """Tells what an exception of the HTTP libraries means.

    Args:
        error: What was raised; nothing of its text is shown but the system's own words.
        base: The target's URL without credentials.
        method: Of the request: what only reads may be sent again after a broken connection.
        timeout: How long was waited, in seconds.
    """
    causes = tuple(_causes(error))
    other = _Reason(Exception, _system_words(causes))
    reason = next((r for r in _reasons(timeout) if _is_any(causes, r.kinds)), other)
    words = reason.words + _verdict(causes)
    safe = reason.again == "always" or (reason.again == "reading" and method in {"GET", "HEAD"})
    return NoAnswer(f"{base} cannot be reached: {words}.", reason.hint, passing=safe)


@dataclass(frozen=True, slots=True)
class _Reason:
    kinds: _Kinds
    words: str
    hint: str = ""
    again: Literal["never", "reading", "always"] = "never"


def _reasons(timeout: float) -> tuple[_Reason, ...]:
    """What can have happened, the most telling kind of exception first."""
    slow = "Give it longer with --timeout."
    up = "Is the cluster running, and is the port right?"
    trust = "Name the authority that signed it with a CA file."
    return (
        _Reason(ssl.SSLCertVerificationError, "its certificate is not trusted", trust),
        _Reason(ssl.SSLError, "no encrypted connection comes about", "Or is it plain http://?"),
        _Reason(socket.gaierror, "its host name is not known", "Is the name spelt right?"),
        _Reason(ConnectionRefusedError, "nothing listens there (connection refused)", up, "always"),
        _Reason(errors.ConnectTimeoutError, f"no connection within {timeout:g} s", slow),
        _Reason((errors.ReadTimeoutError, TimeoutError), f"no answer within {timeout:g} s", slow),
        _Reason((IncompleteRead, exceptions.ChunkedEncodingError), "its answer broke off"),
        _Reason(
            (errors.DecodeError, exceptions.ContentDecodingError),
            "its compressed answer cannot be read",
        ),
        _Reason(
            ConnectionError, "the connection broke before an answer came", _TLS_HINT, "reading"
        ),
        _Reason(HTTPException, "what answers there does not speak HTTP", _TLS_HINT),
    )


def _is_any(causes: tuple[BaseException, ...], kinds: _Kinds) -> bool:
    return any(isinstance(cause, kinds) for cause in causes)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exception and all that it was made from, whichever way the libraries keep it."""
    seen: list[BaseException] = [error]
    for found in seen:
        yield found
        inner = (found.__cause__, found.__context__, getattr(found, "reason", None), *found.args)
        seen += [e for e in inner if isinstance(e, BaseException) and e not in seen]


def _system_words(causes: tuple[BaseException, ...]) -> str:
    words = (cause.strerror for cause in causes if isinstance(cause, OSError) and cause.errno)
    return next((word for word in words if word), f"{type(causes[0]).__name__} was raised")


def _verdict(causes: tuple[BaseException, ...]) -> str:
    told = (getattr(cause, "verify_message", "") for cause in causes)
    return next((f" ({message})" for message in told if message), "")
