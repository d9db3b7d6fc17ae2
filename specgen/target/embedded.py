"""The embedded target: an engine of our own, and what specgen emulates in front of it."""

from __future__ import annotations

import atexit
import time
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from specgen.errors import TargetUnreachable
from specgen.target.address import base_url
from specgen.target.engine import Engine, find_binary
from specgen.target.keeping import Keeper, straight
from specgen.target.permission import Permission
from specgen.target.scratch import Scratch, scratch_parent, sweep
from specgen.target.values import Answer, Call, Closing, TargetInfo

if TYPE_CHECKING:
    from specgen.target.sender import Sender

__all__ = ["EmbeddedTarget", "Emulation"]

START_SECONDS = 15.0


class Emulation(Protocol):
    """APIs that the engine lacks and specgen answers itself, with state of their own."""

    def answers(self, call: Call) -> Answer | None:
        """The answer, or None if the call belongs to the engine."""

    def clear(self) -> None:
        """Forgets all state."""

    def is_empty(self) -> bool:
        """Whether there is any state to forget."""


class EmbeddedTarget(Closing):
    """An engine that runs as long as this target is open, and no longer than specgen.

    Args:
        emulation: Asked first for every call.
        emulated: What the emulation answers, in words for people.
        timeout: How long a request may take, in seconds.
        start_timeout: How long the engine may take to answer first, in seconds.
        binary: The engine's program; by default that of the package noida-db.
        parent: Where its folder is made; by default below the temporary folder.
        way: How it is tied to specgen's life, see `launcher`; told by the platform.
        permission: What may be sent; by default anything.
        keep: Sees the first call, by which the engine is known to be up.

    Raises:
        TargetUnreachable: It cannot be started, or does not answer in time.
    """

    def __init__(
        self,
        emulation: Emulation | None = None,
        emulated: tuple[str, ...] = ("connector APIs",),
        *,
        timeout: float = 30.0,
        start_timeout: float = START_SECONDS,
        binary: Path | None = None,
        parent: Path | None = None,
        way: Literal["tie", "watch"] | None = None,
        permission: Permission | None = None,
        keep: Keeper = straight,
    ) -> None:
        binary = binary or find_binary()
        parent = parent or scratch_parent()
        self._emulation = emulation
        self._emulated = emulated if emulation else ()
        self._permission = permission or Permission(private=True)
        self._scratch = Scratch(parent)
        self._engine = Engine(binary, self._scratch.folder, way)
        self._sender: Sender | None = None
        atexit.register(self.close)
        try:
            sweep(parent)  # while the engine boots
            self._info = self._connect(start_timeout, timeout, keep)
        except BaseException:
            self.close()
            raise

    @property
    def info(self) -> TargetInfo:
        """What is known of it."""
        return self._info

    @property
    def pid(self) -> int:
        """The id of the engine's process."""
        return self._engine.pid

    @property
    def folder(self) -> Path:
        """Where the engine keeps its data; gone after `close`."""
        return self._scratch.folder

    def send(self, call: Call) -> Answer:
        """Answers one call, itself or through the engine.

        Raises:
            CallRefused: The path could leave the target or cannot be sent, or the call
                is not permitted.
            TargetUnreachable: The engine ended or does not answer.
        """
        return self._permission.send(call, self._answer)

    def _answer(self, call: Call) -> Answer:
        if self._emulation and (answer := self._emulation.answers(call)):
            if trouble := self._engine.failure():  # an emulated answer must not hide its end
                raise trouble
            return answer
        assert self._sender is not None
        try:
            return self._sender.send(call)
        except TargetUnreachable as error:
            raise self._engine.failure(patience=1.0) or error from None

    def failure(self) -> TargetUnreachable | None:
        """What to tell if the engine has ended; None while it runs."""
        return self._engine.failure()

    def forget_emulated(self) -> None:
        """Clears what specgen emulates; the engine is left as it is."""
        if self._emulation and not self._emulation.is_empty():
            self._emulation.clear()

    def close(self) -> None:
        """Ends the engine and removes its folder; may be called twice."""
        atexit.unregister(self.close)
        if self._sender:
            self._sender.close()
        self._engine.close()
        self._scratch.remove()

    def _connect(self, start_timeout: float, timeout: float, keep: Keeper) -> TargetInfo:
        """Waits until the engine answers, and learns from its answer what it is."""
        ends = time.monotonic() + start_timeout
        # Imported here: it takes about as long as the engine takes to boot meanwhile.
        from specgen.target.sender import Sender, first_answer
        from specgen.target.url import identify

        try:
            url = base_url(self._engine.address(ends))
            answer = keep(
                lambda _: first_answer(url, ends, self._engine.ended), Call("GET", ""), url
            )
        except TargetUnreachable:
            raise self._engine.failure(0.5) or self._engine.too_slow(start_timeout) from None
        self._engine.answers_now()
        self._sender = Sender(url, timeout=timeout)
        distribution, version = identify(answer, url)
        return TargetInfo(
            name="embedded",
            url=url,
            distribution=distribution,
            version=version,
            engine=self._engine.version,
            private=True,
            disposable=True,
            read_only=self._permission.read_only,
            emulated=self._emulated,
        )
