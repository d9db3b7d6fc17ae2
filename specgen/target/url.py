"""A target at a URL: a cluster that specgen did not start."""

from __future__ import annotations

import json

from specgen.errors import TargetUnreachable
from specgen.target.keeping import Keeper, straight
from specgen.target.permission import Permission
from specgen.target.sender import Sender
from specgen.target.values import Answer, Call, Closing, TargetInfo

__all__ = ["UrlTarget", "identify"]

_HINT = "A target is the base URL of an Elasticsearch or OpenSearch cluster."


class UrlTarget(Closing):
    """A cluster at a URL. It refuses to send what is not permitted.

    Args:
        sender: Reaches it; closed with the target.
        info: What is known of it.
        permission: What may be sent.
        keep: Sees what is asked for the permission's sake.
    """

    def __init__(
        self,
        sender: Sender,
        info: TargetInfo,
        permission: Permission,
        keep: Keeper = straight,
    ) -> None:
        self._keep = keep
        self._sender = sender
        self._info = info
        self._permission = permission

    @property
    def info(self) -> TargetInfo:
        """What is known of it."""
        return self._info

    def send(self, call: Call) -> Answer:
        """Sends one call and waits for its answer.

        Raises:
            CallRefused: The call is not permitted, or its path could leave the target.
            TargetUnreachable: No answer came.
        """
        return self._permission.send(call, self._sender.send, self._ask)

    def _ask(self, call: Call) -> Answer:
        return self._keep(self._sender.send, call, self._info.url)

    def forget_emulated(self) -> None:
        """Does nothing: here nothing is emulated."""

    def close(self) -> None:
        """Lets go of the connections; may be called twice."""
        self._sender.close()


def identify(answer: Answer, base: str) -> tuple[str, str]:
    """Reads distribution and version from the answer to `GET /`.

    Args:
        answer: What came back.
        base: The target's URL without credentials, for messages.

    Raises:
        TargetUnreachable: It is no answer of an Elasticsearch or OpenSearch cluster.
    """
    if answer.status in (401, 403):
        raise TargetUnreachable(
            f"{base} does not let specgen in ({answer.status}).",
            "Give credentials with SPECGEN_USER and SPECGEN_PASSWORD, SPECGEN_API_KEY or "
            "SPECGEN_BEARER.",
        )
    if answer.status != 200:
        raise TargetUnreachable(f"{base} answered {answer.status} to GET /.", _HINT)
    try:
        version = json.loads(answer.body)["version"]
        number = version["number"]
        distribution = version.get("distribution", "elasticsearch")
    except (ValueError, LookupError, TypeError, AttributeError):
        number = distribution = None
    if not (isinstance(number, str) and isinstance(distribution, str)):
        raise TargetUnreachable(f"{base} is no Elasticsearch or OpenSearch cluster.", _HINT)
    return distribution, number
