"""Opens a target by its name or URL, behind the guard."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from specgen.errors import UsageProblem
from specgen.target.address import base_url, without_userinfo
from specgen.target.auth import Credentials, Secrets, credentials_from, secret_headers
from specgen.target.guard import CallRefused, check_marker, marker_call
from specgen.target.values import Call, TargetInfo

if TYPE_CHECKING:
    from specgen.target.embedded import EmbeddedTarget
    from specgen.target.url import UrlTarget

__all__ = ["TARGETS", "TargetSettings", "open_target"]

TARGETS = ("embedded",)
"""The targets that have a name; all others are URLs."""


@dataclass(frozen=True, slots=True)
class TargetSettings:
    """Which target, and how to reach it. Shows nothing secret when printed.

    Attributes:
        target: A name out of `TARGETS`, or an http(s) URL with an optional base path.
        disposable: Whether pages may change and delete anything there.
        read_only: Whether only requests that read may be sent.
        timeout: How long a request may take, in seconds.
        headers: Sent with every request.
        credentials: Who specgen is there; those in the URL serve if there are none.
        ca_file: PEM file of the authorities to trust instead of the usual ones.
        client_cert: PEM file with the client's certificate, and its key if that is not apart.
        client_key: PEM file with its key.
    """

    target: str = field(default="embedded", repr=False)
    disposable: bool = False
    read_only: bool = False
    timeout: float = 30.0
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    credentials: Credentials | None = None
    ca_file: str = ""
    client_cert: str = ""
    client_key: str = ""

    @property
    def secrets(self) -> Secrets:
        """All that these settings hold and that no output may show."""
        _, in_url = credentials_from(self.target, {}, {})
        known = [who for who in (self.credentials, in_url) if who]
        values = [value for who in known for value in who.secrets]
        return Secrets((*values, *secret_headers(self.headers)))


def open_target(settings: TargetSettings) -> EmbeddedTarget | UrlTarget:
    """Opens the target; use it as a context manager, or call its `close`.

    A URL is first asked for the marker index and nothing else, unless the settings say that
    it is disposable or only to be read.

    Raises:
        UsageProblem: There is no such target, or the settings contradict each other.
        TargetUnsafe: Nobody said that its data may be lost.
        TargetUnreachable: It does not answer, or with something that is no cluster's answer.
    """
    if settings.timeout <= 0:
        raise UsageProblem(f"A timeout of {settings.timeout:g} s leaves no time for an answer.")
    if settings.target == "embedded":
        return _open_embedded(settings)
    if settings.target.startswith(("http://", "https://")):
        return _open_url(settings)
    raise _unknown(settings.target)


def _open_embedded(settings: TargetSettings) -> EmbeddedTarget:
    # Imported here so that commands which open no target start fast.
    from datetime import UTC, datetime
    from uuid import uuid4

    from specgen.target.connectors import ConnectorApis
    from specgen.target.embedded import START_SECONDS, EmbeddedTarget

    apis = ConnectorApis(now=lambda: datetime.now(UTC), new_id=lambda: uuid4().hex)
    return EmbeddedTarget(
        apis,
        timeout=settings.timeout,
        start_timeout=max(START_SECONDS, settings.timeout),
        read_only=settings.read_only,
    )


def _open_url(settings: TargetSettings) -> UrlTarget:
    # Imported here so that commands which open no target start fast.
    from specgen.target.sender import Sender
    from specgen.target.url import UrlTarget, identify

    url, credentials = _who(settings)
    base = base_url(url)
    _check_files(settings)
    try:
        sender = Sender(
            base,
            timeout=settings.timeout,
            headers=settings.headers,
            authorization=credentials.header if credentials else "",
            ca_file=settings.ca_file,
            client_cert=settings.client_cert,
            client_key=settings.client_key,
        )
    except CallRefused as error:
        raise UsageProblem(error.message) from None
    try:
        if not (settings.disposable or settings.read_only):
            check_marker(sender.send(marker_call(), retry=False), base)
        distribution, version = identify(sender.send(Call("GET", "")), base)
    except BaseException:
        sender.close()
        raise
    info = TargetInfo(
        name=base,
        url=base,
        distribution=distribution,
        version=version,
        disposable=not settings.read_only,
        read_only=settings.read_only,
    )
    return UrlTarget(sender, info)


def _who(settings: TargetSettings) -> tuple[str, Credentials | None]:
    url, in_url = credentials_from(settings.target, {}, {})
    if in_url and settings.credentials and in_url != settings.credentials:
        raise UsageProblem(
            "Credentials are given both in the URL and apart from it.", "Give one of them."
        )
    return url, settings.credentials or in_url


def _check_files(settings: TargetSettings) -> None:
    if settings.client_key and not settings.client_cert:
        raise UsageProblem("A client key is given without a client certificate.")
    for file in (settings.ca_file, settings.client_cert, settings.client_key):
        if file and not Path(file).is_file():
            raise UsageProblem(f"There is no file {file}.")


def _unknown(target: str) -> UsageProblem:
    shown = without_userinfo(target)
    if "." in target or ":" in target or target.startswith("localhost"):
        return UsageProblem(f"{shown!r} is not a target.", "A URL begins with http:// or https://.")
    close = difflib.get_close_matches(target.lower(), TARGETS, n=1)
    hint = f"Did you mean {close[0]}?" if close else f"Known: {', '.join(TARGETS)}, or a URL."
    return UsageProblem(f"{shown!r} is not a target.", hint)
