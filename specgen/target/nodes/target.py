"""A node as a target: started for the run, gone afterwards."""

from __future__ import annotations

import atexit
from pathlib import Path

from specgen.errors import TargetUnreachable
from specgen.target.keeping import Keeper, straight
from specgen.target.nodes.compiled import java_command
from specgen.target.nodes.kinds import JAVA_NODES, OSMEM
from specgen.target.nodes.osmem import osmem_command, osmem_version
from specgen.target.nodes.process import NodeProcess, new_log
from specgen.target.permission import Permission
from specgen.target.scratch import Scratch, scratch_parent, sweep
from specgen.target.sender import Sender
from specgen.target.url import identify
from specgen.target.values import Answer, Call, Closing, TargetInfo

__all__ = ["START_SECONDS", "NodeTarget"]

START_SECONDS = 120.0
"""How long a node may take to answer first; it takes 4 s where the machine is idle."""


class NodeTarget(Closing):
    """A node that runs as long as this target is open, and no longer than specgen.

    Args:
        name: One of `kinds.NODES`.
        timeout: How long a request may take, in seconds.
        start_timeout: How long the node may take to answer first, in seconds.
        permission: What may be sent; by default anything.
        keep: Sees the first call, by which the node is known to be up.

    Raises:
        TargetUnreachable: What it needs is missing, or it does not answer in time.
    """

    def __init__(
        self,
        name: str,
        *,
        timeout: float = 30.0,
        start_timeout: float = START_SECONDS,
        permission: Permission | None = None,
        keep: Keeper = straight,
    ) -> None:
        self._permission = permission or Permission(private=True)
        self._sender: Sender | None = None
        self._process: NodeProcess | None = None
        sweep(scratch_parent())
        self._scratch = Scratch()
        atexit.register(self.close)
        try:
            command = _command(name, self._scratch.folder)
            self._process = NodeProcess(name, command, self._scratch.folder, new_log(name))
            url, first = self._process.first_answer(start_timeout)
            answer = keep(lambda _: first, Call("GET", ""), url)
            distribution, version = identify(answer, url)
            self._sender = Sender(url, timeout=timeout)
        except BaseException:
            self.close()
            raise
        self._info = TargetInfo(
            name=name,
            url=url,
            distribution=distribution,
            version=version,
            engine=f"osmem-server {osmem_version()}" if name == OSMEM else "",
            private=True,
            disposable=True,
            read_only=self._permission.read_only,
        )

    @property
    def info(self) -> TargetInfo:
        """What is known of it."""
        return self._info

    @property
    def url(self) -> str:
        """The base URL."""
        return self._info.url

    @property
    def pid(self) -> int:
        """The id of the node's process."""
        assert self._process is not None
        return self._process.pid

    @property
    def folder(self) -> Path:
        """Where the node keeps its data; gone after `close`."""
        return self._scratch.folder

    def send(self, call: Call) -> Answer:
        """Sends one call and waits for its answer.

        Raises:
            CallRefused: The path could leave the target or cannot be sent, or the call
                is not permitted.
            TargetUnreachable: The node ended or does not answer.
        """
        return self._permission.send(call, self._answer)

    def _answer(self, call: Call) -> Answer:
        assert self._sender is not None
        try:
            return self._sender.send(call)
        except TargetUnreachable as error:
            raise self.failure(patience=1.0) or error from None

    def failure(self, patience: float = 0.0) -> TargetUnreachable | None:
        """What to tell if the node has ended; None while it runs."""
        return self._process.failure(patience) if self._process else None

    def forget_emulated(self) -> None:
        """Does nothing: here nothing is emulated."""

    def close(self) -> None:
        """Ends the node and removes its folder; may be called twice."""
        atexit.unregister(self.close)
        if self._sender:
            self._sender.close()
        if self._process:
            self._process.close()
        self._scratch.remove()


def _command(name: str, home: Path) -> tuple[str, ...]:
    if name == OSMEM:
        return osmem_command()
    return java_command(next(kind for kind in JAVA_NODES if kind.name == name), home)
