"""`compare_analyzers`: two analyzers give the same tokens for 100 random Unicode texts."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from functools import cache
from itertools import zip_longest

from specgen.target.values import Answer, Call

__all__ = ["analyzer_difference", "random_texts"]

TEXTS = 100
# Whole blocks of letters, marks and signs of scripts that analyzers treat in ways of their own.
RANGES = (
    (0x20, 0x7E),
    (0xA0, 0x17F),
    (0x370, 0x3FF),
    (0x400, 0x4FF),
    (0x530, 0x58F),
    (0x5D0, 0x5EA),
    (0x620, 0x64A),
    (0x900, 0x97F),
    (0xE00, 0xE3A),
    (0x10A0, 0x10FF),
    (0x3040, 0x30FF),
    (0x4E00, 0x4FFF),
    (0xAC00, 0xAD00),
    (0x1F600, 0x1F64F),
)


@cache  # every comparison takes the same
def random_texts(seed: int) -> tuple[str, ...]:
    """A hundred texts of a few words each, the same for the same seed."""
    source = random.Random(seed)
    return tuple(" ".join(_words(source)) for _ in range(TEXTS))


def _words(source: random.Random) -> Iterator[str]:
    for _ in range(source.randint(1, 8)):
        low, high = source.choice(RANGES)
        yield "".join(chr(source.randint(low, high)) for _ in range(source.randint(1, 10)))


def analyzer_difference(
    send: Callable[[Call], Answer], index: str, first: str, second: str, seed: int = 0
) -> str:
    """Why two analyzers of an index are not the same; empty if no text tells them apart.

    Args:
        send: Sends a call to the target.
        index: The index that has them.
        first: The name of one.
        second: The name of the other.
        seed: Chooses the texts.
    """
    texts = random_texts(seed)
    tokens = []
    for analyzer in (first, second):
        body = json.dumps({"analyzer": analyzer, "text": texts}).encode()
        answer = send(Call("POST", f"{index}/_analyze", (), body))
        if answer.status != 200:
            return f"the analyzer {analyzer} cannot be asked: {answer.status}"
        tokens.append(json.loads(answer.body).get("tokens") or [])
    for mine, other in zip_longest(*tokens):
        if mine != other:
            return f"the analyzers {first} and {second} differ: {mine} is not {other}"
    return ""
