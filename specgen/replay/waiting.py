"""Asks again and again until an answer is as documented, or the time is over."""

from __future__ import annotations

import time
from collections.abc import Callable

from tenacity import Retrying, retry_if_result, stop_after_delay, wait_fixed

from specgen.replay.values import Finding

__all__ = ["asked_again"]

# How long to wait before a request is repeated, in seconds.
PAUSE = 0.1


def asked_again(
    ask: Callable[[], tuple[Finding, ...]], within: float
) -> tuple[tuple[Finding, ...], float]:
    """What is wrong with the last answer, and for how many seconds it was waited for.

    Args:
        ask: Looks at the first answer, then at one more each time.
        within: How long it is asked, in seconds; the last answer comes after that.
    """
    started = time.perf_counter()
    again = Retrying(
        stop=stop_after_delay(within),
        wait=wait_fixed(PAUSE),
        retry=retry_if_result(bool),
        retry_error_callback=lambda state: state.outcome.result() if state.outcome else (),
    )
    found: tuple[Finding, ...] = again(ask)
    waited = again.statistics["attempt_number"] > 1
    return found, time.perf_counter() - started if waited else 0.0
