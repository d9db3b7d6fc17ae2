"""From a call to a URL that cannot leave its target.

A page names a path and a query, never a scheme or a host; whatever it writes, the URL
begins with the target's base URL and does not climb out of it.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from specgen.errors import UsageProblem
from specgen.target.guard import CallRefused
from specgen.target.values import Call

__all__ = ["base_url", "call_url", "check_headers", "without_userinfo"]

# RFC 3986: what may stand in a path as it is.
_PATH_SAFE = "/:@!$&'()*+,;=-._~%"
_QUERY_SAFE = "*,:/-._~"
_PASSWORD_HINT = "If a password holds `#`, `?` or `/`, write these percent-encoded."
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_METHOD = re.compile(r"[A-Z]{1,20}")
_HOST = re.compile(r"[\w.:%-]+")
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
# These are the sender's; `x-http-method` and its kin make a write of what looks like a read.
_RESERVED = re.compile(
    r"host|content-length|transfer-encoding|connection|upgrade|te|trailer|expect"
    r"|proxy-.*|x-http-method.*|x-method-override",
    re.IGNORECASE,
)


def without_userinfo(url: str) -> str:
    """The URL or what was meant as one, whatever stands before its last `@` masked."""
    scheme, mark, rest = url.rpartition("://")
    hidden, at, place = rest.rpartition("@")
    return f"{scheme}{mark}***@{place}" if at and hidden else url


def base_url(url: str) -> str:
    """The base URL of a target in the one form that calls are put behind.

    Raises:
        UsageProblem: It is no http(s) URL with a host, or carries user, query or fragment.
    """
    shown = without_userinfo(url)
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:  # its words may quote what is a password
        raise UsageProblem(f"{shown} is not a URL.", _PASSWORD_HINT) from None
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(host) or _CONTROL.search(url):
        raise UsageProblem(f"{shown} is not the URL of a cluster.", "Like http://127.0.0.1:9200")
    if "@" in parts.netloc:
        raise UsageProblem(f"{shown} carries credentials where none are expected.")
    if parts.query or parts.fragment:
        raise UsageProblem(
            f"{shown} has a query or fragment; a target is a scheme, a host and a base path.",
            _PASSWORD_HINT,
        )
    try:
        path = _encoded_path(parts.path.strip("/"))
    except CallRefused as error:
        raise UsageProblem(f"{shown} is not the URL of a cluster: {error.message}") from None
    place = f"[{host}]" if ":" in host else host
    netloc = place if port is None else f"{place}:{port}"
    return urlunsplit((parts.scheme, netloc, path, "", "")).rstrip("/")


def call_url(base: str, call: Call) -> str:
    """The URL of a call on a target.

    The path is percent-encoded, keeping what is encoded already (`%3C`); a query parameter
    with an empty value is written as its name alone.

    Args:
        base: As `base_url` gives it.
        call: The call; one leading slash of its path is passed over.

    Raises:
        CallRefused: The path could leave the target, or the method or path cannot be sent.
    """
    if not _METHOD.fullmatch(call.method):
        raise CallRefused(f"{call.method!r} is not an HTTP method that can be sent.")
    url = f"{base}/{_encoded_path(call.path.removeprefix('/'))}"
    if not call.query:
        return url
    try:
        return url + "?" + "&".join(_parameter(name, value) for name, value in call.query)
    except UnicodeEncodeError:
        raise CallRefused(f"The query of {call.path!r} is not valid text.") from None


def check_headers(headers: tuple[tuple[str, str], ...]) -> None:
    """Looks for headers that would change more than the request they stand on.

    Raises:
        CallRefused: A name is malformed or the sender's own, or a value breaks the line.
    """
    for name, value in headers:
        if not _HEADER_NAME.fullmatch(name) or _CONTROL.search(value.replace("\t", "")):
            raise CallRefused(f"The header {name!r} cannot be sent: it is malformed.")
        if _RESERVED.fullmatch(name):
            raise CallRefused(f"The header {name!r} cannot be set for a single request.")


def _parameter(name: str, value: str) -> str:
    encoded = quote(name, safe=_QUERY_SAFE)
    return f"{encoded}={quote(value, safe=_QUERY_SAFE)}" if value else encoded


def _encoded_path(path: str) -> str:
    if _CONTROL.search(path):
        raise CallRefused(f"The path {path!r} holds a control character.")
    if path.startswith("/") or "//" in path:
        raise CallRefused(f"The path {path!r} has an empty segment.")
    if _climbs(path):
        raise CallRefused(
            f"The path {path!r} has a `.` or `..` segment, which could leave the target."
        )
    try:
        return quote(_STRAY_PERCENT.sub("%25", path), safe=_PATH_SAFE)
    except UnicodeEncodeError:
        raise CallRefused(f"The path {path!r} is not valid text.") from None


def _climbs(path: str) -> bool:
    """Whether a server or proxy, decoding as often as it likes, could see a dot segment."""
    if "." not in path and "%" not in path:
        return False
    while (decoded := unquote(path)) != path:
        path = decoded
    segments = re.split(r"[/\\]", path)
    return any(segment.partition(";")[0] in {".", ".."} for segment in segments)
