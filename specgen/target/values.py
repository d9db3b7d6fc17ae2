"""The nouns of the target room: a call, its answer, and what is known of a target."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self, runtime_checkable

__all__ = ["Answer", "Call", "Closing", "FollowsCases", "Target", "TargetInfo"]


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request to a target, ready to be sent.

    Attributes:
        method: Upper case.
        path: As the page wrote it, stash values put in: no leading slash, no query, not
            yet percent-encoded beyond what the page encoded itself.
        query: Names and values in the page's order, not encoded.
        body: The bytes to send; None sends no body.
        headers: What the page or the command line asks for beyond the usual ones.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    Attributes:
        status: The HTTP status code.
        headers: As received, in order; a name may stand several times.
        body: The bytes received, decompressed.
        emulated: Whether specgen itself answered and not the engine.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    emulated: bool = False

    @property
    def text(self) -> str:
        """The body as UTF-8 text."""
        return self.body.decode("utf-8", "replace")

    @property
    def content_type(self) -> str:
        """The media type in lower case without parameters; empty if none was told."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower()

    def header(self, name: str) -> str | None:
        """The first header of that name, whatever its case."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def all_headers(self, name: str) -> tuple[str, ...]:
        """Every header of that name in the order received."""
        return tuple(value for key, value in self.headers if key.lower() == name.lower())


@dataclass(frozen=True, slots=True)
class TargetInfo:
    """What is known of a target once it is open.

    Attributes:
        name: As people call it: `embedded`, or the URL without credentials.
        url: Its base URL, without credentials and without a trailing slash.
        distribution: `elasticsearch`, `opensearch`, or what the target calls itself.
        version: Its version number as it tells it.
        engine: What runs there if that is not the distribution itself (`noida-db 0.2.3`).
        private: Whether specgen started it: nobody else is there, and it is gone afterwards.
        disposable: Whether pages may change and delete anything there.
        read_only: Whether only requests that read may be sent.
        emulated: API families that specgen answers itself, such as `connector APIs`.
    """

    name: str
    url: str
    distribution: str
    version: str
    engine: str = ""
    disposable: bool = False
    read_only: bool = False
    emulated: tuple[str, ...] = ()
    private: bool = False


class Target(Protocol):
    """An open target: calls go in, answers come out."""

    @property
    def info(self) -> TargetInfo:
        """What is known of it."""

    def send(self, call: Call) -> Answer:
        """Sends one call and waits for its answer.

        Raises:
            TargetUnreachable: No answer came, in a way that retrying does not mend.
        """

    def forget_emulated(self) -> None:
        """Drops what the APIs that specgen emulates have stored; others have nothing."""

    def close(self) -> None:
        """Lets go of it; what specgen started itself ends here. May be called twice."""


@runtime_checkable
class FollowsCases(Protocol):
    """A target to which it matters which case sends a call."""

    def begin_case(self, case: str) -> None:
        """The calls from here on are those of this case, until the next one begins."""


class Closing:
    """What is let go of at the end of a `with` block, by its own `close`."""

    def close(self) -> None:
        """Lets go of it; may be called twice."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
