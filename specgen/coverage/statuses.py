"""Which statuses a case lets pass, as far as its page tells."""

from __future__ import annotations

from collections.abc import Iterable

from specgen.coverage.values import State
from specgen.replay.nodes import Node, ObjectNode, Scalar
from specgen.replay.status import CATCHES, NAMED

__all__ = ["code_states", "statuses_of"]

SUCCESS = frozenset(range(200, 300))
FAILURE = frozenset(range(400, 600))
# Answers to these never tell of something made. A HEAD may answer 404 too.
READ_OR_REMOVE = frozenset({"GET", "DELETE"})
# What the `result` of a write says of its status: Elasticsearch's `DocWriteResponse.status()`.
RESULTS = {"created": 201, "updated": 200, "deleted": 200, "noop": 200}


def statuses_of(method: str, catch: str, shown: Node | None, status: int = 0) -> frozenset[int]:
    """The statuses that may come without failing the case.

    Args:
        method: Of the request.
        catch: The error class or `/regex/` that must come; empty for success.
        shown: The documented response that the answer is held against.
        status: The status that must come; 0 if only the others tell of it.
    """
    if status:
        return frozenset({status})
    may_come = _by_catch(method, catch)
    told = _told(shown) if isinstance(shown, ObjectNode) else None
    if told in may_come and told is not None:
        return frozenset({told})
    return frozenset({200}) if not catch and method in READ_OR_REMOVE else may_come


def _by_catch(method: str, catch: str) -> frozenset[int]:
    if not catch:
        return SUCCESS | ({404} if method == "HEAD" else set())
    if catch.startswith("/"):
        return FAILURE
    if catch == "request":
        return FAILURE - NAMED
    return frozenset({CATCHES[catch]} if catch in CATCHES else ())


def _told(shown: ObjectNode) -> int | None:
    """The status that a documented body tells by itself."""
    scalars = {m.key: m.value.value for m in shown.members if isinstance(m.value, Scalar)}
    status, result = scalars.get("status"), scalars.get("result")
    if type(status) is int and any(member.key == "error" for member in shown.members):
        return status
    if isinstance(result, str) and result in RESULTS:
        return RESULTS[result]
    return 200 if "acknowledged" in scalars else None


def code_states(
    codes: Iterable[int | str], statuses: frozenset[int]
) -> tuple[tuple[int | str, State], ...]:
    """What a case that lets these statuses pass makes of the codes that a page documents.

    It asks for the one documented code among them. If several are, each may come, and nobody
    asks which.

    Args:
        codes: As the page documents them; `4xx` is one too.
        statuses: What `statuses_of` returned.
    """
    fitting = [code for code in dict.fromkeys(codes) if _range(code) & statuses]
    exact = [code for code in fitting if isinstance(code, int)]
    found = exact or fitting
    state = State.CHECKED if len(found) == 1 else State.REQUESTED
    return tuple((code, state) for code in found)


def _range(code: int | str) -> frozenset[int]:
    if isinstance(code, int):
        return frozenset({code})
    first = int(code[0])
    return frozenset(range(first * 100, first * 100 + 100))
