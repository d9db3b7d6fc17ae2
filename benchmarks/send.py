"""What a request through `EmbeddedTarget.send` costs, against a plain session of `requests`.

Both talk to the same engine. Run by hand: `.venv/bin/python benchmarks/send.py [ROUNDS]`.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

import requests

from specgen.target.embedded import EmbeddedTarget
from specgen.target.opening import TargetSettings, open_target
from specgen.target.values import Call

BATCH = 50


def milliseconds(send: Callable[[], object]) -> float:
    """The mean duration of a request in a batch."""
    started = time.perf_counter()
    for _ in range(BATCH):
        send()
    return (time.perf_counter() - started) * 1000 / BATCH


def main(rounds: int = 20) -> None:
    """Takes turns, so that whatever else the machine does meets both alike."""
    with open_target(TargetSettings()) as target, requests.Session() as session:
        assert isinstance(target, EmbeddedTarget)
        url = f"{target.info.url.rstrip('/')}/_cat/health"
        session.trust_env = False  # as specgen does: no proxies, no .netrc
        call = Call("GET", "_cat/health")
        assert target.send(call).status == session.get(url).status_code == 200

        def plain() -> bytes:
            return session.get(url).content

        def specgen() -> bytes:
            return target.send(call).body

        pairs = [(milliseconds(plain), milliseconds(specgen)) for _ in range(rounds)]
    baseline, measured = (statistics.median(side) for side in zip(*pairs, strict=True))
    print(f"requests.Session.get  {baseline:.2f} ms (median of {rounds} batches of {BATCH})")
    print(f"EmbeddedTarget.send   {measured:.2f} ms")
    print(f"ratio                 {measured / baseline:.2f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
