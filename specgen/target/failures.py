"""Why no answer came, in plain words. Imported with `requests`, when a target opens."""

from __future__ import annotations

import gzip
import socket
import ssl
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPException
from typing import Literal

from urllib3 import exceptions as errors

from specgen.target.wholeness import AnswerHarmed, NoAnswer

__all__ = ["NoAnswer", "broken_answer", "no_answer"]

_Kinds = type[BaseException] | tuple[type[BaseException], ...]
_SLOW = (errors.ReadTimeoutError, TimeoutError)
_TLS_HINT = "Does the cluster speak https? Then name it with https://."


def no_answer(error: Exception, base: str, timeout: float, *, again: bool) -> NoAnswer:
    """Tells what an exception of the HTTP libraries means.

    Args:
        error: What was raised; nothing of its text is shown but the system's own words.
        base: The target's URL without credentials.
        timeout: How long was waited, in seconds.
        again: Whether the request does the same if it is sent twice, so that it may be sent
            again after a connection broke.
    """
    causes = tuple(_causes(error))
    other = _Reason(Exception, _system_words(causes))
    reason = next((r for r in _reasons(timeout) if _is_any(causes, r.kinds)), other)
    words = reason.words + _verdict(causes)
    safe = reason.again == "always" or (reason.again == "reading" and again)
    return NoAnswer(f"{base} cannot be reached: {words}.", reason.hint, passing=safe)


def broken_answer(error: Exception, base: str, timeout: float) -> NoAnswer:
    """Tells what an exception means that came while a body was read.

    Args:
        error: What was raised.
        base: The target's URL without credentials.
        timeout: How long was waited for more, in seconds.
    """
    causes = tuple(_causes(error))
    if _is_any(causes, _SLOW):
        return no_answer(error, base, timeout, again=False)
    unread = _is_any(causes, (zlib.error, EOFError, gzip.BadGzipFile))
    words = "its compressed answer cannot be read" if unread else "its answer broke off"
    return AnswerHarmed(f"{base}: {words}.", "")


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
        _Reason(_SLOW, f"no answer within {timeout:g} s", slow),
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
