"""How a target lets others see what it sends before it is open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from specgen.target.values import Answer, Call

__all__ = ["Keeper", "straight"]


class Keeper(Protocol):
    """Sends a call and keeps what came of it."""

    def __call__(self, send: Callable[[Call], Answer], call: Call, base: str) -> Answer:
        """Sends the call with `send` to the target at `base`; raises what `send` raises."""


def straight(send: Callable[[Call], Answer], call: Call, base: str) -> Answer:
    """Sends a call and keeps nothing."""
    return send(call)
