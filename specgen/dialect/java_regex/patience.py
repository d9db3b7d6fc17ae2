"""How long the regular expressions of one page may take together."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from specgen.dialect.java_regex.errors import RegexTimeout
from specgen.dialect.java_regex.pattern import JavaPattern, compile_java

__all__ = ["Patience"]

# Seconds of processor time. The patterns of a real page take a few milliseconds; a page with a
# thousand of those that explode would take a thousand times the limit of each.
OF_A_PAGE = 0.6


@dataclass(slots=True)
class Patience:
    """What is left of the time that the patterns of one page may take.

    Attributes:
        seconds: Of processor time, so that a busy machine changes nothing.
    """

    seconds: float = OF_A_PAGE

    @contextmanager
    def using(self, pattern: str) -> Iterator[JavaPattern]:
        """A Java pattern for one use, which takes no longer than what is left.

        Raises:
            JavaRegexError: It cannot be used, or nothing is left.
        """
        if self.seconds <= 0:
            raise RegexTimeout("the regular expressions above took too long already")
        started = time.thread_time()
        try:
            compiled = compile_java(pattern)
            yield replace(compiled, limit=min(compiled.limit, self.seconds))
        finally:
            self.seconds -= time.thread_time() - started
