"""What goes out of a case that is over."""

from __future__ import annotations

from specgen.replay.cluster import Cluster
from specgen.replay.events import CaseFinished
from specgen.replay.findings import answer_without_secrets
from specgen.replay.values import CaseResult, Outcome
from specgen.target.auth import Secrets

__all__ = ["finished_case"]


def finished_case(result: CaseResult, cluster: Cluster | None, secrets: Secrets) -> CaseFinished:
    """What goes out of a case; an answer with a secret in it is never written into a page."""
    if cluster is None or result.outcome not in {Outcome.PASSED, Outcome.FAILED}:
        return CaseFinished(result)
    if result.outcome is Outcome.PASSED:
        told = (answer_without_secrets(answer, secrets) for answer in cluster.answers)
        return CaseFinished(result, tuple(told))
    differing = cluster.differing
    if differing is not None and secrets.redact(differing.text) != differing.text:
        differing = None
    return CaseFinished(result, (), differing)
