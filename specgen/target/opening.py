"""Opens a target by its name or URL, behind the guard."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from specgen.errors import UsageProblem
from specgen.nearest import nearest
from specgen.target.address import base_url, without_userinfo
from specgen.target.auth import Credentials, Secrets, credentials_from, secret_headers
from specgen.target.guard import CallRefused, check_marker, marker_call
from specgen.target.keeping import Keeper, straight
from specgen.target.nodes.kinds import NODES
from specgen.target.permission import Permission, check_scope
from specgen.target.values import Call, TargetInfo

if TYPE_CHECKING:
    from specgen.target.embedded import EmbeddedTarget
    from specgen.target.nodes.target import NodeTarget
    from specgen.target.recording import RecordingTarget
    from specgen.target.url import UrlTarget

__all__ = ["RECORDING", "TARGETS", "TargetSettings", "check_settings", "open_target"]

TARGETS = ("embedded", *NODES)
"""The targets that have a name; all others are URLs."""

RECORDING = "recording:"
"""What stands before the file of a target that is a recording."""


@dataclass(frozen=True, slots=True)
class TargetSettings:
    """Which target, and how to reach it. Shows nothing secret when printed.

    Attributes:
        target: A name out of `TARGETS`, `recording:FILE`, or an http(s) URL with an optional
            base path.
        disposable: Whether pages may change and delete anything there.
        read_only: Whether only requests that read may be sent.
        scope: What all that other requests name must begin with; empty for no limit.
        allow: The names of dangers that are permitted on a cluster that specgen did not start.
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
    scope: str = ""
    allow: frozenset[str] = frozenset()
    timeout: float = 30.0
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    credentials: Credentials | None = None
    ca_file: str = ""
    client_cert: str = ""
    client_key: str = ""

    @property
    def is_recording(self) -> bool:
        """Whether there is no cluster, only answers of one."""
        return self.target.startswith(RECORDING)

    @property
    def is_private(self) -> bool:
        """Whether whoever opens it has it alone: it is started for that, or is a recording."""
        return self.target in TARGETS or self.is_recording

    @property
    def permission(self) -> Permission:
        """What may be sent to the target, once it is known that it may be used at all."""
        return Permission(self.read_only, self.scope, self.is_private, self.allow)

    @property
    def secrets(self) -> Secrets:
        """All that these settings hold and that no output may show."""
        _, in_url = credentials_from(self.target, {}, {})
        known = [who for who in (self.credentials, in_url) if who]
        values = [value for who in known for value in who.secrets]
        return Secrets((*values, *secret_headers(self.headers)))


def open_target(
    settings: TargetSettings, keep: Keeper = straight
) -> EmbeddedTarget | NodeTarget | UrlTarget | RecordingTarget:
    """Opens the target; call its `close` when done.

    A name starts what it names, for as long as the target is open. A URL is first asked for the
    marker index and nothing else, unless the settings say that it is disposable, only to be read,
    or only to be used within a scope.

    Args:
        settings: Which target.
        keep: Sees what is sent before the target is open.

    Raises:
        UsageProblem: There is no such target, or the settings contradict each other.
        TargetUnsafe: Nobody said that its data may be lost.
        TargetUnreachable: It cannot be started, or does not answer as a cluster does.
    """
    check_settings(settings)
    if settings.target == "embedded":
        return _open_embedded(settings, keep)
    if settings.target in NODES:
        return _open_node(settings, keep)
    if settings.is_recording:
        return _open_recording(settings)
    return _open_url(settings, keep)


def check_settings(settings: TargetSettings) -> None:
    """Looks at what can be known of settings before anything is sent.

    Raises:
        UsageProblem: There is no such target, or the settings contradict each other.
    """
    if settings.timeout <= 0:
        raise UsageProblem(f"A timeout of {settings.timeout:g} s leaves no time for an answer.")
    check_scope(settings.scope)
    if settings.is_private:
        return
    if not settings.target.startswith(("http://", "https://")):
        raise _unknown(settings.target)
    base_url(_who(settings)[0])


def _open_embedded(settings: TargetSettings, keep: Keeper) -> EmbeddedTarget:
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
        permission=settings.permission,
        keep=keep,
    )


def _open_recording(settings: TargetSettings) -> RecordingTarget:
    # Imported here so that commands which open no target start fast.
    from specgen.target.recording import RecordingTarget, read_recording

    info, recorded = read_recording(Path(settings.target.removeprefix(RECORDING)))
    return RecordingTarget(info, recorded, permission=settings.permission)


def _open_node(settings: TargetSettings, keep: Keeper) -> NodeTarget:
    # Imported here so that commands which open no target start fast.
    from specgen.target.nodes.target import START_SECONDS, NodeTarget

    return NodeTarget(
        settings.target,
        timeout=settings.timeout,
        start_timeout=max(START_SECONDS, settings.timeout),
        permission=settings.permission,
        keep=keep,
    )


def _open_url(settings: TargetSettings, keep: Keeper) -> UrlTarget:
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
        if not (settings.disposable or settings.read_only or settings.scope):
            once = partial(sender.send, retry=False)
            check_marker(keep(once, marker_call(), base), base)
        distribution, version = identify(keep(sender.send, Call("GET", ""), base), base)
    except BaseException:
        sender.close()
        raise
    info = TargetInfo(
        name=base,
        url=base,
        distribution=distribution,
        version=version,
        disposable=not (settings.read_only or settings.scope),
        read_only=settings.read_only,
    )
    return UrlTarget(sender, info, settings.permission, keep)


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
    close = nearest(target.lower(), TARGETS)
    if not close and ("." in target or ":" in target or target.startswith("localhost")):
        return UsageProblem(f"{shown!r} is not a target.", "A URL begins with http:// or https://.")
    hint = f"Did you mean {close}?" if close else f"Known: {', '.join(TARGETS)}, or a URL."
    return UsageProblem(f"{shown!r} is not a target.", hint)
