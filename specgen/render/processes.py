"""Does one thing to many parts in several processes."""

from __future__ import annotations

import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TypeVar

__all__ = ["in_processes"]

Part = TypeVar("Part")
Result = TypeVar("Result")


def in_processes(
    work: Callable[[Part], Result], parts: Sequence[Part], jobs: int
) -> tuple[Result, ...] | None:
    """The results of the work in the order of the parts; what it raises comes through.

    Args:
        work: A function that can be pickled.
        parts: What it is called with.
        jobs: How many processes.

    Returns:
        None if no processes can be started here, or one of them died.
    """
    try:
        # Forked, so that they have at once what this process has imported.
        context = get_context("fork")
        pool = ProcessPoolExecutor(jobs, context, _ignore_interrupts)
    except (OSError, ValueError, NotImplementedError, ImportError):
        return None
    with pool:
        try:
            return tuple(pool.map(work, parts))
        except (BrokenProcessPool, OSError):
            return None
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _ignore_interrupts() -> None:
    # This process hears of them and ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
